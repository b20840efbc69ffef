"""Tapes of a few events played on heaps on which something else happens at one of them, and going on from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from omvsim.heap import BLOCK, GcHeap
from omvsim.tape import Diverged, Op, Player, Tape
from omvsim.tape._tape import NO_CHUNK, Operand, Outside, Pointing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.questions import Extent

START = 0x20000000
NOWHERE = Outside((), ())


def player(length: int = 2048) -> Player:
    return Player(GcHeap([(START, length)]), NOWHERE)


def tape(*events: tuple[Any, ...], chunks: int = 2, **more: Any) -> Tape:
    return Tape(events=list(events), where=[0] * len(events), chunks=chunks, **more)


def sizes(heap: GcHeap, chunks: Sequence[Extent]) -> int:
    """A question: how long the longest run is, and the bytes of what it names."""
    return heap.max_free() * BLOCK + sum(each.size for each in chunks)


# -- the longest free run ----------------------------------------------------------------------------------------------


def test_the_longest_run_is_that_of_the_heap_it_is_played_on() -> None:
    """And a question about that chunk is about as many bytes as it has here."""
    for length in (1024, 2048):
        made = player(length)
        longest = made.heap.max_free() * BLOCK
        asked = (Op.ASK, sizes, (Operand(1, None), Operand(NO_CHUNK, None, 5), Operand(0, 7)), longest - 16 + 7)
        assert made.play(tape((Op.ALLOC, 16, False, 0), (Op.LONGEST, False, 1), asked)) is None
        assert made.longest == {1: longest - 16}
        assert made.heap.max_free() == 0


def test_without_a_free_run_the_longest_is_none() -> None:
    made = player()
    whole = made.heap.max_free() * BLOCK
    events = (Op.ALLOC, whole, False, 0), (Op.LONGEST, False, 1)
    assert made.play(tape(*events)) == Diverged(1, False)
    assert made.heard.refused == []  # nothing was asked for
    other = player()
    assert other.play(tape((Op.ALLOC, whole, False, 0), (Op.NO_LONGEST, False))) is None
    roomy = player(4096)
    assert roomy.play(tape((Op.ALLOC, whole, False, 0), (Op.NO_LONGEST, False))) == Diverged(1, True, restart=True)


def test_a_locked_heap_refuses_the_longest_run_as_well() -> None:
    made = player()
    free = made.heap.max_free() * BLOCK
    assert made.play(tape((Op.SET, "lock_depth", 1), (Op.LONGEST, False, 0))) == Diverged(1, False)
    assert [(each.size, each.longest_free) for each in made.heard.refused] == [(free, free)]


# -- going on with the tape of the other course ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refused", "given"),
    [
        ((Op.REFUSED, 900, False), (Op.ALLOC, 900, False, 1)),
        ((Op.NOT_RESIZED, 0, 900, True), (Op.RESIZE, 0, 900, True)),
    ],
)
def test_what_found_no_room_on_the_tape_and_finds_it_here(refused: tuple[Any, ...], given: tuple[Any, ...]) -> None:
    first = (Op.ALLOC, 64, False, 0), (Op.ALLOC, 16, False, 2)
    small = player(1024)
    assert small.play(tape(*first, refused, chunks=3)) is None
    assert [each.size for each in small.heard.refused] == [900]
    large = player(4096)
    assert large.play(tape(*first, refused, chunks=3)) == Diverged(2, True)
    chunk = given[3] if given[0] == Op.ALLOC else given[1]
    assert large.play(tape(*first, given, (Op.FREE, chunk), chunks=3)) is None
    assert large.heap.used == (16 if chunk == 0 else 64 + 16)


@pytest.mark.parametrize("event", [(Op.ALLOC, 900, False, 1), (Op.RESIZE, 0, 900, True), (Op.RESIZE, 0, 900, False)])
def test_what_found_room_on_the_tape_and_finds_none_here(event: tuple[Any, ...]) -> None:
    first = (Op.ALLOC, 64, False, 0), (Op.ALLOC, 16, False, 2)
    made = player(1024)
    assert made.play(tape(*first, event, chunks=3)) == Diverged(2, False)
    assert [each.size for each in made.heard.refused] == (
        [900] if event[-1] is not False or event[0] == Op.ALLOC else []
    )
    refused = (Op.REFUSED, 900, False) if event[0] == Op.ALLOC else (Op.NOT_RESIZED, 0, 900, event[3])
    assert made.play(tape(*first, refused, (Op.FREE, 0), chunks=3)) is None
    assert made.heap.used == 16


def test_other_lives_before_it_was_left_begin_anew() -> None:
    events = (Op.ALLOC, 64, False, 0), (Op.COLLECT,), (Op.ALLOC, 4000, False, 1)
    made = player()
    assert made.play(tape(*events, deaths=[(1, 0)])) == Diverged(2, False)
    refused = (*events[:2], (Op.REFUSED, 4000, False))
    assert made.play(tape(*refused)) == Diverged(3, "lives", restart=True)


# -- pointers to ends --------------------------------------------------------------------------------------------------


def behind(*, kept: bool, pads: bool) -> tuple[Player, Diverged | None]:
    """A chunk that points to its end; what dies starts there, but for a pad between them on other tapes' heaps."""
    events: list[tuple[Any, ...]] = [(Op.ALLOC, 32, False, 0), (Op.ALLOC, 16, False, 1), (Op.COLLECT,)]
    if pads:
        events.insert(1, (Op.ALLOC, 16, False, 2))
    last = len(events) - 1
    lives: dict[str, Any] = {"kept": [(last, 1, 0)]} if kept else {"deaths": [(last, 1)]}
    made = player()
    return made, made.play(tape(*events, chunks=3, pointing=[Pointing(0, 0, 32, 99)], **lives))


def test_who_is_kept_by_a_pointer_is_kept_here_as_well_or_it_is_another_course() -> None:
    made, diverged = behind(kept=True, pads=False)
    assert (diverged, made.heap.used) == (None, 48)
    made, diverged = behind(kept=False, pads=True)
    assert (diverged, made.heap.used) == (None, 48)
    _, diverged = behind(kept=True, pads=True)
    assert diverged == Diverged(3, (1, NO_CHUNK), restart=True)
    _, diverged = behind(kept=False, pads=False)
    assert diverged == Diverged(2, (1, 0), restart=True)
