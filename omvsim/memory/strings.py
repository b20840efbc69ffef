"""The pool of names (qstrs, py/qstr.c): what the firmware has in ROM, and what a script adds.

Names and texts are bytes on the device. Here they are host ``str``, and :func:`encode` and :func:`decode` go between
the two without loss: bytes that are no UTF-8 are the host's code points U+DC80 to U+DCFF. Other surrogates are
characters like any other, as py/unicode.c has it.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Final

from omvsim.memory import sizes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import NoReturn

    from omvsim.memory.requests import Block, Memory


_BYTES: Final = range(0xDC80, 0xDD00)
"""Host code points that stand for single bytes that are no UTF-8."""


def _character(error: UnicodeError) -> tuple[str | bytes, int]:
    """A surrogate goes to its three bytes and back, what else the host refuses is a byte."""
    if isinstance(error, UnicodeEncodeError):
        code = ord(error.object[error.start])
        data = bytes((code & 0xFF,)) if code in _BYTES else chr(code).encode("utf-8", "surrogatepass")
        return data, error.start + 1
    if not isinstance(error, UnicodeDecodeError):
        raise error
    first, *more = error.object[error.start : error.start + 3]
    if first == 0xED and len(more) == 2 and more[0] & 0xC0 == more[1] & 0xC0 == 0x80:
        code = 0xD000 | (more[0] & 0x3F) << 6 | more[1] & 0x3F
        if code not in _BYTES:
            return chr(code), error.start + 3
    return chr(_BYTES[first - 0x80]), error.start + 1


codecs.register_error("camera", _character)


def encode(text: str) -> bytes:
    """The device's bytes of a text."""
    return text.encode("utf-8", "camera")


def decode(data: bytes | bytearray) -> str:
    """The text that stands for the device's bytes."""
    return data.decode("utf-8", "camera")


def has_loose_bytes(text: str) -> bool:
    """Whether some of its bytes are no UTF-8."""
    return not text.isascii() and any(ord(char) in _BYTES for char in text)


def size_of(text: str) -> int:
    """Bytes of a text on the device."""
    return len(text) if text.isascii() else len(encode(text))


class StringPool:
    """Names that exist. Adding one asks for room in a chunk of characters and for an entry of a pool.

    Args:
        memory: where chunks and pools go.
        built_in: the firmware's names.
        too_long: raises the language's RuntimeError "name too long".
    """

    def __init__(
        self, memory: Memory, built_in: frozenset[str], too_long: Callable[[], NoReturn] | None = None
    ) -> None:
        self.memory = memory
        self.built_in = built_in
        self.too_long = too_long
        self.rom_order: Callable[[], Sequence[str]] = lambda: sorted(built_in, key=encode)
        """The firmware's names in the order of its pools."""
        self.added: dict[str, None] = {}
        self._chunks: list[Block] = []
        """Every chunk of characters: the pools point at them, so none dies before the pools do."""
        self._open: Block | None = None
        """The chunk that still has room, or may grow."""
        self._room_used = 0
        self._room = 0
        self._pools: list[Block] = []
        self._entries = sizes.NAME_POOL_FIRST // 2
        """Room of the last pool; at first that of ROM, which is full."""
        self._free_entries = 0

    def has(self, text: str) -> bool:
        """``qstr_find_strn``: whether a text is a name already."""
        return text in self.built_in or text in self.added

    def intern(self, text: str) -> str:
        """``qstr_from_strn``: the name, made if there is none yet.

        Raises:
            Raised: RuntimeError "name too long", or MemoryError.
        """
        if text in self.built_in or text in self.added:
            return text
        length = size_of(text)
        if length > sizes.NAME_LENGTH_MAX and self.too_long is not None:
            self.too_long()
        chunk = self._characters(length + 1)
        self._entry()
        if not self._chunks or self._chunks[-1] is not chunk:
            self._chunks.append(chunk)
        self.added[text] = None
        return text

    def pools(self) -> list[Block]:
        """The pools on the heap."""
        return list(self._pools)

    def in_order(self) -> list[str]:
        """Every name, as the pools hold them."""
        return [*self.rom_order(), *self.added]

    def _characters(self, count: int) -> Block:
        """Room for ``count`` bytes: in the open chunk, by growing it in place, or in a new one."""
        chunk = self._open
        if chunk is not None and self._room_used + count > self._room:
            if self.memory.resize_maybe(chunk, self._room + count, move=False):
                self._room += count
            else:
                self.memory.resize_maybe(chunk, self._room_used, move=False)
                chunk = self._open = None
        if chunk is None:
            self._room = max(count, sizes.NAME_CHUNK)
            chunk = self.memory.block_maybe(self._room)
            if chunk is None:
                self._room = count
                chunk = self.memory.block_maybe(count)
                if chunk is None:
                    self.memory.fail(count)
            self._open = chunk
            self._room_used = 0
        self._room_used += count
        return chunk

    def _entry(self) -> None:
        """Room for one more name in the last pool, or a new pool of twice its size."""
        if not self._free_entries:
            entries = self._entries * 2
            pool = self.memory.block_maybe(sizes.name_pool_size(entries))
            if pool is None:
                self._open = None
                self.memory.fail(entries)
            self._pools.append(pool)
            self._entries = self._free_entries = entries
        self._free_entries -= 1


__all__ = ["StringPool", "decode", "encode", "has_loose_bytes", "size_of"]
