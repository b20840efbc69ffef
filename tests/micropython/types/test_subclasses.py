"""Classes of scripts that are built-in types as well: what asks for the native value gets it."""

from __future__ import annotations

import pytest

from tests.micropython.types._machine import lines


def test_buffers() -> None:
    assert lines(
        "class B(bytes):\n    pass\nb = B(b'ab')\nprint(b'x' + b, bytes(b), b[0], bytearray(b), "
        "memoryview(b)[1], b == b'ab')\n"
    ) == ["b'xab' b'ab' 97 bytearray(b'ab') 98 True"]


def test_bytes_have_no_length_of_their_own() -> None:
    """``mp_type_bytes`` has no ``unary_op``: the runtime knows length, truth and hash by the very type (py/obj.c)."""
    assert lines(
        "class B(bytes):\n    pass\nprint(bool(B()), bool(b''))\n"
        "try:\n    len(B(b'ab'))\nexcept TypeError as e:\n    print(e)\n"
    ) == ["True False", "object of type 'B' has no len()"]


def test_tuples() -> None:
    assert lines(
        "class T(tuple):\n    pass\nt = T((1, 2))\n"
        "print(t == (1, 2), (1, 2) == t, (1, 3) > t, t < (2,), (1, 2) <= t, t + (3,), t[1], list(t), "
        "hash(t) == hash((1, 2)))\n"
    ) == ["True True True True True (1, 2, 3) 2 [1, 2] True"]


def test_lists_and_dicts() -> None:
    assert lines(
        "class L(list):\n    def total(self):\n        return self[0] + self[-1]\nl = L([1, 2])\nl.append(5)\n"
        "l.extend([7])\n"
        "print(l, len(l), l.total(), l[1:], 2 in l, [x for x in l], l == [1, 2, 5, 7], bool(L()))\n"
        "class D(dict):\n    pass\nd = D(a=1)\nd['b'] = 2\n"
        "print(d, len(d), 'a' in d, d == {'a': 1, 'b': 2}, sorted(d) if 0 else d.get('b'))\n"
    ) == [
        "[1, 2, 5, 7] 4 8 [2, 5, 7] True [1, 2, 5, 7] True False",
        "{'a': 1, 'b': 2} 2 True True 2",
    ]


@pytest.mark.parametrize(("kind", "value"), [("int", "5"), ("str", "'ab'"), ("float", "1.5"), ("set", "{1}")])
def test_equality(kind: str, value: str) -> None:
    """The native value is compared."""
    source = f"class K({kind}):\n    pass\nprint(K({value}) == {value}, {kind}({value}) == K({value}))\n"
    assert lines(source) == ["True True"]


def test_in_place_gives_the_native_value() -> None:
    """``list.__iadd__`` answers the list itself, which is then no longer in its instance."""
    assert lines("class L(list):\n    pass\nl = L([1])\nl += [2]\nprint(type(l), l)\n") == ["<class 'list'> [1, 2]"]
