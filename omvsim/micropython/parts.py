"""What modules keep for one machine, places in ROM, a port's hooks, and what was told in place of the unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn, TypeVar

from omvsim.micropython.errors import Raised

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.micropython.values import Obj

Part = TypeVar("Part")

ROM: Final = 0x60040000
"""Where values in ROM are said to be: in the flash, one after the other as somebody asks. Where the linker put them on
the camera is not known."""
ROM_STEP: Final = 16


def _nothing() -> None:
    """Without a port's hook."""


class Parts:
    """Base of the machine: one object a class, made when it is first asked for."""

    def __init__(self) -> None:
        self._parts: dict[object, object] = {}
        self._rom: dict[object, int] = {}
        self.stand_ins: dict[str, str] = {}
        """What was called whose memory is the camera's and whose values are stand-ins, and what they are: the report
        tells."""
        self.on_raise: Callable[[], None] = _nothing
        """The port's hook where C code raises (``MICROPY_NLR_RAISE_HOOK``) …"""
        self.on_handler: Callable[[], None] = _nothing
        """… and where a frame of bytecode sees an exception (``MICROPY_VM_HOOK_EXC``)."""

    def throw(self, exception: Obj) -> NoReturn:
        """``nlr_raise``: the port's hook, then the exception is on its way."""
        self.on_raise()
        raise Raised(exception)

    def part(self, kind: Callable[[], Part]) -> Part:
        """The machine's object of a class."""
        found = self._parts.get(kind)
        if found is None:
            found = self._parts[kind] = kind()
        return found  # type: ignore[return-value]  # made by kind

    def put_part(self, part: object) -> None:
        """Let an object be the machine's one of its class."""
        self._parts[type(part)] = part

    def stand_in(self, what: str, why: str) -> None:
        """Note a call whose values are stand-ins, once."""
        self.stand_ins.setdefault(what, why)

    def hash_of_rom(self, what: str) -> None:
        """Note that a hash counts from an address in ROM, which only the camera's linker knows."""
        self.stand_in(f"hash of {what}", "it and the order in dicts and sets follow from an address in ROM, not known")

    def rom_address(self, value: object) -> int:
        """A place for a value in ROM, the same one whenever it is asked for."""
        return ROM + ROM_STEP * self.rom_number(value)

    def rom_number(self, value: object) -> int:
        """A number for a value in ROM or a name, from 1 on."""
        return self._rom.setdefault(value, len(self._rom) + 1)


__all__ = ["Parts"]
