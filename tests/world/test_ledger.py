"""A run's books: by line, by collection, by frame and in all, against sums made here of the requests themselves."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.firmware import MomentKind
from omvsim.heap import GcHeap
from omvsim.memory.requests import Block, Memory, Phase
from omvsim.world.ledger import Books, Frame, Ledger
from tests.bare_machine import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from omvsim.firmware import Camera

HEAP = 8192


class NoRoom(Exception):
    pass


def _fail(size: int) -> NoReturn:
    raise NoRoom(size)


@pytest.fixture(autouse=True, scope="module")
def _few_objects() -> Iterator[None]:
    """A collection looks through all of the host's objects: those of the test run itself need not be among them."""
    gc.freeze()
    yield
    gc.unfreeze()


class Seen:
    """A watcher that writes down what it is told."""

    needs_requests = False

    def __init__(self) -> None:
        self.lines: list[tuple[object, ...]] = []

    def started(self, camera: Camera, requests: Callable[[], int]) -> None:
        self.lines.append(("started", camera, requests))

    def saw(self, kind: MomentKind, label: str, line: int) -> None:
        self.lines.append((kind, label, line))

    def placed(self, size: int, address: int, area: str, owner: str) -> None:
        self.lines.append(("placed", size, address, area, owner))


def books(watcher: Seen | None = None) -> tuple[Memory, Ledger]:
    memory = Memory(GcHeap([(0x20000000, HEAP)]), _fail)
    memory.tape = []
    memory.place.phase = Phase.RUN
    ledger = Ledger(memory, watcher)
    memory.observer = ledger
    return memory, ledger


def whole(size: int) -> int:
    return -(-size // 16) * 16


def test_a_line_has_its_requests_and_what_was_freed_on_it() -> None:
    memory, ledger = books()
    memory.place.line = 3
    first, second = memory.block(20), memory.block(100)
    memory.place.line = 4
    memory.free(first)
    memory.resize(second, 120)
    memory.place.phase, memory.place.line = Phase.COMPILE, 9
    third = memory.block(1)
    three, four, none = ledger.lines[3], ledger.lines[4], ledger.lines[0]
    assert (three.allocations, three.asked, three.bytes, three.freed) == (2, 120, 32 + 112, 0)
    assert (three.largest, three.high_water) == (100, 144)
    assert (four.allocations, four.freed) == (0, 32)
    assert (none.allocations, none.asked) == (1, 1)  # what is no line's: reading, parsing, compiling
    assert sorted(ledger.lines) == [0, 3, 4]
    assert third.size == 1
    assert ledger.high_water == 144  # 32 freed, 16 grown, 16 asked for


def test_the_longest_request_since_somebody_looked() -> None:
    memory, ledger = books()
    kept = [memory.block(size) for size in (10, 300, 20)]
    assert (ledger.largest, ledger.largest_since_mark) == (300, 300)
    ledger.largest = 0
    kept.append(memory.block(40))
    assert (ledger.largest, ledger.largest_since_mark) == (40, 300)


def test_a_collection_says_who_asked_for_it_and_what_it_left() -> None:
    seen = Seen()
    memory, ledger = books(seen)
    left: list[int] = []
    ledger.on_collected = left.append
    kept, gone = memory.block(160), memory.block(320)
    memory.place.line = 7
    del gone
    memory.collect()
    memory.place.line = 8
    with pytest.raises(NoRoom):
        memory.block(HEAP)
    assert [tuple(event) for event in ledger.collections] == [(7, 480, 160, False, 2), (8, 160, 160, True, 2)]
    assert left == [160, 160]
    assert [line for line in seen.lines if line[0] is MomentKind.COLLECTION] == [
        (MomentKind.COLLECTION, "gc.collect()", 7),
        (MomentKind.COLLECTION, "automatic", 8),
    ]
    assert kept.address


def test_a_refusal_says_for_what_how_much_was_free_and_how_long_the_longest_run_was() -> None:
    seen = Seen()
    memory, ledger = books(seen)
    memory.place.line, memory.place.function = 5, "load"
    pieces = [memory.block(1024) for _ in range(4)]
    memory.free(pieces[1])
    with memory.asking_for("tensor arena"), pytest.raises(NoRoom):
        memory.block(HEAP)
    assert memory.block_maybe(HEAP + 16) is None
    free = memory.heap.free_bytes
    first, second = ledger.refused_requests
    assert tuple(first) == (5, HEAP, "tensor arena", memory.heap.max_free() * 16, free)
    assert tuple(second)[:3] == (5, HEAP + 16, "load")
    assert first.longest_free < free
    assert [line[1:] for line in seen.lines if line[0] is MomentKind.REFUSAL] == [("tensor arena", 5), ("load", 5)]


def test_what_is_placed_is_listed_and_shown_and_what_is_shown_only_shown() -> None:
    seen = Seen()
    memory, ledger = books(seen)
    memory.place.line = 2
    ledger.placed(1000, 0x80000000, "fb_alloc", "extra frame buffer")
    ledger.shown(50, 0x81000000, "pool", "stream")
    with memory.asking_for("tensor arena"):
        arena = memory.block(64)
    assert [tuple(each) for each in ledger.placed_outside] == [(2, 1000, 0x80000000, "fb_alloc", "extra frame buffer")]
    assert seen.lines == [
        ("placed", 1000, 0x80000000, "fb_alloc", "extra frame buffer"),
        ("placed", 50, 0x81000000, "pool", "stream"),
        ("placed", 64, arena.address, "", "tensor arena"),
    ]
    bare = Ledger(memory)
    bare.shown(1, 2, "", "")
    bare.saw(MomentKind.REFUSAL, "")
    assert bare.placed_outside == []


def test_the_request_behind_the_last_memory_error_is_the_one_that_was_refused() -> None:
    """The error's own message may be refused too, later; the books keep the first with that error's address."""
    kept: list[Ledger] = []

    def prepare(vm) -> None:  # type: ignore[no-untyped-def]
        ledger = Ledger(vm.memory)
        vm.memory.observer = ledger
        vm.memory.fail = ledger.watching(vm.memory.fail)
        kept.append(ledger)

    run = Run("x = 1\nbytearray(20000000)\n", prepare=prepare)
    ledger = kept[0]
    assert ledger.fatal.event is ledger.refused_requests[0]
    assert (ledger.fatal.event.bytes, ledger.fatal.event.line) == (20_000_000, 2)
    assert run.error is not None
    assert ledger.fatal.error == run.error.address


STEPS = st.lists(
    st.tuples(st.sampled_from(["alloc", "resize", "free", "drop", "collect"]), st.integers(1, 600), st.integers(1, 4)),
    max_size=50,
)


@given(STEPS)
def test_the_books_are_the_sums_of_the_tape(steps: list[tuple[str, int, int]]) -> None:
    memory, ledger = books()
    start = ledger.now()
    held: list[Block] = []
    for kind, number, line in steps:
        memory.place.line = line
        if kind == "alloc":
            made = memory.block_maybe(number)
            held += [made] if made is not None else []
            made = None
        elif kind == "collect":
            memory.collect()
        elif held and kind == "resize":
            memory.resize_maybe(held[number % len(held)], number)
        elif held and kind == "free":
            memory.free(held.pop(number % len(held)))
        elif held:
            held.pop(number % len(held))
    now, tape = ledger.now(), memory.tape
    assert tape is not None
    placed = [each for each in tape if each.address and (each.kind == "alloc" or each.how == "move")]
    assert now.allocations == len(placed) == sum(cost.allocations for cost in ledger.lines.values())
    assert now.asked == sum(each.size for each in placed) == sum(cost.asked for cost in ledger.lines.values())
    assert now.bytes == sum(whole(each.size) for each in placed) == sum(cost.bytes for cost in ledger.lines.values())
    assert now.grown == sum(cost.grown for cost in ledger.lines.values())
    assert (now.grown > 0) == any(each.how == "grow" for each in tape)
    assert now.used == memory.heap.used
    assert now.live == sum(whole(block.size) for block in held if block.address)
    collected = sum(event.before - event.after for event in ledger.collections)
    assert now.used == now.bytes + now.grown - now.freed - collected
    assert now.freed == sum(cost.freed for cost in ledger.lines.values())
    assert len(ledger.refused_requests) == sum(not each.address and each.how == "fail" for each in tape)
    frame = Frame(start, now, ledger.largest)
    assert frame.left == collected + now.used
    assert frame.garbage == collected + now.used - now.live
    assert frame.garbage >= 0


def test_a_frame_is_the_difference_of_the_books() -> None:
    before = Books(1000, 10, 2000, 300, 50, 1900, 1, 900)
    after = Books(1500, 14, 3000, 450, 80, 2800, 3, 1100)
    frame = Frame(before, after, 640)
    assert (frame.allocations, frame.bytes, frame.freed, frame.collections) == (4, 1000, 150, 2)
    assert (frame.grown, frame.left, frame.held, frame.garbage) == (30, 1000 + 30 - 150, 200, 680)
