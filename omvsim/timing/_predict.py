"""Time of an inference: counts, misses and costs put together, operator by operator.

Steady state: the second inference with the same input. What is still in the cache from the operator before is
followed through the model, and for models of a few caches' size a second time, starting with what the first left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.graph import TensorType
from omvsim.provenance import Provenance
from omvsim.records import NamedTuple, dataclass, field, replace
from omvsim.timing._cache import Residency
from omvsim.timing._instructions import count
from omvsim.timing._node import Node, nodes_of
from omvsim.timing._traffic import misses
from omvsim.timing._types import FRAMEWORK_FIXED, FRAMEWORK_PER_NODE, ZERO, Count, InferenceTime, OperatorTime, Range
from omvsim.timing._uses import Misses, Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from omvsim.graph import Model, Tensor
    from omvsim.tflm import ArenaPlan, PlannedBuffer
    from omvsim.timing._profile import TimingProfile

FRAMEWORK_CPI = Range(0.9, 1.1, 1.4)
STREAMED = {"fc_i8", "fc_i8_offset", "fully_connected_f32_f32", "conv_2d_f32_f32", "fully_connected_i8_i4"}
"""Kernels that read their weights in address order, one row after the other."""
_ARENA = 1 << 40
"""Arena offsets and file offsets are kept apart by this."""


class Placement(NamedTuple):
    """Which memory holds the tensor arena and which the model file."""

    arena: str = "sdram"
    weights: str = "flash"


class Step(NamedTuple):
    """One operator with the memory it touches (half-open intervals of addresses)."""

    name: str
    node: Node
    weights: tuple[tuple[int, int], ...] = ()
    inputs: tuple[tuple[int, int], ...] = ()
    outputs: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Counted:
    """A step with what it executes (which does not depend on the placement)."""

    step: Step
    count: Count | None


@dataclass(frozen=True)
class Workload:
    """A model prepared for timing: the part that costs most is done once, whatever the placement."""

    source: str
    steps: tuple[Counted, ...] = field(repr=False)


def workload(model: Model, plan: ArenaPlan | None = None, live: Mapping[int, float] | None = None) -> Workload:
    """Count what ``model`` executes.

    ``plan`` places the activations (without it every tensor has memory of its own, so some residency is missed).
    ``live`` gives, for int8 LOGISTIC and TANH operators by index, the share of inputs that do not saturate, from
    replayed values (:func:`live_share_of`).
    """
    places = {b.owner: b for b in plan.buffers if b.subgraph == 0 and str(b.kind) == "tensor"} if plan else {}
    spans = [_span(model, tensor, places.get(tensor.index)) for tensor in model.main.tensors]
    known = live or {}
    steps = []
    for subgraph, operator, node in nodes_of(model):
        used = node
        if operator.index in known:
            used = replace(node, params={**node.params, "live": known[operator.index]})
        present = [i for i in operator.inputs if i >= 0]
        step = Step(
            node.op,
            used,
            tuple(spans[i] for i in present if subgraph.tensors[i].is_constant),
            tuple(spans[i] for i in present if not subgraph.tensors[i].is_constant),
            tuple(spans[i] for i in operator.outputs),
        )
        steps.append(Counted(step, count(used)))
    return Workload(model.source, tuple(steps))


def _span(model: Model, tensor: Tensor, placed: PlannedBuffer | None) -> tuple[int, int]:
    """Where a tensor's data is: in the file, in the planned arena, or (not planned) in a place of its own."""
    if tensor.is_constant:
        start, size = model.buffers[tensor.buffer]
        return start, start + size
    if placed is None:
        start = _ARENA + (tensor.index << 24)
        return start, start + max(0, _bytes(tensor))
    return _ARENA + placed.offset, _ARENA + placed.offset + placed.bytes


def _bytes(tensor: Tensor) -> int:
    width: dict[int, int] = {TensorType.FLOAT32: 4, TensorType.INT32: 4, TensorType.INT64: 8, TensorType.INT16: 2}
    return tensor.elements * width.get(tensor.type, 1)


def workload_of_nodes(source: str, nodes: Sequence[Node]) -> Workload:
    """A workload from bare nodes (no file): every operator starts with a cold cache."""
    return Workload(source, tuple(Counted(Step(n.op, n), count(n)) for n in nodes))


def live_share_of(values: Sequence[int], zero_point: int, radius: int) -> float:
    """Share of int8 inputs that LOGISTIC or TANH computes: those closer to the zero point than ``radius``."""
    if not values:
        return 1.0
    return sum(1 for v in values if abs(v - zero_point) < radius) / len(values)


def predict(work: Workload, profile: TimingProfile, placement: Placement | None = None) -> InferenceTime:
    """Time of one inference.

    Raises:
        BoardError: the profile has no timing for a memory of the placement.
    """
    place = placement or Placement()
    arena, weights = profile.memory(place.arena), profile.memory(place.weights)
    missed = line_misses(work, profile, arena_cached=arena.cached, weights_cached=weights.cached)
    operators = []
    for index, (counted, lines) in enumerate(zip(work.steps, missed, strict=True)):
        operators.append(_operator(index, counted, lines, profile, place))
    framework = Range(1, 1, 1).times(FRAMEWORK_FIXED + FRAMEWORK_PER_NODE * len(operators))
    # What IF and WHILE run is in other subgraphs, and how often is not known.
    unknown = tuple(dict.fromkeys(o.name for o in operators if o.count is None or o.name in {"IF", "WHILE"}))
    provenance = Provenance.UNKNOWN if unknown else Provenance.MODELLED
    for o in operators:
        if o.count is not None:
            provenance = provenance.weakest(o.count.provenance)
    provenance = provenance.weakest(profile.core_provenance)
    return InferenceTime(
        work.source,
        tuple(operators),
        framework.times(FRAMEWORK_CPI),
        profile.clock_hz,
        {"arena": place.arena, "weights": place.weights},
        profile.cache.policy,
        provenance,
        unknown,
    )


def line_misses(
    work: Workload, profile: TimingProfile, *, arena_cached: bool = True, weights_cached: bool = True
) -> list[Misses]:
    """Lines missed by every operator in steady state."""
    state = Residency(profile.cache)
    constants = sum(high - low for counted in work.steps for low, high in counted.step.weights)
    # Weights of several caches' size are gone long before the next inference: no use following each of them.
    follow = constants < 4 * profile.cache.size
    found: list[Misses] = []
    for _ in range(2 if follow else 1):
        found = [
            _step_misses(counted.step, state, arena=arena_cached, weights=weights_cached, follow=follow)
            for counted in work.steps
        ]
    return found


def _step_misses(step: Step, state: Residency, *, arena: bool, weights: bool, follow: bool) -> Misses:
    cache = state.cache
    line = cache.line
    passing = sum(high - low for low, high in (*step.inputs, *step.outputs)) if arena else 0
    lines = misses(
        step.node,
        Place(
            cache,
            arena,
            weights,
            _share(state, step.weights, sum(high - low for low, high in step.weights)) if weights and follow else 0.0,
            _share(state, step.inputs, passing) if arena else 0.0,
            _share(state, step.outputs, passing) if arena else 0.0,
            _abreast(step, line, cache.sets),
        ),
    )
    state.missed(lines.weights + lines.arena_loads + lines.arena_stores)
    if weights and not follow:
        state.pass_by(sum(high - low for low, high in step.weights))
    for cached, spans in ((weights and follow, step.weights), (arena, step.inputs), (arena, step.outputs)):
        for low, high in spans if cached else ():
            state.touch(low - low % line, high)
    return lines


def _abreast(step: Step, line: int, sets: int) -> int:
    """How many of the operator's tensors start in the same set."""
    starts = [low // line % sets for low, _ in dict.fromkeys((*step.inputs, *step.outputs))]
    return max((starts.count(s) for s in starts), default=1)


def _share(state: Residency, spans: tuple[tuple[int, int], ...], passing: int) -> float:
    total = sum(high - low for low, high in spans)
    if not total:
        return 0.0
    return sum(state.warm(low, high, passing) * (high - low) for low, high in spans) / total


def _operator(
    index: int,
    counted: Counted,
    lines: Misses,
    profile: TimingProfile,
    place: Placement,
) -> OperatorTime:
    arena, weights = profile.memory(place.arena), profile.memory(place.weights)
    code_memory = profile.memories.get("flash", weights)
    if counted.count is None:
        return OperatorTime(index, counted.step.name, None, lines, ZERO, {}, "unknown")
    core = counted.count.issue.times(profile.issue) + counted.count.mispredicts.times(profile.mispredict)
    arena_cycles = (
        arena.load.times(lines.arena_loads)
        + arena.store.times(lines.arena_stores)
        + arena.write_back.times(lines.write_backs)
    )
    code = code_memory.load.times(profile.code_lines)
    weight_cycles = weights.load.times(lines.weights)
    if place.weights == "flash" and counted.count.family in STREAMED:
        weight_cycles = _beyond(core, profile.stream.times(lines.weights), lines.weights * weights.load.nominal)
    parts = {"issue": core, "weights": weight_cycles, "arena": arena_cycles, "code": code}
    names = {"issue": "issue", "weights": place.weights, "arena": place.arena, "code": "flash"}
    bound = names[max(parts, key=lambda part: parts[part].nominal)]
    total = core + weight_cycles + arena_cycles + code
    return OperatorTime(index, counted.step.name, counted.count, lines, total, parts, bound)


def _beyond(core: Range, stream: Range, most: float) -> Range:
    """What a stream of lines adds to the core's own cycles when the two run side by side (high: in turn)."""
    low = max(0.0, stream.low - core.high)
    nominal = max(0.0, stream.nominal - core.nominal)
    return Range(min(low, nominal), nominal, max(nominal, most))
