"""The execution operator by operator with the planned arena beside it: from graph and plan alone, no runtime needed."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from omvsim.errors import ModelError
from omvsim.graph import TensorType
from omvsim.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.graph import Model, Operator, Subgraph, Tensor
    from omvsim.tflm import ArenaPlan, PlannedBuffer

_ELEMENT_BYTES = {
    **dict.fromkeys((TensorType.INT8, TensorType.UINT8, TensorType.BOOL, TensorType.INT4), 1),
    **dict.fromkeys((TensorType.INT16, TensorType.UINT16, TensorType.FLOAT16, TensorType.BFLOAT16), 2),
    **dict.fromkeys((TensorType.INT64, TensorType.UINT64, TensorType.FLOAT64, TensorType.COMPLEX64), 8),
    TensorType.COMPLEX128: 16,
}
_CALLS = {
    118: ("then_subgraph_index", "else_subgraph_index"),
    119: ("cond_subgraph_index", "body_subgraph_index"),
    129: ("init_subgraph_index",),
}
"""Subgraphs that IF, WHILE and CALL_ONCE call (32-bit ``builtin_code`` only, as the library visits them)."""


@dataclass(frozen=True, slots=True)
class Access:
    """A tensor that an operator reads or writes, with its own bytes (not rounded to 16)."""

    tensor: int
    name: str
    bytes: int
    constant: bool = False
    """Read from the model file, not from the arena."""


@dataclass(frozen=True, slots=True)
class LiveBuffer:
    """A planned buffer: a tensor, or scratch memory of an operator."""

    name: str
    kind: str
    """``tensor`` or ``scratch``."""
    subgraph: int
    owner: int
    """Tensor index, or index of the operator that asked for scratch."""
    offset: int
    bytes: int
    """Rounded up to 16, as planned."""
    first: int
    last: int
    """Steps (inclusive) at which it is alive."""


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One operator in execution order."""

    step: int
    """The planner's own counter; inputs come to life at 0."""
    subgraph: int
    operator: int
    name: str
    live: tuple[int, ...]
    """Indices into ``Timeline.buffers``, by offset."""
    live_bytes: int
    extent: int
    """End of the highest live buffer: where the head would have to end if this were the only operator."""
    headroom: int
    """Bytes of the arena that hold nothing: arena - tail - live."""
    reads: tuple[Access, ...]
    writes: tuple[Access, ...]
    scratch_bytes: int
    """Scratch memory as the operator asked for it (not rounded)."""

    @property
    def read_bytes(self) -> int:
        """Bytes read from the arena."""
        return sum(access.bytes for access in self.reads if not access.constant)

    @property
    def constant_bytes(self) -> int:
        """Bytes of weights and other constants."""
        return sum(access.bytes for access in self.reads if access.constant)

    @property
    def written_bytes(self) -> int:
        """Bytes written to the arena."""
        return sum(access.bytes for access in self.writes)


@dataclass(frozen=True, slots=True)
class Peak:
    """What makes the head as large as it is."""

    live_bytes: int
    """Most bytes alive at one operator: no planner can do with less."""
    steps: tuple[int, ...]
    """Indices into ``Timeline.steps`` of the operators where that is so. All of them have to shrink to lower it."""
    holders: tuple[int, ...]
    """Indices into ``Timeline.buffers`` alive at the first of them, largest first."""
    gap_bytes: int
    """What the greedy planner loses to gaps: head - ``live_bytes``. If it is positive, the placement of the buffers in
    ``top`` decides the head, and ``limiting`` are the operators that need them; negative if an offline plan lets
    buffers overlap."""
    top: tuple[int, ...]
    """Buffers that end where the head ends."""
    limiting: tuple[int, ...]
    """Indices into ``Timeline.steps`` of the operators at which a buffer of ``top`` is alive."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole inference."""

    model: str
    arena_bytes: int
    head_bytes: int
    tail_bytes: int
    buffers: tuple[LiveBuffer, ...]
    steps: tuple[TimelineStep, ...]
    peak: Peak


def make_timeline(model: Model, plan: ArenaPlan, *, arena_bytes: int | None = None) -> Timeline:
    """Lay the plan beside the operators.

    Args:
        model: the graph.
        plan: its arena plan.
        arena_bytes: size of the arena it runs in; just large enough if not given.

    Raises:
        ModelError: the library refuses the model, so nothing is planned.
    """
    if not plan.is_ok:
        raise ModelError(model.source, f"no timeline, its arena cannot be planned: {plan.refusal}")
    arena = plan.arena_used_bytes if arena_bytes is None else arena_bytes
    buffers = tuple(_buffer(model, planned) for planned in plan.buffers)
    free = arena - plan.tail_bytes
    scratch: dict[tuple[int, int], int] = {}
    for request in plan.scratch:
        owner = (request.subgraph, request.operator)
        scratch[owner] = scratch.get(owner, 0) + request.bytes
    steps = tuple(
        _step(
            step,
            subgraph,
            operator,
            buffers=buffers,
            free=free,
            scratch=scratch.get((subgraph.index, operator.index), 0),
        )
        for step, subgraph, operator in _walk(model)
    )
    return Timeline(
        model=model.source,
        arena_bytes=arena,
        head_bytes=plan.head_bytes,
        tail_bytes=plan.tail_bytes,
        buffers=buffers,
        steps=steps,
        peak=_peak(steps, buffers, plan.head_bytes),
    )


def _walk(model: Model) -> Iterator[tuple[int, Subgraph, Operator]]:
    """Operators with the planner's step, called subgraphs after their caller.

    The counter rises by one an operator and by one a called subgraph (tflite-micro a57349f0,
    ``micro/micro_allocation_info.cc``).
    """
    counter = 0

    def visit(subgraph: Subgraph) -> Iterator[tuple[int, Subgraph, Operator]]:
        nonlocal counter
        for operator in subgraph.operators:
            counter += 1
            yield counter, subgraph, operator
            for option in _CALLS.get(operator.code_field, ()):
                called = operator.called(option)
                if called is not None and called >= 0:
                    counter += 1
                    yield from visit(model.subgraphs[called])

    yield from visit(model.main)


def _step(
    step: int, subgraph: Subgraph, operator: Operator, *, buffers: tuple[LiveBuffer, ...], free: int, scratch: int
) -> TimelineStep:
    alive = [i for i, buffer in enumerate(buffers) if buffer.first <= step <= buffer.last]
    alive.sort(key=lambda i: buffers[i].offset)
    live_bytes = sum(buffers[i].bytes for i in alive)
    return TimelineStep(
        step=step,
        subgraph=subgraph.index,
        operator=operator.index,
        name=operator.name,
        live=tuple(alive),
        live_bytes=live_bytes,
        extent=max((buffers[i].offset + buffers[i].bytes for i in alive), default=0),
        headroom=free - live_bytes,
        reads=tuple(_access(subgraph.tensors[i]) for i in operator.inputs if i >= 0),
        writes=tuple(_access(subgraph.tensors[i]) for i in operator.outputs),
        scratch_bytes=scratch,
    )


def _peak(steps: tuple[TimelineStep, ...], buffers: tuple[LiveBuffer, ...], head: int) -> Peak:
    most = max((step.live_bytes for step in steps), default=0)
    at = tuple(i for i, step in enumerate(steps) if step.live_bytes == most)
    holders = sorted(steps[at[0]].live, key=lambda i: -buffers[i].bytes) if at else []
    top = tuple(i for i, buffer in enumerate(buffers) if buffer.offset + buffer.bytes == head)
    limiting = tuple(i for i, step in enumerate(steps) if step.extent == head)
    return Peak(most, at, tuple(holders), head - most, top, limiting)


def _buffer(model: Model, planned: PlannedBuffer) -> LiveBuffer:
    subgraph = model.subgraphs[planned.subgraph]
    if planned.kind == "tensor":
        name = subgraph.tensors[planned.owner].name
    else:
        name = f"scratch of {subgraph.operators[planned.owner].name} {planned.owner}"
    life = (planned.first, planned.last)
    return LiveBuffer(name, str(planned.kind), planned.subgraph, planned.owner, planned.offset, planned.bytes, *life)


def _access(tensor: Tensor) -> Access:
    if tensor.is_constant:
        return Access(tensor.index, tensor.name, tensor.constant_bytes, constant=True)
    size = _ELEMENT_BYTES.get(tensor.type, 4) if isinstance(tensor.type, TensorType) else 4
    return Access(tensor.index, tensor.name, prod(tensor.shape) * size)
