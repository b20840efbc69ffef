"""What running costs beyond single requests: slots that keep nothing, tables that shrink, refused requests."""

from __future__ import annotations

from typing import NoReturn

import pytest

from omvsim.heap import BLOCK, GcHeap
from omvsim.memory.requests import Block, Memory, PointingBehind
from omvsim.micropython.maps import Map, name_hash
from tests.micropython._running import printed, run


class _NoRoom(Exception):
    pass


def _fail(size: int) -> NoReturn:
    raise _NoRoom(size)


class Books:
    """An observer that writes down what it is told."""

    def __init__(self) -> None:
        self.explicit = False
        self.told: list[tuple[object, ...]] = []

    def look(self) -> None:
        self.told.append(("look",))

    def asked(self, size: int, address: int) -> None:
        self.told.append(("asked", size, address > 0))

    def grown(self, size: int) -> None:
        self.told.append(("grown", size))

    def freed(self, size: int) -> None:
        self.told.append(("freed", size))

    def refused(self, size: int) -> None:
        self.told.append(("refused", size))

    def collected(self, before: int) -> None:
        self.told.append(("collected", before, self.explicit))

    def since(self) -> list[tuple[object, ...]]:
        """And forgets it."""
        told, self.told = self.told, []
        return told


def memory(size: int = 4096) -> tuple[Memory, Books]:
    made, books = Memory(GcHeap([(0x20280000, size)]), _fail), Books()
    made.tape, made.observer = [], books
    return made, books


def tape(of: Memory) -> list[tuple[str, int, str]]:
    """Kind, bytes and how, since the last time."""
    assert of.tape is not None
    found = [(each.kind, each.size, each.how) for each in of.tape]
    of.tape.clear()
    return found


def test_every_request_is_written_down_and_told() -> None:
    of, books = memory()
    block = of.block(100)
    assert (tape(of), books.since()) == ([("alloc", 100, "")], [("look",), ("asked", 100, True)])
    of.resize(block, 110)
    assert (tape(of), books.since()) == ([("realloc", 110, "same")], [("look",)])
    of.resize(block, 130)
    assert (tape(of), books.since()) == ([("realloc", 130, "grow")], [("look",), ("grown", 32)])
    of.resize(block, 20)
    assert (tape(of), books.since()) == ([("realloc", 20, "shrink")], [("look",), ("freed", 112)])
    other = of.block(1)
    books.since()
    tape(of)
    of.resize(block, 60)
    assert (tape(of), books.since()) == ([("realloc", 60, "move")], [("look",), ("asked", 60, True), ("freed", 32)])
    assert not of.resize_maybe(other, 90, move=False)
    assert (tape(of), books.since()) == ([("realloc", 90, "nomove")], [("look",)])
    of.free(block)
    assert (tape(of), books.since()) == ([("free", 0, "")], [("look",), ("freed", 64)])
    of.free(block)  # it is gone
    assert (tape(of), books.since(), block.address) == ([], [], 0)


def test_what_finds_no_room() -> None:
    of, books = memory()
    block = of.block(16)
    tape(of)
    books.since()
    with pytest.raises(_NoRoom, match="9999"):
        of.alloc(9999)
    assert tape(of) == [("alloc", 9999, "fail")]
    assert books.since() == [("look",), ("collected", 16, False), ("refused", 9999)]
    assert of.alloc_maybe(9999) == 0
    assert tape(of) == [("alloc", 9999, "fail")]
    assert of.block_maybe(9999) is None
    tape(of)
    books.since()
    with pytest.raises(_NoRoom, match="9998"):
        of.resize(block, 9998)
    assert tape(of) == [("realloc", 9998, "fail")]
    assert books.since()[-1] == ("refused", 9998)
    assert (block.size, of.heap.chunk_blocks(block.address)) == (16, 1)


def test_no_bytes_are_no_chunk() -> None:
    of, books = memory()
    assert (of.alloc(0), of.alloc_maybe(0)) == (0, 0)
    assert (tape(of), books.since()) == ([], [("look",), ("look",)])
    block = of.block(0)
    assert (block.address, block.size) == (0, 0)
    assert of.resize_maybe(block, 0)
    assert of.resize_maybe(block, 40)
    assert (block.size, tape(of)) == (40, [("alloc", 40, "")])
    assert of.resize_maybe(block, 0)
    assert (block.address, block.size, tape(of), of.heap.used) == (0, 0, [("free", 0, "")], 0)
    assert not of.resize_maybe(block, 9999)
    assert (block.address, block.size) == (0, 0)


def test_the_longest_block_is_the_longest_free_run() -> None:
    of, _ = memory()
    longest = of.heap.max_free()
    block = of.longest_block()
    assert (block.size, of.heap.max_free()) == (longest * BLOCK, 0)


def test_a_locked_heap_keeps_what_is_freed() -> None:
    of, books = memory()
    block = of.block(40)
    books.since()
    of.heap.lock_depth = 1
    of.free(block)
    assert (of.heap.used, block.address > 0, books.since()) == (48, True, [("look",)])
    of.heap.lock_depth = 0
    of.free(block)
    assert (of.heap.used, block.address) == (0, 0)


def test_the_dead_are_counted_once_each() -> None:
    of, _ = memory()
    kept, gone = of.block(40), of.block(100)
    assert of.live_bytes() == 48 + 112
    del gone
    assert (of.live_bytes(), of.live_bytes()) == (48, 48)
    more: Block | None = of.block(16)
    assert of.live_bytes() == 64
    del more
    assert (of.live_bytes(), of.heap.used) == (48, 48 + 112 + 16)
    of.collect()
    assert (of.live_bytes(), of.heap.used) == (48, 48)
    assert kept.address


def test_collections_that_are_asked_for_say_so_and_finalise_in_the_order_of_addresses() -> None:
    of, books = memory()
    called: list[int] = []
    first, second = of.block(16, finaliser=True), of.block(32, finaliser=True)
    for name, block in enumerate((first, second)):
        of.finalisers[block.address] = lambda name=name: called.append(name)  # type: ignore[misc]  # its default
    assert of.heap.finalisers == {first.address, second.address}
    del second, block, first
    books.since()
    of.collect()
    assert called == [0, 1]
    assert books.since() == [("look",), ("collected", 48, True)]
    assert (books.explicit, of.finalisers, of.heap.used) == (False, {}, 0)


def test_who_is_freed_is_not_finalised() -> None:
    of, _ = memory()
    block = of.block(16, finaliser=True)
    of.finalisers[block.address] = lambda: pytest.fail("finalised")
    of.free(block)
    of.collect()
    assert (of.finalisers, of.heap.finalisers) == ({}, set())


def test_an_end_keeps_the_chunk_that_starts_there() -> None:
    of, _ = memory()
    pointing = of.pointing_behind(40)
    assert isinstance(pointing, PointingBehind)
    behind = of.block(16)
    assert pointing.end == behind.address == pointing.address + 48
    del behind
    of.collect()
    assert of.heap.used == 64
    del pointing
    of.collect()
    assert of.heap.used == 0


def test_requests_are_put_down_to_what_they_are_for() -> None:
    of, _ = memory()
    with of.asking_for("outer"):
        with of.asking_for("inner"):
            of.alloc(16)
        of.alloc(16)
    of.alloc(16)
    assert of.tape is not None
    assert ([each.what for each in of.tape], of.position) == (["inner", "outer", ""], 3)


# -- tables ------------------------------------------------------------------------------------------------------------


def test_a_removed_entry_is_marked_only_where_a_chain_goes_on() -> None:
    """mp_map_lookup: with nothing behind it, a slot is as new."""
    vm = run("").machine
    assert vm is not None
    names = ["a", "b", "c", "d", "e", "f", "g"]
    for gone in names:
        table = Map(vm.memory, 17)
        for name in names:
            table.set(vm, name, 1)
        place = next(at for at, slot in enumerate(table.slots) if getattr(slot, "key", None) == gone)
        followed = table.slots[(place + 1) % 17] is not None
        table.remove(vm, gone)
        assert (table.slots[place] is not None) is followed
        table.set(vm, gone, 2)
        assert getattr(table.slots[place], "key", None) == gone or name_hash(gone) % 17 != place


# -- frames ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("leaving", ["pass", "continue", "raise KeyError", "return 3"])
def test_blocks_in_blocks_are_left_from_the_inside(leaving: str) -> None:
    """WITH_CLEANUP deep in the stack: each manager is left once, with what left it, and the loop goes on."""
    source = f"""
class M:
    def __init__(self, name):
        self.name = name
    def __enter__(self):
        return self.name
    def __exit__(self, kind, value, trace):
        print(self.name, kind)
        return kind is KeyError and self.name == "a"
def f():
    for i in range(2):
        with M("a") as a:
            with M("b") as b, M("c"):
                print(i, a, b)
                {leaving}
    return i
print(f())
"""
    kind = "<class 'KeyError'>" if "Key" in leaving else "None"
    turn = [f"c {kind}", f"b {kind}", f"a {kind}"]
    end = ["3"] if "return" in leaving else ["1 a b", *turn, "1"]
    assert printed(source) == ["0 a b", *turn, *end]


def test_a_delegation_ends_with_the_value_of_its_stop_iteration() -> None:
    """VM_YIELD_FROM: the value takes the iterator's place, however high the stack is."""
    source = """
class Down:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        return self
    def __next__(self):
        self.n -= 1
        if self.n < 0:
            raise StopIteration("end")
        return self.n
def deep():
    for a in (1, 2):
        for b in (3,):
            print([a, b, (yield from Down(a)), a + b])
    return "done"
def outer():
    print((1, (yield from deep()), 2))
print(list(outer()))
def odd(a):
    return (yield from Down(a))
def even(a):
    -a  # three instructions more
    return (yield from Down(a))
def last(a):
    print((yield from odd(a)), (yield from even(a)))
print(list(last(1)))
"""
    expected = ["[1, 3, 'end', 4]", "[2, 3, 'end', 5]", "(1, 'done', 2)", "[0, 1, 0]", "end end", "[0, 0]"]
    assert printed(source) == expected
