"""A chart of the page as a file of its own: SVG with its colours in it, or PNG."""

from __future__ import annotations

import importlib
import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from omvsim.errors import CaptureError, MissingExtraError
from omvsim.report.html._arena import arena_chart
from omvsim.report.html._board import board_strip
from omvsim.report.html._lines import curve, heap_over_time
from omvsim.report.html._maps import Maps, holes_chart

if TYPE_CHECKING:
    from omvsim.capture import Capture

_STYLE = Path(__file__).parent / "templates" / "style.css"
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_DRAWN = ("fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "text-anchor", "font-weight", "font-size")
"""Properties that drawings use; the others of a rule are for the page."""
_FONT = "DejaVu Sans, Arial, Helvetica, sans-serif"
_ZOOM = 2.0


def charts(capture: Capture) -> dict[str, Markup]:
    """Every chart of a capture by name: ``board``, ``request``, ``map-gc[0]`` …, ``time``, ``arena`` …"""
    document = capture.document
    found: dict[str, Markup | None] = {}
    if document.verdict.request is not None:
        found["request"] = holes_chart(capture, document.verdict.request)
    if document.areas and document.moments:
        maps = Maps(capture)
        cells = maps.data()["maps"][maps.shown] if maps.maps.moments else ""
        length = len(cells) // len(document.areas)
        for number, area in enumerate(document.areas if cells else ()):
            found[f"map-{area.name}"] = maps.area_map(number, cells[number * length : (number + 1) * length])
    found["time"] = heap_over_time(document)
    for number, arena in enumerate(document.arenas):
        found["arena" if not number else f"arena-{number + 1}"] = arena_chart(arena)
    if document.board is not None:
        found["board"] = board_strip(document.board)
    found |= {chart.key: curve(chart) for chart in document.charts}
    return {name: drawn for name, drawn in found.items() if drawn is not None}


def chart_svg(capture: Capture, name: str | None, *, dark: bool = False) -> str:
    """One chart as an SVG file; without a name the first there is.

    Raises:
        CaptureError: the capture has no chart of that name.
    """
    found = charts(capture)
    wanted = name or next(iter(found), "")
    if wanted not in found:
        there = f"there are {', '.join(found)}" if found else "there is none"
        raise CaptureError(capture.document.title, f"no chart {wanted!r} ({there})" if wanted else "has no chart")
    return standalone(found[wanted], dark=dark)


def chart_png(capture: Capture, name: str | None, *, dark: bool = False) -> bytes:
    """The same as PNG.

    Raises:
        CaptureError: the capture has no chart of that name.
        MissingExtraError: the package that draws it is not installed.
    """
    if importlib.util.find_spec("resvg_py") is None:
        raise MissingExtraError("a PNG needs resvg-py", "pip install resvg-py")
    drawn: bytes = importlib.import_module("resvg_py").svg_to_bytes(
        svg_string=chart_svg(capture, name, dark=dark), zoom=_ZOOM, sans_serif_family="DejaVu Sans"
    )
    return bytes(drawn)


def standalone(drawn: Markup, *, dark: bool = False) -> str:
    """A chart with a name space, a size, a background and the rules of the page's style that it uses."""
    width, height = (int(part) for part in re.findall(r'viewBox="0 0 (\d+) (\d+)"', drawn)[0])
    colours = _colours(dark=dark)
    used = set(re.findall(r"[\w-]+", " ".join(re.findall(r'class="([^"]*)"', drawn))))
    style = "\n".join(_rules(used, colours))
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" font-family="{2}" font-size="12" '
    ).format(width, height, _FONT)
    body = Markup(str(drawn).replace("<svg ", str(head), 1))
    at = body.index(">") + 1
    ground = Markup('<style>{}</style><rect class="ground" width="{}" height="{}"/>').format(
        Markup(style), width, height
    )
    return f"{body[:at]}{ground}{body[at:]}\n"


def _style() -> str:
    """The page's rules but those for paper and small screens."""
    return _STYLE.read_text(encoding="utf-8").split("@media")[0]


def _colours(*, dark: bool) -> dict[str, str]:
    """The page's variables with their values."""
    found: dict[str, str] = {}
    for selector, body in _RULE.findall(_style()):
        if selector.strip() == ":root" or (dark and selector.strip() == ":root[data-theme=dark]"):
            found |= dict(re.findall(r"(--[\w-]+):([^;]+)", body))
    return found


def _rules(used: set[str], colours: dict[str, str]) -> list[str]:
    rules = [f".ground{{fill:{colours['--bg']}}}", f"text{{fill:{colours['--fg']}}}"]
    for selectors, body in _RULE.findall(_style()):
        kept = [one.strip().removeprefix("svg ") for one in selectors.split(",") if _is_used(one.strip(), used)]
        drawn = [pair.strip() for pair in body.split(";") if pair.split(":")[0].strip() in _DRAWN]
        if kept and drawn:
            values = re.sub(r"var\((--[\w-]+)\)", lambda found: colours[found[1]], ";".join(drawn))
            rules.append(f"{','.join(kept)}{{{values}}}")
    return rules


def _is_used(selector: str, used: set[str]) -> bool:
    """Whether it is of classes alone, all of them in the chart."""
    plain = selector.removeprefix("svg ")
    return re.fullmatch(r"(\.[\w-]+)+", plain) is not None and set(re.findall(r"[\w-]+", plain)) <= used


__all__ = ["chart_png", "chart_svg", "charts", "standalone"]
