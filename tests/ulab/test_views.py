"""Slices, rows, assignments and broadcasting of arrays of one to four dimensions, against numpy: chosen at random."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

from tests.bare_machine import Run
from tests.ulab.comparing import HEAD, differs, ulab, wrong

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEEDS: Final = range(4)
CODES: Final = "BbHhf"


def array_of(chance: random.Random, shape: tuple[int, ...], code: str = "f") -> NDArray[Any]:
    """Small whole numbers, which every type holds."""
    count = int(np.prod(shape))
    return np.array([chance.randrange(100) for _ in range(count)], code).reshape(shape)


def shape_of(chance: random.Random, most: int = 4) -> tuple[int, ...]:
    return tuple(chance.randint(1, 5) for _ in range(chance.randint(1, most)))


def slice_of(chance: random.Random, length: int) -> str:
    """A part that holds something: ulab makes an element of a view without any."""
    while True:
        start, stop = (chance.choice(["", str(chance.randint(-length, length))]) for _ in range(2))
        step = chance.choice(["", "", "1", "2", "-1", "-2"])
        text = f"{start}:{stop}:{step}"
        if len(eval(f"list(range({length}))[{text}]")):  # our own text above
            return text


def index_of(chance: random.Random, shape: tuple[int, ...]) -> str:
    """Some of its dimensions, each an index or a slice."""
    used = chance.randint(1, len(shape))
    parts = [
        str(chance.randint(-length, length - 1)) if chance.random() < 0.35 else slice_of(chance, length)
        for length in shape[:used]
    ]
    return ", ".join(parts)


def made(seed: int, count: int) -> tuple[random.Random, dict[str, NDArray[Any]]]:
    chance = random.Random(seed)
    arrays = {f"a{at}": array_of(chance, shape_of(chance), chance.choice(CODES)) for at in range(count)}
    return chance, arrays


@pytest.mark.parametrize("seed", SEEDS)
def test_parts_are_numpys(seed: int) -> None:
    chance, arrays = made(seed, 12)
    pairs = []
    for name, array in arrays.items():
        for _ in range(6):
            text = f"{name}[{index_of(chance, array.shape)}]"
            pairs.append((text, eval(text, dict(arrays))))
    assert wrong(arrays, pairs) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_parts_of_parts_share_the_data(seed: int) -> None:
    """What is assigned to a part of a part is seen in the whole, and nothing else changes."""
    chance, arrays = made(seed + 100, 12)
    script, expected = [], []
    for name, array in arrays.items():
        outer = ", ".join(slice_of(chance, length) for length in array.shape)
        inner = index_of(chance, array[eval(f"np.s_[{outer}]", {"np": np})].shape)
        value = chance.randrange(100, 120)
        script.append(f"{name}[{outer}][{inner}] = {value}\nprint(repr(shown({name})))\n")
        exec(f"{name}[{outer}][{inner}] = {value}", dict(arrays))
        expected.append(array)
    before = made(seed + 100, 12)[1].items()
    lines = [f"{name} = np.array({array.tolist()}, dtype={ord(array.dtype.char)})\n" for name, array in before]
    printed = Run(HEAD + "".join(lines + script)).printed.splitlines()
    assert len(printed) == len(expected), printed[-1]
    assert [differs(eval(line), whole) for line, whole in zip(printed, expected, strict=True)] == [""] * len(expected)


def test_a_part_takes_an_array_that_goes_into_it() -> None:
    script = (
        "a = np.zeros((3, 4))\na[1] = np.array([1, 2, 3, 4])\na[:, 0] = np.array([7, 8, 9])\nprint(a.tolist())\n"
        "b = np.zeros((3, 4), dtype=np.uint8)\nb[:2, 1:3] = np.array([[1, 2], [3, 4]], dtype=np.uint8)\n"
        "print(b.tolist())\n"
        "c = np.array([1, 2, 3, 4, 5, 6])\nc[::2] = c[1::2]\nprint(c.tolist())\n"
        "c[c > 4] = 0\nprint(c.tolist())\n"
    )
    assert Run(HEAD + script).printed.splitlines() == [
        "[[7.0, 0.0, 0.0, 0.0], [8.0, 2.0, 3.0, 4.0], [9.0, 0.0, 0.0, 0.0]]",
        "[[0, 1, 2, 0], [0, 3, 4, 0], [0, 0, 0, 0]]",
        "[2.0, 2.0, 4.0, 4.0, 6.0, 6.0]",
        "[2.0, 2.0, 4.0, 4.0, 0.0, 0.0]",
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_shapes_that_go_together_do_as_numpys(seed: int) -> None:
    """Lengths of one are repeated, missing dimensions are lengths of one; what does not fit is refused."""
    chance = random.Random(seed + 200)
    arrays: dict[str, NDArray[Any]] = {}
    pairs, refused = [], []
    for at in range(24):
        whole = shape_of(chance, 3)
        left = tuple(length if chance.random() < 0.7 else 1 for length in whole)
        right = tuple(length if chance.random() < 0.7 else 1 for length in whole[chance.randint(0, len(whole) - 1) :])
        if chance.random() < 0.2:
            right = (*right[:-1], right[-1] + 5)
        arrays[f"l{at}"], arrays[f"r{at}"] = array_of(chance, left), array_of(chance, right)
        text = f"l{at} {chance.choice('+-*')} r{at}"
        try:
            pairs.append((text, eval(text, dict(arrays))))
        except ValueError:
            refused.append(text)
    assert wrong(arrays, pairs) == []
    assert refused
    assert ulab(arrays, refused) == ["!ValueError: operands could not be broadcast together"] * len(refused)


@pytest.mark.parametrize("seed", SEEDS)
def test_reshaped_transposed_and_flattened_parts(seed: int) -> None:
    chance, arrays = made(seed + 300, 10)
    pairs = []
    for name, array in arrays.items():
        part = f"{name}[{', '.join(slice_of(chance, length) for length in array.shape)}]"
        cut = eval(part, dict(arrays))
        pairs += [
            (f"{part}.T", cut.T),
            (f"{part}.flatten()", cut.flatten()),
            (f"{part}.flatten(order='F')", cut.flatten(order="F")) if array.ndim == 2 else (f"{part}.copy()", cut),
            (f"{part}.copy().reshape(({cut.size},))", cut.reshape(cut.size)),
            (f"np.array({part}, dtype=np.float)", cut),
            (f"({part}).size", cut.size),
        ]
        if array.ndim == 2:
            pairs.append((f"np.concatenate(({part}, {part}), axis=0)", np.concatenate((cut, cut), axis=0)))
    assert wrong(arrays, pairs) == []


@pytest.mark.parametrize("code", CODES)
def test_bytes_lists_and_buffers_go_there_and_back(code: str) -> None:
    array = np.array([[1, 2, 3], [4, 100, 6]], code)
    name = {"B": "uint8", "b": "int8", "H": "uint16", "h": "int16", "f": "float"}[code]
    script = (
        f"a = np.array({array.tolist()}, dtype=np.{name})\nprint(bytes(a.tobytes()))\nprint(a.tolist())\n"
        f"b = np.frombuffer(a.tobytes(), dtype=np.{name})\nprint(b.tolist(), a.itemsize, a.size, len(a), a.strides)\n"
        f"print(bytes(a.T.copy().tobytes()), bytes(memoryview(a[1].copy())))\n"
    )
    printed = Run(HEAD + script).printed.splitlines()
    flat = array.flatten().tolist()
    assert eval(printed[0]) == array.tobytes()
    assert eval(printed[1]) == array.tolist()
    assert printed[2] == f"{flat} {array.itemsize} 6 2 {array.strides}"
    assert eval(f"({printed[3].replace(' b', ', b')})") == (array.T.copy().tobytes(), array[1].tobytes())
