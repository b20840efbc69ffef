"""Arithmetic on rows that are all alike against numpy's on all elements, bit by bit."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.ulab import alike

SINGLES = st.floats(width=32, allow_nan=False, allow_infinity=False)
HOST = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}


def array(values: np.ndarray[Any, Any], code: str = "f") -> Any:
    """What the arithmetic looks at of an array; its bytes lie behind some others."""
    store = b"\7" * 4 + values.tobytes()
    facts = {"size": values.size, "shape": values.shape, "offset": 4, "store": store}
    return SimpleNamespace(code=code, is_dense=lambda: True, **facts)


def rows(row: list[float], *, count: int) -> np.ndarray[Any, Any]:
    """So many of them, below each other."""
    return np.tile(np.array(row, np.float32), (1, 2, count, 1))


@given(st.lists(SINGLES, min_size=1, max_size=alike.MOST), st.data(), st.sampled_from(sorted(HOST)), st.integers(1, 5))
def test_as_numpy_computes_every_element(row: list[float], data: st.DataObject, sign: str, count: int) -> None:
    left = rows(row, count=count)
    length = data.draw(st.sampled_from((1, len(row))))
    other = data.draw(st.lists(SINGLES, min_size=length, max_size=length))
    right = np.array(other, np.float32)
    for mine, theirs in ((left, right), (right, left)):
        with np.errstate(all="ignore"):
            expected = HOST[sign](mine, theirs).astype(np.float32)
        found = alike.result(sign, array(mine), array(theirs), expected.shape)
        if sign == "/" and 0 in theirs:
            assert found is None
        else:
            assert found == expected.tobytes()


@pytest.mark.parametrize(
    "values",
    [
        np.array([[1, 2], [1, 3]], np.float32),
        np.array([[1, np.nan], [1, np.nan]], np.float32),
        np.array([[np.inf, 1]], np.float32),
        np.ones((2, alike.MOST + 1), np.float32),
        np.zeros((0, 2), np.float32),
    ],
)
def test_rows_that_differ_and_numbers_out_of_the_usual_are_left_to_numpy(values: np.ndarray[Any, Any]) -> None:
    assert alike.result("+", array(values), array(np.ones(1, np.float32)), values.shape) is None


def test_other_operators_and_types_too() -> None:
    ones = np.ones((2, 2), np.float32)
    assert alike.result("//", array(ones), array(ones), ones.shape) is None
    assert alike.result("+", array(ones), array(ones.astype(np.uint8), "B"), ones.shape) is None
    strided = array(ones)
    strided.is_dense = lambda: False
    assert alike.result("+", strided, array(ones), ones.shape) is None
