"""What a finished run says of itself: its verdict, the reason of a failure, the areas, a loop's steady state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.errors import DeviceCrash, DeviceError, DeviceHang, DeviceMemoryError, DeviceValueError
from omvsim.firmware import DeviceNoFileError
from omvsim.heap import BLOCK
from omvsim.provenance import Provenance
from omvsim.scenario._result import SLICES, AreaState, Failure, LoopState, StepRecord
from omvsim.tflm import Fault, Status
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.boards import Board
    from omvsim.firmware import Camera, ModelFile
    from omvsim.heap import Heap
    from omvsim.scenario._ledger import Refusal

LARGE_BLOCKS = 64
"""Chunks of 1 KiB and more are reported one by one."""


def verdict_of(model: ModelFile, failure: Failure | None) -> Verdict:
    """How a run with this model ended; an arena we cannot know makes every verdict but a MemoryError unknown."""
    fault = model.plan.run_fault
    unknown = model.plan.status is Status.UNKNOWN or (fault is not None and fault.fault is Fault.UNKNOWN)
    if failure is None:
        return Verdict.UNKNOWN if unknown else Verdict.OK
    kind = failure.exception.partition(":")[0]
    if kind == DeviceMemoryError.python_type:
        return Verdict.MEMORY_ERROR
    if unknown:
        return Verdict.UNKNOWN
    if kind == DeviceHang.python_type:
        return Verdict.HANGS
    if kind == DeviceCrash.python_type:
        return Verdict.MAY_CRASH
    if model.plan.status is Status.REFUSED and failure.step == "load":
        return Verdict.REFUSED
    return Verdict.VALUE_ERROR if kind == DeviceValueError.python_type else Verdict.OTHER_ERROR


def reason_of(model: ModelFile, error: DeviceError) -> str:
    """Why the device raises, where its text does not say it: the operator or tensor that the library refuses."""
    if isinstance(error, DeviceCrash):
        return error.text
    if isinstance(error, DeviceNoFileError):
        return error.reason
    return error.because or ("" if model.plan.refusal is None else str(model.plan.refusal))


def failure_of(model: ModelFile, step: str, error: DeviceError, request: Refusal | None) -> Failure:
    """What is kept of an exception that ends the script."""
    refusal = model.plan.refusal
    message = error.library_message or ("" if refusal is None else refusal.library_message)
    remedy = error.remedy or ("" if refusal is None else refusal.remedy)
    return Failure(step, str(error), request, reason_of(model, error), remedy, message)


def provenance_of(camera: Camera, model: ModelFile) -> Provenance:
    """That of the arena; a release that was read and not measured is modelled at best."""
    plan = model.plan.provenance
    if not camera.board.measured:
        plan = plan.weakest(Provenance.ASSUMED)
    return plan if camera.generation.measured else plan.weakest(Provenance.MODELLED)


def notes_of(camera: Camera) -> tuple[str, ...]:
    """What a reader must know of a board or a release that was not measured."""
    return (*_of_board(camera.board), *_of_release(camera))


def _of_board(board: Board) -> tuple[str, ...]:
    if board.measured:
        return ()
    return (
        f"{board.name}: nobody has measured a camera with this profile, so its figures are assumed to follow the rules "
        "that were measured on others.",
    )


def _of_release(camera: Camera) -> tuple[str, ...]:
    if camera.generation.measured:
        return ()
    return (
        f"{camera.board.firmware}: the requests of loading and predicting follow the release's source; what boot and "
        f"the script hold before is taken from {camera.generation.start}, within a few KiB.",
    )


def loop_state(frames: Sequence[StepRecord]) -> LoopState | None:
    """A loop's steady state: garbage per quiet frame, which frames collect, how many until one does."""
    if not frames:
        return None
    quiet = [frame.garbage_bytes for frame in frames if not frame.collections and frame.exception is None]
    garbage = quiet[-1] if quiet else None
    collected = tuple(number for number, frame in enumerate(frames, 1) if frame.collections)
    until = None
    if len(collected) > 1:
        until = collected[1] - collected[0]
    elif garbage:
        until = frames[-1].free_bytes // garbage + len(frames)
    return LoopState(len(frames), garbage, collected, until)


def area_states(board: Board, heap: Heap) -> tuple[AreaState, ...]:
    """Every area of the garbage collector as the run left it."""
    return tuple(
        AreaState(
            index=area.index,
            memory=board.gc_areas[area.index].memory,
            origin=board.gc_areas[area.index].origin,
            length=board.gc_areas[area.index].length,
            pool_bytes=area.blocks * BLOCK,
            used_bytes=area.used * BLOCK,
            longest_free_bytes=area.longest_free_run() * BLOCK,
            occupancy=tuple(area.occupancy(SLICES)),
            large_chunks=tuple(
                (area.address_of(block), count * BLOCK) for block, count in area.chunks() if count >= LARGE_BLOCKS
            ),
        )
        for area in heap.gc.areas
    )
