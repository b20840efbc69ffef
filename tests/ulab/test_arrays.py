"""ulab's arrays: what they print, refuse and ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bare_machine import Run

START = "from ulab import numpy as np\na = np.array([1, 2, 3, 4, 5])\nb = np.zeros((2, 3), dtype=np.uint8)\n"
VALUES = [
    ("a", "array([1.0, 2.0, 3.0, 4.0, 5.0], dtype=float32)"),
    ("b", "array([[0, 0, 0],\n       [0, 0, 0]], dtype=uint8)"),
    ("np.array([[1, 2], [3, 4]], dtype=np.int16)", "array([[1, 2],\n       [3, 4]], dtype=int16)"),
    ("np.zeros((1, 2, 1), dtype=np.int8)", "array([[[0],\n        [0]]], dtype=int8)".replace("        ", "       ")),
    ("np.array(range(12), dtype=np.uint8)", "array([0, 1, 2, ..., 9, 10, 11], dtype=uint8)"),
    ("np.array([0, 5], dtype=np.bool)", "array([False, True], dtype=bool)"),
    ("np.array(np.array([1, 2]), dtype=np.bool)", "array([False, False], dtype=bool)"),
    ("np.array(a * -0.7, dtype=np.int8)", "array([-1, -1, -2, -3, -4], dtype=int8)"),
    ("np.zeros(0)", "array([], dtype=float32)"),
    ("(b.shape, b.strides, b.size, b.itemsize, b.dtype, len(b))", "((2, 3), (3, 1), 6, 1, 66, 2)"),
    ("a[1], a[-1], a[::-2].tolist(), a[1:3].shape", "(2.0, 5.0, [5.0, 3.0, 1.0], (2,))"),
    ("a['x'], a[[0, 1]], a[None]", "(None, None, None)"),
    ("a[a > 2.5]", "array([3.0, 4.0, 5.0], dtype=float32)"),
    ("b + 300", "array([[300, 300, 300],\n       [300, 300, 300]], dtype=uint16)"),
    ("b - 1", "array([[255, 255, 255],\n       [255, 255, 255]], dtype=uint8)"),
    ("np.array([7, 8], dtype=np.uint8) / 2", "array([3.0, 4.0], dtype=float32)"),
    ("1 / a[:3]", "array([1.0, 0.5, 0.33333334], dtype=float32)"),
    ("np.array([-7, 7], dtype=np.int8) // 2", "array([-4, 3], dtype=int8)"),
    ("np.array([-2, 2], dtype=np.int16) - 0.5", "array([65533.5, 1.5], dtype=float32)"),
    ("np.array([-2, 2], dtype=np.int16) + 0.5", "array([-1.5, 2.5], dtype=float32)"),
    ("(np.array([1], dtype=np.uint16) + np.array([1], dtype=np.int16))", "array([2.0], dtype=float32)"),
    ("np.array([250, 10], dtype=np.uint8) + np.array([10, 20], dtype=np.uint8)", "array([4, 30], dtype=uint8)"),
    ("(a < 3, a == 3)[1]", "array([False, False, True, False, False], dtype=bool)"),
    ("-b[0] + 1, ~b[0]", "(array([1, 1, 1], dtype=uint8), array([255, 255, 255], dtype=uint8))"),
    ("abs(np.array([-3, 3], dtype=np.int8)), +a[:1]", "(array([3, 3], dtype=int8), array([1.0], dtype=float32))"),
    ("np.array([6], dtype=np.uint8) & np.array([3], dtype=np.uint8)", "array([2], dtype=uint8)"),
    ("a.reshape((5, 1)).T.shape, b.reshape((-1, 2)).shape, b.T.strides", "((1, 5), (3, 2), (1, 3))"),
    ("np.array([[1, 2], [3, 4]]).flatten(order='F')", "array([1.0, 3.0, 2.0, 4.0], dtype=float32)"),
    ("np.array([1, 256], dtype=np.uint16).byteswap()", "array([256, 1], dtype=uint16)"),
    (
        "a.tobytes()[:4], bytes(b), b.tolist()",
        "(bytearray(b'\\x00\\x00\\x80?'), b'\\x00\\x00\\x00\\x00\\x00\\x00', [[0, 0, 0], [0, 0, 0]])",
    ),
    ("[x for x in b.flat], [r.shape for r in b]", "([0, 0, 0, 0, 0, 0], [(3,), (3,)])"),
    ("np.sort(np.array([-1, 3, 1], dtype=np.int8)), np.median(a)", "(array([1, 3, -1], dtype=int8), 3.0)"),
    ("np.argsort(np.array([3, 1, 2]), axis=0)", "array([1, 2, 0], dtype=uint16)"),
    ("np.frombuffer(b'\\1\\2\\3\\4', dtype=np.uint16)", "array([513, 1027], dtype=uint16)"),
    ("np.eye(2, M=3, k=1, dtype=np.int8)", "array([[0, 1, 0],\n       [0, 0, 1]], dtype=int8)"),
    ("np.asarray(3), np.asarray(a) is a, np.asarray((1,), dtype=np.int8)", "(3, True, array([1], dtype=int8))"),
]
ERRORS = [
    ("a[5]", "IndexError: index is out of bounds"),
    ("a[1, 2]", "IndexError: too many indices"),
    ("b[b > 0]", "NotImplementedError: operation is implemented for 1D Boolean arrays only"),
    ("a + np.zeros(3)", "ValueError: operands could not be broadcast together"),
    ("a + 'x'", "ValueError: too many dimensions"),
    ("a == None", "TypeError: 'NoneType' object isn't iterable"),
    ("a & 1", "TypeError: operation not supported for the input types"),
    ("~a", "ValueError: operation is not supported for given type"),
    ("a.reshape((2, 3))", "ValueError: cannot reshape array"),
    ("np.zeros((1, 1, 1, 1, 1))", "TypeError: too many dimensions"),
    ("np.zeros('a')", "TypeError: input argument must be an integer, a tuple, or a list"),
    ("np.zeros(3, dtype=7)", "ValueError: bad typecode"),
    ("np.zeros()", "TypeError: '' argument required"),
    ("a[::2].tobytes()", "ValueError: tobytes can be invoked for dense arrays only"),
    ("memoryview(a[::2])", "TypeError: object with buffer protocol required"),
    ("b += 0.5", "TypeError: cannot cast output with casting rule"),
    ("b /= 2", "TypeError: results cannot be cast to specified type"),
    ("np.argsort(a)", "NotImplementedError: argsort is not implemented for flattened arrays"),
    ("5 // a", "TypeError: unsupported types for __floordiv__: 'int', 'ndarray'"),
]


@pytest.mark.parametrize(("text", "expected"), VALUES)
def test_values(run: Callable[..., Run], text: str, expected: str) -> None:
    """Each prints what ulab prints."""
    made = run(f"{START}r = {text}\nprint(r)")
    assert made.printed == expected + "\n"


@pytest.mark.parametrize(("text", "expected"), ERRORS)
def test_errors(run: Callable[..., Run], text: str, expected: str) -> None:
    """The last line of the traceback."""
    assert run(START + text).printed.splitlines()[-1] == expected


def test_views_share_data(run: Callable[..., Run]) -> None:
    """What is stored through one is seen through the other, as through a bytearray that an array lies on."""
    text = "v = b[1]\nv[0] = 7\nb[0] = [1, 2, 3]\nb[:, 2] = 9\nprint(b, v)\nq = bytearray(4)\n"
    text += (
        "w = np.frombuffer(q, dtype=np.uint8)\nw[1] = 5\nq[0] = 3\nprint(q, w)\nm = w.tobytes()\nm[3] = 8\nprint(w, q)"
    )
    assert run(START + text).printed == (
        "array([[1, 2, 9],\n       [7, 0, 9]], dtype=uint8) array([7, 0, 9], dtype=uint8)\n"
        "bytearray(b'\\x03\\x05\\x00\\x00') array([3, 5, 0, 0], dtype=uint8)\n"
        "array([3, 5, 0, 8], dtype=uint8) bytearray(b'\\x03\\x05\\x00\\x08')\n"
    )


def test_bytes_of_a_part(run: Callable[..., Run]) -> None:
    """They share the data of the rows they lie on, and slices of them are copies."""
    text = (
        "p = b[1].tobytes()\np[0] = 7\np[1:3] = b'xy'\nq = p[:2]\nq[0] = 1\nprint(b, p, q, len(p), list(p), p + b'!')"
    )
    assert run(START + text).printed == (
        "array([[0, 0, 0],\n       [7, 120, 121]], dtype=uint8) bytearray(b'\\x07xy') bytearray(b'\\x01x') 3 "
        "[7, 120, 121] bytearray(b'\\x07xy!')\n"
    )


def test_bytes_of_a_part_cannot_grow(run: Callable[..., Run]) -> None:
    """What the camera does then is not known."""
    from omvsim.micropython.errors import Unknown

    with pytest.raises(Unknown):
        run(START + "b[1].tobytes().append(3)")


def test_a_view_keeps_the_data_not_the_array(run: Callable[..., Run]) -> None:
    """After a collection the first array's object is free, its data is not."""
    text = "import gc\nk = n = 0\nu = np.zeros(1000, dtype=np.uint8)\nv = u[10:]\ngc.collect()\nn = gc.mem_free()\n"
    text += "u = None\n"
    text += "gc.collect()\nk = gc.mem_free() - n\nv = None\ngc.collect()\nprint(k, gc.mem_free() - n - k)"
    assert run(START + text).printed == "64 1072\n"


KEPT = [
    ("np.frombuffer(q, dtype=np.uint8)", 1008),
    ("np.frombuffer(q, dtype=np.uint8, offset=4)", 0),
    ("memoryview(np.frombuffer(q, dtype=np.uint8))", 1008),
    ("np.frombuffer(q, dtype=np.uint8)[1:].tobytes()", 0),
    ("np.frombuffer(q, dtype=np.uint8)[1:]", 1008),
]


@pytest.mark.parametrize(("text", "expected"), KEPT)
def test_what_is_kept_alive(run: Callable[..., Run], text: str, expected: int) -> None:
    """The collector follows pointers to the start of a chunk only."""
    start = "import gc\nfree = n = 0\nx = None\nq = bytearray(1000)\n"
    start += f"def f():\n    return {text}\n"
    script = f"{START}{start}x = f()\nq = None\ngc.collect()\nfree = gc.mem_free()\nx = None\ngc.collect()\n"
    made = int(run(script + "print(gc.mem_free() - free)").printed)
    assert made // 1000 == expected // 1000


def test_an_empty_view_takes_one_element(run: Callable[..., Run]) -> None:
    """Each loop of ndarray_assign_view runs at least once."""
    assert run(START + "a[2:2] = 9\nprint(a[2])").printed == "9.0\n"


def test_in_place(run: Callable[..., Run]) -> None:
    """In the left side's type."""
    text = "b += 255\nb += 3\nprint(b[0])\nb *= 200\nprint(b[0])\na **= 2\na /= 3\nprint(a)\nb -= 1\nprint(b[0])"
    assert run(START + text).printed == (
        "array([2, 2, 2], dtype=uint8)\narray([144, 144, 144], dtype=uint8)\n"
        "array([0.33333334, 1.3333334, 3.0, 5.3333336, 8.333333], dtype=float32)\narray([143, 143, 143], dtype=uint8)\n"
    )


def test_remainders_of_newer_versions(run: Callable[..., Run]) -> None:
    """``%`` is C's: it has the sign of the left side; older versions do not have it."""
    text = START + "print(a % 2, np.array([-7, 7], dtype=np.int8) % 3, np.array([5], dtype=np.uint8) % 0, a.ndim)"
    assert run(text, "5.0.0").printed == (
        "array([1.0, 0.0, 1.0, 0.0, 1.0], dtype=float32) array([-1, 1], dtype=int8) array([5], dtype=uint8) 1\n"
    )
    assert run(text).printed.splitlines()[-1] == "TypeError: unsupported types for __mod__: 'ndarray', 'int'"
    assert run(START + "a.ndim").printed.splitlines()[-1].endswith("has no attribute 'ndim'")


def test_transposing_axes(run: Callable[..., Run]) -> None:
    """Only newer versions take ``axes``, and ask for a block for them."""
    text = START + "c = np.zeros((1, 2, 3))\nprint(c.transpose(axes=(1, 0, 2)).shape)"
    assert run(text, "5.0.0").printed == "(2, 1, 3)\n"
    assert run(text).printed.splitlines()[-1] == "TypeError: function doesn't take keyword arguments"
    assert run(START + "b.transpose()", "5.0.0").asked[-4:] == [("alloc", 8), ("alloc", 8), ("alloc", 2), ("alloc", 52)]
    assert run(START + "b.transpose()").asked[-3:] == [("alloc", 8), ("alloc", 8), ("alloc", 52)]


REQUESTS = [
    ("np.zeros((2, 3))", [16, 52, 16, 24]),
    ("np.array([1, 2])", [16, 16, 52, 16, 8]),
    ("b[0]", [4, 12, 16, 16, 52]),
    ("b[0, 1]", [16, 16, 52]),
    ("a[0]", [4, 12, 16, 16, 52, 8]),
    ("b.copy()", [16, 52, 6]),
    ("b.flatten()", [16, 52, 16, 6]),
    ("b.T", [8, 8, 52]),
    ("b.T.reshape((6,))", [8, 8, 52, 16, 52, 16, 6]),
    ("b.reshape(6)", [4, 12, 16, 16, 52]),
    ("b == 1.5", [16, 52, 16, 4, 16, 16, 16, 52, 16, 6]),
    ("a == 1", [16, 52, 16, 1, 16, 16, 16, 52, 16, 5, 16, 16, 16, 52, 16, 5]),
    ("a + 1", [16, 52, 16, 1, 16, 16, 16, 16, 16, 16, 52, 16, 20]),
    ("a - 1", [16, 52, 16, 1, 16, 16, 16, 52, 16, 20]),
    ("1 - a", [16, 52, 16, 1, 16, 16, 16, 52, 16, 20]),
    ("b[0, 0] = 5", [16, 52, 16, 1, 16, 16, 52, 16, 16, 16, 16, 52, 1]),
    ("b[0, 0] = -5", [16, 52, 16, 1, 16, 16, 52, 16, 16, 16, 52, 16, 1]),
    ("b[0] += 1", [4, 12, 16, 16, 52, 16, 52, 16, 1, 16, 16, 16, 4, 12, 16, 16, 52, 16, 16, 16, 16, 52, 3]),
    ("b += 1", [16, 52, 16, 1, 16, 16, 16]),
]


@pytest.mark.parametrize(("text", "expected"), REQUESTS)
def test_requests(run: Callable[..., Run], text: str, expected: list[int]) -> None:
    """Bytes of every request of a statement in a function's body."""
    start = START + f"def f(a, b):\n    {text}\n"
    without = run(start)
    asked = [size for kind, size in run(start + "f(a, b)").asked if kind == "alloc"]
    assert asked[len([size for kind, size in without.asked if kind == "alloc"]) :] == expected
