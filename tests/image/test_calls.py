"""Every image call that was measured on a picture of ours, in its four formats, 4.8.1 and 5.0.0: requests of the heap
in order, scratch memory, texts of exceptions, values, pixels.

What is not in the tables: AprilTags (the emulated camera has too little memory behind its frame buffer for them) and
some finders.
"""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.image.bench import Bench, spread
from tests.image.measured import bayer_481, binary_481, grayscale_481, grayscale_500, rgb565_481

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.image.bench import Asked


class Table(NamedTuple):
    """One file of measurements."""

    release: str
    kind: str
    rows: Any


TABLES = {
    "gray": Table("4.8.1", "GRAYSCALE", grayscale_481),
    "colour": Table("4.8.1", "RGB565", rgb565_481),
    "binary": Table("4.8.1", "BINARY", binary_481),
    "bayer": Table("4.8.1", "BAYER", bayer_481),
    "gray 5.0.0": Table("5.0.0", "GRAYSCALE", grayscale_500),
}


@functools.cache
def answers(name: str) -> dict[tuple[str, int | None], Asked]:
    """What each call of a table asks for and gives. They are made one after the other on one camera, as they were
    measured: what a pool gives a call depends on what those before it left there.
    """
    table = TABLES[name]
    calls: list[tuple[str, int | None]] = [(call, None) for call, *_ in (*table.rows.WORKS, *table.rows.RAISES)]
    calls += [(call, finds) for call, finds, *_ in getattr(table.rows, "FINDS", ())]
    calls += [(call, None) for call, _ in table.rows.VALUES]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), table.release, table.kind)
        return {key: bench.ask(*key) for key in dict.fromkeys(calls)}


def asked(name: str, call: str, finds: int | None = None) -> Asked:
    return answers(name)[call, finds]


def rows(part: str) -> list[Any]:
    """A parameter for each row of one part of all tables."""
    return [
        pytest.param(name, row, id=f"{name}: {row[0]}")
        for name, table in TABLES.items()
        for row in getattr(table.rows, part, ())
    ]


@pytest.fixture(scope="module", autouse=True)
def forget() -> Iterator[None]:
    """The answers of all tables."""
    yield
    answers.cache_clear()


@pytest.mark.parametrize(("name", "row"), rows("WORKS"))
def test_memory(name: str, row: tuple[str, str, int | None, str, str]) -> None:
    call, heap, peak, *_ = row
    found = asked(name, call)
    assert found.error == ""
    assert found.heap == spread(heap)
    if peak is not None:
        assert found.peak == peak


@pytest.mark.parametrize(("name", "row"), rows("RAISES"))
def test_errors(name: str, row: tuple[str, str, int | None, str]) -> None:
    """Class and text, and what was asked for until then."""
    call, heap, peak, error = row
    found = asked(name, call)
    assert found.error == error
    assert found.heap == spread(heap)
    if peak is not None:
        assert found.peak == peak


@pytest.mark.parametrize(("name", "row"), rows("FINDS"))
def test_memory_of_results_that_are_told(name: str, row: tuple[str, int, str, int | None]) -> None:
    """Finders that omvsim has no eyes for: charged for as many results as the camera found."""
    call, count, heap, peak = row
    found = asked(name, call, count)
    assert found.heap == spread(heap)
    if peak is not None:
        assert found.peak == peak


@pytest.mark.parametrize("name", TABLES)
def test_pixels(name: str) -> None:
    """Of the picture and of the image that came back; no call more and none less than listed is another's."""
    table = TABLES[name]
    other = set()
    for call, _, _, pixels, result in table.rows.WORKS:
        found = asked(name, call)
        if found.pixels != pixels or (result and found.result != result):
            other.add(call)
    assert other == table.rows.OTHER_PIXELS


@pytest.mark.parametrize("name", TABLES)
def test_values(name: str) -> None:
    """Results as they print, likewise."""
    table = TABLES[name]
    assert {call for call, value in table.rows.VALUES if asked(name, call).value != value} == table.rows.OTHER_VALUES
