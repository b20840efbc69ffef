"""What has no number, no end or no length: infinities and nan through every function, empty arrays, refusals."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pytest

from tests.ulab.comparing import ulab, wrong

SPECIAL: Final = np.array([np.inf, -np.inf, np.nan, 0.0, -1.0, 0.5], np.float32)
SAME: Final = {
    "acos": "arccos",
    "acosh": "arccosh",
    "asin": "arcsin",
    "asinh": "arcsinh",
    "atan": "arctan",
    "atanh": "arctanh",
    **{
        name: name
        for name in (
            *(
                "ceil",
                "cos",
                "cosh",
                "degrees",
                "exp",
                "expm1",
                "floor",
                "log",
                "log10",
                "log2",
                "radians",
                "sin",
                "sinh",
            ),
            *("sqrt", "tan", "tanh"),
        )
    },
}


def test_infinities_and_nan_go_through_as_in_c() -> None:
    with np.errstate(all="ignore"):
        pairs: list[tuple[str, Any]] = [
            (f"np.{name}(e)", getattr(np, host)(SPECIAL.astype(np.float64))) for name, host in SAME.items()
        ]
        pairs += [
            ("np.isinf(e)", np.isinf(SPECIAL)),
            ("np.isfinite(e)", np.isfinite(SPECIAL)),
            ("e + e", SPECIAL + SPECIAL),
            ("e - e", SPECIAL - SPECIAL),
            ("e * 0", SPECIAL * 0),
            ("e / 0", SPECIAL / 0),
            ("1 / e", 1 / SPECIAL),
            ("e ** 2", SPECIAL**2),
            ("e ** e", np.power(SPECIAL.astype(np.float64), SPECIAL.astype(np.float64))),
            ("abs(e)", np.abs(SPECIAL)),
            ("-e", -SPECIAL),
            ("e == e + 0", ~np.isnan(SPECIAL)),
            ("e < 1", SPECIAL < 1),
            ("np.sum(e)", np.nan),
            ("np.mean(e[3:])", SPECIAL[3:].mean()),
            ("np.diff(e)", np.diff(SPECIAL)),
            ("np.nonzero(e)[0]", np.nonzero(SPECIAL)[0]),
            ("np.where(e, e, 7)", np.where(SPECIAL, SPECIAL, 7)),
            ("np.dot(e, e)", np.nan),
            ("np.linalg.norm(e)", np.nan),
        ]
    assert wrong({"e": SPECIAL}, pairs) == []


EMPTY: Final = [
    ("np.sum(z)", 0.0),
    ("np.sort(z)", np.zeros(0)),
    ("np.flip(z)", np.zeros(0)),
    ("np.roll(z, 1)", np.zeros(0)),
    ("np.arange(5, 1, 1)", np.zeros(0)),
    ("np.diff(np.array([1]))", np.zeros(0)),
    ("np.array([])", np.zeros(0)),
    ("np.array([[], []])", np.zeros((2, 0))),
    ("np.ones((0, 3))", np.ones((0, 3))),
    ("np.eye(0)", np.eye(0)),
    ("np.take(np.array([1]), [])", np.zeros(0)),
    ("np.delete(np.array([1, 2]), [0, 1])", np.zeros(0)),
    ("z + z", np.zeros(0)),
    ("z * 3", np.zeros(0)),
    ("z < 3", np.zeros(0)),
    ("z.T", np.zeros(0)),
    ("len(z)", 0),
]


def test_arrays_of_nothing() -> None:
    assert wrong({"z": np.zeros(0, np.float32)}, EMPTY) == []


# Texts of v923z/micropython-ulab 6.7.3, by the function in whose file they stand.
ERRORS: Final = [
    ("np.arange(0, 1, 0)", "ZeroDivisionError: divide by zero"),
    ("np.linspace(0, 1, 1)", "ValueError: number of points must be at least 2"),
    ("np.logspace(0, 1, 0)", "ValueError: number of points must be at least 2"),
    ("np.diff(a, n=9)", "ValueError: differentiation order out of range"),
    ("np.polyfit(z, z, 2)", "ValueError: could not invert Vandermonde matrix"),
    ("np.polyfit(a, a, 5)", "ValueError: more degrees of freedom than data points"),
    ("np.linalg.inv(np.zeros((3, 3)))", "ValueError: input matrix is singular"),
    ("np.linalg.cholesky(np.zeros((3, 3)))", "ValueError: matrix is not positive definite"),
    ("np.linalg.inv(np.zeros((2, 3)))", "ValueError: input must be square matrix"),
    ("scipy.linalg.solve_triangular(np.zeros((3, 3)), a)", "ValueError: input matrix is singular"),
    ("np.fft.fft(a)", "ValueError: input array length must be power of 2"),
    ("np.max(np.zeros(0))", "ValueError: attempt to get (arg)min/(arg)max of empty sequence"),
    ("np.delete(a, 9)", "ValueError: index is out of bounds"),
    ("np.take(a, [9])", "ValueError: index out of range"),
    ("np.compress([1], a)", "ValueError: wrong length of condition array"),
    ("np.sum(a, axis=1)", "ValueError: axis is out of bounds"),
    ("np.sum(a, axis='x')", "TypeError: axis must be None, or an integer"),
    ("np.sort(a, axis=2)", "ValueError: axis is out of bounds"),
    ("np.roll(a, 1, axis=4)", "ValueError: axis is out of bounds"),
    ("np.flip([1, 2])", "TypeError: flip argument must be an ndarray"),
    ("np.flip(a, axis='x')", "TypeError: wrong axis index"),
    (
        "scipy.optimize.bisect(lambda x: x * x + 2, 0, 2)",
        "ValueError: function has the same sign at the ends of interval",
    ),
    ("scipy.signal.sosfilt(np.zeros((1, 6)), a)", "ValueError: sos[:, 3] should be all ones"),
    ("scipy.signal.sosfilt(np.zeros((1, 5)), a)", "ValueError: sos array must be of shape (n_section, 6)"),
    ("utils.spectrogram([1, 2])", "NotImplementedError: spectrogram is defined for ndarrays only"),
    ("utils.spectrogram(np.zeros((2, 2)))", "TypeError: spectrogram is implemented for 1D arrays only"),
    ("utils.spectrogram(a)", "ValueError: input array length must be power of 2"),
    ("utils.spectrogram(a[:2], out=a)", "ValueError: input and out arrays must have same length"),
    ("utils.spectrogram(a[:2], out=7)", "TypeError: out must be an ndarray"),
    ("utils.spectrogram(a[:2], scratchpad=a)", "ValueError: scratchpad must be twice as long as input"),
    ("utils.spectrogram(a[:2], scratchpad=7)", "TypeError: scratchpad must be an ndarray"),
    ("np.concatenate((a, np.zeros((2, 2))))", "ValueError: input arrays are not compatible"),
    ("np.concatenate(a)", "TypeError: first argument must be a tuple of ndarrays"),
    ("np.cross(a[:2], a[:2])", "ValueError: cross is defined for 1D arrays of length 3"),
    ("np.zeros((2, 2)).reshape((3,))", "ValueError: cannot reshape array"),
    ("np.array([1, [2, 3]])", "TypeError: can't convert list to float"),
]


@pytest.mark.parametrize("at", range(0, len(ERRORS), 9))
def test_each_refusal_has_the_text_of_the_source(at: int) -> None:
    arrays = {"a": np.array([3, 1, 2], np.float32), "z": np.zeros(4, np.float32)}
    some = ERRORS[at : at + 9]
    answers = ulab(arrays, [text for text, _ in some])
    assert list(zip([text for text, _ in some], answers, strict=True)) == [(text, f"!{error}") for text, error in some]


def test_a_rotation_by_an_angle_too_small_for_a_single_leaves_the_eigenvalues() -> None:
    """linalg_jacobi_rotations divides 0 by 0 there; the diagonal does not hear of it."""
    m = np.array([[4, 1, 0.5], [1, 3, -1], [0.5, -1, 5]], np.float32)
    assert wrong({"m": m}, [("np.sort(np.linalg.eig(m)[0])", np.linalg.eigvalsh(m.astype(np.float64)))], rel=1e-5) == []
    n = np.array([[1e6, 1e-3], [1e-3, -1e6]], np.float32)
    assert wrong({"n": n}, [("np.sort(np.linalg.eig(n)[0])", [-1e6, 1e6])], rel=1e-5) == []
