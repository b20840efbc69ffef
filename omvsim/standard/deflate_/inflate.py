"""Inflating a stream byte by byte (RFC 1951), with a window of a size that is given (RFC 1950 and 1952: headers)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

END: Final = 256
LENGTHS: Final = (
    *((3 + at, 0) for at in range(8)),
    *(((4 + at % 4 << at // 4 - 1) + 3, at // 4 - 1) for at in range(8, 28)),
    (258, 0),
)
"""Base and extra bits of the codes 257 to 285."""
DISTANCES: Final = tuple((1 + at, 0) if at < 4 else ((2 + at % 2 << at // 2 - 1) + 1, at // 2 - 1) for at in range(30))
ORDER: Final = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)
FIXED: Final = (8,) * 144 + (9,) * 112 + (7,) * 24 + (8,) * 8
REPEATS: Final = {16: (3, 2), 17: (3, 3), 18: (11, 7)}
GZIP, DEFLATE = b"\x1f\x8b", 8
MOST_BITS: Final = 15


class Damaged(Exception):
    """The stream is none, or says what cannot be."""


class Bits:
    """Bits of a source of bytes, the lowest first."""

    def __init__(self, byte: Callable[[], int]) -> None:
        self.byte = byte
        self.held = self.count = 0

    def take(self, count: int) -> int:
        """The next bits as a number."""
        while self.count < count:
            self.held |= self.byte() << self.count
            self.count += 8
        found = self.held & ((1 << count) - 1)
        self.held >>= count
        self.count -= count
        return found

    def align(self) -> None:
        """To the next byte."""
        self.held = self.count = 0

    def symbol(self, codes: dict[tuple[int, int], int]) -> int:
        """The next symbol of a Huffman code."""
        code = 0
        for length in range(1, MOST_BITS + 1):
            code = code << 1 | self.take(1)
            found = codes.get((length, code))
            if found is not None:
                return found
        raise Damaged


def huffman(lengths: tuple[int, ...]) -> dict[tuple[int, int], int]:
    """Symbols by length and code (RFC 1951, 3.2.2)."""
    codes: dict[tuple[int, int], int] = {}
    code = 0
    for length in range(1, MOST_BITS + 1):
        for symbol, own in enumerate(lengths):
            if own == length:
                codes[length, code] = symbol
                code += 1
        code <<= 1
    return codes


def inflated(bits: Bits, window: int) -> Iterator[int]:
    """Bytes of all blocks.

    Raises:
        Damaged: a block or code that does not exist, or a distance beyond the window or the start.
    """
    past = bytearray()
    last = False
    while not last:
        last, kind = bool(bits.take(1)), bits.take(2)
        if kind == 0:
            source = _stored(bits)
        elif kind == 1:
            source = _coded(bits, huffman(FIXED), huffman((5,) * 30), past, window)
        elif kind == 2:
            source = _coded(bits, *_tables(bits), past, window)
        else:
            raise Damaged
        for byte in source:
            past.append(byte)
            yield byte


def _stored(bits: Bits) -> Iterator[int]:
    bits.align()
    size, other = bits.take(16), bits.take(16)
    if size != other ^ 0xFFFF:
        raise Damaged
    for _ in range(size):
        yield bits.take(8)


def _tables(bits: Bits) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], int]]:
    literals, distances, count = bits.take(5) + 257, bits.take(5) + 1, bits.take(4) + 4
    own = [0] * len(ORDER)
    for at in ORDER[:count]:
        own[at] = bits.take(3)
    codes = huffman(tuple(own))
    lengths: list[int] = []
    while len(lengths) < literals + distances:
        symbol = bits.symbol(codes)
        if symbol in REPEATS:
            least, extra = REPEATS[symbol]
            if symbol == 16 and not lengths:
                raise Damaged
            lengths += [lengths[-1] if symbol == 16 else 0] * (least + bits.take(extra))
        else:
            lengths.append(symbol)
    return huffman(tuple(lengths[:literals])), huffman(tuple(lengths[literals : literals + distances]))


def _coded(
    bits: Bits,
    literals: dict[tuple[int, int], int],
    distances: dict[tuple[int, int], int],
    past: bytearray,
    window: int,
) -> Iterator[int]:
    while (symbol := bits.symbol(literals)) != END:
        if symbol < END:
            yield symbol
            continue
        if symbol - END > len(LENGTHS):
            raise Damaged
        base, extra = LENGTHS[symbol - END - 1]
        length = base + bits.take(extra)
        code = bits.symbol(distances)
        if code >= len(DISTANCES):
            raise Damaged
        base, extra = DISTANCES[code]
        distance = base + bits.take(extra)
        if distance > min(window, len(past)):
            raise Damaged
        for _ in range(length):
            yield past[-distance]


def header(byte: Callable[[], int]) -> tuple[bool, int]:
    """Whether it is gzip's, and the bits of the window it says.

    Raises:
        Damaged: it is neither gzip's nor zlib's.
    """
    first, second = byte(), byte()
    if bytes((first, second)) == GZIP:
        _gzip(byte)
        return True, MOST_BITS
    if (first << 8 | second) % 31 or first & 15 != DEFLATE or first >> 4 > 7 or second & 0x20:
        raise Damaged
    return False, (first >> 4) + 8


def _gzip(byte: Callable[[], int]) -> None:
    if byte() != DEFLATE:
        raise Damaged
    flags = byte()
    if flags & 0xE0:
        raise Damaged
    for _ in range(6):
        byte()
    if flags & 4:
        for _ in range(byte() | byte() << 8):
            byte()
    for flag in (8, 16):
        if flags & flag:
            while byte():
                pass
    if flags & 2:
        byte(), byte()


__all__ = ["Bits", "Damaged", "header", "inflated"]
