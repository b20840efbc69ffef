"""New arrays, views and copies, with the requests of each (code/ndarray.c)."""

from __future__ import annotations

from math import prod
from struct import pack
from typing import TYPE_CHECKING, NoReturn

from omvsim.errors import DeviceValueError
from omvsim.firmware import dense_bytes
from omvsim.later import np
from omvsim.memory.sizes import BLOCK
from omvsim.micropython.errors import Unknown
from omvsim.micropython.types import float_, int_
from omvsim.micropython.types.items import write_item
from omvsim.micropython.values import SMALL_INT_MAX, SMALL_INT_MIN, Sentinel
from omvsim.numerals.single import of_int
from omvsim.ulab import ndarray
from omvsim.ulab.layout import (
    BOOL,
    DIMS,
    FLOATS,
    HOST_TYPES,
    INT8,
    INT16,
    MAX_DIMS,
    NDARRAY,
    UINT8,
    UINT16,
    Scratch,
    item_size,
    ulab_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.ulab.ndarray import NdArray, Store

Shape = tuple[int, ...]


def dense_strides(shape: Shape, itemsize: int) -> Shape:
    """Strides in bytes of a dense array (``strides_from_shape``)."""
    strides, step = [], itemsize
    for length in reversed(shape):
        strides.append(step)
        step *= length
    return tuple(reversed(strides))


def code_of(vm: Machine, dtype: int) -> str:
    """A type's letter from the number that stands for it; ValueError "bad typecode" as soon as its size is needed."""
    code = chr(dtype & 0xFF)
    if code not in HOST_TYPES and code != BOOL:
        if code in "dqQiIlLPOSe":
            raise Unknown(f"numpy arrays of type {code!r}")
        vm.raise_value("bad typecode")
    return code


def _checked_size(vm: Machine, shape: Shape, itemsize: int) -> int:
    """Bytes of the data."""
    try:
        return dense_bytes(shape, itemsize)
    except DeviceValueError as error:
        vm.raise_value(error.text)


def _new(vm: Machine, shape: Shape, code: str, *, strides_given: bool) -> NdArray:
    """``ndarray_new_ndarray``: object, strides unless they are there already, data of zeros."""
    boolean, kind = code == BOOL, UINT8 if code == BOOL else code
    scratch = Scratch(vm)
    memory = vm.memory
    strides_first = vm.release.strides_first
    if strides_first and not strides_given:
        scratch.take(DIMS)
    made = ndarray.NdArray(memory, memory.alloc(NDARRAY), kind, shape, (), bytearray(), None, boolean=boolean)
    itemsize = item_size(kind)
    if not strides_first and not strides_given:
        scratch.take(DIMS)
    length = _checked_size(vm, shape, itemsize)
    made.block = memory.block(length)
    made.store = bytearray(length)
    made.strides = dense_strides(shape, itemsize)
    return made


def new_dense(vm: Machine, shape: Shape, code: str, values: NDArray[np.generic] | None = None) -> NdArray:
    """``ndarray_new_dense_ndarray``: object, strides, data. ``values`` are cast as C does."""
    made = _new(vm, shape, code, strides_given=False)
    if values is not None:
        fill(made, values)
    return made


def fill(array: NdArray, values: NDArray[np.generic]) -> None:
    """Put values of the same number of elements into a dense array, cast as C casts them."""
    if array.size:
        array.values[...] = cast(values, array.code).reshape(array.shape)


def cast(values: NDArray[np.generic], code: str) -> NDArray[np.generic]:
    """C's conversion: floats to integers towards zero, saturating at a machine word, then cut to the bits."""
    kind = HOST_TYPES[code]
    if values.dtype.kind != "f" or code == FLOATS:
        with np.errstate(all="ignore"):
            return values.astype(kind, copy=False)
    low, high = (0, 0xFFFFFFFF) if code in "BH" else (-0x80000000, 0x7FFFFFFF)
    whole = np.clip(np.nan_to_num(np.trunc(values.astype(np.float64)), posinf=high, neginf=low), low, high)
    return whole.astype(np.int64).astype(kind)


def new_shaped(vm: Machine, shape: Shape, code: str, values: NDArray[np.generic] | None = None) -> NdArray:
    """A dense array whose shape is put into a block first: what most functions do."""
    scratch = Scratch(vm)
    scratch.take(DIMS)
    return new_dense(vm, shape, code, values)


def new_linear(vm: Machine, length: int, code: str, values: NDArray[np.generic] | None = None) -> NdArray:
    """``ndarray_new_linear_array``: of no dimensions if there are no elements."""
    return new_shaped(vm, (length,) if length else (), code, values)


def new_on(vm: Machine, shape: Shape, code: str, store: Store, block: object, *, offset: int = 0) -> NdArray:
    """An array on bytes that are there: object and strides."""
    scratch = Scratch(vm)
    boolean, kind = code == BOOL, UINT8 if code == BOOL else code
    memory, itemsize = vm.memory, item_size(code)
    strides = dense_strides(shape, itemsize)
    made = ndarray.NdArray(
        memory, memory.alloc(NDARRAY), kind, shape, strides, store, block, offset=offset, boolean=boolean
    )
    scratch.take(DIMS)
    _checked_size(vm, shape, itemsize)
    return made


def new_view(vm: Machine, source: NdArray, shape: Shape, strides: Shape, offset: int) -> NdArray:
    """``ndarray_new_view``: an object on the same data."""
    memory = vm.memory
    return ndarray.NdArray(
        memory,
        memory.alloc(NDARRAY),
        source.code,
        shape,
        strides,
        source.store,
        source.block,
        offset=source.offset + offset,
        boolean=source.boolean,
    )


def copy(vm: Machine, source: NdArray) -> NdArray:
    """``ndarray_copy_view``: strides, object, data."""
    scratch = Scratch(vm)
    scratch.take(DIMS)
    made = _new(vm, source.shape, BOOL if source.boolean else source.code, strides_given=True)
    if source.size:
        made.cells[...] = source.values if made.size else source.values.reshape(-1)[:1]
    return made


def convert(vm: Machine, source: NdArray, code: str) -> NdArray:
    """``ndarray_copy_view_convert_type``: floats are rounded half away from zero; to bool gives zeros."""
    if code == source.code:
        return copy(vm, source)
    made = new_dense(vm, source.shape, code)
    if not source.size or code == BOOL:
        return made
    values = source.values
    if source.code == FLOATS:
        numbers = rounded_words(values)
        for number in numbers[(numbers > SMALL_INT_MAX) | (numbers < SMALL_INT_MIN)].reshape(-1).tolist():
            vm.new_int(number)
        made.cells[...] = (numbers if made.size else numbers.reshape(-1)[:1]).astype(HOST_TYPES[code])
    else:
        made.cells[...] = cast(values if made.size else values.reshape(-1)[:1], code)
    return made


def rounded_words(values: NDArray[np.generic]) -> NDArray[np.int64]:
    """``(int32_t)roundf(x)``."""
    wide = values.astype(np.float64)
    away = np.trunc(wide + np.copysign(0.5, wide))
    words = np.clip(np.nan_to_num(away, posinf=2147483647, neginf=-2147483648), -2147483648, 2147483647)
    return np.asarray(words, np.int64)


# -- from values of the language --------------------------------------------------------------------------------------


def from_iterable(vm: Machine, value: Value, code: str) -> NdArray:
    """``ndarray_from_iterable``: the first element of each dimension tells the shape; then everything is read."""
    if isinstance(value, ndarray.NdArray):
        return value
    shape = _shape_of(vm, value)
    made = new_dense(vm, shape, code)
    _read(vm, made, value, len(shape) - 1, 0)
    return made


def _shape_of(vm: Machine, value: Value) -> Shape:
    shape: list[int] = []
    item: Value | Sentinel = value
    while True:
        length = UNSIZED if isinstance(item, Sentinel) else vm.length_maybe(item)
        if isinstance(length, Sentinel):
            return tuple(shape)
        if len(shape) == MAX_DIMS:
            vm.raise_value("too many dimensions")
        assert isinstance(length, int)
        assert not isinstance(item, Sentinel)
        shape.append(length)
        if length == 0:
            return tuple(shape)
        item = vm.next(vm.iterate(item, on_stack=True))


UNSIZED = Sentinel("UNSIZED")


def _read(vm: Machine, made: NdArray, value: Value, depth: int, at: int) -> int:
    """Fill from place ``at`` on; returns the place behind."""
    iterator = vm.iterate(value, on_stack=True)
    data = memoryview(made.store)
    size, code = made.itemsize, made.code
    while True:
        item = vm.next(iterator)
        if isinstance(item, Sentinel):
            return at
        if depth > 0:
            at = _read(vm, made, item, depth - 1, at)
            continue
        if (at + 1) * size > len(data):
            _beside(vm, made, at, item)
        elif not made.boolean:
            write_item(vm, code, data, at, item)
        elif vm.truth(item):
            data[at] = 1
        at += 1


def _beside(vm: Machine, made: NdArray, at: int, item: Value) -> None:
    """More elements than there should be, of an iterator or of longer rows: they go where they do no harm as long as
    they are in the array's last block of the heap.
    """
    size = made.itemsize
    if (at + 1) * size > -(-len(made.store) // BLOCK) * BLOCK:
        raise Unknown("numpy.array", "more elements than its shape has: the camera writes beside the array")
    if not made.boolean:
        write_item(vm, made.code, bytearray(size), 0, item)


def from_value(vm: Machine, value: Value, other: str = "") -> NdArray:
    """``ndarray_from_mp_obj``: an operand as an array; numbers get the smallest type next to type ``other``."""
    if isinstance(value, ndarray.NdArray):
        return value
    if isinstance(value, bool):
        return _one(vm, BOOL, int(value))
    if isinstance(value, int | int_.Int):
        number = vm.int_of(value)
        code = scalar_code(vm, number, other)
        return _one(vm, code, of_int(number) if code == FLOATS else number)
    if isinstance(value, float_.Float):
        return _one(vm, FLOATS, value.value)
    return from_iterable(vm, value, FLOATS)


def _one(vm: Machine, code: str, number: float) -> NdArray:
    """An array of one element."""
    made = new_linear(vm, 1, code)
    size = made.itemsize
    whole = (int(number) & (1 << 8 * size) - 1).to_bytes(size, "little") if code != FLOATS else pack("<f", number)
    made.store[:size] = whole
    return made


def scalar_code(vm: Machine, number: int, other: str) -> str:
    """The type of a whole number."""
    ulab = ulab_of(vm)
    if not ulab.scalar_low <= number <= ulab.scalar_high:
        return FLOATS
    if number < 0:
        return INT8 if number >= ulab.int8_low else INT16
    if other in ("b", "h"):
        return INT8 if number < 128 else INT16
    return UINT8 if number < 256 else UINT16


def array_of(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``ndarray_make_new_core``."""
    value, dtype = vm.parse_keywords(args, kwargs, ("", "dtype"), 1, 1)
    code = FLOATS if isinstance(dtype, Sentinel) else chr(vm.int_of(dtype) & 0xFF)
    assert not isinstance(value, Sentinel)
    if isinstance(value, ndarray.NdArray):
        return convert(vm, value, code if code == value.code else code_of(vm, ord(code)))
    return from_iterable(vm, value, code_of(vm, ord(code)))


def make_new(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``ndarray(...)``."""
    vm.check_args(len(args), len(kwargs), 1, 2, keywords=True)
    return array_of(vm, args, kwargs)


def array_like(value: Value) -> bool:
    """``ndarray_object_is_array_like``: arrays, tuples, lists, ranges."""
    return isinstance(value, ndarray.NdArray) or (
        not isinstance(value, int | str) and value is not None and value.type_name in ("tuple", "list", "range")
    )


def arrays_only(vm: Machine, text: str) -> NoReturn:
    """TypeError of a function that takes nothing but arrays."""
    vm.raise_type(text)


def spread(values: NDArray[np.generic], shape: Shape) -> NDArray[np.generic]:
    """Values broadcast to a shape that may have fewer dimensions of one."""
    while values.ndim > len(shape):
        values = values[0]
    return np.broadcast_to(values, shape)


def elements(shape: Shape) -> int:
    """Number of elements of a shape; none without dimensions."""
    return prod(shape) if shape else 0


__all__ = [
    "Shape",
    "array_like",
    "array_of",
    "arrays_only",
    "cast",
    "code_of",
    "convert",
    "copy",
    "dense_strides",
    "elements",
    "fill",
    "from_iterable",
    "from_value",
    "make_new",
    "new_dense",
    "new_linear",
    "new_on",
    "new_shaped",
    "new_view",
    "rounded_words",
    "scalar_code",
    "spread",
]
