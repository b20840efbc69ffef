"""A comparison as a capture, for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim._version import __version__
from omvsim.capture._columns import Capture
from omvsim.capture._document import Column, Document, Table
from omvsim.capture._headline import Figure, Headline, Tile, Tone
from omvsim.capture._parts import no_figure
from omvsim.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.capture._document import Cell
    from omvsim.capture._headline import Unit
    from omvsim.compare import Change, Comparison, FigurePair, Held

_UNITS: tuple[Unit, ...] = ("bytes", "ms", "count")
_TILES = ("heap free", "arena used", "frame")


def capture_compare(given: Comparison) -> Capture:
    """Pour a comparison into a capture."""
    reasons = [("A", f"{given.titles[0]}: {given.words[0]}: {given.sentences[0]}")]
    reasons += [("B", f"{given.titles[1]}: {given.words[1]}: {given.sentences[1]}")]
    reasons += [("decided by", given.decided)] * (given.deciding is not None)
    if given.parting is not None:
        ends = given.parting.a or "nothing more", given.parting.b or "nothing more"
        reasons.append(("they part at", f"request {given.parting.number}: A {ends[0]}; B {ends[1]}"))
    tables = (
        *_figure_tables(given.figures),
        _changes("owners", "Who holds memory", given.owners, "At the moment that decided, or at the end."),
        _changes("regions", "Regions of the board", given.regions, ""),
    )
    return Capture(
        Document(
            omvsim=__version__,
            kind="compare",
            title=f"{given.titles[0]} and {given.titles[1]}",
            subtitle=f"A: {given.subjects[0]}; B: {given.subjects[1]}",
            verdict=Headline(
                key="compare", tone=_tone(given), word="Side by side", sentence=given.sentence, reasons=tuple(reasons)
            ),
            tiles=tuple(_tile(pair) for pair in given.figures if pair.name in _TILES),
            tables=tuple(table for table in tables if table.rows),
        )
    )


def _tone(given: Comparison) -> Tone:
    ranks = {"good": 0, "plain": 1, "warn": 2, "bad": 3}
    first, second = (ranks.get(tone, 1) for tone in given.tones)
    return "good" if second < first else "bad" if second > first else "plain"


def _tile(pair: FigurePair) -> Tile:
    if pair.a is None or pair.b is None:
        return Tile(title=pair.name, figure=no_figure("–"), says="only one of them has it")
    more = pair.b - pair.a
    tone: Tone = "plain" if not more else "bad" if (more > 0) == pair.more_is_worse else "good"
    figure = Figure(unit=pair.unit, value=more, provenance=str(Provenance.DERIVED))
    sign = "more" if more > 0 else "less" if more < 0 else "the same"
    return Tile(title=f"{pair.name.capitalize()}: {sign} in B", figure=figure, says="B − A", tone=tone)


def _figure_tables(pairs: Sequence[FigurePair]) -> Iterator[Table]:
    """A table a unit."""
    for unit in _UNITS:
        rows: list[tuple[Cell, ...]] = []
        tones: list[Tone] = []
        for pair in pairs:
            if pair.unit != unit:
                continue
            more = None if pair.a is None or pair.b is None else pair.b - pair.a
            rows.append((pair.name, pair.a, pair.b, more))
            tones.append("plain" if not more else "bad" if (more > 0) == pair.more_is_worse else "good")
        columns = (Column(title="figure"), *(Column(title=title, unit=unit) for title in ("A", "B", "B − A")))
        title = {"bytes": "Figures", "ms": "Times", "count": "Counts"}[unit]
        yield Table(key=f"figures-{unit}", title=title, columns=columns, rows=tuple(rows), tones=tuple(tones))


def _changes(key: str, title: str, changes: Sequence[Change], note: str) -> Table:
    columns = (
        Column(title="what"),
        Column(title="change"),
        Column(title="A", unit="bytes"),
        Column(title="B", unit="bytes"),
        Column(title="B − A", unit="bytes"),
        Column(title="A in"),
        Column(title="B in"),
    )
    rows = tuple(
        (
            change.name,
            ", ".join(change.what),
            None if change.a is None else change.a.bytes,
            None if change.b is None else change.b.bytes,
            change.difference,
            _places(change.a),
            _places(change.b),
        )
        for change in changes
    )
    return Table(key=key, title=title, columns=columns, rows=rows, note=note)


def _places(held: Held | None) -> str:
    return "" if held is None else ", ".join(held.places)


__all__ = ["capture_compare"]
