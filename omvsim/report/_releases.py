"""One model or script on every release: a table for people, JSON for tools."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

from omvsim.report._run_verdict import wrapped
from omvsim.units import format_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from omvsim.releases import ReleaseSummary, ScriptSummary

SCHEMA_VERSION = 1


def render_releases(model: str, rows: Sequence[ReleaseSummary], width: int) -> RenderableType:
    """A table, one line a release, what the camera prints, what changed from one to the next, and what it comes to."""
    from rich.console import Group  # noqa: PLC0415 - rich is slow to import
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    title = Text(f"{model} on every release", "italic")
    table = Table(box=None, pad_edge=False)
    for name in ("release", "runs", "from", "model.ram", "arena in", "free after load"):
        table.add_column(name, justify="right" if name in ("model.ram", "free after load") else "left", no_wrap=True)
    for row in rows:
        runs, style = _verdict(row)
        table.add_row(
            row.firmware,
            Text(runs, style),
            row.load,
            "" if row.model_ram is None else format_bytes(row.model_ram),
            row.arena_area or "",
            "" if row.free_after_load is None else format_bytes(row.free_after_load),
        )
    return Group(title, table, *_below([(row.firmware, _word(row)[0], _says(row), row.changes) for row in rows], width))


def _below(rows: Sequence[tuple[str, str, str, Sequence[str]]], width: int) -> Iterator[RenderableType]:
    """Of (release, word, what the camera prints, changes): what is too wide for a table, and what it comes to."""
    from rich.text import Text  # noqa: PLC0415 - rich is slow to import

    said = _alike([(firmware, text) for firmware, _, text, _ in rows])
    changed = [f"{firmware}: " + "; ".join(changes) for firmware, _, _, changes in rows if changes]
    yield from _lines("What the camera prints:", said, width)
    yield from _lines("What changed:", changed, width)
    good = sum(word == "yes" for _, word, _, _ in rows)
    words = [each.split(": ") for each in _alike([(firmware, word) for firmware, word, _, _ in rows])]
    found = f"Runs on {good} of {len(rows)}; " + ", ".join(f"{word}: {names}" for names, word in words)
    yield from ("", Text(wrapped(found, width, "  "), "bold"))


def _lines(title: str, lines: Sequence[str], width: int) -> Iterator[RenderableType]:
    """Lines below their title; nothing without any."""
    from rich.text import Text  # noqa: PLC0415 - as above

    if lines:
        yield from ("", Text(title, "bold"))
        yield from (Text(wrapped(f"  {line}", width, " " * 4)) for line in lines)


def _alike(rows: Sequence[tuple[str, str]]) -> list[str]:
    """``4.5.0 to 4.5.5: text`` of neighbours that have the same text, if they have one."""
    groups = [(text, [firmware for firmware, _ in found]) for text, found in groupby(rows, lambda row: row[1])]
    return [
        f"{names[0] if len(names) == 1 else f'{names[0]} to {names[-1]}'}: {text}" for text, names in groups if text
    ]


def _verdict(row: ReleaseSummary) -> tuple[str, str]:
    word, style = _word(row)
    trusted = row.provenance in ("exact", "unknown") or style == "yellow"
    return word if trusted else f"{word} ({row.provenance})", style


def _word(row: ReleaseSummary) -> tuple[str, str]:
    if row.verdict == "ok":
        return "yes", "green"
    if row.with_load_to_fb == "ok":
        return "load_to_fb", "yellow"
    words = {"may_crash": "may crash", "hangs": "hangs", "unknown": "unknown"}
    return words.get(row.verdict, "no"), "red"


def _says(row: ReleaseSummary) -> str:
    if row.verdict == "may_crash":
        return "nothing: HardFault, hang or luck"
    if row.verdict == "hangs":
        return "nothing: it stands still until it is reset"
    said = (row.reason if row.verdict == "no_space" else row.exception) or ""
    return f"{said} (works with load_to_fb=True)" if row.with_load_to_fb == "ok" else said


def render_script_releases(script: str, frames: int, rows: Sequence[ScriptSummary], width: int) -> RenderableType:
    """The same of a script: one line a release, then what changed."""
    from rich.console import Group  # noqa: PLC0415 - rich is slow to import
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    title = Text(f"{script} on every release, {frames} frames", "italic")
    table = Table(box=None, pad_edge=False)
    table.add_column("release", no_wrap=True)
    table.add_column("runs", no_wrap=True)
    table.add_column("line", justify="right", no_wrap=True)
    table.add_column("free at end", justify="right", no_wrap=True)
    below = []
    for row in rows:
        runs, style = _script_verdict(row)
        free = "" if row.free_at_end is None else format_bytes(row.free_at_end)
        table.add_row(row.firmware, Text(runs, style), str(row.line or ""), free)
        below.append((row.firmware, runs.partition(" (")[0], row.exception or row.reason or "", row.changes))
    lacking = _alike([(row.firmware, row.lacks or "") for row in rows])
    return Group(title, table, *_below(below, width), *_lines("What this computer does not have:", lacking, width))


def _script_verdict(row: ScriptSummary) -> tuple[str, str]:
    doubt = "" if row.provenance in ("exact", "unknown") else f" ({row.provenance})"
    words = {"ok": "yes", "may_crash": "may crash", "hangs": "hangs", "unknown": "unknown"}
    return words.get(row.verdict, "no") + doubt, "green" if row.verdict == "ok" else "red"


def script_releases_json(script: str, frames: int, rows: Sequence[ScriptSummary]) -> dict[str, object]:
    """The same as JSON."""
    return {
        "schema": "omvsim.releases.script",
        "schema_version": SCHEMA_VERSION,
        "script": script,
        "frames": frames,
        "releases": [asdict(row) | {"changes": list(row.changes)} for row in rows],
    }


def releases_json(model: str, rows: Sequence[ReleaseSummary]) -> dict[str, object]:
    """The same as JSON."""
    return {
        "schema": "omvsim.releases",
        "schema_version": SCHEMA_VERSION,
        "model": model,
        "releases": [asdict(row) | {"changes": list(row.changes)} for row in rows],
    }
