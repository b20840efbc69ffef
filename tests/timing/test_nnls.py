"""Non-negative least squares on sums of products."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omvsim.timing._nnls import Gram


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.5, 50), min_size=3, max_size=3), st.integers(0, 1000))
def test_exact_data_give_the_coefficients_back(wanted: list[float], seed: int) -> None:
    names = ("a", "b", "c")
    gram = Gram(names)
    for i in range(12):
        row = {"a": 1.0, "b": float((i * 7 + seed) % 11 + 1), "c": float((i * i + seed) % 13 + 1)}
        target = sum(row[n] * w for n, w in zip(names, wanted, strict=True))
        gram.add(row, target, 1.0 / target)
    solution = gram.solve()
    for name, value in zip(names, wanted, strict=True):
        assert solution[name] == pytest.approx(value, rel=1e-3, abs=1e-3)


def test_no_coefficient_is_negative() -> None:
    gram = Gram(("one", "x"))
    for x in range(1, 9):
        gram.add({"one": 1.0, "x": float(x)}, 100.0 - 5 * x)
    solution = gram.solve()
    assert solution["x"] == 0.0
    assert solution["one"] == pytest.approx(77.5)


def test_leaving_out_is_a_subtraction() -> None:
    whole, part = Gram(("x",)), Gram(("x",))
    whole.add({"x": 1.0}, 3.0)
    whole.add({"x": 1.0}, 5.0)
    part.add({"x": 1.0}, 5.0)
    assert whole.solve()["x"] == pytest.approx(4.0)
    assert whole.minus(part).solve()["x"] == pytest.approx(3.0)
    assert whole.minus(part).count == 1


def test_a_feature_that_never_occurs_is_left_at_nothing() -> None:
    gram = Gram(("x", "never"))
    gram.add({"x": 2.0}, 6.0)
    assert gram.solve() == {"x": pytest.approx(3.0), "never": 0.0}
