"""How long a run's loading and one frame of its loop take, from where the run put things.

Figures are ranges (low, nominal, high); what stands behind each is in :mod:`omvsim.timing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.errors import BoardError
from omvsim.firmware import InputKind, LoadMode
from omvsim.records import NamedTuple
from omvsim.timing import (
    InferenceTime,
    Placement,
    by_library,
    clear_arena,
    collections_per_frame,
    convert_input,
    convert_output,
    frames_per_second,
    gc_collect,
    heap_areas,
    predict,
    profile_of,
    read_file,
    tier_of,
    workload,
)
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omvsim.runs.scenario import RunResult
    from omvsim.timing import Cost, Improvement, Range, TimingProfile, Workload


class FrameTime(NamedTuple):
    """Milliseconds of one run's parts."""

    profile: TimingProfile
    work: Workload
    arena_used: int
    inference: InferenceTime
    frame_costs: tuple[Cost, ...]
    """What a frame takes beside the inference; the share of a collection included."""
    frame: Range
    """Inference and these costs; Python, drawing and the camera driver are not counted."""
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
    board = result.board
    profile = profile or profile_of(board)
    work = workload(result.model.graph, plan, live=dict(live) if live else None)
    found = _placement(result)
    places = Placement(arena or found.arena, weights or found.weights)
    inference = by_library(predict(work, profile, places), board)
    costs = _frame_costs(result, profile)
    frame = inference.ms
    for cost in costs:
        frame += cost.ms(profile)
    load_costs = _load_costs(result, profile, file_from)
    return FrameTime(
        profile=profile,
        work=work,
        arena_used=plan.arena_used_bytes,
        inference=inference,
        frame_costs=tuple(costs),
        frame=frame,
        load_costs=load_costs,
        load=sum((cost.ms(profile) for cost in load_costs[1:]), start=load_costs[0].ms(profile)),
        fps=frames_per_second(frame, camera_ms),
    )


def time_of_run(result: RunResult) -> FrameTime | None:
    """The time of a run that works; None where it fails, an operator's time is not known or the board has no timing."""
    if result.verdict is not Verdict.OK:
        return None
    try:
        time = frame_time(result)
    except BoardError:  # a profile without the speed of its memories
        return None
    return None if time is None or time.inference.unknown else time


def _placement(result: RunResult) -> Placement:
    model = result.models[-1]
    arenas = [entry.area for entry in result.allocations if entry.owner == "tensor arena"]
    arena = tier_of(result.board, arenas[-1] if arenas else model.arena_area)
    return Placement(arena, tier_of(result.board, model.data_area))


def _frame_costs(result: RunResult, profile: TimingProfile) -> list[Cost]:
    main = result.model.graph.main
    given = result.options.input or (InputKind.CAMERA if result.board.release.module == "tf" else None)
    picture = given in (None, InputKind.CAMERA, InputKind.IMAGE) and any(
        len(tensor.shape) == 4 and tensor.shape[-1] in (1, 3) for tensor in main.input_tensors
    )
    costs = [convert_input(sum(tensor.elements for tensor in main.input_tensors), image=picture, profile=profile)]
    if not result.options.callback and result.options.postprocess is None:
        costs.append(convert_output(sum(tensor.elements for tensor in main.output_tensors)))
    loop = result.loop
    if loop is not None and loop.garbage_per_frame:
        free = sum(area.pool_bytes - area.used_bytes for area in result.areas)
        share = collections_per_frame(loop.garbage_per_frame, free)
        live = sum(area.used_bytes for area in result.areas) // 16
        costs.append(gc_collect(heap_areas(result.board), live, profile).share(share, "collections"))
    return costs


def _load_costs(result: RunResult, profile: TimingProfile, source: str) -> tuple[Cost, ...]:
    sizing = next(entry for entry in result.allocations if entry.owner == "sizing arena")
    costs = [clear_arena(sizing.bytes, tier_of(result.board, sizing.area))]
    if result.model.mode is not LoadMode.ROM:
        costs.append(read_file(result.model.graph.size, source, profile))
    return tuple(costs)
