"""``ulab.numpy`` (code/numpy/numpy.c): the table of its names."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from omvsim.micropython.types import float_
from omvsim.numerals.single import single
from omvsim.ulab import (
    approx,
    bitwise,
    compare,
    create,
    files,
    joining,
    numerical,
    options,
    ranges,
    rolling,
    sorting,
    transform,
    vector,
)
from omvsim.ulab.fft import fft
from omvsim.ulab.layout import BOOL, FLOATS, INT8, INT16, UINT8, UINT16, ulab_of
from omvsim.ulab.linalg import linalg
from omvsim.ulab.ndarray import NDARRAY_TYPE
from omvsim.ulab.random_ import random

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

_CONSTANTS: Final = {"e": math.e, "inf": math.inf, "nan": math.nan, "pi": math.pi}
_TYPES: Final = {"bool": BOOL, "uint8": UINT8, "int8": INT8, "uint16": UINT16, "int16": INT16, "float": FLOATS}
_FUNCTIONS: Final = (
    create.array,
    create.asarray,
    create.eye,
    create.frombuffer,
    create.full,
    create.ones,
    create.zeros,
    joining.concatenate,
    joining.diag,
    options.get_options,
    options.ndinfo,
    options.set_options,
    ranges.arange,
    ranges.linspace,
    ranges.logspace,
    rolling.cross,
    rolling.diff,
    rolling.flip,
    rolling.roll,
    sorting.argsort,
    sorting.median,
    sorting.sort,
    *approx.FUNCTIONS,
    *bitwise.FUNCTIONS,
    *compare.FUNCTIONS,
    *files.FUNCTIONS,
    *numerical.FUNCTIONS,
    *transform.FUNCTIONS,
    *vector.FUNCTIONS,
)
_OPTIONAL: Final = {"has_take": joining.take, "has_meshgrid": joining.meshgrid, "has_bincount": compare.bincount}


def names(vm: Machine) -> dict[str, Value]:
    """What the module has, as the machine's version has it."""
    found: dict[str, Value] = {"ndarray": NDARRAY_TYPE, "empty": create.zeros}
    found |= {name: float_.Float(None, 0, single(value)) for name, value in _CONSTANTS.items()}
    found |= {name: ord(code) for name, code in _TYPES.items()}
    found |= {each.name: each for each in _FUNCTIONS}
    found |= {each.name: each for fact, each in _OPTIONAL.items() if getattr(ulab_of(vm), fact)}
    found |= {"fft": fft(vm), "linalg": linalg(vm), "random": random(vm)}
    return found


__all__ = ["names"]
