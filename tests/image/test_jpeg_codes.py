"""The bits of a JPEG's scan, block by block: held against a writer that puts one code after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from omvsim.image import formats, jpeg
from omvsim.image.draw_image import Source
from omvsim.image.encoders import encode

Table = dict[int, tuple[int, int]]


def one_by_one(units: list[list[tuple[int, list[int]]]], codes: dict[int, Table]) -> bytes:
    """Annex F.1.2 of the standard in texts of 0 and 1: (plane, block in zigzag order) by unit."""
    text, before = [], dict.fromkeys(range(3), 0)

    def put(table: Table, symbol: int) -> None:
        value, length = table[symbol]
        text.append(f"{value:0{length}b}")

    def number(value: int) -> None:
        size = abs(value).bit_length()
        if size:
            text.append(f"{(value if value > 0 else value - 1) & (1 << size) - 1:0{size}b}")

    for unit in units:
        for plane, block in unit:
            first, rest = codes[min(plane, 1)], codes[0x10 | min(plane, 1)]
            step = block[0] - before[plane]
            before[plane] = block[0]
            put(first, abs(step).bit_length())
            number(step)
            zeros = 0
            for value in block[1:]:
                if not value:
                    zeros += 1
                    continue
                for _ in range(zeros // 16):
                    put(rest, 0xF0)
                put(rest, (zeros % 16) << 4 | abs(value).bit_length())
                number(value)
                zeros = 0
            if zeros:
                put(rest, 0)
    whole = "".join(text)
    whole += "1" * (-len(whole) % 8)
    found = bytes(int(whole[at : at + 8], 2) for at in range(0, len(whole), 8))
    return found.replace(b"\xff", b"\xff\x00")


def tables() -> dict[int, Table]:
    """Codes of the standard, as a JPEG of the host has them."""
    model = encode(Source(8, 8, formats.RGB565, np.zeros((8, 8), np.uint16)), formats.JPEG, 50)
    return jpeg._tables(model)[2]


def block(**coefficients: int) -> list[int]:
    """Zeros but for ``kN``."""
    found = [0] * 64
    for name, value in coefficients.items():
        found[int(name[1:])] = value
    return found


BLOCKS = [
    block(),
    block(k0=1),
    block(k0=-1023, k1=-1, k2=1),
    block(k0=500, k63=1),
    block(k0=500, k17=-3, k50=1000, k63=-1023),
    block(k16=1, k33=2, k49=-2),
    [(-1) ** at * (at % 7) for at in range(64)],
    [1] * 64,
]


@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("planes", [1, 3])
def test_every_kind_of_block(count: int, planes: int) -> None:
    codes = tables()
    first = [BLOCKS[at % len(BLOCKS)] for at in range(3 * count)]
    others = [[BLOCKS[(3 * at + plane) % len(BLOCKS)] for at in range(3)] for plane in range(1, planes)]
    units = [
        [(0, each) for each in first[unit * count : (unit + 1) * count]]
        + [(plane, blocks[unit]) for plane, blocks in enumerate(others, 1)]
        for unit in range(3)
    ]
    found: list[Any] = [np.array(first), *(np.array(blocks) for blocks in others)]
    assert jpeg._scan(found, count, codes) == one_by_one(units, codes)


def test_noise_and_the_seams_between_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(7)
    blocks = np.where(random.random((200, 64)) < 0.3, random.integers(-1023, 1024, (200, 64)), 0)
    blocks[:, 0] //= 2
    codes = tables()
    wanted = one_by_one([[(0, each)] for each in blocks.tolist()], codes)
    assert jpeg._scan([blocks], 1, codes) == wanted
    monkeypatch.setattr(jpeg, "_AT_ONCE", 3)
    assert jpeg._scan([blocks], 1, codes) == wanted


@pytest.mark.parametrize("bits", range(1, 9))
def test_the_last_byte_is_filled_with_ones(bits: int) -> None:
    codes: dict[int, Table] = {0: {0: (0, bits)}, 0x10: {0: (0, 8)}}
    wanted = bytes(-(-(bits + 8) // 8) - 1) + bytes([(1 << -bits % 8) - 1])
    assert jpeg._scan([np.zeros((1, 64), np.int64)], 1, codes) == (bytes(2) if bits == 8 else wanted)
