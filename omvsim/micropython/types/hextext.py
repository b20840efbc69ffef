"""``hex`` and ``fromhex`` of bytes, bytearray and memoryview (py/objstr.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.memory.strings import decode, encode
from omvsim.micropython.native import NativeType, function, method
from omvsim.micropython.types import array_, buffers, bytes_, texts
from omvsim.micropython.values import Obj, Value

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine

_SPACE = b" \t\n\r\v\f"
_HEX = b"0123456789abcdefABCDEF"


def hex_text(vm: Machine, value: Value, args: tuple[Value, ...], *, as_str: bool) -> Value:
    """``mp_obj_bytes_hex``: two digits a byte, the first byte of a separator (a zero if it is empty) between them."""
    data = bytes(buffers.buffer_of(vm, value))
    if not data:
        return "" if as_str and vm.dialect.hex_of_nothing_is_text else bytes_.EMPTY
    separator = (encode(vm.str_of(args[0])) + b"\0")[:1] if args else b""
    size = len(data) * 2 + (len(data) - 1 if args else 0)
    block = vm.memory.block(size + 1)
    found = separator.join(b"%02x" % byte for byte in data)
    return texts.from_block(vm, "" if as_str else bytes_.EMPTY, decode(found) if as_str else found, block)


class HexMethods(Obj):
    """What they share."""

    __slots__ = ()

    @method("hex", 1, 2)
    def hex(self, vm: Machine, *args: Value) -> Value:
        """Digits as a str."""
        return hex_text(vm, self, args, as_str=True)


@function("fromhex", 2)
def fromhex(vm: Machine, klass: Value, text: Value) -> Value:
    """A class method: bytes or bytearray of pairs of digits; spaces between pairs cost room all the same."""
    data = bytes(buffers.buffer_of(vm, text))
    room = len(data) // 2 + 1
    block = vm.memory.block(room)
    found = bytearray()
    at = 0
    while at < len(data):
        if data[at] in _SPACE:
            at += 1
            continue
        pair = data[at : at + 2]
        if len(pair) < 2 or any(byte not in _HEX for byte in pair):
            vm.raise_value("non-hex digit")
        found.append(int(pair, 16))
        at += 2
    if len(found) + 1 != room:
        vm.memory.resize(block, len(found) + 1)
    like: object = bytes_.EMPTY
    if isinstance(klass, NativeType) and issubclass(klass.host_class, array_.ByteArray):
        return array_.bytearray_of(vm, bytes(found), block)
    return texts.from_block(vm, like, bytes(found), block)


__all__ = ["HexMethods", "fromhex", "hex_text"]
