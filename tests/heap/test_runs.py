"""The index of free runs against a line of blocks that is searched one by one, with classes that keep a few starts."""

from __future__ import annotations

import random
import re

import pytest

from omvsim.heap import _runs
from omvsim.heap._runs import FreeRuns


class Line:
    """Blocks by position: free, taken, or no block at all."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self.spans = spans
        self.text = bytearray(b" " * (sum(spans[-1]) + 1))
        for base, count in spans:
            self.text[base : base + count] = b"." * count
        self.reached = {base: 0 for base, _ in spans}

    def runs(self) -> dict[int, int]:
        return {match.start(): len(match[0]) for match in re.finditer(rb"\.+", bytes(self.text))}

    def first(self, count: int) -> int:
        return self.text.find(b"." * count)

    def fill(self, start: int, count: int) -> None:
        self.text[start : start + count] = b"#" * count
        for base, blocks in self.spans:
            if base <= start < base + blocks:
                self.reached[base] = max(self.reached[base], start + count - base)

    def forget(self) -> None:
        for base, blocks in self.spans:
            used = self.text.rfind(b"#", base, base + blocks)
            self.reached[base] = max(used + 1 - base, 0)


@pytest.fixture(params=[(2, 1, 3, 1), (4, 2, 100, 30), (32, 16, 1000, 300), (128, 64, 4096, 1024)], ids=str)
def kept(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many ends a class keeps, and how soon: so few that some are forgotten and found again."""
    for name, value in zip(("_MOST", "_KEPT", "_WINDOW", "_TIDY"), request.param, strict=True):
        monkeypatch.setattr(_runs, name, value)


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("largest", [3, 14, 40, 700])
def test_any_requests(largest: int) -> None:
    chance = random.Random(largest)
    spans = [(0, 900), (901, 1500), (2402, 3000)]
    runs, line = FreeRuns(spans), Line(spans)
    taken: list[tuple[int, int]] = []
    for turn in range(1500):
        what = chance.random()
        if what < 0.55 or not taken:
            count = chance.randint(1, largest)
            start = runs.take(count)
            assert start == line.first(count)
            if start >= 0:
                line.fill(start, count)
                taken.append((start, count))
        elif what < 0.9:
            start, count = taken.pop(chance.randrange(len(taken)))
            kept = chance.choice([0, 0, 0, count // 2])
            runs.give(start + kept, count - kept)
            line.text[start + kept : start + count] = b"." * (count - kept)
            if kept:
                taken.append((start, kept))
        elif what < 0.98:
            at = chance.randrange(len(taken))
            start, count = taken[at]
            more = chance.randint(1, largest)
            fits = line.text[start + count : start + count + more] == b"." * more
            assert runs.take_at(start + count, more) is fits
            if fits:
                line.fill(start + count, more)
                taken[at] = (start, count + more)
        else:
            runs.forget()
            line.forget()
        if turn % 10 == 0 or turn > 1400:
            assert runs.lengths == line.runs()
            assert runs.begins == {start + count: start for start, count in line.runs().items()}
            for base, blocks in spans:
                assert runs.reached(base, blocks) == line.reached[base]


@pytest.mark.usefixtures("kept")
def test_a_run_of_the_right_class_that_is_too_short_is_passed_over() -> None:
    """Runs of 9 to 12 blocks are of one class: of many of 9, none takes 10, however far the search goes."""
    runs = FreeRuns([(0, 2000)])
    starts = [runs.take(10) for _ in range(150)]
    rest = runs.take(500)
    assert rest == 1500
    for start in starts[::2]:
        runs.give(start, 9)
    runs.give(starts[149], 10)
    assert runs.take(10) == starts[149]
    for start in starts[::2]:
        assert runs.take(9) == start


def test_a_chunk_that_takes_a_run_to_its_end_leaves_none() -> None:
    runs = FreeRuns([(0, 1000)])
    chunk = runs.take(300)
    assert runs.take_at(300, 700)
    assert (chunk, runs.lengths, runs.begins) == (0, {}, {})
    assert not runs.take_at(1000, 1)
    runs.give(300, 700)
    assert runs.take_at(300, 600)
    assert (runs.lengths, runs.begins) == ({900: 100}, {1000: 900})


@pytest.mark.usefixtures("kept")
def test_long_runs_among_thousands_of_short_ones_are_found_in_order() -> None:
    """More long ones than a class keeps, far from one another, with a hundred times as many of a block between."""
    runs = FreeRuns([(0, 40_000)])
    starts = [runs.take(1) for _ in range(40_000)]
    long = range(500, 40_000, 200)
    for start in starts[1::2]:
        runs.give(start, 1)
    for start in long:
        runs.give(start, 1)
    for start in reversed(long):
        assert runs.lengths[start - 1] == 3
    assert [runs.take(2) for _ in long] == [start - 1 for start in long]
    assert [runs.take(3), runs.take(2)] == [-1, -1]
    assert runs.take(1) == 1


def test_a_list_of_ends_does_not_grow_with_requests_that_never_look_there() -> None:
    """Chunks of two blocks die and are born a hundred thousand times; nobody asks for one block, nor for many."""
    runs = FreeRuns([(0, 60_000)])
    chunks = [runs.take(2) for _ in range(25_000)]
    chance = random.Random(3)
    for _ in range(100_000):
        at = chance.randrange(len(chunks))
        runs.give(chunks[at], 2)
        chunks[at] = runs.take(2)
    assert max(len(near) for near in runs._near) < 2 * _runs._TIDY
