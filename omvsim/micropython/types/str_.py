"""str: names of the pool (host ``str``) and texts on the heap (py/objstr.c, py/objstrunicode.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from omvsim.memory import sizes
from omvsim.memory.strings import decode, encode, has_loose_bytes, size_of
from omvsim.memory.vstr import VStr
from omvsim.micropython.errors import Error
from omvsim.micropython.maps import name_hash
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types import buffers, bytes_, quoting, slice_, strpercent, texts
from omvsim.micropython.types.common import Iterator, bad_implicit_conversion, one_step_only
from omvsim.micropython.types.strmethods import TextMethods
from omvsim.micropython.values import STOP, UNSUPPORTED, BinaryOp, Obj, PrintKind, Sentinel, UnaryOp, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Block, Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out


class Str(TextMethods):
    """The type; an object is a text on the heap: 16 bytes, and its bytes and a zero in ``block``. Names are host
    ``str``, with which the methods are called as ``self``.
    """

    __slots__ = ("block", "text")
    type_name: ClassVar[str] = "str"
    immediates: ClassVar[tuple[type, ...]] = (str,)

    def __init__(self, memory: Memory, address: int, text: str, block: Block | None) -> None:
        super().__init__(memory, address)
        self.text = text
        self.block = block

    def key(self) -> object:
        return self.text

    def buffer(self, *, writable: bool = False) -> memoryview | None:
        """Its bytes, to read."""
        return None if writable else memoryview(encode(self.text))

    def buffer_code(self) -> str:
        """Bytes."""
        return "B"

    def unary(self: str | Obj, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        if op is UnaryOp.BOOL:
            return text_of(self) != ""
        if op is UnaryOp.LEN:
            return len(text_of(self))
        return name_hash(text_of(self)) if op is UnaryOp.HASH else UNSUPPORTED

    def binary(self: str | Obj, vm: Machine, op: BinaryOp, rhs: Value) -> Value | Sentinel:
        if op is BinaryOp.MODULO:
            return strpercent.percent(vm, self, rhs)
        if op is BinaryOp.MULTIPLY:
            return texts.multiplied(vm, self, rhs)
        if type(rhs) is not str and not isinstance(rhs, Str):
            if op is BinaryOp.CONTAINS:
                bad_implicit_conversion(vm, rhs)
            return UNSUPPORTED
        left, right = text_of(self), text_of(rhs)
        if op in (BinaryOp.ADD, BinaryOp.INPLACE_ADD):
            return texts.joined(vm, self, rhs, size_of(left), size_of(right), rhs_is_same_type=True)
        if op is BinaryOp.CONTAINS:
            return right in left
        return texts.compare(op, encode(left), encode(right))

    def subscr(self: str | Obj, vm: Machine, index: Value) -> Value | Sentinel:
        text = text_of(self)
        if isinstance(index, slice_.Slice):
            if index.step is not None and not (type(index.step) is int and index.step == 1):
                one_step_only(vm)
            start = 0 if index.start is None else clamped(vm, text, index.start)
            stop = len(text) if index.stop is None else clamped(vm, text, index.stop)
            return "" if stop < start else new_str(vm, text[start:stop])
        at = _index(vm, index)
        if not -len(text) <= at < len(text):
            vm.error(Error.INDEX, "string index out of range")
        return vm.strings.intern(text[at])

    def iterate(self: str | Obj, vm: Machine, *, on_stack: bool) -> Value | Sentinel:
        assert isinstance(self, str | Str)
        return StrIterator(vm.memory, 0 if on_stack else vm.memory.alloc(sizes.ITERATOR), self)

    def print(self: str | Obj, vm: Machine, out: Out, kind: PrintKind) -> None:
        text = text_of(self)
        if kind is PrintKind.JSON:
            quoting.json_text(out, text)
        elif kind is PrintKind.STR:
            out(text)
        else:
            quoting.quoted_text(out, text)

    @method("encode", 1, 3)
    def encode(self: str | Obj, vm: Machine, *args: Value) -> Value:
        """bytes that share the text's bytes."""
        return bytes_.sharing(vm, self)


class StrIterator(Iterator):
    """Gives a name a character, which may be new to the pool."""

    __slots__ = ("at", "text")

    def __init__(self, memory: Memory, address: int, text: str | Str) -> None:
        super().__init__(memory, address)
        self.text = text
        self.at = 0

    def next(self, vm: Machine) -> Value | Sentinel:
        text = self.text if type(self.text) is str else text_of(self.text)
        if self.at >= len(text):
            return STOP
        self.at += 1
        return vm.strings.intern(text[self.at - 1])


def is_str(value: object) -> bool:
    """``mp_obj_is_str``."""
    return type(value) is str or isinstance(value, Str)


def text_of(value: object) -> str:
    """The characters of a name or text."""
    if isinstance(value, Str):
        return value.text
    assert isinstance(value, str)
    return value


def clamped(vm: Machine, text: str, index: Value) -> int:
    """``str_index_to_ptr`` with ``is_slice``: a position within the text."""
    at = _index(vm, index)
    return max(at + len(text), 0) if at < 0 else min(at, len(text))


def _index(vm: Machine, index: Value) -> int:
    if type(index) is int:
        return index
    at = vm.int_of_maybe(index)
    if at is None:
        vm.raise_type("string indices must be integers, not %s", vm.type_name(index))
    return at


def new_str(vm: Machine, text: str) -> str | Str:
    """``mp_obj_new_str``: the name if there is one, else 16 bytes and a copy.

    Raises:
        Raised: UnicodeError for bytes that are no UTF-8, or MemoryError.
    """
    if has_loose_bytes(text):
        valid(vm, encode(text))
    if vm.strings.has(text):
        return text
    made = Str(vm.memory, vm.memory.alloc(sizes.STR), text, None)
    made.block = vm.memory.block(size_of(text) + 1)
    return made


def writer(vstr: VStr) -> Out:
    """What prints into a buffer."""

    def out(text: str) -> None:
        vstr.add(encode(text))

    return out


def finish_str(vm: Machine, vstr: VStr) -> str | Str:
    """``mp_obj_new_str_type_from_vstr``: the name if there is one (the buffer is given back), else the buffer is cut to
    the text and a zero, and gets its 16 bytes.
    """
    text = decode(vstr.data)
    if vm.strings.has(text):
        vstr.free()
        return text
    size = len(vstr.data) + 1
    if size != vstr.room:
        vm.memory.resize(vstr.block, size)
    return Str(vm.memory, vm.memory.alloc(sizes.STR), text, vstr.block)


def valid(vm: Machine, data: bytes | bytearray | memoryview) -> str:
    """``utf8_check``: the text, or UnicodeError."""
    need = 0
    for byte in bytes(data):
        if need:
            if byte & 0xC0 != 0x80:
                vm.error(Error.UNICODE)
            need -= 1
        elif byte >= 0xC0:
            if byte >= 0xF8:
                vm.error(Error.UNICODE)
            need = 3 if byte >= 0xF0 else 2 if byte >= 0xE0 else 1
        elif byte >= 0x80:
            vm.error(Error.UNICODE)
    if need:
        vm.error(Error.UNICODE)
    return decode(bytes(data))


def decoded(vm: Machine, value: Value) -> str | Str:
    """``str(value, encoding)`` and ``bytes.decode``: a text that shares the bytes of a bytes object."""
    if isinstance(value, bytes_.Bytes):
        text = valid(vm, value.data)
        if vm.strings.has(text):
            return text
        return Str(vm.memory, vm.memory.alloc(sizes.STR), text, value.block)
    return new_str(vm, valid(vm, buffers.buffer_of(vm, value)))


def _make_new(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    texts.no_keywords(vm, kwargs)
    vm.check_args(len(args), len(kwargs), 0, 3, keywords=False)
    if not args:
        return ""
    if len(args) > 1:
        return decoded(vm, args[0])
    vstr = VStr(vm.memory, 16)
    vm.print(args[0], writer(vstr), PrintKind.STR)
    return finish_str(vm, vstr)


STR = NativeType("str", Str, _make_new)

__all__ = ["STR", "Str", "clamped", "decoded", "finish_str", "is_str", "new_str", "text_of", "valid", "writer"]
