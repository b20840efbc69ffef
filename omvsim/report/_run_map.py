"""The memory of a run as bars: how full each GC area is, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.heap import BLOCK
from omvsim.records import dataclass
from omvsim.runs.states import SLICES
from omvsim.units import format_bytes, format_size

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from omvsim.advice import Diagnosis
    from omvsim.runs.scenario import RunResult

_LEVELS = "·▁▂▃▄▅▆▇█"
_ASCII_LEVELS = ".:-=+*%#@"
_BARS = (48, 32, 24, 16)
"""Widths a bar may have; all divide :data:`SLICES`."""
_FIGURE = 11
_FIGURES = 3 * _FIGURE + 2
_NARROW = 80
_MARKED = "bold red"


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    length: int
    used: int
    free: int
    longest: int
    occupancy: tuple[int, ...]
    unit: int
    """Bytes of a unit of occupancy."""
    marked: bool = False


def memory_bars(
    result: RunResult, diagnosis: Diagnosis | None, width: int, *, ascii_only: bool = False
) -> list[Text | Table]:
    """A row an area or pool: a bar by address, bytes used and free, longest free run; the one at fault is marked."""
    from rich.table import Table  # noqa: PLC0415 - JSON output must not pay for rich
    from rich.text import Text  # noqa: PLC0415

    rows = _rows(result, diagnosis)
    levels = _ASCII_LEVELS if ascii_only else _LEVELS
    wide = width >= _NARROW
    names = max(len(row.name) for row in rows)
    room = width - names - (_FIGURES if wide else _FIGURES - _FIGURE)
    bar = next((size for size in _BARS if size <= room), _BARS[-1])
    when = "when it failed" if result.failure is not None else "at the end"
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    columns = ("used", "free", "longest run") if wide else ("free", "longest")
    for _ in columns:
        table.add_column(no_wrap=True, justify="right")
    scale = Text(f"low{'address':^{bar - 7}}high", "dim")
    table.add_row(Text(f"Memory {when}", "bold"), scale, *(Text(name, "dim") for name in columns))
    for row in rows:
        style = _MARKED if row.marked else ""
        sizes = (row.used, row.free, row.longest) if wide else (row.free, row.longest)
        cells = [Text(format_bytes(size)) for size in sizes]
        cells[-1].stylize(style)
        table.add_row(Text(row.name, style), _bar(row, bar, levels), *cells)
    return [table]


def _rows(result: RunResult, diagnosis: Diagnosis | None) -> list[_Row]:
    place = None if diagnosis is None else diagnosis.place
    rows = [
        _Row(
            f"gc[{area.index}] {area.memory} {format_size(area.length)}",
            area.pool_bytes,
            area.used_bytes,
            area.pool_bytes - area.used_bytes,
            area.longest_free_bytes,
            area.occupancy,
            BLOCK,
            marked=place == f"gc[{area.index}]",
        )
        for area in result.areas
    ]
    return rows + [
        _Row(
            f"{pool.name} {pool.memory} {format_size(pool.length)}",
            pool.length,
            pool.used_bytes,
            pool.length - pool.used_bytes,
            pool.longest_free_bytes,
            pool.occupancy,
            1,
            marked=place == pool.name,
        )
        for pool in result.pools
        if pool.used_bytes or place == pool.name
    ]


def _bar(row: _Row, cells: int, levels: str) -> Text:
    """The memory from its lowest address on, a character a part, from free to full."""
    from rich.text import Text  # noqa: PLC0415

    per_cell = SLICES // cells
    bar = Text()
    for cell in range(cells):
        used = sum(row.occupancy[cell * per_cell : (cell + 1) * per_cell]) * row.unit
        share = used / max(1, row.length / cells)
        level = 0 if not used else max(1, min(len(levels) - 1, round(share * (len(levels) - 1))))
        bar.append(levels[level], style="green" if level else "dim")
    return bar
