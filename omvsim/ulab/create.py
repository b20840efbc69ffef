"""Functions that make arrays (code/numpy/create.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.later import np
from omvsim.micropython.native import function
from omvsim.micropython.types import array_, buffers, list_, memoryview_, tuple_
from omvsim.micropython.types.items import write_item
from omvsim.micropython.values import Obj, Sentinel
from omvsim.ulab import making, ndarray
from omvsim.ulab.layout import BOOL, DIMS, FLOATS, MAX_DIMS, UINT8, Scratch, item_size
from omvsim.ulab.shaping import is_int

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.ulab.ndarray import NdArray


def type_argument(vm: Machine, dtype: Value | Sentinel, default: str = FLOATS) -> str:
    """The type letter that a ``dtype`` argument stands for."""
    return default if isinstance(dtype, Sentinel) else chr(vm.int_of(dtype) & 0xFF)


def full_of(vm: Machine, shape: Value, code: str, value: Value) -> NdArray:
    """``create_zeros_ones_full``; ``value`` None: zeros."""
    if not is_int(shape) and not isinstance(shape, tuple_.Tuple | list_.List):
        vm.raise_type("input argument must be an integer, a tuple, or a list")
    if isinstance(shape, tuple_.Tuple | list_.List):
        if len(shape.items) & 0xFF > MAX_DIMS:
            vm.raise_type("too many dimensions")
        scratch = Scratch(vm)
        scratch.take(DIMS)
        sizes = tuple(vm.int_of(item) & 0xFFFFFFFF for item in shape.items)
        made = making.new_dense(vm, sizes, making.code_of(vm, ord(code)))
    else:
        made = making.new_linear(vm, vm.int_of(shape) & 0xFFFFFFFF, making.code_of(vm, ord(code)))
    if value is not None and made.size:
        cell = bytearray(made.itemsize)
        write_item(vm, made.code, cell, 0, int(vm.truth(value)) if code == BOOL else value)
        made.store[:] = cell * made.size
    return made


@function("zeros", 0, None, keywords=True)
def zeros(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Zeros; ``empty`` is the same function."""
    shape, dtype = vm.parse_keywords(args, kwargs, ("", "dtype"), 1, 1)
    assert not isinstance(shape, Sentinel)
    return full_of(vm, shape, type_argument(vm, dtype), None)


@function("ones", 0, None, keywords=True)
def ones(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Ones."""
    shape, dtype = vm.parse_keywords(args, kwargs, ("", "dtype"), 1, 1)
    assert not isinstance(shape, Sentinel)
    return full_of(vm, shape, type_argument(vm, dtype), 1)


@function("full", 0, None, keywords=True)
def full(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """A value everywhere."""
    shape, value, dtype = vm.parse_keywords(args, kwargs, ("", "", "dtype"), 2, 2)
    assert not isinstance(shape, Sentinel)
    assert not isinstance(value, Sentinel)
    return full_of(vm, shape, type_argument(vm, dtype), value)


@function("array", 1, None, keywords=True)
def array(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Of an array (a copy) or of anything that can be iterated over."""
    return making.array_of(vm, args, kwargs)


@function("asarray", 1, None, keywords=True)
def asarray(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Numbers and arrays of that type as they are, others made arrays."""
    value, dtype = vm.parse_keywords(args, kwargs, ("", "dtype"), 1, 1)
    assert not isinstance(value, Sentinel)
    code = "" if isinstance(dtype, Sentinel) or dtype is None else type_argument(vm, dtype)
    if is_int(value) or (isinstance(value, Obj) and value.type_name == "float"):
        return value
    if isinstance(value, ndarray.NdArray):
        if code in (value.code, ""):
            return value
        return making.convert(vm, value, making.code_of(vm, ord(code)))
    if not making.array_like(value):
        vm.raise_type("wrong input type")
    return making.from_iterable(vm, value, making.code_of(vm, ord(code or FLOATS)))


@function("frombuffer", 1, None, keywords=True)
def frombuffer(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """An array on the bytes of a buffer; None for what has none."""
    value, dtype, count, start = vm.parse_keywords(args, kwargs, ("", "dtype", "count", "offset"), 1, 1)
    code = type_argument(vm, dtype)
    offset = 0 if isinstance(start, Sentinel) else vm.int_of(start) & 0xFFFFFFFF
    assert not isinstance(value, Sentinel)
    view = buffers.buffer_maybe(value)
    if view is None:
        return None
    size = item_size(making.code_of(vm, ord(code)))
    if view.nbytes < offset:
        vm.raise_value("offset must be non-negative and no greater than buffer length")
    length = (view.nbytes - offset) // size
    if length * size != view.nbytes - offset:
        vm.raise_value("buffer size must be a multiple of element size")
    wanted = -1 if isinstance(count, Sentinel) else vm.int_of(count)
    if wanted > 0:
        if length < wanted:
            vm.raise_value("buffer is smaller than requested size")
        length = wanted
    scratch = Scratch(vm)
    scratch.take(DIMS)
    store, keeper, first = _bytes_of(value, view)
    kept = None if offset else keeper
    return making.new_on(vm, (length,), code, store, kept, offset=first + offset)


def _bytes_of(value: Value, view: memoryview) -> tuple[ndarray.Store, object, int]:
    """Where the bytes of a buffer are, what the array keeps alive for them, and where it starts in them. A pointer into
    a chunk, not to its start, keeps nothing.
    """
    keeper = value.chunk() if isinstance(value, buffers.HasChunk) else value
    if isinstance(value, memoryview_.MemoryView) and value.start:
        keeper = None
    if isinstance(value, ndarray.NdArray):
        return value.store, keeper, value.offset
    if isinstance(value, array_.Array):
        return value.data, keeper, 0
    return (bytearray(view) if view.readonly else view), keeper, 0


@function("eye", 0, None, keywords=True)
def eye(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Ones on a diagonal."""
    given = vm.parse_keywords(args, kwargs, ("", "M", "k", "dtype"), 1, 1)
    rows, diagonal = _int(vm, given[0], 0), _int(vm, given[2], 0)
    code = chr(_int(vm, given[3], ord(FLOATS)) & 0xFF)
    columns = rows if isinstance(given[1], Sentinel) or given[1] is None else vm.int_of(given[1])
    shape = (rows & 0xFFFFFFFF, columns & 0xFFFFFFFF)
    made = making.new_shaped(vm, shape, making.code_of(vm, ord(code)))
    if made.size:
        wide = np.zeros(made.size + shape[1] * shape[0] + 1, made.values.dtype)
        at, row = abs(diagonal), 0
        if diagonal >= 0:
            while at < shape[1]:
                wide[row * shape[1] + at] = 1
                at, row = at + 1, row + 1
        else:
            while at < shape[0]:
                wide[at * shape[1] + row] = 1
                at, row = at + 1, row + 1
        making.fill(made, wide[: made.size])
    return made


def _int(vm: Machine, value: Value | Sentinel, default: int) -> int:
    return default if isinstance(value, Sentinel) else vm.int_of(value)


__all__ = ["UINT8", "array", "asarray", "eye", "frombuffer", "full", "full_of", "ones", "type_argument", "zeros"]
