"""A camera script, as a gate's subject: run as ``omvsim exec`` runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from omvsim.advice import ways_out_of_script
from omvsim.boards import board_once
from omvsim.gate._types import Blame, Figure, Metric, figure_key
from omvsim.provenance import Provenance
from omvsim.runs import ScriptOptions, run_script
from omvsim.units import format_bytes
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from omvsim.gate._types import Check, Job, Limit
    from omvsim.runs import ScriptResult

_NAMED = 2


class ScriptRun(NamedTuple):
    """One run of a script."""

    path: Path
    result: ScriptResult
    options: ScriptOptions
    figures: tuple[Figure, ...]

    @property
    def verdict(self) -> Verdict:
        return self.result.verdict

    @property
    def provenance(self) -> Provenance:
        return self.result.provenance

    @property
    def doubt(self) -> str:
        result = self.result
        if result.provenance is Provenance.EXACT:
            return ""
        unknown = [f"{what} (line {line}) is not modelled" for what, line in result.unmodelled]
        reasons = (*unknown, *result.notes)
        return "; ".join(reasons) or f"firmware {result.board.firmware}: scripts were not measured on it"

    def failure(self) -> str:
        failure = self.result.failure
        text = "" if failure is None else failure.text.strip().splitlines()[-1]
        if self.verdict is Verdict.UNKNOWN:
            return f"whether it runs is not known: {text or self.doubt}"
        return text or str(self.verdict)

    def why_missing(self, limit: Limit) -> str:
        match limit.metric:
            case Metric.HEADROOM:
                return f"firmware {self.result.board.firmware} has no GC area {limit.where}"
            case Metric.TIME if (loop := self.result.loop) is not None and loop.rate is not None:
                return f"no facts about the time of {', '.join(loop.rate.unknown)}"
            case Metric.TIME | Metric.GARBAGE:
                return "no loop of the script works on two frames and more: there is no figure for one"
        return "there is no such figure"

    def blame_check(self, check: Check) -> Blame:
        loop = self.result.loop
        match check.limit.metric:
            case Metric.GARBAGE if loop is not None:
                return Blame(self._most(loop.body))
            case Metric.HEADROOM | Metric.LONGEST_FREE:
                held = (
                    ""
                    if loop is None or not loop.held_bytes
                    else (f"what the script holds grows by {format_bytes(loop.held_bytes)} bytes a frame; ")
                )
                return Blame(held + self._most(self.result.lines))
        return Blame()

    def _most(self, lines: Iterable[int]) -> str:
        """The lines that asked for most; 0 is boot, and compiling the script."""
        costs = self.result.lines
        asked = sorted((line for line in lines if line and line in costs), key=lambda line: -costs[line].bytes)
        name = self.path.name
        return (
            "most is asked for by "
            + " and ".join(f"{name}:{line} ({format_bytes(costs[line].bytes)} bytes in all)" for line in asked[:_NAMED])
            if asked
            else ""
        )

    def blame_failure(self) -> Blame:
        failure = self.result.failure
        if failure is None:
            return Blame()
        parts = [f"{self.path.name}:{failure.line}"] if failure.line else []
        refused = failure.refused
        if refused is not None:
            parts.append(
                f"{format_bytes(refused.bytes)} bytes asked for, the longest free run is "
                f"{format_bytes(refused.longest_free)}"
            )
        if failure.reason:
            parts.append(failure.reason)
        ways = ways_out_of_script(self.path, self.options, self.result, only_cheapest=True)
        fix = "" if not ways else ways[0].title + (f": {ways[0].code}" if ways[0].code else "")
        return Blame(", ".join(parts), fix)


def run_of_script(root: Path, job: Job) -> ScriptRun:
    """Run a job.

    Raises:
        InputError: what it names cannot be used.
    """
    path = root / job.model
    options = ScriptOptions(
        frames=job.entry.frames, models=tuple(root / name for name in job.handed), told_when_interrupted=False
    )
    result = run_script(path, board_once(job.entry.board, job.firmware), options)
    found = tuple(_figures(result, high=job.entry.high_time)) if result.verdict is Verdict.OK else ()
    return ScriptRun(path, result, options, found)


def _figures(result: ScriptResult, *, high: bool) -> Iterator[Figure]:
    whole = sum(area.pool_bytes for area in result.snapshot.areas)
    for area in result.snapshot.collected:
        key = figure_key(Metric.HEADROOM, f"gc{area.index}")
        yield Figure(key, Metric.HEADROOM, area.pool_bytes - area.used_bytes, area.pool_bytes, f"gc[{area.index}]")
    yield Figure("headroom.total", Metric.HEADROOM, result.snapshot.free_collected, whole, "the heap")
    largest = max(result.snapshot.areas, key=lambda area: area.pool_bytes)
    longest, name = result.snapshot.longest_free, f"gc[{largest.index}]"
    yield Figure("longest_free", Metric.LONGEST_FREE, longest, largest.pool_bytes, name)
    loop = result.loop
    if loop is None:
        return
    if loop.garbage_bytes is not None:
        yield Figure("garbage_per_frame", Metric.GARBAGE, loop.garbage_bytes, whole, "the heap")
    if loop.rate is not None and not loop.rate.unknown:
        ms = loop.rate.frame_ms
        yield Figure("time_ms", Metric.TIME, round(ms.high if high else ms.nominal, 3))
