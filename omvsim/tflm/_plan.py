"""Puts the arena plan of a model together."""

from __future__ import annotations

from struct import unpack_from
from typing import TYPE_CHECKING

from omvsim.provenance import Provenance
from omvsim.tflm._abi import ARENA_ALIGNMENT
from omvsim.tflm._events import Fault, Refusal, RefusedError, Scratch
from omvsim.tflm._invoke import run_fault
from omvsim.tflm._library import LIBTFLM_73EB1AA
from omvsim.tflm._lifetimes import UNUSED, Lifetimes, LifetimesByOperator
from omvsim.tflm._messages import type_name
from omvsim.tflm._node import ELEMENT_BYTES
from omvsim.tflm._picture import check_picture_interface
from omvsim.tflm._planner import ONLINE, Requirement, head_bytes, place
from omvsim.tflm._prepare import Preparation
from omvsim.tflm._tail import build_tail
from omvsim.tflm._types import ArenaPlan, BufferKind, PlannedBuffer, ScratchRequest, Status, TensorInfo
from omvsim.units import align_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.graph import Model
    from omvsim.tflm._library import Library
    from omvsim.tflm._node import Operand

_OFFLINE_PLAN = "OfflineMemoryAllocation"
_OFFLINE_HEADER_WORDS = 3
_INT_LIMIT = 2**31
_STATUS = {
    Fault.ERROR: Status.REFUSED,
    Fault.HANGS: Status.HANGS,
    Fault.CRASHES: Status.CRASHES,
    Fault.UNKNOWN: Status.UNKNOWN,
}


def plan_arena(model: Model, library: Library = LIBTFLM_73EB1AA) -> ArenaPlan:
    """What ``AllocateTensors`` of ``library`` does with ``model`` when memory is no concern."""
    try:
        return _plan(model, library)
    except RefusedError as stop:
        status = _STATUS[stop.refusal.fault]
        provenance = Provenance.UNKNOWN if status is Status.UNKNOWN else library.provenance
        return ArenaPlan(library, status, provenance, refusal=_own_words(stop.refusal, library))


def _fault_of(model: Model, library: Library, operands: list[list[Operand]]) -> Refusal | None:
    fault = run_fault(model, library, operands)
    return None if fault is None else _own_words(fault, library)


def _own_words(refusal: Refusal, library: Library) -> Refusal:
    """Without the texts of a newer library: files and lines of an older one are others."""
    newer = refusal.library_message.startswith(("tensorflow/", "Node ")) and library.runtime.lifetimes_by_operator
    return refusal._replace(library_message="") if newer else refusal


def _plan(model: Model, library: Library) -> ArenaPlan:
    preparation = Preparation(model, library)
    requests = [
        ScratchRequest(prepared.subgraph, prepared.operator, event.bytes)
        for prepared in preparation.prepared
        for event in prepared.events
        if isinstance(event, Scratch)
    ]
    offline = _offline_plan(model)
    _check_planned_tensors(model, preparation.operands)
    tail, records = build_tail(preparation, offline)
    buffers = _plan_head(model, library, preparation.operands, requests, offline)
    main = preparation.operands[0]
    if library.image_models_only:
        check_picture_interface([main[i] for i in model.main.inputs], [main[i] for i in model.main.outputs])
    return ArenaPlan(
        library=library,
        status=Status.OK,
        provenance=library.provenance,
        head_bytes=max((buffer.offset + buffer.bytes for buffer in buffers), default=0),
        tail_bytes=tail.bytes,
        buffers=tuple(buffers),
        tail=tuple(tail.allocations),
        scratch=tuple(requests),
        prepared=tuple(preparation.prepared),
        inputs=tuple(_info(main[i]) for i in model.main.inputs),
        outputs=tuple(_info(main[i]) for i in model.main.outputs),
        run_fault=_fault_of(model, library, preparation.operands),
        destructor_reads=records,
        tensors=sum(len(subgraph.tensors) for subgraph in model.subgraphs),
        subgraphs=len(model.subgraphs),
    )


def _offline_plan(model: Model) -> Sequence[int] | None:
    """Offsets by tensor over all subgraphs, -1 = left to the planner; None without an offline plan."""
    data = model.metadata.get(_OFFLINE_PLAN)
    if data is None:
        return None
    tensors = sum(len(subgraph.tensors) for subgraph in model.subgraphs)
    words = unpack_from(f"<{len(data) // 4}i", data)
    count = words[_OFFLINE_HEADER_WORDS - 1] if len(words) >= _OFFLINE_HEADER_WORDS else ONLINE
    if count != tensors:
        text = f"Nbr of offline buffer offsets ({count}) in metadata not equal nbr tensors ({tensors})"
        reason = f"its offline memory plan is for {count} tensors, but it has {tensors}"
        raise RefusedError(Refusal(reason, library_message=text))
    if len(words) < _OFFLINE_HEADER_WORDS + tensors:
        cut = "its offline memory plan is cut off: the library reads what lies behind it"
        raise RefusedError(Refusal(cut, fault=Fault.CRASHES))
    return words[_OFFLINE_HEADER_WORDS:]


def _check_planned_tensors(model: Model, operands: list[list[Operand]]) -> None:
    """Every tensor must have a size the library can count; operators' intermediates must be empty."""
    for subgraph, tensors in zip(model.subgraphs, operands, strict=True):
        for operator in subgraph.operators:
            for index in operator.intermediates:
                if index < 0:
                    reason = "an intermediate tensor is absent, and the library reads in front of its tensor table"
                    where = (operator.name, subgraph.index, operator.index)
                    raise RefusedError(Refusal(reason, *where, fault=Fault.CRASHES))
                if tensors[index].bytes:
                    raise RefusedError(
                        Refusal(
                            f"its intermediate tensor {index} is not empty",
                            operator.name,
                            subgraph.index,
                            operator.index,
                            f"Does not support intermediate tensor with non-zero size: {tensors[index].bytes}",
                        )
                    )
        for operand in tensors:
            if operand.type not in ELEMENT_BYTES:
                raise RefusedError(
                    Refusal(
                        f"tensor {operand.index} has element type {type_name(operand.type)}, which is not supported",
                        subgraph=subgraph.index,
                    )
                )


def _plan_head(
    model: Model,
    library: Library,
    operands: list[list[Operand]],
    requests: list[ScratchRequest],
    offline: Sequence[int] | None,
) -> list[PlannedBuffer]:
    scratch_of: dict[tuple[int, int], list[int]] = {}
    for index, request in enumerate(requests):
        scratch_of.setdefault((request.subgraph, request.operator), []).append(index)
    by_operator = library.runtime.lifetimes_by_operator
    lifetimes = LifetimesByOperator(model, requests) if by_operator else Lifetimes(model, scratch_of)
    owners: list[tuple[BufferKind, int, int]] = []
    requirements: list[Requirement] = []
    position = 0
    for subgraph, tensors in enumerate(operands):
        for operand, (first, last) in zip(tensors, lifetimes.tensors[subgraph], strict=True):
            offset = ONLINE if offline is None else offline[position]
            position += 1
            if not _is_planned(operand, offset):
                continue
            if by_operator:
                _check_lifetime(operand, first, last)
            owners.append((BufferKind.TENSOR, subgraph, operand.index))
            requirements.append(_requirement(operand, first, last, offset))
    for request, (first, last) in zip(requests, lifetimes.scratch, strict=True):
        owners.append((BufferKind.SCRATCH, request.subgraph, request.operator))
        requirements.append(Requirement(align_up(request.bytes, ARENA_ALIGNMENT), first, last))
    offsets = place(requirements)
    _check_head(head_bytes(requirements, offsets))
    return [
        PlannedBuffer(offset, need.bytes, need.first, need.last, kind, subgraph, owner, need.offline != ONLINE)
        for offset, need, (kind, subgraph, owner) in zip(offsets, requirements, owners, strict=True)
    ]


def _check_lifetime(operand: Operand, first: int, last: int) -> None:
    """Older planners refuse what is never made or never read; what is only read passes for a constant."""
    read_only = first == UNUSED and last != UNUSED
    if not read_only and UNUSED in (first, last):
        text = (
            f"Logic error in memory planner, tensor {operand.index} has an invalid lifetime: "
            f"first_created: {first}, last_used: {last}"
        )
        reason = f"tensor {operand.index} is never used, or is an output that nothing reads"
        raise RefusedError(Refusal(reason, library_message=text))


def _is_planned(operand: Operand, offline: int) -> bool:
    if operand.is_variable:
        # An offline-placed variable is planned even if it is empty or constant.
        return offline != ONLINE
    return not operand.is_constant and operand.bytes != 0


def _requirement(operand: Operand, first: int, last: int, offline: int) -> Requirement:
    size = operand.bytes
    if not 0 <= size < _INT_LIMIT:
        shape = "x".join(map(str, operand.dims))
        raise RefusedError(
            Refusal(
                f"tensor {operand.index} has the shape {shape}, which has no size",
                library_message=f"Failed to resize buffer. Requested: {align_up(size, ARENA_ALIGNMENT) % 2**32}",
            )
        )
    return Requirement(align_up(size, ARENA_ALIGNMENT), first, last, offline)


def _check_head(size: int) -> None:
    if size >= _INT_LIMIT:
        raise RefusedError(Refusal(f"its activations need {size} bytes, more than a 32-bit machine can address"))


def _info(operand: Operand) -> TensorInfo:
    return TensorInfo(
        name=operand.tensor.name,
        type=int(operand.type),
        shape=tuple(operand.dims),
        bytes=operand.bytes,
        scale=operand.scale,
        zero_point=operand.zero_point,
    )
