"""Requests of the heap: what each does to the heap, to the tape, to an observer's and a recorder's books."""

from __future__ import annotations

import gc
import itertools
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.heap import GcHeap
from omvsim.memory.questions import Extent, address_of, area_number, free_bytes, used_bytes
from omvsim.memory.requests import Block, Memory, Phase

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from omvsim.memory.questions import Question

START = 0x20000000
BLOCK = 16
HEAP = 16 << 10


@pytest.fixture(autouse=True, scope="module")
def _few_objects() -> Iterator[None]:
    """A collection looks through all of the host's objects: those of the test run itself need not be among them."""
    gc.freeze()
    yield
    gc.unfreeze()


class NoRoom(Exception):
    pass


def _fail(size: int) -> NoReturn:
    raise NoRoom(size)


def memory(size: int = HEAP) -> Memory:
    made = Memory(GcHeap([(START, size)]), _fail)
    made.tape = []
    return made


def told(of: Memory) -> list[tuple[str, int, str]]:
    """Requests since the last time: kind, bytes, how."""
    assert of.tape is not None
    found = [(each.kind, each.size, each.how) for each in of.tape]
    of.tape.clear()
    return found


def in_blocks(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


class Books:
    """An observer that keeps the sums of what it is told."""

    def __init__(self, of: Memory) -> None:
        self.of = of
        self.explicit = False
        self.events: list[tuple[str, int]] = []
        self.used = 0
        self.before: list[int] = []
        self.were_explicit: list[bool] = []

    def look(self) -> None:
        self.before.append(self.of.heap.used)

    def asked(self, size: int, address: int) -> None:
        assert address >= START
        self.events.append(("asked", size))
        self.used += in_blocks(size)

    def grown(self, size: int) -> None:
        self.events.append(("grown", size))
        self.used += size

    def freed(self, size: int) -> None:
        self.events.append(("freed", size))
        self.used -= size

    def refused(self, size: int) -> None:
        self.events.append(("refused", size))

    def collected(self, before: int) -> None:
        assert before == self.used
        self.events.append(("collected", before))
        self.were_explicit.append(self.explicit)
        self.used = self.of.heap.used


def observed(size: int = HEAP) -> tuple[Memory, Books]:
    made = memory(size)
    books = Books(made)
    made.observer = books
    return made, books


class Written:
    """A recorder that writes down what it is told."""

    def __init__(self) -> None:
        self.lines: list[tuple[object, ...]] = []

    def answered(self, question: Question[Hashable], chunks: Sequence[Extent], answer: Hashable) -> None:
        self.lines.append((question, tuple(chunks), answer))

    def points_behind(self, address: int) -> None:
        self.lines.append(("behind", address))

    def largest_next(self) -> None:
        self.lines.append(("largest",))

    def point(self, label: str) -> None:
        self.lines.append(("point", label))

    def unrepeatable(self, why: str) -> None:
        self.lines.append(("unrepeatable", why))


# -- one request -------------------------------------------------------------------------------------------------------


def test_nothing_asked_for_is_address_0_and_no_request() -> None:
    """``m_malloc(0)`` is NULL (py/malloc.c), and ``gc_alloc`` says nothing of it."""
    of, books = observed()
    assert (of.alloc(0), of.alloc_maybe(0), of.block_maybe(0)) == (0, 0, None)
    assert of.block(0).address == 0
    assert (told(of), books.events) == ([], [])


@pytest.mark.parametrize("maybe", [False, True])
def test_a_request_without_room_is_told_with_its_size(*, maybe: bool) -> None:
    of, books = observed()
    if maybe:
        assert of.block_maybe(HEAP) is None
    else:
        with pytest.raises(NoRoom) as refused:
            of.block(HEAP)
        assert refused.value.args == (HEAP,)
    assert told(of) == [("alloc", HEAP, "fail")]
    assert books.events[-1] == ("refused", HEAP)
    assert books.events[:-1] == [("collected", 0)]  # gc_alloc collects once before it gives up


def test_a_chunk_in_rom_is_not_freed() -> None:
    of, books = observed()
    of.free(Block(of, 0, 100))
    assert (told(of), books.events) == ([], [])


def test_what_was_freed_is_freed_once() -> None:
    of, books = observed()
    block = of.block(40)
    of.free(block)
    of.free(block)
    del block
    of.collect()
    assert told(of) == [("alloc", 40, ""), ("free", 0, "")]
    assert books.events == [("asked", 40), ("freed", 48), ("collected", 0)]


def test_while_the_heap_is_locked_a_free_does_nothing() -> None:
    """py/gc.c, gc_free: "GC_EXIT … Cannot free while the GC is locked"; the chunk goes with a later collection."""
    of, books = observed()
    block = of.block(40)
    of.heap.lock_depth = 1
    of.free(block)
    assert of.heap.used == 48
    assert block.address
    of.heap.lock_depth = 0
    assert books.events == [("asked", 40)]
    del block
    of.collect()
    assert of.heap.used == 0


@pytest.mark.parametrize(
    ("first", "then", "how", "event"),
    [
        (40, 48, "same", []),
        (40, 33, "same", []),
        (40, 49, "grow", [("grown", 16)]),
        (40, 160, "grow", [("grown", 112)]),
        (40, 32, "shrink", [("freed", 16)]),
        (160, 1, "shrink", [("freed", 144)]),
    ],
)
def test_a_block_that_nothing_lies_behind_stays_where_it_is(
    first: int, then: int, how: str, event: list[tuple[str, int]]
) -> None:
    of, books = observed()
    block = of.block(first)
    address = block.address
    of.resize(block, then)
    assert (block.address, block.size) == (address, then)
    assert told(of)[1:] == [("realloc", then, how)]
    assert books.events[1:] == event
    assert books.used == of.heap.used == in_blocks(then)


def test_a_block_that_something_lies_behind_moves() -> None:
    of, books = observed()
    block, behind = of.block(32), of.block(16)
    assert not of.resize_maybe(block, 64, move=False)
    of.resize(block, 64)
    assert block.address == behind.address + 16
    assert told(of)[2:] == [("realloc", 64, "nomove"), ("realloc", 64, "move")]
    assert books.events[2:] == [("asked", 64), ("freed", 32)]  # a place that is not to move is no refusal
    assert books.used == of.heap.used


def test_a_block_that_finds_no_larger_place_is_as_it_was() -> None:
    of, books = observed()
    block, _behind = of.block(32), of.block(16)
    address = block.address
    with pytest.raises(NoRoom) as refused:
        of.resize(block, HEAP)
    assert refused.value.args == (HEAP,)
    assert (block.address, block.size, of.heap.used) == (address, 32, 48)
    assert told(of)[-1] == ("realloc", HEAP, "fail")
    assert books.events[-1] == ("refused", HEAP)


def test_a_size_of_nothing_frees_and_a_block_without_a_chunk_gets_one() -> None:
    """``m_realloc(ptr, 0)`` frees, ``m_realloc(NULL, n)`` allocates (py/gc.c, gc_realloc)."""
    of, books = observed()
    block = of.block(20)
    of.resize(block, 0)
    assert (block.address, block.size) == (0, 0)
    of.resize(block, 0)
    of.resize(block, 50)
    assert block.size == 50
    assert told(of) == [("alloc", 20, ""), ("free", 0, ""), ("alloc", 50, "")]
    assert books.events == [("asked", 20), ("freed", 32), ("asked", 50)]
    empty = of.block(0)
    assert not of.resize_maybe(empty, HEAP)
    assert (empty.address, empty.size) == (0, 0)


def test_the_longest_run_is_asked_for_whole() -> None:
    of = memory()
    holes = [of.block(size) for size in (160, 16, 320, 16)]
    rest = of.longest_block()
    assert of.heap.free_bytes == 0
    of.free(holes[0])
    of.free(holes[2])
    again = of.longest_block()
    assert (again.size, again.address) == (320, holes[1].address + 16)
    assert rest.size % BLOCK == 0


# -- whom a request is put down to -------------------------------------------------------------------------------------


def test_a_request_has_the_place_phase_and_purpose_of_its_moment() -> None:
    of = memory()
    of.place.phase, of.place.line, of.place.function = Phase.RUN, 12, "f"
    with of.asking_for("tensor arena"):
        first = of.block(16)
        with of.asking_for("inner"):
            second = of.block(16)
        third = of.block(16)
    of.place.line = 13
    of.free(first)
    assert of.tape is not None
    assert [(each.line, each.function, each.what, each.phase) for each in of.tape] == [
        (12, "f", "tensor arena", Phase.RUN),
        (12, "f", "inner", Phase.RUN),
        (12, "f", "tensor arena", Phase.RUN),
        (13, "f", "", Phase.RUN),
    ]
    assert second.address < third.address
    assert of.position == 4


def test_a_purpose_ends_with_what_was_refused_under_it() -> None:
    of = memory()
    with pytest.raises(NoRoom), of.asking_for("tensor arena"):
        of.block(HEAP)
    assert of.what == ""
    assert of.tape is not None
    assert of.tape[-1].what == "tensor arena"


def test_without_a_tape_there_is_no_position() -> None:
    of = Memory(GcHeap([(START, HEAP)]), _fail)
    block = of.block(10)
    of.resize(block, 100)
    of.free(block)
    assert of.position == 0


# -- collecting --------------------------------------------------------------------------------------------------------


def test_the_books_know_which_collection_was_asked_for() -> None:
    of, books = observed(1024)
    keep = of.block(500)
    of.collect()
    del keep
    other = of.block(600)
    assert books.were_explicit == [True, False]
    assert other.address
    assert not books.explicit


def test_finalisers_of_the_dead_run_once_by_address_and_their_own_dead_go_as_well() -> None:
    """py/gc.c, gc_sweep_run_finalisers walks the tables from the start; what a finaliser lets go of is dead too."""
    of = memory()
    ran: list[str] = []
    blocks = [of.block(16, finaliser=True) for _ in range(3)]
    inner = [of.block(16, finaliser=True)]
    for at, address in enumerate([block.address for block in blocks]):
        of.finalisers[address] = lambda at=at: ran.append(f"outer {at}")
    of.finalisers[inner[0].address] = lambda: ran.append("inner")
    of.finalisers[blocks[1].address] = lambda: (ran.append("outer 1"), inner.clear())  # type: ignore[assignment]
    blocks.reverse()
    blocks.clear()
    of.collect()
    of.collect()
    assert ran == ["outer 0", "outer 1", "outer 2", "inner"]
    assert of.heap.used == 0
    assert of.finalisers == {}


def test_a_chunk_freed_explicitly_is_not_finalised() -> None:
    of = memory()
    ran: list[int] = []
    block = of.block(16, finaliser=True)
    of.finalisers[block.address] = lambda: ran.append(1)
    of.free(block)
    of.collect()
    assert ran == []


def test_what_the_dead_leave_is_counted_before_it_is_collected() -> None:
    of = memory()
    kept = [of.block(size) for size in (100, 200, 300)]
    assert of.live_bytes() == of.heap.used == 112 + 208 + 304
    kept.pop(1)
    assert (of.live_bytes(), of.heap.used) == (112 + 304, 112 + 208 + 304)
    kept.pop(0)
    assert of.live_bytes() == 304
    of.collect()
    assert of.live_bytes() == of.heap.used == 304
    kept.clear()
    assert of.live_bytes() == 0


# -- what the course depends on ----------------------------------------------------------------------------------------


def test_questions_are_answered_by_this_heap_and_written_down() -> None:
    of = Memory(GcHeap([(START, 1024), (0x60000000, 4096)]), _fail)
    book = Written()
    of.recorder = book
    small, large = of.block(16), of.block(2048)
    places = [(block.address, block.size) for block in (small, large)]
    assert of.ask(used_bytes) == 16 + 2048
    total = of.heap.free_bytes + of.heap.used
    assert of.ask(free_bytes) == total - 16 - 2048
    assert [of.ask(area_number, place) for place in places] == [0, 1]
    assert of.ask(area_number, (0x10, 4)) is None
    assert of.expose(small.address) == of.ask(address_of, places[0]) == small.address
    assert of.expose(0) == 0
    of.point("here")
    behind = of.pointing_behind(20)
    rest = of.longest_block()
    assert book.lines == [
        (used_bytes, (), 2064),
        (free_bytes, (), total - 2064),
        (area_number, (Extent(*places[0]),), 0),
        (area_number, (Extent(*places[1]),), 1),
        (area_number, (Extent(0x10, 4),), None),
        (address_of, (Extent(small.address, 0),), small.address),
        (address_of, (Extent(*places[0]),), small.address),
        ("point", "here"),
        ("behind", behind.address),
        ("largest",),
    ]
    assert rest.size > 1024


# -- any course --------------------------------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(st.sampled_from(["alloc", "maybe", "resize", "stay", "free", "drop", "collect"]), st.integers(0, 700)),
    max_size=60,
)


@given(STEPS)
def test_books_tape_and_heap_agree_after_any_course(steps: list[tuple[str, int]]) -> None:
    """Whatever happens: the sums an observer is told are the heap's, and no two chunks overlap."""
    of, books = observed(4096)
    held: list[Block] = []
    for kind, number in steps:
        target = held[number % len(held)] if held else None
        if kind in ("alloc", "maybe"):
            made = of.block_maybe(number) if kind == "maybe" or number else None
            if made is not None:
                held.append(made)
        elif kind == "collect":
            of.collect()
        elif target is None:
            continue
        elif kind in ("resize", "stay"):
            of.resize_maybe(target, number, move=kind == "resize")
        elif kind == "free":
            of.free(target)
        else:
            held.remove(target)
        target = made = None
        assert books.used == of.heap.used
        places = sorted((block.address, in_blocks(block.size)) for block in held if block.address)
        assert all(start + size <= after for (start, size), (after, _) in itertools.pairwise(places))
        assert of.live_bytes() == sum(size for _, size in places)
    of.collect()
    assert of.heap.used == of.live_bytes()
    assert all(of.heap.chunk_blocks(block.address) * BLOCK == in_blocks(block.size) for block in held if block.address)
