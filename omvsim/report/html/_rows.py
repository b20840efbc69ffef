"""Tables of the page: a cell is its text and, for sorting, its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from omvsim.capture import ALLOC, MOVE, PLACED, HeapMaps
from omvsim.records import NamedTuple
from omvsim.report.html._figures import cell_text, milliseconds
from omvsim.units import format_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from omvsim.capture import Arena, Capture, Document, OperatorTime, Table

_MOST_GROUPS = 800


class CellView(NamedTuple):
    """What is shown, the number it is sorted by, and the share of its column a bar behind it fills."""

    text: str
    value: float | None = None
    share: float | None = None


class TableView(NamedTuple):
    """A table; ``numeric`` columns stand to the right. ``filters`` are columns with a list to choose from."""

    key: str
    title: str
    columns: Sequence[str]
    numeric: Sequence[bool]
    rows: Sequence[Sequence[CellView]]
    tones: Sequence[str] = ()
    note: str = ""
    filters: Sequence[int] = ()


def size(value: int, most: float = 0) -> CellView:
    """Bytes or a count."""
    return CellView(format_bytes(value), value, value / most if most > 0 else None)


def generic_table(table: Table) -> TableView:
    """A table of the capture as it is."""
    numbers = [column.unit != "text" for column in table.columns]
    most = [_most(table, at) if numeric else 0.0 for at, numeric in enumerate(numbers)]
    bars = table.key.startswith(("before-after", "checks"))
    rows = [
        [
            CellView(
                cell_text(value, column.unit),
                float(value) if isinstance(value, int | float) else None,
                abs(value) / most[at] if bars and isinstance(value, int | float) and most[at] > 0 else None,
            )
            for at, (value, column) in enumerate(zip(row, table.columns, strict=True))
        ]
        for row in table.rows
    ]
    titles = [f"{c.title}{f', {c.unit}' if c.unit in ('bytes', 'ms') else ''}" for c in table.columns]
    return TableView(table.key, table.title, titles, numbers, rows, table.tones, table.note)


def _most(table: Table, at: int) -> float:
    return max((abs(row[at]) for row in table.rows if isinstance(row[at], int | float)), default=0.0)  # type: ignore[arg-type]  # mypy does not follow the index


def allocations_table(capture: Capture) -> TableView | None:
    """Requests that took a place, alike ones together: same owner, line, area and size."""
    column = capture.column
    took = np.flatnonzero(np.isin(column("request_kind"), (ALLOC, MOVE, PLACED)))
    if not len(took):
        return None
    areas = _area_numbers(capture, column("request_address")[took])
    keys = np.stack(
        [column("request_name")[took], column("request_line")[took], areas, column("request_bytes")[took]], axis=1
    )
    unique, first, inverse, counts = np.unique(keys, axis=0, return_index=True, return_inverse=True, return_counts=True)
    alive = np.bincount(inverse.reshape(-1), np.isin(took, _alive(capture)), len(unique)).astype(int)
    total = unique[:, 3] * counts
    order = np.argsort(-total, kind="stable")[:_MOST_GROUPS]
    names = [area.name for area in capture.document.areas] + ["elsewhere"]
    document = capture.document
    with_lines = document.source is not None
    steps = column("request_step")[took]
    most = float(total.max())
    rows = []
    for at in order.tolist():
        name, line, area, bytes_ = (int(value) for value in unique[at])
        rows.append(
            [
                CellView(document.names[name]),
                *([CellView(str(line) if line else "–", line)] if with_lines else []),
                CellView(names[area]),
                size(bytes_),
                size(int(counts[at])),
                size(int(total[at]), most),
                size(int(alive[at])),
                CellView(_step_name(document, int(steps[first[at]])), int(steps[first[at]])),
            ]
        )
    line_title = ["line"] if with_lines else []
    titles = ["owner", *line_title, "area", "bytes", "times", "bytes in all", "there at the end", "first in"]
    numeric = [title in ("line", "bytes", "times", "bytes in all", "there at the end") for title in titles]
    rest = len(unique) - len(order)
    note = f"{format_bytes(len(took))} allocations in {format_bytes(len(unique))} groups" + (
        f"; the {format_bytes(rest)} smallest groups are not listed" if rest else ""
    )
    filters = [titles.index(title) for title in ("area", *line_title)]
    return TableView("allocations", "Allocations", titles, numeric, rows, (), note, filters)


def _area_numbers(capture: Capture, addresses: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]  # of any width
    found = np.full(len(addresses), len(capture.document.areas), np.int64)
    for number, area in enumerate(capture.document.areas):
        found[(addresses >= area.origin) & (addresses < area.origin + area.length)] = number
    return found


def _alive(capture: Capture) -> list[int]:
    """Requests behind what stands at the last mapped moment."""
    last: list[int] = []
    for _, _, _, requests in HeapMaps(capture).blocks():
        last = requests.tolist()
    return last


def _step_name(document: Document, step: int) -> str:
    if document.kind == "exec":
        return f"frame {step}" if step else "before"
    return document.steps[step].name if step < len(document.steps) else ""


def steps_table(document: Document) -> TableView | None:
    """Steps of a scenario, or frames of a script."""
    if not document.steps:
        return None
    most = float(max(step.bytes for step in document.steps))
    rows = [
        [
            CellView(step.name, number),
            CellView(step.exception or step.detail),
            size(step.requests),
            size(step.bytes, most),
            CellView(format_bytes(step.garbage), step.garbage),
            size(step.collections),
            size(step.free),
            size(step.longest_free),
        ]
        for number, step in enumerate(document.steps)
    ]
    tones = ["bad" if step.exception else "plain" for step in document.steps]
    titles = ("step", "what", "requests", "bytes", "garbage", "collections", "free after", "longest run")
    title = "Frames" if document.kind == "exec" else "Steps"
    return TableView("steps", title, titles, (False, False, *[True] * 6), rows, tones)


def operators_table(operators: Sequence[OperatorTime]) -> TableView:
    """Operators with their time, what bounds it, and the traffic."""
    kinds = [name for name, _ in operators[0].traffic] if operators else []
    most = max((operator.nominal for operator in operators), default=0.0)
    rows = [
        [
            CellView(str(operator.index), operator.index),
            CellView(operator.name),
            CellView(milliseconds(operator.nominal), operator.nominal, operator.nominal / most if most else None),
            CellView(f"{milliseconds(operator.low)} to {milliseconds(operator.high)}", operator.high),
            CellView(operator.bound),
            *(size(amount) for _, amount in operator.traffic),
            CellView(operator.provenance),
        ]
        for operator in operators
    ]
    titles = ("no.", "operator", "ms", "between", "bound by", *(f"{kind}, bytes" for kind in kinds), "provenance")
    numeric = (True, False, True, True, False, *[True] * len(kinds), False)
    return TableView("operators", "Operators", titles, numeric, rows, (), "", (4,))


def buffers_table(arena: Arena, number: int) -> TableView:
    """The buffers of an arena, largest first: what the chart shows, for those who do not see it."""
    most = max((buffer.bytes for buffer in arena.buffers), default=0)
    rows = [
        [
            CellView(buffer.name),
            CellView(f"{buffer.type} {list(buffer.shape)}" if buffer.shape else buffer.kind),
            size(buffer.bytes, most),
            size(buffer.offset),
            CellView(str(buffer.first), buffer.first),
            CellView(str(buffer.last), buffer.last),
        ]
        for buffer in sorted(arena.buffers, key=lambda buffer: -buffer.bytes)[:_MOST_GROUPS]
    ]
    titles = ("tensor", "type and shape", "bytes", "offset", "from step", "to step")
    return TableView(f"buffers-{number}", "Buffers", titles, (False, False, True, True, True, True), rows)


def fixed_rows(rows: Iterable[Sequence[str]]) -> list[list[CellView]]:
    """Rows of plain text."""
    return [[CellView(cell) for cell in row] for row in rows]


__all__ = [
    "CellView",
    "TableView",
    "allocations_table",
    "buffers_table",
    "fixed_rows",
    "generic_table",
    "operators_table",
    "steps_table",
]
