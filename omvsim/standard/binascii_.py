"""``binascii`` (extmod/modbinascii.c)."""

from __future__ import annotations

import binascii
from typing import TYPE_CHECKING, Final

from omvsim.memory.vstr import VStr
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import function
from omvsim.micropython.types import buffers, bytes_, hextext
from omvsim.micropython.values import Sentinel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value

_LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_SEXTETS: Final = {letter: number for number, letter in enumerate(_LETTERS)}


@function("hexlify", 1, 2)
def _hexlify(vm: Machine, data: Value, *separator: Value) -> Value:
    return hextext.hex_text(vm, data, separator, as_str=False)


@function("unhexlify", 1)
def _unhexlify(vm: Machine, text: Value) -> Value:
    return vm.call(hextext.fromhex, (bytes_.BYTES, text))


@function("a2b_base64", 1)
def _a2b_base64(vm: Machine, text: Value) -> Value:
    """Other characters are skipped; two bits or more that are left are wrong padding."""
    data = bytes(buffers.buffer_of(vm, text))
    vstr = VStr(vm.memory, len(data) * 3 // 4 + 1)
    shift = bits = 0
    padded = False
    for letter in data:
        if letter == 0x3D:
            if bits == 2 or (bits == 4 and padded):
                bits = 0
                break
            padded = True
        sextet = _SEXTETS.get(letter)
        if sextet is None:
            continue
        padded = False
        shift = (shift << 6 | sextet) & 0xFFFFFFFF
        bits += 6
        if bits >= 8:
            bits -= 8
            vstr.data.append(shift >> bits & 0xFF)
    if bits:
        vm.raise_value("incorrect padding")
    return bytes_.finish_bytes(vm, vstr)


@function("b2a_base64", 1, None, keywords=True)
def _b2a_base64(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    (newline,) = vm.parse_keywords(args[1:], kwargs, ("newline",), 0, 1)
    data = bytes(buffers.buffer_of(vm, args[0]))
    text = binascii.b2a_base64(data, newline=isinstance(newline, Sentinel) or vm.truth(newline))
    vstr = VStr(vm.memory, len(text) + 1)
    vstr.data += text
    return bytes_.finish_bytes(vm, vstr)


@function("crc32", 1, 2)
def _crc32(vm: Machine, data: Value, *start: Value) -> Value:
    first = vm.small_of(start[0]) & 0xFFFFFFFF if start else 0
    return vm.new_int(binascii.crc32(bytes(buffers.buffer_of(vm, data)), first))


def module(vm: Machine) -> NativeModule:
    """``binascii``."""
    functions = (_hexlify, _unhexlify, _a2b_base64, _b2a_base64, _crc32)
    return NativeModule("binascii", {each.name: each for each in functions})


__all__ = ["module"]
