"""Machine numbers in bytes of either order (py/binary.c), for ``struct`` and ``uctypes``."""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Final

from omvsim.micropython.errors import Unknown
from omvsim.micropython.types import float_, int_
from omvsim.micropython.types.items import SIZES
from omvsim.micropython.values import SMALL_INT_MAX, SMALL_INT_MIN
from omvsim.numerals.single import INFINITY, single

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

_FLOATS: Final = {"f": "f", "d": "d", "e": "e"}


def size_and_alignment(vm: Machine, order: str, kind: str) -> tuple[int, int]:
    """``mp_binary_get_size``; ValueError "bad typecode". With ``=`` no number has a size (py/binary.c)."""
    size = SIZES.get(kind)
    if order == "=" or size is None or kind == "":
        vm.raise_value("bad typecode")
    return size, size if order == "@" else 1


def read(  # noqa: PLR0917 -- as mp_binary_get_val
    vm: Machine, order: str, kind: str, data: bytes, base: int, at: int
) -> tuple[Value, int]:
    """``mp_binary_get_val``: a value, and where the next one stands. Alignment counts from ``base``."""
    size, align = size_and_alignment(vm, order, kind)
    at = base + ((at - base + align - 1) & -align)
    cell = data[at : at + size]
    end = at + size
    big = order == ">"
    if kind in _FLOATS:
        number: float = Struct((">" if big else "<") + kind).unpack(cell)[0]
        return float_.new_float(vm, single(number)), end
    if kind in "OS":
        raise Unknown(f"struct code {kind}", "pointers in the heap's memory are not modelled")
    value = int.from_bytes(cell, "big" if big else "little", signed=kind > "Z")
    if SMALL_INT_MIN <= value <= SMALL_INT_MAX:
        return value, end
    return int_.from_word(vm, value), end


def write(  # noqa: PLR0917 -- as mp_binary_set_val
    vm: Machine, order: str, kind: str, value: Value, target: memoryview | bytearray, at: int
) -> int:
    """``mp_binary_set_val``: where the next one stands."""
    size, align = size_and_alignment(vm, order, kind)
    at = (at + align - 1) & -align
    big = order == ">"
    if kind in _FLOATS:
        number = vm.float_of(value)
        form = Struct((">" if big else "<") + kind)
        try:
            target[at : at + size] = form.pack(number)
        except OverflowError:
            target[at : at + size] = form.pack(INFINITY if number > 0 else -INFINITY)
    elif kind == "O":
        raise Unknown("struct code O", "pointers in the heap's memory are not modelled")
    else:
        whole = int_.int_value(value) if isinstance(value, int_.Int) else vm.int_of(value)
        target[at : at + size] = (whole & ((1 << 8 * size) - 1)).to_bytes(size, "big" if big else "little")
    return at + size


__all__ = ["read", "size_and_alignment", "write"]
