"""``tf``: a module of its own up to 4.5.5 (openmv/openmv v4.5.5, ``src/omv/modules/py_tf.c``), then ``ml``'s name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.modules import NativeModule
from omvsim.modules.tf.calling import FUNCTIONS
from omvsim.modules.tf.loading import free_from_fb, load_builtin_model, load_function

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine


def module(vm: Machine) -> NativeModule:
    """``tf``."""
    if vm.release.tf_is_ml:
        vm.extensible |= {"tf"}  # MP_REGISTER_EXTENSIBLE_MODULE(MP_QSTR_tf, ml_module), modules/py_ml.c
        ml = vm.modules.get("ml")
        assert ml is not None
        return ml
    loading = {"load": load_function, "load_builtin_model": load_builtin_model, "free_from_fb": free_from_fb}
    return NativeModule("tf", {**loading, **FUNCTIONS})


__all__ = ["module"]
