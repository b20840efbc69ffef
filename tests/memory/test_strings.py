"""The pool of names: chunks of characters, pools of entries, and the firmware's own names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.heap import GcHeap
from omvsim.memory import sizes
from omvsim.memory.firmware_names import Build, built_in_names, is_measured, names_in_order
from omvsim.memory.requests import Memory
from omvsim.memory.strings import StringPool, decode, encode, has_loose_bytes, size_of

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.memory.requests import Request


class _NoRoom(Exception):
    pass


def _fail(size: int) -> NoReturn:
    raise _NoRoom(size)


def _too_long() -> NoReturn:
    raise OverflowError


def _pool(blocks: int = 4000) -> StringPool:
    memory = Memory(GcHeap([(0x20000000, blocks * 16)]), _fail)
    memory.tape = []
    return StringPool(memory, frozenset({"", "print"}), _too_long)


def _asked(pool: StringPool) -> list[tuple[str, int, str]]:
    tape: list[Request] | None = pool.memory.tape
    assert tape is not None
    return [(request.kind, request.size, request.how) for request in tape]


def test_a_built_in_name_costs_nothing() -> None:
    pool = _pool()
    assert pool.intern("print") == "print"
    assert pool.intern("") == ""
    assert _asked(pool) == []


def test_the_first_name_takes_a_chunk_and_a_pool() -> None:
    # The first two requests of every script: its own name "main.py" (facts of the language traces, "Open").
    pool = _pool()
    pool.intern("main.py")
    assert _asked(pool) == [("alloc", 128, ""), ("alloc", 164, "")]
    pool.intern("main.py")
    assert len(_asked(pool)) == 2


def test_a_full_chunk_grows_in_place_by_exactly_the_next_name() -> None:
    pool = _pool()
    pool.memory.tape = []
    for number in range(16):
        pool.intern(f"name_{number:02d}")  # 8 bytes each: 128
    pool.memory.tape = []
    pool.intern("x")
    # the pool of names lies behind the chunk: no room to grow, so it is cut to what it has and a new one starts
    assert _asked(pool) == [("realloc", 130, "nomove"), ("realloc", 128, "same"), ("alloc", 128, "")]
    pool.intern("y" * 124)
    pool.intern("z" * 30)
    assert _asked(pool)[3:] == [("realloc", 128 + 31, "grow")]  # 127 of 128 used, nothing behind it


def test_a_pool_that_is_full_is_followed_by_one_of_twice_its_size() -> None:
    pool = _pool()
    for number in range(61):
        pool.intern(f"n{number}")
    sizes_asked = [size for kind, size, _ in _asked(pool) if kind == "alloc" and size not in (128,)]
    assert sizes_asked == [24 + 7 * 20, 24 + 7 * 40, 24 + 7 * 80]


def test_a_name_longer_than_a_chunk_gets_its_own_size() -> None:
    pool = _pool()
    pool.intern("a" * 200)
    assert _asked(pool)[0] == ("alloc", 201, "")


def test_a_name_beyond_255_bytes_is_refused_before_anything_is_asked() -> None:
    pool = _pool()
    with pytest.raises(OverflowError):
        pool.intern("ä" * 128)
    assert _asked(pool) == []
    assert not pool.has("ä" * 128)
    assert pool.intern("ä" * 127 + "x") == "ä" * 127 + "x"  # 255 bytes
    assert _asked(pool)[0] == ("alloc", 256, "")


def test_without_room_for_a_chunk_its_exact_size_is_tried() -> None:
    pool = _pool(blocks=10)
    with pytest.raises(_NoRoom) as refused:
        pool.intern("abc")
    asked = _asked(pool)
    assert asked[0] == ("alloc", 128, "")
    assert refused.value.args == (20,)  # the pool's message counts entries (m_malloc_fail(new_alloc))


def _crowded(left: int) -> StringPool:
    """A pool of names on a heap in which so many blocks are left."""
    pool = _pool(blocks=60)
    pool.memory.heap.auto_collect = False
    pool.memory.block((pool.memory.heap.max_free() - left) * 16).address = 0  # nobody gives it back
    pool.memory.tape = []
    return pool


@pytest.mark.parametrize(("left", "size"), [(7, 20), (1, 20), (0, 4)])
def test_a_chunk_of_just_the_name_is_the_last_that_is_tried(left: int, size: int) -> None:
    """qstr_from_strn: 128 bytes, then as many as the name has, then MemoryError for those; a pool's counts entries."""
    pool = _crowded(left)
    with pytest.raises(_NoRoom) as refused:
        pool.intern("abc")
    assert _asked(pool)[:2] == [("alloc", 128, "fail"), ("alloc", 4, "" if left else "fail")]
    assert refused.value.args == (size,)
    assert not pool.has("abc")


@given(st.lists(st.text(max_size=40), max_size=60))
def test_every_name_is_found_afterwards_and_asked_for_once(names: list[str]) -> None:
    pool = _pool()
    short = [name for name in names if size_of(name) <= sizes.NAME_LENGTH_MAX]
    for name in short:
        assert pool.intern(name) == name
    assert all(pool.has(name) for name in short)
    before = _asked(pool)
    for name in short:
        pool.intern(name)
    assert _asked(pool) == before


@given(st.binary())
def test_bytes_survive_as_text(data: bytes) -> None:
    assert encode(decode(data)) == data
    assert size_of(decode(data)) == len(data)


def test_a_surrogate_is_three_bytes_like_any_character() -> None:
    """py/unicode.c knows no surrogates; the host's U+DC80 to U+DCFF stand for one byte each here."""
    for code in range(0xD800, 0xE000):
        three = bytes((0xED, 0x80 | (code >> 6 & 0x3F), 0x80 | (code & 0x3F)))
        if 0xDC80 <= code <= 0xDCFF:
            assert encode(chr(code)) == bytes((code & 0xFF,))
            assert decode(three) == "".join(chr(0xDC00 | byte) for byte in three)
            assert has_loose_bytes(chr(code))
        else:
            assert encode(chr(code)) == three
            assert decode(three) == chr(code)
            assert (has_loose_bytes(chr(code)), size_of(chr(code))) == (False, 3)


@pytest.mark.parametrize(
    "data",
    [b"\xed", b"\xed\xa0", b"\xed\xa0A", b"\xed\xe0\x80", b"\xed\xa0\xc0", b"\xedA\x80", b"\xed\x20\x20", b"\xee\xa0"],
)
def test_what_only_begins_like_a_surrogate_is_bytes(data: bytes) -> None:
    loose = "".join(chr(byte) if byte < 0x80 else chr(0xDC00 | byte) for byte in data)
    assert decode(b"x" + data + b"y") == f"x{loose}y"
    assert decode(data) == loose


@pytest.mark.parametrize(("release", "build"), [("4.8.1", Build.FULL), ("4.8.1", Build.PLAIN), ("5.0.0", Build.FULL)])
def test_measured_names(release: str, build: Build) -> None:
    names = built_in_names(release, build)
    assert {"", "print", "__init__", "ml", "\n"} <= names
    assert ("uasyncio" in names or "asyncio" in names) == (build is Build.FULL)
    assert is_measured(release, build)


def test_a_firmware_that_was_not_measured_is_not_known() -> None:
    assert not is_measured("4.9.9", Build.FULL)
    with pytest.raises(KeyError):
        built_in_names("4.9.9")
    with pytest.raises(KeyError):
        built_in_names("4.9.9", Build.PLAIN)


def test_a_plain_build_that_was_not_measured_lacks_what_the_measured_one_lacks() -> None:
    assert not is_measured("5.0.0", Build.PLAIN)
    names, whole = built_in_names("5.0.0", Build.PLAIN), built_in_names("5.0.0")
    lacking = built_in_names("4.8.1") - built_in_names("4.8.1", Build.PLAIN)
    assert names - whole == {"preprocessing"}
    assert {"CSI", "framebuffers", "SOFTCSI"} <= names & lacking
    assert not {"asyncio", "network", "mqtt.py"} & names
    assert {name for name in whole - names if name not in lacking} == {"protocol/__init__.py"}
    assert {"templatelib", "ml/preprocessing.py", "_boot.py"} <= names
    order = names_in_order("5.0.0", Build.PLAIN)
    assert len(order) == len(names)
    assert frozenset(order) == names


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "release", "build"),
    [("4.8.1", "4.8.1", Build.FULL), ("4.8.1-plain", "4.8.1", Build.PLAIN), ("5.0.0", "5.0.0", Build.FULL)],
)
def test_names_are_those_measured(shared: Path, file: str, release: str, build: Build) -> None:
    measured = json.loads((shared / "oracle" / "language" / f"strings-{file}.json").read_text())
    assert built_in_names(release, build) == {*measured["built_in"], *measured["frozen"]}
