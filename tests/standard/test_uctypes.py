"""``uctypes``: structures over a buffer's memory, what they ask for, and what is not known of memory by address.

Expected values follow extmod/moductypes.c of MicroPython v1.26.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.micropython.errors import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bare_machine import Run

HEAD = """
import uctypes as u
b = bytearray(range(1, 17))
at = u.addressof(b)
def t(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
"""
READS = [
    ("u.struct(at, {'x': u.UINT16 | 1}, u.LITTLE_ENDIAN).x", "770"),
    ("u.struct(at, {'x': u.UINT16 | 1}, u.BIG_ENDIAN).x", "515"),
    ("u.struct(at, {'x': u.INT32 | 4}).x", str(0x08070605)),
    ("u.struct(at, {'x': u.UINT64 | 8}).x", str(0x100F0E0D0C0B0A09)),
    ("u.struct(at + 2, {'x': u.INT8 | 1}).x", "4"),
    ("u.struct(at, {'x': u.BFUINT16 | 2 | 4 << u.BF_POS | 8 << u.BF_LEN}).x", str(0x0403 >> 4 & 0xFF)),
    ("u.struct(at, {'x': u.BFUINT16 | 2 | 4 << u.BF_POS | 8 << u.BF_LEN}, u.BIG_ENDIAN).x", str(0x0304 >> 4 & 0xFF)),
    ("u.struct(at, {'x': (2, {'y': u.UINT8 | 1})}).x.y", "4"),
    ("u.struct(at, {'x': (u.ARRAY | 1, u.UINT8 | 3)}).x", "bytearray(b'\\x02\\x03\\x04')"),
    ("u.struct(at, {'x': (u.ARRAY | 2, u.UINT16 | 3)}).x[2]", str(0x0807)),
    ("u.struct(at, {'x': (u.ARRAY | 2, 3, {'y': u.UINT8 | 1, 'z': u.UINT8})}).x[2].y", "8"),
    ("bytes(u.struct(at, {'x': u.UINT16 | 1}, u.LITTLE_ENDIAN))", "b'\\x01\\x02\\x03'"),
    ("u.bytes_at(at + 3, 2), u.bytearray_at(at + 3, 2)", "b'\\x04\\x05' bytearray(b'\\x04\\x05')"),
    ("u.addressof(memoryview(b)[3:]) - at, u.addressof(u.struct(at + 5, {})) - at", "3 5"),
    ("u.bytes_at(u.addressof(b'abc') + 1, 2), u.addressof(bytearray())", "b'bc' 0"),
]
SIZES = [
    ("{}", 0),
    ("{'a': u.UINT8, 'b': u.UINT32 | 4}", 8),
    ("{'a': u.UINT32, 'b': u.UINT8 | 4}", 8),
    ("{'a': u.UINT32, 'b': u.UINT8 | 4}, u.LITTLE_ENDIAN", 5),
    ("{'a': (u.PTR | 2, u.UINT8)}, u.BIG_ENDIAN", 6),
    ("{'a': (u.ARRAY | 1, u.FLOAT32 | 3)}, u.BIG_ENDIAN", 13),
    ("{'a': (u.ARRAY | 0, 3, {'y': u.UINT16 | 1})}, u.BIG_ENDIAN", 9),
    ("{'a': u.BFUINT16 | 2 | 1 << u.BF_POS | 2 << u.BF_LEN}", 4),
    ("b", 16),
]
ERRORS = [
    ("u.sizeof(u.UINT8)", "TypeError can't unambiguously get sizeof scalar"),
    ("u.sizeof([])", "TypeError syntax error in uctypes descriptor"),
    ("u.sizeof(('garbage',))", "TypeError syntax error in uctypes descriptor"),
    ("u.sizeof((u.PTR * 3,))", "TypeError syntax error in uctypes descriptor"),
    ("u.sizeof((0, {}, 1))", "TypeError syntax error in uctypes descriptor"),
    ("u.sizeof({'a': ()})", "TypeError syntax error in uctypes descriptor"),
    ("u.struct(at, {'a': []}).a", "TypeError syntax error in uctypes descriptor"),
    ("u.struct(at, {'a': u.UINT8}).b", "KeyError b"),
    ("u.struct(at, {'a': u.UINT8})[0]", "TypeError struct: can't index"),
    ("u.struct(at, (u.ARRAY, u.UINT16 | 2))[2]", "IndexError struct: index out of range"),
    ("u.struct(at, (u.ARRAY, u.UINT16 | 2)).a", "TypeError struct: no fields"),
    ("u.addressof(5)", "TypeError object with buffer protocol required"),
    ("b[u.struct(at, {})]", "TypeError bytearray indices must be integers, not struct"),
]
WRITES = [
    ("s = u.struct(at, {'x': u.UINT16 | 1})\ns.x = 0xabcd", "01cdab04"),
    ("s = u.struct(at, {'x': u.UINT16 | 1}, u.BIG_ENDIAN)\ns.x = 0xabcd", "01abcd04"),
    ("s = u.struct(at, {'x': u.UINT8 | 1})\ns.x = -2", "01fe0304"),
    ("s = u.struct(at, {'x': u.FLOAT32})\ns.x = 1.5", "0000c03f"),
    ("s = u.struct(at, {'x': u.BFUINT8 | 1 | 4 << u.BF_POS | 2 << u.BF_LEN})\ns.x = 7", "01320304"),
    ("s = u.struct(at, {'x': (u.ARRAY | 1, u.UINT8 | 2)})\ns.x[1] = 255", "0102ff04"),
    ("s = u.struct(at, (u.ARRAY, u.INT16 | 2))\ns[1] = -2", "0102feff"),
    ("u.bytearray_at(at + 1, 3)[0:2] = b'ab'", "01616204"),
    ("memoryview(u.bytearray_at(at + 1, 3))[1] = 0", "01020004"),
    ("memoryview(u.struct(at + 1, {'x': u.UINT16}))[1] = 0", "01020004"),
    ("s = u.struct(at, {'x': u.UINT8})\ndel s.x", "01020304"),
]


@pytest.mark.parametrize(("text", "printed"), READS)
def test_read(run: Callable[..., Run], text: str, printed: str) -> None:
    assert run(f"{HEAD}print({text})").printed == printed + "\n"


@pytest.mark.parametrize(("text", "size"), SIZES)
def test_sizeof(run: Callable[..., Run], text: str, size: int) -> None:
    assert run(f"{HEAD}print(u.sizeof({text}))").printed == f"{size}\n"


@pytest.mark.parametrize(("text", "error"), ERRORS)
def test_refused(run: Callable[..., Run], text: str, error: str) -> None:
    assert run(f"{HEAD}t(lambda: {text})").printed == error + "\n"


@pytest.mark.parametrize(("text", "there"), WRITES)
def test_write(run: Callable[..., Run], text: str, there: str) -> None:
    assert run(f"{HEAD}{text}\nprint(b[:4].hex())").printed == there + "\n"


def test_pointer(run: Callable[..., Run]) -> None:
    """What it points to is read; what is stored through it is not (``uctypes_struct_subscr`` only loads)."""
    text = f"""{HEAD}
p = bytearray(4)
s = u.struct(u.addressof(p), {{'n': u.UINT32, 'p': (u.PTR, u.UINT8), 'q': (u.PTR, {{'x': u.UINT16 | 1}})}})
s.n = at
s.p[0] = 99
print(s.p[0], s.p[4], s.q[1].x, int(s.p) == at)
"""
    assert run(text).printed == f"1 5 {0x0706} True\n"


def test_print(run: Callable[..., Run]) -> None:
    text = f"{HEAD}for d in ({{}}, [], (u.ARRAY, 1), (u.PTR, 1), (0, {{}})):\n    print(u.struct(0x20280010, d))"
    names = ("STRUCT", "ERROR", "ARRAY", "PTR", "unk")
    assert run(text).printed == "".join(f"<struct {name} 20280010>\n" for name in names)


def test_constants(run: Callable[..., Run]) -> None:
    """The type is in the highest bits of a small int of 31 bits."""
    text = "import uctypes as u\nprint(u.VOID, u.INT8, u.ULONG, u.BFINT32, u.FLOAT64, u.PTR, u.ARRAY)"
    numbers = (0, 1 << 27, 4 << 27, (13 << 27) - (1 << 31), (15 << 27) - (1 << 31), 1 << 29, -(1 << 30))
    assert run(text).printed == " ".join(map(str, numbers)) + "\n"


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("u.struct(at, d)", [16]),
        ("s.a", []),
        ("s.b", [16]),
        ("s.c", [16]),
        ("s.e", [16]),
        ("s.q", [16, 8]),
        ("u.sizeof(s)", []),
        ("u.bytes_at(at, 3)", [16, 4]),
        ("u.bytearray_at(at, 300)", [16]),
    ],
)
def test_requests(run: Callable[..., Run], line: str, asked: list[int]) -> None:
    """A structure is four words; parts are objects of their own; bytes are a bytearray without items of its own."""
    text = f"""{HEAD}
d = {{'a': u.UINT8, 'b': (u.ARRAY, u.UINT8 | 2), 'c': (u.ARRAY, u.UINT16 | 2), 'e': (0, {{}}), 'q': u.UINT64}}
s = u.struct(at, d)
"""
    before, after = run(f"{text}'x'\n").asked, run(f"{text}{line}\n").asked
    assert [size for _, size in after[len(before) :]] == asked


def test_a_structure_keeps_its_buffer(run: Callable[..., Run]) -> None:
    """Its pointer is to the start of a chunk; without it the number alone keeps nothing."""
    make = "import uctypes as u, gc\ndef f():\n    b = bytearray(b'abcd')\n    return u.addressof(b)\n"
    busy = "def g(n):\n    return [n, n, n, n, n, n, n, n] and n\ng(1)\ngc.collect()\n"
    kept = f"{make}s = u.struct(f(), {{'x': u.UINT8 | 1}})\n{busy}print(s.x)"
    assert run(kept).printed == "98\n"
    with pytest.raises(Unknown, match="is not modelled"):
        run(f"{make}a = f()\n{busy}print(u.bytes_at(a, 1))")


def test_a_buffer_that_grows_is_not_held(run: Callable[..., Run]) -> None:
    text = (
        f"{HEAD}v = memoryview(u.struct(at, {{'x': u.UINT8}}))\nx = u.bytearray_at(at, 2)\nb.append(5)\nprint(len(b))"
    )
    assert run(text).printed == "17\n"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("u.struct(0x400ac000, {'x': u.UINT32}).x", "0x400ac000 is not modelled"),
        ("u.struct(at + 14, {'x': u.UINT32}).x", "is not modelled"),
        ("u.addressof('abc')", "where these bytes stand"),
        ("u.struct(at + 1, {'x': u.UINT64}).x", "not aligned"),
        ("u.bytearray_at(u.addressof(b'abc'), 2)[0] = 1", "constant object"),
        ("u.struct(at, {'x': (u.ARRAY, u.UINT8 | 2, 1, 2)}).x['a']", "indexed"),
    ],
)
def test_not_known(run: Callable[..., Run], line: str, why: str) -> None:
    with pytest.raises(Unknown, match=why):
        run(f"{HEAD}{line}")
