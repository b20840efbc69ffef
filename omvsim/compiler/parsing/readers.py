"""Where a lexer's text comes from: a file, or a text in memory (py/reader.c, extmod/vfs_reader.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from omvsim.memory import sizes

if TYPE_CHECKING:
    from omvsim.memory.requests import Chunk, Memory


class Reader(Protocol):
    """A source of bytes. ``data`` is all of them."""

    data: bytes

    def close(self) -> None:
        """``mp_reader_t.close``: give back what it holds."""


class FileReader:
    """Reads a file (``mp_reader_vfs_t``): its buffer fills two blocks. The file object itself is left as garbage.

    Args:
        memory: where its chunk goes.
        file: the open file, which lives while it is read.
        data: what is in the file.
    """

    def __init__(self, memory: Memory, file: Chunk, data: bytes) -> None:
        self.data = data
        self._memory = memory
        self._file: Chunk | None = file
        self._block = memory.block(sizes.FILE_READER)

    def close(self) -> None:
        """Close the file and free the buffer."""
        self._file = None
        self._memory.free(self._block)


class TextReader:
    """Reads a text (``mp_reader_mem_t``) that somebody else holds: ``eval``, ``exec`` and ``compile``."""

    def __init__(self, memory: Memory, data: bytes) -> None:
        self.data = data
        self._memory = memory
        self._block = memory.block(sizes.TEXT_READER)

    def close(self) -> None:
        """Free the reader."""
        self._memory.free(self._block)


__all__ = ["FileReader", "Reader", "TextReader"]
