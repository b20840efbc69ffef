"""``vfs`` (extmod/modvfs.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.modules import NativeModule
from omvsim.standard.vfs.calls import mount, umount
from omvsim.standard.vfs.fat import VFS_FAT
from omvsim.world.unknown import unknown

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine


def module(vm: Machine) -> NativeModule:
    """``vfs``."""
    rom = {name: unknown(f"vfs.{name}") for name in ("rom_ioctl", "VfsRom")}
    return NativeModule("vfs", {"mount": mount, "umount": umount, **rom, "VfsFat": VFS_FAT})


__all__ = ["module"]
