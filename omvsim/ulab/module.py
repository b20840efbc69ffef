"""``ulab`` (v923z/micropython-ulab, code/ulab.c): what a script imports.

Its modules' files are imported when a script looks a name up: every script with ``ml`` imports ``numpy``, few call it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from omvsim.micropython.modules import LaterModule, NativeModule
from omvsim.micropython.native import function
from omvsim.ulab.layout import HOST_TYPES, MAX_DIMS, ulab_of
from omvsim.ulab.ndarray import NdArray

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

FILES: Final = {"numpy": "numpy_", "scipy": "scipy_", "utils": "utils"}
"""The modules and the files of this folder that have the names of each."""


@function("dtype", 1)
def _dtype(vm: Machine, value: Value) -> Value:
    """The number of an array's type, or of a letter that is one."""
    if isinstance(value, NdArray):
        return ord(value.code)
    text = vm.str_of(value)
    if text not in HOST_TYPES and text != "?":
        vm.raise_type("data type not understood")
    return ord(text)


def _later(vm: Machine, name: str, file: str) -> LaterModule:
    return LaterModule(name, lambda: import_module(f"omvsim.ulab.{file}").names(vm))


def module(vm: Machine) -> NativeModule:
    """``ulab``."""
    names: dict[str, Value] = {
        "__version__": f"{ulab_of(vm).version}-({MAX_DIMS})D",
        "dtype": _dtype,
        **{name: _later(vm, name, file) for name, file in FILES.items()},
    }
    return NativeModule("ulab", names)


__all__ = ["module"]
