"""The image sensor behind ``sensor`` and ``csi``: settings, pictures, time (modules/py_csi.c, py_csi_ng.c, omv_csi.c).

The frame buffers are :class:`omvsim.firmware.FrameBuffer`, the sensor's own rules :mod:`omvsim.modules.ov5640`, when
pictures come :mod:`omvsim.modules.capture`; what is on them comes from the host.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from omvsim.firmware import FRAME_SIZES
from omvsim.image import formats
from omvsim.later import np
from omvsim.micropython.errors import Error, Unknown
from omvsim.micropython.types.tuple_ import new_tuple
from omvsim.modules import ov5640
from omvsim.modules.capture import Capture
from omvsim.modules.image_sensor import own_size, refuses, times_known, unknown_time
from omvsim.world.camera_names import table
from omvsim.world.device_errors import as_exceptions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from omvsim.firmware import Image as Shape
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

    _Pixels = np.ndarray[Any, np.dtype[np.uint8]]

CONTROL_FAILED: Final = "Sensor control failed."
UNSUPPORTED: Final = "The requested operation is not supported by the image sensor."
INVALID_ARGUMENT: Final = "An invalid argument is used."
INVALID_FRAMESIZE: Final = "Frame size is not supported or is not set."
INVALID_PIXFORMAT: Final = "Pixel format is not supported or is not set."
INVALID_FRAMERATE: Final = "Frame rate is not supported or is not set."
WRONG_PIXFORMAT: Final = "The requested operation is not supported on the current pixel format."
UNDETECTED: Final = "Failed to detect the image sensor or image sensor is detached."
WOULD_BLOCK: Final = "The requested operation would block."
CUSTOM_SIZE: Final = 1
_JPEG_QUALITY: Final = 90
_SETTLE_US: Final = 100_000
"""After most settings, unless delays are switched off (omv_csi.c)."""
_SENT_AS_TWO: Final = frozenset({"RGB565", "YUV422"})
_NOT_TURNED: Final = frozenset({"YUV422", "JPEG"})


def fail(vm: CameraMachine, text: str) -> NoReturn:
    """``omv_csi_raise_error``."""
    vm.error(Error.RUNTIME, text)


class Chip:
    """One sensor's state beside the frame buffer's; ``switches`` are settings that only keep what they were given."""

    def __init__(self) -> None:
        self._defaults()

    def _defaults(self) -> None:
        self.rate = 0
        self.switches: dict[str, bool] = {}
        self.palette: int = 0
        self.callbacks: dict[str, Value] = {}
        self.readout = ov5640.Readout()
        self.exposure_us = 0
        """What a script has fixed; 0: the sensor decides."""
        self.gains: dict[str, tuple[float, ...]] = {}
        """What a script has fixed, in decibels."""
        self.registers: dict[int, int] = {}
        """What a script wrote."""
        self.capture = Capture()
        self._last: tuple[Shape, int] | None = None
        """The last picture of the sensor and its pixel format."""

    @staticmethod
    def buffer(vm: CameraMachine) -> Any:
        """The frame buffer."""
        found = vm.world.camera.frame_buffer
        if found is None:
            raise Unknown("sensor", "this board profile has no frame buffer")
        return found

    def reset(self, vm: CameraMachine, *, hard: bool = True) -> None:
        """``reset``: the chip needs its time to come up."""
        with as_exceptions(vm):
            self.buffer(vm).reset()
        kept = {"disable_delays": self.switches.get("disable_delays", False)}
        self._defaults()
        self.switches |= kept
        vm.world.pass_us(ov5640.RESET_US if hard else ov5640.RESET_US - 20_000)
        if not kept["disable_delays"]:
            vm.world.pass_us(ov5640.SETTLING_US)
        vm.world.frame_store = None

    def settle(self, vm: CameraMachine, more_us: int = 0) -> None:
        """A setting that stops the capture and waits for the sensor."""
        self.capture.stop()
        vm.world.pass_us(more_us + (0 if self.switches.get("disable_delays") else _SETTLE_US))

    def set_pixformat(self, vm: CameraMachine, code: int) -> None:
        """``set_pixformat``."""
        buffer = self.buffer(vm)
        wanted = formats.TO_CAMERA.get(code)
        if wanted is not None and wanted is buffer.pixel_format:
            return
        if wanted is None or code in (formats.BINARY, formats.PNG):
            fail(vm, CONTROL_FAILED)
        turned = self.switches.get("transpose") or self.switches.get("auto_rotation")
        if turned and wanted.value in _NOT_TURNED and not (wanted.value == "YUV422" and vm.release.turns_yuv):
            fail(vm, WRONG_PIXFORMAT)
        cropped = tuple(buffer.window) != (0, 0, *buffer.resolution)
        name, (width, height) = buffer.frame_size_name or "", buffer.resolution
        if not (cropped and wanted.value == "JPEG") and refuses(vm.port.sensor, name, width, height, wanted.value):
            fail(vm, CONTROL_FAILED)
        with as_exceptions(vm):
            buffer.set_pixformat(wanted)
        self.settle(vm, ov5640.FORMAT_US)

    def pixformat(self, vm: CameraMachine) -> Value:
        """``get_pixformat``."""
        found = self.buffer(vm).pixel_format
        if found is None:
            fail(vm, INVALID_PIXFORMAT)
        return formats.OF_CAMERA[found]

    def set_framesize(self, vm: CameraMachine, size: int | tuple[int, int]) -> None:
        """``set_framesize``: a constant, or (csi) a width and a height.

        Behind the table of sizes lies memory that nobody knows, taken for sizes that the sensor does not have.
        """
        buffer = self.buffer(vm)
        given: str | tuple[int, int] = size if isinstance(size, tuple) else sizes(vm).get(size, "")
        again = isinstance(given, tuple) and buffer.frame_size_name not in (None, *FRAME_SIZES)
        if again or (given and given == buffer.frame_size_name):
            buffer.set_framesize(given)
            return
        width, height = given if isinstance(given, tuple) else FRAME_SIZES.get(given, (0, 0))
        kind = None if buffer.pixel_format is None else buffer.pixel_format.value
        sensor = vm.port.sensor
        own = own_size(sensor, given) if isinstance(given, str) else None
        width, height = own or (width, height)
        if not given or refuses(sensor, given if isinstance(given, str) else "", width, height, kind):
            fail(vm, CONTROL_FAILED)
        with as_exceptions(vm):
            buffer.set_framesize(own or given)
        self.readout = self.readout.at_least(width, height)
        self.settle(vm, ov5640.SIZE_US)

    def framesize(self, vm: CameraMachine) -> Value:
        """``get_framesize``."""
        name = self.buffer(vm).frame_size_name
        if name is None:
            fail(vm, INVALID_FRAMESIZE)
        return next((number for number, each in sizes(vm).items() if each == name), CUSTOM_SIZE)

    def set_window(self, vm: CameraMachine, values: Sequence[Value]) -> None:
        """``set_windowing``."""
        before = self.buffer(vm).window
        with as_exceptions(vm):
            self.buffer(vm).set_windowing(*(vm.int_of(value) for value in values))
        if self.buffer(vm).window != before:
            self.capture.stop()

    def window(self, vm: CameraMachine) -> Value:
        """``get_windowing``."""
        buffer = self.buffer(vm)
        if buffer.frame_size_name is None:
            fail(vm, INVALID_FRAMESIZE)
        return new_tuple(vm, tuple(buffer.window))

    def mirror(self, vm: CameraMachine, name: str, value: bool) -> None:
        """``set_hmirror``, ``set_vflip``."""
        if self.switches.get(name, False) != value:
            self.switches[name] = value
            self.settle(vm)

    def turn(self, vm: CameraMachine, name: str, value: bool) -> None:
        """``set_transpose``, ``set_auto_rotation``."""
        if self.switches.get(name, False) == value:
            return
        self.capture.stop()
        kind = self.buffer(vm).pixel_format
        if kind is not None and kind.value in _NOT_TURNED and not (kind.value == "YUV422" and vm.release.turns_yuv):
            fail(vm, WRONG_PIXFORMAT)
        self.switches[name] = value

    def timing(self, vm: CameraMachine) -> ov5640.Timing:
        """Lines of a frame at the settings of now."""
        if not times_known(vm):
            unknown_time(vm, "sensor")
        buffer = self.buffer(vm)
        width, height = buffer.resolution
        return ov5640.timing(width, height, buffer.pixel_format.value, self.readout, self.exposure_us)

    def would_block(self, vm: CameraMachine) -> bool:
        """Whether ``snapshot(blocking=False)`` gets nothing yet: it starts the sensor all the same."""
        buffer = self.buffer(vm)
        before = buffer.image
        with as_exceptions(vm):
            shape = buffer.snapshot()
        buffer.image = before
        self._check_dma(vm, buffer, shape.pixel_format.value)
        vm.world.clock.told()
        self.capture.begin(vm.world.clock.now, self.timing(vm).frame_us)
        return not self.readable(vm)

    def readable(self, vm: CameraMachine) -> bool:
        """``get_frame_available``: whether a picture would come at once."""
        vm.world.clock.told()
        return self.capture.ready(vm.world.clock.now, self.buffer(vm).count)

    def picture(self, vm: CameraMachine, *, shown: bool = True) -> tuple[Shape, int]:
        """Take a picture into the frame buffer: its shape and its pixel format.

        Args:
            vm: the camera.
            shown: whether anybody sees it; the bytes are made by :meth:`render` otherwise.
        """
        world = vm.world
        buffer = self.buffer(vm)
        if shown:
            vm.before_picture()
        else:
            vm.on_tick()
        with as_exceptions(vm):
            shape = buffer.snapshot()
        kind = shape.pixel_format.value
        self._check_dma(vm, buffer, kind)
        if times_known(vm):
            self._await(vm, buffer, kind)
        else:
            world.note(f"when pictures of this board's {vm.port.sensor.name} come is not known: here they come at once")
        if self.switches.get("transpose"):
            shape = shape._replace(width=shape.height, height=shape.width)
        buffer.image = shape
        code = formats.of_sensor(shape.pixel_format, *buffer.window[:2], turned=self.switches.get("transpose", False))
        self._last = shape, code
        self._call_back(vm, shape, code)
        if shown:
            vm.event(picture=True)
            self.render(vm, shape, code)
        else:
            world.frames.skip()
            world.frame_store = None
        return shape, code

    def _await(self, vm: CameraMachine, buffer: Any, kind: str) -> None:
        """Let the time pass until the picture is there."""
        world = vm.world
        period = self.timing(vm).frame_us
        apart = 1_000_000 // self.rate // 1000 * 1000 if self.rate else 0
        arrives = self.capture.next(world.clock.now, period, buffer.count, apart)
        world.await_picture(arrives, period)
        if not world.only_memory:
            world.note(_rate_note(buffer.resolution, kind, period))

    def code_of(self, shape: Shape) -> int:
        """The pixel format of what is in the frame buffer: the sensor's own, or that of a picture put there."""
        if self._last is not None and self._last[0] is shape:
            return self._last[1]
        return formats.OF_CAMERA[shape.pixel_format]

    def _call_back(self, vm: CameraMachine, shape: Shape, code: int) -> None:
        """What interrupts of the sensor call."""
        for name, arguments in (("vsync", (0,)), ("frame", ())):
            callback = self.callbacks.get(name)
            if callback is not None:
                self.render(vm, shape, code)
                vm.call(callback, arguments)

    def render(self, vm: CameraMachine, shape: Shape, code: int) -> bytearray:
        """The bytes of the picture that is in the frame buffer."""
        world = vm.world
        if world.only_memory and code not in formats.COMPRESSED:
            world.frame_store = bytearray(formats.size(shape.width, shape.height, code))
        else:
            world.frame_store = bytearray(_as_frame(world.frames.frame(shape.width, shape.height), code))
        return world.frame_store

    @staticmethod
    def _check_dma(vm: CameraMachine, buffer: Any, kind: str) -> None:
        """What the transfer asks of a line and of a frame (``imx_csi_snapshot``, ``stm_csi_snapshot``)."""
        line = buffer.resolution[0] * (2 if kind in _SENT_AS_TWO else 1)
        lines = vm.world.board.line_buffer
        too_long = lines is not None and line > lines.size // 2
        port = vm.port
        if too_long or line % port.line_multiple or line * buffer.window.height % port.frame_multiple:
            fail(vm, INVALID_FRAMESIZE)


def _rate_note(resolution: tuple[int, int], kind: str, period: float) -> str:
    return (
        f"pictures of {resolution[0]}x{resolution[1]} {kind} come {1e6 / period:.1f} times a second at most (modelled: "
        "the sensor's registers as the driver sets them; in the dark it may take longer)"
    )


def _as_frame(rgb: _Pixels, code: int) -> bytes:
    """A picture of the host in the format of the sensor."""
    red, green, blue = (rgb[..., channel].astype(np.uint16) for channel in range(3))
    if code in (formats.JPEG, formats.RGB565):
        words = (red & 0xF8) << 8 | (green & 0xFC) << 3 | blue >> 3
        if code == formats.RGB565:
            return bytes(words.tobytes())
        from omvsim.image.draw_image import Source  # noqa: PLC0415 - few scripts ask the sensor for JPEG
        from omvsim.image.encoders import encode  # noqa: PLC0415

        height, width = words.shape
        return encode(Source(width, height, formats.RGB565, words), code, _JPEG_QUALITY)
    grey = (red * 38 + green * 75 + blue * 15) >> 7
    if code in formats.YUV:
        return bytes((grey | np.uint16(0x8000)).tobytes())
    return bytes(grey.astype(np.uint8).tobytes())


def sizes(vm: CameraMachine) -> dict[int, str]:
    """The release's numbers of frame sizes."""
    names = table("sensor", vm.release.base)
    return {number: name for name in FRAME_SIZES if isinstance(number := names.get(name), int)}


__all__ = [
    "CONTROL_FAILED",
    "CUSTOM_SIZE",
    "INVALID_ARGUMENT",
    "INVALID_FRAMERATE",
    "INVALID_FRAMESIZE",
    "INVALID_PIXFORMAT",
    "UNDETECTED",
    "UNSUPPORTED",
    "WOULD_BLOCK",
    "WRONG_PIXFORMAT",
    "Chip",
    "fail",
    "sizes",
]
