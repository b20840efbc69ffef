"""``omv`` (modules/py_omv.c): what the camera is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import function
from omvsim.world.camera_names import built, table

if TYPE_CHECKING:
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

BOARD_ID: Final = "0" * 24
"""Every chip has one of its own."""


@function("version_string", 0)
def _version_string(vm: CameraMachine) -> Value:
    names = table("omv", vm.release.base)
    return vm.new_str(".".join(str(names[f"version_{part}"]) for part in ("major", "minor", "patch")))


@function("arch", 0)
def _arch(vm: CameraMachine) -> Value:
    return vm.new_str(vm.port.architecture)


@function("board_type", 0)
def _board_type(vm: CameraMachine) -> Value:
    return vm.new_str(vm.port.kind)


@function("board_id", 0)
def _board_id(vm: CameraMachine) -> Value:
    vm.stand_in("omv.board_id", "zeros")
    return vm.new_str(BOARD_ID)


@function("debug_mode", 0)
def _debug_mode(_vm: CameraMachine) -> Value:
    """No IDE is connected."""
    return False


@function("disable_fb", 0, 1)
def _disable_fb(_vm: CameraMachine, *args: Value) -> Value:
    """The preview's buffer, up to 4.7.0."""
    return None if args else False


def module(vm: CameraMachine) -> NativeModule:
    """``omv``."""
    known = (_version_string, _arch, _board_type, _board_id, _debug_mode, _disable_fb)
    return NativeModule("omv", built(vm, "omv", {each.name: each for each in known}))


__all__ = ["module"]
