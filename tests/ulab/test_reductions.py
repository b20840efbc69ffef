"""Sums, extremes, orders and what else goes along an axis, of every type and up to four dimensions, against numpy."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

from tests.ulab.comparing import wrong
from tests.ulab.test_views import CODES, array_of, shape_of, slice_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEEDS: Final = range(3)
ALONG: Final = ("sum", "mean", "std", "min", "max", "argmin", "argmax", "median", "all", "any")
KEEPING: Final = frozenset({"sum", "mean", "std", "min", "max", "median"})
SMALL: Final = 1e-5
"""Sums of squares in single precision differ from numpy's in double by so much."""


def exact(array: NDArray[Any]) -> NDArray[np.float64]:
    return array.astype(np.float64)


def cases(seed: int, most: int) -> tuple[random.Random, dict[str, NDArray[Any]]]:
    chance = random.Random(seed)
    return chance, {f"a{at}": array_of(chance, shape_of(chance, most), CODES[at % 5]) for at in range(10)}


@pytest.mark.parametrize("seed", SEEDS)
def test_along_every_axis_and_over_all(seed: int) -> None:
    _, arrays = cases(seed, 3)
    pairs = []
    for name, array in arrays.items():
        for function in ALONG:
            of = getattr(np, function)
            if function not in ("sum", "mean") or array.dtype.char == "f":  # sums of integers wrap: their own test
                pairs.append((f"np.{function}({name})", of(exact(array))))
                pairs += [
                    (f"np.{function}({name}, axis={axis})", of(exact(array), axis=axis))
                    for axis in range(-1, array.ndim)
                    if array.ndim > 1 and function != "std"
                ]
    assert wrong(arrays, pairs, rel=SMALL) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sum_of_integers_is_kept_in_their_type(seed: int) -> None:
    """RUN_SUM of code/numpy/numerical.h: along an axis the result has the array's type, and wraps."""
    _, arrays = cases(seed + 50, 3)
    pairs: list[tuple[str, Any]] = []
    for name, array in arrays.items():
        whole = array.astype(np.float64 if array.dtype.char == "f" else np.int64)
        pairs.append((f"np.sum({name})", whole.sum()))
        pairs += [
            (f"np.sum({name}, axis={axis})", whole.sum(axis=axis).astype(array.dtype).astype(np.float64))
            for axis in range(array.ndim)
            if array.ndim > 1
        ]
    assert wrong(arrays, pairs, rel=SMALL) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_sorted_and_ordered_along_an_axis(seed: int) -> None:
    chance, arrays = cases(seed + 100, 3)
    for name, array in arrays.items():  # no two alike: the order of equals is the algorithm's own
        flat = chance.sample(range(120), array.size) if array.size <= 120 else list(range(array.size))
        arrays[name] = np.array([value % 127 for value in flat], array.dtype).reshape(array.shape)
    pairs = []
    for name, array in arrays.items():
        if array.size > 120:
            continue
        pairs += [
            (f"np.{function}({name}, axis={axis})", getattr(np, function)(exact(array), axis=axis))
            for axis in range(array.ndim)
            for function in ("sort", "argsort", "median")
            if function != "median" or array.ndim > 1
        ]
        pairs.append((f"np.median({name})", np.median(exact(array))))
    assert wrong(arrays, pairs) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_of_parts_that_are_not_dense(seed: int) -> None:
    """The same of views with steps: each loop has to follow the strides."""
    chance, arrays = cases(seed + 150, 3)
    pairs = []
    for name, array in arrays.items():
        part = f"{name}[{', '.join(slice_of(chance, length) for length in array.shape)}]"
        cut = exact(eval(part, dict(arrays)))
        for function in ("min", "max", "argmin", "argmax", "any", "all"):
            pairs.append((f"np.{function}({part})", getattr(np, function)(cut)))
            if cut.ndim > 1:
                axis = chance.randrange(cut.ndim)
                pairs.append((f"np.{function}({part}, axis={axis})", getattr(np, function)(cut, axis=axis)))
        pairs.append((f"np.flip({part})", np.flip(cut.flatten())))  # code/numpy/numerical.c: of the flattened array
        pairs += [(f"np.flip({part}, axis={axis})", np.flip(cut, axis=axis)) for axis in range(cut.ndim)]
        pairs.append((f"np.isfinite({part})", np.isfinite(cut)))
    assert wrong(arrays, pairs) == []


ELEMENTWISE: Final = {
    "acos": (-1, 1),
    "acosh": (1, 20),
    "arctan2": (0, 0),
    "asin": (-1, 1),
    "asinh": (-20, 20),
    "atan": (-20, 20),
    "atanh": (-0.9, 0.9),
    "ceil": (-9, 9),
    "cos": (-9, 9),
    "cosh": (-5, 5),
    "degrees": (-9, 9),
    "exp": (-9, 9),
    "expm1": (-3, 3),
    "floor": (-9, 9),
    "log": (0.01, 99),
    "log10": (0.01, 99),
    "log2": (0.01, 99),
    "radians": (-360, 360),
    "sin": (-9, 9),
    "sinh": (-5, 5),
    "sqrt": (0, 99),
    "tan": (-1.4, 1.4),
    "tanh": (-5, 5),
}
HOSTS: Final = {
    "acos": "arccos",
    "acosh": "arccosh",
    "asin": "arcsin",
    "asinh": "arcsinh",
    "atan": "arctan",
    "atanh": "arctanh",
}


def test_functions_of_each_element() -> None:
    arrays: dict[str, NDArray[Any]] = {}
    pairs: list[tuple[str, Any]] = []
    for at, (name, (low, high)) in enumerate(ELEMENTWISE.items()):
        if name == "arctan2":
            continue
        array = np.linspace(low, high, 12).astype(np.float32).reshape(3, 4)
        arrays[f"a{at}"] = array
        of = getattr(np, HOSTS.get(name, name))
        pairs += [
            (f"np.{name}(a{at})", of(exact(array))),
            (f"np.{name}(a{at}[::2, ::-1])", of(exact(array)[::2, ::-1])),
        ]
    y, x = np.array([-1, 0, 2, 3.5], np.float32), np.array([2, -1, 0.5, -3], np.float32)
    pairs.append(("np.arctan2(y, x)", np.arctan2(exact(y), exact(x))))
    assert wrong({**arrays, "y": y, "x": x}, pairs, rel=3e-6) == []


def test_rounded_to_digits() -> None:
    array = np.array([-2.55, -0.5, 0.125, 1.49, 1234.567], np.float32)
    pairs = []
    for digits in (0, 1, 2):
        scaled = exact(array * np.float32(10**digits))  # a product in single precision, then C's round()
        rounded = np.sign(scaled) * np.floor(np.abs(scaled) + 0.5)
        pairs.append((f"np.around(a, decimals={digits})", rounded / 10**digits))
    assert wrong({"a": array}, pairs) == []


def test_along_a_polynomial_and_between_points() -> None:
    x = np.array([-2, -1, 0, 1, 2, 3], np.float32)
    y = np.array([4.5, 1.25, 0, 2, 3, 11], np.float32)
    at = np.array([-1.5, 0.25, 2.75, 1], np.float32)
    pairs = [
        ("np.polyval(np.array([2, -1, 0.5]), x)", np.polyval([2, -1, 0.5], exact(x))),
        ("np.polyfit(x, y, 2)", np.polyfit(exact(x), exact(y), 2)),
        ("np.polyfit(x, y, 3)", np.polyfit(exact(x), exact(y), 3)),
        ("np.interp(at, x, y)", np.interp(exact(at), exact(x), exact(y))),
        ("np.trapz(y, x=x)", float(((y[1:] + y[:-1]) / 2 * np.diff(x)).sum())),
        ("np.trapz(y)", float(((y[1:] + y[:-1]) / 2).sum())),
        ("np.convolve(x, y)", np.convolve(exact(x), exact(y))),
        ("np.cross(x[:3], y[:3])", np.cross(exact(x)[:3], exact(y)[:3])),
        ("np.dot(x, y)", np.dot(exact(x), exact(y))),
    ]
    assert wrong({"x": x, "y": y, "at": at}, pairs, rel=2e-3) == []


def test_matrices() -> None:
    m = np.array([[4, 1, 0.5], [1, 3, -1], [0.5, -1, 5]], np.float32)
    whole, b = exact(m), np.array([1, -2, 0.5], np.float32)
    lower = np.linalg.cholesky(whole)
    pairs = [
        ("np.linalg.det(m)", np.linalg.det(whole)),
        ("np.linalg.inv(m)", np.linalg.inv(whole)),
        ("np.linalg.cholesky(m)", lower),
        ("np.linalg.norm(m)", np.linalg.norm(whole)),
        ("np.linalg.norm(b)", np.linalg.norm(exact(b))),
        ("np.sort(np.linalg.eig(m)[0])", np.sort(np.linalg.eigvalsh(whole))),
        ("np.dot(m, np.linalg.inv(m))", np.eye(3)),
        ("np.trace(m)", np.trace(whole)),
        ("scipy.linalg.solve_triangular(np.linalg.cholesky(m), b, lower=True)", np.linalg.solve(lower, exact(b))),
        ("scipy.linalg.cho_solve(np.linalg.cholesky(m), b)", np.linalg.solve(whole, exact(b))),
    ]
    assert wrong({"m": m, "b": b}, pairs, rel=2e-4) == []


@pytest.mark.parametrize("length", [2, 8, 64])
def test_a_spectrum_and_back(length: int) -> None:
    chance = np.random.default_rng(length)
    x, y = (chance.integers(-20, 20, length).astype(np.float32) for _ in range(2))
    there = np.fft.fft(exact(x))
    back = np.fft.ifft(exact(x) + 1j * exact(y))
    pairs = [
        ("np.fft.fft(x)", (there.real, there.imag)),
        ("np.fft.fft(x, y)", (np.fft.fft(x + 1j * y).real, np.fft.fft(x + 1j * y).imag)),
        ("np.fft.ifft(x, y)", (back.real, back.imag)),
    ]
    assert wrong({"x": x, "y": y}, pairs, rel=2e-4) == []


def test_a_spectrogram_is_of_neighbours_in_the_scratch_pad() -> None:
    """utils_spectrogram: the transform leaves real parts before imaginary ones, and the loop reads pairs."""
    x = np.array([3, -1, 4, 1, -5, 9, 2, 6], np.float32)
    there = np.fft.fft(exact(x))
    parts = np.concatenate((there.real, there.imag)).reshape(-1, 2)
    assert wrong({"x": x}, [("utils.spectrogram(x)", np.hypot(parts[:, 0], parts[:, 1]))], rel=2e-4) == []
