"""ulab's array (code/ndarray.c): an object of 52 bytes on a block of data that views share."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar

from omvsim.later import later, np
from omvsim.memory import sizes
from omvsim.memory.requests import Block
from omvsim.micropython.errors import Unknown
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types import array_, list_, tuple_
from omvsim.micropython.types.common import Iterator
from omvsim.micropython.types.items import read_item
from omvsim.micropython.values import STOP, UNSUPPORTED, Obj, UnaryOp
from omvsim.standard.databytes import DataBytes
from omvsim.ulab import making
from omvsim.ulab.layout import FLATITER, HOST_TYPES, MAX_DIMS, WORD, Scratch, item_size, ulab_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import BinaryOp, Out, PrintKind, Sentinel, Value
    from omvsim.ulab import indexing, operators, printing, shaping, sorting, unary

    Store = bytearray | memoryview
else:
    indexing, operators, printing = later("omvsim.ulab", "indexing", "operators", "printing")
    shaping, sorting, unary = later("omvsim.ulab", "shaping", "sorting", "unary")


class NdArray(Obj):
    """An array or a view.

    ``store`` has the bytes on the host and ``block`` what is kept alive for them (``origin``): their chunk, or the
    object that has them; ``offset`` and ``strides`` are in bytes. No ``shape``: an array of no dimensions, which has no
    elements.
    """

    __slots__ = ("block", "boolean", "code", "offset", "shape", "size", "store", "strides")
    type_name: ClassVar[str] = "ndarray"
    equals_other_types = True
    has_not_equal = True

    def __init__(  # noqa: PLR0917  # the fields of ndarray_obj_t
        self,
        memory: Memory,
        address: int,
        code: str,
        shape: tuple[int, ...],
        strides: tuple[int, ...],
        store: Store,
        block: object,
        *,
        offset: int = 0,
        boolean: bool = False,
    ) -> None:
        super().__init__(memory, address)
        self.code = code
        self.shape = shape
        self.strides = strides
        self.store = store
        self.block = block
        self.offset = offset
        self.boolean = boolean
        self.size = prod(shape) if shape else 0
        """Number of elements (``len``): it stays what it was when a shape is put in."""

    # -- for the host ---------------------------------------------------------------------------------------------

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return len(self.shape)

    @property
    def itemsize(self) -> int:
        """Bytes of an element."""
        return item_size(self.code)

    @property
    def values(self) -> NDArray[np.generic]:
        """Its elements, shared: made anew each time, so that nothing holds on to the bytes."""
        if not self.shape:
            return np.empty(0, HOST_TYPES[self.code])
        shape = tuple(max(length, 1) for length in self.shape) if self.size else self.shape
        return np.ndarray(shape, HOST_TYPES[self.code], self.store, self.offset, self.strides)

    @property
    def cells(self) -> NDArray[np.generic]:
        """As :attr:`values`; of an empty array the one element that it has room for, which loops look at."""
        if self.size:
            return self.values
        return np.ndarray((1,), HOST_TYPES[self.code], self.store, self.offset)

    def flat_offset(self, place: int) -> int:
        """Where the element of a number is said to be, in bytes from the first one: right for dense arrays of up to two
        dimensions only (ndarray_iter.c, create.c).
        """
        lengths, strides = self.lengths, self.full_strides
        offset, axis = 0, MAX_DIMS - 1
        while True:
            offset += place * strides[axis]
            place %= lengths[axis]
            axis -= 1
            if axis <= MAX_DIMS - self.ndim:
                return offset

    @property
    def lengths(self) -> tuple[int, ...]:
        """The shape as the device has it: four lengths, zeros in front."""
        return (0,) * (MAX_DIMS - len(self.shape)) + self.shape

    @property
    def full_strides(self) -> tuple[int, ...]:
        """The strides as the device has them."""
        return (0,) * (MAX_DIMS - len(self.strides)) + self.strides

    def is_dense(self) -> bool:
        """``ndarray_is_dense``: judged by the first stride only; an array of no dimensions is not."""
        return bool(self.shape) and self.strides[0] == self.itemsize * prod(self.shape[1:])

    def item(self, vm: Machine, offset: int) -> Value:
        """``ndarray_get_item``: the element at so many bytes from the array's first."""
        at = self.offset + offset
        if not 0 <= at <= len(self.store) - self.itemsize:
            raise Unknown("ndarray", "the camera reads what is beside the array's data")
        if self.boolean:
            return self.store[at] != 0
        return read_item(vm, self.code, self.store[at : at + self.itemsize], 0)

    def view(self, vm: Machine, shape: tuple[int, ...], strides: tuple[int, ...], offset: int) -> NdArray:
        """``ndarray_new_view``."""
        return making.new_view(vm, self, shape, strides, offset)

    def buffer(self, *, writable: bool = False) -> memoryview | None:
        """``ndarray_get_buffer``: of dense arrays only."""
        if not self.is_dense():
            return None
        return memoryview(self.store)[self.offset : self.offset + self.itemsize * self.size]

    def buffer_code(self) -> str:
        """Its type letter."""
        return self.code

    def chunk(self) -> Block | None:
        """Where its elements are; None if the first one is inside of a chunk, which a pointer there does not keep."""
        return self.block if isinstance(self.block, Block) and self.offset == 0 else None

    # -- the language ---------------------------------------------------------------------------------------------

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        if op is UnaryOp.LEN:
            return self.shape[0] if self.shape else 0
        return unary.unary(vm, self, op)

    def binary(self, vm: Machine, op: BinaryOp, rhs: Value) -> Value | Sentinel:
        return operators.binary(vm, op, self, rhs)

    def subscr(self, vm: Machine, index: Value) -> Value | Sentinel:
        return indexing.load(vm, self, index)

    def set_subscr(self, vm: Machine, index: Value, value: Value | Sentinel) -> bool:
        indexing.store(vm, self, index, value)
        return True

    def iterate(self, vm: Machine, *, on_stack: bool) -> Value | Sentinel:
        return ArrayIterator(vm.memory, 0 if on_stack else vm.memory.alloc(sizes.ITERATOR), self)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        printing.print_array(vm, self, out)

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        if name == "shape":
            return _numbers(vm, self.shape or (0,))
        if name == "strides":
            return _numbers(vm, self.strides)
        if name == "size":
            return vm.new_int(self.size)
        if name == "itemsize":
            return self.itemsize
        if name == "dtype":
            return ord(self.code)
        if name == "T":
            return shaping.reversed_axes(vm, self)
        if name == "flat":
            return FlatIterator(vm.memory, vm.memory.alloc(FLATITER), self)
        if name == "ndim" and ulab_of(vm).has_ndim:
            return self.ndim
        return UNSUPPORTED

    def set_attr(self, vm: Machine, name: str, value: Value | Sentinel) -> bool:
        from_script = not _is_sentinel(value)
        if name != "shape" or not from_script:
            return False
        shaping.reshape(vm, self, value, inplace=True)  # type: ignore[arg-type]  # a value: just looked
        return True

    @method("reshape", 2)
    def reshape(self, vm: Machine, shape: Value) -> Value:
        """A view, or a copy where it is not dense."""
        return shaping.reshape(vm, self, shape, inplace=False)

    @method("transpose", 1, None, keywords=True)
    def transpose(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """A view with the axes in another order."""
        return shaping.transpose(vm, self, args, kwargs)

    @method("byteswap", 1, None, keywords=True)
    def byteswap(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """A copy with the bytes of each element exchanged; a view on the exchanged with ``inplace``."""
        return shaping.byteswap(vm, self, args, kwargs)

    @method("copy", 1)
    def copy(self, vm: Machine) -> Value:
        """A dense copy."""
        return making.copy(vm, self)

    @method("flatten", 1, None, keywords=True)
    def flatten(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """A copy in one dimension."""
        return shaping.flatten(vm, self, args, kwargs)

    @method("tobytes", 1)
    def tobytes(self, vm: Machine) -> Value:
        """A bytearray on its data."""
        if not self.is_dense():
            vm.raise_value("tobytes can be invoked for dense arrays only")
        address = vm.memory.alloc(sizes.ARRAY)
        length = self.itemsize * self.size
        if self.offset or length != len(self.store) or not isinstance(self.store, bytearray):
            return DataBytes(vm, address, memoryview(self.store)[self.offset : self.offset + length], self.chunk())
        made = array_.ByteArray(vm.memory, address, array_.BYTEARRAY_CODE)
        made.data = self.store
        if isinstance(self.block, Block):
            made.block = self.block
        return made

    @method("tolist", 1)
    def tolist(self, vm: Machine) -> Value:
        """Lists of lists."""
        return _as_list(vm, self, 0, 0)

    @method("sort", 1, None, keywords=True)
    def sort(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """In place."""
        return sorting.sort_in_place(vm, self, args, kwargs)


class ArrayIterator(Iterator):
    """Gives elements, or rows as views: an object each."""

    __slots__ = ("array", "at")

    def __init__(self, memory: Memory, address: int, array: NdArray) -> None:
        super().__init__(memory, address)
        self.array = array
        self.at = 0

    def next(self, vm: Machine) -> Value | Sentinel:
        array = self.array
        if not array.shape or self.at >= array.shape[0]:
            return STOP
        offset = self.at * array.strides[0]
        self.at += 1
        if array.ndim == 1:
            return array.item(vm, offset)
        return array.view(vm, array.shape[1:], array.strides[1:], offset)


class FlatIterator(Obj):
    """``a.flat``: can be iterated over, but is no iterator itself."""

    __slots__ = ("array", "at")
    type_name: ClassVar[str] = "flatiter"

    def __init__(self, memory: Memory, address: int, array: NdArray) -> None:
        super().__init__(memory, address)
        self.array = array
        self.at = 0

    def iterate(self, vm: Machine, *, on_stack: bool) -> Value | Sentinel:
        return FlatWalk(vm.memory, 0 if on_stack else vm.memory.alloc(sizes.ITERATOR), self.array)


class FlatWalk(FlatIterator):
    """What iterating over ``a.flat`` makes (``ndarray_flatiter_next``)."""

    __slots__ = ()

    def next(self, vm: Machine) -> Value | Sentinel:
        array = self.array
        if self.at >= array.size:
            return STOP
        self.at += 1
        return array.item(vm, array.flat_offset(self.at - 1))


def _is_sentinel(value: Value | Sentinel) -> bool:
    return not isinstance(value, int | str | Obj) and value is not None


def _numbers(vm: Machine, numbers: tuple[int, ...]) -> Value:
    """A tuple, put together in a block that is given back."""
    scratch = Scratch(vm)
    scratch.take(WORD * len(numbers))
    made = tuple_.new_tuple(vm, numbers)
    scratch.free()
    return made


def _as_list(vm: Machine, array: NdArray, axis: int, offset: int) -> Value:
    """``ndarray_recursive_list``: a list as long as the axis, filled item by item."""
    length, stride = (array.shape[axis], array.strides[axis]) if array.shape else (0, 0)
    made = list_.new_list(vm, [None] * length)
    last = axis >= array.ndim - 1
    for place in range(length):
        at = offset + place * stride
        made.items[place] = array.item(vm, at) if last else _as_list(vm, array, axis + 1, at)
    return made


def _make_new(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    return making.make_new(vm, args, kwargs)  # which imports this file


NDARRAY_TYPE = NativeType("ndarray", NdArray, _make_new)
FLATITER_TYPE = NativeType("flatiter", FlatIterator)

__all__ = ["FLATITER_TYPE", "NDARRAY_TYPE", "ArrayIterator", "FlatIterator", "NdArray"]
