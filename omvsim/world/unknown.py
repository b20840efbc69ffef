"""What a module has on the camera but we do not model: calling it ends the run as not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.errors import Unknown
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeFunction

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Sentinel, Value

NOTHING_FOUND: Final = "finds nothing unless it is told how much (--finds)"
"""What is said of a detector whose results nobody has given: it has none."""


class UnknownFunction(NativeFunction):
    """A function or class that is not modelled, as ``--coverage`` tells it; its attributes neither."""

    __slots__ = ()

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        """Not known."""
        raise Unknown(f"{self.name}.{name}")


class UnavailableFunction(NativeFunction):
    """A function that only raises that the board does not have it."""

    __slots__ = ()


def unknown(what: str, why: str = "") -> UnknownFunction:
    """A function of that dotted name."""

    def call(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> NoReturn:
        raise Unknown(what, why)

    return UnknownFunction(call, what.rpartition(".")[2], 0, None, keywords=True, is_method=False)


class UnknownModule(NativeModule):
    """A module that the camera has and we do not model: importing it costs nothing, any name of it ends the run."""

    __slots__ = ("why",)

    def __init__(self, name: str, names: dict[str, Value], why: str = "") -> None:
        super().__init__(name, names)
        self.why = why

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        """Not known."""
        if name == "__name__":
            return self.name
        raise Unknown(f"{self.name}.{name}", self.why)


__all__ = ["NOTHING_FOUND", "UnavailableFunction", "UnknownFunction", "UnknownModule", "unknown"]
