"""``ulab`` (v923z/micropython-ulab, code/ulab.c): what a script imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import function
from omvsim.modules.ulab.layout import HOST_TYPES, MAX_DIMS, ulab_of
from omvsim.modules.ulab.ndarray import NdArray
from omvsim.modules.ulab.numpy_ import numpy
from omvsim.modules.ulab.scipy_ import scipy
from omvsim.modules.ulab.utils import utils

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value


@function("dtype", 1)
def _dtype(vm: Machine, value: Value) -> Value:
    """The number of an array's type, or of a letter that is one."""
    if isinstance(value, NdArray):
        return ord(value.code)
    text = vm.str_of(value)
    if text not in HOST_TYPES and text != "?":
        vm.raise_type("data type not understood")
    return ord(text)


def module(vm: Machine) -> NativeModule:
    """``ulab``."""
    names: dict[str, Value] = {
        "__version__": f"{ulab_of(vm).version}-({MAX_DIMS})D",
        "dtype": _dtype,
        "numpy": numpy(vm),
        "scipy": scipy(vm),
        "utils": utils(vm),
    }
    return NativeModule("ulab", names)


__all__ = ["module"]
