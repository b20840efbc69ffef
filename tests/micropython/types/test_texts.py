"""str, bytes, bytearray: methods against the host's where both agree, requests, errors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.memory.vstr import VStr
from omvsim.micropython.errors import Fault
from omvsim.micropython.types import bytes_, list_, str_
from omvsim.micropython.values import BinaryOp, PrintKind
from tests.micropython.types._machine import Asked, asked, lines, machine, run, shown, sizes

LETTERS = st.text("abA \t,", max_size=12)
VM = machine(size=1 << 22)
VM.memory.tape = None


def call(value: object, name: str, *args: object) -> object:
    """Call a method; texts come back as host texts, lists of them likewise."""
    fun, bound = VM.method(make(value), name)  # type: ignore[arg-type]
    return host(VM.call(fun, (bound, *map(make, args))))  # type: ignore[arg-type]


def make(value: object) -> object:
    if isinstance(value, str):
        return str_.new_str(VM, value)
    return bytes_.new_bytes(VM, value) if isinstance(value, bytes) else value


def host(value: object) -> object:
    if isinstance(value, str_.Str):
        return value.text
    if isinstance(value, bytes_.Bytes):
        return value.data
    items = getattr(value, "items", None)
    if items is not None:
        return type(items)(map(host, items))
    return value


@pytest.mark.parametrize("name", ["find", "rfind", "count", "startswith", "endswith"])
@given(text=LETTERS, part=LETTERS, start=st.integers(-14, 14), end=st.integers(-14, 14))
def test_searching(name: str, text: str, part: str, start: int, end: int) -> None:
    assert call(text, name, part) == getattr(text, name)(part)
    assert call(text.encode(), name, part.encode()) == getattr(text.encode(), name)(part.encode())
    span = text[slice(start, end)]
    if name.endswith("swith"):
        assert call(text, name, part, start, end) == getattr(span, name)(part)
    elif part and len(span):
        assert call(text, name, part, start, end) == getattr(text, name)(part, start, end)


@given(LETTERS, LETTERS)
def test_stripping(text: str, chars: str) -> None:
    for name in ("strip", "lstrip", "rstrip"):
        assert call(text, name) == getattr(text, name)()
        assert call(text, name, chars) == getattr(text, name)(chars)
        assert call(text.encode(), name, chars.encode()) == getattr(text.encode(), name)(chars.encode())


@given(LETTERS, st.text("abA,", min_size=1, max_size=3), st.integers(-1, 4))
def test_splitting(text: str, separator: str, most: int) -> None:
    assert call(text, "split") == text.split()
    assert call(text, "split", separator, most) == text.split(separator, most)
    assert call(text, "rsplit", separator, most) == text.rsplit(separator, most)
    assert call(text, "partition", separator) == text.partition(separator)
    assert call(text, "rpartition", separator) == text.rpartition(separator)
    assert call(text.encode(), "split", separator.encode()) == text.encode().split(separator.encode())


@given(st.text("ab\r\n", max_size=10), st.booleans())
def test_lines(text: str, keep: bool) -> None:
    assert call(text, "splitlines", keep) == text.splitlines(keep)


@given(LETTERS, st.text("abA", max_size=2), st.text("xyz", max_size=3), st.integers(-1, 3))
def test_replacing(text: str, old: str, new: str, most: int) -> None:
    assert call(text, "replace", old, new, most) == text.replace(old, new, most)


@given(LETTERS)
def test_cases(text: str) -> None:
    for name in ("lower", "upper", "isspace", "isalpha", "isdigit"):
        assert call(text, name) == getattr(text, name)()
    letters = [char for char in text if char.isalpha()]
    assert call(text, "isupper") == (bool(letters) and all(map(str.isupper, letters)))
    assert call(text, "islower") == (bool(letters) and all(map(str.islower, letters)))


@given(LETTERS, st.integers(0, 20))
def test_centering(text: str, width: int) -> None:
    """The odd space goes to the right."""
    found = call(text, "center", width)
    pad = max(width - len(text), 0)
    assert found == " " * (pad // 2) + text + " " * (pad - pad // 2)


@given(st.lists(LETTERS, max_size=5), LETTERS)
def test_joining(parts: list[str], separator: str) -> None:
    made = list_.new_list(VM, [str_.new_str(VM, part) for part in parts])
    assert call(separator, "join", made) == separator.join(parts)


@given(st.text(max_size=20), st.integers(-25, 25), st.integers(-25, 25))
def test_subscripts(text: str, start: int, end: int) -> None:
    from omvsim.micropython.types.slice_ import new_slice

    text = text.encode("utf-8", "replace").decode()
    made = str_.new_str(VM, text)
    assert host(VM.subscr(made, new_slice(VM, start, end, None))) == text[start:end]
    assert VM.length(made) == len(text)
    if -len(text) <= start < len(text):
        assert VM.subscr(made, start) == text[start]


@given(st.text(max_size=12), st.text(max_size=12))
def test_orders_are_those_of_bytes(left: str, right: str) -> None:
    left, right = (text.encode("utf-8", "replace").decode() for text in (left, right))
    one, two = str_.new_str(VM, left), str_.new_str(VM, right)
    assert VM.binary(BinaryOp.LESS, one, two) is (left.encode() < right.encode())
    assert VM.equal(one, two) is (left == right)
    assert VM.binary(BinaryOp.IN, two, one) is (right in left)


@given(st.binary(max_size=20))
def test_repr_of_bytes(data: bytes) -> None:
    assert shown(VM, bytes_.new_bytes(VM, data)) == repr(data)


@given(st.text(st.characters(min_codepoint=0, max_codepoint=126), max_size=20))
def test_repr_of_ascii(text: str) -> None:
    assert shown(VM, text) == repr(text)


def test_repr_beyond_ascii() -> None:
    assert shown(VM, "é€😀\x7f") == "'\\xe9\\u20ac\\U0001f600\\x7f'"
    assert shown(VM, "é", PrintKind.STR) == "é"
    assert "".join(shown(VM, 'a"\\\n\x01é', PrintKind.JSON).encode("utf-8", "surrogateescape").decode()) == (
        '"a\\"\\\\\\n\\u0001é"'
    )


@given(st.binary(max_size=12), st.sampled_from(["", ":"]))
def test_hex(data: bytes, separator: str) -> None:
    found = call(data, "hex", separator) if separator else call(data, "hex")
    assert found == (data.hex(separator) if separator else data.hex()) or data == b""


# -- what is asked for -------------------------------------------------------------------------------------------------


def test_a_text_is_an_object_and_its_bytes() -> None:
    vm = machine()
    str_.new_str(vm, "no such name 1")
    assert sizes(vm) == [16, 15]
    assert str_.new_str(vm, "append") == "append"
    assert sizes(vm) == []
    bytes_.new_bytes(vm, b"")
    assert sizes(vm) == [16, 1]


def test_concatenation() -> None:
    """The bytes first, then the object; a name that results gives them back; an empty side costs nothing."""
    vm = machine()
    left = str_.new_str(vm, "no such name 1")
    sizes(vm)
    vm.binary(BinaryOp.ADD, left, left)
    assert sizes(vm) == [29, 16]
    assert vm.binary(BinaryOp.ADD, left, "") is left
    assert vm.binary(BinaryOp.ADD, "", left) is left
    assert sizes(vm) == []
    assert vm.binary(BinaryOp.ADD, "app", "end") == "append"
    assert asked(vm) == [Asked("alloc", 7), Asked("free", 0)]
    vm.binary(BinaryOp.MULTIPLY, left, 3)
    assert sizes(vm) == [43, 16]


def test_str_of_a_value() -> None:
    """A buffer of 16 bytes that grows by what is printed and is cut in the end."""
    vm = machine()
    vm.call(vm.builtins["str"], (vm.new_list(range(10)),))
    assert [(entry.kind, entry.size) for entry in asked(vm)][2:] == [
        ("alloc", 16),
        ("realloc", 40),
        ("realloc", 31),
        ("alloc", 16),
    ]


def test_encoding_shares_the_bytes() -> None:
    vm = machine()
    text = str_.new_str(vm, "no such name 1")
    sizes(vm)
    made = bytes_.sharing(vm, text)
    assert sizes(vm) == [16]
    assert isinstance(text, str_.Str)
    assert made.block is text.block
    back = str_.decoded(vm, made)
    assert sizes(vm) == [16]
    assert isinstance(back, str_.Str)
    assert back.block is made.block


def test_splitting_copies_parts() -> None:
    vm = machine()
    list_.append(vm, list_.new_list(vm, ()), 1)
    sizes(vm)
    fun, bound = vm.method(str_.new_str(vm, "xq1,xq2,append"), "split")
    sizes(vm)
    vm.call(fun, (bound, ","))  # type: ignore[arg-type]
    assert sizes(vm) == [16, 16, 16, 4, 16, 4]


def test_a_character_may_be_a_new_name() -> None:
    vm = machine()
    assert vm.subscr("xé", 1) == "é"
    assert sizes(vm) == [128, 164]
    assert list(vm.items("éé")) == ["é", "é"]
    assert sizes(vm) == []


def test_a_text_of_ten_thousand_million_bytes_is_never_built() -> None:
    out = run("try:\n    'ab' * 1000000000\nexcept MemoryError as e:\n    print(e)\n")
    assert out.text == "memory allocation failed, allocating 2000000001 bytes\n"


def test_a_buffer_grows_as_vstr_does() -> None:
    vm = machine()
    vstr = VStr(vm.memory, 16)
    for _ in range(40):
        vstr.add(b"x")
    assert [entry.size for entry in asked(vm)] == [16, 40]
    assert host(str_.finish_str(vm, vstr)) == "x" * 40
    assert (asked(vm)[0].kind, vstr.block.size) == ("realloc", 41)


# -- scripts -----------------------------------------------------------------------------------------------------------


def test_bytes_and_bytearrays() -> None:
    assert lines(
        "print(bytes(3), bytes([1, 2]), bytes('é', 'utf8'), bytes(b'ab'), b'ab' + bytearray(b'c'), "
        "b'a' in b'ba', b'ab'[0], b'abc'[1:])\n"
        "print(b'a' == 'a', b'ab' < b'b', b'ab' * 2, bytes(range(3)), b'ab'.decode(), bytes(x for x in (65, 66)))\n"
        "b = bytearray(b'abc')\nb[1] = 88\nb[0:1] = b'123'\nb.append(33)\nb += b'zz'\nb.extend([1, 2])\n"
        "print(b, len(b), b[-1], b.find(b'zz'), b.hex())\n"
        "print(bytearray(2), bytearray([1]), bytes.fromhex('01 ff'), bytearray.fromhex('0a'), "
        "bytearray(b'a') == b'a')\n"
        "print(b'%s %d' % (b'a', 3), b'{}'.format(5), b'a,b'.split(b','), b'x'.join([b'1', bytearray(b'2')]))\n"
    ) == [
        "b'\\x00\\x00\\x00' b'\\x01\\x02' b'\\xc3\\xa9' b'ab' b'abc' True 97 b'bc'",
        "False True b'abab' b'\\x00\\x01\\x02' ab b'AB'",
        "bytearray(b'123Xc!zz\\x01\\x02') 10 2 6 31323358" + "63217a7a0102",
        "bytearray(b'\\x00\\x00') bytearray(b'\\x01') b'\\x01\\xff' bytearray(b'\\n') True",
        "b'a 3' b'5' [b'a', b'b'] b'1x2'",
    ]


def test_texts() -> None:
    assert lines(
        "print('é' in 'café', 'café'.upper(), len('café'), 'café'[3], 'café'.encode(), 'a' < 'b', 'ab' * 0, "
        "str(b'ab', 'utf8'))\n"
        "print('x'.join(str(i) for i in range(3)), str(), str(None), str([1, 'a']), 'abc'[::1], 'abc'.find(''), "
        "'a b'.split(None, 1))\n"
        "print('%s' % 'a' 'b', 'a' 'b', 'aXbX'.replace('X', ''), 'abc'.startswith(('x', 'ab')), 'ab'.index('b'))\n"
    ) == [
        "True CAFé 4 é b'caf\\xc3\\xa9' True  ab",
        "0x1x2  None [1, 'a'] abc 0 ['a', 'b']",
        "ab ab ab True 1",
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("'a'[5]", "IndexError: string index out of range"),
        ("b'a'[5]", "IndexError: bytes index out of range"),
        ("'a'['b']", "TypeError: string indices must be integers, not str"),
        ("'abc'[::2]", "NotImplementedError: only slices with step=1 (aka None) are supported"),
        ("'a' + 1", "TypeError: unsupported types for __add__: 'str', 'int'"),
        ("1 in 'a'", "TypeError: can't convert 'int' object to str implicitly"),
        ("'a'.join([1])", "TypeError: join expects a list of str/bytes objects consistent with self object"),
        ("'a'.split('')", "ValueError: empty separator"),
        ("'a'.rsplit(None, 1)", "NotImplementedError: rsplit(None,n)"),
        ("'a'.index('b')", "ValueError: substring not found"),
        ("'a'.find(b'b')", "TypeError: can't convert 'bytes' object to str implicitly"),
        ("b'a'.find('b')", "TypeError: can't convert 'str' object to bytes implicitly"),
        ("'a'.partition('')", "ValueError: empty separator"),
        ("bytes('a')", "TypeError: string argument without an encoding"),
        ("bytes([256])", "ValueError: bytes value out of range"),
        ("bytes(-1)", "ValueError: "),
        ("bytes(1, 2)", "TypeError: wrong number of arguments"),
        ("str(b'\\xff', 'utf8')", "UnicodeError: "),
        ("str(x=1)", "NotImplementedError: keyword argument(s) not implemented - use normal args instead"),
        ("bytes.fromhex('0')", "ValueError: non-hex digit"),
        ("hasattr(1, b'x')", "TypeError: can't convert 'bytes' object to str implicitly"),
        ("setattr(1, 5, 1)", "TypeError: can't convert 'int' object to str implicitly"),
        ("'a'.nope", "AttributeError: 'str' object has no attribute 'nope'"),
        ("'a'.decode()", "AttributeError: 'str' object has no attribute 'decode'"),
        ("'a'[0] = 1", "TypeError: 'str' object doesn't support item assignment"),
        ("bytearray(b'a')[3]", "IndexError: bytearray index out of range"),
        ("bytearray('a')", "TypeError: string argument without an encoding"),
    ],
)
def test_errors(source: str, text: str) -> None:
    assert lines(source)[-1] == text


@pytest.mark.parametrize(("release", "text"), [("4.8.1", "b''"), ("5.0.0", "")])
def test_hex_of_nothing(release: str, text: str) -> None:
    assert lines("print(b''.hex())\n", release) == [text]


def test_a_width_of_minus_one_is_a_fault() -> None:
    """py/vstr.c, ``vstr_init_len``: length plus one is nothing, a byte is asked for, all memory is filled."""
    with pytest.raises(Fault):
        run("'ab'.center(-1)")
    assert lines("try:\n    'ab'.center(-2)\nexcept MemoryError as e:\n    print(e)\n") == [
        "memory allocation failed, allocating 4294967295 bytes"
    ]
