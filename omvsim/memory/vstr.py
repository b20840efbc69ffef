"""A text that grows on the heap (``vstr_t``, py/vstr.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.memory import sizes

if TYPE_CHECKING:
    from omvsim.memory.requests import Block, Memory


class VStr:
    """A growing text: ``data`` is what is in it, its block what is reserved.

    Args:
        memory: where the block goes.
        room: bytes reserved at first (at least 1).
    """

    __slots__ = ("block", "data", "memory", "room")

    def __init__(self, memory: Memory, room: int) -> None:
        self.memory = memory
        self.room = max(room, 1)
        self.block: Block = memory.block(self.room)
        self.data = bytearray()

    def __len__(self) -> int:
        return len(self.data)

    def add(self, data: bytes | bytearray) -> None:
        """``vstr_add_strn``: all of ``data`` in one request, if any."""
        self.reserve(len(data))
        self.data += data

    def add_each(self, data: bytes | bytearray) -> None:
        """``vstr_add_byte`` for each byte: the buffer grows by what one more byte needs, as often as that."""
        wanted = len(self.data) + len(data)
        if wanted > self.room:
            while wanted > self.room:
                self._grow(self.room, 1)
        self.data += data

    def reserve(self, count: int) -> None:
        """``vstr_ensure_extra``: room for ``count`` bytes more."""
        if len(self.data) + count > self.room:
            self._grow(len(self.data), count)

    def extend(self, count: int) -> None:
        """``vstr_extend``: exactly ``count`` bytes more room."""
        self.memory.resize(self.block, self.room + count)
        self.room += count

    def insert(self, at: int, data: bytes | bytearray) -> None:
        """``vstr_ins_strn``."""
        self.reserve(len(data))
        self.data[at:at] = data

    def terminate(self) -> None:
        """``vstr_null_terminated_str``: one byte more where the buffer is full."""
        if self.room == len(self.data):
            self.memory.resize(self.block, self.room + 1)
            self.room += 1

    def reset(self) -> None:
        """``vstr_reset``: empty, the room stays."""
        self.data.clear()

    def free(self) -> None:
        """``vstr_clear``."""
        self.memory.free(self.block)

    def _grow(self, length: int, more: int) -> None:
        room = sizes.vstr_grown(length, more)
        self.memory.resize(self.block, room)
        self.room = room


__all__ = ["VStr"]
