"""The C module ``ml`` (openmv/openmv, ``modules/py_ml.c``): the class ``Model`` below the frozen package of that name.

A script sees it as ``uml``, or as ``tf`` from 4.5.6 on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.modules import NativeModule
from omvsim.modules.ml.model import MODEL

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine


def module(vm: Machine) -> NativeModule:
    """``ml``."""
    return NativeModule("ml", {"Model": MODEL})


__all__ = ["module"]
