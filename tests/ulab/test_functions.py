"""Functions of ``ulab.numpy``, ``scipy`` and ``utils``: what they give, refuse and ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bare_machine import Run

START = (
    "from ulab import numpy as np, scipy, utils\na = np.array([1, 2, 3, 4, 5])\nb = np.ones((2, 3), dtype=np.uint8)\n"
    "m = np.array([[3.0, 1.0, 2.0], [9.0, 7.0, 8.0]])\n"
)
VALUES = [
    ("np.arange(5)", "array([0, 1, 2, 3, 4], dtype=int16)"),
    ("np.arange(1, 2, 0.25)", "array([1.0, 1.25, 1.5, 1.75], dtype=float32)"),
    ("np.arange(0)", "array([], dtype=int16)"),
    ("np.arange(3, dtype=np.uint8)", "array([0, 1, 2], dtype=uint8)"),
    ("np.arange(5, 0, -2)", "array([5, 3, 1], dtype=int16)"),
    ("np.arange(40000)[-1]", "39999.0"),
    ("np.linspace(0, 1, 3)", "array([0.0, 0.5, 1.0], dtype=float32)"),
    ("np.linspace(0, 1, 4, endpoint=False)", "array([0.0, 0.25, 0.5, 0.75], dtype=float32)"),
    ("np.linspace(0, 2, num=3, retstep=True)", "(array([0.0, 1.0, 2.0], dtype=float32), 1.0)"),
    ("np.logspace(0, 2, 3)", "array([1.0, 10.0, 100.0], dtype=float32)"),
    ("np.logspace(0, 3, 4, base=2, dtype=np.uint8)", "array([1, 2, 4, 8], dtype=uint8)"),
    ("np.concatenate((b, b), axis=1)", "array([[1, 1, 1, 1, 1, 1],\n       [1, 1, 1, 1, 1, 1]], dtype=uint8)"),
    ("np.diag(np.array([[1, 2], [3, 4]]))", "array([1.0, 4.0], dtype=float32)"),
    (
        "np.diag(np.array([1, 2], dtype=np.int8), k=1)",
        "array([[0, 1, 0],\n       [0, 0, 2],\n       [0, 0, 0]], dtype=int8)",
    ),
    ("np.take(a, [0, -1])", "array([1.0, 5.0], dtype=float32)"),
    ("np.take(m, (1, 0), axis=1)", "array([[1.0, 3.0],\n       [7.0, 9.0]], dtype=float32)"),
    ("np.take(a, [7], mode='clip')", "array([5.0], dtype=float32)"),
    ("np.sum(m)", "30.0"),
    ("np.sum(m, axis=0)", "array([12.0, 8.0, 10.0], dtype=float32)"),
    ("np.sum(m, axis=1, keepdims=True)", "array([[6.0],\n       [24.0]], dtype=float32)"),
    ("np.sum([1, 2, 3])", "6.0"),
    ("np.sum(b)", "6"),
    ("np.mean(m, axis=0)", "array([6.0, 4.0, 5.0], dtype=float32)"),
    ("np.mean(m)", "5.0"),
    ("np.mean((1, 2))", "1.5"),
    ("np.std(a)", "1.4142135"),
    ("np.std(m, axis=1)", "array([0.8164966, 0.8164966], dtype=float32)"),
    ("np.std(range(4))", "1.118034"),
    ("np.max(m)", "9.0"),
    ("np.min(m, axis=0)", "array([3.0, 1.0, 2.0], dtype=float32)"),
    ("np.argmax(m)", "3"),
    ("np.argmin(m, axis=1)", "array([1, 1], dtype=int16)"),
    ("np.max([3, 1])", "3"),
    ("np.argmin((3, 1))", "1"),
    ("np.max(np.array([1, 9, 3], dtype=np.uint8))", "9"),
    ("np.max(a, axis=0)", "5.0"),
    ("np.all(a > 0)", "True"),
    ("np.any(a > 4, axis=0)", "array([True], dtype=bool)"),
    ("np.all([0, 1])", "True"),
    ("np.any([1])", "False"),
    ("np.median(m, axis=1)", "array([2.0, 8.0], dtype=float32)"),
    ("np.median(np.array([1, 2, 3, 4]))", "2.5"),
    ("np.argsort(np.array([2, 1, 2, 1, 2]), axis=0)", "array([1, 3, 2, 4, 0], dtype=uint16)"),
    ("np.roll(a, 2)", "array([4.0, 5.0, 1.0, 2.0, 3.0], dtype=float32)"),
    ("np.roll(a, -1)", "array([2.0, 3.0, 4.0, 5.0, 1.0], dtype=float32)"),
    ("np.roll(m, 1, axis=1)", "array([[2.0, 3.0, 1.0],\n       [8.0, 9.0, 7.0]], dtype=float32)"),
    ("np.roll(np.array([1, 2]), -2)", "array([0.0, 0.0], dtype=float32)"),
    ("np.flip(a)", "array([5.0, 4.0, 3.0, 2.0, 1.0], dtype=float32)"),
    ("np.flip(m, axis=1)", "array([[2.0, 1.0, 3.0],\n       [8.0, 7.0, 9.0]], dtype=float32)"),
    ("np.diff(a, n=2)", "array([0.0, 0.0, 0.0], dtype=float32)"),
    ("np.diff(np.array([[1, 2, 4], [1, 3, 9]]))", "array([[1.0, 2.0],\n       [0.0, 0.0]], dtype=float32)"),
    ("np.cross(np.array([1, 2, 3]), np.array([4, 5, 6]))", "array([-3.0, 6.0, -3.0], dtype=float32)"),
    ("np.dot(m, m.T)", "array([[14.0, 50.0],\n       [50.0, 194.0]], dtype=float32)"),
    ("np.dot(a, a)", "55.0"),
    ("np.trace(np.eye(3))", "3.0"),
    ("np.size(m)", "6"),
    ("np.size(m, axis=1)", "3"),
    ("np.clip(a, 2, 3)", "array([2.0, 2.0, 3.0, 3.0, 3.0], dtype=float32)"),
    ("np.clip(7, 2, 3)", "3"),
    ("np.maximum(a, 3)", "array([3.0, 3.0, 3.0, 4.0, 5.0], dtype=float32)"),
    ("np.minimum(3, 4)", "3"),
    ("np.equal(a, 2)", "array([False, True, False, False, False], dtype=bool)"),
    ("np.not_equal(1, 2)", "True"),
    ("np.where(a > 2, a, 0)", "array([0.0, 0.0, 3.0, 4.0, 5.0], dtype=float32)"),
    (
        "np.where(a > 2, np.array([1], dtype=np.uint8), np.array([2], dtype=np.int8))",
        "array([2, 2, 1, 1, 1], dtype=int16)",
    ),
    ("np.nonzero(np.array([[0, 1], [2, 0]]))", "(array([0, 1], dtype=uint16), array([1, 0], dtype=uint16))"),
    ("np.isfinite(np.array([1, np.inf, np.nan]))", "array([True, False, False], dtype=bool)"),
    ("np.isinf(np.inf)", "True"),
    ("np.isfinite(3)", "True"),
    ("np.compress([True, False, True, False, True], a)", "array([1.0, 3.0, 5.0], dtype=float32)"),
    ("np.compress((0, 1, 0), m, axis=1)", "array([[1.0],\n       [7.0]], dtype=float32)"),
    ("np.delete(a, [0, -1])", "array([2.0, 3.0, 4.0], dtype=float32)"),
    ("np.delete(m, 0, axis=0)", "array([[9.0, 7.0, 8.0]], dtype=float32)"),
    ("np.bitwise_and(np.array([6, 7], dtype=np.uint8), 3)", "array([2, 3], dtype=uint8)"),
    ("np.left_shift(np.array([1, 2], dtype=np.uint8), 7)", "array([128, 0], dtype=uint8)"),
    ("np.right_shift(np.array([-8], dtype=np.int8), np.array([1], dtype=np.int8))", "array([-4], dtype=int8)"),
    ("np.exp(np.array([0, 1]))", "array([1.0, 2.7182818], dtype=float32)"),
    ("np.sqrt(4)", "2.0"),
    ("np.log(np.array([1, 2]))", "array([0.0, 0.6931472], dtype=float32)"),
    ("np.sin([0, 1])", "array([0.0, 0.84147096], dtype=float32)"),
    ("np.ceil(np.array([1.2, -1.2]))", "array([2.0, -1.0], dtype=float32)"),
    ("np.sqrt(np.array([-1.0]))", "array([nan], dtype=float32)"),
    ("np.around(np.array([1.55, -2.5]), decimals=1)", "array([1.6, -2.5], dtype=float32)"),
    ("np.arctan2(1, 1)", "0.7853982"),
    ("np.arctan2(a[:2], 1)", "array([0.7853982, 1.1071488], dtype=float32)"),
    ("np.degrees(np.pi)", "180.0"),
    ("np.radians(180)", "3.1415928"),
    ("np.sinc(0.5)", "0.63661976"),
    ("np.vectorize(lambda x: x * 2)(a[:2])", "array([2.0, 4.0], dtype=float32)"),
    ("np.vectorize(lambda x: x + 1, otypes=np.uint8)([1, 2])", "array([2, 3], dtype=uint8)"),
    ("np.vectorize(abs)(-3)", "array([3.0], dtype=float32)"),
    ("np.convolve(np.array([1, 2, 3]), np.array([0, 1, 0.5]))", "array([0.0, 1.0, 2.5, 4.0, 1.5], dtype=float32)"),
    ("np.interp([1.5, 0, 9], [1, 2], [10, 20])", "array([15.0, 10.0, 20.0], dtype=float32)"),
    ("np.interp([0], [1, 2], [3, 4], left=-1)", "array([-1.0], dtype=float32)"),
    ("np.trapz([1, 2, 3])", "4.0"),
    ("np.trapz(np.array([1, 2, 3]), x=np.array([0, 1, 3]))", "6.5"),
    ("np.trapz([1, 2], dx=0.5)", "0.75"),
    ("np.polyfit([0, 1, 2], [1, 3, 5], 1)", "array([2.0, 1.0], dtype=float32)"),
    ("np.polyval([2, 1], [0, 1])", "array([1.0, 3.0], dtype=float32)"),
    ("np.polyval((1, 0, 0), 3)", "9.0"),
    ("np.linalg.det(np.array([[1, 2], [3, 4]]))", "-2.0"),
    ("np.linalg.inv(np.array([[2.0, 0.0], [0.0, 4.0]]))", "array([[0.5, 0.0],\n       [0.0, 0.25]], dtype=float32)"),
    ("np.linalg.norm(np.array([3, 4]))", "5.0"),
    ("np.linalg.norm(m, axis=1)", "array([3.7416576, 13.928389], dtype=float32)"),
    (
        "np.linalg.cholesky(np.array([[25, 15, -5], [15, 18, 0], [-5, 0, 11]]))",
        "array([[5.0, 0.0, 0.0],\n       [3.0, 3.0, 0.0],\n       [-1.0, 1.0, 3.0]], dtype=float32)",
    ),
    (
        "np.linalg.eig(np.array([[2, 0], [0, 3]]))",
        "(array([2.0, 3.0], dtype=float32), array([[1.0, 0.0],\n       [0.0, 1.0]], dtype=float32))",
    ),
    (
        "np.linalg.eig(np.array([[2, 1], [1, 2]]))",
        "(array([3.0, 1.0], dtype=float32), array([[0.707106736, -0.707106736],"
        "\n       [0.707106736, 0.707106736]], dtype=float32))",
    ),
    (
        "np.linalg.qr(np.array([[3, 0], [4, 5]]))",
        "(array([[-0.6, -0.8],"
        "\n       [-0.8, 0.6]], dtype=float32), array([[-5.0, -4.0],\n       [5.9604648e-08, 3.0]], dtype=float32))",
    ),
    (
        "np.fft.fft(np.array([1, 0, 0, 0]))",
        "(array([1.0, 1.0, 1.0, 1.0], dtype=float32), array([0.0, 0.0, 0.0, 0.0], dtype=float32))",
    ),
    (
        "np.fft.ifft(np.array([1, 1, 1, 1]), np.zeros(4))",
        "(array([1.0, 0.0, 0.0, 0.0], dtype=float32), array([0.0, 0.0, 0.0, 0.0], dtype=float32))",
    ),
    ("scipy.special.erf(1.0)", "0.8427008"),
    ("scipy.special.gamma(np.array([1, 5]))", "array([1.0, 24.0], dtype=float32)"),
    ("scipy.optimize.bisect(lambda x: x * x - 2, 0, 2)", "1.4142134"),
    ("scipy.optimize.newton(lambda x: x * x - 2, 1)", "1.4142135"),
    ("scipy.optimize.fmin(lambda x: (x - 1) ** 2, 3.0)", "0.9996114"),
    (
        "scipy.signal.sosfilt([[1, 2, 3, 1, 5, 6], [1, 2, 3, 1, 5, 6]], [0, 1, 2])",
        "array([0.0, 1.0, -4.0], dtype=float32)",
    ),
    (
        "scipy.linalg.solve_triangular(np.array([[3, 0], [2, 1]]), np.array([4, 2]))",
        "array([1.3333334, -0.66666676], dtype=float32)",
    ),
    ("scipy.linalg.cho_solve(np.array([[5, 0], [1, 2]]), np.array([4, 2]))", "array([0.1, 0.3], dtype=float32)"),
    ("utils.from_uint16_buffer(b'\\1\\0\\2\\0')", "array([1.0, 2.0], dtype=float32)"),
    ("utils.from_int32_buffer(bytearray([255] * 4))", "array([-1.0], dtype=float32)"),
    ("utils.from_int16_buffer(b'\\0\\1', byteswap=True)", "array([1.0], dtype=float32)"),
    ("utils.spectrogram(np.array([1, 0, 0, 0]))", "array([1.4142135, 1.4142135, 0.0, 0.0], dtype=float32)"),
    ("np.get_printoptions()", "{'threshold': 10, 'edgeitems': 3}"),
    ("np.random.Generator(1).random()", "0.0"),
    ("np.random.Generator(7).uniform(1, 2, size=(2,))", "array([1.0, 1.793725], dtype=float32)"),
    ("np.random.Generator(3).normal(size=3)", "array([inf, inf, 0.2623939], dtype=float32)"),
    ("np.array([1, 2], dtype=np.uint16) // np.array([1, 0], dtype=np.uint16)", "array([1, 0], dtype=uint16)"),
]
"""Values by the rules of the sources; those of np_axis.py and np_fft_misc.py were measured."""
ERRORS = [
    ("np.arange(1, 2, 0)", "ZeroDivisionError: divide by zero"),
    ("np.arange(np.inf)", "ValueError: arange: cannot compute length"),
    ("np.linspace(0, 1, 1)", "ValueError: number of points must be at least 2"),
    ("np.concatenate([a, a])", "TypeError: first argument must be a tuple of ndarrays"),
    ("np.concatenate((a, b))", "ValueError: input arrays are not compatible"),
    ("np.diag(np.zeros((1, 1, 1)))", "ValueError: input must be 1- or 2-d"),
    ("np.take(a, [9])", "ValueError: index out of range"),
    ("np.take([1], [0])", "TypeError: input is not an array"),
    ("np.sum(a, axis=1)", "ValueError: axis is out of bounds"),
    ("np.sum(3)", "TypeError: input must be tuple, list, range, or ndarray"),
    ("np.max(a, axis='x')", "TypeError: axis must be None, or an integer"),
    ("np.max([])", "ValueError: attempt to get argmin/argmax of an empty sequence"),
    ("np.max(np.array([]))", "ValueError: attempt to get (arg)min/(arg)max of empty sequence"),
    ("np.std(m, axis=2)", "ValueError: axis must be None, or an integer"),
    ("np.roll([1], 1)", "TypeError: roll argument must be an ndarray"),
    ("np.diff(a, n=10)", "ValueError: differentiation order out of range"),
    ("np.cross(a, a)", "ValueError: cross is defined for 1D arrays of length 3"),
    ("np.dot(m, m)", "ValueError: dimensions do not match"),
    ("np.trace(m)", "ValueError: input must be square matrix"),
    ("np.bitwise_or(a, 1)", "ValueError: not supported for input types"),
    ("np.isinf('x')", "TypeError: wrong input type"),
    ("np.compress([1], a)", "ValueError: wrong length of condition array"),
    ("np.delete(a, 9)", "ValueError: index is out of bounds"),
    ("np.exp(a, out=b)", "ValueError: out must be of float dtype"),
    ("np.vectorize(3)", "TypeError: first argument must be a callable"),
    ("np.convolve(m, m)", "TypeError: convolve arguments must be linear arrays"),
    ("np.interp([1], [1], [1])", "ValueError: interp is defined for 1D iterables of equal length"),
    ("np.polyfit([0, 0], [1, 2], 1)", "ValueError: could not invert Vandermonde matrix"),
    ("np.linalg.inv(np.zeros((2, 2)))", "ValueError: input matrix is singular"),
    ("np.linalg.cholesky(np.array([[1, 2], [3, 4]]))", "ValueError: input matrix is asymmetric"),
    ("np.fft.fft(a)", "ValueError: input array length must be power of 2"),
    ("np.random.Generator('x')", "TypeError: argument must be None, an integer or a tuple of integers"),
    ("scipy.optimize.bisect(abs, 1, 2)", "ValueError: function has the same sign at the ends of interval"),
    ("np.meshgrid", "AttributeError: module 'numpy' has no attribute 'meshgrid'"),
]


@pytest.mark.parametrize(("text", "expected"), VALUES)
def test_values(run: Callable[..., Run], text: str, expected: str) -> None:
    """Each prints what ulab prints."""
    assert run(f"{START}r = {text}\nprint(r)").printed == expected + "\n"


@pytest.mark.parametrize(("text", "expected"), ERRORS)
def test_errors(run: Callable[..., Run], text: str, expected: str) -> None:
    """The last line of the traceback."""
    assert run(START + text).printed.splitlines()[-1] == expected


def test_an_axis_kept_in_one_dimension(run: Callable[..., Run]) -> None:
    """ulab_tools_restore_dims makes two dimensions of one; the element stays."""
    text = "s = np.sum(a, axis=0, keepdims=True)\nprint(s, s.shape, s.size, s + 1, len(s))\n"
    text += "a[0] = s\na[1:3] = s\nprint(a, s == 15, np.maximum(s, 3))"
    assert run(START + text).printed == (
        "array([15.0], dtype=float32) (0, 1) 1 array([16.0], dtype=float32) 0\n"
        "array([15.0, 15.0, 15.0, 4.0, 5.0], dtype=float32) array([True], dtype=bool) array([15.0], dtype=float32)\n"
    )


def test_random_of_both_versions(run: Callable[..., Run]) -> None:
    """Older ones take an integer and read a tuple backwards; newer ones make the array of a tuple twice."""
    text = START + "g = np.random.Generator(5)\nprint(g.random(size=(2, 3)).shape)"
    old, new = run(text), run(text, "5.0.0")
    assert (old.printed, new.printed) == ("(3, 2)\n", "(2, 3)\n")
    made = [("alloc", 16), ("alloc", 52), ("alloc", 16), ("alloc", 24)]
    assert [old.asked.count(each) for each in (made[1], made[3])] == [4, 2]
    assert [new.asked.count(each) for each in (made[1], made[3])] == [5, 3]
    assert run(START + "print(np.random.Generator(5).random(size=3).shape)").printed == "(3,)\n"
    refused = run(START + "np.random.Generator(5).random(size='x')").printed.splitlines()[-1]
    assert refused == "TypeError: shape must be None, and integer or a tuple of integers"


EMPTY = [
    ("np.nonzero(np.array([]))", "(array([], dtype=uint16),)"),
    ("np.maximum(np.array([]), 3)", "array([3.0], dtype=float32)"),
    ("np.where(np.array([]), 1, 2)", "array([2], dtype=uint8)"),
    ("np.array(x for x in (1, 2))", "array([], dtype=float32)"),
    ("np.array([]) + 1, np.array([]) > 1, 3 in np.array([])", None),
    ("np.take(np.zeros((2, 3)) + 1, [5]), np.take(np.array([[1, 2], [3, 4]]), [3])", None),
]
EMPTY_PRINTED = {
    4: "(array([], dtype=float32), array([], dtype=bool), None)",
    5: "(array([1.0], dtype=float32), array([4.0], dtype=float32))",
}


@pytest.mark.parametrize("number", range(len(EMPTY)))
def test_empty_arrays(run: Callable[..., Run], number: int) -> None:
    """Loops look at the one element that there is room for."""
    text, expected = EMPTY[number]
    assert run(f"{START}r = {text}\nprint(r)").printed == (expected or EMPTY_PRINTED[number]) + "\n"


UNKNOWN = [
    "np.array([[1, 2], [3, 4, 5, 6, 7, 8]])",
    "np.take(np.zeros((2, 3, 4)), [23])",
    "np.array(x for x in range(9))",
    "np.random.Generator()",
]


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_the_camera_reads_or_writes_elsewhere(run: Callable[..., Run], text: str) -> None:
    """Is not known."""
    from omvsim.micropython.errors import Unknown

    with pytest.raises(Unknown):
        run(START + text)


def test_newer_functions(run: Callable[..., Run]) -> None:
    """``meshgrid`` and ``bincount`` are in the newer version only."""
    text = "print(np.meshgrid(a[:2], a[:1]), np.bincount(np.array([0, 2, 2], dtype=np.uint8)))\n"
    text += "print(np.bincount(np.array([1], dtype=np.uint8), weights=a, minlength=3))"
    assert run(START + text, "5.0.0").printed == (
        "(array([[1.0, 2.0]], dtype=float32), array([[1.0, 1.0]], dtype=float32)) array([1, 0, 2], dtype=uint16)\n"
        "array([0.0, 1.0, 0.0], dtype=float32)\n"
    )


def test_what_is_not_modelled_ends_the_run(run: Callable[..., Run]) -> None:
    """Never an invented value."""
    from omvsim.micropython.errors import Unknown

    with pytest.raises(Unknown) as unknown:
        run(START + "scipy.integrate.quad(abs, 0, 1)")
    assert unknown.value.what == "ulab.scipy.integrate.quad"


REQUESTS = [
    ("np.arange(3)", [16, 52, 16, 6]),
    ("np.linspace(0, 1, 3, retstep=True)", [16, 52, 16, 12, 8, 16]),
    ("np.concatenate((a, a))", [16, 16, 52, 16, 40]),
    ("np.sort(a)", [16, 52, 20, 16, 16]),
    ("np.argsort(a, axis=0)", [16, 16, 52, 16, 10, 16]),
    ("np.flip(a)", [16, 52, 16, 20]),
    ("np.flip(a, axis=0)", [52]),
    ("np.diff(a)", [2, 16, 52, 16, 16, 16]),
    ("np.dot(a, a)", [16, 52, 16, 4, 8]),
    ("np.where(a > 2, a, 0)", [16, 52, 16, 1, 16, 16, 16, 52, 16, 5, 16, 52, 16, 1, 16, 16, 16, 16, 52, 16, 20]),
    ("np.maximum(3, 4)", [16, 52, 16, 1, 16, 52, 16, 1, 16, 16, 16, 52, 16, 1]),
    ("np.linalg.det(np.eye(2))", [16, 52, 16, 16, 16, 8]),
    ("np.linalg.norm(a)", [52, 16, 4, 8]),
    ("np.interp((1,), (1, 2), (3, 4))", [52, 16, 4, 52, 16, 8, 52, 16, 8, 16, 52, 16, 4]),
]


@pytest.mark.parametrize(("text", "expected"), REQUESTS)
def test_requests(run: Callable[..., Run], text: str, expected: list[int]) -> None:
    """Bytes of every request of a statement in a function's body."""
    start = START + f"def f():\n    {text}\n"
    without = [size for kind, size in run(start).asked if kind == "alloc"]
    asked = [size for kind, size in run(start + "f()").asked if kind == "alloc"]
    assert asked[len(without) :] == expected


NUMBER_OF_NAMES = {"4.8.1": 102, "5.0.0": 104}
"""``ulab_numpy_globals_table`` without complex numbers."""


@pytest.mark.parametrize("release", NUMBER_OF_NAMES)
def test_every_name_is_there(run: Callable[..., Run], release: str) -> None:
    """The tables of code/numpy/numpy.c, ulab.c and scipy.c."""
    modules = run("import ulab", release).vm.modules["ulab"].names
    assert len(modules["numpy"].names) == NUMBER_OF_NAMES[release]  # type: ignore[union-attr]  # a module
    assert set(modules["scipy"].names) == {  # type: ignore[union-attr]  # a module
        "__name__",
        "integrate",
        "linalg",
        "optimize",
        "signal",
        "special",
    }
    assert set(modules) == {"__name__", "__version__", "dtype", "numpy", "scipy", "utils"}
