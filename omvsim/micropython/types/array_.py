"""array and bytearray (py/objarray.c). Their items are bytes on the host as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from omvsim.memory import sizes
from omvsim.memory.requests import Block
from omvsim.micropython.errors import Error
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.static_methods import rom_class_method
from omvsim.micropython.types import buffers, bytes_, float_, int_, memoryview_, quoting, slice_, str_
from omvsim.micropython.types.common import Iterator, compare_bytes, index_of, one_step_only
from omvsim.micropython.types.hextext import HexMethods, fromhex
from omvsim.micropython.types.items import item_size, read_item, write_item
from omvsim.micropython.types.strmethods import TextMethods
from omvsim.micropython.values import STOP, UNSUPPORTED, BinaryOp, Obj, PrintKind, Sentinel, UnaryOp, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out

BYTEARRAY_CODE = "\x01"
ORDERS = frozenset({BinaryOp.EQUAL, BinaryOp.LESS, BinaryOp.LESS_EQUAL, BinaryOp.MORE, BinaryOp.MORE_EQUAL})


class Array(Obj):
    """16 bytes and a block; ``spare`` items of it are not used. ``block`` may be a chunk that somebody else has as well
    (a memoryview of it keeps it).
    """

    __slots__ = ("block", "code", "data", "spare")
    type_name: ClassVar[str] = "array"

    def __init__(self, memory: Memory, address: int, code: str) -> None:
        super().__init__(memory, address)
        self.code = code
        self.data = bytearray()
        self.spare = 0
        self.block = Block(memory, 0, 0)

    def size(self) -> int:
        """Bytes of an item (the code was checked when it was made)."""
        return item_size(None, self.code)

    def length(self) -> int:
        """Items."""
        return len(self.data) // self.size()

    def buffer(self, *, writable: bool = False) -> memoryview | None:
        """Its bytes."""
        return memoryview(self.data)

    def chunk(self) -> Block:
        """Where its items are."""
        return self.block

    def buffer_code(self) -> str:
        """Typecode; a bytearray has one of its own."""
        return self.code

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        if op is UnaryOp.BOOL:
            return bool(self.data)
        return self.length() if op is UnaryOp.LEN else UNSUPPORTED

    def binary(self, vm: Machine, op: BinaryOp, rhs: Value) -> Value | Sentinel:
        if op is BinaryOp.ADD:
            view = buffers.buffer_of(vm, rhs)
            size = self.size()
            more = bytes(view)[: view.nbytes // size * size]
            made = _sized(vm, self.code, self.length() + len(more) // size)
            made.data = self.data + more
            return made
        if op is BinaryOp.INPLACE_ADD:
            self._extend(vm, rhs)
            return self
        return compared(vm, self, op, rhs)

    def subscr(self, vm: Machine, index: Value) -> Value | Sentinel:
        if isinstance(index, slice_.Slice):
            start, stop = span(vm, index, self.length())
            size = self.size()
            made = _sized(vm, self.code, stop - start)
            made.data = self.data[start * size : stop * size]
            return made
        return read_item(vm, self.code, self.data, index_of(vm, self.type_name, self.length(), index))

    def set_subscr(self, vm: Machine, index: Value, value: Value | Sentinel) -> bool:
        if isinstance(value, Sentinel):
            return False
        if isinstance(index, slice_.Slice):
            self._set_slice(vm, index, value)
        else:
            write_item(vm, self.code, self.data, index_of(vm, self.type_name, self.length(), index), value)
        return True

    def _set_slice(self, vm: Machine, index: slice_.Slice, value: Value) -> None:
        """Grows to the exact length; after that as much is marked as spare as it grew by, and taken off again."""
        start, stop = span(vm, index, self.length())
        size = self.size()
        new = source_items(vm, value, size)
        grown = len(new) // size - (stop - start)
        if grown > self.spare:
            vm.memory.resize(self.block, (self.length() + grown) * size)
            self.spare = grown
        self.spare -= grown
        self.data[start * size : stop * size] = new

    def iterate(self, vm: Machine, *, on_stack: bool) -> Value | Sentinel:
        return ArrayIterator(vm.memory, 0 if on_stack else vm.memory.alloc(sizes.ITERATOR), self)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        out("array('")
        out(self.code)
        out("'")
        if self.data:
            out(", [")
            for at in range(self.length()):
                if at:
                    out(", ")
                vm.print(read_item(vm, self.code, self.data, at), out, PrintKind.REPR)
            out("]")
        out(")")

    @method("append", 2)
    def append(self, vm: Machine, item: Value) -> Value:
        """Eight spare items at a time."""
        size = self.size()
        if not self.spare:
            vm.memory.resize(self.block, (self.length() + sizes.ARRAY_GROWTH) * size)
            self.spare = sizes.ARRAY_GROWTH
        cell = bytearray(size)
        write_item(vm, self.code, cell, 0, item)
        self.data += cell
        self.spare -= 1
        return None

    @method("extend", 2)
    def extend(self, vm: Machine, value: Value) -> Value:
        """A buffer at once (to the exact size), anything else item by item."""
        self._extend(vm, value)
        return None

    def _extend(self, vm: Machine, value: Value) -> None:
        view = buffers.buffer_maybe(value)
        if view is None:
            for item in vm.items(value, on_stack=False):
                Array.append(self, vm, item)
            return
        size = self.size()
        more = bytes(view)[: view.nbytes // size * size]
        view.release()
        count = len(more) // size
        if self.spare < count:
            vm.memory.resize(self.block, (self.length() + count) * size)
            self.spare = 0
        else:
            self.spare -= count
        self.data += more


class ByteArray(Array, TextMethods, HexMethods):
    """An array of bytes."""

    __slots__ = ()
    type_name: ClassVar[str] = "bytearray"
    immediates: ClassVar[tuple[type, ...]] = ()
    equals_other_types = True

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        out("bytearray(b")
        quoting.quoted_bytes(out, bytes(self.data))
        out(")")

    @method("decode", 1, 3)
    def decode(self, vm: Machine, *args: Value) -> Value:
        """A str of a copy of its bytes."""
        return str_.decoded(vm, self)


class ArrayIterator(Iterator):
    """Gives the items of an array or memoryview, ``offset`` items into its buffer."""

    __slots__ = ("at", "source")

    def __init__(self, memory: Memory, address: int, source: Array | memoryview_.MemoryView) -> None:
        super().__init__(memory, address)
        self.source = source
        self.at = 0

    def next(self, vm: Machine) -> Value | Sentinel:
        source = self.source
        if self.at >= source.length():
            return STOP
        self.at += 1
        if isinstance(source, Array):
            return read_item(vm, source.code, source.data, self.at - 1)
        return source.item(vm, self.at - 1)


def span(vm: Machine, index: slice_.Slice, length: int) -> tuple[int, int]:
    """A slice with a step of one."""
    start, stop, step = slice_.bounds(vm, index, length)
    if step != 1:
        one_step_only(vm)
    return start, stop


def source_items(vm: Machine, value: Value, size: int) -> bytes:
    """The right side of a slice assignment: array, bytearray, memoryview or bytes of items of the same size."""
    if isinstance(value, Array | memoryview_.MemoryView):
        if item_size(vm, value.code) != size:
            _incompatible(vm)
        view = value.buffer()
        assert view is not None
        return bytes(view)
    if not isinstance(value, bytes_.Bytes):
        vm.error(Error.NOT_IMPLEMENTED, "array/bytes required on right side")
    if size != 1:
        _incompatible(vm)
    return value.data


def _incompatible(vm: Machine) -> None:
    vm.raise_value("lhs and rhs should be compatible")


def compared(vm: Machine, mine: Array | memoryview_.MemoryView, op: BinaryOp, rhs: Value) -> Value | Sentinel:
    """``in`` (of bytes in a bytearray only) and the comparisons of arrays and memoryviews."""
    other = buffers.buffer_maybe(rhs)
    left = mine.buffer()
    assert left is not None
    if op is BinaryOp.CONTAINS:
        if other is not None:
            return isinstance(mine, ByteArray) and bytes(other) in bytes(left)
        if int_.is_int(rhs) or isinstance(rhs, float_.Float):
            vm.error(Error.NOT_IMPLEMENTED)
        return False
    if op not in ORDERS:
        return UNSUPPORTED
    if other is None:
        return False
    codes = [_code_for_comparison(code) for code in (mine.code, buffers.code_of(rhs))]
    (kind, unsigned), (other_kind, other_unsigned) = codes
    if kind == other_kind and kind not in "fd" and (op is BinaryOp.EQUAL or unsigned or other_unsigned):
        return compare_bytes(op, bytes(left), bytes(other))
    vm.error(Error.NOT_IMPLEMENTED)


def _code_for_comparison(code: str) -> tuple[str, bool]:
    code = "B" if code == BYTEARRAY_CODE else code
    return (chr(ord(code) + 32), True) if code <= "Z" else (code, False)


def _sized(vm: Machine, code: str, length: int) -> Array:
    """``array_new``: the typecode is checked first; 0 items need no block."""
    size = item_size(vm, code)
    kind = ByteArray if code == BYTEARRAY_CODE else Array
    made = kind(vm.memory, vm.memory.alloc(sizes.ARRAY), code)
    if length:
        made.block = vm.memory.block(size * length)
    return made


def new_bytearray(vm: Machine, data: bytes) -> ByteArray:
    """``mp_obj_new_bytearray``: a copy."""
    made = _sized(vm, BYTEARRAY_CODE, len(data))
    assert isinstance(made, ByteArray)
    made.data = bytearray(data)
    return made


def bytearray_of(vm: Machine, data: bytes, block: Block) -> ByteArray:
    """``mp_obj_new_bytearray_by_ref``: over a chunk that is there."""
    made = ByteArray(vm.memory, vm.memory.alloc(sizes.ARRAY), BYTEARRAY_CODE)
    made.data = bytearray(data)
    made.block = block
    return made


def _construct(vm: Machine, code: str, value: Value) -> Array:
    """``array_construct``: of the bytes of a buffer, of the items of what knows its length, or by appending."""
    copies = code == BYTEARRAY_CODE or isinstance(value, bytes_.Bytes | ByteArray)
    view = buffers.buffer_maybe(value) if copies else None
    if view is not None:
        size = item_size(vm, code)
        made = _sized(vm, code, view.nbytes // size)
        made.data = bytearray(bytes(view)[: view.nbytes // size * size])
        return made
    length = vm.length_maybe(value)
    count = length if isinstance(length, int) else 0
    made = _sized(vm, code, count)
    made.data = bytearray(count * made.size())
    for at, item in enumerate(vm.items(value, on_stack=False)):
        if count == 0:
            Array.append(made, vm, item)
        elif at < count:
            write_item(vm, code, made.data, at, item)
    return made


def _new_array(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 1, 2, keywords=False)
    code = vm.str_of(args[0])[:1] or "\0"
    return _sized(vm, code, 0) if len(args) == 1 else _construct(vm, code, args[1])


def _new_bytearray(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 0, 3, keywords=False)
    if not args:
        return _sized(vm, BYTEARRAY_CODE, 0)
    if int_.is_int(args[0]):
        length = vm.int_of(args[0]) & 0xFFFFFFFF
        made = _sized(vm, BYTEARRAY_CODE, length)
        made.data = bytearray(length)
        return made
    if str_.is_str(args[0]) and len(args) == 1:
        vm.raise_type("string argument without an encoding")
    return _construct(vm, BYTEARRAY_CODE, args[0])


ARRAY = NativeType("array", Array, _new_array)
BYTEARRAY = NativeType("bytearray", ByteArray, _new_bytearray, constants={"fromhex": rom_class_method(fromhex)})

__all__ = [
    "ARRAY",
    "BYTEARRAY",
    "BYTEARRAY_CODE",
    "Array",
    "ArrayIterator",
    "ByteArray",
    "bytearray_of",
    "compared",
    "new_bytearray",
    "source_items",
    "span",
]
