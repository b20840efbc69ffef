"""Bounds-checked reading of one flatbuffer: what a generated accessor does, but no offset is trusted.

A position is absolute in the file. Every vector is checked against the end of the file before it is read and counts
against a budget, so that a small hostile file whose tables all share one long vector cannot blow up in memory.
"""

from __future__ import annotations

from struct import Struct, error, unpack_from
from typing import Any

_U16 = Struct("<H").unpack_from
_I32 = Struct("<i").unpack_from
_U32 = Struct("<I").unpack_from
_WIDTHS = {"B": 1, "b": 1, "i": 4, "I": 4, "f": 4, "q": 8, "Q": 8}
_SHORT = 8
_SHARING = 16
"""How often, on average, each byte of the file may be read as part of some vector (sharing is legal, rare, small)."""


class Malformed(Exception):
    """The bytes are not a well-formed flatbuffer; the message is one clause."""


class Cursor:
    """Reads tables, strings and vectors of ``data``.

    A table is held as ``(position, vtable)`` where ``vtable`` is the tuple of its fields' offsets (0 = absent).
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._end = len(data)
        self._budget = _SHARING * len(data) + 4096
        self._vtables: dict[int, tuple[int, ...]] = {}
        self._vectors: dict[tuple[int, str], tuple[Any, ...]] = {}

    def spend(self, amount: int) -> None:
        """Count ``amount`` bytes of work against the file's budget.

        Raises:
            Malformed: the file asks for far more than its size can hold.
        """
        self._budget -= amount
        if self._budget < 0:
            raise Malformed("its tables refer to the same bytes over and over: not a model a converter writes")

    def u32(self, position: int) -> int:
        """The unsigned 32-bit word at ``position``."""
        try:
            value: int = _U32(self.data, position)[0]
        except error:
            raise Malformed(f"truncated or corrupt: it points to byte {position} of {self._end}") from None
        return value

    def root(self) -> tuple[int, tuple[int, ...]]:
        """The root table."""
        return self.table(0)

    def table(self, reference: int) -> tuple[int, tuple[int, ...]]:
        """The table that the offset stored at ``reference`` points to."""
        position = reference + self.u32(reference)
        try:
            vtable = position - _I32(self.data, position)[0]
        except error:
            raise Malformed(f"truncated or corrupt: it points to byte {position} of {self._end}") from None
        fields = self._vtables.get(vtable)
        if fields is None:
            fields = self._vtables[vtable] = self._vtable(vtable)
        return position, fields

    def _vtable(self, vtable: int) -> tuple[int, ...]:
        if not 0 <= vtable <= self._end - 4:
            raise Malformed(f"corrupt: a table's layout lies at byte {vtable} of {self._end}")
        size = _U16(self.data, vtable)[0]
        if size < 4 or size % 2 or vtable + size > self._end:
            raise Malformed(f"truncated or corrupt: the table layout at byte {vtable} has {size} bytes")
        return unpack_from(f"<{size // 2 - 2}H", self.data, vtable + 4)

    def scalar(self, table: tuple[int, tuple[int, ...]], field: int, kind: str, default: int) -> Any:
        """Field ``field`` as struct character ``kind``, or ``default`` where the file leaves it out."""
        position, fields = table
        if field >= len(fields) or not fields[field]:
            return default
        try:
            return unpack_from("<" + kind, self.data, position + fields[field])[0]
        except error:
            raise Malformed(f"truncated: byte {position + fields[field]} of {self._end} is needed") from None

    def reference(self, table: tuple[int, tuple[int, ...]], field: int) -> int:
        """Position of the offset stored in field ``field``; 0 where the file leaves it out."""
        position, fields = table
        return position + fields[field] if field < len(fields) and fields[field] else 0

    def span(self, table: tuple[int, tuple[int, ...]], field: int, width: int = 1) -> tuple[int, int]:
        """(first byte, elements) of the vector in ``field``; (0, 0) where absent."""
        position, fields = table
        if field >= len(fields) or not fields[field]:
            return 0, 0
        # Nearly all reading passes here: the words are unpacked in place instead of through u32().
        position += fields[field]
        try:
            position += _U32(self.data, position)[0]
            count: int = _U32(self.data, position)[0]
        except error:
            raise Malformed(f"truncated or corrupt: it points to byte {position} of {self._end}") from None
        if position + 4 + count * width > self._end:
            raise Malformed(
                f"truncated or corrupt: a vector of {count} elements at byte {position} runs past the end ({self._end})"
            )
        return position + 4, count

    def vector(self, table: tuple[int, tuple[int, ...]], field: int, kind: str) -> tuple[Any, ...]:
        """The numbers in vector ``field``; ``kind`` is their struct character."""
        width = _WIDTHS[kind]
        start, count = self.span(table, field, width)
        if not count:
            return ()
        # Long vectors that many tables share are kept once.
        if count > _SHORT:
            known = self._vectors.get((start, kind))
            if known is None:
                self.spend(count * width)
                known = self._vectors[start, kind] = unpack_from(f"<{count}{kind}", self.data, start)
            return known
        self.spend(count * width)
        return unpack_from(f"<{count}{kind}", self.data, start)

    def raw(self, table: tuple[int, tuple[int, ...]], field: int) -> bytes:
        """The bytes of a string or byte vector."""
        start, count = self.span(table, field)
        self.spend(count)
        return self.data[start : start + count]

    def text(self, table: tuple[int, tuple[int, ...]], field: int) -> str:
        """A string; bytes that are not UTF-8 show as U+FFFD."""
        return self.raw(table, field).decode("utf-8", "replace")

    def tables(self, table: tuple[int, tuple[int, ...]], field: int) -> list[tuple[int, tuple[int, ...]]]:
        """The tables in vector ``field``."""
        start, count = self.span(table, field, 4)
        self.spend(8 * count)
        return [self.table(start + 4 * i) for i in range(count)]
