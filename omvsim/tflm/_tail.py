"""What the library takes from the arena's end, in order (facts: tflm-arena section 3).

Sources: tflite-micro a57349f0, ``micro/micro_allocator.cc``, ``micro/micro_interpreter.cc``,
``micro/arena_allocator/single_arena_buffer_allocator.cc``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.tflm import _abi
from omvsim.tflm._abi import ARENA_ALIGNMENT
from omvsim.tflm._events import Persist, Scratch
from omvsim.tflm._node import ELEMENT_BYTES
from omvsim.tflm._types import Phase, TailAllocation, TailRecord
from omvsim.units import align_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.graph import Model
    from omvsim.tflm._abi import Abi
    from omvsim.tflm._node import Operand
    from omvsim.tflm._prepare import Preparation
    from omvsim.tflm._runtime import Runtime

_NONE = -1


class Tail:
    """Grows from the arena's end: each piece ends where the one before began and is aligned downwards."""

    def __init__(self, abi: Abi) -> None:
        self.abi = abi
        self.bytes = 0
        self.allocations: list[TailAllocation] = []

    def take(
        self,
        phase: Phase,
        size: int,
        alignment: int,
        what: str,
        *,
        subgraph: int = 0,
        operator: int = _NONE,
        times: int = 1,
    ) -> TailAllocation:
        """Take ``size`` bytes, ``times`` times."""
        top = align_up(self.bytes + size, alignment) + (times - 1) * align_up(size, alignment)
        piece = TailAllocation(phase, subgraph, operator, size, alignment, top, top - self.bytes, what, times)
        self.bytes = top
        self.allocations.append(piece)
        return piece

    def struct(self, phase: Phase, layout: str, what: str, *, count: int = 1, subgraph: int = 0) -> TailAllocation:
        """Take ``count`` structs."""
        return self.take(phase, count * self.abi.sizeof(layout), self.abi.alignof(layout), what, subgraph=subgraph)


def build_tail(preparation: Preparation, offline: Sequence[int] | None) -> tuple[Tail, tuple[TailRecord, ...]]:
    """The whole tail, and the records the interpreter's destructor reads."""
    tail = Tail(preparation.library.abi)
    records = _start(tail, preparation.model, preparation.library.runtime)
    for subgraph, operator, size, alignment in preparation.params:
        tail.take(Phase.PARSE, size, alignment, "builtin parameters", subgraph=subgraph, operator=operator)
    for subgraph, operator, size in preparation.inits:
        tail.take(Phase.INIT, size, ARENA_ALIGNMENT, "operator data", subgraph=subgraph, operator=operator)
    scratch = 0
    for prepared in preparation.prepared:
        for event in prepared.events:
            if isinstance(event, Persist):
                where = {"subgraph": prepared.subgraph, "operator": prepared.operator, "times": event.times}
                tail.take(Phase.PREPARE, event.bytes, ARENA_ALIGNMENT, "operator buffer", **where)
            scratch += isinstance(event, Scratch)
    if scratch:
        tail.struct(Phase.HANDLES, _abi.SCRATCH_HANDLE, "scratch buffer handles", count=scratch)
    _variables(tail, preparation.operands, offline)
    main = preparation.operands[0]
    _interface(tail, Phase.INPUTS, [main[i] for i in preparation.model.main.inputs])
    _interface(tail, Phase.OUTPUTS, [main[i] for i in preparation.model.main.outputs])
    return tail, records


def _start(tail: Tail, model: Model, runtime: Runtime) -> tuple[TailRecord, ...]:
    """Everything taken before the operators are read."""
    for layout, what in runtime.create:
        tail.struct(Phase.CREATE, layout, what)
    records: list[TailRecord] = []
    if runtime.builtin_data_allocator:
        tail.struct(Phase.START, runtime.builtin_data_allocator, "builtin data allocator")
    if runtime.subgraph_table:
        table = tail.struct(Phase.START, runtime.subgraph_table, "subgraph table", count=len(model.subgraphs))
        records.append(TailRecord(table.from_end, table.bytes, "subgraph table"))
    for subgraph in model.subgraphs:
        tail.struct(Phase.START, _abi.EVAL_TENSOR, "eval tensors", count=len(subgraph.tensors), subgraph=subgraph.index)
    size, pointer = tail.abi.sizeof(runtime.node_record), tail.abi.pointer
    for subgraph in model.subgraphs:
        nodes = tail.struct(
            Phase.START,
            runtime.node_record,
            "node records",
            count=len(subgraph.operators),
            subgraph=subgraph.index,
        )
        # The registration pointer is a record's last field.
        records += [
            TailRecord(nodes.from_end - (index + 1) * size + pointer, pointer, f"node record {index}")
            for index in range(len(subgraph.operators))
        ]
    return tuple(records)


def _variables(tail: Tail, operands: list[list[Operand]], offline: Sequence[int] | None) -> None:
    """Variable tensors, used or not. The offline plan's entries are looked up without the subgraph's offset."""
    for subgraph, tensors in enumerate(operands):
        for operand in tensors:
            if operand.is_variable and (offline is None or offline[operand.index] == _NONE):
                what = f"variable tensor {operand.index}"
                tail.take(Phase.VARIABLES, operand.bytes, ARENA_ALIGNMENT, what, subgraph=subgraph)


def _interface(tail: Tail, phase: Phase, operands: list[Operand]) -> None:
    """The TfLiteTensor structs of the model's inputs or outputs and an array of pointers to them."""
    tail.take(phase, tail.abi.pointer * len(operands), ARENA_ALIGNMENT, "pointers to tensors")
    for operand in operands:
        what = f"tensor {operand.index}"
        tail.struct(phase, _abi.TENSOR, what)
        if operand.quantized and operand.type in ELEMENT_BYTES:
            tail.struct(phase, _abi.AFFINE_QUANTIZATION, f"{what} quantization")
            tail.take(phase, _abi.int_array_bytes(len(operand.scales)), 4, f"{what} zero points")
