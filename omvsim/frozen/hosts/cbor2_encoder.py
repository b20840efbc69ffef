"""``cbor2/_encoder.py``: values as CBOR (RFC 8949, section 3) into a stream in memory."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from omvsim.frozen.steps import Steps
from omvsim.micropython.errors import Unknown
from omvsim.micropython.types import bytes_, int_
from omvsim.micropython.values import NULL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP = 0, 0x20, 0x40, 0x60, 0x80, 0xA0
TYPES: Final = (
    ("bytes", "encode_bytestring"),
    ("bytearray", "encode_bytearray"),
    ("str", "encode_string"),
    ("int", "encode_int"),
    ("float", "encode_float"),
    ("bool", "encode_boolean"),
    ("", "encode_none"),
    ("list", "encode_array"),
    ("dict", "encode_map"),
)
_FORMS: Final = ((24, ">B"), (1 << 8, ">BB"), (1 << 16, ">BH"), (1 << 32, ">BL"))
_MORE: Final = 24
_BIG: Final = 1 << 64
"""Integers from here on are texts with a tag."""


def _encoders(vm: Machine, values: Sequence[Value]) -> Value:
    """The table of functions by type; that of None is asked for."""
    (names,) = values
    table = vm.new_dict(len(TYPES))
    do = Steps(vm)
    for kind, function in TYPES:
        host = vm.subscr(names, function)
        vm.dict_store(table, do.name(kind) if kind else vm.call(do.name("type"), (None,)), host)
    vm.dict_store(names, "cbor_encoders", table)
    return None


def _number(value: Value) -> int:
    """A whole number of any size."""
    assert isinstance(value, int | int_.Int)
    return int_.int_value(value)


def _constant(data: bytes) -> Value:
    return bytes_.Bytes(None, 0, data, None)


def _length(vm: Machine, values: Sequence[Value]) -> Value:
    """A head: the number in the first byte, or in 1, 2, 4 or 8 bytes behind it."""
    tag, number = vm.int_of(values[0]), _number(values[1])
    do = Steps(vm)
    for at, (limit, form) in enumerate(_FORMS):
        if number < limit:
            return do.of("struct", "pack", form, tag | (number if at == 0 else _MORE - 1 + at), *values[1:][: at > 0])
    return do.of("struct", "pack", ">BQ", tag | 27, values[1])


def _headed(do: Steps, encoder: Value, tag: int, data: Value) -> None:
    head = do.run("encode_length", tag, do.vm.length(data))
    do.ask(encoder, "write", do.op(head, "+", data))


def _bytes(vm: Machine, values: Sequence[Value]) -> Value:
    _headed(Steps(vm), values[0], BYTES, values[1])
    return None


def _bytearray(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    do.run("encode_bytestring", values[0], do.run("bytes", values[1]))
    return None


def _text(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    _headed(do, values[0], TEXT, do.ask(values[1], "encode", "utf-8"))
    return None


def _int(vm: Machine, values: Sequence[Value]) -> Value:
    encoder, value = values
    do = Steps(vm)
    number = _number(value)
    if not -_BIG <= number < _BIG:
        raise Unknown("cbor2.dumps", "integers of more than 64 bits are not modelled")
    if number >= 0:
        do.ask(encoder, "write", do.run("encode_length", UNSIGNED, value))
    else:
        do.ask(encoder, "write", do.run("encode_length", NEGATIVE, do.op(do.run("abs", value), "-", 1)))
    return None


def _float(vm: Machine, values: Sequence[Value]) -> Value:
    encoder, value = values
    do, number = Steps(vm), vm.float_of(value)
    vm.import_name("math", None, 0)
    if math.isnan(number) or math.isinf(number):
        form = b"\xf9\x7e\x00" if math.isnan(number) else b"\xf9\x7c\x00" if number > 0 else b"\xf9\xfc\x00"
        do.ask(encoder, "write", _constant(form))
    else:
        do.ask(encoder, "write", do.of("struct", "pack", ">Bd", 0xFB, value))
    return None


def _boolean(vm: Machine, values: Sequence[Value]) -> Value:
    Steps(vm).ask(values[0], "write", _constant(b"\xf5" if vm.truth(values[1]) else b"\xf4"))
    return None


def _none(vm: Machine, values: Sequence[Value]) -> Value:
    Steps(vm).ask(values[0], "write", _constant(b"\xf6"))
    return None


def _array(vm: Machine, values: Sequence[Value]) -> Value:
    encoder, value = values
    do = Steps(vm)
    do.ask(encoder, "write", do.run("encode_length", ARRAY, vm.length(value)))
    for item in vm.items(value, on_stack=True):
        do.ask(encoder, "encode", item)
    return None


def _map(vm: Machine, values: Sequence[Value]) -> Value:
    encoder, value = values
    do = Steps(vm)
    do.ask(encoder, "write", do.run("encode_length", MAP, vm.length(value)))
    for pair in vm.items(do.ask(value, "items"), on_stack=True):
        key, item = vm.unpack(pair, 2)
        do.ask(encoder, "encode", key)
        do.ask(encoder, "encode", item)
    return None


def _init(vm: Machine, values: Sequence[Value]) -> Value:
    vm.set_attr(values[0], "fp", values[1])
    return None


def _find(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    return do.at(do.name("cbor_encoders"), do.run("type", values[1]))


def _write(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    do.ask(do.get(values[0], "fp"), "write", values[1])
    return None


def _encode(vm: Machine, values: Sequence[Value]) -> Value:
    this, value = values
    vm.call(Steps(vm).ask(this, "_find_encoder", value), (this, value))
    return None


def _dumps(vm: Machine, values: Sequence[Value]) -> Value:
    value, names = values
    do = Steps(vm)
    stream = do.of("io", "BytesIO")
    vm.call_spread(do.name("dump"), NULL, (value, stream), ((NULL, names),), 0)
    return do.ask(stream, "getvalue")


def _dump(vm: Machine, values: Sequence[Value]) -> Value:
    value, stream, names = values
    do = Steps(vm)
    do.ask(vm.call_spread(do.name("CBOREncoder"), NULL, (stream,), ((NULL, names),), 0), "encode", value)
    return None


FUNCTIONS: Final[dict[str, Callable[..., Value]]] = {
    "special cbor_encoders": _encoders,
    "dump": _dump,
    "dumps": _dumps,
    "encode_length": _length,
    "encode_bytestring": _bytes,
    "encode_bytearray": _bytearray,
    "encode_string": _text,
    "encode_int": _int,
    "encode_float": _float,
    "encode_boolean": _boolean,
    "encode_none": _none,
    "encode_array": _array,
    "encode_map": _map,
    "CBOREncoder.__init__": _init,
    "CBOREncoder._find_encoder": _find,
    "CBOREncoder.write": _write,
    "CBOREncoder.encode": _encode,
}

__all__ = ["FUNCTIONS"]
