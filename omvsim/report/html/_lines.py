"""Curves: the heap over time, and whatever a search varied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.report.html._figures import cell_text, short_size
from omvsim.report.html._maps import moment_title
from omvsim.report.html._svg import chart, element, line, rect, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from omvsim.capture import Chart, Document

_WIDTH, _HEIGHT = 1000, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 12, 12, 44
_NAMES = ("used", "free", "longest free run")
_MOST_POINTS = 1500


def heap_over_time(document: Document) -> Markup | None:
    """Used, free and longest run of all heap areas together, with collections; None where nobody looked twice."""
    heaps = [number for number, area in enumerate(document.areas) if area.kind == "gc"]
    whole = sum(document.areas[number].size for number in heaps)
    moments = document.moments[:: max(1, len(document.moments) // _MOST_POINTS)]
    if len(moments) < 2 or not whole:
        return None
    used = [sum(moment.levels[number].used for number in heaps) for moment in moments]
    longest = [max(moment.levels[number].longest_free for number in heaps) for moment in moments]
    curves = [used, [whole - value for value in used], longest]
    across, up = (_WIDTH - _LEFT - _RIGHT) / (len(moments) - 1), (_HEIGHT - _TOP - _BOTTOM) / whole
    parts = _grid(0, whole, "bytes")
    for number, moment in enumerate(moments):
        x = _LEFT + number * across
        title = moment_title(moment.kind, moment.label, moment.frame, moment.line)
        if moment.kind in ("collection", "refusal"):
            parts.append(rect(x - 1, _TOP, 2, _HEIGHT - _TOP - _BOTTOM, title, class_=f"at-{moment.kind}"))
    for number, values in enumerate(curves):
        points = [(_LEFT + at * across, _HEIGHT - _BOTTOM - value * up) for at, value in enumerate(values)]
        parts.append(line(points, class_=f"line s{number}"))
    parts += _legend([*_NAMES])
    parts.append(text(_WIDTH - _RIGHT, _HEIGHT - _BOTTOM + 18, f"{len(document.moments)} moments", class_="axis end"))
    return chart("Heap used, free and longest free run over the run", _WIDTH, _HEIGHT, parts)


def _grid(low: float, high: float, unit: str) -> list[Markup]:
    parts = []
    for part in range(5):
        value = low + (high - low) * part / 4
        y = _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * part / 4
        parts.append(line([(_LEFT, y), (_WIDTH - _RIGHT, y)], class_="grid"))
        shown = short_size(value) if unit == "bytes" else f"{value:.3g}"
        parts.append(text(_LEFT - 6, y + 4, shown, class_="axis end"))
    return parts


def _legend(names: Sequence[str]) -> list[Markup]:
    parts, x = [], float(_LEFT)
    for number, name in enumerate(names):
        parts.append(rect(x, _HEIGHT - 16, 12, 12, class_=f"swatch s{number}"))
        parts.append(text(x + 17, _HEIGHT - 6, name, class_="axis"))
        x += 40 + 7.2 * len(name)
    return parts


def curve(given: Chart) -> Markup | None:
    """A chart of the capture; None without points."""
    points = [point for series in given.series for point in series.points]
    if not points:
        return None
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    bottom, top = min(0.0, *(y for _, y in points)), max(y for _, y in points)
    right, top = (right if right > left else left + 1), (top if top > bottom else bottom + 1)

    def place(x: float, y: float) -> tuple[float, float]:
        across, up = (_WIDTH - _LEFT - _RIGHT) / (right - left), (_HEIGHT - _TOP - _BOTTOM) / (top - bottom)
        return _LEFT + (x - left) * across, _HEIGHT - _BOTTOM - (y - bottom) * up

    parts = _grid(bottom, top, given.y.unit)
    for number, series in enumerate(given.series):
        if not given.scatter:
            parts.append(line([place(*point) for point in series.points], class_=f"line s{number}"))
        for x, y in series.points[:_MOST_POINTS]:
            at, height = place(x, y)
            title = f"{given.x.title} {cell_text(x, given.x.unit)}: {cell_text(y, given.y.unit)}"
            parts.append(element("circle", element("title", title), cx=at, cy=height, r=4, class_=f"dot s{number}"))
    for x, name in given.marks:
        at, _ = place(x, bottom)
        parts += [
            line([(at, _TOP), (at, _HEIGHT - _BOTTOM)], class_="peak"),
            text(at + 4, _TOP + 12, name, class_="axis"),
        ]
    ends = (left, "axis"), ((left + right) / 2, "axis middle"), (right, "axis end")
    for x, class_ in ends:
        shown = short_size(round(x)) if given.x.unit == "bytes" else f"{x:.4g}"
        parts.append(text(place(x, bottom)[0], _HEIGHT - _BOTTOM + 16, shown, class_=class_))
    parts.append(text(_LEFT, _HEIGHT - 4, f"{given.x.title} →  {given.y.title} ↑", class_="axis"))
    return chart(given.title, _WIDTH, _HEIGHT, parts)


__all__ = ["curve", "heap_over_time"]
