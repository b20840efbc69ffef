"""Arrays against numpy on whole numbers that single precision holds exactly: indexing, arithmetic, reductions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bare_machine import Run

SHOW = """
from ulab import numpy as np
def flat(v):
    if type(v) in (int, float, bool):
        return v
    return (v.shape, [each for each in v.flatten()])
def tried(f):
    try:
        return flat(f())
    except Exception as e:
        return '!' + type(e).__name__
"""
ONE_ARRAY = (
    *(
        "a + 1",
        "1 - a",
        "a * 3",
        "a / 2",
        "-a",
        "abs(a)",
        "a ** 2",
        "a // 2",
        "a > 3",
        "a == a + 0",
        "a != 3",
        "a <= 0",
        "+a",
    ),
    *("a[0]", "a[-1]", "a[1:]", "a[::2]", "a[::-1]", "a[-2:]", "a[1:2]", "a[a > 2]", "a.T", "a.flatten()", "a.copy()"),
    *("np.sum(a)", "np.min(a)", "np.max(a)", "np.mean(a)", "np.argmax(a)", "np.argmin(a)", "np.median(a)", "np.any(a)"),
    *("np.all(a)", "np.sort(a)", "np.flip(a)", "np.roll(a, 1)", "np.roll(a, -1)", "np.diff(a)"),
    *(
        "np.clip(a, 0, 4)",
        "np.minimum(a, 2)",
        "np.maximum(a, 2)",
        "np.floor(a / 2)",
        "np.ceil(a / 2)",
        "np.sqrt(a * a)",
    ),
    *(
        "np.concatenate((a, a))",
        "np.zeros(a.shape)",
        "np.ones(a.shape)",
        "np.equal(a, 2)",
        "np.not_equal(a, 2)",
        "a.size",
    ),
    *(
        "a.reshape((a.size,))",
        "a.reshape((1, a.size))",
        "np.isinf(a)",
        "np.isfinite(a)",
        "np.where(a > 2, a, 0)",
        "len(a)",
    ),
    *("np.nonzero(a)[0]", "np.sum(a > 1)", "np.dot(a, a)", "np.convolve(a, a)", "np.trace(a)", "np.full(a.shape, 7)"),
    *("np.array(a, dtype=np.int8)", "np.take(a, [0, 1, -1])", "np.sinc(a * 0)", "np.exp(a * 0)", "np.cos(a * 0)"),
    *("np.asarray(a)", "np.degrees(a * 0)", "np.delete(a, 0)"),
)
TWO_DIMENSIONS = (
    *("a[0, 1]", "a[:, 0]", "a[:, 1:]", "a[::-1, ::-1]", "a[1, :2]", "a[-1, -1]", "a[:1, :1]", "a.transpose()"),
    *("np.sum(a, axis=0)", "np.sum(a, axis=1)", "np.min(a, axis=0)", "np.max(a, axis=1)", "np.mean(a, axis=0)"),
    *(
        "np.argmax(a, axis=0)",
        "np.argmin(a, axis=1)",
        "np.sort(a, axis=0)",
        "np.sort(a, axis=1)",
        "np.argsort(a, axis=0)",
    ),
    *("np.roll(a, 1, axis=0)", "np.roll(a, 1, axis=1)", "np.median(a, axis=1)", "np.dot(a, a.T)"),
    *(
        "np.concatenate((a, a), axis=1)",
        "a + a[0]",
        "a * a[:, :1]",
        "a - a",
        "np.flip(a, axis=0)",
        "np.flip(a, axis=1)",
        "np.sum(a, axis=-1)",
    ),
    *("np.take(a, [1, 0], axis=1)", "np.max(a, axis=0, keepdims=True)", "np.all(a, axis=0)", "np.any(a, axis=1)"),
)
DATA = {
    "line": [3, -1, 4, 1, -5, 9, 2, 6],
    "short": [2, 7],
    "equal": [5, 5, 5],
    "zeros": [0, 0, 1, 0],
}
TABLES = {
    "wide": [[1, -2, 3, 4], [8, 6, -7, 5]],
    "square": [[9, 1, 2], [3, 3, 3], [-4, 0, 7]],
    "tall": [[1, 2], [3, 4], [6, 5], [8, 7]],
}


def reference(text: str, data: object) -> object:
    """The same expression with numpy, in the same form."""
    a = np.array(data, dtype=np.float32)
    value = eval(text, {"np": np, "a": a, "abs": abs, "len": len})  # our own tables above
    if isinstance(value, np.ndarray):
        return (value.shape, [each.item() for each in value.ravel()])
    return value.item() if isinstance(value, np.generic) else value


def lines(run: Callable[..., Run], texts: list[str], data: object) -> list[str]:
    source = SHOW + f"a = np.array({data})\n" + "".join(f"print(tried(lambda: {text}))\n" for text in texts)
    return run(source).printed.splitlines()


def near(value: object, expected: object) -> bool:
    """Equal, or as near as sums in single precision are."""
    if isinstance(expected, tuple):
        assert isinstance(value, tuple)
        return bool(value[0] == expected[0] and value[1] == pytest.approx([each * 1 for each in expected[1]], rel=1e-6))
    return bool(value == pytest.approx(expected, rel=1e-6))


def compare(run: Callable[..., Run], texts: tuple[str, ...], data: object) -> list[str]:
    """Expressions of which the two say something else; what numpy refuses is not compared."""
    known = []
    for text in texts:
        try:
            known.append((text, reference(text, data)))
        except Exception:
            continue
    assert len(known) > len(texts) // 2
    found = lines(run, [text for text, _ in known], data)
    wrong = []
    for (text, expected), line in zip(known, found, strict=True):
        if line.startswith("!"):
            wrong.append(f"{text}: {line}, numpy {expected}")
            continue
        value = ast.literal_eval(line)
        if not near(value, expected):
            wrong.append(f"{text}: {value}, numpy {expected}")
    return wrong


@pytest.mark.parametrize("name", DATA)
def test_one_dimension(run: Callable[..., Run], name: str) -> None:
    assert compare(run, ONE_ARRAY, DATA[name]) == []


@pytest.mark.parametrize("name", TABLES)
def test_two_dimensions(run: Callable[..., Run], name: str) -> None:
    assert compare(run, TWO_DIMENSIONS, TABLES[name]) == []


QUIRKS = (
    ("np.diff(np.array([[1, 2], [3, 4], [6, 5]]), axis=0)", "((2, 2), [2.0, 2.0, 0.0, 0.0])"),
    ("np.roll(np.array([2, 7]), -2)", "((2,), [0.0, 0.0])"),
    ("np.argsort(np.array([2, 7]))", "!NotImplementedError"),
    ("np.array([2, 7])[[0, 1]]", "!AttributeError"),
)
"""ulab 6.5 (code/numpy/numerical.c) where it is not numpy: only the first row of differences, rolling to the left by
the length writes behind the array, no argsort of flattened arrays, no lists as indices."""


@pytest.mark.parametrize(("text", "expected"), QUIRKS)
def test_what_ulab_does_otherwise(run: Callable[..., Run], text: str, expected: str) -> None:
    assert lines(run, [text], [0]) == [expected]
