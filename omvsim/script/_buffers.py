"""``bytearray``, ``array.array`` and ``memoryview``.

Facts: micropython/micropython v1.26.0 ``py/objarray.c``. Their slices are kept on the C stack
(``MP_TYPE_FLAG_SUBSCR_ALLOWS_STACK_SLICE``); appending makes room for eight more items.
"""

# ruff: noqa: PLC0415 - throw() never returns, and stand-ins have the signatures of the firmware's functions

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim.script._make import OBJECT
from omvsim.script._values import Buffer, List, Slice

if TYPE_CHECKING:
    from omvsim.script._runtime import Runtime

SPARE_ITEMS = 8


class Buffers:
    """Operations on buffers."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.make = runtime.make

    def bytearray_(self, *values: Any) -> Buffer:
        """``bytearray(n)``, ``bytearray(bytes)``, ``bytearray(iterable)``."""
        if not values:
            return self.make.new_bytearray(b"")
        source = values[0]
        if isinstance(source, int):
            return self.make.new_bytearray(bytes(int(source)))
        return self.make.new_bytearray(self._bytes(source))

    def bytes_(self, *values: Any) -> bytes:
        """``bytes(…)``."""
        if not values:
            return b""
        source = values[0]
        if isinstance(source, int):
            return self.make.new_bytes(bytes(int(source)))
        return self.make.new_bytes(self._bytes(source), copy=isinstance(source, Buffer))

    def array(self, typecode: str, source: Any = None) -> Buffer:
        """``array.array(typecode, …)``."""
        items = [] if source is None else list(self.runtime.iterate(source))
        block = self.make.alloc(OBJECT, "array")
        data = memoryview(bytearray(len(items) * memoryview(bytearray(8)).cast("B").cast(_host(typecode)).itemsize))
        view = data.cast(_host(typecode))
        for place, item in enumerate(items):
            view[place] = self.item(view, typecode, item)
        table = self.make.alloc(len(data), "array: data") if items else None
        return Buffer("array", view, typecode, block, table)

    def memoryview_(self, source: Any) -> Buffer:
        """``memoryview(buffer)``."""
        if isinstance(source, Buffer):
            return self.make.buffer_on(source.data, source, "memoryview", source.typecode)
        if isinstance(source, bytes):
            return self.make.buffer_on(memoryview(bytes(source)), source, "memoryview")
        data = getattr(source, "buffer_view", None)
        if data is None:
            self.make.throw("TypeError", "object with buffer protocol required")
        return self.make.buffer_on(data(), source, "memoryview")

    def _bytes(self, source: Any) -> bytes:
        from omvsim.script._operators import as_bytes

        try:
            return as_bytes(source)
        except TypeError:
            try:
                return bytes(int(item) for item in self.runtime.iterate(source))
            except ValueError:
                self.make.throw("ValueError", "bytes value out of range")

    def index(self, buffer: Buffer, key: Any) -> Any:
        """``buffer[key]``: a memoryview's slice shares the data, the others copy."""
        if isinstance(key, Slice):
            part = buffer.data[key.span]
            if buffer.kind == "memoryview":
                return self.make.buffer_on(part, buffer, "memoryview", buffer.typecode)
            block = self.make.alloc(OBJECT, buffer.kind)
            data = memoryview(bytearray(part.tobytes())).cast("B")
            table = self.make.alloc(len(data), f"{buffer.kind}: data") if len(data) else None
            return Buffer(buffer.kind, data.cast(_host(buffer.typecode)), buffer.typecode, block, table)
        place = self.runtime.operators.position(key, len(buffer.data), buffer.kind)
        return self.make.number(buffer.data[place])

    def store(self, buffer: Buffer, key: Any, value: Any) -> None:
        """``buffer[key] = value``."""
        if isinstance(key, Slice):
            self._store_slice(buffer, key, value)
            return
        place = self.runtime.operators.position(key, len(buffer.data), buffer.kind)
        buffer.data[place] = self.item(buffer.data, buffer.typecode, value)

    def item(self, view: memoryview, typecode: str, value: Any) -> Any:
        """``value`` as an array keeps it: a number too large loses its upper bits (py/binary.c)."""
        if not isinstance(value, int | float):
            self.make.throw_formatted("TypeError", "can't convert object to int")
        item = _plain(value)
        if isinstance(item, int) and typecode not in ("f", "d"):
            bits = 8 * view.itemsize
            item &= (1 << bits) - 1
            if typecode.islower() and item >> (bits - 1):
                item -= 1 << bits
        return item

    def _store_slice(self, buffer: Buffer, key: Slice, value: Any) -> None:
        data = self._bytes(value)
        start, stop, _ = key.span.indices(len(buffer.data))
        size = buffer.data.itemsize
        if len(data) == max(0, stop - start) * size:
            buffer.data.cast("B")[start * size : start * size + len(data)] = data
            return
        if buffer.kind == "memoryview" or buffer.owner is not None:
            self.make.throw("ValueError", "lhs and rhs should be compatible")
        raw = bytearray(buffer.data.tobytes())
        raw[start * size : max(start, stop) * size] = data
        self._resize(buffer, raw)

    def _resize(self, buffer: Buffer, raw: bytearray) -> None:
        if buffer.table is None:
            buffer.table = self.make.alloc(max(1, len(raw)), f"{buffer.kind}: data")
        elif len(raw) > buffer.table.size:
            self.make.memory.realloc(buffer.table, len(raw))
        buffer.data = memoryview(raw).cast(_host(buffer.typecode))

    def append(self, buffer: Buffer, value: Any) -> None:
        """``append``: a full table grows by eight items."""
        raw = bytearray(buffer.data.tobytes())
        item = memoryview(bytearray(8)).cast(_host(buffer.typecode))
        item[0] = self.item(item, buffer.typecode, value)
        raw += item.tobytes()[: item.itemsize]
        room = buffer.table.size if buffer.table is not None else 0
        if len(raw) > room:
            larger = len(raw) - item.itemsize + SPARE_ITEMS * item.itemsize
            if buffer.table is None:
                buffer.table = self.make.alloc(larger, f"{buffer.kind}: data")
            else:
                self.make.memory.realloc(buffer.table, larger)
        buffer.data = memoryview(raw).cast(_host(buffer.typecode))

    def extend(self, buffer: Buffer, value: Any) -> None:
        """``extend`` and ``+=``."""
        if isinstance(value, List | tuple):
            for item in value:
                self.append(buffer, item)
            return
        self._resize(buffer, bytearray(buffer.data.tobytes() + self._bytes(value)))


def _host(typecode: str) -> Any:
    """The struct letter of the camera's size: its ``l`` has four bytes."""
    return {"l": "i", "L": "I"}.get(typecode, typecode)


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, float) else int(value)
