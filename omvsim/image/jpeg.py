"""The camera's own JPEG encoder (lib/imlib/jpege.c).

Arai, Agui and Nakajima's transform in integers with constants of eight bits, divisors in single precision, the codes of
Annex K of the standard. Header, tables and codes are taken from a JPEG that the host made at the same quality.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from omvsim.later import np

if TYPE_CHECKING:
    from omvsim.image.pixels import Array, Bytes

_MARKS: Final = {"quantisers": 0xDB, "codes": 0xC4}
SCAN: Final = 0xDA
# Diagonals from the corner, every other one upwards.
ZIGZAG: Final = sorted(range(64), key=lambda k: (k // 8 + k % 8, k // 8 if (k // 8 + k % 8) % 2 else -(k // 8)))
"""The place in a block of each coefficient in order."""
_SCALES: Final = [1.0, *(math.sqrt(2) * math.cos(k * math.pi / 16) for k in range(1, 8))]


def _tables(data: bytes) -> tuple[bytes, dict[int, bytes], dict[int, dict[int, tuple[int, int]]]]:
    """Everything before the scan's data; quantisers in zigzag order; (code, length) of each symbol by table."""
    at, quantisers, codes = 2, {}, {}
    while True:
        kind, end = data[at + 1], at + 2 + int.from_bytes(data[at + 2 : at + 4])
        body = data[at + 4 : end]
        if kind == _MARKS["quantisers"]:
            for start in range(0, len(body), 65):
                quantisers[body[start]] = body[start + 1 : start + 65]
        elif kind == _MARKS["codes"]:
            start = 0
            while start < len(body):
                lengths = body[start + 1 : start + 17]
                codes[body[start]] = _codes(lengths, body[start + 17 : start + 17 + sum(lengths)])
                start += 17 + sum(lengths)
        elif kind == SCAN:
            return data[:end], quantisers, codes
        at = end


def _codes(lengths: bytes, symbols: bytes) -> dict[int, tuple[int, int]]:
    found, code, at = {}, 0, 0
    for length, count in enumerate(lengths, 1):
        for symbol in symbols[at : at + count]:
            found[symbol] = code, length
            code += 1
        at += count
        code <<= 1
    return found


def _times(value: Array, factor: int) -> Array:
    return value * factor >> 8


def _transform(rows: Array) -> Array:
    """Eight samples along the last axis."""
    a = [rows[..., k] for k in range(8)]
    sums, differences = [a[k] + a[7 - k] for k in range(4)], [a[k] - a[7 - k] for k in range(4)]
    outer, inner = sums[0] + sums[3], sums[1] + sums[2]
    tilt = sums[0] - sums[3]
    turned = _times(sums[1] - sums[2] + tilt, 181)
    low, middle, high = (
        differences[3] + differences[2],
        differences[2] + differences[1],
        differences[1] + differences[0],
    )
    both = _times(low - high, 98)
    first, second = _times(low, 139) + both, _times(high, 334) + both
    centre = _times(middle, 181)
    plus, minus = differences[0] + centre, differences[0] - centre
    return np.stack(
        [
            *(outer + inner, plus + second, tilt + turned, minus - first),
            *(outer - inner, minus + first, tilt - turned, plus - second),
        ],
        axis=-1,
    )


def _filled(plane: Array, across: int, down: int) -> Array:
    """A plane in whole units of so many blocks; what is outside is in the middle."""
    height, width = plane.shape
    padded = np.zeros((-(-height // (8 * down)) * 8 * down, -(-width // (8 * across)) * 8 * across), np.int64)
    padded[:height, :width] = plane
    return padded


def _blocks(plane: Array, across: int, down: int) -> Array:
    """Blocks of 8 x 8, unit by unit."""
    shape = plane.shape[0] // (8 * down), down, 8, plane.shape[1] // (8 * across), across, 8
    return plane.reshape(shape).transpose(0, 3, 1, 4, 2, 5).reshape(-1, 8, 8)


def _halved(plane: Array, across: int, down: int) -> Array:
    """Means of neighbours, rounded down: of two in a row, then of two rows."""
    if across > 1:
        plane = plane[:, ::2] + plane[:, 1::2] >> 1
    return plane[::2] + plane[1::2] >> 1 if down > 1 else plane


def _coefficients(blocks: Array, quantiser: bytes) -> Array:
    """Quantised coefficients in zigzag order."""
    blocks = _transform(_transform(blocks).swapaxes(1, 2)).swapaxes(1, 2)
    scale = np.array(_SCALES, np.float32)
    divisors = np.zeros(64, np.float32)
    for place, number in zip(ZIGZAG, quantiser, strict=True):
        weight = scale[place // 8] * scale[place % 8] * np.float32(number)
        divisors[place] = np.float32(1.0) / (weight * np.float32(8.0))
    found: Array = np.rint(blocks.reshape(-1, 64).astype(np.float32) * divisors).astype(np.int64)[:, ZIGZAG]
    return found


class _Codes:
    """Codes and their lengths as arrays by table (of the first plane, of the others) and symbol."""

    def __init__(self, codes: dict[int, dict[int, tuple[int, int]]], kind: int) -> None:
        self.values = np.zeros((2, 256), np.int64)
        self.lengths = np.zeros((2, 256), np.int64)
        for table in range(2):
            for symbol, (value, length) in codes.get(kind | table, {}).items():
                self.values[table, symbol], self.lengths[table, symbol] = value, length


_POWERS: Final = tuple(1 << number for number in range(20))


def _sizes(values: Array) -> Array:
    """Bits of each number without its sign."""
    return np.searchsorted(_POWERS, np.abs(values), side="right")


def _written(codes: _Codes, tables: Array, symbols: Array, values: Array, sizes: Array) -> tuple[Array, Array]:
    """A code and the bits of its number behind it: (bits, how many)."""
    extra = np.where(values > 0, values, values - 1) & (1 << sizes) - 1
    return codes.values[tables, symbols] << sizes | extra, codes.lengths[tables, symbols] + sizes


def _bits(blocks: Array, differences: Array, tables: Array, first: _Codes, rest: _Codes) -> Bytes:
    """The bits of blocks one after the other, one a byte.

    A block is its difference, each coefficient that is not zero with the zeros before it, and a code for the rest.
    """
    words, lengths = np.zeros((2, len(blocks), 65), np.int64)
    sizes = _sizes(differences)
    words[:, 0], lengths[:, 0] = _written(first, tables, sizes, differences, sizes)
    rows, places = np.nonzero(blocks[:, 1:])
    places += 1
    same = np.concatenate([[False], rows[1:] == rows[:-1]])
    zeros = places - 1 - np.where(same, np.concatenate([[0], places[:-1]]), 0)
    values, kinds = blocks[rows, places], tables[rows]
    sizes = _sizes(values)
    word, length = _written(rest, kinds, (zeros & 15) << 4 | sizes, values, sizes)
    for sixteens in range(1, 4):  # a code of its own for sixteen zeros, up to three of them in front
        more = zeros >= 16 * sixteens
        word += np.where(more, rest.values[kinds, 0xF0] << length, 0)
        length += np.where(more, rest.lengths[kinds, 0xF0], 0)
    words[rows, places], lengths[rows, places] = word, length
    ends = blocks[:, 63] == 0
    words[:, 64], lengths[:, 64] = np.where(ends, rest.values[tables, 0], 0), np.where(ends, rest.lengths[tables, 0], 0)
    flat = lengths.ravel()
    total = np.cumsum(flat)
    behind = np.repeat(total, flat) - 1 - np.arange(total[-1])
    bits: Bytes = (np.repeat(words.ravel(), flat) >> behind & 1).astype(np.uint8)
    return bits


def _scan(found: list[Array], count: int, codes: dict[int, dict[int, tuple[int, int]]]) -> bytes:
    """All blocks, unit by unit: ``count`` of the first plane, then one of each other."""
    units = len(found[0]) // count
    planes = [0] * count + list(range(1, len(found)))
    parts = [found[0].reshape(units, count, 64), *(each[:units, None] for each in found[1:])]
    blocks = np.concatenate(parts, axis=1).reshape(-1, 64)
    plane = np.tile(planes, units)
    differences = np.zeros(len(blocks), np.int64)
    for number in range(len(found)):
        differences[plane == number] = np.diff(blocks[plane == number, 0], prepend=0)
    tables = np.minimum(plane, 1)
    first, rest = _Codes(codes, 0), _Codes(codes, 0x10)
    out, left = [], np.zeros(0, np.uint8)
    for at in range(0, len(blocks), _AT_ONCE):
        part = slice(at, at + _AT_ONCE)
        bits = np.concatenate([left, _bits(blocks[part], differences[part], tables[part], first, rest)])
        whole = len(bits) & ~7
        out.append(np.packbits(bits[:whole]).tobytes())
        left = bits[whole:]
    out.append(np.packbits(np.concatenate([left, np.ones(7, np.uint8)])[: 8 * (len(left) > 0)]).tobytes())
    return b"".join(out).replace(b"\xff", b"\xff\x00")


_AT_ONCE: Final = 4096
"""Blocks whose bits are in memory together."""


def encoded(planes: list[Array], model: bytes, across: int = 1, down: int = 1) -> bytes:
    """Planes of samples less 128 as a JPEG with the header of ``model``.

    Args:
        across, down: blocks of the first plane in a unit; the others are made smaller by as much.
    """
    head, quantisers, codes = _tables(model)
    filled = [_filled(plane, across, down) for plane in planes]
    found = [_coefficients(_blocks(filled[0], across, down), quantisers[0])]
    found += [_coefficients(_blocks(_halved(each, across, down), 1, 1), quantisers[1]) for each in filled[1:]]
    return head + _scan(found, across * down, codes) + b"\xff\xd9"


__all__ = ["encoded"]
