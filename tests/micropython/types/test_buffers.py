"""array, bytearray, memoryview: items, growth, windows."""

from __future__ import annotations

import array as host_array
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.micropython.errors import Unknown
from omvsim.micropython.types import array_, bytes_, memoryview_, slice_
from omvsim.micropython.types.items import SIZES, item_size, read_item, write_item
from omvsim.micropython.values import BinaryOp, Value
from tests.micropython.types._machine import Asked, asked, lines, machine, run, shown, sizes

VM = machine(size=1 << 22)
VM.memory.tape = None
RANGES = {"b": 7, "h": 15, "i": 31, "l": 31, "q": 63}


def new_array(code: str, items: list[int | float]) -> array_.Array:
    values: list[Value] = [VM.new_float(item) if isinstance(item, float) else VM.new_int(item) for item in items]
    made = VM.call(array_.ARRAY, (code, VM.new_list(values)))
    assert isinstance(made, array_.Array)
    return made


@pytest.mark.parametrize("code", "bhilq")
@given(data=st.data())
def test_items_are_the_hosts(code: str, data: st.DataObject) -> None:
    bits = RANGES[code]
    numbers = data.draw(st.lists(st.integers(-(1 << bits), (1 << bits) - 1), max_size=6))
    host = b"".join(struct.pack("<" + code, number) for number in numbers)
    made = new_array(code, list(numbers))
    assert bytes(made.data) == host
    assert shown(VM, made) == (f"array('{code}', {numbers})" if numbers else f"array('{code}')")
    unsigned = [number & ((2 << bits) - 1) for number in numbers]
    assert bytes(new_array(code.upper(), list(unsigned)).data) == host


@given(st.lists(st.floats(width=32, allow_nan=False), max_size=6))
def test_floats(numbers: list[float]) -> None:
    assert bytes(new_array("f", list(numbers)).data) == host_array.array("f", numbers).tobytes()
    assert bytes(new_array("d", list(numbers)).data) == host_array.array("d", numbers).tobytes()


def test_what_is_too_large_is_cut() -> None:
    cell = bytearray(2)
    write_item(VM, "h", cell, 0, 0x12345)
    assert read_item(VM, "h", cell, 0) == 0x2345
    write_item(VM, "H", cell, 0, -1)
    assert read_item(VM, "H", cell, 0) == 0xFFFF
    wide = bytearray(4)
    write_item(VM, "f", wide, 0, VM.new_float(1e38))
    assert struct.unpack("<f", wide)[0] == pytest.approx(1e38)


def test_codes() -> None:
    assert {item_size(VM, code) for code in SIZES} == {1, 2, 4, 8}
    assert lines("import array\n")[:1] in ([], ["Traceback (most recent call last):"])
    with pytest.raises(Unknown):
        write_item(VM, "O", bytearray(4), 0, None)
    half = bytearray(2)
    write_item(VM, "e", half, 0, 5)
    assert (half, read_item(VM, "e", half, 0)) == (bytearray(2), 0), "there are no halves in arrays"


class NaiveBytes:
    """Room of a bytearray in words: eight more when full, the exact size to extend."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.room = 0

    def do(self, name: str, number: int) -> None:
        if name == "append":
            if len(self.data) == self.room:
                self.room = len(self.data) + 8
            self.data.append(number)
        else:
            self.room = max(self.room, len(self.data) + number)
            self.data += bytes(number)


@given(st.lists(st.tuples(st.sampled_from(["append", "extend"]), st.integers(0, 20)), max_size=20))
def test_room(steps: list[tuple[str, int]]) -> None:
    vm = machine()
    made = vm.call(array_.BYTEARRAY, ())
    assert isinstance(made, array_.ByteArray)
    naive = NaiveBytes()
    for name, number in steps:
        naive.do(name, number)
        if name == "append":
            made.append(vm, number)
        else:
            made.extend(vm, bytes_.new_bytes(vm, bytes(number)))
        assert (bytes(made.data), made.block.size) == (bytes(naive.data), naive.room)


def test_what_they_ask_for() -> None:
    vm = machine()
    made = vm.call(array_.BYTEARRAY, (10,))
    assert sizes(vm) == [16, 10]
    vm.call(array_.BYTEARRAY, ())
    assert sizes(vm) == [16]
    vm.subscr(made, slice_.new_slice(vm, 2, 5, None, on_stack=True))
    assert sizes(vm) == [16, 3]
    vm.binary(BinaryOp.ADD, made, made)
    assert sizes(vm) == [16, 20]
    view = vm.call(memoryview_.MEMORYVIEW, (made,))
    assert sizes(vm) == [16]
    vm.subscr(view, slice_.new_slice(vm, 2, 5, None, on_stack=True))
    assert sizes(vm) == [16]
    vm.call(array_.ARRAY, ("H", vm.new_tuple((1, 2, 3))))
    assert sizes(vm) == [8 + 12, 16, 6, 16]


def test_bytes_of_a_bytearray_without_a_chunk() -> None:
    """No byte for the zero at the end: there is nothing to copy from."""
    vm = machine()
    made = vm.call(array_.BYTEARRAY, ())
    sizes(vm)
    vm.call(bytes_.BYTES, (made,))
    assert sizes(vm) == [16]
    vm.call(bytes_.BYTES, (vm.call(array_.BYTEARRAY, (1,)),))
    assert sizes(vm) == [16, 1, 16, 2]


def test_a_slice_that_grows() -> None:
    vm = machine()
    made = vm.call(array_.BYTEARRAY, (bytes_.new_bytes(vm, b"0123"),))
    assert isinstance(made, array_.ByteArray)
    sizes(vm)
    vm.set_subscr(made, slice_.new_slice(vm, 1, 2, None, on_stack=True), bytes_.new_bytes(vm, b"abc"))
    assert bytes(made.data) == b"0abc23"
    assert [entry for entry in asked(vm) if entry.kind == "realloc"] == [Asked("realloc", 6, "same")]
    assert made.spare == 0
    vm.set_subscr(made, slice_.new_slice(vm, 0, 4, None, on_stack=True), bytes_.new_bytes(vm, b""))
    assert (bytes(made.data), made.spare) == (b"23", 4)


def test_a_view_writes_through() -> None:
    assert lines(
        "b = bytearray(b'0123456789')\nm = memoryview(b)\nn = m[2:6]\nn[0] = 65\nn[1:3] = b'xy'\n"
        "print(b, bytes(n), len(n), n[-1], n == b'Axy5', list(n), bytes(memoryview(n)[1:]), n.hex())\n"
        "b[2] = 90\nprint(bytes(n), memoryview(b'ab')[0], bytes(memoryview('é')))\n"
    ) == [
        "bytearray(b'01Axy56789') b'Axy5' 4 53 True [65, 120, 121, 53] b'xy5' 41787935",
        "b'Zxy5' 97 b'\\xc3\\xa9'",
    ]


def test_a_view_keeps_the_bytes() -> None:
    """The chunk of the bytes lives as long as a view of it; the bytearray's own 16 bytes do not."""
    out = run(
        "m = memoryview(bytearray(5000))[10:20]\nfor i in range(400):\n    x = bytearray(1000)\nprint(bytes(m))\n",
        size=1 << 16,
    )
    assert out.text == f"{bytes(10)!r}\n"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("memoryview(5)", "TypeError: object with buffer protocol required"),
        ("memoryview(b'a')[0] = 1", "TypeError: 'memoryview' object doesn't support item assignment"),
        ("m = memoryview(bytearray(3))\nm[0:2] = b'abc'", "ValueError: lhs and rhs should be compatible"),
        ("b = bytearray(3)\nb[0:1] = [1]", "NotImplementedError: array/bytes required on right side"),
        ("b = bytearray(3)\nb[::2] = b''", "NotImplementedError: only slices with step=1 (aka None) are supported"),
        ("b = bytearray(3)\ndel b[0]", "TypeError: 'bytearray' object doesn't support item deletion"),
        ("memoryview(b'abc')[5]", "IndexError: memoryview index out of range"),
        ("5 in bytearray(3)", "NotImplementedError: "),
        ("print(bytearray(b'a') < 5, 'a' in bytearray(b'ab'))", "False True"),
        ("bytearray(2) * 2", "TypeError: unsupported types for __mul__: 'bytearray', 'int'"),
        ("memoryview(b'a') + b''", "TypeError: unsupported types for __add__: 'memoryview', 'bytes'"),
    ],
)
def test_errors(source: str, text: str) -> None:
    assert lines(source)[-1] == text
