"""Who is at fault when a figure breaks its budget, and the cheapest change that was seen to help."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from omvsim.advice import cheaper_variants, diagnose, suggest
from omvsim.gate._measure import figures, predictions
from omvsim.gate._types import Blame, Metric, Outcome
from omvsim.graph import TensorType
from omvsim.runs.scenario import Case
from omvsim.units import format_bytes
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from omvsim.gate._types import Check, Entry, Figure
    from omvsim.graph import Operator
    from omvsim.modelfile import Plans
    from omvsim.runs.scenario import RunResult
    from omvsim.runs.states import AreaState
    from omvsim.tflm import ArenaPlan, PlannedBuffer
    from omvsim.timing import InferenceTime

_SESSIONS = 6
"""Variants tried for a figure over its budget."""
_FAILING_SESSIONS = 8
"""And for a run that fails: the changes of the script and a few more; 'omvsim run' looks further."""
_NAMED = 2
_SCRIPT = (Metric.HEADROOM, Metric.LONGEST_FREE, Metric.GARBAGE, Metric.MODEL_RAM)
"""What a change of the script can help with."""


def blame_failure(result: RunResult, plans: Plans) -> Blame:
    """Of a run that fails."""
    diagnosis = diagnose(result)
    if diagnosis is None:
        return Blame()
    step = f"{diagnosis.step} {diagnosis.occurrence}" if diagnosis.occurrence > 1 else diagnosis.step
    parts = [
        step if diagnosis.needed is None else f"{diagnosis.what} of {format_bytes(diagnosis.needed)} bytes in {step}"
    ]
    if diagnosis.missing is not None:
        parts.append(f"{format_bytes(diagnosis.missing)} bytes short of the longest free run")
    if diagnosis.reason:
        parts.append(diagnosis.reason)
    ways = suggest(result, sessions=_FAILING_SESSIONS, only_cheapest=True, plans=plans)
    if not ways:
        return Blame(", ".join(parts), "nothing that was tried makes it run")
    code = f": {ways[0].code}" if ways[0].code else ""
    return Blame(", ".join(parts), ways[0].title + code)


def blame_check(result: RunResult, entry: Entry, check: Check, time: InferenceTime | None) -> Blame:
    """Of a figure that breaks its budget."""
    metric = check.limit.metric
    match metric:
        case Metric.ARENA | Metric.MODEL_RAM:
            culprit = _arena(result)
        case Metric.HEADROOM:
            impossible = _too_small(result, check)
            if impossible:
                return Blame(impossible, "a smaller budget: no script can have more")
            culprit = _largest_chunks(_areas(result, check.limit.where), result)
        case Metric.LONGEST_FREE:
            culprit = _longest(result, check)
        case Metric.GARBAGE:
            culprit = _frame(result)
        case Metric.FILE_SIZE:
            culprit = _constants(result)
        case Metric.TIME:
            return Blame() if time is None else _slowest(result, time, check)
    fix = _script_fix(result, entry, check) if metric in _SCRIPT else ""
    return Blame(culprit, fix or _model_fix(metric, result))


def _model_fix(metric: Metric, result: RunResult) -> str:
    if metric in (Metric.ARENA, Metric.MODEL_RAM):
        return "no change of the script helps: a smaller input or fewer channels at that operator"
    if metric is Metric.FILE_SIZE:
        tensors = [each for subgraph in result.model.graph.subgraphs for each in subgraph.tensors]
        wide = sum(tensor.constant_bytes for tensor in tensors if tensor.type is TensorType.FLOAT32)
        narrower = f"int8 instead of float32, of which there are {format_bytes(wide)} bytes, or " if wide else ""
        return f"{narrower}fewer weights"
    if metric is Metric.TIME:
        return "no other place of arena or weights is faster: a smaller input or fewer channels at that operator"
    return "nothing that was tried in the script helps: a smaller model, or another budget"


# -- culprits -------------------------------------------------------------------------------------------------------


def _arena(result: RunResult) -> str:
    plan = result.model.plan
    if plan.tail_bytes > plan.head_bytes:
        return f"the arena's tail: {format_bytes(plan.tail_bytes)} bytes for {plan.tensors} tensors and their operators"
    live = _peak(plan)
    operator = _busiest(result, live)
    total = format_bytes(sum(buffer.bytes for buffer in live))
    largest = sorted(live, key=lambda buffer: -buffer.bytes)[:_NAMED]
    names = " and ".join(f"{_buffer(result, buffer)} of {format_bytes(buffer.bytes)}" for buffer in largest)
    where = "" if operator is None else f"operator {operator.index} ({operator.name}): "
    return f"{where}{total} bytes live at once, most of them {names}"


def _peak(plan: ArenaPlan) -> list[PlannedBuffer]:
    """Buffers alive at the step at which most bytes are."""
    best: list[PlannedBuffer] = []
    for step in sorted({buffer.first for buffer in plan.buffers if buffer.first >= 0}):
        live = [buffer for buffer in plan.buffers if buffer.first <= step <= buffer.last]
        if sum(buffer.bytes for buffer in live) > sum(buffer.bytes for buffer in best):
            best = live
    return best


def _busiest(result: RunResult, live: list[PlannedBuffer]) -> Operator | None:
    """The operator whose own inputs, outputs and scratch make up most of ``live``."""
    tensors = {(b.subgraph, b.owner): b.bytes for b in live if b.kind == "tensor"}
    scratch: Counter[tuple[int, int]] = Counter()
    for buffer in live:
        if buffer.kind == "scratch":
            scratch[buffer.subgraph, buffer.owner] += buffer.bytes

    def own(index: int, operator: Operator) -> int:
        used = {tensor for tensor in (*operator.inputs, *operator.outputs) if tensor >= 0}
        return sum(tensors.get((index, tensor), 0) for tensor in used) + scratch[index, operator.index]

    operators = [(own(subgraph.index, operator), operator) for subgraph, operator in result.model.graph.operators()]
    return max(operators, key=lambda pair: pair[0])[1] if operators else None


def _buffer(result: RunResult, buffer: PlannedBuffer) -> str:
    if buffer.kind == "scratch":
        return f"scratch of operator {buffer.owner}"
    return f"tensor {result.model.graph.subgraphs[buffer.subgraph].tensors[buffer.owner].name!r}"


def _areas(result: RunResult, where: str) -> list[AreaState]:
    return [area for area in result.areas if where in ("total", "", f"gc{area.index}")]


def _too_small(result: RunResult, check: Check) -> str:
    """Why no script could ever have that much free."""
    room = sum(area.pool_bytes for area in _areas(result, check.limit.where))
    if check.allowed is None or room >= check.allowed:
        return ""
    where = "the heap" if check.limit.where == "total" else f"gc[{check.limit.where[2:]}]"
    return f"the budget: {where} has {format_bytes(room)} bytes when it is empty"


def _largest_chunks(areas: list[AreaState], result: RunResult) -> str:
    """The largest live chunks of ``areas`` by what they are for."""
    owners = {entry.address: entry.owner for entry in result.allocations}
    sizes: Counter[tuple[str, int]] = Counter()
    for area in areas:
        for address, size in area.large_chunks:
            sizes[owners.get(address, "objects"), area.index] += size
    largest = sizes.most_common(_NAMED)
    if not largest:
        return "many small objects"
    return "held: " + ", ".join(f"{owner} {format_bytes(size)} bytes in gc[{area}]" for (owner, area), size in largest)


def _longest(result: RunResult, check: Check) -> str:
    after = max(area.longest_free_bytes for area in result.areas)
    if check.allowed is not None and check.measured is not None and check.measured < check.allowed <= after:
        return f"garbage: after a gc.collect() the longest free run is {format_bytes(after)} bytes. {_frame(result)}"
    return _largest_chunks(list(result.areas), result)


def _frame(result: RunResult) -> str:
    """What the last prediction allocated most of."""
    frames = predictions(result)
    sizes: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for entry in result.allocations:
        if frames and entry.step == frames[-1].index and entry.area.startswith("gc"):
            sizes[entry.owner] += entry.bytes
            counts[entry.owner] += 1
    largest = sizes.most_common(_NAMED)
    if not largest:
        return ""
    return "each frame allocates " + ", ".join(f"{counts[o]} × {o} ({format_bytes(size)} bytes)" for o, size in largest)


def _constants(result: RunResult) -> str:
    graph = result.model.graph
    tensors = [tensor for subgraph in graph.subgraphs for tensor in subgraph.tensors if tensor.is_constant]
    if not tensors:
        return ""
    largest = max(tensors, key=lambda tensor: tensor.constant_bytes)
    user = next((op for _, op in graph.operators() if largest.index in op.inputs), None)
    where = "" if user is None else f" of operator {user.index} ({user.name})"
    return f"largest constant: {largest.name!r}{where}, {format_bytes(largest.constant_bytes)} bytes"


def _slowest(result: RunResult, time: InferenceTime, check: Check) -> Blame:
    from omvsim.timing import improvements, profile_of, workload  # noqa: PLC0415 - only for budgets of time

    slowest = max(time.operators, key=lambda operator: operator.cycles.nominal)
    ms = slowest.cycles.nominal * 1000 / time.clock_hz
    culprit = f"operator {slowest.index} ({slowest.name}) takes {ms:.2f} ms, most of it {slowest.bound}"
    work, profile = workload(result.model.graph, result.model.plan), profile_of(result.board)
    ways = improvements(work, profile, time, result.model.plan.arena_used_bytes)
    if not ways:
        return Blame(culprit, _model_fix(Metric.TIME, result))
    saved = ways[0].saves_ms.nominal
    missing = 0 if check.allowed is None or check.measured is None else check.measured - check.allowed
    enough = f", of {missing:.2f} ms too many: not enough alone" if saved < missing else ""
    return Blame(culprit, f"{ways[0].action} (saves {saved:.2f} ms{enough})")


# -- fixes ----------------------------------------------------------------------------------------------------------


def _script_fix(result: RunResult, entry: Entry, check: Check) -> str:
    """The first change of the script after which this figure fits; simulated, else it is not said."""
    if check.allowed is None or check.outcome not in (Outcome.OVER_BUDGET, Outcome.REGRESSION):
        return ""
    for _, variant in zip(range(_SESSIONS), cheaper_variants(Case.of(result)), strict=False):
        outcome = variant.case.run()
        if outcome.verdict is not Verdict.OK:
            continue
        figure = next((f for f in figures(outcome, entry) if f.key == check.limit.key), None)
        if figure is not None and _fits(figure, check):
            code = f": {variant.code}" if variant.code else ""
            return f"{variant.title}{code} (then {format_bytes(int(figure.value))} bytes)"
    return ""


def _fits(figure: Figure, check: Check) -> bool:
    assert check.allowed is not None
    if figure.metric.more_is_better:
        return figure.value >= check.allowed
    return figure.value <= check.allowed
