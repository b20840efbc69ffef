"""The camera's own JPEG encoder (lib/imlib/jpege.c).

Arai, Agui and Nakajima's transform in integers with constants of eight bits, divisors in single precision, the codes of
Annex K of the standard. Header, tables and codes are taken from a JPEG that the host made at the same quality.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

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


def _times(value: Any, factor: int) -> Any:
    return value * factor >> 8


def _transform(rows: Any) -> Any:
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


def _filled(plane: Any, across: int, down: int) -> Any:
    """A plane in whole units of so many blocks; what is outside is in the middle."""
    height, width = plane.shape
    padded = np.zeros((-(-height // (8 * down)) * 8 * down, -(-width // (8 * across)) * 8 * across), np.int64)
    padded[:height, :width] = plane
    return padded


def _blocks(plane: Any, across: int, down: int) -> Any:
    """Blocks of 8 x 8, unit by unit."""
    shape = plane.shape[0] // (8 * down), down, 8, plane.shape[1] // (8 * across), across, 8
    return plane.reshape(shape).transpose(0, 3, 1, 4, 2, 5).reshape(-1, 8, 8)


def _halved(plane: Any, across: int, down: int) -> Any:
    """Means of neighbours, rounded down: of two in a row, then of two rows."""
    if across > 1:
        plane = plane[:, ::2] + plane[:, 1::2] >> 1
    return plane[::2] + plane[1::2] >> 1 if down > 1 else plane


def _coefficients(blocks: Any, quantiser: bytes) -> Any:
    """Quantised coefficients in zigzag order."""
    blocks = _transform(_transform(blocks).swapaxes(1, 2)).swapaxes(1, 2)
    scale = np.array(_SCALES, np.float32)
    divisors = np.zeros(64, np.float32)
    for place, number in zip(ZIGZAG, quantiser, strict=True):
        weight = scale[place // 8] * scale[place % 8] * np.float32(number)
        divisors[place] = np.float32(1.0) / (weight * np.float32(8.0))
    found = np.rint(blocks.reshape(-1, 64).astype(np.float32) * divisors).astype(np.int64)
    return found[:, ZIGZAG]


class _Bits:
    """A string of bits."""

    def __init__(self) -> None:
        self.value = 0
        self.count = 0
        self.out = bytearray()

    def put(self, value: int, length: int) -> None:
        """The lowest bits of a number, highest first; a byte of ones is followed by one of zeros."""
        self.value = self.value << length | value & (1 << length) - 1
        self.count += length
        while self.count >= 8:  # a byte
            self.count -= 8
            byte = self.value >> self.count & 255
            self.out += bytes((byte, 0)) if byte == 255 else bytes((byte,))  # all ones
        self.value &= (1 << self.count) - 1


def _number(bits: _Bits, code: tuple[int, int], value: int) -> None:
    bits.put(*code)
    size = abs(value).bit_length()
    bits.put(value if value > 0 else value - 1, size)


def _block(bits: _Bits, found: list[int], before: int, first: Any, rest: Any) -> None:
    difference = found[0] - before
    _number(bits, first[abs(difference).bit_length()], difference)
    zeros = 0
    last = max((at for at in range(1, 64) if found[at]), default=0)
    for value in found[1 : last + 1]:
        if not value:
            zeros += 1
            continue
        while zeros > 15:  # as many as a code counts
            bits.put(*rest[0xF0])
            zeros -= 16
        _number(bits, rest[zeros << 4 | abs(value).bit_length()], value)
        zeros = 0
    if last != 63:  # not the end of the block
        bits.put(*rest[0])


def encoded(planes: list[Any], model: bytes, across: int = 1, down: int = 1) -> bytes:
    """Planes of samples less 128 as a JPEG with the header of ``model``.

    Args:
        across, down: blocks of the first plane in a unit; the others are made smaller by as much.
    """
    head, quantisers, codes = _tables(model)
    filled = [_filled(plane, across, down) for plane in planes]
    found = [_coefficients(_blocks(filled[0], across, down), quantisers[0]).tolist()]
    found += [_coefficients(_blocks(_halved(each, across, down), 1, 1), quantisers[1]).tolist() for each in filled[1:]]
    bits = _Bits()
    before = [0] * len(planes)
    count = across * down
    for unit in range(len(found[0]) // count):
        for number, blocks in enumerate(found):
            table = min(number, 1)
            for block in blocks[unit * count : (unit + 1) * count] if not number else [blocks[unit]]:
                _block(bits, block, before[number], codes[table], codes[0x10 | table])
                before[number] = block[0]
    bits.put(0x7F, 7)
    return head + bytes(bits.out) + b"\xff\xd9"


__all__ = ["encoded"]
