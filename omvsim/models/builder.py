"""Builds ``.tflite`` files operator by operator, without TensorFlow.

The low level under :mod:`omvsim.models`: whatever the schema can say about tensors, operators, subgraphs,
variables, metadata and custom operators can be written, wrong models included (tests need those too)::

    model = ModelBuilder()
    graph = model.subgraph()
    x = graph.input((1, 8, 8, 4), quantization=Quantization((0.1,), (0,)))
    y = graph.tensor((1, 8, 8, 4), quantization=Quantization((1 / 256,), (-128,)))
    graph.operator("LOGISTIC", [x], [y])
    graph.output(y)
    data = model.build()

The same calls give the same bytes. Field names are the schema's (``tensorflow/lite/schema/schema.fbs``).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from omvsim.errors import InputError
from omvsim.graph import Quantization, TensorType
from omvsim.models._operators import default_version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OptionValue: TypeAlias = "bool | int | float | str | Sequence[int]"

ABSENT = -1
"""The tensor index of an optional input that is not there."""

_FORMATS = {
    TensorType.FLOAT32: "f",
    TensorType.FLOAT16: "e",
    TensorType.FLOAT64: "d",
    TensorType.INT8: "b",
    TensorType.UINT8: "B",
    TensorType.INT16: "h",
    TensorType.UINT16: "H",
    TensorType.INT32: "i",
    TensorType.UINT32: "I",
    TensorType.INT64: "q",
    TensorType.UINT64: "Q",
    TensorType.BOOL: "?",
}


def pack(element: TensorType, values: Sequence[float]) -> bytes:
    """``values`` as the little-endian bytes of a constant.

    Raises:
        InputError: ``element`` is not a plain number type, or a value does not fit into it.
    """
    code = _FORMATS.get(element)
    if code is None:
        raise InputError(element.name, "constants of this type must be given as bytes")
    try:
        return struct.pack(f"<{len(values)}{code}", *values)
    except (struct.error, OverflowError) as error:
        raise InputError(element.name, f"a value of the constant does not fit ({error})") from None


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """One tensor to be written; ``data`` empty means that the file holds none (an activation or a variable)."""

    name: str
    shape: tuple[int, ...] | None
    type: TensorType
    quantization: Quantization | None = None
    data: bytes = b""
    variable: bool = False
    shape_signature: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class OperatorSpec:
    """One operator to be written; a custom one has ``name`` ``CUSTOM`` and its own in ``custom_name``."""

    name: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    version: int
    options: Mapping[str, OptionValue] | None = None
    intermediates: tuple[int, ...] = ()
    custom_name: str = ""
    custom_options: bytes = b""


@dataclass(slots=True)
class SubgraphBuilder:
    """One subgraph; made by :meth:`ModelBuilder.subgraph`. Tensors are the indices that its methods return."""

    name: str
    tensors: list[TensorSpec] = field(default_factory=list)
    operators: list[OperatorSpec] = field(default_factory=list)
    inputs: list[int] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)
    _shared: dict[tuple[TensorType, tuple[int, ...], bytes], int] = field(default_factory=dict)

    def tensor(
        self,
        shape: Sequence[int] | None,
        element: TensorType = TensorType.INT8,
        *,
        name: str = "",
        quantization: Quantization | None = None,
        variable: bool = False,
        shape_signature: Sequence[int] | None = None,
    ) -> int:
        """Add an activation (or a ``variable``, which keeps its content); ``shape`` None leaves the shape out."""
        signature = None if shape_signature is None else tuple(shape_signature)
        dims = None if shape is None else tuple(shape)
        return self._add(TensorSpec(name, dims, element, quantization, b"", variable, signature))

    def constant(
        self,
        shape: Sequence[int],
        element: TensorType,
        values: bytes | Sequence[float],
        *,
        name: str = "",
        quantization: Quantization | None = None,
        shared: bool = False,
    ) -> int:
        """Add a constant; ``shared`` returns the earlier tensor if one of equal content was added so.

        Converters share the small integer constants (axes, shapes, paddings), never weights.
        """
        data = values if isinstance(values, bytes) else pack(element, values)
        key = (element, tuple(shape), data)
        if shared and key in self._shared:
            return self._shared[key]
        index = self._add(TensorSpec(name, tuple(shape), element, quantization, data))
        if shared:
            self._shared[key] = index
        return index

    def input(
        self,
        shape: Sequence[int],
        element: TensorType = TensorType.INT8,
        *,
        name: str = "",
        quantization: Quantization | None = None,
    ) -> int:
        """Add a tensor that is fed from outside."""
        index = self.tensor(shape, element, name=name or f"input_{len(self.inputs)}", quantization=quantization)
        self.inputs.append(index)
        return index

    def output(self, *tensors: int) -> None:
        """Hand ``tensors`` out as the subgraph's next outputs."""
        self.outputs.extend(tensors)

    def operator(
        self,
        name: str,
        inputs: Sequence[int],
        outputs: Sequence[int],
        options: Mapping[str, OptionValue] | None = None,
        *,
        version: int | None = None,
        intermediates: Sequence[int] = (),
    ) -> None:
        """Add a builtin operator by its schema name (``CONV_2D``).

        ``options`` are the fields of its options table by schema name; None writes no table at all, ``{}`` an
        empty one. ``version`` defaults to the one the converter gives to the type of the first input.
        """
        first = next((self.tensors[i].type for i in inputs if i != ABSENT), TensorType.FLOAT32)
        chosen = default_version(name, first) if version is None else version
        self.operators.append(
            OperatorSpec(name, tuple(inputs), tuple(outputs), chosen, options, tuple(intermediates)),
        )

    def custom_operator(self, name: str, inputs: Sequence[int], outputs: Sequence[int], options: bytes = b"") -> None:
        """Add a custom operator; ``options`` are its own bytes."""
        spec = OperatorSpec("CUSTOM", tuple(inputs), tuple(outputs), 1, custom_name=name, custom_options=options)
        self.operators.append(spec)

    def _add(self, spec: TensorSpec) -> int:
        self.tensors.append(spec)
        return len(self.tensors) - 1


class ModelBuilder:
    """A whole model file: subgraphs, metadata, then :meth:`build`.

    ``legacy_codes`` writes operator codes as files before schema 3a did: only the 8-bit field.
    """

    def __init__(self, description: str = "", *, legacy_codes: bool = False) -> None:
        self.description = description
        self.legacy_codes = legacy_codes
        self.subgraphs: list[SubgraphBuilder] = []
        self.metadata: list[tuple[str, bytes]] = []

    def subgraph(self, name: str = "") -> SubgraphBuilder:
        """Add a subgraph; the first one is the model's main graph."""
        graph = SubgraphBuilder(name or ("main" if not self.subgraphs else f"subgraph_{len(self.subgraphs)}"))
        self.subgraphs.append(graph)
        return graph

    def add_metadata(self, name: str, data: bytes) -> None:
        """Add a metadata entry, e.g. ``OfflineMemoryAllocation``."""
        self.metadata.append((name, data))

    def build(self) -> bytes:
        """The file's bytes.

        Raises:
            InputError: an operator or an option that the schema does not have, or an option value of a wrong type.
        """
        from omvsim.models._serialize import serialize  # noqa: PLC0415 - flatbuffers and tflite load slowly

        return serialize(self)
