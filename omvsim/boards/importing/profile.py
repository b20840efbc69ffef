"""A profile from a header and, where there is one, a map: its tables, and its text with where each figure is from."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from omvsim.boards._releases import known_releases, near
from omvsim.boards._types import RegionKind as Kind
from omvsim.boards.importing.memories import memories_of
from omvsim.boards.importing.sections import layout_of
from omvsim.errors import BoardError
from omvsim.records import NamedTuple
from omvsim.units import format_address, format_size

if TYPE_CHECKING:
    from omvsim.boards._tree import Tree
    from omvsim.boards.importing.defines import Defines
    from omvsim.boards.importing.linker_map import LinkedMap

_SECTIONS: Final = {
    "stack": ".stack", "libc_heap": ".heap", "overlay": ".fb_overlay_memory", "vospi": ".vospi_memory",
    "openamp": ".openamp_memory", "core1": ".core1_memory", "cm4_boot": ".cm4_boot_memory", "gpu": ".gpu_memory",
    "functions": ".ram_function", "text": ".text",
}  # fmt: skip
"""Region → output section, beside those with a number in their name."""
_SYMBOLS: Final = {
    "frame_buffer": ("_fb_memory_start", "_fb_base"),
    "fb_alloc": ("_fb_memory_end", "_fb_end"),
    "streaming": ("_sb_memory_start", "_jpeg_memory_start", "_jpeg_buf"),
    "line_buffer": ("_line_buf",),
    "gc0": ("_heap_start",),
}
"""Region → symbols at its start."""
_NEVER: Final = (
    "clock, caches and wait states: no time can be modelled",
    "modules, MicroPython's configuration and the sensor ([port], [sensor]): taken for the RT1062's",
    "files that the firmware puts into its file systems",
)
"""What neither a header nor a map says."""
_ADDRESSES: Final = frozenset(("origin",))
_SIZES: Final = frozenset(("size", "length"))


class Imported(NamedTuple):
    """A profile's tables, and what could not be read, a line each."""

    tree: Tree
    unread: tuple[str, ...]


def draft_profile(defines: Defines, release: str, *, name: str, linked: LinkedMap | None = None) -> Imported:
    """The profile of one release.

    Raises:
        BoardError: no such release, or a macro that is no sum of numbers.
    """
    known = known_releases()
    if release not in known:
        raise BoardError(
            defines.source, f"release {release!r} is not known{near(release, known)}; known are {', '.join(known)}"
        )
    memories, flash, more = memories_of(defines)
    regions, unread = layout_of(defines, release, known)
    missing = sorted({str(region["memory"]) for region in regions.values()} - set(memories))
    more = (
        *more,
        *(f"memory {memory} has no OMV_{memory}_ORIGIN and _LENGTH: its regions are left out" for memory in missing),
    )
    regions = {key: region for key, region in regions.items() if region["memory"] not in missing} | flash
    if linked is not None:
        more = (*more, *_placed(regions, linked))
    tree: Tree = {"name": name, "title": f"{defines.word('OMV_BOARD_ARCH') or name} (imported)", "memory": memories}
    tree["port"] = {
        key: word
        for key, macros in (("architecture", ("OMV_BOARD_ARCH", "OMV_ARCH_STR")), ("kind", ("OMV_BOARD_TYPE",)))
        if (word := next(filter(None, map(defines.word, macros)), ""))
    }
    tree["release"] = {release: {"region": regions, "filesystem": _filesystems(flash)}}
    absent = (
        ()
        if linked is not None
        else ("no linker map: where .data and .bss end, and what DMA buffers take, is a bound",)
    )
    return Imported(tree, (*defines.unread, *unread, *more, *absent, *_NEVER))


def _placed(regions: dict[str, dict[str, object]], linked: LinkedMap) -> tuple[str, ...]:
    """Give regions the addresses and lengths of the link; names of those that it does not have."""
    absent = []
    for name, region in regions.items():
        start, length = _found(name, linked)
        if start is None:
            if region.get("provenance") == "assumed":
                absent.append(f"the map has nothing of region {name}")
            continue
        region["origin"] = start
        if length is not None:
            region["size"] = length
        elif region["size"] == "rest":
            absent.append(f"the map does not say how long region {name} is")
            continue
        for key in ("provenance", "note", "power_of_two"):
            region.pop(key, None)
    return tuple(absent)


def _found(name: str, linked: LinkedMap) -> tuple[int | None, int | None]:
    sections, symbols = linked.sections, linked.symbols
    if name == "data":
        parts = [sections[each] for each in (".data", ".bss") if each in sections]
        return (parts[0][0], parts[-1][0] + parts[-1][1] - parts[0][0]) if parts else (None, None)
    if name == "dma" and ".dma.memory0" in sections:
        start, length = sections[".dma.memory0"]
        first = symbols.get("_msc_buf", start)
        return first, start + length - first
    numbered = re.fullmatch(r"(gc|uma|dma_d)(\d)", name)
    section = f".{numbered[1]}.block{numbered[2]}" if numbered else _SECTIONS.get(name, "")
    if numbered and numbered[1] == "dma_d":
        section = f".dma.memory{numbered[2]}"
    if section in sections:
        return sections[section]
    return next((symbols[each] for each in _SYMBOLS.get(name, ()) if each in symbols), None), None


def _filesystems(flash: dict[str, dict[str, object]]) -> Tree:
    found: Tree = {}
    if "filesystem" in flash:
        found["flash"] = {"kind": "fat", "region": "filesystem"}
    if "romfs" in flash:
        found["rom"] = {"kind": "romfs", "region": "romfs"}
    found["sdcard"] = {"kind": "fat", "size": "card"}
    return found


def profile_text(imported: Imported, origin: str) -> str:
    """The profile as TOML; ``origin`` says in its first lines what it was made from."""
    tree = imported.tree
    lines = [f"# {origin}", "#", "# Not read:", *(f"#   {each}" for each in imported.unread), ""]
    lines += [f"{key} = {_value(key, tree[key])}" for key in ("name", "title") if key in tree]
    port = tree["port"]
    lines += (
        ["", "[port]", *(f"{key} = {_value(key, value)}" for key, value in port.items())]
        if isinstance(port, dict) and port
        else []
    )
    lines += _tables("memory", tree["memory"])
    releases = tree["release"]
    for name, release in releases.items() if isinstance(releases, dict) else ():
        lines += ["", f'[release."{name}"]']
        for table in ("region", "filesystem"):
            lines += ["", f'[release."{name}".{table}]']
            lines += [f"{key} = {inline(values)}" for key, values in release[table].items()]
    return "\n".join(lines) + "\n"


def _tables(name: str, tables: object) -> list[str]:
    lines = []
    for key, table in tables.items() if isinstance(tables, dict) else ():
        lines += ["", f"[{name}.{key}]", *(f"{each} = {_value(each, value)}" for each, value in table.items())]
    return lines


def inline(table: dict[str, object]) -> str:
    """An inline table, in the order of its keys."""
    return "{ " + ", ".join(f"{key} = {_value(key, value)}" for key, value in table.items()) + " }"


def _value(key: str, value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and key in _ADDRESSES:
        return format_address(value)
    if isinstance(value, int) and key in _SIZES and value and value % 1024 == 0:
        return f'"{format_size(value)}"'
    if isinstance(value, int):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


__all__ = ["Imported", "Kind", "draft_profile", "inline", "profile_text"]
