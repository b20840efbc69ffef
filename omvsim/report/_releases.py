"""One model on every release: a table for people, JSON for tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim.units import format_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from omvsim.releases import ReleaseRow
    from omvsim.scenario import RunResult

SCHEMA_VERSION = 1


def render_releases(model: str, rows: Sequence[ReleaseRow]) -> RenderableType:
    """A table, one line a release, then what changed from one to the next."""
    from rich.console import Group  # noqa: PLC0415 - rich is slow to import
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(title=f"{model} on every release", title_justify="left", box=None, pad_edge=False)
    for heading, justify in (("release", "left"), ("runs", "left"), ("model.ram", "right"), ("arena in", "left")):
        table.add_column(heading, justify="right" if justify == "right" else "left", no_wrap=True)
    table.add_column("free after load", justify="right", no_wrap=True)
    table.add_column("what the camera prints")
    for row in rows:
        runs, style = _verdict(row)
        ram, area = _arena(row.best)
        free = "" if row.free_after_load is None else format_bytes(row.free_after_load)
        table.add_row(row.firmware, Text(runs, style), ram, area, free, _says(row))
    lines = [Text("What changed:", "bold")]
    lines += [Text(f"  {row.firmware}: " + "; ".join(row.changes)) for row in rows if row.changes]
    return Group(table, Text(""), *lines)


def _verdict(row: ReleaseRow) -> tuple[str, str]:
    verdict = str(row.result.verdict)
    if verdict == "ok":
        return "yes" if row.result.provenance == "exact" else f"yes ({row.result.provenance})", "green"
    if row.with_fb is not None and row.with_fb.verdict == "ok":
        return "load_to_fb", "yellow"
    return "no" if verdict != "may_crash" else "may crash", "red"


def _arena(result: RunResult) -> tuple[str, str]:
    if not result.models:
        return "", ""
    return format_bytes(result.models[0].ram), result.models[0].arena_area


def _says(row: ReleaseRow) -> str:
    said = row.result.exception or ""
    if row.with_fb is not None and row.with_fb.verdict == "ok":
        return f"{said} (works with load_to_fb=True)"
    return said


def releases_json(model: str, rows: Sequence[ReleaseRow]) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "schema": "omvsim.releases",
        "schema_version": SCHEMA_VERSION,
        "model": model,
        "releases": [
            {
                "firmware": row.firmware,
                "verdict": row.result.verdict,
                "exception": row.result.exception,
                "failed_step": None if row.result.failure is None else row.result.failure.step,
                "model_ram": row.best.model_ram,
                "arena_area": row.best.models[0].arena_area if row.best.models else None,
                "free_after_load": row.free_after_load,
                "with_load_to_fb": None if row.with_fb is None else row.with_fb.verdict,
                "provenance": row.result.provenance,
                "changes": list(row.changes),
            }
            for row in rows
        ],
    }
