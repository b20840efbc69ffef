"""``ulab.numpy.fft`` (code/numpy/fft): real and imaginary parts apart, lengths that are powers of two."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from omvsim.later import np
from omvsim.micropython.errors import Error
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeFunction, function
from omvsim.micropython.types import tuple_
from omvsim.numerals.single import single
from omvsim.ulab import making, ndarray
from omvsim.ulab.fused import fused, fused_of
from omvsim.ulab.layout import FLOATS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

    Floats = NDArray[np.float32]

_PI: Final = single(math.pi)


def kernel(real: Floats, imag: Floats, sign: int) -> None:
    """``fft_kernel``: in place; the roots of unity are computed one from the other."""
    count = len(real)
    order = _reversed_bits(count)
    real[...] = real[order]
    imag[...] = imag[order]
    half = 1
    while count > half:
        step = half << 1
        theta = single(single(-2.0 * sign * _PI) / step)
        half_sine = single(math.sin(single(0.5 * theta)))
        change_real = single(single(-2.0 * half_sine) * half_sine)
        change_imag = single(math.sin(theta))
        root_real, root_imag = 1.0, 0.0
        for m in range(half):
            low, high = slice(m, count, step), slice(m + half, count, step)
            _butterflies(real, imag, (low, high), (root_real, root_imag))
            before = root_real
            root_real = single(fused_of(root_real, change_real, -single(root_imag * change_imag)) + root_real)
            root_imag = single(fused_of(root_imag, change_real, single(before * change_imag)) + root_imag)
        half = step


def _butterflies(real: Floats, imag: Floats, places: tuple[slice, slice], root: tuple[float, float]) -> None:
    low, high = places
    upper_real, upper_imag = real[high].copy(), imag[high].copy()
    root_real, root_imag = (np.full_like(upper_real, part) for part in root)
    part_real = fused(root_real, upper_real, -(root_imag * upper_imag))
    part_imag = fused(root_real, upper_imag, root_imag * upper_real)
    real[high], imag[high] = real[low] - part_real, imag[low] - part_imag
    real[low] += part_real
    imag[low] += part_imag


def _reversed_bits(count: int) -> NDArray[np.intp]:
    """Where each element comes from: the bits of its place backwards."""
    bits = max(count.bit_length() - 1, 0)
    return np.array([int(f"{place:0{bits}b}"[::-1], 2) if bits else 0 for place in range(count)], np.intp)


def _transform(name: str, sign: int) -> NativeFunction:
    """``fft_fft_ifft``."""

    @function(name, 1, 2)
    def call(vm: Machine, *args: Value) -> Value:
        parts: list[ndarray.NdArray] = []
        for each in args:
            if not isinstance(each, ndarray.NdArray):
                vm.error(Error.NOT_IMPLEMENTED, "FFT is defined for ndarrays only")
            parts.append(each)
        if parts[0].ndim != 1:
            vm.raise_type("FFT is implemented for linear arrays only")
        length = parts[0].size
        if length & (length - 1):
            vm.raise_value("input array length must be power of 2")
        made_real = making.new_linear(vm, length, FLOATS)
        real = parts[0].values.astype(np.float32)
        made_imag = making.new_linear(vm, length, FLOATS)
        imag = np.zeros(length, np.float32)
        if len(parts) == 2:
            if parts[1].ndim != 1:
                vm.raise_type("FFT is implemented for linear arrays only")
            if parts[1].size != length:
                vm.raise_value("real and imaginary parts must be of equal length")
            imag = parts[1].values.astype(np.float32)
        kernel(real, imag, sign)
        if sign < 0:
            real, imag = real / np.float32(length), imag / np.float32(length)
        making.fill(made_real, real)
        making.fill(made_imag, imag)
        return tuple_.new_tuple(vm, (made_real, made_imag))

    return call


def fft(vm: Machine) -> NativeModule:
    """The module."""
    return NativeModule("fft", {"fft": _transform("fft", 1), "ifft": _transform("ifft", -1)})


__all__ = ["fft", "kernel"]
