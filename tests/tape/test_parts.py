"""What a loop is foreseen with: its frames by slot, the heap that plays them, prints of the script's state."""

from __future__ import annotations

import functools
from collections import deque
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from omvsim.heap import GcHeap
from omvsim.memory.requests import Phase
from omvsim.micropython.maps import Entry
from omvsim.tape import Op, Tape
from omvsim.tape._loop_player import CollectingTurns, KeptError, LoopPlayer, NotForeseenError, Round, Turn
from omvsim.tape._loop_probe import Mark, round_of
from omvsim.tape._sameness import NotReadError, StatePrint
from omvsim.tape._tape import NO_CHUNK, Operand, Pointing, Where

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.questions import Extent

AREA = [(0x20000000, 2048)]


def largest(heap: GcHeap, chunks: Sequence[Extent]) -> int:
    """A question of a script: how much is free in one piece, less the bytes of what it names."""
    return heap.max_free() * 16 - sum(each.size for each in chunks)


# -- frames by slot ----------------------------------------------------------------------------------------------------


def test_a_frame_s_chunks_are_numbered_by_the_slot_that_they_are_held_in() -> None:
    events: list[tuple[Any, ...]] = [
        (Op.ALLOC, 16, False, 5),  # before the round
        (Op.ALLOC, 32, True, 7),
        (Op.RESIZE, 7, 48, True),
        (Op.ASK, largest, (Operand(7, 48), Operand(NO_CHUNK, 4, 0x80000000)), 0),
        (Op.FREE, 5),
        (Op.COLLECT,),
    ]
    tape = Tape(events=events, deaths=[(6, 7)], chunks=8)
    marks = [Mark(1, 0, 0, 0), Mark(6, 1, 1, 0)]
    found = round_of(tape, marks, before=[5], after=[7])
    assert found.turns[0].events == [
        (Op.ALLOC, 32, True, 1),
        (Op.RESIZE, 1, 48, True),
        (Op.ASK, largest, [Operand(1, 48), Operand(NO_CHUNK, 4, 0x80000000)], 0),
        (Op.FREE, 0),
        (Op.COLLECT,),
    ]
    assert found.turns[0].deaths[5] == [1]
    assert (found.held, found.slots, found.moves) == (1, 2, [(0, 1)])


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"events": [(Op.FREE, 9)]}, "works on a chunk that nothing holds"),
        ({"events": [(Op.REFUSED, 16, False)]}, "has an event of the kind refused"),
        ({"events": [(Op.LONGEST, False, 1)]}, "has an event of the kind longest"),
        ({"events": [(Op.COLLECT,)], "kept": [(0, 1, 2)]}, "kept by a pointer from another in a frame"),
    ],
)
def test_frames_that_may_be_others_next_time(given: dict[str, Any], why: str) -> None:
    with pytest.raises(NotForeseenError, match=why):
        round_of(Tape(**given), [Mark(0, 0, 0, 0), Mark(1, 0, 1, 0)], before=[], after=[])


def test_a_chunk_that_comes_to_point_behind_itself_ends_it() -> None:
    tape = Tape(events=[(Op.COLLECT,)], pointing=[Pointing(0, 0, 16, 9)])
    with pytest.raises(NotForeseenError, match="kept by a pointer"):
        round_of(tape, [Mark(0, 0, 0, 0), Mark(1, 0, 1, 1)], before=[], after=[])


# -- the heap that plays them ------------------------------------------------------------------------------------------


def player(events: list[tuple[Any, ...]], *, slots: int = 1, kept: frozenset[int] = frozenset()) -> LoopPlayer:
    heap = GcHeap(AREA)
    held = heap.alloc(16)
    assert held is not None
    deaths: list[list[int]] = [[] for _ in range(len(events) + 1)]
    return LoopPlayer(heap, Round([Turn(events, deaths)], 1, slots, []), [held], [], kept=kept, turn=3)


def test_every_kind_of_event_is_played() -> None:
    before = GcHeap(AREA)
    before.alloc(16)
    before.alloc(100)
    answer = before.max_free() * 16 - 16 - 8
    made = player(
        [
            (Op.ALLOC, 40, False, 1),
            (Op.RESIZE, 1, 100, True),
            (Op.ASK, largest, [Operand(0, 16), Operand(NO_CHUNK, 8, 0x80000000)], answer),
            (Op.FREE, 1),
            (Op.COLLECT,),
        ],
        slots=2,
    )
    collecting = CollectingTurns([])
    assert made.until(50, 1000, collecting) == 1  # the heap is as it was after every turn
    assert (made.turn, made.heap.used, collecting.count, collecting.first[:2]) == (50, 16, 47, [4, 5])


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ((Op.ALLOC, 9000, False, 0), "a request for 9000 bytes finds no room in frame 4"),
        ((Op.RESIZE, 0, 9000, True), "a request for 9000 bytes finds no room in frame 4"),
        ((Op.ASK, largest, [], -1), "another state of the heap in frame 4"),
    ],
)
def test_what_ends_otherwise_ends_the_foresight(event: tuple[Any, ...], why: str) -> None:
    with pytest.raises(NotForeseenError, match=why):
        player([event]).until(50, 1000, CollectingTurns([]))


def test_a_heap_that_comes_to_no_state_again_is_given_up() -> None:
    made = player([(Op.ALLOC, 16, False, 1)], slots=2)
    with pytest.raises(NotForeseenError, match="is in no state again until frame"):
        made.until(100, 20, CollectingTurns([]))


def test_what_dies_while_a_pointer_keeps_it_is_the_run_s_to_know() -> None:
    made = player([(Op.COLLECT,)])
    made.kept = frozenset(made.addresses)
    made.round.turns[0].deaths[0].append(0)
    with pytest.raises(KeptError) as kept:
        made.step(CollectingTurns([]))
    assert kept.value.turn == 4


# -- prints ------------------------------------------------------------------------------------------------------------


def printed(*roots: object) -> bytes:
    return StatePrint(roots, [], ("n", Entry("n", 0, 0))).digest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": [1]}, {"a": [2]}),
        ((1, 2), (2, 1)),
        (deque([1]), deque([2])),
        ({1, 2}, {1, 3}),
        (bytearray(b"a"), bytearray(b"b")),
        (np.zeros(3, np.uint8), np.zeros(3, np.int8)),
        (np.zeros(3), np.zeros((3, 1))),
        (functools.partial(max, 1), functools.partial(max, 2)),
        ([1].append, [2].append),
        (lambda a=1: a, lambda a=2: a),
        (1, 1.0),
        (True, 1),
    ],
)
def test_states_that_differ_have_other_prints(one: object, other: object) -> None:
    assert printed(one) == printed(one)
    assert printed(one) != printed(other)


def test_whether_two_are_one_is_part_of_the_state() -> None:
    shared: list[int] = []
    assert printed(shared, shared) != printed([], [])
    assert printed({3, 1, 2}) == printed({1, 2, 3})


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (np.array([object()]), "an array of objects of the host"),
        (memoryview(b"a"), "holds a builtins.memoryview of the host"),
        ({frozenset()}, "a set of frozenset"),
        ([{"a": iter([])}], "list_iterator of the host"),
    ],
)
def test_what_cannot_be_read_is_no_state(what: object, why: str) -> None:
    with pytest.raises(NotReadError, match=why):
        printed(what)


# -- tapes -------------------------------------------------------------------------------------------------------------


def test_the_last_request_of_a_name_and_how_many_there_were() -> None:
    events: list[tuple[Any, ...]] = [
        (Op.ALLOC, 100, False, 0),
        (Op.LONGEST, False, 1),
        (Op.POINT, "x"),
        (Op.FREE, 0),
        (Op.COLLECT,),
    ]
    places = [Where(Phase.RUN, 1, "f", ""), Where(Phase.RUN, 1, "f", "arena"), Where(Phase.RUN, 1, "f", "buffer")]
    tape = Tape(events=events, where=[1, 2, 1, 1, 0], places=places, chunks=2)
    assert tape.last_named("arena") == tape.last_named("arena") == (0, 100)
    assert tape.last_named("buffer") == (1, None)
    assert tape.last_named("nothing") is None
    assert tape.requests() == 3
