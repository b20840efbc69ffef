"""The parsed model as plain frozen values: no flatbuffers type leaves :mod:`omvsim.graph`.

Names and numbers follow the TFLite schema (``tensorflow/lite/schema/schema.fbs``).
"""

from __future__ import annotations

from functools import cached_property
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from omvsim.records import IntEnum, NamedTuple, dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TFLITE_SCHEMA = 3
"""Version of the schema; TFLM, and so the firmware, accepts no other (``TFLITE_SCHEMA_VERSION``)."""
Option: TypeAlias = "int | float | bytes | tuple[int | float, ...]"
"""A builtin option: a number, truth values included, a text as it stands in the file, or a vector of numbers."""
NO_OPTIONS: Mapping[str, Option] = MappingProxyType({})


class TensorType(IntEnum):
    """Element type, numbered as in the schema's ``TensorType``."""

    FLOAT32 = 0
    FLOAT16 = 1
    INT32 = 2
    UINT8 = 3
    INT64 = 4
    STRING = 5
    BOOL = 6
    INT16 = 7
    COMPLEX64 = 8
    INT8 = 9
    FLOAT64 = 10
    COMPLEX128 = 11
    UINT64 = 12
    RESOURCE = 13
    VARIANT = 14
    UINT32 = 15
    UINT16 = 16
    INT4 = 17
    BFLOAT16 = 18
    INT2 = 19
    UINT4 = 20
    FLOAT8_E4M3FN = 21
    FLOAT8_E5M2 = 22


class Quantization(NamedTuple):
    """``scale`` and ``zero_point`` vectors as stored; either may be empty, and their lengths may differ."""

    scales: tuple[float, ...] = ()
    zero_points: tuple[int, ...] = ()
    axis: int = 0


_USUAL_RANK = 8
_ENOUGH = 1 << 128
"""No memory has as many; the whole product of 100 000 dimensions takes minutes."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor of a subgraph; ``shape`` is the stored shape (``shape_signature`` is kept beside it)."""

    index: int
    name: str
    type: TensorType | int
    shape: tuple[int, ...]
    shape_signature: tuple[int, ...]
    buffer: int
    constant_bytes: int
    """Bytes of constant data in the tensor's buffer; 0 for an activation."""
    is_variable: bool = False
    quantization: Quantization | None = None
    is_sparse: bool = False

    @property
    def is_constant(self) -> bool:
        """Whether the file holds this tensor's data."""
        return self.constant_bytes > 0

    @property
    def elements(self) -> int:
        """Product of the dimensions, 1 for a scalar; of more than eight exact up to 2^128, else about as large."""
        if len(self.shape) <= _USUAL_RANK:
            return prod(self.shape)
        product = 0 if 0 in self.shape else 1
        for length in self.shape:
            if -_ENOUGH < product < _ENOUGH:
                product *= length
            elif length < 0:
                product = -product
        return product


@dataclass(frozen=True, slots=True)
class Operator:
    """One node, in execution order. ``inputs`` may hold -1 for an optional input that is absent."""

    index: int
    name: str
    """Schema name (``CONV_2D``), ``BUILTIN_254`` where no schema has the number, or the custom operator's own name."""
    code: int
    """``builtin_code`` as the runtime reads it: max of the 32-bit field and the deprecated byte; 32 is CUSTOM."""
    code_field: int
    """The 32-bit ``builtin_code`` field alone (0 in files older than it)."""
    version: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    intermediates: tuple[int, ...] = ()
    options: Mapping[str, Option] = field(default_factory=lambda: NO_OPTIONS)
    """Builtin options by schema field name, e.g. ``{"stride_w": 1, "padding": 0}``; empty when the file has none."""
    custom_options: bytes = b""
    has_custom_options: bool = False
    """Whether the field is there at all: TFLM refuses a builtin operator that has it, even empty."""

    @property
    def is_custom(self) -> bool:
        """Whether this is a custom operator."""
        return self.code == 32

    def called(self, option: str) -> int | None:
        """The subgraph that an option names; None where the file has no options."""
        found = self.options.get(option)
        return found if isinstance(found, int) else None


@dataclass(frozen=True, slots=True)
class Subgraph:
    """Tensors and operators of one subgraph; ``inputs`` and ``outputs`` are tensor indices."""

    index: int
    name: str
    tensors: tuple[Tensor, ...]
    operators: tuple[Operator, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]

    @property
    def input_tensors(self) -> tuple[Tensor, ...]:
        """The tensors fed from outside."""
        return tuple(self.tensors[i] for i in self.inputs)

    @property
    def output_tensors(self) -> tuple[Tensor, ...]:
        """The tensors handed out."""
        return tuple(self.tensors[i] for i in self.outputs)


@dataclass(frozen=True)
class Model:
    """A whole ``.tflite`` file."""

    source: str
    """What to call the file in messages (its path as given)."""
    data: bytes = field(repr=False)
    version: int
    """Of the schema: see :data:`TFLITE_SCHEMA`."""
    description: str
    subgraphs: tuple[Subgraph, ...]
    metadata: Mapping[str, bytes]
    buffers: tuple[tuple[int, int], ...] = field(repr=False)
    """(offset, bytes) of every buffer's data in ``data``; (0, 0) for an empty one."""
    external_buffers: frozenset[int] = frozenset()
    """Buffers whose data lies after the flatbuffer (files over 2 GiB do this). TFLM does not follow such offsets: to it
    the buffer is empty, so ``constant_bytes`` is 0."""

    def __repr__(self) -> str:
        operators = sum(len(graph.operators) for graph in self.subgraphs)
        return f"<Model {self.source}: {self.size} bytes, {operators} operators>"

    @property
    def size(self) -> int:
        """File size in bytes."""
        return len(self.data)

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the file."""
        import hashlib  # noqa: PLC0415 - only reports and traces need it

        return hashlib.sha256(self.data).hexdigest()

    @property
    def main(self) -> Subgraph:
        """Subgraph 0, the one that runs."""
        return self.subgraphs[0]

    def constant(self, tensor: Tensor) -> memoryview:
        """The tensor's constant data as stored (empty for an activation)."""
        offset, size = self.buffers[tensor.buffer]
        return memoryview(self.data)[offset : offset + size]

    def operators(self) -> Iterator[tuple[Subgraph, Operator]]:
        """Every operator of every subgraph, in file order."""
        for subgraph in self.subgraphs:
            for operator in subgraph.operators:
                yield subgraph, operator
