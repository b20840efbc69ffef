"""The releases' MicroPythons differ in one table."""

from omvsim.boards import load_board
from omvsim.micropython.dialect import DIALECTS
from omvsim.micropython.messages import error_texts
from omvsim.micropython.pools import Build, built_in_names, names_in_order


def test_a_row_a_release() -> None:
    assert {release: row.version for release, row in DIALECTS.items()} == {"4.8.1": (1, 26, 0), "5.0.0": (1, 28, 0)}


def test_every_field_distinguishes() -> None:
    old, new = DIALECTS.values()
    for name, before, after in zip(old._fields, old, new, strict=True):
        assert before != after, name


def test_the_boards_say_the_same_version_and_day() -> None:
    for release, row in DIALECTS.items():
        facts = load_board(firmware=release).release
        assert facts.micropython == ".".join(map(str, row.version[:2]))
        assert str(facts.date) == row.built


def test_every_release_has_its_data() -> None:
    for release, row in DIALECTS.items():
        assert error_texts(row).is_packed("no module named '%q'")
        assert {*names_in_order(release)} == {*built_in_names(release, Build.FULL)}
