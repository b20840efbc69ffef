"""What-if boards: other GC areas at the addresses given, or other values and the map a linker would make of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from omvsim.boards._once import Once
from omvsim.boards._releases import facts_of
from omvsim.boards._resolve import resolve
from omvsim.boards._tree import Table, Tree, drop, merge
from omvsim.boards._types import MemoryKind, RegionKind
from omvsim.errors import BoardError
from omvsim.units import align_up, format_address, format_size, parse_size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omvsim.boards._types import Board, Memory, Region

_EXTRA_ALIGN = 32
_INDEXED = re.compile(r"([a-z_]+)\[([0-9]+)\]\.size")
_EDITABLE: Final[Once[dict[str, tuple[tuple[str, ...], object]]]] = Once(most=8)
_MAY_BE_COVERED = (RegionKind.GC, RegionKind.FREE, RegionKind.UNKNOWN)
_FIXED = ("name", "title", "kind", "memory", "index", "note", "provenance", "source", "version", "date", "flags")


# ── GC areas ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def replace_gc_areas(board: Board, areas: tuple[tuple[int, int | None], ...]) -> Board:
    """See :meth:`Board.with_gc_areas`."""
    if not any(size for size, _ in areas):
        raise BoardError(board.source, "a heap needs at least one GC area")
    if any(size < 0 for size, _ in areas):
        raise BoardError(board.source, "a GC area cannot have fewer than 0 bytes")
    present = sorted((r for r in board.regions if r.kind is RegionKind.GC), key=lambda region: region.index or 0)
    tree = drop(_pinned(board), [f"region.{region.name}" for region in present])
    notes = list(board.notes)
    kept = [(place, size, address) for place, (size, address) in enumerate(areas) if size]
    for index, (place, size, address) in enumerate(kept):
        area: Tree = {"kind": str(RegionKind.GC), "index": index, "size": size, "title": f"GC heap, area {index}"}
        if address is not None:
            tree, memory, note = _memory_at(board, tree, index, size, address)
            notes += [note] if note else []
            area |= {"memory": memory, "origin": address}
        elif place < len(present):
            old = present[place]
            area |= {"memory": old.memory, "origin": old.origin, "provenance": str(old.provenance), "note": old.note}
        else:
            memory, origin = _free_space(resolve(board.source, tree), index, size)
            area |= {"memory": memory, "origin": origin}
        tree = merge(tree, {"region": {f"gc{index}": area}})
    return resolve(board.source, tree, notes)


def _pinned(board: Board) -> Tree:
    """The board's tree with every region at the address it has now."""
    return merge(board.tree, {"region": {r.name: {"origin": r.origin} for r in board.regions if r.name}})


def _free_space(board: Board, index: int, size: int) -> tuple[str, int]:
    """Memory and address for one more GC area: behind the last area if it fits there, else the largest free space."""
    last = board.gc_areas[-1]
    free = [r for r in board.regions if r.kind is RegionKind.FREE and board.memory(r.memory).kind is MemoryKind.RAM]
    for region in sorted(free, key=lambda r: (not (r.memory == last.memory and r.origin >= last.origin), -r.size)):
        origin = align_up(region.origin, _EXTRA_ALIGN)
        if origin + size <= region.end:
            return region.memory, origin
    raise BoardError(
        board.source,
        f"no free space for GC area {index} ({format_size(size)}): give it an address, or make another region smaller",
    )


def _memory_at(board: Board, tree: Tree, index: int, size: int, address: int) -> tuple[Tree, str, str]:
    """The memory an area with an address of its own lies in, made if the board has no RAM there, and a note then."""
    end = address + size
    what = f"GC area {index} ({format_size(size)} at {format_address(address)})"
    if end > 2**32:
        raise BoardError(board.source, f"{what} does not fit in 32 bits of address")
    hit = [m for m in board.memories if address < m.end and m.origin < end]
    inside = next((m for m in hit if m.kind is MemoryKind.RAM and m.origin <= address and end <= m.end), None)
    if inside is not None:
        return tree, inside.name, ""
    for memory in hit:
        needed = [r for r in board.regions_in(memory.name) if r.kind not in _MAY_BE_COVERED]
        if memory.kind is MemoryKind.RAM and needed:
            raise BoardError(board.source, f"{what} does not fit in {memory.name}, where {needed[0].name} needs room")
        tree = _without_start(tree, memory, board.regions_in(memory.name), end)
    name = f"RAM{index}"
    extra: Tree = {"title": "given with the GC area", "kind": "ram", "origin": address, "length": size}
    note = f"{what} lies where this board has no such RAM: taken as a memory of its own"
    note += f" in place of {', '.join(m.name for m in hit)}" if hit else ""
    return merge(tree, {"memory": {name: extra}}), name, note


def _without_start(tree: Tree, memory: Memory, regions: tuple[Region, ...], end: int) -> Tree:
    """``tree`` without the part of ``memory`` in front of ``end``; without all of it if nothing is left."""
    tree = drop(tree, [f"region.{r.name}" for r in regions if r.name and r.origin < end])
    if end >= memory.end:
        return drop(tree, [f"memory.{memory.name}"])
    return merge(tree, {"memory": {memory.name: {"origin": end, "length": memory.end - end}}})


# ── Single values ────────────────────────────────────────────────────────────────────────────────────────────────────


def editable_values(board: Board) -> dict[str, object]:
    """See :meth:`Board.values`."""
    return {key: value for key, (_, value) in _editable(board).items()}


def replace_values(board: Board, values: Mapping[str, str | int | float | bool]) -> Board:
    """See :meth:`Board.with_values`."""
    known = _EDITABLE.of("", (board,), lambda: _editable(board))  # sweeps edit one board again and again
    tree = board.tree
    gone = set()
    for key, value in values.items():
        if key not in known:
            raise BoardError(board.source, f"no value {key!r}{_near(key, list(known))}")
        path, old = known[key]
        new = _converted(board, key, value, old)
        indexed = _INDEXED.fullmatch(key)
        if indexed and indexed[1] == RegionKind.GC and not new:
            gone.add(int(indexed[2]))
            continue
        if indexed and f"{indexed[1]}[{int(indexed[2]) + 1}].size" in known and not new:
            raise BoardError(board.source, f"{key} cannot be 0: only the last {indexed[1]} region can be left out")
        change: Tree = {path[-1]: new}
        for part in reversed(path[:-1]):
            change = {part: change}
        tree = merge(tree, change)
    changed = resolve(board.source, tree, board.notes)
    if not gone:
        return changed
    return replace_gc_areas(changed, tuple((a.length, a.origin) for a in changed.gc_areas if a.index not in gone))


def _editable(board: Board) -> dict[str, tuple[tuple[str, ...], object]]:
    """Key → (path in the tree, present value). GC areas and UMA pools go by their index: ``gc[1]``, ``uma[0]``."""
    found: dict[str, tuple[tuple[str, ...], object]] = {}
    for region in board.regions:
        if not region.name:
            continue
        name = region.name if region.index is None else f"{region.kind}[{region.index}]"
        found[f"{name}.size"] = (("region", region.name, "size"), region.size)
        found[f"{name}.origin"] = (("region", region.name, "origin"), region.origin)
    for memory in board.memories:
        found[f"memory.{memory.name}.origin"] = (("memory", memory.name, "origin"), memory.origin)
        found[f"memory.{memory.name}.length"] = (("memory", memory.name, "length"), memory.length)
    for name, table in Table(board.source, "", board.tree).tables("filesystem").items():
        if table.values.get("stock"):
            emptied = "emptied" in table and table.flag("emptied")
            found[f"filesystem.{name}.emptied"] = (("filesystem", name, "emptied"), emptied)
    for top in ("core", "cache"):
        _leaves(board.tree.get(top), (top,), found)
    _leaves(facts_of(board.release), ("release",), found)
    for memory_name, table in Table(board.source, "", board.tree).tables("memory").items():
        _leaves(table.values.get("timing"), ("memory", memory_name, "timing"), found)
    return found


def _leaves(tree: object, path: tuple[str, ...], found: dict[str, tuple[tuple[str, ...], object]]) -> None:
    for key, value in tree.items() if isinstance(tree, dict) else ():
        if isinstance(value, dict):
            _leaves(value, (*path, key), found)
        elif key not in _FIXED:
            found[".".join((*path, key))] = ((*path, key), value)


def _converted(board: Board, key: str, value: str | float | bool, old: object) -> object:
    """``value`` as the type of ``old``."""
    try:
        if isinstance(old, bool):
            return {"true": True, "false": False}[str(value).lower()]
        if isinstance(old, int) and old < 0:
            return int(value)
        if isinstance(old, int):
            return parse_size(value if isinstance(value, int) else str(value))
        if isinstance(old, list):
            return [float(part) for part in str(value).strip("[]").split(",")]
    except (ValueError, KeyError) as error:
        raise BoardError(board.source, f"{key} cannot be {value!r}; it is {old!r} now") from error
    return str(value)


def _near(word: str, known: list[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only for a message

    near = get_close_matches(word, known, n=5, cutoff=0.4)
    sizes = [name for name in known if name.endswith(".size")]
    return f"; near are {', '.join(near)}" if near else f"; sizes are {', '.join(sizes)}"
