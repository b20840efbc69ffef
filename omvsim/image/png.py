"""PNG as the camera's encoder writes it (lib/imlib/{png,lodepng}.c, the same from v4.5.0 to v5.0.0 but for who gives
the memory): the filter of each row with the least sum, matches in a window of 1024 bytes, the best codes of 15 bits.
"""

from __future__ import annotations

import zlib
from collections import Counter
from typing import TYPE_CHECKING, Final

from omvsim.later import np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from omvsim.image.pixels import Array

    Symbol = tuple[int, int, int, int]
    """A literal or length code, extra length, distance code (-1: a literal), extra distance."""

WINDOW: Final = 1024
LONGEST_CHAIN: Final = WINDOW // 8
MOST_LAZY: Final = 64
NICE: Final = 128
LONGEST: Final = 258
SHORTEST: Final = 3
LEAST_BLOCK, MOST_BLOCK = 65536, 262144
END: Final = 256
CODES, DISTANCES, LENGTHS = 286, 30, 19
_ORDER: Final = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)
_EXTRA_LENGTH: Final = (*[0] * 8, *(bits for bits in range(1, 6) for _ in range(4)), 0)
_EXTRA_DISTANCE: Final = (0, 0, *(bits for bits in range(14) for _ in range(2)))
_REPEATS: Final = {16: 2, 17: 3, 18: 7}
"""Bits behind the codes that repeat a length."""


def _bases(extra: Sequence[int], first: int) -> list[int]:
    found = [first]
    for bits in extra[:-1]:
        found.append(found[-1] + (1 << bits))
    return found


_LENGTH_BASES: Final = [*_bases(_EXTRA_LENGTH[:-1], SHORTEST), LONGEST]
_DISTANCE_BASES: Final = _bases(_EXTRA_DISTANCE, 1)


def encoded(rows: Array, width: int, *, colour: bool = False, bits: int = 8) -> bytes:
    """A file of rows, (height, bytes); rows of less than 8 bits a pixel are not filtered."""
    lines = filtered(rows, 3 if colour else 1) if bits == 8 else np.pad(rows, ((0, 0), (1, 0))).tobytes()
    data = zlib_stream(lines)
    header = width.to_bytes(4) + len(rows).to_bytes(4) + bytes((bits, 2 if colour else 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)


def filtered(rows: Array, step: int) -> bytes:
    """Each row behind the number of its filter."""
    wide = np.pad(rows.astype(np.int16), ((1, 0), (step, 0)))
    now, left = wide[1:, step:], wide[1:, :-step]
    up, corner = wide[:-1, step:], wide[:-1, :-step]
    tried = [now, now - left, now - up, now - (left + up) // 2, now - _paeth(left, up, corner)]
    made = np.stack([each.astype(np.uint8) for each in tried])
    sums = np.where(made < 128, made, 255 - made).astype(np.int64)
    sums[0] = made[0]
    best = sums.sum(axis=2).argmin(axis=0)
    chosen = made[best, np.arange(len(rows))]
    lines: bytes = np.concatenate([best.astype(np.uint8)[:, None], chosen], axis=1).tobytes()
    return lines


def _paeth(left: Array, up: Array, corner: Array) -> Array:
    to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
    nearer = np.where(to_up < to_left, up, left)
    return np.where(to_corner < np.minimum(to_up, to_left), corner, nearer)


def zlib_stream(data: bytes) -> bytes:
    """``lodepng_zlib_compress``."""
    size = min(max(len(data) // 8 + 8, LEAST_BLOCK), MOST_BLOCK)
    starts = range(0, len(data), size) if data else range(1)
    bits, matcher = _Bits(), _Matcher(data)
    for start in starts:
        end = min(start + size, len(data))
        _block(bits, matcher.symbols(start, end), last=end == len(data))
    return b"\x78\x01" + bits.data() + zlib.adler32(data).to_bytes(4)


class _Bits:
    """Bits, the lowest of a byte first."""

    def __init__(self) -> None:
        self.done = bytearray()
        self.held = self.count = 0

    def put(self, value: int, count: int) -> None:
        self.held |= value << self.count
        self.count += count
        while self.count >= 8:
            self.done.append(self.held & 255)
            self.held >>= 8
            self.count -= 8

    def data(self) -> bytes:
        return bytes(self.done) + (bytes((self.held & 255,)) if self.count else b"")


class _Matcher:
    """Looks for what was there before: chains of places with the same hash, and of as many zeros."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.head: dict[int, int] = {}
        self.head_zeros: dict[int, int] = {}
        self.chain, self.chain_zeros = list(range(WINDOW)), list(range(WINDOW))
        self.value, self.zeros = [-1] * WINDOW, [0] * WINDOW
        self.now = 0
        """Zeros from here on."""

    def _note(self, at: int, end: int) -> int:
        """Put a place into the chains; its hash."""
        data = self.data
        if at + 2 < end:
            hashed = data[at] ^ data[at + 1] << 4 ^ data[at + 2] << 8
        else:
            hashed = int.from_bytes(data[at:end], "little")
        if hashed:
            self.now = 0
        elif not self.now:
            part = data[at : min(at + LONGEST, end)]
            self.now = len(part) - len(part.lstrip(b"\0"))
        elif at + self.now > end or data[at + self.now - 1]:
            self.now -= 1
        place = at & WINDOW - 1
        self.value[place] = hashed
        before = self.head.get(hashed, -1)
        if before >= 0:
            self.chain[place] = before
        self.head[hashed] = place
        self.zeros[place] = self.now
        before = self.head_zeros.get(self.now, -1)
        if before >= 0:
            self.chain_zeros[place] = before
        self.head_zeros[self.now] = place
        return hashed

    def _longest(self, at: int, end: int, hashed: int) -> tuple[int, int]:
        """Length and distance of the best match."""
        data, place, zeros = self.data, at & WINDOW - 1, self.now
        last = min(end, at + LONGEST)
        found, length, distance, before = self.chain[place], 0, 0, 0
        for _ in range(LONGEST_CHAIN):
            offset = (place - found) & WINDOW - 1
            if offset < before:
                break
            before = offset
            if offset:
                skip = min(self.zeros[found], zeros) if zeros >= SHORTEST else 0
                same = skip + _alike(data, at - offset + skip, at + skip, last)
                if same > length:
                    length, distance = same, offset
                    if same >= NICE:
                        break
            if found == self.chain[found]:
                break
            if zeros >= SHORTEST and length > zeros:
                found = self.chain_zeros[found]
                if self.zeros[found] != zeros:
                    break
            else:
                found = self.chain[found]
                if self.value[found] != hashed:
                    break
        return length, distance

    def symbols(self, start: int, end: int) -> list[Symbol]:
        """Literals and matches of a block; a match waits for whether the next byte has a longer one."""
        data = self.data
        made: list[Symbol] = []
        waiting: tuple[int, int] | None = None
        self.now, at = 0, start
        while at < end:
            hashed = self._note(at, end)
            length, distance = self._longest(at, end, hashed)
            if waiting is None and SHORTEST <= length <= MOST_LAZY:
                waiting = length, distance
                at += 1
                continue
            if waiting is not None:
                if length > waiting[0] + 1:
                    made.append((data[at - 1], 0, -1, 0))
                else:
                    length, distance = waiting
                    self.head[hashed] = self.head_zeros[self.now] = -1
                    at -= 1
                waiting = None
            if length < SHORTEST:
                made.append((data[at], 0, -1, 0))
            else:
                made.append((*_code(_LENGTH_BASES, length, END + 1), *_code(_DISTANCE_BASES, distance, 0)))
                for _ in range(length - 1):
                    at += 1
                    self._note(at, end)
            at += 1
        return made


def _alike(data: bytes, back: int, front: int, last: int) -> int:
    """How many bytes from two places on are the same."""
    most = last - front
    if most <= 0 or data[back : back + most] == data[front:last]:
        return max(most, 0)
    low, step = 0, 8
    while data[back + low : back + low + step] == data[front + low : front + low + step]:
        low += step
    while data[back + low] == data[front + low]:
        low += 1
    return low


def _code(bases: Sequence[int], value: int, first: int) -> tuple[int, int]:
    """The number of the code whose base is the last not above a value, and what is left."""
    low, high = 0, len(bases)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if bases[middle] <= value else (low, middle)
    return first + low, value - bases[low]


def code_lengths(counts: Counter[int], least: int, most_codes: int, most: int) -> list[int]:
    """The best lengths of codes of at most so many bits (package-merge; of equals a package comes first)."""
    size = max([least, *(symbol + 1 for symbol in counts)])
    lengths = [0] * min(size, most_codes)
    leaves = sorted(((counts[symbol], symbol) for symbol in sorted(counts)), key=lambda leaf: leaf[0])
    if len(leaves) < 2:
        only = leaves[0][1] if leaves else 0
        lengths[only] = lengths[1 if only == 0 else 0] = 1
        return lengths
    single = [(weight, (symbol,)) for weight, symbol in leaves]
    row: list[tuple[int, tuple[int, ...]]] = list(single)
    for _ in range(most - 1):
        pairs = [(a[0] + b[0], a[1] + b[1]) for a, b in zip(row[::2], row[1::2], strict=False)]
        row = sorted([*pairs, *single], key=lambda item: item[0])
    for _, symbols in row[: 2 * len(leaves) - 2]:
        for symbol in symbols:
            lengths[symbol] += 1
    return lengths


def _canonical(lengths: Sequence[int]) -> list[tuple[int, int]]:
    """Codes, the first bit lowest, and their lengths."""
    found, code = [(0, 0)] * len(lengths), 0
    for length in range(1, max(lengths) + 1):
        for symbol, own in enumerate(lengths):
            if own == length:
                found[symbol] = int(f"{code:0{length}b}"[::-1], 2), length
                code += 1
        code <<= 1
    return found


def _runs(lengths: Sequence[int]) -> list[tuple[int, int]]:
    """Lengths with repeats, and what stands behind the codes of those."""
    made, at = [], 0
    while at < len(lengths):
        again = 0
        while at + again + 1 < len(lengths) and lengths[at + again + 1] == lengths[at]:
            again += 1
        if not lengths[at] and again >= 2:
            count = min(again + 1, 138)
            made.append((17, count - 3) if count <= 10 else (18, count - 11))
            at += count
        elif again >= 3:
            made.append((lengths[at], 0))
            made += [(16, 3)] * (again // 6)
            rest = again % 6
            if rest >= 3:
                made.append((16, rest - 3))
            else:
                again -= rest
            at += again + 1
        else:
            made.append((lengths[at], 0))
            at += 1
    return made


def _block(bits: _Bits, symbols: Iterable[Symbol], *, last: bool) -> None:
    """A block with codes of its own."""
    symbols = list(symbols)
    counts = Counter(symbol[0] for symbol in symbols)
    counts[END] = 1
    own = code_lengths(counts, END + 1, CODES, 15)
    far = code_lengths(Counter(symbol[2] for symbol in symbols if symbol[2] >= 0), 2, DISTANCES, 15)
    runs = _runs([*own, *far])
    names = code_lengths(Counter(code for code, _ in runs), LENGTHS, LENGTHS, 7)
    shown = LENGTHS
    while shown > 4 and not names[_ORDER[shown - 1]]:
        shown -= 1
    for value, count in ((last, 1), (2, 2), (len(own) - END - 1, 5), (len(far) - 1, 5), (shown - 4, 4)):
        bits.put(value, count)
    for number in _ORDER[:shown]:
        bits.put(names[number], 3)
    codes = _canonical(names)
    for code, extra in runs:
        bits.put(*codes[code])
        bits.put(extra, _REPEATS.get(code, 0))
    literals, distances = _canonical(own), _canonical(far)
    for symbol, more, distance, further in symbols:
        bits.put(*literals[symbol])
        if distance >= 0:
            bits.put(more, _EXTRA_LENGTH[symbol - END - 1])
            bits.put(*distances[distance])
            bits.put(further, _EXTRA_DISTANCE[distance])
    bits.put(*literals[END])


__all__ = ["code_lengths", "encoded", "filtered", "zlib_stream"]
