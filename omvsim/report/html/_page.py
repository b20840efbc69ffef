"""The page put together from its sections."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from omvsim.capture import MEANINGS
from omvsim.provenance import Provenance
from omvsim.records import NamedTuple
from omvsim.report.html._arena import arena_chart
from omvsim.report.html._board import board_strip
from omvsim.report.html._figures import bounds_text, figure_text, milliseconds
from omvsim.report.html._fills import fill_view
from omvsim.report.html._lines import curve, heap_over_time
from omvsim.report.html._maps import CODE, LEVELS, OWNERS, Maps, holes_chart
from omvsim.report.html._overlap import overlap_chart, overwritten
from omvsim.report.html._rows import (
    allocations_table,
    buffers_table,
    generic_table,
    operators_table,
    steps_table,
)
from omvsim.units import format_address, format_bytes

if TYPE_CHECKING:
    from omvsim.capture import Capture, Document, Source
    from omvsim.report.html._rows import TableView

_TEMPLATES = Path(__file__).parent / "templates"


class SourceRow(NamedTuple):
    """A line of the script with what it asked for."""

    number: int
    text: str
    bytes: str
    share: float
    requests: str
    garbage: str
    in_loop: bool
    marked: bool


def render(capture: Capture) -> str:
    """The whole page."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(figure_text=figure_text, bounds_text=bounds_text, ms=milliseconds)
    environment.globals.update(number=format_bytes, address=format_address)
    environment.filters["whole"] = _whole
    return environment.get_template("page.html.jinja").render(**_context(capture))


def _whole(text: str) -> str:
    """Figures such as 8 196 416 do not break at the end of a line."""
    return re.sub(r"(?<=\d) (?=\d{3}\b)", "\N{NO-BREAK SPACE}", text)


def _context(capture: Capture) -> dict[str, Any]:
    document = capture.document
    maps = Maps(capture) if document.areas and document.moments else None
    map_data = None if maps is None else maps.data()
    return {
        "d": document,
        "style": Markup((_TEMPLATES / "style.css").read_text(encoding="utf-8")),
        "script": Markup((_TEMPLATES / "script.js").read_text(encoding="utf-8")),
        "board": None if document.board is None else board_strip(document.board),
        "maps": maps,
        "fills": fill_view(document, maps),
        "map_data": None
        if map_data is None
        else _as_script(map_data | {"levels": LEVELS, "code": CODE, "most": OWNERS}),
        "map_moments": [] if map_data is None else map_data["moments"],
        "area_maps": [] if maps is None or map_data is None else _area_maps(maps, map_data),
        "holes": None if document.verdict.request is None else holes_chart(capture, document.verdict.request),
        "overlap": _overlap(document),
        "over_time": heap_over_time(document),
        "arenas": [(arena, arena_chart(arena), buffers_table(arena, at)) for at, arena in enumerate(document.arenas)],
        "tables": _tables(capture),
        "operators": None if document.timing is None else operators_table(document.timing.operators),
        "charts": [(chart, drawn) for chart in document.charts if (drawn := curve(chart)) is not None],
        "source": None if document.source is None else _source_rows(document, document.source),
        "meanings": {str(provenance): MEANINGS[provenance] for provenance in Provenance},
    }


def _overlap(document: Document) -> tuple[Markup, int] | None:
    """The crash zone drawn, and how many of the places still read it covers."""
    overlap = document.verdict.overlap
    return None if overlap is None else (overlap_chart(overlap), len(overwritten(overlap)))


def _as_script(value: object) -> Markup:
    """JSON that cannot end the element it stands in."""
    text = json.dumps(value, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _area_maps(maps: Maps, data: dict[str, Any]) -> list[tuple[Any, Markup]]:
    cells = data["maps"][maps.shown]
    length = len(cells) // max(1, len(maps.document.areas))
    return [
        (area, maps.area_map(number, cells[number * length : (number + 1) * length]))
        for number, area in enumerate(maps.document.areas)
    ]


def _tables(capture: Capture) -> list[TableView]:
    found = [steps_table(capture.document), allocations_table(capture)]
    generic = [generic_table(table) for table in capture.document.tables if table.rows]
    return [*generic, *(table for table in found if table is not None)]


def _source_rows(document: Document, source: Source) -> list[SourceRow]:
    costs = {line.line: line for line in source.lines}
    most = max([1, *(line.bytes for line in source.lines if line.line)])
    request = document.verdict.request
    marked = 0 if request is None else request.line
    first, last = source.loop_lines or (0, -1)
    rows = []
    for number, text in enumerate(source.text, 1):
        cost = costs.get(number)
        garbage = None if cost is None else cost.garbage_per_frame
        rows.append(
            SourceRow(
                number,
                text,
                "" if cost is None else format_bytes(cost.bytes),
                0.0 if cost is None else cost.bytes / most,
                "" if cost is None else format_bytes(cost.requests),
                "" if garbage is None else format_bytes(garbage),
                first <= number <= last,
                number == marked,
            )
        )
    return rows


__all__ = ["render"]
