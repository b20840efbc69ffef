"""The releases' MicroPythons differ in one table, and each has the data that it names."""

import pytest

from omvsim.boards import known_release, known_releases
from omvsim.memory.firmware_names import Build, built_in_names, names_in_order
from omvsim.micropython.messages import error_texts


def test_every_field_distinguishes() -> None:
    dialects = [known_release(release).dialect for release in known_releases()]
    for field in dialects[0]._fields:
        assert len({getattr(dialect, field) for dialect in dialects}) > 1, field


def test_releases_before_have_that_of_4_8_1() -> None:
    older = known_releases()[: known_releases().index("4.8.1")]
    last = known_release("4.8.1").dialect
    # Measured on each: which texts are compressed. Read at MicroPython's tags: leading zeros, floats in words, the
    # name of a module in errors.
    names = ("plain_errors", "refuses_leading_zeros", "floats_keep_guess", "names_modules_in_errors")
    same = {name: getattr(last, name) for name in names}
    assert {known_release(release).dialect._replace(**same) for release in older} == {last}


def test_leading_zeros_are_refused_since_micropython_1_25() -> None:
    refusing = [release for release in known_releases() if known_release(release).dialect.refuses_leading_zeros]
    assert refusing == ["4.7.0", "4.8.0", "4.8.1", "5.0.0"]


@pytest.mark.parametrize("release", known_releases())
def test_every_release_has_its_data(release: str) -> None:
    dialect = known_release(release).dialect
    assert error_texts(dialect).is_packed("no module named '%q'")
    assert {*names_in_order(dialect.names)} == {*built_in_names(dialect.names, Build.FULL)}
