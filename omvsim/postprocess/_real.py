"""Single precision as the camera's library computes it: one rounding an operation, functions rounded once.

The firmware's ``expf`` and ``logf`` (newlib) are off by little more than half a step of the last place, so the double
function rounded to single is what they give in all but a few of a million cases.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from omvsim.postprocess._types import Values

ONE = np.float32(1.0)


def exp(values: NDArray[np.float32]) -> Values:
    """``e`` to the power of each value."""
    with np.errstate(over="ignore"):
        result: Values = np.exp(values.astype(np.float64)).astype(np.float32)
    return result


def sigmoid(values: NDArray[np.float32]) -> Values:
    """``1 / (1 + exp(-x))``, an operation at a time."""
    result: Values = ONE / (ONE + exp(-values))
    return result


def logit(share: np.float32) -> np.float32:
    """``log(x / (1 - x))`` of a threshold: what a score before its sigmoid is compared with."""
    odds = share / (ONE - share) if share != ONE else np.float32(math.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.float32(np.log(np.float64(odds)))


def mean(values: Iterable[np.float32]) -> np.float32:
    """ulab's mean: a running one, corrected by each value in turn (``code/numpy/numerical.c``)."""
    result = np.float32(0.0)
    for count, value in enumerate(values, 1):
        result = result + (value - result) / np.float32(count)
    return np.float32(result)
