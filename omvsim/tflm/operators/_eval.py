"""Building blocks of the tables that say what each kernel's Eval takes: element types, ranks, shapes that fit.

The release build of the library checks shapes in debug assertions only, which are compiled away: a kernel whose output
is smaller than what it computes writes over whatever lies behind it. Two checks stay, and hang the camera when they
fail: a shape that does not fit a kernel's fixed number of dimensions (``RuntimeShape``, tflite-micro a57349f0,
``tensorflow/lite/kernels/internal/runtime_shape.h``), and element counts that differ (``MatchingElementsSize``).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

from omvsim.graph import TensorType
from omvsim.tflm._messages import library_name, library_number, type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from omvsim.tflm._invoke import Invocation
    from omvsim.tflm._node import Operand

Check: TypeAlias = "Callable[[Invocation], None]"
T = TensorType
_MAX_RANK = 6
"""``RuntimeShape::kMaxSmallSize``: more dimensions are copied past the end of the array on the stack."""
_REMEDY = "convert the model so that this operator works on another type, or do its work in the script"


def every(*checks: Check) -> Check:
    """All of them, in that order."""

    def check(node: Invocation) -> None:
        for one in checks:
            one(node)

    return check


def input_type(kinds: Iterable[T], text: str, position: int = 0) -> Check:
    """The kernel switches on an input's element type; ``text``: see :func:`message`."""
    allowed = frozenset(kinds)
    return lambda node: _expect(node, node.input(position), allowed, text)


def output_type(kinds: Iterable[T], text: str) -> Check:
    """The kernel switches on its output's element type."""
    allowed = frozenset(kinds)
    return lambda node: _expect(node, node.output(), allowed, text)


def message(text: str, kind: T | int) -> str:
    """The library's text with ``{name}`` and ``{number}`` of an element type filled in."""
    return text.format(name=library_name(kind), number=library_number(kind))


def refuse_type(node: Invocation, operand: Operand, text: str) -> None:
    """End here: Eval does not take that operand's type."""
    kind = type_name(operand.type)
    node.fail(f"it allocates, but cannot run with {kind} values (tensor {operand.index})", text, _REMEDY)


def _expect(node: Invocation, operand: Operand, allowed: frozenset[T], text: str) -> None:
    if operand.type not in allowed:
        refuse_type(node, operand, message(text, operand.type))


# -- shapes ----------------------------------------------------------------------------------------------------------


def sized(node: Invocation) -> None:
    """Every operand has a size that a 32-bit number holds, and no more dimensions than the kernels' shapes have."""
    for indices, get in ((node.operator.inputs, node.optional_input), (node.operator.outputs, node.output)):
        for position in range(len(indices)):
            operand = get(position)
            if operand is not None:
                _expect_size(node, operand)


def _expect_size(node: Invocation, operand: Operand) -> None:
    if operand.rank > _MAX_RANK:
        node.crash(f"tensor {operand.index} has {operand.rank} dimensions, and the kernel has room for {_MAX_RANK}")
    if operand.elements != math.prod(operand.dims):
        shape = "x".join(map(str, operand.dims))
        node.crash(f"tensor {operand.index} has the shape {shape}, whose size does not fit 32 bits")


def room(node: Invocation, output: Operand, elements: int) -> None:
    """The output must hold what the kernel writes."""
    if elements > output.elements:
        node.crash(f"it writes {elements} values into tensor {output.index}, which has room for {output.elements}")


def ranked(*ranks: int) -> Check:
    """First input and output must have one of these numbers of dimensions, which the kernel takes for granted."""

    def check(node: Invocation) -> None:
        for operand in (node.input(0), node.output()):
            if operand.rank not in ranks:
                wanted = " or ".join(map(str, ranks))
                node.crash(f"tensor {operand.index} has {operand.rank} dimensions, and the kernel reads {wanted}")

    return check


def one_to_one(node: Invocation) -> None:
    """As many values out as in."""
    room(node, node.output(), node.input(0).elements)


def broadcast_shape(*operands: Operand) -> list[int] | None:
    """The shape that the operands have together; None if they do not fit together."""
    rank = max(operand.rank for operand in operands)
    shapes = [[1] * (rank - operand.rank) + operand.dims for operand in operands]
    joined: list[int] = []
    for sizes in zip(*shapes, strict=True):
        others = {size for size in sizes if size != 1}
        if len(others) > 1:
            return None
        joined.append(others.pop() if others else 1)
    return joined


def elementwise(*, broadcast_rank: int = _MAX_RANK, padded: Iterable[T] = (), counted: Iterable[T] = ()) -> Check:
    """Two inputs, value by value; unequal shapes are broadcast by a loop of ``broadcast_rank`` dimensions.

    ``padded``: for these element types shapes that differ in leading ones only count as equal
    (``ProcessBroadcastShapes``). ``counted``: for these the library compares the numbers of values of equal shapes
    (``MatchingElementsSize``).
    """
    with_padding, with_count = frozenset(padded), frozenset(counted)

    def check(node: Invocation) -> None:
        one, other, output = node.input(0), node.input(1), node.output()
        equal = _padded(one.dims, other.dims) if one.type in with_padding else one.dims == other.dims
        if not equal:
            joined = broadcast_shape(one, other)
            if joined is None or math.prod(joined) != output.elements:
                shapes = f"{one.dims} and {other.dims}"
                node.crash(f"its output's shape {output.dims} is not what its inputs' shapes {shapes} give together")
            limited(node, broadcast_rank, one, other, output)
        elif one.type in with_count and output.elements != one.elements:
            node.hang(
                f"its output has {output.elements} values and its inputs {one.elements}: the library aborts",
                "give its output the shape of its inputs",
            )
        else:
            room(node, output, one.elements)

    return check


def limited(node: Invocation, rank: int, *operands: Operand) -> None:
    """A loop over a fixed number of dimensions: a shape with more makes the library abort."""
    for operand in operands:
        if operand.rank > rank:
            node.hang(
                f"tensor {operand.index} has {operand.rank} dimensions, and this kernel loops over {rank} at most: "
                "the library aborts",
                f"reshape its operands to at most {rank} dimensions before it",
            )


def _padded(one: list[int], other: list[int]) -> bool:
    rank = max(len(one), len(other))
    return [1] * (rank - len(one)) + one == [1] * (rank - len(other)) + other
