"""Parts of a capture that more than one kind of run has: the board, ways out, arenas, provenance."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from omvsim.capture._document import Arena, ArenaStep, Board, Buffer, Fact, Memory, OperatorTime, Region
from omvsim.capture._headline import Figure, Fix, Overlap, Tile
from omvsim.graph import TensorType
from omvsim.provenance import Provenance
from omvsim.runtime import make_timeline
from omvsim.units import format_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.advice import Advice
    from omvsim.boards import Board as RealBoard
    from omvsim.errors import Overlap as RealOverlap
    from omvsim.firmware import ModelFile
    from omvsim.frame_time import Frame
    from omvsim.graph import Tensor
    from omvsim.runs import Failure
    from omvsim.runs.states import MemorySnapshot
    from omvsim.runtime import LiveBuffer
    from omvsim.timing import InferenceTime
    from omvsim.timing import OperatorTime as RealOperatorTime

MEANINGS = {
    Provenance.EXACT: "follows the device's own rules, which agree with measurements of it byte for byte",
    Provenance.DERIVED: "follows from the same sources and sizes as what was measured, and was not measured itself",
    Provenance.MODELLED: "follows from a model of the device with a stated bound",
    Provenance.CALIBRATED: "fitted to recorded traces",
    Provenance.ASSUMED: "not measured: the release's source was followed where it is known",
    Provenance.UNKNOWN: "omvsim has no facts for something that decides this",
}
_TAIL_PARTS = 16


def board_part(board: RealBoard) -> Board:
    """The camera."""
    return Board(
        name=board.name,
        title=board.title,
        firmware=board.firmware,
        memories=tuple(
            Memory(name=m.name, title=m.title, kind=str(m.kind), origin=m.origin, length=m.length)
            for m in board.memories
        ),
        regions=tuple(
            Region(
                memory=region.memory,
                kind=str(region.kind),
                title=region.title,
                origin=region.origin,
                size=region.size,
                provenance=str(region.provenance),
                note=region.note,
            )
            for region in board.regions
        ),
    )


def fix_parts(advice: Iterable[Advice]) -> tuple[Fix, ...]:
    """Ways out, cheapest first."""
    return tuple(
        Fix(
            title=way.title,
            code=way.code,
            effort=way.effort.name.lower(),
            free=way.free_bytes,
            longest_free=way.longest_free_bytes,
        )
        for way in advice
    )


def no_figure(text: str) -> Figure:
    """A figure that there is not."""
    return Figure(unit="text", text=text, provenance=str(Provenance.EXACT))


def frame_tile(frame: Frame) -> Tile:
    """How long a frame of a run takes."""
    ms = frame.ms
    figure = Figure(unit="ms", value=ms.nominal, low=ms.low, high=ms.high, provenance=str(frame.provenance))
    return Tile(title="Time of a frame", figure=figure, says="without the script's own work, camera and drawing")


def room_tile(snapshot: MemorySnapshot, failure: Failure | None, provenance: Provenance) -> Tile:
    """What a script can still have: after a collection, or when a request found no room."""
    refused = None if failure is None else failure.refused
    free, longest, when = snapshot.free_collected, snapshot.longest_collected, "after a collection at the end"
    if refused is not None:
        free, longest, when = refused.free, refused.longest_free, "when it failed"
    figure = Figure(unit="bytes", value=free, provenance=str(provenance))
    return Tile(title="Room left in the heap", figure=figure, says=f"{when}; longest run {format_bytes(longest)}")


def why_no_room(needed: int, longest_free: int, free: int | None) -> str:
    """What a request met that found no room: a heap that is full, or one in pieces."""
    text = f"the longest free run is {format_bytes(longest_free)} bytes"
    if needed > longest_free:
        text += f", {format_bytes(needed - longest_free)} too few"
    if free is None:
        return text
    if free < needed:
        return f"{text}: the heap is full"
    return f"{text}: {format_bytes(free)} bytes are free in all, but in pieces"


def overlap_part(overlap: RealOverlap | None) -> Overlap | None:
    """What stands where freed memory is still read."""
    if overlap is None:
        return None
    return Overlap(
        owner=overlap.what, address=overlap.address, bytes=overlap.size, freed=overlap.freed, read=overlap.read
    )


def fact(what: str, provenance: Provenance, says: str = "") -> Fact:
    """Where figures come from."""
    return Fact(what=what, provenance=str(provenance), says=says or MEANINGS[provenance])


def arena_part(file: ModelFile, name: str) -> Arena:
    """The arena's plan beside the operators."""
    plan, graph = file.plan, file.graph
    start = Arena(
        model=name,
        file_bytes=graph.size,
        library=plan.library.name,
        status=str(plan.status),
        refusal="" if plan.refusal is None else str(plan.refusal),
        provenance=str(plan.provenance),
        used=plan.arena_used_bytes,
        head=plan.head_bytes,
        tail=plan.tail_bytes,
    )
    if not plan.is_ok:
        return start
    timeline = make_timeline(graph, plan)
    parts: Counter[str] = Counter()
    for taken in plan.tail:
        parts[taken.what] += taken.taken
    return start.model_copy(
        update={
            "peak": timeline.peak.live_bytes,
            "buffers": tuple(_buffer(buffer, _tensor(file, buffer)) for buffer in timeline.buffers),
            "steps": tuple(
                ArenaStep(
                    step=step.step,
                    name=step.name,
                    live=step.live_bytes,
                    read=step.read_bytes,
                    weights=step.constant_bytes,
                    written=step.written_bytes,
                    scratch=step.scratch_bytes,
                )
                for step in timeline.steps
            ),
            "tail_parts": tuple(parts.most_common(_TAIL_PARTS)),
        }
    )


def _tensor(file: ModelFile, buffer: LiveBuffer) -> Tensor | None:
    if buffer.kind != "tensor":
        return None
    return file.graph.subgraphs[buffer.subgraph].tensors[buffer.owner]


def _buffer(buffer: LiveBuffer, tensor: Tensor | None) -> Buffer:
    return Buffer(
        name=buffer.name,
        kind="scratch" if tensor is None else "tensor",
        offset=buffer.offset,
        bytes=buffer.bytes,
        first=buffer.first,
        last=buffer.last,
        type="" if tensor is None else _type_name(tensor.type),
        shape=() if tensor is None else tensor.shape,
    )


def _type_name(number: TensorType | int) -> str:
    return number.name.lower() if isinstance(number, TensorType) else f"type {number}"


def operator_times(time: InferenceTime, line: int) -> tuple[OperatorTime, ...]:
    """Operator by operator, in milliseconds and bytes; ``line`` is the size of a cache line."""
    return tuple(_operator_time(operator, 1000.0 / time.clock_hz, line) for operator in time.operators)


def _operator_time(operator: RealOperatorTime, per_cycle: float, line: int) -> OperatorTime:
    ms, misses = operator.cycles.times(per_cycle), operator.misses
    counted = operator.count
    return OperatorTime(
        index=operator.index,
        name=operator.name,
        low=round(ms.low, 5),
        nominal=round(ms.nominal, 5),
        high=round(ms.high, 5),
        bound=operator.bound,
        provenance=str(Provenance.UNKNOWN if counted is None else counted.provenance),
        traffic=(
            ("weights", round(misses.weights) * line),
            ("arena read", round(misses.arena_loads) * line),
            ("arena written", round(misses.arena_stores + misses.write_backs) * line),
        ),
    )
