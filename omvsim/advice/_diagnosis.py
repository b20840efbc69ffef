"""Why a run fails: which request, for what, where it would have had to fit, and what was in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.records import NamedTuple
from omvsim.tflm import Outcome as ArenaOutcome
from omvsim.tflm import Status, allocate, explain_allocation, minimum_arena
from omvsim.units import align_up, format_bytes
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from omvsim.runs.scenario import RunResult
    from omvsim.runs.states import AreaState
    from omvsim.runs.steps import Allocation

_BLOCK = 16
SIZING_ARENA = "sizing arena"


class Diagnosis(NamedTuple):
    """One failure. Sizes are bytes in one run; None where the failure is not about room."""

    step: str
    """The step that failed, e.g. ``load``."""
    detail: str
    """What the script did there, e.g. ``ml.Model('/rom/m.tflite')``."""
    occurrence: int
    """Which of the steps of that name it was, from 1: the second prediction."""
    what: str
    """What the room was for, e.g. ``tensor arena``."""
    needed: int | None
    longest_free: int | None
    """Longest free run at that moment, in any area."""
    free: int | None
    """Free bytes at that moment, all areas together."""
    place: str | None
    """The area it would have had to fit, e.g. ``gc[2]``: of those large enough, the one with the longest run."""
    reason: str
    """One sentence beyond the figures, empty where they say it all."""

    @property
    def missing(self) -> int | None:
        """Bytes by which the longest free run was too short; None when length was not the problem."""
        if self.needed is None or self.longest_free is None or self.needed <= self.longest_free:
            return None
        return self.needed - self.longest_free


def diagnose(result: RunResult) -> Diagnosis | None:
    """What went wrong, or None for a run without a failure."""
    failure = result.failure
    if failure is None:
        return None
    record = next((step for step in reversed(result.steps) if step.exception is not None), None)
    detail = "" if record is None else record.detail
    occurrence = sum(step.name == failure.step for step in result.steps)
    what, needed, longest, free, reason = _room(result)
    place = None if needed is None else _place(result.areas, needed)
    return Diagnosis(failure.step, detail, occurrence, what, needed, longest, free, place, reason)


def _room(result: RunResult) -> tuple[str, int | None, int | None, int | None, str]:
    """(for what, needed, longest free run, free, reason)."""
    failure = result.failure
    assert failure is not None
    refusal = failure.refused
    if result.verdict is Verdict.MEMORY_ERROR and refusal is not None:
        needed = align_up(refusal.bytes, _BLOCK)
        return refusal.what, needed, refusal.longest_free, refusal.free, failure.reason or _held(result)
    sizing = _last(result, SIZING_ARENA)
    plan = result.model.plan
    if failure.step != "load" or sizing is None or plan.status is not Status.OK:
        return "", None, None, None, failure.reason
    if allocate(plan, sizing.bytes) is not ArenaOutcome.OK:
        return "tensor arena", minimum_arena(plan), sizing.bytes, None, failure.reason or _leak(sizing)
    if result.verdict is Verdict.MAY_CRASH:
        return "tensor arena", None, sizing.bytes, None, failure.reason
    return "", None, None, None, failure.reason or _second_pass(result)


def _second_pass(result: RunResult) -> str:
    kept = _last(result, "tensor arena")
    if kept is None:
        return ""
    second = explain_allocation(result.model.plan, kept.bytes)
    if second.outcome is ArenaOutcome.OK:
        return ""  # the exception's own text says it, e.g. "Unsupported input data type 6"
    why = second.reason
    return (
        f"the second AllocateTensors, in the {format_bytes(kept.bytes)} bytes of the arena that is kept, fails: {why}"
    )


def _held(result: RunResult) -> str:
    """Why the outputs of the prediction before are still in the way, if they are."""
    if sum(step.name == "predict" for step in result.steps) < 2:
        return ""
    if result.options.keep_output:
        return "the script still holds the outputs of the prediction before while the new ones are made"
    arena = _last(result, "tensor arena")
    if arena is None or not _behind(result, arena):
        return ""
    return (
        "the first output stands right behind the tensor arena, and the arena holds a pointer to its own end: "
        "the collector takes that for a reference and keeps the output although the script let it go"
    )


def _behind(result: RunResult, arena: Allocation) -> bool:
    """Whether an output of an earlier step starts where the arena ends, and is still there."""
    end = arena.address + align_up(arena.bytes, _BLOCK)
    there = any(address == end for area in result.areas for address, _ in area.large_chunks)
    return there and any(
        entry.address == end and entry.owner.startswith("output array") and entry.step < len(result.steps) - 1
        for entry in result.allocations
    )


def _leak(sizing: Allocation) -> str:
    if not sizing.area.startswith("gc"):
        return ""
    return (
        f"the {format_bytes(sizing.bytes)} bytes of the sizing arena stay allocated until the next collection: "
        "a second attempt without gc.collect() sees even less"
    )


def _last(result: RunResult, owner: str) -> Allocation | None:
    return next((entry for entry in reversed(result.allocations) if entry.owner == owner), None)


def _place(areas: tuple[AreaState, ...], needed: int) -> str | None:
    fitting = [area for area in areas if area.pool_bytes >= needed]
    if not fitting:
        return None
    return f"gc[{max(fitting, key=lambda area: area.longest_free_bytes).index}]"
