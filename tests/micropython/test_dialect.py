"""The releases' MicroPythons differ in one table, and each has the data that it names."""

import pytest

from omvsim.boards import known_release, known_releases
from omvsim.micropython.messages import error_texts
from omvsim.micropython.pools import Build, built_in_names, names_in_order


def test_every_field_distinguishes() -> None:
    old, new = known_release("4.8.1").dialect, known_release("5.0.0").dialect
    for field in old._fields:
        assert getattr(old, field) != getattr(new, field)


def test_releases_before_have_that_of_4_8_1() -> None:
    older = known_releases()[: known_releases().index("4.8.1")]
    texts = known_release("4.8.1").dialect.plain_errors  # measured on each: which texts are compressed
    dialects = {known_release(release).dialect._replace(plain_errors=texts) for release in older}
    assert dialects == {known_release("4.8.1").dialect}


@pytest.mark.parametrize("release", known_releases())
def test_every_release_has_its_data(release: str) -> None:
    dialect = known_release(release).dialect
    assert error_texts(dialect).is_packed("no module named '%q'")
    assert {*names_in_order(dialect.names)} == {*built_in_names(dialect.names, Build.FULL)}
