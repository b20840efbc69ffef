"""``omvsim releases`` as a capture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim._version import __version__
from omvsim.capture._columns import Capture
from omvsim.capture._document import Document
from omvsim.capture._headline import Figure, Headline, Tile, Tone
from omvsim.capture._parts import fact, no_figure
from omvsim.capture._releases import releases_tables, runs_on
from omvsim.provenance import Provenance
from omvsim.releases import ReleaseSummary, ScriptSummary

if TYPE_CHECKING:
    from collections.abc import Sequence

    Row = ReleaseSummary | ScriptSummary
    Found = Sequence[tuple[str, Sequence[ReleaseSummary] | Sequence[ScriptSummary]]]


def capture_releases(found: Found, board: str) -> Capture:
    """Pour models and scripts, by name, on every release of a board into a capture."""
    rows: list[Row] = [row for _, on in found for row in on]
    running = sum(map(runs_on, rows))
    names = [name for name, _ in found]
    models = [(name, [row for row in on if isinstance(row, ReleaseSummary)]) for name, on in found]
    scripts = [(name, [row for row in on if isinstance(row, ScriptSummary)]) for name, on in found]
    tone: Tone = "good" if running == len(rows) else "warn" if running else "bad"
    return Capture(
        Document(
            omvsim=__version__,
            kind="releases",
            title=names[0] if len(names) == 1 else f"{len(names)} {_kinds(rows)}",
            subtitle=f"{board}, every release",
            verdict=Headline(
                key="releases",
                tone=tone,
                word=_word(running, len(rows)),
                sentence="" if len(names) == 1 else f"{len(names)} {_kinds(rows)}, each on every release",
                reasons=tuple((name, _sentence(on)) for name, on in found),
            ),
            tiles=_tiles(rows) if len(names) == 1 else (),
            tables=releases_tables([each for each in models if each[1]], [each for each in scripts if each[1]]),
            facts=tuple(fact("figures", Provenance(name)) for name in sorted({row.provenance for row in rows})),
        )
    )


def _kinds(rows: Sequence[Row]) -> str:
    kinds = {"scripts" if isinstance(row, ScriptSummary) else "models" for row in rows}
    return " and ".join(sorted(kinds))


def _word(running: int, of: int) -> str:
    if running == of:
        return "Runs on every release"
    return f"Runs on {running} of {of} releases" if running else "Runs on no release"


def _sentence(rows: Sequence[Row]) -> str:
    """Where it runs, in runs of releases: ``4.5.0 to 4.5.5 and 4.8.1``."""
    spans: list[list[str]] = []
    before = False
    for row in rows:
        if runs_on(row):
            if before:
                spans[-1][1:] = [row.firmware]
            else:
                spans.append([row.firmware])
        before = runs_on(row)
    words = [" to ".join(span) for span in spans]
    return f"runs on {' and '.join(words)}" if words else "runs on none of them"


def _tiles(rows: Sequence[Row]) -> tuple[Tile, ...]:
    newest = rows[-1]
    fits = Tile(
        title=f"On the newest, {newest.firmware}",
        figure=Figure(unit="text", text="runs" if runs_on(newest) else "does not run", provenance=newest.provenance),
        says=newest.exception or newest.reason or "",
        tone="good" if runs_on(newest) else "bad",
    )
    if isinstance(newest, ScriptSummary):
        figures: tuple[tuple[str, int | None, str], ...] = (
            ("Free at the end", newest.free_at_end, ""),
            ("Longest free run", newest.longest_free_at_end, ""),
        )
    else:
        figures = (
            ("model.ram", newest.model_ram, f"arena in {newest.arena_area}" if newest.arena_area else ""),
            ("Free after loading", newest.free_after_load, ""),
        )
    return fits, *(
        Tile(
            title=f"{title} on {newest.firmware}",
            figure=no_figure("–") if value is None else Figure(unit="bytes", value=value, provenance=newest.provenance),
            says=says,
        )
        for title, value, says in figures
    )


__all__ = ["capture_releases"]
