"""Items of arrays: machine numbers in bytes (py/binary.c, little endian)."""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Final

from omvsim.micropython.errors import Unknown
from omvsim.micropython.types import float_, int_
from omvsim.micropython.values import SMALL_INT_MAX, SMALL_INT_MIN
from omvsim.numerals.single import INFINITY, single

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

SIZES: Final = {
    **dict.fromkeys("\x01bB", 1),
    **dict.fromkeys("hHe", 2),
    **dict.fromkeys("iIlLfPOS", 4),
    **dict.fromkeys("qQd", 8),
}
"""Bytes of an item by typecode (``mp_binary_get_size`` for ``@`` on ARM); ``\\x01`` is a bytearray's."""
_FLOAT: Final = Struct("<f")
_DOUBLE: Final = Struct("<d")


def item_size(vm: Machine | None, code: str) -> int:
    """Bytes of an item; ValueError "bad typecode" for an unknown one (with a machine)."""
    size = SIZES.get(code)
    if size is None:
        assert vm is not None
        vm.raise_value("bad typecode")
    return size


def read_item(vm: Machine, code: str, data: bytes | bytearray | memoryview, at: int) -> Value:
    """``mp_binary_get_val_array``. What is beyond 31 bits is a big int, 64-bit items always are."""
    if code in "\x01B":
        return data[at]
    size = SIZES[code]
    cell = bytes(data[at * size : at * size + size])
    if code == "f":
        number: float = _FLOAT.unpack(cell)[0]
        return float_.new_float(vm, number)
    if code == "d":
        double: float = _DOUBLE.unpack(cell)[0]
        return float_.new_float(vm, single(double))
    if code in "OS":
        raise Unknown(f"array.array({code!r})", "items that are objects or addresses")
    if code == "e":
        return 0
    value = int.from_bytes(cell, "little", signed=code > "Z" or code == "P")
    if code in "qQ":
        return int_.from_word(vm, value)
    return value if SMALL_INT_MIN <= value <= SMALL_INT_MAX else int_.from_word(vm, value)


def write_item(vm: Machine, code: str, data: bytearray | memoryview, at: int, value: Value) -> None:
    """``mp_binary_set_val_array``: cut to the item's bits."""
    size = SIZES[code]
    if code in "OS":
        raise Unknown(f"array.array({code!r})", "items that are objects or addresses")
    if code == "f":
        data[at * size : at * size + size] = _packed(_FLOAT, vm.float_of(value))
    elif code == "d":
        data[at * size : at * size + size] = _packed(_DOUBLE, vm.float_of(value))
    else:
        number = int_.int_value(value) if isinstance(value, int_.Int) else vm.int_of(value)
        if code == "e":
            return  # py/binary.c has no case for halves in arrays
        data[at * size : at * size + size] = (number & ((1 << (8 * size)) - 1)).to_bytes(size, "little")


def _packed(form: Struct, value: float) -> bytes:
    try:
        return form.pack(value)
    except OverflowError:
        return form.pack(INFINITY if value > 0 else -INFINITY)


__all__ = ["SIZES", "item_size", "read_item", "write_item"]
