"""``tv`` (modules/py_tv.c, up to 4.8.1): the TV shield as a module of functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from omvsim.image import formats
from omvsim.image.arguments import parsed
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import function
from omvsim.modules.displays import REFRESH, TV, checked_channel, tv_format
from omvsim.modules.shown import OPTIONS, give_back, how_to_draw, reserve, send

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

NONE, SHIELD = 0, 1
NOT_READY: Final = "TV controller is not initialized"
PIXELS: Final = 2


class Shield:
    """What the module keeps."""

    def __init__(self) -> None:
        self.kind = NONE
        self.buffered = False
        self.buffers: list[int | None] = []
        self.sender = 8

    def ready(self, vm: CameraMachine) -> Shield:
        """After ``init``."""
        if self.kind == NONE:
            vm.raise_value(NOT_READY)
        return self


@function("deinit", 0)
def _deinit(vm: CameraMachine) -> Value:
    shield = vm.part(Shield)
    give_back(vm, shield.buffers)
    shield.kind, shield.buffered, shield.buffers = NONE, False, []
    return None


@function("init", 0, None, keywords=True)
def _init(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    given = parsed(vm, args, kwargs, ("type", "triple_buffer"), 0, 1)
    kind, buffered = vm.int_of(given.get("type", SHIELD)), vm.truth(given.get("triple_buffer", False))
    _deinit.call(vm, (), ())
    shield = vm.part(Shield)
    shield.kind, shield.buffered, shield.sender = kind, buffered, 8
    if kind != SHIELD:
        vm.raise_value("Failed to detect a supported TV controller.")
    if buffered:
        shield.buffers = reserve(vm, PIXELS * TV[0] * TV[1])
    return None


@function("width", 0)
def _width(vm: CameraMachine) -> Value:
    vm.part(Shield).ready(vm)
    return TV[0]


@function("height", 0)
def _height(vm: CameraMachine) -> Value:
    vm.part(Shield).ready(vm)
    return TV[1]


@function("type", 0)
def _type(vm: CameraMachine) -> Value:
    return vm.part(Shield).ready(vm).kind


@function("triple_buffer", 0)
def _triple_buffer(vm: CameraMachine) -> Value:
    return int(vm.part(Shield).ready(vm).buffered)


@function("refresh", 0)
def _refresh(vm: CameraMachine) -> Value:
    vm.part(Shield).ready(vm)
    return REFRESH


@function("channel", 0, 1)
def _channel(vm: CameraMachine, *channel: Value) -> Value:
    shield = vm.part(Shield).ready(vm)
    if not channel:
        return shield.sender
    shield.sender = checked_channel(vm, channel[0])
    return None


def _shown(vm: CameraMachine, code: int, source: Any, how: Any) -> None:
    shield = vm.part(Shield).ready(vm)
    send(vm, TV, code, source, how, buffered=shield.buffered)
    if not shield.buffered:
        vm.world.pass_us(1_000_000 // REFRESH)


@function("display", 1, None, keywords=True)
def _display(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    given = parsed(vm, args[1:], kwargs, OPTIONS)
    source, how = how_to_draw(vm, given, args[0])
    _shown(vm, tv_format(source, how), source, how)
    return None


@function("clear", 0)
def _clear(vm: CameraMachine) -> Value:
    _shown(vm, formats.RGB565, None, None)
    return None


_FUNCTIONS: Final = (*(_init, _deinit, _width, _height, _type, _triple_buffer, _refresh, _channel, _display, _clear),)


def module(vm: CameraMachine) -> NativeModule:
    """``tv``."""
    numbers: dict[str, Value] = {"TV_NONE": NONE, "TV_SHIELD": SHIELD}
    return NativeModule("tv", numbers | {each.name: each for each in _FUNCTIONS})


__all__ = ["Shield", "module"]
