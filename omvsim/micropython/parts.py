"""What modules keep for one machine, places of what stands in ROM, and what was told in place of the unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Part = TypeVar("Part")

ROM: Final = 0x60040000
"""Where values in ROM are said to be: in the flash, one after the other as somebody asks. Where the linker put them on
the camera is not known."""
ROM_STEP: Final = 16


class Parts:
    """Base of the machine: one object a class, made when it is first asked for."""

    def __init__(self) -> None:
        self._parts: dict[object, object] = {}
        self._rom: dict[object, int] = {}
        self.stand_ins: dict[str, str] = {}
        """What was called whose memory is the camera's and whose values are stand-ins, and what they are: the report
        tells."""

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

    def rom_address(self, value: object) -> int:
        """A place for a value in ROM, the same one whenever it is asked for."""
        return ROM + ROM_STEP * self.rom_number(value)

    def rom_number(self, value: object) -> int:
        """A number for a value in ROM or a name, from 1 on."""
        return self._rom.setdefault(value, len(self._rom) + 1)


__all__ = ["Parts"]
