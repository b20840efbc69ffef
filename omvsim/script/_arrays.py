"""``ulab`` arrays: the device's element types on top of numpy, each operation charged as the device's.

Costs come from :class:`omvsim.firmware.charges.Ulab`, which was measured operation by operation on both releases.
"""

# ruff: noqa: RET503 - throw() never returns, and stand-ins have the signatures of the firmware's functions

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from omvsim.firmware.charges import Array, Tape, Ulab
from omvsim.script._make import WORD, type_name
from omvsim.script._text import format_float
from omvsim.script._values import MISSING, List, NativeObject, Slice, Tuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from omvsim.script._memory import Block
    from omvsim.script._runtime import Runtime

HOST_TYPES: dict[str, Any] = {
    "f": np.float32,
    "h": np.int16,
    "H": np.uint16,
    "b": np.int8,
    "B": np.uint8,
    "?": np.bool_,
}
ROWS = ",\n       "
"""What ulab prints between the rows of a table."""
DATA_BLOCKS = 3
"""The last requests of a new array: object, strides, data."""
_OBJECT = 52
_DIMS = 16

_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.true_divide,
    "//": np.floor_divide,
    "%": np.mod,
    "**": np.power,
    "<": np.less,
    ">": np.greater,
    "<=": np.less_equal,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
    "&": np.bitwise_and,
    "|": np.bitwise_or,
    "^": np.bitwise_xor,
}
_COMPARISONS = frozenset(("<", ">", "<=", ">=", "==", "!="))


class NdArray(NativeObject):
    """One array; ``values`` are numpy's, ``owner`` is what a view or an array on a buffer keeps alive."""

    __slots__ = ("kind", "owner", "rt", "values")
    kind_name = "ndarray"

    def __init__(
        self, rt: Runtime, values: NDArray[Any], kind: str, blocks: tuple[Block, ...], owner: object = None
    ) -> None:
        super().__init__()
        self.rt = rt
        self.values = values
        self.kind = kind
        self.blocks = blocks
        self.owner = owner

    @property
    def methods(self) -> dict[str, Any]:  # type: ignore[override]
        """Its methods."""
        return _METHODS

    @property
    def cost(self) -> Array:
        """What it is to :class:`Ulab`."""
        return Array(tuple(self.values.shape), "B" if self.kind == "?" else self.kind)

    def text(self) -> str:
        """As ``print`` shows it."""
        letter = {"f": "float32", "h": "int16", "H": "uint16", "b": "int8", "B": "uint8", "?": "bool"}[self.kind]
        if self.values.ndim == 2:
            inside = "[" + ROWS.join(map(_nested, self.values.tolist())) + "]"
        else:
            inside = _nested(self.values.tolist())
        return f"array({inside}, dtype={letter})"

    def __len__(self) -> int:
        return len(self.values) if self.values.ndim else 1

    def __bool__(self) -> bool:
        return bool(self.values.size)

    def buffer_bytes(self) -> bytes:
        """Its data."""
        return self.values.tobytes()

    def buffer_view(self) -> memoryview:
        """Its data, shared."""
        return memoryview(self.values.reshape(-1).view(np.uint8).data)

    def get(self, name: str) -> Any:
        """Attributes."""
        make = self.rt.make
        if name == "shape":
            tape = Tape()
            Ulab(tape).shape_of(self.cost, "shape")
            return self._tuple(tape, tuple(int(n) for n in self.values.shape))
        if name == "size":
            return int(self.values.size)
        if name == "ndim":
            return int(self.values.ndim)
        if name == "itemsize":
            return int(self.values.itemsize)
        if name == "dtype":
            return ord(self.kind)
        if name == "T":
            blocks = [make.alloc(WORD * self.values.ndim, "transposed") for _ in range(2)]
            del blocks
            return NdArray(self.rt, self.values.T, self.kind, (make.alloc(_OBJECT, "view"),), self)
        return MISSING

    def _tuple(self, tape: Tape, items: tuple[int, ...]) -> Any:
        vector = tape.charges[0]
        scratch = self.rt.make.alloc(vector.size, "shape")
        result = Tuple(items)
        result.block = self.rt.make.alloc(tape.charges[1].size, "shape")
        self.rt.memory.free(scratch)
        return result

    # -- making new ones ----------------------------------------------------------------------------------------

    def new(self, tape: Tape, values: Any, kind: str, owner: object = None, last: int = DATA_BLOCKS) -> NdArray:
        """An array whose requests are the tape's."""
        blocks = self.rt.make.play(tape.charges, last)
        data = np.asarray(values)
        if kind != "?":
            data = data.astype(HOST_TYPES[kind], copy=False)
        return NdArray(self.rt, data, kind, tuple(blocks[-last:]), owner)

    def view(self, values: NDArray[Any]) -> Any:
        """A part of the array that shares its data: shape, strides, object."""
        make = self.rt.make
        dims = [make.alloc(_DIMS, "view") for _ in range(2)]
        result = NdArray(self.rt, values, self.kind, (make.alloc(_OBJECT, "view"),), self)
        del dims
        return result

    def scalar(self, value: Any) -> Any:
        """An element as the script's number."""
        if self.kind == "?":
            return bool(value)
        return self.rt.make.real(float(value)) if self.kind == "f" else int(value)

    # -- operators ----------------------------------------------------------------------------------------------

    def operand(self, other: Any) -> tuple[Any, Any]:
        """(cost, values) of the other side."""
        if isinstance(other, NdArray):
            return other.cost, other.values
        if isinstance(other, bool | int | float):
            plain = float(other) if isinstance(other, float) else int(other)
            return plain, plain
        if isinstance(other, List | tuple):
            values = np.array([_number(item) for item in other], dtype=np.float32)
            tape = Tape()
            nested = any(isinstance(item, NdArray) for item in other)
            if nested:
                tape.take(2 * WORD, "shape of a list")
            tape.take_all((_OBJECT, _DIMS, Array(values.shape, "f").data_bytes), "array of a list")
            if nested:
                tape.floats(values.size, "element")  # read out of the inner array one by one
            self.rt.make.play(tape.charges)
            return Array(values.shape, "f"), values
        self.rt.make.throw_formatted("TypeError", f"unsupported types for operator: 'ndarray', '{type_name(other)}'")

    def binary(self, sign: str, other: Any, reflected: bool = False) -> Any:
        """``self sign other``, or the sides exchanged."""
        if sign not in _OPERATIONS:
            self.rt.make.throw_formatted("TypeError", "operation is not supported for given type")
        cost, values = self.operand(other)
        if isinstance(values, np.ndarray):
            self.check_shapes(values)
        tape = Tape()
        sides = (cost, self.cost) if reflected else (self.cost, cost)
        kept_sign = "<" if sign in _COMPARISONS else sign
        result = Ulab(tape).binary(sides[0], kept_sign, sides[1], "array")
        left, right = (values, self.values) if reflected else (self.values, values)
        with np.errstate(all="ignore"):
            computed = _OPERATIONS[sign](_wide(left), _wide(right))
        return self.new(tape, computed, "?" if sign in _COMPARISONS else result.kind)

    def check_shapes(self, other: NDArray[Any]) -> None:
        """Broadcasting as the device allows it.

        Raises:
            ScriptError: the shapes do not go together.
        """
        try:
            np.broadcast_shapes(self.values.shape, other.shape)
        except ValueError:
            self.rt.make.throw("ValueError", "operands could not be broadcast together")

    def compare(self, sign: str, other: Any) -> Any:
        """A comparison, element by element."""
        if other is None or isinstance(other, str):
            return sign == "!="
        return self.binary(sign, other)

    def in_place(self, sign: str, other: Any) -> NdArray:
        """``self sign= other``."""
        cost, values = self.operand(other)
        tape = Tape()
        Ulab(tape).in_place(self.cost, cost, "array")
        self.rt.make.play(tape.charges)
        with np.errstate(all="ignore"):
            self.values[...] = _OPERATIONS[sign](_wide(self.values), _wide(values)).astype(self.values.dtype)
        return self

    def negative(self) -> NdArray:
        """``-self``."""
        tape = Tape()
        Ulab(tape).negative(self.cost, "array")
        return self.new(tape, -_wide(self.values), self.kind)

    # -- subscripts ---------------------------------------------------------------------------------------------

    def key(self, key: Any) -> Any:
        """A key as numpy's; out of range is the camera's IndexError."""
        if isinstance(key, Slice):
            return key.span
        if isinstance(key, tuple):
            return tuple(self.key(part) for part in key)
        if isinstance(key, NdArray):
            return key.values if key.kind == "?" else key.values.astype(np.intp)
        if not isinstance(key, int):
            self.rt.make.throw("TypeError", "indices must be integers, slices, or Boolean lists")
        return int(key)

    def index(self, key: Any) -> Any:
        """``self[key]``."""
        make = self.rt.make
        found = self.found(key)
        if isinstance(key, NdArray):
            if key.values.ndim != 1 or self.values.ndim != 1:
                make.throw_formatted("NotImplementedError", "operation is implemented for 1D Boolean arrays only")
            tape = Tape()
            Ulab(tape).new(tuple(found.shape), self.cost.kind, "selected")
            return self.new(tape, found, self.kind)
        if not isinstance(key, tuple):
            scratch = [make.alloc(WORD, "index"), make.alloc(3 * WORD, "index")]
            del scratch
        if np.ndim(found) == 0:
            for size in (_DIMS, _DIMS, _OBJECT):
                make.alloc(size, "view")
            return self.scalar(found)
        return self.view(found)

    def found(self, key: Any) -> Any:
        """What numpy finds under the key."""
        try:
            return self.values[self.key(key)]
        except IndexError:
            self.rt.make.throw("IndexError", "index is out of bounds")

    def store(self, key: Any, value: Any) -> None:
        """``self[key] = value``: the value as an array, the view, three blocks to walk both, and a copy."""
        make, tape = self.rt.make, Tape()
        np_ = Ulab(tape)
        if not isinstance(key, tuple):
            tape.take(WORD, "index")
            tape.take(3 * WORD, "index")
        cost, values = self.operand(value)
        source = cost if isinstance(cost, Array) else np_.scalar(cost, None, "value")
        tape.take_all((_DIMS, _DIMS, _OBJECT), "view")
        blocks = [tape.take(_DIMS, "walk") for _ in range(3)]
        if source.kind == self.cost.kind:
            tape.take_all((_DIMS, _OBJECT, source.data_bytes), "copy")
        else:
            tape.take_all((_OBJECT, _DIMS, source.size * self.values.itemsize), "copy")
        for block in blocks:
            tape.free(block)
        self.found(key)
        make.play(tape.charges)
        try:
            with np.errstate(all="ignore"):
                self.values[self.key(key)] = np.asarray(values).astype(self.values.dtype)
        except ValueError:
            make.throw("ValueError", "operands could not be broadcast together")

    def iterate(self) -> Iterator[Any]:
        """Elements, or rows as views: an object each."""
        for item in self.values:
            if np.ndim(item) == 0:
                yield self.scalar(item)
            else:
                yield NdArray(self.rt, item, self.kind, (self.rt.make.alloc(_OBJECT, "row"),), self)


def _number(value: Any) -> Any:
    """A number, or nested ones, as numpy's."""
    if isinstance(value, NdArray):
        return value.values
    if isinstance(value, List | tuple):
        return [_number(item) for item in value]
    return float(value)


def _wide(values: Any) -> Any:
    """Values that an operation computes with before the result's type cuts them: singles, or ints."""
    if isinstance(values, np.ndarray):
        return values.astype(np.float32) if values.dtype.kind == "f" else values.astype(np.int64)
    return np.float32(values) if isinstance(values, float) else values


def _nested(items: Any) -> str:
    if isinstance(items, list):
        return "[" + ", ".join(map(_nested, items)) + "]"
    return format_float(items) if isinstance(items, float) else str(items)


def _reshape(array: NdArray, shape: Any, *more: Any) -> NdArray:
    make = array.rt.make
    sizes = (int(shape), *map(int, more)) if isinstance(shape, int) else tuple(int(n) for n in shape)
    try:
        values = array.values.reshape(sizes)
    except ValueError:
        make.throw("ValueError", "cannot reshape array")
    if array.values.flags.c_contiguous:
        dims = [make.alloc(_DIMS, "shape") for _ in range(2)]
        result = NdArray(array.rt, values, array.kind, (make.alloc(_OBJECT, "view"),), array)
        del dims
        return result
    tape = Tape()
    tape.take_all((_DIMS, _OBJECT, _DIMS, array.cost.data_bytes), "reshaped copy")
    return array.new(tape, values, array.kind)


def _copy(array: NdArray, sizes: tuple[int, ...], values: Any) -> NdArray:
    tape = Tape()
    tape.take_all(sizes, "copy")
    return array.new(tape, values.copy(), array.kind)


def _to_list(array: NdArray) -> Any:
    return _nested_list(array, array.values)


def _nested_list(array: NdArray, values: Any) -> Any:
    """A list as long as the first axis, filled item by item."""
    result = array.rt.make.new_list([None] * len(values), len(values))
    for place, item in enumerate(values):
        result.items[place] = array.scalar(item) if np.ndim(item) == 0 else _nested_list(array, item)
    return result


def _sort(array: NdArray, axis: Any = -1) -> None:
    for _ in range(2):
        array.rt.memory.free(array.rt.make.alloc(_DIMS, "sort"))
    array.values.sort(axis=-1 if axis is None else int(axis))


def _to_bytes(array: NdArray) -> Any:
    return array.rt.make.buffer_on(array.buffer_view(), array)


def _byteswap(array: NdArray, inplace: Any = False) -> NdArray:
    if inplace:
        array.values.byteswap(True)
        return array
    return _copy(array, (_DIMS, _OBJECT, array.cost.data_bytes), array.values.byteswap())


_METHODS: dict[str, Any] = {
    "reshape": _reshape,
    "copy": lambda array: _copy(array, (_DIMS, _OBJECT, array.cost.data_bytes), array.values),
    "flatten": lambda array, **_order: _copy(
        array, (_DIMS, _OBJECT, _DIMS, array.cost.data_bytes), array.values.reshape(-1)
    ),
    "tolist": _to_list,
    "tobytes": _to_bytes,
    "transpose": lambda array: array.get("T"),
    "sort": _sort,
    "byteswap": _byteswap,
}
