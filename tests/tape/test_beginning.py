"""A tape whose beginning was played once for all last areas ends as one that is played from its first event on."""

from __future__ import annotations

import dataclasses
import random
import textwrap
from typing import TYPE_CHECKING

import pytest

from omvsim.boards import GcArea, load_board
from omvsim.heap import GcHeap
from omvsim.runs import START, ScriptOptions, ScriptSession
from omvsim.tape import Courses, Op, Player, Tape, outside
from omvsim.tape._beginning import Beginnings, _independent

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.boards import Board
    from omvsim.firmware import Camera

K = 1024
SCRIPT = textwrap.dedent(
    """
    import gc
    kept = [bytearray(200) for n in range(40)]
    kept = kept[::3]
    gc.collect()
    text = ""
    for n in range(60):
        text += "%d," % n
    large = [bytearray(90000) for n in range(6)]
    large = None
    try:
        more = bytearray(300000)
    except MemoryError:
        more = [bytearray(20000)]
    last = bytearray(150000)
    """
)


def boards() -> list[Board]:
    board = load_board(firmware="4.8.1")
    first, *between, last = [(area.length, area.origin) for area in board.gc_areas]
    sizes = (*range(90 * K, 1200 * K, 140 * K), 4096 * K)
    whole = [board.with_gc_areas([first, *between, (size, last[1])]) for size in sizes]
    other = [board.with_gc_areas([(40 * K, first[1]), *between, (size, last[1])]) for size in sizes[::4]]
    return [*whole, *other, board.with_gc_areas([(900 * K, last[1])]), board.with_gc_areas([first])]


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "main.py"
    path.write_text(SCRIPT)
    return path


def courses_of(script: Path) -> Courses:
    def started(board: Board, camera: Camera) -> ScriptSession:
        return ScriptSession(board, script, ScriptOptions(), camera=camera)

    return Courses(started)


def test_every_figure_is_that_of_the_whole_tape(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = boards()
    begun = courses_of(script)
    short = [begun.on(board) for board in tried]
    with monkeypatch.context() as patched:
        patched.setattr(Courses, "_begun", lambda self, board, beside: self._player(board, beside))
        plain = courses_of(script)
        whole = [plain.on(board) for board in tried]
    names = [field.name for field in dataclasses.fields(whole[0]) if field.name not in ("board", "tape")]
    for mine, its in zip(short, whole, strict=True):
        assert {name: getattr(mine, name) for name in names} == {name: getattr(its, name) for name in names}
        assert mine.verdict == its.verdict
        assert mine.tape.events == its.tape.events
    assert begun.runs == plain.runs
    assert len({each.verdict for each in short}) > 1


def test_most_of_a_tape_is_played_once(script: Path) -> None:
    tried = boards()
    courses = courses_of(script)
    courses.on(tried[-6])
    tape = courses._tapes[0]
    there = tried[4]
    last = there.gc_areas[-1]
    begun = Beginnings(tape).player(there.gc_areas, outside(there))
    plain = courses._player(there, outside(there))
    plain.play(tape)
    first = next(
        at
        for at, event in enumerate(tape.events)
        if event[0] == Op.ALLOC and last.origin <= plain.addresses[event[3]] < last.origin + last.length
    )
    started = next(at for at, event in enumerate(tape.events) if event == (Op.POINT, START))
    assert started + 100 < begun._next == first


def test_what_asks_about_the_whole_heap_is_no_beginning() -> None:
    local = [(Op.ALLOC, 16, False, 0), (Op.NOT_RESIZED, 0, 64, False), (Op.POINT, START), (Op.COLLECT,)]
    assert _independent(local) == 4
    for event in (
        (Op.NOT_RESIZED, 0, 64, True),
        (Op.REFUSED, 16, False),
        (Op.LONGEST, False, 1),
        (Op.SET, "auto_collect", False),
        (Op.POINT, "end"),
        (Op.OUTSIDE, True, ()),
    ):
        assert _independent([*local, event, *local]) == 4


@pytest.mark.parametrize("seed", range(6))
def test_random_requests(seed: int) -> None:
    """Chunks of any size until a heap is full, some freed and grown between, on last areas of any size."""
    chance = random.Random(seed)
    tape = Tape()
    alive: list[int] = []
    for _ in range(400):
        what = chance.random()
        if what < 0.6 or not alive:
            tape.events.append((Op.ALLOC, chance.choice((8, 40, 300, 2000)), False, tape.chunks))
            alive.append(tape.chunks)
            tape.chunks += 1
        elif what < 0.8:
            tape.events.append((Op.FREE, alive.pop(chance.randrange(len(alive)))))
        elif what < 0.95:
            tape.events.append((Op.RESIZE, chance.choice(alive), chance.choice((8, 90, 700)), True))
        else:
            dead = alive.pop(chance.randrange(len(alive)))
            tape.deaths.append((len(tape.events), dead))
            tape.events.append((Op.COLLECT,))
    beginnings, beside = Beginnings(tape), outside(load_board(firmware="4.8.1"))
    for size in (1 * K, 4 * K, 30 * K, 256 * K):
        laid_out = [(0x20020000, 20 * K), (0x20000000, 16 * K), (0x80000000, size)]
        areas = [GcArea(number, "RAM", origin, length) for number, (origin, length) in enumerate(laid_out)]
        begun, plain = beginnings.player(areas, beside), Player(GcHeap(laid_out), beside)
        assert 0 < begun._next < len(tape.events)
        assert begun.play(tape) == plain.play(tape)
        assert begun.addresses == plain.addresses
        assert begun.heard == plain.heard
        assert begun.heap.layout() == plain.heap.layout()
        assert [area.last_used_block for area in begun.heap.areas] == [
            area.last_used_block for area in plain.heap.areas
        ]
        assert (begun.heap.info(), begun.heap.collections) == (plain.heap.info(), plain.heap.collections)
