"""``vfs`` (extmod/modvfs.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.modules import NativeModule
from omvsim.modules.unknown import unknown
from omvsim.modules.vfs.calls import mount, umount
from omvsim.modules.vfs.fat import VFS_FAT

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine


def module(vm: Machine) -> NativeModule:
    """``vfs``."""
    rom = {name: unknown(f"vfs.{name}") for name in ("rom_ioctl", "VfsRom")}
    return NativeModule("vfs", {"mount": mount, "umount": umount, **rom, "VfsFat": VFS_FAT})


__all__ = ["module"]
