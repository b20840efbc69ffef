"""How long a run's loading and one frame of its loop take, from where the run put things.

A frame is what the run's own frames did (:attr:`omvsim.runs.ScriptResult.work`): its inferences, conversions, and the
share of a collection that its garbage comes to. ``run``, ``exec``, ``time`` and ``gate`` all ask here. Figures are
ranges (low, nominal, high); what stands behind each is in :mod:`omvsim.timing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.errors import BoardError
from omvsim.firmware import LoadMode
from omvsim.heap import BLOCK
from omvsim.provenance import Provenance
from omvsim.records import NamedTuple
from omvsim.timing import (
    InferenceTime,
    Placement,
    by_library,
    clear_arena,
    collections_per_frame,
    frames_per_second,
    gc_collect,
    heap_areas,
    inference_time,
    predict,
    profile_of,
    read_file,
    tier_of,
    workload,
)
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from omvsim.boards import Board
    from omvsim.runs import ScriptResult
    from omvsim.runs.scenario import RunResult
    from omvsim.timing import Cost, Improvement, Range, TimingProfile, Workload
    from omvsim.world.spent import Ran


class Frame(NamedTuple):
    """One frame of a loop: inferences, conversions, the share of a collection; not Python, drawing and the camera."""

    ms: Range
    costs: tuple[Cost, ...]
    """What it takes beside the inferences."""
    provenance: Provenance
    """That of its weakest part, as any sum has."""


class FrameTime(NamedTuple):
    """Milliseconds of one run's parts."""

    profile: TimingProfile
    work: Workload
    arena_used: int
    inference: InferenceTime
    """One inference of the run's model."""
    frame: Frame
    load_costs: tuple[Cost, ...]
    load: Range
    fps: Range

    @property
    def improvements(self) -> tuple[Improvement, ...]:
        """Places of arena and weights that are faster, found when they are asked for: that costs as much again."""
        from omvsim.timing import improvements  # noqa: PLC0415 - not part of every run

        return tuple(improvements(self.work, self.profile, self.inference, self.arena_used))


def frame_time(
    result: RunResult,
    *,
    live: Mapping[int, float] | None = None,
    camera_ms: float = 0.0,
    profile: TimingProfile | None = None,
    arena: str | None = None,
    weights: str | None = None,
    file_from: str = "flash",
) -> FrameTime | None:
    """Time a run; None when its model never got an arena.

    Args:
        result: the run.
        live: share of unsaturated elements by operator, where a real inference knows it.
        camera_ms: time of one camera frame.
        profile: instead of the board's own.
        arena: memory of the arena (``dtcm`` …) instead of the one that the run put it in.
        weights: likewise for the model's data.
        file_from: ``flash`` or ``sd``, what a model that is not in ROM is read from.

    Raises:
        BoardError: the profile does not know the speed of a memory.
    """
    plan = result.model.plan
    if not plan.is_ok or not result.models:
        return None
    board, course = result.board, result.course
    profile = profile or profile_of(board)
    work = workload(result.model.graph, plan, live=dict(live) if live else None)
    found = _placement(result)
    places = Placement(arena or found.arena, weights or found.weights)
    inference = by_library(predict(work, profile, places), board)
    ran = course.work.inferences
    others = [(_one(board, each), each.times) for each in ran if each.file.graph is not result.model.graph]
    ours = sum(each.times for each in ran if each.file.graph is result.model.graph)
    frame = _frame(
        course, profile, [(inference, ours or 1.0), *((time, times) for time, times in others if time is not None)]
    )
    load_costs = _load_costs(result, profile, file_from)
    return FrameTime(
        profile=profile,
        work=work,
        arena_used=plan.arena_used_bytes,
        inference=inference,
        frame=frame,
        load_costs=load_costs,
        load=sum((cost.ms(profile) for cost in load_costs[1:]), start=load_costs[0].ms(profile)),
        fps=frames_per_second(frame.ms, camera_ms),
    )


def inference_of(result: RunResult) -> InferenceTime:
    """One inference of a run's model, with arena and weights where the run put them.

    Raises:
        BoardError: the profile does not know the speed of a memory.
    """
    work = workload(result.model.graph, result.model.plan)
    return by_library(predict(work, profile_of(result.board), _placement(result)), result.board)


def time_of_run(result: RunResult) -> FrameTime | None:
    """The time of a run that works; None where it fails, an operator's time is not known or the board has no timing."""
    if result.verdict is not Verdict.OK:
        return None
    try:
        time = frame_time(result)
    except BoardError:  # a profile without the speed of its memories
        return None
    return None if time is None or time.inference.unknown else time


def frame_of_script(result: ScriptResult) -> Frame | None:
    """One frame of any script that works; None where :func:`time_of_run` has none, and where nothing is inferred."""
    ran = result.work.inferences
    if result.verdict is not Verdict.OK or not ran:
        return None
    try:
        profile = profile_of(result.board)
        times = [(_one(result.board, each), each.times) for each in ran]
    except BoardError:
        return None
    known = [(time, count) for time, count in times if time is not None and not time.unknown]
    return _frame(result, profile, known) if len(known) == len(times) else None


def _frame(course: ScriptResult, profile: TimingProfile, inferences: Iterable[tuple[InferenceTime, float]]) -> Frame:
    costs, found = list(course.work.conversions), None
    loop, snapshot = course.loop, course.snapshot
    if loop is not None and loop.garbage_bytes:
        share = collections_per_frame(loop.garbage_bytes, snapshot.free_collected)
        if share:
            whole = gc_collect(heap_areas(course.board), snapshot.live // BLOCK, profile)
            costs.append(whole.share(share, "collections"))
    provenance = Provenance.MODELLED
    for time, count in inferences:
        found = time.ms.times(count) if found is None else found + time.ms.times(count)
        provenance = provenance.weakest(time.provenance)
    assert found is not None
    for cost in costs:
        found += cost.ms(profile)
        provenance = provenance.weakest(cost.provenance)
    return Frame(found, tuple(costs), provenance)


def _one(board: Board, ran: Ran) -> InferenceTime | None:
    """One inference, computed where the run had no use for its time."""
    return ran.one or inference_time(board, ran.file.graph, ran.file.plan, ran.arena_area, ran.data_area)


def _placement(result: RunResult) -> Placement:
    model = result.models[-1]
    arenas = [entry.area for entry in result.allocations if entry.owner == "tensor arena"]
    arena = tier_of(result.board, arenas[-1] if arenas else model.arena_area)
    return Placement(arena, tier_of(result.board, model.data_area))


def _load_costs(result: RunResult, profile: TimingProfile, source: str) -> tuple[Cost, ...]:
    sizing = next(entry for entry in result.allocations if entry.owner == "sizing arena")
    costs = [clear_arena(sizing.bytes, tier_of(result.board, sizing.area))]
    if result.model.mode is not LoadMode.ROM:
        costs.append(read_file(result.model.graph.size, source, profile))
    return tuple(costs)
