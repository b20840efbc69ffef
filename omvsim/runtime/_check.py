"""Whether the graph that the arena was planned from is the graph that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.graph import TensorType
from omvsim.records import NamedTuple
from omvsim.runtime._errors import GraphMismatchError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.graph import Model, Subgraph, Tensor
    from omvsim.runtime._types import Interpreter

_DTYPES = {
    TensorType.STRING: ("bytes", "str", "object"),
    TensorType.RESOURCE: ("object",),
    TensorType.VARIANT: ("object",),
    TensorType.INT4: ("int8", "int4"),
    TensorType.BFLOAT16: ("bfloat16", "uint16"),
}
"""numpy names of the types that have none of their own; all others are called as in the schema."""


class ResolvedShape(NamedTuple):
    """A tensor with open dimensions: ``signature`` in the file (-1 is open), ``planned`` and ``ran`` shapes."""

    tensor: int
    name: str
    signature: tuple[int, ...]
    planned: tuple[int, ...]
    ran: tuple[int, ...]


class GraphCheck(NamedTuple):
    """What a comparison found: ``mismatches`` in words, empty if both are the same graph."""

    mismatches: tuple[str, ...]
    resolved: tuple[ResolvedShape, ...]

    @property
    def ok(self) -> bool:
        """Whether planned and run graph agree."""
        return not self.mismatches


def check_graph(model: Model, interpreter: Interpreter) -> GraphCheck:
    """Compare operators, tensor shapes and element types of the main subgraph.

    Shapes that depend on values are known to the runtime only after an inference: check again after ``run``.
    Constants are not compared, they are the same bytes of the same file.
    """
    graph = model.main
    mismatches = [*_operators(graph, interpreter), *_ends(graph, interpreter)]
    resolved = []
    for tensor in _activations(graph):
        ran = interpreter.tensor(tensor.index)
        what = f"tensor {tensor.index} ({tensor.name})"
        if ran.dtype not in _dtype_names(tensor):
            mismatches.append(f"{what} is planned as {_type_name(tensor)} and runs as {ran.dtype}")
        if ran.shape != tensor.shape:
            mismatches.append(f"{what} is planned with shape {list(tensor.shape)} and runs with {list(ran.shape)}")
        if -1 in tensor.shape_signature:
            resolved.append(ResolvedShape(tensor.index, tensor.name, tensor.shape_signature, tensor.shape, ran.shape))
    return GraphCheck(tuple(mismatches), tuple(resolved))


def require_same_graph(model: Model, interpreter: Interpreter) -> GraphCheck:
    """:func:`check_graph`, as an error.

    Raises:
        GraphMismatchError: they differ; names the first difference and how many there are.
    """
    check = check_graph(model, interpreter)
    if not check.ok:
        more = f" (and {len(check.mismatches) - 1} more differences)" if len(check.mismatches) > 1 else ""
        cause = f"the planned graph is not the one that {interpreter.backend} runs: {check.mismatches[0]}{more}"
        raise GraphMismatchError(model.source, cause)
    return check


def _operators(graph: Subgraph, interpreter: Interpreter) -> Iterator[str]:
    ran = interpreter.operators
    if len(ran) != len(graph.operators):
        yield f"{len(graph.operators)} operators are planned and {len(ran)} run"
        return
    for ours, theirs in zip(graph.operators, ran, strict=True):
        mine = (ours.name, ours.inputs, ours.outputs)
        if mine != (theirs.name, theirs.inputs, theirs.outputs):
            yield (
                f"operator {ours.index} is planned as {ours.name} {list(ours.inputs)} -> {list(ours.outputs)}"
                f" and runs as {theirs.name} {list(theirs.inputs)} -> {list(theirs.outputs)}"
            )


def _ends(graph: Subgraph, interpreter: Interpreter) -> Iterator[str]:
    for what, ours, theirs in (
        ("inputs", graph.inputs, interpreter.inputs),
        ("outputs", graph.outputs, interpreter.outputs),
    ):
        indices = tuple(tensor.index for tensor in theirs)
        if indices != ours:
            yield f"{what} are planned as tensors {list(ours)} and run as {list(indices)}"


def _activations(graph: Subgraph) -> Iterator[Tensor]:
    """Tensors that the run touches and the file holds no data for, by index."""
    touched = {*graph.inputs, *graph.outputs}
    for operator in graph.operators:
        touched.update(operator.inputs, operator.outputs)
    for index in sorted(touched):
        if index >= 0 and not graph.tensors[index].is_constant:
            yield graph.tensors[index]


def _type_name(tensor: Tensor) -> str:
    return tensor.type.name.lower() if isinstance(tensor.type, TensorType) else f"type {tensor.type}"


def _dtype_names(tensor: Tensor) -> tuple[str, ...]:
    if isinstance(tensor.type, TensorType) and tensor.type in _DTYPES:
        return _DTYPES[tensor.type]
    return (_type_name(tensor),)
