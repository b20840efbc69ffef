"""``cbor2`` on values at random, against an encoder written here from RFC 8949."""

from __future__ import annotations

import random
import struct
from typing import Any, Final

import pytest

from omvsim.micropython.errors import Unknown
from tests.bare_machine import Run

SEEDS: Final = range(4)
UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP = range(6)


def head(major: int, value: int) -> bytes:
    """A major type with its argument, in the fewest bytes (section 3)."""
    if value < 24:
        return bytes([major << 5 | value])
    for at, size in enumerate((1, 2, 4, 8)):
        if value < 1 << 8 * size:
            return bytes([major << 5 | 24 + at]) + value.to_bytes(size, "big")
    raise OverflowError(value)


def encoded(value: Any) -> bytes:
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
    if isinstance(value, int):
        return head(UNSIGNED, value) if value >= 0 else head(NEGATIVE, -1 - value)
    if isinstance(value, bytes):
        return head(BYTES, len(value)) + value
    if isinstance(value, str):
        return head(TEXT, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(ARRAY, len(value)) + b"".join(map(encoded, value))
    assert isinstance(value, dict)
    return head(MAP, len(value)) + b"".join(encoded(key) + encoded(item) for key, item in value.items())


def value_of(chance: random.Random, depth: int = 3) -> Any:
    kind = chance.choice(["int", "int", "bytes", "text", "const", *(["list", "map"] if depth else [])])
    if kind == "int":
        size = chance.choice([4, 5, 8, 9, 16, 17, 29, 32])
        return chance.choice([1, -1]) * chance.randrange(2**size)
    if kind == "bytes":
        return bytes(chance.randrange(256) for _ in range(chance.choice([0, 3, 23, 24, 300])))
    if kind == "text":
        return "".join(chance.choice("abcé€") for _ in range(chance.choice([0, 2, 8, 30])))
    if kind == "list":
        return [value_of(chance, depth - 1) for _ in range(chance.choice([0, 1, 3, 25]) if depth == 1 else 2)]
    if kind == "map":
        return {chance.randrange(100): value_of(chance, depth - 1) for _ in range(chance.randrange(2))}
    return chance.choice([None, True, False])


def printed(lines: list[str]) -> list[Any]:
    shown = Run("import cbor2\n" + "".join(lines)).printed.splitlines()
    return [eval(line) for line in shown]  # what our own interpreter printed


@pytest.mark.parametrize("seed", SEEDS)
def test_values_are_encoded_in_the_fewest_bytes(seed: int) -> None:
    chance = random.Random(seed)
    values = [value_of(chance) for _ in range(40)]
    assert printed([f"print(cbor2.dumps({value!r}))\n" for value in values]) == [encoded(value) for value in values]


@pytest.mark.parametrize(
    "value", [23, 24, 255, 256, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63, 2**64 - 1]
)
def test_every_length_of_a_head_at_its_bounds(value: int) -> None:
    assert printed([f"print(cbor2.dumps({each}))\n" for each in (value, -1 - value)]) == [
        encoded(value),
        encoded(-1 - value),
    ]


def test_floats_take_eight_bytes_but_for_those_that_are_no_numbers() -> None:
    floats = {"1.5": b"\xfb" + struct.pack(">d", 1.5), "float('inf')": b"\xf9\x7c\0", "-float('inf')": b"\xf9\xfc\0"}
    floats["float('nan')"] = b"\xf9\x7e\0"
    assert printed([f"print(cbor2.dumps({text}))\n" for text in floats]) == list(floats.values())


def test_a_type_without_an_encoder_is_a_key_error() -> None:
    lines = Run("import cbor2\ncbor2.dumps((1, 2))").printed.splitlines()
    assert lines[-1] == "KeyError: <class 'tuple'>"


@pytest.mark.parametrize("text", ["cbor2.dumps(2 ** 64)", "cbor2.loads(b'\\x01')"])
def test_what_is_not_modelled_says_so(text: str) -> None:
    with pytest.raises(Unknown, match="cbor2"):
        Run(f"import cbor2\n{text}")
