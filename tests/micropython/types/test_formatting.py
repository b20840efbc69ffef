"""``str.format`` and ``%``: texts, pieces and buffers, error texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.micropython.types.inttext import print_int
from omvsim.micropython.types.padding import Spec, print_padded
from omvsim.micropython.types.strformat import format_
from omvsim.micropython.types.strpercent import percent
from omvsim.micropython.values import PrintKind
from tests.micropython.types._machine import Asked, asked, lines, machine, shown

VM = machine(size=1 << 22)
VM.memory.tape = None


@given(
    st.integers(-(1 << 29), 1 << 29),
    st.sampled_from(["", "<", ">", "^", "="]),
    st.sampled_from(["", "+", " "]),
    st.sampled_from(["", "#"]),
    st.sampled_from(["", "0"]),
    st.integers(0, 14),
    st.sampled_from(["", "d", "x", "X", "o", "b"]),
)
def test_ints_as_the_host_formats_them(
    number: int, align: str, sign: str, prefix: str, zero: str, width: int, kind: str
) -> None:
    spec = f"{align}{sign}{prefix}{zero}{width or ''}{kind}"
    text = shown(VM, format_(VM, "{:" + spec + "}", (number,), ()), PrintKind.STR)
    expected = format(number, spec)
    if align in ("<", ">", "^") and zero:
        return  # the host pads with the sign inside, MicroPython as the alignment says
    assert text == expected.replace("0X", "0X")


@given(st.text("abé", max_size=6), st.sampled_from(["", "<", ">", "^", "*^"]), st.integers(0, 9))
def test_texts_are_padded_in_bytes(text: str, align: str, width: int) -> None:
    made = VM.new_str(text)
    found = shown(VM, format_(VM, "{:" + align + str(width or "") + "}", (made,), ()), PrintKind.STR)
    missing = max(width - len(text.encode()), 0)
    assert len(found) == len(text) + missing
    assert text in found


@given(
    st.integers(-(1 << 29), 1 << 29),
    st.sampled_from("dxXo"),
    st.sampled_from(["", "-", "+", "0", " "]),
    st.integers(0, 12),
)
def test_percent_of_ints(number: int, kind: str, flag: str, width: int) -> None:
    spec = f"%{flag}{width or ''}{kind}"
    assert shown(VM, percent(VM, spec, number), PrintKind.STR) == spec % number


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            "'{} {1}'.format(1, 2)",
            "ValueError: can't switch from automatic field numbering to manual field specification",
        ),
        (
            "'{0} {}'.format(1, 2)",
            "ValueError: can't switch from manual field specification to automatic field numbering",
        ),
        ("'{'.format(1)", "ValueError: unmatched '{' in format"),
        ("'}'.format(1)", "ValueError: single '}' encountered in format string"),
        ("'{!x}'.format(1)", "ValueError: unknown conversion specifier x"),
        ("'{!'.format(1)", "ValueError: end of format while looking for conversion specifier"),
        ("'{!rx}'.format(1)", "ValueError: expected ':' after format specifier"),
        ("'{}'.format()", "IndexError: tuple index out of range"),
        ("'{5}'.format(1)", "IndexError: tuple index out of range"),
        ("'{a}'.format(1)", "KeyError: a"),
        ("'{0.a}'.format(1)", "NotImplementedError: attributes not supported"),
        ("'{:q}'.format(1)", "ValueError: invalid format specifier"),
        ("'{:s}'.format(1)", "ValueError: unknown format code 's' for object of type 'int'"),
        ("'{:d}'.format('a')", "ValueError: unknown format code 'd' for object of type 'str'"),
        ("'{:d}'.format(1.5)", "ValueError: unknown format code 'd' for object of type 'float'"),
        ("'{:=5}'.format('a')", "ValueError: '=' alignment not allowed in string format specifier"),
        ("'{:+s}'.format('a')", "ValueError: sign not allowed in string format specifier"),
        ("'{:+c}'.format(65)", "ValueError: sign not allowed with integer format specifier 'c'"),
        ("'%d' % 'a'", "TypeError: can't convert str to int"),
        ("'%d'", ""),
        ("'%d %d' % (1,)", "TypeError: format string needs more arguments"),
        ("'%d' % (1, 2)", "TypeError: format string didn't convert all arguments"),
        ("'%' % 1", "ValueError: incomplete format"),
        ("'%(a' % {}", "ValueError: incomplete format key"),
        ("'%(a)s' % 1", "TypeError: format needs a dict"),
        ("'%(a)s' % {}", "KeyError: a"),
        ("'%z' % 1", "ValueError: unsupported format character 'z' (0x7a) at index 1"),
        ("'%c' % 'ab'", "TypeError: %c needs int or char"),
        ("'%c' % 1.5", "TypeError: integer needed"),
        ("'%f' % 'a'", "TypeError: can't convert str to float"),
    ],
)
def test_errors(source: str, text: str) -> None:
    assert ([*lines(source), ""][-2 if text else 0]) == text


def test_texts() -> None:
    assert lines(
        "print('{:5}|{:<5}|{:^5}|{:>5}|{:05}|{:+}|{: }|{:,}|{:_}|{:#x}|{:#o}|{:b}|{:c}'.format(1, 2, 3, 4, 5, 6, "
        "7, 1234567, 1234567, 255, 8, 5, 65))\n"
        "print('{:.2f}|{:8.3f}|{:e}|{:g}|{:.1%}|{:+.1f}|{:06.2f}|{:<8}|{:n}'.format(3.14159, 2.5, 12345.678, "
        "0.0001, 0.256, 1.0, -1.5, 0.5, 7))\n"
        "print('{!r}|{!s}|{:>{}}|{a}|{0}'.format('x', 'y', 'z', 4, "
        "a=1) if 0 else '{!r}|{!s}|{:>{}}|{a}'.format('x', 'y', 'z', 4, a=1))\n"
        "print('{{}} {:.2} {:-^7} {:5s}|'.format('abc', 'm', 'q'), '{1} {0}'.format(1, 2))\n"
        "print('%5d|%-5d|%05d|%+d|% d|%x|%X|%#x|%o|%c|%c|%s|%r|%5s|%-5s|%.2s|%%' % (1, 2, 3, 4, 5, 255, 255, "
        "255, 8, 65, 'z', 'a', 'b', 'c', 'd', 'efg'))\n"
        "print('%.2f|%8.3f|%e|%g|%5.1f|%(k)d' % {'k': 1} if 0 else '%.2f|%8.3f|%e|%g|%-7.1f|' % (3.14159, 2.5, "
        "12345.678, 1e10, 1.25))\n"
        "print('%(k)d %(v)s' % {'k': 1, 'v': None}, '%*d' % (5, 3), '%.*f' % (1, 2.55), "
        "'%.3d|%6.3d|%-6.3d|' % (5, 6, 7), '%d' % 3.9)\n"
    ) == [
        "    1|2    |  3  |    4|00005|+6| 7|1,234,567|1_234_567|0xff|0o10|101|A",
        "3.14|   2.500|1.234568e+04|0.0001|25.6%|+1.0|-01.50|0.5     |7",
        "'x'|y|   z|1",
        "{} ab ---m--- q    | 2 1",
        "    1|2    |00003|+4| 5|ff|FF|0xff|10|A|z|a|'b'|    c|d    |ef|%",
        "3.14|   2.500|1.234568e+04|1e+10|1.3    |",
        "1 None     3 2.6 005|   006|007   | 3",
    ]


@pytest.mark.parametrize(("release", "text"), [("4.8.1", "0001,234|00001_2345"), ("5.0.0", "0,001,234|0_0001_2345")])
def test_zeroes_and_groups(release: str, text: str) -> None:
    """1.28 groups the zeroes that pad as well."""
    found = lines("print('{:08,}|{:010_x}'.format(1234, 0x12345))\n", release)
    assert found == [text]


def test_pieces_of_padding() -> None:
    """Sixteen at a time, one by one for an odd character."""
    pieces: list[str] = []
    print_padded(VM, pieces.append, "x", 1, Spec(), 40)
    assert [len(piece) for piece in pieces] == [16, 16, 7, 1]
    pieces.clear()
    print_padded(VM, pieces.append, "x", 1, Spec(fill="*", left=True), 4)
    assert pieces == ["x", "*", "*", "*"]
    pieces.clear()
    print_padded(VM, pieces.append, "", 0, Spec(center=True), 3)
    assert pieces == [" ", "  "]


def test_binary_digits_need_a_chunk() -> None:
    vm = machine()
    print_int(vm, lambda _: None, 5, 2, "a", Spec())
    assert asked(vm) == [Asked("alloc", 35), Asked("free", 0)]
    print_int(vm, lambda _: None, 5, 10, "a", Spec(sign="+", grouping=","))
    assert asked(vm) == [Asked("alloc", 17), Asked("free", 0)]
    print_int(vm, lambda _: None, 5, 10, "a", Spec(grouping=","))
    assert asked(vm) == []


def test_buffers_of_a_format() -> None:
    """16 for the result; 16 for an argument, which a name gives back; 16 for a specifier, given back."""
    vm = machine()
    format_(vm, "{} {:3}", ("append", 5), ())
    assert [(entry.kind, entry.size) for entry in asked(vm)] == [
        ("alloc", 16),
        ("alloc", 16),
        ("free", 0),
        ("alloc", 16),
        ("free", 0),
        ("realloc", 11),
        ("alloc", 16),
    ]


def test_buffers_of_percent() -> None:
    vm = machine()
    percent(vm, "%s=%d", vm.new_tuple(("append", 5)))
    assert [(entry.kind, entry.size) for entry in asked(vm)] == [
        ("alloc", 16),
        ("alloc", 16),
        ("alloc", 16),
        ("free", 0),
        ("realloc", 9),
        ("alloc", 16),
    ]
