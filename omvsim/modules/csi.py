"""``csi`` (modules/py_csi_ng.c, from 4.8.0): the same camera as an object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from omvsim.image import draw_image, formats
from omvsim.image.arguments import fixed, mutable
from omvsim.image.pixels import to_bytes
from omvsim.image.scratch import scratch
from omvsim.image.value import Image, wrap
from omvsim.later import np
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeFunction, NativeType
from omvsim.micropython.types.tuple_ import Tuple
from omvsim.micropython.values import Obj, Sentinel
from omvsim.modules.camera_requests import ANY_SIZE_CSI, request
from omvsim.modules.chip import INVALID_ARGUMENT, INVALID_FRAMESIZE, UNDETECTED, WOULD_BLOCK, Chip, fail
from omvsim.modules.sensor import Sensor, functions
from omvsim.world.camera_names import built, table
from omvsim.world.device_errors import as_exceptions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

SOFT: Final = "SOFTCSI"
"""The chip of the measured builds: pictures from nowhere."""


class Csi(Obj):
    """``csi.CSI``."""

    __slots__ = ("native_type",)
    type_name: ClassVar[str] = "CSI"


class _Methods:
    """The methods on one machine; most are functions of ``sensor`` that set with an argument and read without."""

    def __init__(self, vm: CameraMachine) -> None:
        self.vm = vm
        self.sensor = Sensor(vm)
        self.chip = self.sensor.chip
        self.of_sensor = functions(vm)

    def call(self, name: str, *args: Value) -> Value:
        """A function of ``sensor``."""
        return self.vm.call(self.of_sensor[name], args)

    def reset(self, args: Sequence[Value], kwargs: Keywords) -> Value:
        """``reset``."""
        (hard,) = self.vm.parse_keywords(args[1:], kwargs, ("hard",), 0, 0)
        self.chip.reset(self.vm, hard=isinstance(hard, Sentinel) or self.vm.truth(hard))
        return None

    def snapshot(self, args: Sequence[Value], kwargs: Keywords) -> Value:
        """``snapshot``: a picture; with ``time`` or ``frames`` those are skipped; with ``image`` it is drawn there."""
        vm = self.vm
        names = ["time", "frames", "blocking", "image"]
        if not vm.release.csi_streams:
            names.insert(2, "update")
        values = vm.parse_keywords(args[1:], kwargs, names, 0, 0)
        time, frames = (-1 if isinstance(value, Sentinel) else vm.int_of(value) for value in values[:2])
        wait = values[-2]
        blocking = isinstance(wait, Sentinel) or vm.truth(wait)
        if time == -1 and frames == -1:
            return self._one(values[-1]) if blocking or not self.chip.would_block(vm) else None
        self._skip(time, frames, blocking)
        return None

    def _one(self, other: Value | Sentinel) -> Value:
        """One picture, as an object or drawn into one."""
        vm = self.vm
        shape, code = self.chip.picture(vm)
        store = vm.world.frame_store
        assert store is not None
        if not isinstance(other, Sentinel) and other is not None:
            return self._into(other, (shape.width, shape.height, code), store)
        compressed = len(store) if code in formats.COMPRESSED else 0
        return wrap(vm, (shape.width, shape.height, code), store, None, compressed)

    def _skip(self, time: int, frames: int, blocking: bool) -> None:
        """``time`` and ``frames`` as the firmware counts them: one picture more than was said."""
        vm = self.vm
        vm.world.clock.told()
        start = vm.world.clock.now // 1000
        while time != -1 or frames != -1:
            if frames != -1:
                frames -= 1
                if frames < -1:
                    break
            if time != -1 and vm.world.clock.now // 1000 - start > time:
                break
            if not blocking and self.chip.would_block(vm):
                fail(vm, WOULD_BLOCK)
            self.chip.picture(vm, shown=False)

    def _into(self, other: Value, shape: tuple[int, int, int], store: bytearray) -> Value:
        vm = self.vm
        image = mutable(vm, other)
        frame = Image(vm, 0, *shape, store, None)
        values: Any = draw_image.values_of(image)
        with scratch(vm) as work:
            target = draw_image.Target(image.width, image.height, image.code, np.array(values))
            draw_image.draw(work, target, draw_image.source_of(frame), draw_image.Drawing(hint=draw_image.IGNORE))
        image.store[: image.size] = to_bytes(target.values, image.code)
        return None

    def framesize(self, _self: Value, *args: Value) -> Value:
        """``framesize``: a constant or (width, height)."""
        vm = self.vm
        if not args:
            return self.chip.framesize(vm)
        size = args[0]
        if isinstance(size, Tuple):
            width, height = (vm.int_of(value) for value in fixed(vm, size, 2))
            self.chip.set_framesize(vm, (width, height))
        elif isinstance(size, int):
            self.chip.set_framesize(vm, size)
        else:
            fail(vm, INVALID_ARGUMENT)
        return None

    def window(self, _self: Value, *args: Value) -> Value:
        """``window``."""
        vm = self.vm
        if self.chip.buffer(vm).frame_size_name is None:
            fail(vm, INVALID_FRAMESIZE)
        if not args:
            return self.chip.window(vm)
        values = vm.sequence(args[0])
        if len(values) not in (2, 4):
            vm.raise_value("Expected (w, h) or (x, y, w, h) tuple/list.")
        self.chip.set_window(vm, values)
        return None

    def framebuffers(self, _self: Value, *args: Value) -> Value:
        """``framebuffers``: how many, and (4.8.x) whether they may grow into the free memory."""
        vm = self.vm
        buffer = self.chip.buffer(vm)
        if not args:
            return int(buffer.count)
        count = vm.int_of(args[0])
        expand = len(args) > 1 and vm.truth(args[1])
        if count < 1:
            fail(vm, INVALID_ARGUMENT)
        with as_exceptions(vm):
            if hasattr(buffer, "set_csi_framebuffers"):
                buffer.set_csi_framebuffers(count, expand=expand)
            else:
                buffer.set_framebuffers(count)
        return None

    def automatic(self, name: str) -> Callable[[Sequence[Value], Keywords], Value]:
        """``auto_…``: the function of ``sensor`` that sets it."""
        return lambda args, kwargs: self.vm.call(self.of_sensor[f"set_{name}"], args[1:], kwargs)

    def callback(self, name: str) -> Callable[..., Value]:
        """``vsync_callback``, ``frame_callback``: set with an argument, read without."""

        def call(_self: Value, *args: Value) -> Value:
            if not args:
                return self.chip.callbacks.get(name)
            return self.call(f"set_{name}_callback", *args)

        return call

    def get_or_set(self, setter: str, getter: str) -> Callable[..., Value]:
        """Two functions of ``sensor`` in one."""

        def call(_self: Value, *args: Value) -> Value:
            return self.call(setter, *args) if args else self.call(getter)

        return call


def _table(vm: CameraMachine) -> dict[str, Value]:
    methods = _Methods(vm)
    made: dict[str, Value] = {}

    def plain(name: str, host: Callable[..., Any], least: int, most: int | None = -1) -> None:
        def call(_vm: CameraMachine, *args: Value) -> Value:
            result: Value = host(*args)
            return result

        made[name] = NativeFunction(call, name, least, least if most == -1 else most, keywords=False, is_method=False)

    def named(name: str, host: Callable[[Sequence[Value], Keywords], Value]) -> None:
        def call(_vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
            return host(args, kwargs)

        made[name] = NativeFunction(call, name, 1, None, keywords=True, is_method=False)

    named("reset", methods.reset)
    named("snapshot", methods.snapshot)
    plain("framesize", methods.framesize, 1, 2)
    plain("window", methods.window, 1, 2)
    plain("framebuffers", methods.framebuffers, 1, 2 if vm.release.csi_streams else 3)
    for name in ("width", "height"):
        plain(name, lambda _self, name=name: methods.call(name), 1)
    for name in ("exposure_us", "gain_db", "rgb_gain_db", "blc_regs"):
        plain(name, lambda _self, name=name: methods.call(f"get_{name}"), 1)
    plain("cid", lambda _self: methods.sensor.get_id(), 1)
    plain("readable", lambda _self: methods.chip.readable(vm), 1)
    plain("flush", lambda _self: methods.call("flush"), 1)
    plain("__del__", lambda _self: None, 1)
    for name in ("pixformat", "framerate", "hmirror", "vflip", "transpose", "auto_rotation", "color_palette"):
        plain(name, methods.get_or_set(f"set_{name}", f"get_{name}"), 1, 2)
    for name in ("gainceiling", "contrast", "brightness", "saturation", "quality", "colorbar", "special_effect"):
        plain(name, lambda _self, *args, name=name: methods.call(f"set_{name}", *args), 2)
    for name in ("vsync", "frame"):
        plain(f"{name}_callback", methods.callback(name), 1, 2)
    for name in ("sleep", "shutdown"):
        plain(name, lambda _self, value, name=name: methods.call(name, value), 2)
    for name in ("auto_gain", "auto_exposure", "auto_whitebal", "auto_blc"):
        named(name, methods.automatic(name))
    plain("lens_correction", lambda _self, *args: methods.call("set_lens_correction", *args), 4)
    plain("ioctl", lambda _self, *args: request(vm, methods.chip, args, ANY_SIZE_CSI), 2, 5)
    plain("__write_reg", lambda _self, *args: methods.call("__write_reg", *args), 3)
    plain("__read_reg", lambda _self, *args: methods.call("__read_reg", *args), 2)
    return made


def _chips(vm: CameraMachine) -> list[int]:
    names = table("csi", vm.release.base)
    return [number for name in (vm.port.sensor.name, SOFT) if isinstance(number := names.get(name), int)]


def module(vm: CameraMachine) -> NativeModule:
    """``csi``; before there is a class, the same module as ``sensor`` (modules/py_csi.c at v4.6.0 to v4.7.0)."""
    release = vm.world.board.firmware.partition("-")[0]
    if not table("csi", release):
        same = vm.modules.get("sensor")
        assert same is not None
        return same

    def make_new(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
        last = "stream" if vm.release.csi_streams else "fb_size"
        cid, delays, flush, _ = vm.parse_keywords(args, kwargs, ("cid", "delays", "fflush", last), 0, 0)
        if not isinstance(cid, Sentinel) and (number := vm.int_of(cid)) != -1 and number not in _chips(vm):
            fail(vm, UNDETECTED)
        made = Csi(vm.memory, vm.memory.alloc(vm.release.csi_object, finaliser=True))
        switches = vm.part(Chip).switches
        switches["disable_delays"] = not isinstance(delays, Sentinel) and not vm.truth(delays)
        switches["disable_full_flush"] = not isinstance(flush, Sentinel) and not vm.truth(flush)
        made.native_type = kind  # type: ignore[misc]  # one a machine
        return made

    def devices(vm: CameraMachine) -> Value:
        found = vm.new_list(())
        vm.list_append(found, _chips(vm)[0])
        return found

    maker: Any = make_new  # it is called with the camera's machine
    kind = NativeType("CSI", Csi, maker, constants=built(vm, "csi.CSI", _table(vm)))
    known: dict[str, Value] = {
        "CSI": kind,
        "devices": NativeFunction(devices, "devices", 0, 0, keywords=False, is_method=False),
    }
    return NativeModule("csi", built(vm, "csi", known))


__all__ = ["Csi", "module"]
