"""``ulab.scipy.integrate``: which points its functions evaluate is not modelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.modules import NativeModule
from omvsim.world.unknown import unknown

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine

_NAMES: Final = ("tanhsinh", "romberg", "simpson", "quad")
_WHY: Final = "how often it calls the function depends on each rounding"


def integrate(vm: Machine) -> NativeModule:
    """The module."""
    return NativeModule("integrate", {name: unknown(f"ulab.scipy.integrate.{name}", _WHY) for name in _NAMES})


__all__ = ["integrate"]
