"""memoryview (py/objarray.c): a window on somebody's bytes, whose chunk it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from omvsim.memory import sizes
from omvsim.memory.strings import encode
from omvsim.micropython.native import NativeType
from omvsim.micropython.types import array_, buffers, bytes_, slice_, str_
from omvsim.micropython.types.common import index_of
from omvsim.micropython.types.hextext import HexMethods
from omvsim.micropython.types.items import item_size, read_item, write_item
from omvsim.micropython.values import UNSUPPORTED, BinaryOp, Obj, Sentinel, UnaryOp, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Block, Memory
    from omvsim.micropython.machine import Keywords, Machine


class MemoryView(HexMethods):
    """``source`` is what the bytes are read from, ``base`` the chunk they are in; ``start`` and ``count`` in items.

    A bytearray that grows may move: what a view of it shows then is undefined on the camera (the chunk it had); here it
    shows the source as it is, as far as it reaches.
    """

    __slots__ = ("base", "code", "count", "source", "start", "writable")
    type_name: ClassVar[str] = "memoryview"
    equals_other_types = True

    def __init__(
        self,
        memory: Memory,
        address: int,
        source: bytes | bytearray | memoryview,
        base: Block | None,
        code: str,
        start: int,
        count: int,
        *,
        writable: bool,
    ) -> None:
        super().__init__(memory, address)
        self.source = source
        self.base = base
        self.code = code
        self.start = start
        self.count = count
        self.writable = writable

    def length(self) -> int:
        """Items."""
        return self.count

    def item(self, vm: Machine, at: int) -> Value:
        """One item."""
        return read_item(vm, self.code, self._window(), at)

    def _window(self) -> bytearray | bytes:
        """The bytes shown, zeroes where the source has become shorter."""
        size = item_size(None, self.code)
        shown = bytes(self.source[self.start * size : (self.start + self.count) * size])
        return shown.ljust(self.count * size, b"\0")

    def buffer(self, *, writable: bool = False) -> memoryview | None:
        """Its window."""
        if writable and not self.writable:
            return None
        size = item_size(None, self.code)
        shown = memoryview(self.source)[self.start * size : (self.start + self.count) * size]
        return shown if shown.nbytes == self.count * size else memoryview(self._window())

    def chunk(self) -> Block | None:
        """That of what it shows."""
        return self.base

    def buffer_code(self) -> str:
        """Typecode of the items."""
        return self.code

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        if op is UnaryOp.BOOL:
            return self.count != 0
        return self.count if op is UnaryOp.LEN else UNSUPPORTED

    def binary(self, vm: Machine, op: BinaryOp, rhs: Value) -> Value | Sentinel:
        if op in (BinaryOp.ADD, BinaryOp.INPLACE_ADD):
            return UNSUPPORTED
        return array_.compared(vm, self, op, rhs)

    def subscr(self, vm: Machine, index: Value) -> Value | Sentinel:
        if isinstance(index, slice_.Slice):
            start, stop = array_.span(vm, index, self.count)
            address = vm.memory.alloc(sizes.ARRAY)
            first = self.start + start
            return MemoryView(
                vm.memory, address, self.source, self.base, self.code, first, stop - start, writable=self.writable
            )
        return self.item(vm, index_of(vm, "memoryview", self.count, index))

    def set_subscr(self, vm: Machine, index: Value, value: Value | Sentinel) -> bool:
        if isinstance(value, Sentinel):
            return False
        if isinstance(index, slice_.Slice):
            return self._set_slice(vm, index, value)
        at = index_of(vm, "memoryview", self.count, index)
        if not self.writable:
            return False
        cell = bytearray(item_size(None, self.code))
        write_item(vm, self.code, cell, 0, value)
        self._put(at, cell)
        return True

    def _set_slice(self, vm: Machine, index: slice_.Slice, value: Value) -> bool:
        start, stop = array_.span(vm, index, self.count)
        size = item_size(vm, self.code)
        new = array_.source_items(vm, value, size)
        if not self.writable:
            return False
        if len(new) != (stop - start) * size:
            vm.raise_value("lhs and rhs should be compatible")
        self._put(start, new)
        return True

    def _put(self, at: int, new: bytes | bytearray) -> None:
        """Write items where the source still reaches."""
        size = item_size(None, self.code)
        first = (self.start + at) * size
        target = self.source
        if isinstance(target, bytearray | memoryview):
            room = max(len(target) - first, 0)
            target[first : first + min(len(new), room)] = new[:room]

    def iterate(self, vm: Machine, *, on_stack: bool) -> Value | Sentinel:
        return array_.ArrayIterator(vm.memory, 0 if on_stack else vm.memory.alloc(sizes.ITERATOR), self)


def _make_new(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 1, 1, keywords=False)
    value = args[0]
    view = buffers.buffer_of(vm, value)
    code = buffers.code_of(value)
    count = view.nbytes // item_size(vm, code)
    view.release()
    address = vm.memory.alloc(sizes.ARRAY)
    writable = buffers.buffer_maybe(value, writable=True) is not None
    source, base, start = source_of(value)
    return MemoryView(vm.memory, address, source, base, code, start, count, writable=writable)


def source_of(value: Value) -> tuple[bytes | bytearray | memoryview, Block | None, int]:
    """Where the bytes of a value are: what holds them on the host, their chunk, the first item."""
    if isinstance(value, MemoryView):
        return value.source, value.base, value.start
    if isinstance(value, buffers.HasHolder):
        return value.holder()
    if isinstance(value, array_.Array):
        return value.data, value.block, 0
    if isinstance(value, bytes_.Bytes):
        return value.data, value.block, 0
    if isinstance(value, str_.Str):
        return encode(value.text), value.block, 0
    if type(value) is str:
        return encode(value), None, 0
    assert isinstance(value, Obj)
    view = buffers.buffer_maybe(value)
    assert view is not None
    return view, value.chunk() if isinstance(value, buffers.HasChunk) else None, 0


MEMORYVIEW = NativeType("memoryview", MemoryView, _make_new)

__all__ = ["MEMORYVIEW", "MemoryView", "source_of"]
