"""Runs one camera script on every release of a board."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from omvsim.boards import DEFAULT_BOARD, load_board, releases
from omvsim.releases._changes import changes
from omvsim.runs import run_script
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from omvsim.runs import ScriptOptions, ScriptResult


@dataclass(frozen=True, slots=True)
class ScriptSummary:
    """What a script does on one release: plain values, cheap to send between processes."""

    firmware: str
    verdict: str
    outcome: str
    """A value of :class:`omvsim.runs.Outcome`: how it ended, or that its frames were done."""
    exception: str | None
    """What the camera prints; None also where it dies or stands still without a word."""
    line: int | None
    """Of the script, where that happened."""
    reason: str | None
    """Why there is no promise, or why the camera dies."""
    lacks: str | None
    """What to do about a file that it opened and this computer does not have."""
    free_at_end: int | None
    """Bytes of the heap after a collection; None where nothing is promised of it."""
    longest_free_at_end: int | None
    provenance: str
    changes: tuple[str, ...]
    """What changed on the board against the release before it."""

    @classmethod
    def of(cls, result: ScriptResult, changed: tuple[str, ...]) -> ScriptSummary:
        """The summary of a run."""
        failure, ok = result.failure, result.verdict is Verdict.OK
        printed = failure is not None and bool(failure.kind) and result.verdict is not Verdict.UNKNOWN
        return cls(
            firmware=result.board.firmware,
            verdict=str(result.verdict),
            outcome=str(result.outcome),
            exception=failure.text if failure is not None and printed else None,
            line=(failure.line if failure is not None else next((line for _, line in result.unmodelled), 0)) or None,
            reason=None if ok or printed else _reason(result),
            lacks=result.lacking[0] if result.lacking else None,
            free_at_end=result.snapshot.free_collected if ok else None,
            longest_free_at_end=result.snapshot.longest_collected if ok else None,
            provenance=str(result.provenance),
            changes=changed,
        )


def _reason(result: ScriptResult) -> str | None:
    if result.unmodelled:
        return f"not modelled: {result.unmodelled[0][0]}"
    if result.failure is not None:
        return result.failure.text
    return f"stopped after {result.time_limit:g} s of this computer" if result.outcome == "time limit" else None


def compare_script(script: Path, options: ScriptOptions, *, board: str = DEFAULT_BOARD) -> Iterator[ScriptSummary]:
    """Run ``script`` on every release of ``board``, oldest first.

    Args:
        script: the file.
        options: what every run is given; nothing watches or echoes them.
        board: a profile's name or path.

    Raises:
        InputError: as :func:`omvsim.runs.run_script` of the first release.
    """
    silent = replace(options, echo=False, watcher=None, requests=False)
    before = None
    for firmware in releases(board):
        camera = load_board(board, firmware)
        changed = () if before is None else changes(before, camera)
        yield ScriptSummary.of(run_script(script, camera, silent), changed)
        before = camera


__all__ = ["ScriptSummary", "compare_script"]
