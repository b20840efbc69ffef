"""The memory of a run as bars: how full each GC area is, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.scenario import SLICES
from omvsim.units import format_bytes, format_size

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from omvsim.advice import Diagnosis
    from omvsim.scenario import AreaState, RunResult

_LEVELS = "·▁▂▃▄▅▆▇█"
_BARS = (48, 32, 24, 16)
"""Widths a bar may have; all divide :data:`SLICES`."""
_BESIDE_BAR = 52
_NARROW = 80
_MARKED = "bold red"


def memory_bars(result: RunResult, diagnosis: Diagnosis | None, width: int) -> list[Text | Table]:
    """A row an area: a bar by address, bytes used and free, longest free run; the area at fault is marked."""
    from rich.table import Table  # noqa: PLC0415 - JSON output must not pay for rich
    from rich.text import Text  # noqa: PLC0415

    wide = width >= _NARROW
    bar = next((size for size in _BARS if size <= width - (_BESIDE_BAR if wide else _BESIDE_BAR - 11)), _BARS[-1])
    when = "when it failed" if result.failure is not None else "at the end"
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    for _ in range(3 if wide else 2):
        table.add_column(no_wrap=True, justify="right")
    heading = [Text(f"GC heap {when}", "bold"), Text("low → high address", "dim")]
    table.add_row(*heading, *(Text(name, "dim") for name in (("used",) if wide else ()) + ("free", "longest")))
    for area in result.areas:
        marked = diagnosis is not None and diagnosis.place == f"gc[{area.index}]"
        style = _MARKED if marked else ""
        free = area.pool_bytes - area.used_bytes
        sizes = [area.used_bytes, free, area.longest_free_bytes] if wide else [free, area.longest_free_bytes]
        table.add_row(
            Text(f"gc[{area.index}] {area.memory} {format_size(area.length)}", style),
            _bar(area, bar),
            *(Text(format_bytes(size), style if size is sizes[-1] else "") for size in sizes),
        )
    return [table]


def _bar(area: AreaState, cells: int) -> Text:
    """The pool from its lowest address on, a character a part: from ``·`` (free) to ``█`` (full)."""
    from rich.text import Text  # noqa: PLC0415

    per_cell = SLICES // cells
    blocks = area.pool_bytes // 16
    bar = Text()
    for cell in range(cells):
        used = sum(area.occupancy[cell * per_cell : (cell + 1) * per_cell])
        room = blocks * (cell + 1) // cells - blocks * cell // cells
        level = 0 if not used else max(1, min(len(_LEVELS) - 1, round(used / max(1, room) * (len(_LEVELS) - 1))))
        bar.append(_LEVELS[level], style="green" if level else "dim")
    return bar
