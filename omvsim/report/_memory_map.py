"""The memory map of a board, as text and as JSON: "where do my 32 MB go?"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.boards import MemoryKind, RegionKind
from omvsim.units import format_address, format_bytes, format_size

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from omvsim.boards import Board, Memory, Region

SCHEMA_VERSION = 1

_BAR = 14
_EIGHTHS = " ▏▎▍▌▋▊▉█"

_PURPOSES: dict[RegionKind, tuple[str, str]] = {
    RegionKind.GC: ("GC heap: Python objects, ml models", "green"),
    RegionKind.UMA: ("UMA pools: frame buffers, imlib, model files", "cyan"),
    RegionKind.FRAME_BUFFER: ("frame buffer: camera images", "blue"),
    RegionKind.FB_ALLOC: ("fb_alloc stack: imlib at work, load_to_fb models", "cyan"),
    RegionKind.OVERLAY: ("fb_alloc overlay: its fast part", "bright_cyan"),
    RegionKind.STREAMING: ("picture for the IDE", "magenta"),
    RegionKind.VOSPI: ("Lepton frame", "magenta"),
    RegionKind.LINE_BUFFER: ("camera line buffer", "magenta"),
    RegionKind.DMA: ("DMA buffers", "magenta"),
    RegionKind.STACK: ("stack", "yellow"),
    RegionKind.DATA: (".data and .bss of the firmware", "yellow"),
    RegionKind.CODE: ("firmware code", "yellow"),
    RegionKind.FILESYSTEM: ("file system", "blue"),
    RegionKind.ROMFS: ("ROM file system", "green"),
    RegionKind.SECOND_CORE: ("another processor core", "yellow"),
    RegionKind.RESERVED: ("set aside for libraries and devices", "yellow"),
    RegionKind.FREE: ("not used by the firmware", "bright_black"),
    RegionKind.UNKNOWN: ("unknown", "red"),
}


def render_memory_map(board: Board) -> RenderableType:
    """The map for a terminal: RAM by purpose, then one block per memory with every part."""
    from rich.console import Group  # noqa: PLC0415 - commands without a map must not pay for rich
    from rich.text import Text  # noqa: PLC0415

    title = Text.assemble((board.title, "bold"), ", firmware ", (board.firmware, "bold"))
    if board.release.title:
        title.append(f", {board.release.title}")
    parts: list[RenderableType] = [title]
    for note in board.notes:
        parts.append(Text(f"Note: {note}.", style="yellow"))
    parts += [Text(), _by_purpose(board)]
    for memory in board.memories:
        parts += [Text(), _heading(memory), _parts(board, memory)]
    parts += [Text(), *_file_systems(board), *_remarks(board)]
    return Group(*parts)


def memory_map_json(board: Board) -> dict[str, object]:
    """The map as JSON values; sizes in bytes, addresses as numbers. Keys are stable within ``schema_version``."""
    release = board.release
    return {
        "schema": "omvsim.board",
        "schema_version": SCHEMA_VERSION,
        "board": board.name,
        "title": board.title,
        "firmware": board.firmware,
        "release": {
            "date": release.date,
            "title": release.title,
            "module": release.module,
            "library": release.library,
            "micropython": release.micropython,
            "split_heap": release.split_heap,
            "arena": {
                "sizing": release.arena.sizing,
                "align": release.arena.align,
                "extra": release.arena.extra,
                "pad": release.arena.pad,
            },
        },
        "gc_areas": [
            {"index": a.index, "memory": a.memory, "origin": a.origin, "bytes": a.length} for a in board.gc_areas
        ],
        "uma_pools": [
            {"index": p.index, "memory": p.memory, "origin": p.origin, "bytes": p.length, "flags": int(p.flags)}
            for p in board.uma_pools
        ],
        "memories": [
            {
                "name": memory.name,
                "title": memory.title,
                "kind": str(memory.kind),
                "origin": memory.origin,
                "bytes": memory.length,
                "regions": [_region_json(region) for region in board.regions_in(memory.name)],
            }
            for memory in board.memories
        ],
        "measured": board.measured,
        "filesystems": [
            {
                "name": system.name,
                "kind": str(system.kind),
                "bytes": system.size,
                "taken_bytes": system.taken,
                "free_bytes": system.free,
                "stock": [{"name": file.name, "bytes": file.bytes} for file in system.stock],
            }
            for system in board.filesystems
        ],
        "filesystem_since": dict(board.filesystem_since),
        "built_in": [{"name": model.name, "bytes": model.bytes} for model in board.built_in],
        "notes": list(board.notes),
    }


def _region_json(region: Region) -> dict[str, object]:
    return {
        "name": region.name,
        "kind": str(region.kind),
        "origin": region.origin,
        "end": region.end,
        "bytes": region.size,
        "title": region.title,
        "provenance": str(region.provenance),
        "note": region.note,
    }


def _by_purpose(board: Board) -> Table:
    ram = [memory.name for memory in board.memories if memory.kind is MemoryKind.RAM]
    sizes: dict[RegionKind, int] = {}
    for region in board.regions:
        if region.memory in ram:
            sizes[region.kind] = sizes.get(region.kind, 0) + region.size
    total = sum(sizes.values())
    table = _table()
    table.title = "All RAM by purpose"
    table.add_column(justify="right", no_wrap=True, min_width=10)
    table.add_column(justify="right", no_wrap=True, min_width=7)
    table.add_column(no_wrap=True, min_width=_BAR)
    table.add_column()
    for kind, size in sorted(sizes.items(), key=lambda item: -item[1]):
        purpose, style = _PURPOSES[kind]
        table.add_row(format_bytes(size), _percent(size, total), _bar(size, total), purpose, style=style)
    table.add_row(format_bytes(total), "100.0 %", "", f"total of {', '.join(ram)}", style="bold")
    return table


def _heading(memory: Memory) -> RenderableType:
    from rich.text import Text  # noqa: PLC0415

    return Text.assemble((memory.name, "bold"), f"  {memory.title}")


def _parts(board: Board, memory: Memory) -> Table:
    table = _table()
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True, min_width=10)
    table.add_column(justify="right", no_wrap=True, min_width=7)
    table.add_column(no_wrap=True, min_width=_BAR)
    table.add_column(no_wrap=True, min_width=7)
    table.add_column()
    regions = board.regions_in(memory.name)
    for region in regions:
        table.add_row(
            f"{format_address(region.origin)}-{region.end - 1:08x}",
            format_bytes(region.size),
            _percent(region.size, memory.length),
            _bar(region.size, memory.length),
            "" if region.kind is RegionKind.FREE else str(region.provenance),
            region.title + (" *" if region.note else ""),
            style=_PURPOSES[region.kind][1],
        )
    table.add_row(
        f"{format_address(memory.origin)}-{memory.end - 1:08x}",
        format_bytes(sum(region.size for region in regions)),
        "100.0 %",
        "",
        "",
        f"total: {format_size(memory.length)}",
        style="bold",
    )
    return table


def _file_systems(board: Board) -> list[RenderableType]:
    """What holds a model's file: how large, what is taken, what is free; and what the firmware has built in."""
    from rich.text import Text  # noqa: PLC0415

    lines = [Text("File systems", style="bold")]
    for system in board.filesystems:
        if system.size is None:
            lines.append(Text(f"  {system.mount:<8} as large as the card"))
            continue
        text = (
            f"  {system.mount:<8} {format_size(system.size)}, {format_bytes(system.taken)} taken by the firmware's own"
        )
        lines.append(Text(f"{text} files and the tables, {format_bytes(system.free or 0)} bytes free"))
    for name, since in board.filesystem_since.items():
        if board.filesystem(name) is None:
            lines.append(Text(f"  /{name:<7} none (from {since} on)"))
    if board.built_in:
        lines.append(Text(f"  built in {', '.join(model.name for model in board.built_in)}, opened by name"))
    return [*lines, Text()]


def _remarks(board: Board) -> list[RenderableType]:
    """Footnotes, regions with the same note together, and what a script sees of all this."""
    from rich.text import Text  # noqa: PLC0415

    by_note: dict[str, list[str]] = {}
    for region in board.regions:
        if region.note:
            by_note.setdefault(region.note, []).append(region.title.partition(":")[0])
    remarks = [Text(f"* {', '.join(names)}: {note}.", style="dim") for note, names in by_note.items()]
    heap = " + ".join(format_size(area.length) for area in board.gc_areas)
    seen = (
        f"A script's gc.mem_free() counts the GC heap only: {format_bytes(board.size_of(RegionKind.GC))} bytes"
        f" ({heap}), less the heap's own tables and what is in use."
    )
    return [*remarks, Text(seen)]


def _table() -> Table:
    from rich.table import Table  # noqa: PLC0415

    return Table(box=None, show_header=False, padding=(0, 2, 0, 0), title_justify="left", title_style="bold")


def _percent(size: int, total: int) -> str:
    """Share with one decimal; never 0.0 for something that is there."""
    share = size / total * 100
    return "<0.1 %" if 0 < share < 0.05 else f"{share:.1f} %"


def _bar(size: int, total: int) -> str:
    eighths = max(1, round(size / total * _BAR * 8)) if size else 0
    full, part = divmod(eighths, 8)
    return ("█" * full + (_EIGHTHS[part] if part else "")).ljust(_BAR)
