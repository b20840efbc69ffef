"""A number that starts with 0: decimal up to MicroPython 1.24, refused from 1.25 on (py/parsenumbase.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.modules.ml.running import printed, run

if TYPE_CHECKING:
    from pathlib import Path

DECIMAL = ("4.5.5", "4.5.9", "4.6.0", "4.6.20")
REFUSED = ("4.7.0", "4.8.1", "5.0.0")
TEXT = 'n = 07\nprint(n, 010, 0_9, -08, int("07", 0), int(" -019 ", 0))\n'


@pytest.mark.parametrize("firmware", DECIMAL)
def test_leading_zeros_are_skipped(tmp_path: Path, firmware: str) -> None:
    assert printed(tmp_path, TEXT, firmware) == ["7 10 9 -8 7 -19"]


@pytest.mark.parametrize("firmware", REFUSED)
@pytest.mark.parametrize("number", ["07", "010", "0_9", "00001"])
def test_leading_zeros_are_an_error_of_the_text(tmp_path: Path, firmware: str, number: str) -> None:
    failure = run(tmp_path, f"n = {number}\n", firmware).failure
    assert failure is not None
    assert failure.kind == "SyntaxError"
    assert "invalid syntax for integer with base 0" in failure.text


@pytest.mark.parametrize("firmware", [*DECIMAL, *REFUSED])
def test_zeros_prefixes_and_a_given_base_are_numbers_everywhere(tmp_path: Path, firmware: str) -> None:
    text = 'print(0, 00, 0_0, 0x1F, 0o17, 0b11, 0XaB, 07.5, 01e1, int("07"), int("007", 8), int("0b1", 16))\n'
    assert printed(tmp_path, text, firmware) == ["0 0 0 31 15 3 171 7.5 10.0 7 7 177"]


@pytest.mark.parametrize(("firmware", "outcome"), [("4.6.20", "8"), ("4.7.0", "refused")])
def test_int_of_a_text_with_an_open_base_follows(tmp_path: Path, firmware: str, outcome: str) -> None:
    text = 'try:\n    print(int("08", 0))\nexcept ValueError:\n    print("refused")\n'
    assert printed(tmp_path, text, firmware) == [outcome]
