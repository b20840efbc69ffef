"""``sensor``: the one camera, by functions (modules/py_sensor.c, from 4.6.0 modules/py_csi.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from omvsim.heap import FbHint
from omvsim.micropython.errors import Error
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeFunction
from omvsim.micropython.types.tuple_ import new_tuple
from omvsim.micropython.values import Sentinel
from omvsim.modules.camera_names import built, table
from omvsim.modules.chip import (
    CHIP,
    INVALID_ARGUMENT,
    INVALID_FRAMERATE,
    INVALID_FRAMESIZE,
    UNSUPPORTED,
    Chip,
    fail,
)
from omvsim.modules.device_errors import as_exceptions
from omvsim.modules.fb_stack import fb_stack, out_of_stack
from omvsim.modules.image import formats
from omvsim.modules.image.value import Image, wrap
from omvsim.modules.unknown import unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.runs.world import CameraMachine

SKIPPED_MS: Final = 300
"""``skip_frames()`` without arguments."""
_GAIN_CEILINGS: Final = (2, 4, 8, 16, 32, 64, 128)


class Sensor:
    """The module's functions on one machine."""

    def __init__(self, vm: CameraMachine) -> None:
        self.vm = vm
        self.chip = vm.part(Chip)

    def reset(self) -> Value:
        """``reset``."""
        self.chip.reset(self.vm)
        return None

    def snapshot(self, args: Sequence[Value] = (), kwargs: Keywords = ()) -> Value:
        """``snapshot``: the object is made before the picture is taken."""
        vm = self.vm
        address = vm.memory.alloc(vm.world.camera.generation.image_object)
        image = Image(vm, address, 0, 0, 0, bytearray(), None)
        shape, store, compressed = self.chip.picture(vm)
        image.width, image.height, image.code = shape.width, shape.height, formats.OF_CAMERA[shape.pixel_format]
        image.store, image.compressed = store, compressed
        return image

    def skip_frames(self, args: Sequence[Value], kwargs: Keywords) -> Value:
        """``skip_frames``: takes pictures, so many or so long."""
        vm, world = self.vm, self.vm.world
        given = dict(kwargs)
        most_ms = vm.int_of(given["time"]) if "time" in given else SKIPPED_MS
        start = world.clock.now // 1000
        if not args:
            while world.clock.now // 1000 - start < most_ms:
                self.snapshot()
                vm.pending = False
            return None
        for _ in range(vm.int_of(args[0])):
            if "time" in given and world.clock.now // 1000 - start >= most_ms:
                break
            self.snapshot()
            vm.pending = False
        return None

    def width(self) -> Value:
        """``width``: of the frame size, not of the window."""
        return int(self.chip.buffer(self.vm).resolution[0])

    def height(self) -> Value:
        """``height``."""
        return int(self.chip.buffer(self.vm).resolution[1])

    def get_fb(self) -> Value:
        """``get_fb``: the picture that is in the frame buffer."""
        store, shape = self.vm.world.frame_store, self.chip.buffer(self.vm).image
        if store is None or shape is None:
            return None
        code = formats.OF_CAMERA[shape.pixel_format]
        return wrap(self.vm, (shape.width, shape.height, code), store, None, shape.compressed_size)

    def get_id(self) -> Value:
        """``get_id``."""
        found = table("sensor", self.vm.release.base)[CHIP]
        assert isinstance(found, int)
        return found

    def alloc_extra_fb(self, width: Value, height: Value, code: Value) -> Value:
        """``alloc_extra_fb``: the object, then the pixels in fb_alloc, which no exception frees."""
        vm = self.vm
        if not vm.world.camera.generation.extra_frame_buffers:
            vm.error(Error.OS, "alloc_extra_fb is deprecated")
        wide, high, kind = vm.int_of(width), vm.int_of(height), vm.int_of(code)
        if wide <= 0:
            vm.error(Error.OS, "Width must be > 0")
        if high <= 0:
            vm.error(Error.OS, "Height must be > 0")
        if kind not in formats.VALID:
            vm.error(Error.OS, "Invalid Pixel Format")
        size = formats.size(wide, high, kind)
        image = wrap(vm, (wide, high, kind), bytearray(size), None)
        stack = fb_stack(vm)
        with out_of_stack(vm):
            stack.mark()
            stack.alloc(size, FbHint.NO_HINT)
            stack.mark_permanent()
        vm.world.ledger.placed(size, stack.pointer, "fb_alloc", "extra frame buffer")
        return image

    def dealloc_extra_fb(self) -> Value:
        """``dealloc_extra_fb``."""
        vm = self.vm
        if not vm.world.camera.generation.extra_frame_buffers:
            vm.error(Error.OS, "dealloc_extra_fb is deprecated")
        assert vm.world.camera.fb_alloc is not None
        vm.world.camera.fb_alloc.free_till_mark_past_permanent()
        return None

    def set_pixformat(self, code: Value) -> Value:
        """``set_pixformat``."""
        self.chip.set_pixformat(self.vm, self.vm.int_of(code))
        return None

    def set_framesize(self, size: Value) -> Value:
        """``set_framesize``."""
        self.chip.set_framesize(self.vm, self.vm.int_of(size))
        return None

    def set_framerate(self, rate: Value) -> Value:
        """``set_framerate``: from then on pictures come at that rate."""
        self.chip.rate = self.vm.int_of(rate)
        return None

    def get_framerate(self) -> Value:
        """``get_framerate``."""
        if not self.chip.rate:
            fail(self.vm, INVALID_FRAMERATE)
        return self.chip.rate

    def set_windowing(self, *args: Value) -> Value:
        """``set_windowing``."""
        if self.chip.buffer(self.vm).frame_size_name is None:
            fail(self.vm, INVALID_FRAMESIZE)
        self.chip.set_window(self.vm, self.vm.sequence(args[0]) if len(args) == 1 else args)
        return None

    def set_gainceiling(self, value: Value) -> Value:
        """``set_gainceiling``."""
        if self.vm.int_of(value) not in _GAIN_CEILINGS:
            fail(self.vm, INVALID_ARGUMENT)
        return True

    def accepted(self, value: Value) -> Value:
        """A setting that the sensor takes and that changes no memory."""
        self.vm.int_of(value)
        return True

    def flag(self, name: str) -> tuple[Callable[[Value], Value], Callable[[], Value]]:
        """A switch: how it is set and read."""

        def set_(value: Value) -> Value:
            self.chip.switches[name] = self.vm.truth(value)
            return None

        return set_, lambda: self.chip.switches.get(name, False)

    def automatic(self, name: str, options: tuple[str, ...]) -> Callable[[Sequence[Value], Keywords], Value]:
        """``set_auto_…``: a switch with values for when it is off."""

        def set_(args: Sequence[Value], kwargs: Keywords) -> Value:
            vm = self.vm
            self.chip.switches[name] = bool(vm.int_of(args[0]))
            vm.parse_keywords(args[1:], kwargs, options, 0, 0)
            return None

        return set_

    def set_auto_blc(self, args: Sequence[Value], kwargs: Keywords) -> Value:
        """``set_auto_blc``."""
        enable, _ = self.vm.parse_keywords(args, kwargs, ("enable", "regs"), 1, 2)
        assert not isinstance(enable, Sentinel)
        self.chip.switches["auto_blc"] = bool(self.vm.int_of(enable))
        return None

    def get_exposure_us(self) -> Value:
        """``get_exposure_us``."""
        self.vm.stand_in("sensor.get_exposure_us", "always 10 000 µs")
        return 10_000

    def get_gain_db(self) -> Value:
        """``get_gain_db``."""
        self.vm.stand_in("sensor.get_gain_db", "always 0 dB")
        return self.vm.new_float(0.0)

    def get_rgb_gain_db(self) -> Value:
        """``get_rgb_gain_db``."""
        self.vm.stand_in("sensor.get_rgb_gain_db", "always 0 dB")
        return new_tuple(self.vm, [self.vm.new_float(0.0) for _ in range(3)])

    def set_framebuffers(self, count: Value) -> Value:
        """``set_framebuffers``."""
        with as_exceptions(self.vm):
            self.chip.buffer(self.vm).set_framebuffers(self.vm.int_of(count))
        return None

    def switch_or_read(self, name: str) -> Callable[..., Value]:
        """``disable_delays`` and ``disable_full_flush``: set with an argument, read without."""

        def call(*args: Value) -> Value:
            if not args:
                return self.chip.switches.get(name, False)
            self.chip.switches[name] = bool(self.vm.int_of(args[0]))
            return None

        return call

    def set_lens_correction(self, enable: Value, radius: Value, coefficient: Value) -> Value:
        """``set_lens_correction``."""
        self.chip.switches["lens_correction"] = self.vm.truth(enable)
        self.vm.int_of(radius)
        self.vm.int_of(coefficient)
        return True

    def callback(self, name: str) -> Callable[[Value], Value]:
        """``set_vsync_callback``, ``set_frame_callback``."""

        def set_(value: Value) -> Value:
            self.chip.callbacks[name] = value
            return None

        return set_

    def set_color_palette(self, number: Value) -> Value:
        """``set_color_palette``."""
        palettes = table("image", self.vm.release.base)
        number = self.vm.int_of(number)
        if number not in [value for name, value in palettes.items() if name.startswith("PALETTE_")]:
            fail(self.vm, INVALID_ARGUMENT)
        self.chip.palette = number
        return None

    def write_reg(self, address: Value, value: Value) -> Value:
        """``__write_reg``."""
        self.vm.int_of(address)
        self.vm.int_of(value)
        return None


def _ioctl_of(sensor: Sensor) -> NativeFunction:
    """``ioctl``: what the OV5640 does not have raises; the rest is not modelled."""
    constants = table("sensor", sensor.vm.release.base)
    names = {value: name for name, value in constants.items() if name.startswith("IOCTL_")}
    quiet = ("IOCTL_TRIGGER_AUTO_FOCUS", "IOCTL_PAUSE_AUTO_FOCUS", "IOCTL_RESET_AUTO_FOCUS", "IOCTL_WAIT_ON_AUTO_FOCUS")

    def call(vm: CameraMachine, *args: Value) -> Value:
        name = names.get(vm.int_of(args[0]))
        if name is None:
            fail(vm, INVALID_ARGUMENT)
        if name in quiet:
            return None
        if "LEPTON" in name or "GENX320" in name or "HIMAX" in name or "NIGHT_MODE" in name or "FOV_WIDE" in name:
            fail(vm, UNSUPPORTED)
        return unknown(f"sensor.ioctl(sensor.{name})").call(vm, args, ())  # type: ignore[return-value]  # it raises

    return NativeFunction(call, "ioctl", 1, 5, keywords=False, is_method=False)


def functions(vm: CameraMachine) -> dict[str, Value]:
    """What is modelled, by name."""
    sensor = Sensor(vm)
    chip = sensor.chip
    made: dict[str, Value] = {}

    def plain(name: str, host: Callable[..., Any], least: int, most: int | None = -1) -> None:
        def call(_vm: CameraMachine, *args: Value) -> Value:
            result: Value = host(*args)
            return result

        made[name] = NativeFunction(call, name, least, least if most == -1 else most, keywords=False, is_method=False)

    def named(name: str, host: Callable[[Sequence[Value], Keywords], Value], least: int) -> None:
        def call(_vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
            return host(args, kwargs)

        made[name] = NativeFunction(call, name, least, None, keywords=True, is_method=False)

    for name in ("reset", "width", "height", "get_fb", "get_id", "get_framerate", "dealloc_extra_fb"):
        plain(name, getattr(sensor, name), 0)
    for name in ("get_exposure_us", "get_gain_db", "get_rgb_gain_db"):
        plain(name, getattr(sensor, name), 0)
    for name in ("set_pixformat", "set_framesize", "set_framerate", "set_gainceiling", "set_framebuffers"):
        plain(name, getattr(sensor, name), 1)
    for name in ("set_contrast", "set_brightness", "set_saturation", "set_quality", "set_special_effect"):
        plain(name, sensor.accepted, 1)
    plain("set_colorbar", lambda value: bool(vm.truth(value)) or True, 1)
    plain("set_color_palette", sensor.set_color_palette, 1)
    plain("get_color_palette", lambda: chip.palette, 0)
    plain("alloc_extra_fb", sensor.alloc_extra_fb, 3)
    plain("set_windowing", sensor.set_windowing, 1, 4)
    plain("set_lens_correction", sensor.set_lens_correction, 3)
    plain("get_pixformat", lambda: chip.pixformat(vm), 0)
    plain("get_framesize", lambda: chip.framesize(vm), 0)
    plain("get_windowing", lambda: chip.window(vm), 0)
    plain("get_framebuffers", lambda: chip.buffer(vm).count, 0)
    plain("get_frame_available", lambda: False, 0)
    plain("flush", vm.event, 0)  # the picture in the frame buffer is shown: a loop of such turns has frames
    plain("sleep", lambda enable: vm.truth(enable) and None, 1)
    plain("shutdown", lambda enable: vm.truth(enable) and None, 1)
    plain("__init__", lambda: None, 0)
    plain("__write_reg", sensor.write_reg, 2)
    for name in ("hmirror", "vflip", "transpose", "auto_rotation"):
        set_, get = sensor.flag(name)
        plain(f"set_{name}", set_, 1)
        plain(f"get_{name}", get, 0)
    for name in ("disable_delays", "disable_full_flush"):
        plain(name, sensor.switch_or_read(name), 0, 1)
    for name in ("vsync", "frame"):
        plain(f"set_{name}_callback", sensor.callback(name), 1)
    named("snapshot", sensor.snapshot, 0)
    named("skip_frames", sensor.skip_frames, 0)
    named("set_auto_gain", sensor.automatic("auto_gain", ("gain_db", "gain_db_ceiling")), 1)
    named("set_auto_exposure", sensor.automatic("auto_exposure", ("exposure_us",)), 1)
    named("set_auto_whitebal", sensor.automatic("auto_whitebal", ("rgb_gain_db",)), 1)
    named("set_auto_blc", sensor.set_auto_blc, 1)
    made["ioctl"] = _ioctl_of(sensor)
    return made


def module(vm: CameraMachine) -> NativeModule:
    """``sensor``."""
    return NativeModule("sensor", built(vm, "sensor", functions(vm)))


__all__ = ["SKIPPED_MS", "Sensor", "functions", "module"]
