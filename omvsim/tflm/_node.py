"""An operator as its kernel's Init and Prepare see it: tensors taken, bytes asked for, conditions checked."""

from __future__ import annotations

import math
from struct import unpack_from
from typing import TYPE_CHECKING, Any, NoReturn

from omvsim.graph import TensorType
from omvsim.tflm import _abi
from omvsim.tflm._events import Event, Fault, Persist, Refusal, RefusedError, Scratch, Temp
from omvsim.tflm._messages import differ, type_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.graph import Model, Operator, Subgraph, Tensor
    from omvsim.tflm._abi import Abi
    from omvsim.tflm._library import Library

ELEMENT_BYTES: dict[TensorType | int, int] = {
    TensorType.FLOAT16: 2,
    TensorType.BFLOAT16: 2,
    TensorType.FLOAT32: 4,
    TensorType.INT32: 4,
    TensorType.UINT32: 4,
    TensorType.INT16: 2,
    TensorType.INT8: 1,
    TensorType.UINT8: 1,
    TensorType.BOOL: 1,
    TensorType.INT4: 1,
    TensorType.INT64: 8,
    TensorType.UINT64: 8,
    TensorType.FLOAT64: 8,
    TensorType.COMPLEX64: 8,
    TensorType.COMPLEX128: 16,
    TensorType.RESOURCE: 4,
}
"""Bytes an element takes in the arena (``micro/memory_helpers.cc``); the library supports no other type."""

_NOT_POPULATED = "Failed to populate a temp TfLiteTensor struct from flatbuffer data!"
_CONSTANT_FORMATS: dict[TensorType | int, str] = {
    TensorType.INT8: "b",
    TensorType.INT16: "h",
    TensorType.INT32: "i",
    TensorType.INT64: "q",
}


def wrap32(value: int) -> int:
    """``value`` as a 32-bit ``int`` holds it."""
    return value if -(2**31) <= value < 2**31 else (value + 2**31) % 2**32 - 2**31


_USUAL_RANK = 8
_WORD = 0xFFFFFFFF


class Operand:
    """A tensor during preparation. ``dims`` is the shape kernels see; some kernels rewrite it."""

    __slots__ = ("dims", "index", "is_constant", "is_variable", "quantized", "scale", "tensor", "type", "zero_point")

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor
        self.index = tensor.index
        self.type = tensor.type
        self.dims = list(tensor.shape)
        self.is_constant = tensor.constant_bytes > 0
        self.is_variable = tensor.is_variable
        quantization = tensor.quantization
        self.quantized = quantization is not None and bool(quantization.scales) and bool(quantization.zero_points)
        self.scale = 0.0
        self.zero_point = 0
        if quantization is not None and self.quantized:
            self.scale = quantization.scales[0]
            self.zero_point = wrap32(quantization.zero_points[0])

    @property
    def scales(self) -> tuple[float, ...]:
        """The scales the runtime keeps: none unless there are zero points too."""
        return self.tensor.quantization.scales if self.quantized and self.tensor.quantization is not None else ()

    @property
    def quantized_axis(self) -> int:
        """``quantized_dimension``."""
        return self.tensor.quantization.axis if self.tensor.quantization is not None else 0

    @property
    def rank(self) -> int:
        """Number of dimensions."""
        return len(self.dims)

    @property
    def elements(self) -> int:
        """Product of the dimensions as a 32-bit int."""
        if len(self.dims) <= _USUAL_RANK:
            return wrap32(math.prod(self.dims))
        product = 1
        for length in self.dims:  # as C multiplies: the whole product of 100 000 dimensions takes minutes
            product = product * length & _WORD
        return wrap32(product)

    @property
    def bytes(self) -> int:
        """Bytes the runtime counts for the tensor (0 for a type it cannot measure)."""
        return self.elements * ELEMENT_BYTES.get(self.type, 0)

    def is_type(self, *kinds: TensorType) -> bool:
        """Whether the element type is one of ``kinds``."""
        return self.type in kinds


class Operands:
    """An operator of a file and its tensors, whoever of the kernel's functions looks at them."""

    def __init__(self, model: Model, operator: Operator, operands: list[Operand]) -> None:
        self.model = model
        self.operator = operator
        self._operands = operands

    @property
    def inputs(self) -> int:
        """Number of inputs, absent optional ones included."""
        return len(self.operator.inputs)

    @property
    def outputs(self) -> int:
        """Number of outputs."""
        return len(self.operator.outputs)

    def option(self, name: str, default: Any = 0) -> Any:
        """A builtin option; ``default`` where the file has no options table."""
        return self.operator.options.get(name, default)

    def _at(self, indices: tuple[int, ...], position: int) -> Operand | None:
        there = 0 <= position < len(indices) and indices[position] >= 0
        return self._operands[indices[position]] if there else None


class Node(Operands):
    """One operator being prepared. Records every event in order; ``expect`` and ``refuse`` end the preparation."""

    def __init__(
        self, model: Model, subgraph: Subgraph, operator: Operator, operands: list[Operand], library: Library
    ) -> None:
        super().__init__(model, operator, operands)
        self.subgraph = subgraph
        self.abi = library.abi
        self.runtime = library.runtime
        self.events: list[Event] = []

    # -- tensors ----------------------------------------------------------------------------------------------------

    def input(self, position: int) -> Operand:
        """Take input ``position`` as a temporary tensor; refuses the model if it is absent."""
        operand = self.optional_input(position)
        if operand is None:
            self.refuse(f"its input {position} is missing")
        return operand

    def optional_input(self, position: int) -> Operand | None:
        """Take input ``position`` if it is there."""
        return self._take(self.operator.inputs, position)

    def output(self, position: int = 0) -> Operand:
        """Take output ``position`` as a temporary tensor; refuses the model if it is absent."""
        operand = self.optional_output(position)
        if operand is None:
            self.refuse(f"its output {position} is missing")
        return operand

    def optional_output(self, position: int) -> Operand | None:
        """Take output ``position`` if it is there."""
        return self._take(self.operator.outputs, position)

    def unchecked_input(self, position: int) -> Operand:
        """Take input ``position`` in a kernel that does not look whether it got one."""
        return self._unchecked(self.operator.inputs, position)

    def unchecked_output(self, position: int = 0) -> Operand:
        """Take output ``position`` in a kernel that does not look whether it got one."""
        return self._unchecked(self.operator.outputs, position)

    def _unchecked(self, indices: tuple[int, ...], position: int) -> Operand:
        there = self._at(indices, position)
        if there is None or there.type not in ELEMENT_BYTES:
            reason = "it uses a tensor it did not get (missing, or of a type without a size) through a null pointer"
            self.crash(reason, _NOT_POPULATED if there is not None else "")
        operand = self._take(indices, position)
        assert operand is not None
        return operand

    def peek_input(self, position: int) -> Operand | None:
        """Input ``position`` without a temporary tensor (the kernel looks at the eval tensor)."""
        return self._at(self.operator.inputs, position)

    def peek_output(self, position: int) -> Operand | None:
        """Output ``position`` without a temporary tensor."""
        return self._at(self.operator.outputs, position)

    def _take(self, indices: tuple[int, ...], position: int) -> Operand | None:
        operand = self._at(indices, position)
        if operand is None:
            return None
        self.events.append(Temp(operand.index, tensor_pieces(operand, self.abi)))
        if operand.type not in ELEMENT_BYTES:
            self.refuse(
                f"tensor {operand.index} has element type {type_name(operand.type)}, which is not supported",
                _NOT_POPULATED,
            )
        return operand

    def constant(self, operand: Operand, *, typed: bool = False, at_least: int = 0) -> tuple[int, ...]:
        """The integers a constant tensor holds, read as int32 as most kernels do (``typed``: by its element type).

        A kernel that reads more than the tensor has (``at_least``) gets what lies behind it in the file, up to its end.
        What the kernel reads from a tensor without data is undefined.
        """
        if not operand.is_constant:
            self.crash(
                f"its operand tensor {operand.index} is not constant, so the kernel reads through a null pointer"
            )
        values = read_constant(self.model, operand, typed=typed, at_least=at_least)
        if len(values) < at_least:
            self.crash(f"it reads {at_least} entries of operand tensor {operand.index}, past the end of the file")
        return values

    # -- memory -----------------------------------------------------------------------------------------------------

    def persist(self, size: int, times: int = 1) -> None:
        """Take ``size`` bytes from the tail, ``times`` times."""
        if times > 0:
            self.events.append(Persist(size, times))

    def persist_struct(self, layout: str) -> None:
        """Take a struct from the tail."""
        self.persist(self.abi.sizeof(layout))

    def persist_dims(self, operand: Operand) -> None:
        """Take a writable copy of the operand's shape from the tail."""
        self.persist(_abi.int_array_bytes(operand.rank))

    def scratch(self, size: int) -> None:
        """Ask for a scratch buffer."""
        self.expect(
            sum(isinstance(event, Scratch) for event in self.events) < _abi.MAX_SCRATCH_PER_OPERATOR,
            f"it needs more than {_abi.MAX_SCRATCH_PER_OPERATOR} scratch buffers",
            f"Scratch buffer request exeeds limit per operator ({_abi.MAX_SCRATCH_PER_OPERATOR})",
        )
        self.events.append(Scratch(size % 2 ** (8 * self.abi.pointer)))

    # -- conditions -------------------------------------------------------------------------------------------------

    def expect(self, condition: bool, reason: str, library_message: str = "") -> None:
        """Refuse the model unless ``condition`` holds."""
        if not condition:
            self.refuse(reason, library_message)

    def expect_counts(self, inputs: int | None, outputs: int | None = 1) -> None:
        """Refuse a wrong number of inputs or outputs (None = any)."""
        if inputs is not None and self.inputs != inputs:
            self.refuse(f"it has {self.inputs} inputs instead of {inputs}")
        if outputs is not None and self.outputs != outputs:
            self.refuse(f"it has {self.outputs} outputs instead of {outputs}")

    def expect_type(self, operand: Operand, kinds: Iterable[TensorType], library_message: str = "") -> None:
        """Refuse an operand whose element type is none of ``kinds``."""
        allowed = tuple(kinds)
        if operand.type in allowed:
            return
        self.refuse(
            f"{type_name(operand.type)} is not supported for tensor {operand.index} "
            f"(it must be {' or '.join(type_name(kind) for kind in allowed)})",
            library_message,
        )

    def expect_same_type(self, one: Operand, other: Operand, library_message: str) -> None:
        """Refuse two operands of different element types."""
        if one.type == other.type:
            return
        self.refuse(
            f"its tensors differ in type ({type_name(one.type)} and {type_name(other.type)}), which is not supported",
            library_message,
        )

    def expect_no_zero_point(self, *checks: tuple[Operand, str]) -> None:
        """Refuse int16 operands that are not symmetric; each comes with the library's file, line and expressions."""
        for operand, where in checks:
            if operand.zero_point != 0:
                self.refuse(
                    f"int16 tensor {operand.index} has zero point {operand.zero_point}, not 0",
                    differ(where, operand.zero_point, 0),
                )

    def refuse(self, reason: str, library_message: str = "") -> NoReturn:
        """The library returns an error; where the kernel prints nothing, its interpreter names the operator."""
        where = f"Node {self.operator.name} (number {self.operator.index}f) failed to prepare with status 1"
        raise RefusedError(self._because(reason, library_message or where))

    def hang(self, reason: str, remedy: str = "", library_message: str = "") -> NoReturn:
        """The library calls ``abort``, which on the camera is a loop without an end."""
        raise RefusedError(self._because(reason, library_message)._replace(fault=Fault.HANGS, remedy=remedy))

    def crash(self, reason: str, library_message: str = "") -> NoReturn:
        """What the library does is undefined in C."""
        raise RefusedError(self._because(reason, library_message)._replace(fault=Fault.CRASHES))

    def unknown(self, reason: str) -> NoReturn:
        """What the library does is not known."""
        raise RefusedError(self._because(reason, "")._replace(fault=Fault.UNKNOWN))

    def _because(self, reason: str, library_message: str) -> Refusal:
        operator = self.operator
        return Refusal(reason, operator.name, self.subgraph.index, operator.index, library_message)


def read_constant(model: Model, operand: Operand, *, typed: bool = False, at_least: int = 0) -> tuple[int, ...]:
    """The integers in a tensor's data, and up to ``at_least`` of what lies behind them in the file."""
    code = _CONSTANT_FORMATS.get(operand.type, "i") if typed else "i"
    size = 4 if code == "i" else ELEMENT_BYTES[operand.type]
    data = model.constant(operand.tensor)
    if len(data) < at_least * size:
        start = model.buffers[operand.tensor.buffer][0]
        data = memoryview(model.data)[start : start + at_least * size]
    return unpack_from(f"<{len(data) // size}{code}", data)


def tensor_pieces(operand: Operand, abi: Abi) -> tuple[tuple[int, int], ...]:
    """(bytes, alignment) of a ``TfLiteTensor`` and, if the tensor is quantized, of its two quantization structs."""
    struct = (abi.sizeof(_abi.TENSOR), abi.alignof(_abi.TENSOR))
    if not operand.quantized or operand.type not in ELEMENT_BYTES:
        return (struct,)
    quantization = (abi.sizeof(_abi.AFFINE_QUANTIZATION), abi.alignof(_abi.AFFINE_QUANTIZATION))
    return (struct, quantization, (_abi.int_array_bytes(len(operand.scales)), 4))
