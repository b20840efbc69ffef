"""Models of one operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.models.builder import ModelBuilder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.graph import Quantization, TensorType


def one_operator(
    name: str,
    inputs: Sequence[tuple[Sequence[int], TensorType]],
    *outputs: tuple[Sequence[int], TensorType],
    quantization: Quantization | None = None,
    constants: dict[int, Sequence[int]] | None = None,
    options: dict[str, int | float | Sequence[int]] | None = None,
) -> bytes:
    """A model of one operator; ``constants`` are the values of inputs that the file holds, by position."""
    builder = ModelBuilder()
    graph = builder.subgraph("main")
    taken: list[int] = []
    for position, (shape, element) in enumerate(inputs):
        if constants is not None and position in constants:
            taken.append(graph.constant(shape, element, list(constants[position])))
        else:
            taken.append(graph.input(shape, element, quantization=quantization))
    results = [graph.tensor(shape, element, quantization=quantization) for shape, element in outputs]
    graph.operator(name, taken, results, options=options)
    graph.output(*results)
    return builder.build()
