"""One model or script on every release, as a table of a capture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.capture._document import Column, Table
from omvsim.releases import ReleaseSummary
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.capture._document import Cell
    from omvsim.capture._headline import Tone
    from omvsim.releases import ScriptSummary

    Found = Sequence[tuple[str, Sequence[ReleaseSummary]]]
    """Models on every release, by name."""
    Scripts = Sequence[tuple[str, Sequence[ScriptSummary]]]

_WORDS = {Verdict.OK: "runs", Verdict.MAY_CRASH: "may crash", Verdict.HANGS: "hangs", Verdict.UNKNOWN: "not known"}
_TONES: dict[str, Tone] = {Verdict.OK: "good", Verdict.MAY_CRASH: "warn", Verdict.UNKNOWN: "warn"}
_COLUMNS = (
    Column(title="release"),
    Column(title="outcome"),
    Column(title="from"),
    Column(title="model.ram", unit="bytes"),
    Column(title="arena in"),
    Column(title="free after load", unit="bytes"),
    Column(title="what the camera prints"),
    Column(title="provenance"),
    Column(title="what changed"),
)

_SCRIPT_COLUMNS = (
    Column(title="release"),
    Column(title="outcome"),
    Column(title="line", unit="count"),
    Column(title="free at the end", unit="bytes"),
    Column(title="longest free run", unit="bytes"),
    Column(title="what the camera prints"),
    Column(title="provenance"),
    Column(title="what changed"),
)


def releases_table(rows: Sequence[ReleaseSummary], model: str = "", number: int = 0) -> Table:
    """A row a release, in order; ``model`` names it where there may be several, ``number`` counts them."""
    return Table(
        key=f"releases-{number}" if number else "releases",
        title=f"{model} on every release" if model else "Releases",
        columns=_COLUMNS,
        rows=tuple(_row(row) for row in rows),
        tones=tuple(_tone(row) for row in rows),
        note="The model alone, with the script that omvsim run takes where none is named, and no change of the board.",
    )


def script_table(rows: Sequence[ScriptSummary], script: str, number: int = 0) -> Table:
    """A row a release, in order."""
    return Table(
        key=f"script-releases-{number}" if number else "script-releases",
        title=f"{script} on every release",
        columns=_SCRIPT_COLUMNS,
        rows=tuple(
            (
                row.firmware,
                _WORDS.get(Verdict(row.verdict), "does not run"),
                row.line,
                row.free_at_end,
                row.longest_free_at_end,
                "; ".join(filter(None, (row.exception or row.reason, row.lacks))),
                row.provenance,
                "; ".join(row.changes),
            )
            for row in rows
        ),
        tones=tuple(_tone(row) for row in rows),
        note="Its first frames, with no change of the board.",
    )


def _with_fb(row: ReleaseSummary | ScriptSummary) -> bool:
    if not isinstance(row, ReleaseSummary):
        return False
    return row.verdict != Verdict.OK and row.with_load_to_fb == Verdict.OK


def _tone(row: ReleaseSummary | ScriptSummary) -> Tone:
    return "warn" if _with_fb(row) else _TONES.get(row.verdict, "bad")


def _row(row: ReleaseSummary) -> tuple[Cell, ...]:
    outcome = "runs with load_to_fb=True" if _with_fb(row) else _WORDS.get(Verdict(row.verdict), "does not run")
    return (
        row.firmware,
        outcome,
        row.load,
        row.model_ram,
        row.arena_area or "",
        row.free_after_load,
        row.exception or row.reason or "",
        row.provenance,
        "; ".join(row.changes),
    )


def releases_tables(found: Found, scripts: Scripts = ()) -> tuple[Table, ...]:
    """A table a script, then one a model."""
    return (
        *(script_table(rows, script, number) for number, (script, rows) in enumerate(scripts)),
        *(releases_table(rows, model, number) for number, (model, rows) in enumerate(found)),
    )


def runs_on(row: ReleaseSummary | ScriptSummary) -> bool:
    """Whether it runs there, be it with ``load_to_fb``."""
    return row.verdict == Verdict.OK or _with_fb(row)


__all__ = ["releases_table", "releases_tables", "runs_on", "script_table"]
