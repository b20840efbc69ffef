"""Deflating as the firmware does (lib/uzlib/lz77.c): one block of fixed codes (RFC 1951, 3.2.6), the longest match in
a small window, of equal ones the nearest; a match ends with what one call was given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.standard.deflate_.inflate import DISTANCES, END, LENGTHS

if TYPE_CHECKING:
    from collections.abc import Callable

LEAST, MOST = 3, 259
"""Of a match; the longest is sent in two."""
LONGEST_CODE: Final = 258


class Deflater:
    """A stream being written: ``put`` takes a byte."""

    def __init__(self, window: int, put: Callable[[int], None]) -> None:
        self.window = window
        self.put = put
        self.held = self.count = 0
        self.past = b""

    def _bits(self, value: int, count: int) -> None:
        self.held |= value << self.count
        self.count += count
        while self.count >= 8:
            self.put(self.held & 0xFF)
            self.held >>= 8
            self.count -= 8

    def _code(self, code: int, length: int) -> None:
        """A Huffman code: its highest bit first."""
        self._bits(int(f"{code:0{length}b}"[::-1], 2), length)

    def begin(self) -> None:
        """The only block: the last one, with fixed codes."""
        self._bits(1, 1)
        self._bits(1, 2)

    def end(self) -> None:
        """End of the block, to the next byte."""
        self._code(0, 7)
        self._bits(0, -self.count % 8)

    def compress(self, data: bytes) -> None:
        """More bytes."""
        whole, start = self.past + data, len(self.past)
        at = start
        while at < len(whole):
            length, distance = self._match(whole, at)
            if length:
                self._repeat(length, distance)
            else:
                self._literal(whole[at])
            at += length or 1
        self.past = whole[-self.window :]

    def _match(self, whole: bytes, at: int) -> tuple[int, int]:
        """The longest repetition of what comes, and how far back it is."""
        first = max(0, at - self.window)
        length = distance = 0
        wanted = LEAST
        while wanted <= min(MOST, len(whole) - at):
            found = whole.rfind(whole[at : at + wanted], first, at - 1 + wanted)
            if found < 0:
                break
            length, distance = wanted, at - found
            while length < min(MOST, len(whole) - at) and whole[found + length] == whole[at + length]:
                length += 1
            wanted = length + 1
        return length, distance

    def _literal(self, byte: int) -> None:
        if byte < 144:
            self._code(0x30 + byte, 8)
        else:
            self._code(0x190 + byte - 144, 9)

    def _repeat(self, length: int, distance: int) -> None:
        while length:
            part = LONGEST_CODE if length > 260 else length if length <= LONGEST_CODE else length - 3
            length -= part
            code = max(at for at, (base, _) in enumerate(LENGTHS) if base <= part)
            symbol = END + 1 + code
            self._code(symbol - END, 7) if symbol < 280 else self._code(0xC0 + symbol - 280, 8)
            base, extra = LENGTHS[code]
            self._bits(part - base, extra)
            code = max(at for at, (base, _) in enumerate(DISTANCES) if base <= distance)
            self._code(code, 5)
            base, extra = DISTANCES[code]
            self._bits(distance - base, extra)


__all__ = ["Deflater"]
