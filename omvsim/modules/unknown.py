"""What a module has on the camera but we do not model: calling it ends the run as not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.errors import Unknown
from omvsim.micropython.native import NativeFunction

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value


def unknown(what: str, why: str = "") -> NativeFunction:
    """A function of that dotted name."""

    def call(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> NoReturn:
        raise Unknown(what, why)

    return NativeFunction(call, what.rpartition(".")[2], 0, None, keywords=True, is_method=False)


__all__ = ["unknown"]
