"""Single rules of tapes; and that a fault in a tape shows."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING

import pytest

from omvsim.tape import Diverged, Op, Player, RecordedCamera, capture, outside
from omvsim.tape._address import ChunkAddress
from tests.tape.comparing import LoggedHeap, areas_of, differences
from tests.tape.test_foreseen import base, scripted

if TYPE_CHECKING:
    from omvsim.boards import Board
    from omvsim.tape import Tape

K = 1024


def tape_of(name: str, board: Board) -> Tape:
    tried = scripted(name)
    return capture(board, lambda camera: tried.session(board, camera))


def played(tape: Tape, board: Board) -> tuple[Diverged | None, Player, LoggedHeap]:
    heap = LoggedHeap(areas_of(board))
    player = Player(heap, outside(board))
    return player.play(tape), player, heap


# -- addresses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "use",
    [
        lambda a: a + 1,
        lambda a: 1 - a,
        lambda a: a & 0xFF,
        lambda a: f"{a:x}",
        str,
        lambda a: a < 5,
        lambda a: a > 5,
        lambda a: divmod(a, 16),
    ],
)
def test_whoever_computes_with_an_address_is_heard(use: object) -> None:
    heard: list[int] = []
    address = ChunkAddress.of(0x20280010, 7, lambda told: heard.append(told.chunk))
    plain = use(0x20280010)  # type: ignore[operator]
    assert use(address) == plain  # type: ignore[operator]
    assert heard == [7]


def test_books_by_address_are_not_heard() -> None:
    address = ChunkAddress.of(0x20280010, 7, lambda _: pytest.fail("it was heard"))
    assert {0x20280010: "x"}[address] == "x"
    assert address in [0x20280010]
    assert address
    assert type(int(address)) is int
    assert type(pickle.loads(pickle.dumps(address))) is int


# -- what is on a tape -----------------------------------------------------------------------------------------------


def test_a_tape_has_the_runs_requests_with_their_lines() -> None:
    board = base("4.8.1")
    tape = tape_of("load and predict", board)
    assert tape.unrepeatable == ""
    lines = [tape.place(at).line for at, event in enumerate(tape.events) if event[0] == Op.LONGEST]
    assert lines == [3]
    assert tape.place(len(tape.events) - 1).phase == "run"
    assert len(tape.where) == len(tape.events)
    assert len(tape.pointing) == 1  # the arena


def test_a_tape_travels_between_processes() -> None:
    board = base("4.8.1")
    tape = tape_of("load and predict", board)
    tape.result = None  # a board's profile stays where it is
    again = pickle.loads(pickle.dumps(tape))
    _, first, _ = played(tape, board)
    diverged, second, _ = played(again, board)
    assert diverged is None
    assert first.addresses == second.addresses


def test_rings_die_when_they_are_unreachable_not_when_they_are_found() -> None:
    board = base("4.8.1")
    tape = tape_of("rings of references", board)
    ring_deaths = [event for event, _ in tape.deaths]
    assert len({event for event in ring_deaths if event < len(tape.events) - 1}) > 100


def test_a_request_that_finds_no_room_is_another_course() -> None:
    board = base("4.8.1")
    tape = tape_of("as much as there is room for", board)
    small = board.with_gc_areas([(20 * K, board.gc_areas[0].origin)])
    diverged, player, _ = played(tape, small)
    assert diverged is not None
    assert diverged.answer is False
    assert player.heard.refused[-1].event == diverged.event


# -- faults show -----------------------------------------------------------------------------------------------------


def _longer(tape: Tape) -> None:
    at = next(at for at, event in enumerate(tape.events) if event[0] == Op.ALLOC and at > 150)
    op, size, *rest = tape.events[at]
    tape.events[at] = (op, size + 16, *rest)


def _no_free(tape: Tape) -> None:
    at = next(at for at, event in enumerate(tape.events) if event[0] == Op.FREE and at > 20)
    tape.events[at] = (int(Op.POINT), "nothing")


def _lives_on(tape: Tape) -> None:
    del tape.deaths[len(tape.deaths) // 2]


def _in_place(tape: Tape) -> None:
    at = next(at for at, event in enumerate(tape.events) if event[0] == Op.RESIZE and event[3])
    op, chunk, size, _ = tape.events[at]
    tape.events[at] = (op, chunk, size + 64, False)


@pytest.mark.parametrize("change", [_longer, _no_free, _lives_on, _in_place])
def test_a_changed_tape_is_not_the_full_run(change: object) -> None:
    board = base("4.8.1").with_gc_areas([(30 * K, 0x20280000)])
    tried = scripted("as much as there is room for")
    assert differences(tried, board) == {}
    _, log = tried.full(board)
    tape = tape_of("as much as there is room for", board)
    assert played(tape, board)[2].log == log
    changed = copy.copy(tape)
    changed.events, changed.deaths = list(tape.events), list(tape.deaths)
    change(changed)  # type: ignore[operator]
    diverged, _, heap = played(changed, board)
    assert diverged is not None or heap.log != log


def test_a_recorded_camera_runs_as_any_other() -> None:
    board = base("4.8.1")
    tried = scripted("camera")
    plain, _ = tried.full(board)
    recorded = tried.session(board, RecordedCamera(board)).run()
    assert (recorded.snapshot.used, recorded.snapshot.high_water, recorded.placed) == (
        plain.snapshot.used,
        plain.snapshot.high_water,
        plain.placed,
    )
