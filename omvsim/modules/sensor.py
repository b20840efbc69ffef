"""``sensor``: the one camera, by functions (modules/py_sensor.c, from 4.6.0 modules/py_csi.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from omvsim.heap import FbHint
from omvsim.image import formats
from omvsim.image.value import Image, wrap
from omvsim.micropython.attributes import is_callable
from omvsim.micropython.errors import Error, Unknown
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeFunction
from omvsim.modules import camera_requests, ov5640
from omvsim.modules.camera_control import Control
from omvsim.modules.chip import INVALID_ARGUMENT, INVALID_FRAMERATE, INVALID_FRAMESIZE, Chip, fail
from omvsim.world.camera_names import built, table
from omvsim.world.device_errors import as_exceptions
from omvsim.world.fb_stack import fb_stack, out_of_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

SKIPPED_MS: Final = 300
"""``skip_frames()`` without arguments."""


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
        shape, image.code = self.chip.picture(vm)
        assert vm.world.frame_store is not None
        image.width, image.height, image.store = shape.width, shape.height, vm.world.frame_store
        image.compressed = len(image.store) if image.code in formats.COMPRESSED else 0
        return image

    def _skip(self) -> None:
        """A picture that nobody sees: its object all the same."""
        vm = self.vm
        Image(vm, vm.memory.alloc(vm.world.camera.generation.image_object), 0, 0, 0, bytearray(), None)
        self.chip.picture(vm, shown=False)

    def skip_frames(self, args: Sequence[Value], kwargs: Keywords) -> Value:
        """``skip_frames``: takes pictures, so many or so long."""
        vm, world = self.vm, self.vm.world
        given = dict(kwargs)
        most_ms = vm.int_of(given["time"]) if "time" in given else SKIPPED_MS
        world.clock.told()
        start = world.clock.now // 1000
        if not args:
            while world.clock.now // 1000 - start < most_ms:
                self._skip()
            return None
        for _ in range(vm.int_of(args[0])):
            if "time" in given and world.clock.now // 1000 - start >= most_ms:
                break
            self._skip()
        return None

    def width(self) -> Value:
        """``width``: of the frame size, not of the window."""
        return int(self.chip.buffer(self.vm).resolution[0])

    def height(self) -> Value:
        """``height``."""
        return int(self.chip.buffer(self.vm).resolution[1])

    def flush(self) -> Value:
        """``flush``: what the frame buffer has is shown, which ends a frame where a turn takes no picture."""
        self.vm.before_event(False)
        self.vm.event(picture=False)
        return None

    def get_fb(self) -> Value:
        """``get_fb``: the picture that is in the frame buffer."""
        vm = self.vm
        shape = self.chip.buffer(vm).image
        if shape is None:
            return None
        code = self.chip.code_of(shape)
        store = vm.world.frame_store
        if store is None:
            store = self.chip.render(vm, shape, code)
        return wrap(vm, (shape.width, shape.height, code), store, None, len(store) if shape.compressed else 0)

    def get_id(self) -> Value:
        """``get_id``."""
        name = self.vm.port.sensor.name
        found = table("sensor", self.vm.release.base).get(name)
        if not isinstance(found, int):
            raise Unknown("sensor.get_id", f"the number of this board's sensor, {name}, is not known")
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
        """``set_framerate``: frames that come earlier are dropped, as the sensor has no rate of its own to set."""
        wanted = self.vm.int_of(rate)
        if wanted < 0:
            fail(self.vm, INVALID_ARGUMENT)
        self.chip.rate = wanted
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

    def flag(
        self, name: str, change: Callable[[CameraMachine, str, bool], None]
    ) -> tuple[Callable[[Value], Value], Callable[[], Value]]:
        """A switch: how it is set and read."""

        def set_(value: Value) -> Value:
            change(self.vm, name, self.vm.truth(value))
            return None

        return set_, lambda: self.chip.switches.get(name, False)

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

    def callback(self, name: str) -> Callable[[Value], Value]:
        """``set_vsync_callback``, ``set_frame_callback``."""

        def set_(value: Value) -> Value:
            self.chip.callbacks[name] = value if is_callable(self.vm, value) else None
            return None

        return set_


def functions(vm: CameraMachine) -> dict[str, Value]:
    """What is modelled, by name."""
    sensor = Sensor(vm)
    chip = sensor.chip
    control = Control(vm, chip)
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
    for name in ("get_exposure_us", "get_gain_db", "get_rgb_gain_db", "get_blc_regs"):
        plain(name, getattr(control, name), 0)
    for name in ("set_pixformat", "set_framesize", "set_framerate", "set_framebuffers"):
        plain(name, getattr(sensor, name), 1)
    for name in ("set_gainceiling", "set_quality", "set_colorbar", "set_special_effect", "set_color_palette"):
        plain(name, getattr(control, name), 1)
    for name in ov5640.LEVELS:
        plain(f"set_{name}", control.level(name), 1)
    plain("get_color_palette", lambda: chip.palette, 0)
    plain("alloc_extra_fb", sensor.alloc_extra_fb, 3)
    plain("set_windowing", sensor.set_windowing, 1, 4)
    plain("set_lens_correction", control.set_lens_correction, 3)
    plain("get_pixformat", lambda: chip.pixformat(vm), 0)
    plain("get_framesize", lambda: chip.framesize(vm), 0)
    plain("get_windowing", lambda: chip.window(vm), 0)
    plain("get_framebuffers", lambda: chip.buffer(vm).count, 0)
    plain("get_frame_available", lambda: chip.readable(vm), 0)
    plain("flush", sensor.flush, 0)
    plain("sleep", lambda enable: vm.truth(enable) and None, 1)
    plain("shutdown", lambda enable: vm.truth(enable) and None, 1)
    plain("__init__", lambda: None, 0)
    plain("__write_reg", control.write_reg, 2)
    plain("__read_reg", control.read_reg, 1)
    changes = {"hmirror": chip.mirror, "vflip": chip.mirror, "transpose": chip.turn, "auto_rotation": chip.turn}
    for name, change in changes.items():
        set_, get = sensor.flag(name, change)
        plain(f"set_{name}", set_, 1)
        plain(f"get_{name}", get, 0)
    for name in ("disable_delays", "disable_full_flush"):
        plain(name, sensor.switch_or_read(name), 0, 1)
    for name in ("vsync", "frame"):
        plain(f"set_{name}_callback", sensor.callback(name), 1)
    named("snapshot", sensor.snapshot, 0)
    named("skip_frames", sensor.skip_frames, 0)
    for name in ("set_auto_gain", "set_auto_exposure", "set_auto_whitebal", "set_auto_blc"):
        named(name, getattr(control, name), 1)
    made["ioctl"] = camera_requests.function(chip)
    return made


def module(vm: CameraMachine) -> NativeModule:
    """``sensor``. Where py_csi.c has it, its own name is ``csi``: both names stand for one module then."""
    own = "sensor" if "csi" in vm.release.absent_modules else "csi"
    return NativeModule("sensor", {**built(vm, "sensor", functions(vm)), "__name__": own})


__all__ = ["SKIPPED_MS", "Sensor", "functions", "module"]
