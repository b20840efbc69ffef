"""Many expressions in one run of a script, and what the host's numpy says of the same arrays."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.bare_machine import Run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

TYPES = {"uint8": "B", "int8": "b", "uint16": "H", "int16": "h", "float": "f"}
"""ulab's names of its types and their letters, which numpy has as well."""
HEAD = """
from ulab import numpy as np, scipy, utils
def told(f):
    try:
        r = f()
    except Exception as e:
        return '!' + type(e).__name__ + ': ' + str(e)
    return shown(r)
def shown(r):
    if isinstance(r, tuple):
        return ('tuple', [shown(each) for each in r])
    if isinstance(r, np.ndarray):
        return (r.dtype if type(r.dtype) is int else 0, r.shape, [float(each) for each in r.flatten()])
    return float(r) if type(r) in (int, float, bool) else r
"""


def ulab(arrays: Mapping[str, NDArray[Any]], texts: Sequence[str], release: str = "4.8.1") -> list[Any]:
    """What each expression gives: a number, ``(type, shape, numbers)``, a tuple of such, or "!" and an error."""
    lines = [f"{name} = np.array({array.tolist()}, dtype={_type(array)})\n" for name, array in arrays.items()]
    calls = [f"print(repr(told(lambda: {text})))\n" for text in texts]
    printed = Run(HEAD + "inf, nan = np.inf, np.nan\n" + "".join(lines + calls), release).printed.splitlines()
    assert len(printed) == len(texts), printed[-1:]
    return [_read(line) for line in printed]


def _type(array: NDArray[Any]) -> str:
    return "np.bool" if array.dtype == bool else f"np.{next(n for n, c in TYPES.items() if c == array.dtype.char)}"


def _read(line: str) -> Any:
    return ast.literal_eval(line.replace("inf", "1e999").replace("nan", "None"))


def numbers(given: Any) -> NDArray[np.float64]:
    """An array of what was printed; nan where the camera has it."""
    return np.array([np.nan if each is None else each for each in given[2]], np.float64).reshape(given[1])


def differs(given: Any, expected: Any, rel: float = 2e-6, absolute: float = 1e-6) -> str:
    """Where an answer is not numpy's: shapes and numbers, as near as single precision is."""
    if isinstance(given, str):
        return given
    if isinstance(expected, tuple):
        found = [differs(mine, other, rel, absolute) for mine, other in zip(given[1], expected, strict=True)]
        return "; ".join(filter(None, found))
    wanted = np.asarray(expected, np.float64)
    mine = numbers(given) if isinstance(given, tuple) else np.float64(np.nan if given is None else given)
    if mine.shape != wanted.shape:
        return f"shape {mine.shape}, numpy {wanted.shape}"
    same = np.allclose(mine, wanted, rtol=rel, atol=absolute, equal_nan=True)
    return "" if same else f"{mine.tolist()}, numpy {wanted.tolist()}"


def wrong(
    arrays: Mapping[str, NDArray[Any]], pairs: Sequence[tuple[str, Any]], release: str = "4.8.1", rel: float = 2e-6
) -> list[str]:
    """The expressions whose answer is not the expected one."""
    answers = ulab(arrays, [text for text, _ in pairs], release)
    told = [(text, differs(mine, expected, rel)) for (text, expected), mine in zip(pairs, answers, strict=True)]
    return [f"{text}: {difference}" for text, difference in told if difference]
