"""bytes (py/objstr.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from omvsim.memory import sizes
from omvsim.memory.strings import decode, encode
from omvsim.memory.vstr import VStr
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.static_methods import rom_class_method
from omvsim.micropython.types import buffers, quoting, slice_, str_, strpercent, texts
from omvsim.micropython.types.common import Iterator, compare_bytes, index_of, one_step_only
from omvsim.micropython.types.hextext import HexMethods, fromhex
from omvsim.micropython.types.strmethods import TextMethods
from omvsim.micropython.values import STOP, UNSUPPORTED, BinaryOp, Obj, PrintKind, Sentinel, UnaryOp, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Block, Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out


def bytes_hash(data: bytes) -> int:
    """``qstr_compute_hash``, two bytes of it."""
    value = 5381
    for byte in data:
        value = ((value * 33) ^ byte) & 0xFFFFFFFF
    return (value & 0xFFFF) or 1


class Bytes(TextMethods, HexMethods):
    """16 bytes, and its bytes and a zero in ``block`` (which a str of the same bytes may share)."""

    __slots__ = ("block", "data")
    type_name: ClassVar[str] = "bytes"

    def __init__(self, memory: Memory | None, address: int, data: bytes, block: Block | None) -> None:
        self.address = address
        if memory is not None:
            self.memory = memory
        self.data = data
        self.block = block

    def key(self) -> object:
        return self.data

    def buffer(self, *, writable: bool = False) -> memoryview | None:
        """Its bytes, to read."""
        return None if writable else memoryview(self.data)

    def buffer_code(self) -> str:
        """Bytes."""
        return "B"

    without_slots: ClassVar = frozenset(
        {"unary"}
    )  # the runtime knows length, truth and hash of bytes by their very type

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        if op is UnaryOp.BOOL:
            return self.data != b""
        if op is UnaryOp.LEN:
            return len(self.data)
        return bytes_hash(self.data) if op is UnaryOp.HASH else UNSUPPORTED

    def binary(self, vm: Machine, op: BinaryOp, rhs: Value) -> Value | Sentinel:
        if op is BinaryOp.MODULO:
            return strpercent.percent(vm, self, rhs)
        if op is BinaryOp.MULTIPLY:
            return texts.multiplied(vm, self, rhs)
        view = buffers.buffer_maybe(rhs)
        if view is None:
            return UNSUPPORTED
        if op in (BinaryOp.ADD, BinaryOp.INPLACE_ADD):
            same = isinstance(rhs, Bytes)
            return texts.joined(vm, self, rhs, len(self.data), view.nbytes, rhs_is_same_type=same)
        data = bytes(view)
        return data in self.data if op is BinaryOp.CONTAINS else compare_bytes(op, self.data, data)

    def subscr(self, vm: Machine, index: Value) -> Value | Sentinel:
        if isinstance(index, slice_.Slice):
            start, stop, step = slice_.bounds(vm, index, len(self.data))
            if step != 1:
                one_step_only(vm)
            return new_bytes(vm, self.data[start:stop])
        return self.data[index_of(vm, "bytes", len(self.data), index)]

    def iterate(self, vm: Machine, *, on_stack: bool) -> Value | Sentinel:
        return BytesIterator(vm.memory, 0 if on_stack else vm.memory.alloc(sizes.ITERATOR), self)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        if kind is PrintKind.JSON:
            quoting.json_text(out, decode(self.data))
        elif kind is PrintKind.RAW:
            out(decode(self.data))
        else:
            out("b")
            quoting.quoted_bytes(out, self.data)

    @method("decode", 1, 3)
    def decode(self: Obj, vm: Machine, *args: Value) -> Value:
        """A str that shares the bytes (those of a bytearray are copied)."""
        return str_.decoded(vm, self)


class BytesIterator(Iterator):
    """Gives small ints."""

    __slots__ = ("at", "source")

    def __init__(self, memory: Memory, address: int, source: Bytes) -> None:
        super().__init__(memory, address)
        self.source = source
        self.at = 0

    def next(self, vm: Machine) -> Value | Sentinel:
        if self.at >= len(self.source.data):
            return STOP
        self.at += 1
        return self.source.data[self.at - 1]


EMPTY = Bytes(None, 0, b"", None)
"""``mp_const_empty_bytes``, in ROM."""


def new_bytes(vm: Machine, data: bytes) -> Bytes:
    """``mp_obj_new_bytes``: a copy, even of nothing."""
    made = Bytes(vm.memory, vm.memory.alloc(sizes.STR), data, None)
    made.block = vm.memory.block(len(data) + 1)
    return made


def sharing(vm: Machine, value: str | Obj) -> Bytes:
    """bytes over the bytes of a str."""
    block = value.block if isinstance(value, str_.Str) else None
    return Bytes(vm.memory, vm.memory.alloc(sizes.STR), encode(str_.text_of(value)), block)


def finish_bytes(vm: Machine, vstr: VStr) -> Bytes:
    """``mp_obj_new_bytes_from_vstr``: the buffer is cut to what is in it and a zero."""
    size = len(vstr.data) + 1
    if size != vstr.room:
        vm.memory.resize(vstr.block, size)
    return Bytes(vm.memory, vm.memory.alloc(sizes.STR), bytes(vstr.data), vstr.block)


def _make_new(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    texts.no_keywords(vm, kwargs)
    if not args:
        return EMPTY
    value = args[0]
    if isinstance(value, Bytes):
        return value
    if str_.is_str(value):
        if not 2 <= len(args) <= 3:
            vm.raise_type("string argument without an encoding")
        assert isinstance(value, str | Obj)
        return sharing(vm, value)
    if len(args) > 1:
        vm.raise_type("wrong number of arguments")
    if type(value) is int:
        if value < 0:
            vm.raise_value()
        block = vm.memory.block(value + 1)
        return Bytes(vm.memory, vm.memory.alloc(sizes.STR), bytes(value), block)
    view = buffers.buffer_maybe(value)
    if view is not None:
        if not view.nbytes and buffers.is_null(value):
            return Bytes(vm.memory, vm.memory.alloc(sizes.STR), b"", None)
        return new_bytes(vm, bytes(view))
    return _from_items(vm, value)


def _from_items(vm: Machine, value: Value) -> Bytes:
    """From numbers; the buffer has the length of what knows its length."""
    length = vm.length_maybe(value)
    vstr = VStr(vm.memory, length if isinstance(length, int) else 16)
    for item in vm.items(value, on_stack=True):
        number = vm.int_of(item)
        if not 0 <= number <= 255:
            vm.raise_value("bytes value out of range")
        vstr.add(bytes((number,)))
    return finish_bytes(vm, vstr)


BYTES = NativeType("bytes", Bytes, _make_new, constants={"fromhex": rom_class_method(fromhex)})

__all__ = ["BYTES", "EMPTY", "Bytes", "bytes_hash", "finish_bytes", "new_bytes", "sharing"]
