"""Memories of a header, and what its flash is divided into."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from omvsim.boards._types import RegionKind as Kind

if TYPE_CHECKING:
    from omvsim.boards.importing.defines import Defines

_PAIR: Final = re.compile(r"^OMV_(\w+)_ORIGIN$")
_FLASH: Final = ("FLASH", "ROMFS", "CM4_FLASH")
_PARTS: Final = (
    ("OMV_FLASH_BOOT", "bootloader", Kind.CODE, "bootloader"),
    ("OMV_FLASH_FFS", "filesystem", Kind.FILESYSTEM, "internal file system"),
    ("OMV_FLASH_TXT", "text", Kind.CODE, "firmware, TFLM runs from here"),
    ("OMV_ROMFS_PART0", "romfs", Kind.ROMFS, "ROM file system (/rom)"),
    ("OMV_ROMFS_PART1", "romfs1", Kind.ROMFS, "ROM file system, partition 1"),
)
_Found = dict[str, dict[str, object]]


def memories_of(defines: Defines) -> tuple[_Found, _Found, tuple[str, ...]]:
    """Memories by name, the regions of its flash by name, and what could not be told.

    Raises:
        BoardError: an address or a length is no sum of numbers.
    """
    memories: _Found = {}
    regions: _Found = {}
    unread: list[str] = []
    for name, origin, length in _pairs(defines):
        inside = _holding(memories, origin, length)
        if inside is None:
            memories[name] = {"kind": "ram", "origin": origin, "length": length}
        elif name.startswith("CM4"):
            regions[name.lower()] = _part(inside, Kind.SECOND_CORE, origin, length, "memory of the second core")
        else:
            unread.append(f"memory {name} lies in {inside}: left out")
    _flash(defines, memories)
    for macro, name, kind, title in _PARTS:
        start, size = defines.size(f"{macro}_ORIGIN"), defines.size(f"{macro}_LENGTH")
        if start is None or not size:
            continue
        origin, length = start, size
        holder = _holding(memories, origin, length)
        if holder is None:
            holder = f"{name.upper()}_FLASH"
            memories[holder] = {"kind": "flash", "origin": origin, "length": length}
        if memories[holder]["kind"] == "ram":
            unread.append(f"{macro} lies in {holder}, which is RAM at run time: left out")
            continue
        regions[name] = _part(holder, kind, origin, length, title)
    if "text" not in regions and "FLASH" in memories:
        # Alif's script takes OMV_FLASH itself for the program.
        chip = memories["FLASH"]
        regions["text"] = {
            "memory": "FLASH",
            "kind": str(Kind.CODE),
            "size": chip["length"],
            "title": "firmware, TFLM runs from here",
        }
    return memories, regions, tuple(unread)


def _pairs(defines: Defines) -> list[tuple[str, int, int]]:
    """Memories that are not flash, the larger of two that overlap first."""
    found = []
    for macro in defines.macros:
        name = match[1] if (match := _PAIR.match(macro)) else ""
        if not name or name.startswith(_FLASH):
            continue
        origin, length = defines.size(macro), defines.size(f"OMV_{name}_LENGTH")
        if origin is not None and length:
            found.append((name, origin, length))
    return sorted(found, key=lambda each: (each[0].startswith("CM4"), each[1], -each[2]))


def _flash(defines: Defines, memories: _Found) -> None:
    """The flash's chips where their length is said, else as much as the program takes."""
    for macro, name in (("OMV_FLASH", "FLASH"), ("OMV_FLASH_EXT", "FLASH_EXT"), ("OMV_FLASH_TXT", "FLASH")):
        origin, length = defines.size(f"{macro}_ORIGIN"), defines.size(f"{macro}_LENGTH")
        if origin is not None and length and _holding(memories, origin, length) is None:
            memories[name] = {"kind": "flash", "origin": origin, "length": length, "gaps": "unknown"}


def _holding(memories: _Found, origin: int, length: int) -> str | None:
    """The memory that overlaps these addresses."""
    for name, memory in memories.items():
        start = memory["origin"]
        end = memory["length"]
        if isinstance(start, int) and isinstance(end, int) and origin < start + end and start < origin + length:
            return name
    return None


def _part(memory: str, kind: Kind, origin: int, length: int, title: str) -> dict[str, object]:
    return {"memory": memory, "kind": str(kind), "origin": origin, "size": length, "title": title}


__all__ = ["memories_of"]
