"""``omvsim what-if`` as a capture: one function an action."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from omvsim.capture._document import Chart, Column, Series, Table
from omvsim.capture._headline import Figure, Headline, Tile
from omvsim.capture._whatif_parts import CRASH, ENDING, document, ending, size_tile, tone_of, trust
from omvsim.units import format_bytes, format_size, parse_size
from omvsim.verdict import Verdict
from omvsim.whatif import best_rung

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.capture._columns import Capture
    from omvsim.capture._document import Cell
    from omvsim.whatif import Comparison, Edge, Rung

MOST_ROWS = 50_000


# -- min, max -------------------------------------------------------------------------------------------------------


def capture_edge(edge: Edge, model: str, *, until: str, largest: bool) -> Capture:
    """The edge along one value."""
    trusted = trust(entry.provenance for entry in edge.ranges)
    best = edge.largest if largest else edge.smallest
    goal = f"{PurePath(model).name} can {until}"
    word = "largest" if largest else "smallest"
    says = (
        f"with no {edge.key} in the range" if best is None else f"{format_bytes(best)} bytes is the {word} {edge.key}"
    )
    crash = (
        f"{len(edge.may_crash)} sizes, {format_size(edge.step)} apart" if edge.may_crash else "no size that was tried"
    )
    return document(
        trusted,
        PurePath(model).name,
        f"what-if {'max' if largest else 'min'} {edge.key}",
        Headline(
            key="found" if best is not None else "none",
            tone="good" if best is not None else "bad",
            word="Works" if best is not None else "Nothing works",
            sentence=f"{says} with which {goal}" if best is not None else f"{says} {goal}",
        ),
        tiles=(
            size_tile(f"The {word} that works", best, trusted, edge.key),
            size_tile("Always works from", edge.always_from, trusted, "to the end of the range"),
            Tile(
                title="May crash at",
                figure=Figure(unit="count", value=len(edge.may_crash), provenance=trusted),
                says=crash,
                tone="warn" if edge.may_crash else "good",
            ),
        ),
        tables=(_ranges(edge),),
        charts=(_outcomes(edge),),
    )


def _ranges(edge: Edge) -> Table:
    return Table(
        key="ranges",
        title="Ranges that end alike",
        columns=(
            Column(title="from", unit="bytes"),
            Column(title="to", unit="bytes"),
            *(Column(title=name) for name in ("outcome", "arena in", "model in", "what the camera says")),
        ),
        rows=tuple(
            (
                entry.from_bytes,
                entry.to_bytes,
                "works" if entry.works else entry.verdict,
                entry.arena_area,
                entry.data_area,
                f"{entry.stage}: {entry.error}" if entry.error else "",
            )
            for entry in edge.ranges
        ),
        tones=tuple("good" if entry.works else tone_of(entry.verdict) for entry in edge.ranges),
        note=f"{edge.evaluations} configurations were tried, {format_size(edge.step)} apart at the edges.",
    )


def _outcomes(edge: Edge) -> Chart:
    works = [entry for entry in edge.ranges if entry.works]
    return Chart(
        key="outcomes",
        title=f"What works along {edge.key}",
        x=Column(title=edge.key, unit="bytes"),
        y=Column(title="1 works, 0 does not", unit="count"),
        series=(Series(name="works", points=_stairs(edge)),),
        marks=tuple((entry.from_bytes, f"works from {format_size(entry.from_bytes)}") for entry in works[:4]),
    )


def _stairs(edge: Edge) -> tuple[tuple[float, float], ...]:
    points: list[tuple[float, float]] = []
    for entry in edge.ranges:
        height = 1.0 if entry.works else 0.0
        points += [(entry.from_bytes, height), (entry.to_bytes, height)]
    return tuple(points)


def capture_largest(rungs: Sequence[Rung]) -> Capture:
    """Frame sizes, or models in several resolutions."""
    best = best_rung(rungs)
    works = sum(rung.outcome.works for rung in rungs)
    trusted = trust(rung.outcome.provenance for rung in rungs)
    return document(
        trusted,
        "The largest that works",
        f"{len(rungs)} tried",
        Headline(
            key="none" if best is None else "found",
            tone="bad" if best is None else "good",
            word="Nothing works" if best is None else "Works",
            sentence="" if best is None else f"{best.value} ({best.width} × {best.height}) is the largest that works",
        ),
        tiles=(
            Tile(
                title="Works",
                figure=Figure(unit="count", value=works, provenance=trusted),
                says=f"of {len(rungs)}",
            ),
        ),
        tables=(
            Table(
                key="rungs",
                title="From small to large",
                columns=(
                    Column(title="value"),
                    *(Column(title=n, unit="count") for n in ("width", "height")),
                    *ENDING,
                ),
                rows=tuple((rung.value, rung.width, rung.height, *ending(rung.outcome)) for rung in rungs),
                tones=tuple(tone_of(rung.outcome.verdict) for rung in rungs),
            ),
        ),
    )


# -- sweep ----------------------------------------------------------------------------------------------------------


def capture_sweep(rows: Sequence[dict[str, Any]], varied: Sequence[str]) -> Capture:
    """A grid of configurations; ``varied`` are the keys that differ between them."""
    kept = rows[:MOST_ROWS]
    good = sum(row["verdict"] == Verdict.OK for row in rows)
    trusted = trust(row.get("provenance") for row in rows)
    keys = [key for key in varied if any(key in row for row in kept)]
    shown = (*keys, "verdict", "model_ram", "arena_area", "longest_free_bytes", "error")
    units = {"model_ram": "bytes", "longest_free_bytes": "bytes"}
    return document(
        trusted,
        "A sweep of configurations",
        ", ".join(keys),
        Headline(
            key="swept",
            tone="good" if good == len(rows) else "bad" if not good else "warn",
            word="All work" if good == len(rows) else "None works" if not good else "Some work",
            sentence=f"{good} of {len(rows)} configurations run to the end",
        ),
        tiles=(
            Tile(
                title="Work",
                figure=Figure(unit="count", value=good, provenance=trusted),
                says=f"of {len(rows)}",
                tone="good" if good else "bad",
            ),
            Tile(
                title="May crash",
                figure=Figure(unit="count", value=sum(r["verdict"] == CRASH for r in rows), provenance=trusted),
            ),
        ),
        tables=(
            Table(
                key="sweep",
                title="Configurations",
                columns=tuple(
                    Column.model_validate({"title": key.replace("_", " "), "unit": units.get(key, "text")})
                    for key in shown
                ),
                rows=tuple(tuple(_cell(key, row.get(key)) for key in shown) for row in kept),
                tones=tuple(tone_of(row["verdict"]) for row in kept),
                note="" if len(kept) == len(rows) else f"The first {MOST_ROWS} of {len(rows)}.",
            ),
        ),
        charts=_sweep_charts(kept, keys),
    )


def _cell(key: str, value: object) -> Cell:
    if key == "model":
        return PurePath(str(value)).name
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _number(key: str, value: object) -> float | None:
    if isinstance(value, str) and key.endswith("size"):
        try:
            return parse_size(value)
        except ValueError:  # the name of a frame size
            return None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _sweep_charts(rows: Sequence[dict[str, Any]], keys: Sequence[str]) -> tuple[Chart, ...]:
    """Room left along every varied value that is a number."""
    charts = []
    for key in keys:
        numbers = [(_number(key, row.get(key)), float(row["longest_free_bytes"])) for row in rows]
        points = [(x, y) for x, y in numbers if x is not None]
        if len({x for x, _ in points}) > 1:
            charts.append(
                Chart(
                    key=f"sweep-{key}",
                    title=f"Longest free run at the end along {key}",
                    x=Column(title=key, unit="bytes" if key.endswith("size") else "count"),
                    y=Column(title="longest free run", unit="bytes"),
                    series=(Series(name="configurations", points=tuple(sorted(points))),),
                    scatter=True,
                )
            )
    return tuple(charts)


# -- compare, recommend ---------------------------------------------------------------------------------------------


def capture_comparison(comparison: Comparison) -> Capture:
    """Two configurations side by side."""
    first, second = comparison.first, comparison.second
    trusted = trust(str(result.provenance) for result in (first, second))
    sides = tuple(f"{name}: {result.verdict}" for name, result in (("a", first), ("b", second)))
    moved = sum(difference.moved for difference in comparison.differences)
    return document(
        trusted,
        PurePath(first.model.path).name,
        "two configurations side by side",
        Headline(
            key="compared",
            tone="good" if second.failure is None else "bad",
            word="Compared",
            sentence=f"{', '.join(sides)}; {len(comparison.differences)} large allocations differ, {moved} moved",
        ),
        tables=(
            Table(
                key="settings",
                title="What was set differently",
                columns=tuple(Column(title=name) for name in ("value", "a", "b")),
                rows=tuple((key, _text(a), _text(b)) for key, a, b in comparison.settings),
            ),
            Table(
                key="differences",
                title="Large allocations that differ",
                columns=(
                    *(Column(title=name) for name in ("step", "what")),
                    *(column for side in "ab" for column in _sides(side)),
                ),
                rows=tuple(
                    (
                        difference.step,
                        difference.owner,
                        *(
                            cell
                            for place in (difference.first, difference.second)
                            for cell in ((None, "not made") if place is None else (place.bytes, place.area))
                        ),
                    )
                    for difference in comparison.differences
                ),
            ),
        ),
    )


def _sides(side: str) -> tuple[Column, Column]:
    return Column(title=f"{side}: bytes", unit="bytes"), Column(title=f"{side}: in")


def _text(value: object) -> str:
    return "not set" if value is None else str(value)


__all__ = ["capture_comparison", "capture_edge", "capture_largest", "capture_sweep"]
