"""A text that grows: what it asks for, to the byte (py/vstr.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from omvsim.heap import GcHeap
from omvsim.memory.requests import Memory
from omvsim.memory.vstr import VStr

if TYPE_CHECKING:
    from collections.abc import Sequence


def _fail(size: int) -> NoReturn:
    raise MemoryError(size)


def memory() -> Memory:
    """A memory on an empty heap that keeps its tape."""
    made = Memory(GcHeap([(0x20280000, 64 << 10)]), _fail)
    made.tape = []
    return made


def asked(of: Memory) -> Sequence[tuple[str, int]]:
    """Requests since the last time."""
    assert of.tape is not None
    found = [(each.kind, each.size) for each in of.tape]
    of.tape.clear()
    return found


def test_a_text_grows_to_eights_and_eight_more() -> None:
    """vstr.c: ``ROUND_ALLOC(a) (((a) & ((~0U) - 7)) + 8)`` of what is needed and 16."""
    of = memory()
    text = VStr(of, 16)
    text.add(b"a" * 16)
    assert (text.room, asked(of)) == (16, [("alloc", 16)])
    text.add(b"b")
    assert (text.room, asked(of)) == (40, [("realloc", 40)])
    text.add(b"")
    text.add(b"c" * 23)
    assert (len(text), text.room, asked(of)) == (40, 40, [])
    text.add(b"d")
    assert (text.room, asked(of)) == (64, [("realloc", 64)])
    assert bytes(text.data) == b"a" * 16 + b"b" + b"c" * 23 + b"d"


def test_bytes_added_one_by_one_ask_as_often_as_the_room_ends() -> None:
    of = memory()
    text = VStr(of, 16)
    text.add_each(b"x" * 16)
    assert asked(of) == [("alloc", 16)]
    text.add_each(b"y" * 30)
    assert asked(of) == [("realloc", 40), ("realloc", 64)]
    text.add_each(b"z" * 18)
    assert (len(text), asked(of)) == (64, [])


def test_the_zero_at_the_end_takes_one_byte_where_the_room_is_full() -> None:
    of = memory()
    text = VStr(of, 3)
    text.add(b"ab")
    text.terminate()
    assert (text.room, asked(of)) == (3, [("alloc", 3)])
    text.add(b"c")
    text.terminate()
    assert (text.room, asked(of)) == (4, [("realloc", 4)])
    text.terminate()
    assert (text.room, asked(of)) == (4, [])


def test_room_is_reserved_extended_inserted_into_and_kept() -> None:
    of = memory()
    text = VStr(of, 0)
    assert (text.room, asked(of)) == (1, [("alloc", 1)])
    text.extend(7)
    assert (text.room, asked(of)) == (8, [("realloc", 8)])
    text.add(b"head")
    text.reserve(4)
    assert asked(of) == []
    text.insert(2, b"--")
    text.insert(0, b">>")
    assert (bytes(text.data), asked(of)) == (b">>he--ad", [])
    text.insert(8, b"!")
    assert (bytes(text.data), text.room, asked(of)) == (b">>he--ad!", 32, [("realloc", 32)])
    text.reset()
    assert (len(text), text.room) == (0, 32)
    text.free()
    assert (asked(of), of.heap.used) == ([("free", 0)], 0)
