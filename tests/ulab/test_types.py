"""Types of results and what numbers wrap to, by ulab's rule (v923z/micropython-ulab 6.7.3, code/ndarray_operators.c).

Two arrays of one type give that type. Else a float gives a float, and integers what stands below; what does not fit
wraps as a C assignment to that type does.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

from tests.ulab.comparing import TYPES, numbers, ulab, wrong

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

UPCAST: Final = {
    frozenset("Bb"): "h",
    frozenset("BH"): "H",
    frozenset("Bh"): "h",
    frozenset("bh"): "h",
    frozenset("bH"): "h",  # the comment above the operators says uint16, the loops make int16
    frozenset("Hh"): "f",
}
EDGES: Final = {
    "B": [0, 1, 2, 127, 128, 255],
    "b": [-128, -127, -1, 1, 2, 127],
    "H": [0, 1, 255, 256, 32768, 65535],
    "h": [-32768, -129, -1, 1, 300, 32767],
    "f": [-2.5, -1.0, 0.5, 1.0, 3.0, 1000.0],
}
ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
COMPARED: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
PAIRS: Final = [(left, right) for left in TYPES.values() for right in TYPES.values()]


def result_type(left: str, right: str) -> str:
    if left == right:
        return left
    return "f" if "f" in (left, right) else UPCAST[frozenset((left, right))]


def arrays() -> dict[str, NDArray[Any]]:
    """``aB`` to ``af`` and the same backwards, ``zB`` to ``zf``."""
    forward = {f"a{code}": np.array(values, code) for code, values in EDGES.items()}
    return forward | {f"z{code}": np.array(values[::-1], code) for code, values in EDGES.items()}


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_the_type_of_two_types_and_what_wraps(release: str) -> None:
    made = arrays()
    cases = [(f"a{left} {sign} z{right}", left, right, sign) for left, right in PAIRS for sign in ARITHMETIC]
    wide = {name: array.astype(np.float64 if array.dtype.char == "f" else np.int64) for name, array in made.items()}
    answers = ulab(made, [text for text, *_ in cases], release)
    failed = []
    for (text, left, right, sign), answer in zip(cases, answers, strict=True):
        code = result_type(left, right)
        mine = wide[f"a{left}"]
        if sign == "-":  # whose loops are written out for every pair of types
            code = "H" if (left, right) == ("H", "b") else code
            mine = made["ah"].astype(np.uint16).astype(np.float64) if (left, right) == ("h", "f") else mine
        whole = ARITHMETIC[sign](mine, wide[f"z{right}"])
        expected = whole.astype(np.float32) if code == "f" else whole.astype(np.int64).astype(code)
        if chr(int(answer[0])) != code or not np.array_equal(numbers(answer), expected.astype(np.float64)):
            failed.append(f"{text}: {chr(int(answer[0]))} {answer[2]}, expected {code} {expected.tolist()}")
    assert failed == []


def test_a_quotient_is_a_float_of_what_c_divides() -> None:
    """Two integers are divided as such, towards zero, and by zero it is 0 (SDIV and UDIV of the Cortex-M7)."""
    made = arrays()
    pairs = [(f"a{left} / z{right}", left, right) for left, right in PAIRS]
    answers = ulab(made, [text for text, *_ in pairs])
    for (text, left, right), answer in zip(pairs, answers, strict=True):
        mine, other = made[f"a{left}"].tolist(), made[f"z{right}"].tolist()
        if "f" in (left, right):
            with np.errstate(divide="ignore", invalid="ignore"):
                expected = np.array(mine, np.float32) / np.array(other, np.float32)
        else:
            expected = np.array([int(a / b) if b else 0 for a, b in zip(mine, other, strict=True)], np.float32)
        assert chr(int(answer[0])) == "f", text
        np.testing.assert_allclose(numbers(answer), expected, rtol=1e-6, err_msg=text)


def test_comparisons_are_of_the_numbers_but_for_one_that_is_misread() -> None:
    """``<`` and ``<=`` are ``>`` and ``>=`` with sides exchanged; the loop for int16 beside a float reads uint16."""
    made = arrays()
    pairs = []
    for left, right in PAIRS:
        for sign, compare in COMPARED.items():
            mine, other = made[f"a{left}"].astype(np.float64), made[f"z{right}"].astype(np.float64)
            first, second = (right, left) if sign in ("<", "<=") else (left, right)
            if sign not in ("==", "!=") and (first, second) == ("h", "f"):
                misread = made[f"a{left}" if left == "h" else f"z{right}"].astype(np.uint16).astype(np.float64)
                mine, other = (misread, other) if left == "h" else (mine, misread)
            pairs.append((f"a{left} {sign} z{right}", compare(mine, other)))
    assert wrong(made, pairs) == []


NUMBERS: Final = (-40000, -32767, -300, -128, -127, -1, 0, 5, 127, 128, 255, 256, 32767, 40000)


def type_of_number(value: int, other: str) -> str:
    """``ndarray_from_mp_obj``: the least type that holds it, of the other side's sign where that has one."""
    if not -32767 <= value <= 32767:
        return "f"
    if value < 0:
        return "b" if value > -128 else "h"
    if other in "bh":
        return "b" if value < 128 else "h"
    return "B" if value < 256 else "H"


def test_the_type_of_an_array_and_a_number() -> None:
    cases = [(code, value) for code in TYPES.values() for value in NUMBERS]
    made = {f"a{code}": np.array([1, 2, 3], code) for code in TYPES.values()}
    for release in ("4.8.1", "4.5.5"):
        answers = ulab(made, [f"a{code} + ({value})" for code, value in cases], release)
        found = [chr(int(answer[0])) for answer in answers]
        assert found == [result_type(code, type_of_number(value, code)) for code, value in cases]


@pytest.mark.parametrize("code", TYPES.values())
def test_beside_a_float_everything_is_one(code: str) -> None:
    (answer,) = ulab({"a": np.array([1, 2, 3], code)}, ["a + 0.5"])
    assert (chr(int(answer[0])), answer[2]) == ("f", [1.5, 2.5, 3.5])


def test_bits_of_two_arrays_of_integers() -> None:
    made = {name: array for name, array in arrays().items() if array.dtype.char != "f"}
    pairs = []
    for left in "BbHh":
        for sign, compute in (("&", np.bitwise_and), ("|", np.bitwise_or), ("^", np.bitwise_xor)):
            pairs.append((f"a{left} {sign} z{left}", compute(made[f"a{left}"], made[f"z{left}"]).astype(np.float64)))
    assert wrong(made, pairs) == []


def test_what_an_array_of_a_type_is_made_of_wraps() -> None:
    """ndarray_set_value stores ``mp_obj_get_int`` of each item, cut to the type."""
    texts = {
        "np.array([0, 255, 127], dtype=np.uint8)": [0, 255, 127],
        "np.array([-128, 127], dtype=np.int8)": [-128, 127],
        "np.array([65535, 0], dtype=np.uint16)": [65535, 0],
        "np.array([-32768, 32767], dtype=np.int16)": [-32768, 32767],
        "np.array(aH, dtype=np.uint8)": [value & 0xFF for value in EDGES["H"]],
        "np.array(ah, dtype=np.int8)": [(value + 128) % 256 - 128 for value in EDGES["h"]],
        "np.array(aB, dtype=np.float)": EDGES["B"],
    }
    made = {name: array for name, array in arrays().items() if name[0] == "a"}
    assert wrong(made, [(text, np.array(values, np.float64)) for text, values in texts.items()]) == []
