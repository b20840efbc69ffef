"""``sensor`` and ``csi``: the camera's settings, its frame buffers, and frames from the host.

Facts: openmv/openmv v4.5.5 to v5.0.0 ``modules/py_sensor.c`` and ``modules/py_csi.c``; the buffers are
:class:`omvsim.firmware.FrameBuffer`. A picture taken is one image object on the heap.
"""

# ruff: noqa: ARG005 - throw() never returns, and stand-ins have the signatures of the firmware's functions

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from omvsim.errors import DeviceError
from omvsim.firmware import FRAME_SIZES
from omvsim.script._image import FORMATS, ImageObject
from omvsim.script._pixels import from_rgb
from omvsim.script._values import List, Module, Native, NativeObject, NativeType
from omvsim.script._world import FRAME_US

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.script._runtime import Runtime
    from omvsim.script._world import World

_BY_NUMBER = {number: pixel_format for pixel_format, number in FORMATS.items()}
_SIZE_NUMBERS = {name: 100 + number for number, name in enumerate(FRAME_SIZES)}
_SIZE_NAMES = {number: name for name, number in _SIZE_NUMBERS.items()}
_IDS = (
    "OV2640",
    "OV5640",
    "OV7690",
    "OV7725",
    "OV9734",
    "GC2145",
    "MT9V034",
    "PAG7920",
    "LEPTON",
    "BOSON",
    "GENX320",
    "SOFTCSI",
)
_SETTINGS = (
    *("set_contrast", "set_brightness", "set_saturation", "set_gainceiling", "set_quality", "set_colorbar"),
    *("set_auto_gain", "set_auto_exposure", "set_auto_whitebal", "set_auto_rotation", "set_auto_blc", "set_hmirror"),
    *("set_vflip", "set_transpose", "set_lens_correction", "set_special_effect", "set_vsync_callback"),
    *("set_frame_callback", "set_framerate", "set_color_palette", "ioctl", "shutdown", "sleep", "alloc_extra_fb"),
    *("dealloc_extra_fb", "flush", "disable_delays", "disable_full_flush"),
)
_CSI_SETTINGS = (
    *("contrast", "brightness", "saturation", "gainceiling", "quality", "colorbar", "auto_gain", "auto_exposure"),
    *("auto_whitebal", "auto_rotation", "auto_blc", "hmirror", "vflip", "transpose", "lens_correction"),
    *("special_effect", "vsync_callback", "frame_callback", "framerate", "color_palette", "ioctl", "shutdown", "sleep"),
)


class Sensors:
    """The camera chip of one world."""

    def __init__(self, rt: Runtime, world: World) -> None:
        self.rt = rt
        self.make = rt.make
        self.world = world

    # -- shared -------------------------------------------------------------------------------------------------

    def control(self, action: Callable[[], Any]) -> Any:
        """A request to the frame buffer; its errors become the script's exceptions, with their objects."""
        try:
            return action()
        except DeviceError as error:
            self.make.throw(error.python_type, error.text)

    @property
    def buffer(self) -> Any:
        """The frame buffer."""
        found = self.world.camera.frame_buffer
        if found is None:
            self.make.throw("RuntimeError", "Frame buffer is not configured in this board profile")
        return found

    def reset(self, *_values: Any, **_more: Any) -> None:
        """``reset()``."""
        self.control(self.buffer.reset)

    def set_pixformat(self, number: Any) -> None:
        """``set_pixformat``."""
        wanted = _BY_NUMBER.get(number)
        if wanted is None:
            self.make.throw("RuntimeError", "Pixel format is not supported or is not set.")
        self.control(lambda: self.buffer.set_pixformat(wanted))

    def set_framesize(self, size: Any) -> None:
        """``set_framesize``: a constant or, from 4.8.0, width and height."""
        name: Any = tuple(int(part) for part in size) if isinstance(size, tuple | List) else _SIZE_NAMES.get(size, "")
        self.control(lambda: self.buffer.set_framesize(name))

    def set_windowing(self, *values: Any) -> None:
        """``set_windowing``."""
        given = values[0] if len(values) == 1 and isinstance(values[0], tuple | List) else values
        self.control(lambda: self.buffer.set_windowing(*(int(part) for part in given)))

    def set_framebuffers(self, count: int) -> None:
        """``set_framebuffers``."""
        self.control(lambda: self.buffer.set_framebuffers(int(count)))

    def skip_frames(self, *values: Any, time: Any = None, **_more: Any) -> None:
        """Let frames pass: no image is made."""
        frames = int(values[0]) if values else 0
        self.world.sleep_us(int(time) * 1000 if time is not None else max(frames, 1) * FRAME_US)

    def snapshot(self, *_values: Any, **_more: Any) -> ImageObject:
        """``snapshot()``: the frame is in the frame buffer, the object on the heap."""
        self.rt.loops.event(picture=True)
        image = self.control(self.buffer.snapshot)
        rgb = self.world.frames.frame(image.width, image.height)
        self.world.sleep_us(FRAME_US)
        if image.pixel_format.compressed:
            self.world.note("JPEG frames of the camera are simulated as empty pictures")
            data = np.zeros(1024, np.uint8)
        else:
            data = from_rgb(rgb, image.pixel_format, image.size).copy()
        made: ImageObject = self.world.images.wrap(image.width, image.height, image.pixel_format, data)
        return made

    def quiet(self, *_values: Any, **_more: Any) -> None:
        """A setting that does not touch memory."""

    # -- sensor -------------------------------------------------------------------------------------------------

    def sensor(self) -> Module:
        """The module ``sensor``."""
        names: dict[str, Any] = {kind.value: number for kind, number in FORMATS.items()}
        names.update(_SIZE_NUMBERS)
        names.update({name: number for number, name in enumerate(_IDS)})
        for name in ("reset", "set_pixformat", "set_framesize", "set_windowing", "skip_frames", "snapshot"):
            names[name] = Native(name, getattr(self, name))
        names["set_framebuffers"] = Native("set_framebuffers", self.set_framebuffers)
        for name in _SETTINGS:
            names[name] = Native(name, self.quiet)
        names["width"] = Native("width", lambda: self.buffer.window.width)
        names["height"] = Native("height", lambda: self.buffer.window.height)
        names["get_fb"] = Native("get_fb", lambda: None)
        names["get_id"] = Native("get_id", lambda: _IDS.index("OV5640"))
        names["get_framesize"] = Native("get_framesize", lambda: _SIZE_NUMBERS.get(self.buffer.frame_size_name))
        names["get_pixformat"] = Native("get_pixformat", lambda: FORMATS.get(self.buffer.pixel_format))
        names["get_framebuffers"] = Native("get_framebuffers", lambda: self.buffer.count)
        names["get_windowing"] = Native("get_windowing", lambda: self.make.new_tuple(tuple(self.buffer.window)))
        names["get_exposure_us"] = Native("get_exposure_us", lambda: 10_000)
        names["get_gain_db"] = Native("get_gain_db", lambda: self.make.real(0.0))
        names["get_rgb_gain_db"] = Native(
            "get_rgb_gain_db", lambda: self.make.new_tuple([self.make.real(0.0) for _ in range(3)])
        )
        return Module("sensor", names)

    # -- csi ----------------------------------------------------------------------------------------------------

    def csi(self) -> Module:
        """The module ``csi`` (from 4.7.0)."""
        names: dict[str, Any] = {kind.value: number for kind, number in FORMATS.items()}
        names.update(_SIZE_NUMBERS)
        names.update({name: number for number, name in enumerate(_IDS)})
        names["CSI"] = NativeType("CSI", lambda **_more: CsiObject(self), (CsiObject,))
        names["devices"] = Native("devices", lambda: self.make.new_list([_IDS.index("OV5640")]))
        return Module("csi", names)


class CsiObject(NativeObject):
    """A ``csi.CSI``: the same camera through methods that set with an argument and read without."""

    __slots__ = ("sensors",)
    kind_name = "CSI"
    methods: dict[str, Any]

    def __init__(self, sensors: Sensors) -> None:
        super().__init__()
        self.sensors = sensors
        self.blocks = (sensors.make.alloc(8, "csi.CSI"),)

    @staticmethod
    def delegate(name: str) -> Callable[..., Any]:
        """A method that is the same function of ``sensor``."""
        return lambda csi, *values, **more: getattr(csi.sensors, name)(*values, **more)


def _get_or_set(setter: str, read: Callable[[Any], Any]) -> Callable[..., Any]:
    def call(csi: CsiObject, *values: Any, **_more: Any) -> Any:
        if values:
            return getattr(csi.sensors, setter)(*values)
        return read(csi.sensors)

    return call


def _expand(csi: CsiObject, *values: Any, expand: Any = False, **_more: Any) -> Any:
    if not values:
        return csi.sensors.buffer.count
    buffer = csi.sensors.buffer
    if expand and hasattr(buffer, "set_csi_framebuffers"):
        return csi.sensors.control(lambda: buffer.set_csi_framebuffers(int(values[0]), expand=True))
    return csi.sensors.set_framebuffers(values[0])


CsiObject.methods = {
    **{name: CsiObject.delegate("quiet") for name in _CSI_SETTINGS},
    "reset": CsiObject.delegate("reset"),
    "snapshot": CsiObject.delegate("snapshot"),
    "pixformat": _get_or_set("set_pixformat", lambda sensors: FORMATS.get(sensors.buffer.pixel_format)),
    "framesize": _get_or_set("set_framesize", lambda sensors: _SIZE_NUMBERS.get(sensors.buffer.frame_size_name)),
    "window": _get_or_set("set_windowing", lambda sensors: sensors.make.new_tuple(tuple(sensors.buffer.window))),
    "framebuffers": _expand,
    "width": lambda csi: csi.sensors.buffer.window.width,
    "height": lambda csi: csi.sensors.buffer.window.height,
    "cid": lambda csi: _IDS.index("OV5640"),
    "fb": lambda csi: None,
    "exposure_us": lambda csi, *_values: 10_000,
    "gain_db": lambda csi, *_values: csi.sensors.make.real(0.0),
    "__del__": lambda csi: None,
}

__all__ = ["CsiObject", "Sensors"]
