"""``ulab.utils`` (code/utils/utils.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.later import np
from omvsim.micropython.errors import Error
from omvsim.micropython.native import NativeFunction, function
from omvsim.micropython.types import buffers
from omvsim.micropython.values import Sentinel
from omvsim.ulab import making, ndarray
from omvsim.ulab.fft import kernel
from omvsim.ulab.fused import fused
from omvsim.ulab.layout import FLOAT, FLOATS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.ulab.ndarray import NdArray

_BUFFERS: Final = {"int16": "<i2", "uint16": "<u2", "int32": "<i4", "uint32": "<u4"}


def _from_buffer(name: str, code: str) -> NativeFunction:
    """``utils_from_intbuffer_helper``: the offset only shortens, elements are read from the start."""

    @function(f"from_{name}_buffer", 1, None, keywords=True)
    def call(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        names = ("", "count", "offset", "out", "byteswap")
        value, count, start, out, swap = vm.parse_keywords(args, kwargs, names, 1, 1)
        target: NdArray | None = None
        if not isinstance(out, Sentinel) and out is not None:
            if not isinstance(out, ndarray.NdArray) or out.code != FLOATS or not out.is_dense():
                vm.raise_type("out must be a float dense array")
            target = out
        offset = 0 if isinstance(start, Sentinel) else vm.int_of(start) & 0xFFFFFFFF
        assert not isinstance(value, Sentinel)
        view = buffers.buffer_maybe(value)
        if view is None:
            return None
        length = _length(vm, view.nbytes, offset, (int(code[-1]), count))
        if target is None:
            target = making.new_linear(vm, length, FLOATS)
        elif target.size < length:
            vm.raise_value("out array is too small")
        kind = np.dtype(code)
        if swap is True:
            swapped = vm.memory.block(kind.itemsize)
            del swapped
            kind = kind.newbyteorder()
        numbers = np.frombuffer(view, kind, length).astype(np.float32)
        if length:
            target.values.reshape(-1)[:length] = numbers
        return target

    return call


def _length(vm: Machine, size: int, offset: int, element: tuple[int, Value | Sentinel]) -> int:
    itemsize, count = element
    if size < offset:
        vm.raise_value("offset is too large")
    length = (size - offset) // itemsize
    if length * itemsize != size - offset:
        vm.raise_value("buffer size must be a multiple of element size")
    wanted = -1 if isinstance(count, Sentinel) else vm.int_of(count)
    if wanted > 0:
        if length < wanted:
            vm.raise_value("buffer is smaller than requested size")
        length = wanted
    return length


@function("spectrogram", 1, None, keywords=True)
def _spectrogram(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Without complex numbers the transform's parts lie one behind the other, but are read as pairs: what comes out are
    the lengths of neighbours, first of real, then of imaginary parts.
    """
    array, given, out, log = vm.parse_keywords(args, kwargs, ("", "scratchpad", "out", "log"), 1, 1)
    if not isinstance(array, ndarray.NdArray):
        vm.error(Error.NOT_IMPLEMENTED, "spectrogram is defined for ndarrays only")
    if array.ndim != 1:
        vm.raise_type("spectrogram is implemented for 1D arrays only")
    length = array.size
    if length & (length - 1):
        vm.raise_value("input array length must be power of 2")
    target = _target(vm, out, length)
    pad = _scratchpad(vm, given, length)
    block = vm.memory.block(FLOAT * 2 * length) if pad is None else None
    real, imag = array.values.astype(np.float32), np.zeros(length, np.float32)
    kernel(real, imag, 1)
    parts = np.concatenate((real, imag))
    if pad is not None:
        making.fill(pad, parts)
    first, second = parts[::2], parts[1::2]
    with np.errstate(all="ignore"):
        spectrum = np.sqrt(fused(first, first, second * second))
        if log is True:
            spectrum = np.log(spectrum.astype(np.float64)).astype(np.float32)
    target.values[...] = spectrum
    if block is not None:
        vm.memory.free(block)
    return target


def _target(vm: Machine, out: Value | Sentinel, length: int) -> NdArray:
    if isinstance(out, Sentinel) or out is None:
        return making.new_linear(vm, length, FLOATS)
    if not isinstance(out, ndarray.NdArray):
        vm.raise_type("out must be an ndarray")
    if out.code != FLOATS or out.ndim != 1:
        vm.raise_type("out array must be a 1D array of float type")
    if out.size != length:
        vm.raise_value("input and out arrays must have same length")
    return out


def _scratchpad(vm: Machine, given: Value | Sentinel, length: int) -> NdArray | None:
    if isinstance(given, Sentinel) or given is None:
        return None
    if not isinstance(given, ndarray.NdArray):
        vm.raise_type("scratchpad must be an ndarray")
    if not given.is_dense() or given.ndim != 1 or given.code != FLOATS:
        vm.raise_value("scratchpad must be a 1D dense float array")
    if given.size != 2 * length:
        vm.raise_value("scratchpad must be twice as long as input")
    return given


def names(vm: Machine) -> dict[str, Value]:
    """What the module has."""
    found: dict[str, Value] = {"spectrogram": _spectrogram}
    for name, code in _BUFFERS.items():
        made = _from_buffer(name, code)
        found[made.name] = made
    return found


__all__ = ["names"]
