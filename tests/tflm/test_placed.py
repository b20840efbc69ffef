"""Places found by runs and spans of time are those of the planner's own walk over all that is placed."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.tflm import _placed
from omvsim.tflm._planner import ONLINE, Requirement, place


def one_by_one(requirements: list[Requirement]) -> list[int]:
    """As greedy_memory_planner.cc looks: at every buffer in the order of offsets, of equal ones as they were added."""
    offline = [at for at, each in enumerate(requirements) if each.offline != ONLINE]
    online = [at for at, each in enumerate(requirements) if each.offline == ONLINE]
    online.sort(key=lambda at: (-requirements[at].bytes, -at))
    offsets, placed = [0] * len(requirements), list[tuple[int, Requirement]]()
    for at in (*offline, *online):
        new = requirements[at]
        place_of = 0 if new.offline == ONLINE else new.offline
        for start, other in placed if new.offline == ONLINE else ():
            if other.first <= new.last and new.first <= other.last:
                if start - place_of >= new.bytes:
                    break
                place_of = max(place_of, start + other.bytes)
        offsets[at] = place_of
        placed.append((place_of, new))
        placed.sort(key=lambda pair: pair[0])
    return offsets


@pytest.fixture(params=[(1, 0, 1), (2, 3, 2), (3, 10, 4), (64, 256, 64)])
def grain(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs and spans so small that a few buffers make several."""
    for name, value in zip(("MOST", "FEW", "NARROWEST"), request.param, strict=True):
        monkeypatch.setattr(_placed, name, value)


def some(random: Random, count: int, steps: int, offline: int) -> list[Requirement]:
    """Buffers of many kinds."""
    made = []
    for _ in range(count):
        first = random.randrange(-1, steps)
        last = first + random.choice((0, 1, 3, steps))
        where = random.choice((*[ONLINE] * offline, random.randrange(400)))
        made.append(Requirement(random.choice((0, 16, 32, 48, random.randrange(200))), first, last, where))
    return made


@pytest.mark.usefixtures("grain")
@pytest.mark.parametrize(("steps", "offline"), list(product((1, 5, 40, 300), (1, 6, 100))))
def test_random_buffers(steps: int, offline: int) -> None:
    random = Random(f"{steps} {offline}")
    for count in (1, 2, 5, 17, 60, 61, 90):
        buffers = some(random, count, steps, offline)
        assert place(buffers) == one_by_one(buffers)


@pytest.mark.usefixtures("grain")
@pytest.mark.parametrize("life", [1, 7, 10_000])
def test_chains_and_parallel_buffers(life: int) -> None:
    random = Random(life)
    buffers = [Requirement(16 * random.randrange(1, 20), at, at + life) for at in range(300)]
    assert place(buffers) == one_by_one(buffers)


LIVES = st.tuples(st.integers(0, 9), st.integers(0, 40), st.integers(0, 9))


@given(st.lists(LIVES.map(lambda each: Requirement(16 * each[0], each[1], each[1] + each[2])), max_size=30))
def test_any_buffers(buffers: list[Requirement]) -> None:
    assert place(buffers) == one_by_one(buffers)


def test_time_is_told_apart_once_there_are_many() -> None:
    placed = _placed.Placed()
    for at in range(2000):
        placed.insert(_placed.Buffer(placed.first_fit(Requirement(16, at, at + 1)), 16, at, at + 1))
    spans = placed._spans
    assert max(spans) >= 6
    assert max(len(list(span.buffers())) for span in spans[6].values()) < 70


def test_a_long_chain_is_not_looked_through_for_every_span(monkeypatch: pytest.MonkeyPatch) -> None:
    """20 000 buffers in a chain: 1 s instead of 51; every span comes out of that of twice the time."""
    looked, own = 0, _placed._Span.buffers

    def counted(span: _placed._Span) -> object:
        nonlocal looked
        for each in own(span):
            looked += 1
            yield each

    monkeypatch.setattr(_placed._Span, "buffers", counted)
    for count in (2000, 4000):
        before, random = looked, Random(1)
        place([Requirement(16 * random.randrange(1, 4000), at, at + 1) for at in range(count)])
        assert looked - before < 12 * count
