"""The C module ``ml`` (openmv/openmv, ``modules/py_ml.c``): the class ``Model`` below the frozen package of that name.

A script sees it as ``uml``, or as ``tf`` from 4.5.6 on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.firmware import generation_of
from omvsim.micropython.modules import NativeModule
from omvsim.modules.ml.model import MODEL

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine


def module(vm: Machine) -> NativeModule | None:
    """``ml``, from 4.5.6 on."""
    if not generation_of(vm.firmware).tf_is_ml:
        return None
    return NativeModule("ml", {"Model": MODEL})


__all__ = ["module"]
