"""The releases' MicroPythons differ in one table."""

from dataclasses import fields

from omvsim.micropython.dialect import DIALECTS


def test_a_row_a_version() -> None:
    assert {row.version for row in DIALECTS.values()} == set(DIALECTS) == {"1.26", "1.28"}


def test_every_field_distinguishes() -> None:
    for field in fields(DIALECTS["1.26"]):
        assert getattr(DIALECTS["1.26"], field.name) != getattr(DIALECTS["1.28"], field.name)
