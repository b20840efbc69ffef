"""One model or script on every release: a table for people, JSON for tools."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from omvsim.units import format_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType
    from rich.text import Text

    from omvsim.releases import ReleaseSummary, ScriptSummary

SCHEMA_VERSION = 1


def render_releases(model: str, rows: Sequence[ReleaseSummary]) -> RenderableType:
    """A table, one line a release, then what changed from one to the next."""
    from rich.console import Group  # noqa: PLC0415 - rich is slow to import
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(title=f"{model} on every release", title_justify="left", box=None, pad_edge=False)
    table.add_column("release", no_wrap=True)
    table.add_column("runs", no_wrap=True)
    table.add_column("from", no_wrap=True)
    table.add_column("model.ram", justify="right", no_wrap=True)
    table.add_column("arena in", no_wrap=True)
    table.add_column("free after load", justify="right", no_wrap=True)
    table.add_column("what the camera prints")
    for row in rows:
        runs, style = _verdict(row)
        table.add_row(
            row.firmware,
            Text(runs, style),
            row.load,
            "" if row.model_ram is None else format_bytes(row.model_ram),
            row.arena_area or "",
            "" if row.free_after_load is None else format_bytes(row.free_after_load),
            _says(row),
        )
    return Group(table, Text(""), *_changes(rows))


def _verdict(row: ReleaseSummary) -> tuple[str, str]:
    doubt = "" if row.provenance in ("exact", "unknown") else f" ({row.provenance})"
    if row.verdict == "ok":
        return f"yes{doubt}", "green"
    if row.with_load_to_fb == "ok":
        return "load_to_fb", "yellow"
    words = {"may_crash": "may crash", "hangs": "hangs", "unknown": "unknown"}
    return words.get(row.verdict, "no") + doubt, "red"


def _says(row: ReleaseSummary) -> str:
    if row.verdict == "may_crash":
        return "nothing: HardFault, hang or luck"
    if row.verdict == "hangs":
        return "nothing: it stands still until it is reset"
    said = (row.reason if row.verdict == "no_space" else row.exception) or ""
    return f"{said} (works with load_to_fb=True)" if row.with_load_to_fb == "ok" else said


def render_script_releases(script: str, frames: int, rows: Sequence[ScriptSummary]) -> RenderableType:
    """The same of a script: one line a release, then what changed."""
    from rich.console import Group  # noqa: PLC0415 - rich is slow to import
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(title=f"{script} on every release, {frames} frames", title_justify="left", box=None, pad_edge=False)
    table.add_column("release", no_wrap=True)
    table.add_column("runs", no_wrap=True)
    table.add_column("line", justify="right", no_wrap=True)
    table.add_column("free at end", justify="right", no_wrap=True)
    table.add_column("what the camera prints")
    for row in rows:
        runs, style = _script_verdict(row)
        free = "" if row.free_at_end is None else format_bytes(row.free_at_end)
        said = row.exception or row.reason or ""
        table.add_row(row.firmware, Text(runs, style), str(row.line or ""), free, Text(said))
    return Group(table, Text(""), *_changes(rows))


def _script_verdict(row: ScriptSummary) -> tuple[str, str]:
    doubt = "" if row.provenance in ("exact", "unknown") else f" ({row.provenance})"
    words = {"ok": "yes", "may_crash": "may crash", "hangs": "hangs", "unknown": "unknown"}
    return words.get(row.verdict, "no") + doubt, "green" if row.verdict == "ok" else "red"


def _changes(rows: Sequence[ReleaseSummary] | Sequence[ScriptSummary]) -> list[Text]:
    from rich.text import Text  # noqa: PLC0415 - rich is slow to import

    changed = [Text(f"  {row.firmware}: " + "; ".join(row.changes)) for row in rows if row.changes]
    return [Text("What changed:", "bold"), *changed]


def script_releases_json(script: str, frames: int, rows: Sequence[ScriptSummary]) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "schema": "omvsim.releases.script",
        "schema_version": SCHEMA_VERSION,
        "script": script,
        "frames": frames,
        "releases": [asdict(row) | {"changes": list(row.changes)} for row in rows],
    }


def releases_json(model: str, rows: Sequence[ReleaseSummary]) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "schema": "omvsim.releases",
        "schema_version": SCHEMA_VERSION,
        "model": model,
        "releases": [asdict(row) | {"changes": list(row.changes)} for row in rows],
    }
