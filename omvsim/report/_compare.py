"""Two captures side by side, as text and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from omvsim.report._run_verdict import wrapped
from omvsim.units import format_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.compare import Change, Comparison, FigurePair, Held

SCHEMA_VERSION = 1
_WIDTH = 80
_MOST = 20
_NAME = 25


def captures_text(given: Comparison, *, everything: bool = False) -> str:
    """For a terminal of 80 columns; what is the same only with ``everything``."""
    lines = [*_heads(given), *_figures(given.figures)]
    lines += _changes("Who holds memory", given.owners, everything=everything)
    lines += _changes("Regions of the board", given.regions, everything=everything)
    return "".join("".join(c if c.isprintable() else "?" for c in line) + "\n" for line in lines)


def captures_verdict(given: Comparison) -> str:
    """What the two sides come to, in a line."""
    return "; ".join(f"{side}: {word}" for side, word in zip("AB", given.words, strict=True))


def _heads(given: Comparison) -> Iterator[str]:
    texts = [
        (letter, f"{title}: {word}: {sentence}")
        for letter, title, word, sentence in zip("AB", given.titles, given.words, given.sentences, strict=True)
    ]
    if given.deciding is not None:
        texts.append(("decided by", given.decided))
    if given.parting is not None:
        ends = given.parting.a or "nothing more", given.parting.b or "nothing more"
        texts.append(("part at", f"request {given.parting.number}: A {ends[0]}; B {ends[1]}"))
    for label, text in texts:
        yield from wrapped(f"{label:<11}{text}", _WIDTH, " " * 11).splitlines()


def _figures(pairs: Sequence[FigurePair]) -> Iterator[str]:
    if not pairs:
        return
    yield ""
    yield f"{'':<26}{'A':>12} {'B':>12} {'B less A':>12}"
    for pair in pairs:
        name = f"{pair.name}{'' if pair.unit == 'count' else f', {pair.unit}'}"
        more = None if pair.a is None or pair.b is None else pair.b - pair.a
        yield f"{name:<26}{_number(pair.a):>12} {_number(pair.b):>12} {_signed(more):>12}"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return format_bytes(int(value)) if value == int(value) or value >= 1000 else f"{value:.3g}"


def _signed(value: float | None) -> str:
    return _number(value) if value is None or value <= 0 else f"+{_number(value)}"


def _changes(title: str, changes: Sequence[Change], *, everything: bool) -> Iterator[str]:
    shown = [change for change in changes if everything or change.what != ("same",)]
    if not shown:
        return
    yield ""
    yield f"{title:<{_NAME}} {'A':>12} {'B':>12} {'B less A':>12}"
    for change in shown[:_MOST]:
        size = ["–" if held is None else format_bytes(held.bytes) for held in (change.a, change.b)]
        more = _signed(change.difference)
        name = _cut(change.name, _NAME)
        yield _cut(f"{name:<{_NAME}} {size[0]:>12} {size[1]:>12} {more:>12} {', '.join(change.what)}", _WIDTH)
        if "moved" in change.what:
            yield _cut(f"  {_places(change.a)} → {_places(change.b)}", _WIDTH)
    if len(shown) > _MOST:
        yield f"and {len(shown) - _MOST} more"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _places(held: Held | None) -> str:
    return "" if held is None else ", ".join(held.places)


def captures_json(given: Comparison) -> dict[str, object]:
    """The same for tools (``docs/schemas/compare.json``)."""
    sides = zip(given.titles, given.words, given.sentences, given.tones, strict=True)
    first, second = ({"title": t, "word": w, "sentence": s, "tone": tone} for t, w, s, tone in sides)
    return {
        "schema": "omvsim.compare",
        "schema_version": SCHEMA_VERSION,
        "a": first,
        "b": second,
        "sentence": given.sentence,
        "deciding": None if given.deciding is None else asdict(given.deciding),
        "parting": None if given.parting is None else asdict(given.parting),
        "figures": [{"name": p.name, "unit": p.unit, "a": p.a, "b": p.b} for p in given.figures],
        "owners": [_change(change) for change in given.owners],
        "regions": [_change(change) for change in given.regions],
    }


def _change(change: Change) -> dict[str, object]:
    return {
        "name": change.name,
        "what": list(change.what),
        "difference": change.difference,
        "a": _held(change.a),
        "b": _held(change.b),
    }


def _held(held: Held | None) -> dict[str, object] | None:
    return None if held is None else {"bytes": held.bytes, "chunks": held.chunks, "places": list(held.places)}


__all__ = ["captures_json", "captures_text", "captures_verdict"]
