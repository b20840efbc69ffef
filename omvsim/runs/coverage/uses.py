"""What a script uses of the firmware, line by line, each use with its fidelity."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from omvsim.micropython.modules import Module, NativeModule
from omvsim.micropython.native import NativeFunction
from omvsim.modules.fidelity import Fidelity
from omvsim.records import dataclass
from omvsim.runs.coverage.things import Local, Missing, Named, Object, Own, Result, Things, together
from omvsim.world.unknown import UnknownModule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.runs.coverage.catalogue import Catalogue
    from omvsim.runs.coverage.things import Thing

_WORST_FIRST = (Fidelity.UNKNOWN, Fidelity.CHARGED, Fidelity.SIMULATED)


class UseKind(StrEnum):
    """How a name is used."""

    IMPORT = "import"
    CALL = "call"
    NAME = "name"
    """A constant of a module that is read, or what is imported from one."""


@dataclass(frozen=True, slots=True)
class Use:
    """A name on a line. A name that begins with a dot is a method of an object that cannot be followed."""

    line: int
    name: str
    kind: UseKind
    fidelity: Fidelity
    note: str = ""


class Uses:
    """The uses found so far."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.found: dict[tuple[int, str, UseKind], Use] = {}
        self._fields: dict[str, Things] = {}
        self._own: set[str] = set()
        """Names of functions and fields of the script."""

    def clear(self) -> None:
        """Forget the uses, not the fields."""
        self.found.clear()

    def own(self, name: str) -> None:
        """A function of the script, which may be a method."""
        self._own.add(name)

    def set_field(self, name: str, things: Things) -> None:
        """An attribute of whatever object is set."""
        self._own.add(name)
        self._fields[name] = together(self._fields.get(name, ()), things)

    def _add(self, line: int, name: str, kind: UseKind, fidelity: Fidelity, note: str = "") -> None:
        self.found.setdefault((line, name, kind), Use(line, name, kind, fidelity, note))

    def _not_there(self, line: int, path: str, kind: UseKind, *, maybe: bool = False) -> None:
        """A name that its owner lacks here: the camera lacks it too where its firmware has no such name at all."""
        if self.catalogue.has(path.rpartition(".")[2]) and maybe:
            self._add(line, path, kind, Fidelity.UNKNOWN, "omvsim does not know this name")
        else:
            self._add(line, path, kind, Fidelity.ABSENT)

    # -- imports ----------------------------------------------------------------------------------------------------

    def imported(self, line: int, name: str) -> Things:
        """``import name``."""
        found = self.catalogue.module(name)
        for thing in found:
            if isinstance(thing, Missing):
                worth = Fidelity.UNKNOWN if thing.known else Fidelity.ABSENT
                self._add(line, name, UseKind.IMPORT, worth)
            elif isinstance(thing, Named):
                unknown = isinstance(thing.value, UnknownModule)
                self._add(line, name, UseKind.IMPORT, Fidelity.UNKNOWN if unknown else Fidelity.SIMULATED)
        return found

    def from_module(self, line: int, source: Things, name: str) -> Things:
        """``from source import name``."""
        found: Things = ()
        for thing in source:
            if isinstance(thing, Named):
                found = together(found, self._of_module(line, thing, name, UseKind.NAME))
            else:
                found = together(found, (thing,))
        return found

    def all_of(self, source: Things) -> Iterator[tuple[str, Things]]:
        """``from source import *``."""
        for thing in source:
            if isinstance(thing, Named):
                for name in self.catalogue.names(thing):
                    member = self.catalogue.member(thing, name)
                    if member is not None and not name.startswith("_"):
                        yield name, (member,)

    def _of_module(self, line: int, owner: Named, name: str, kind: UseKind) -> Things:
        member = self.catalogue.member(owner, name)
        found: Things = (member,) if member is not None else self.catalogue.submodule(owner, name)
        if not found:
            unknown = isinstance(owner.value, UnknownModule)
            self._not_there(line, f"{owner.path}.{name}", kind, maybe=unknown or isinstance(owner.value, Module))
            return (Missing(f"{owner.path}.{name}", known=unknown),)
        if kind is UseKind.NAME and member is not None:
            worth, note = self.catalogue.fidelity(member)
            self._add(line, member.path, kind, worth, note)
        return found

    # -- attributes and calls ---------------------------------------------------------------------------------------

    def attribute(self, line: int, things: Things, name: str, *, called: bool) -> Things:
        """``things.name``."""
        if not things:
            return self._guess(line, name, called=called)
        found: Things = ()
        for thing in things:
            found = together(found, self._attribute_of(line, thing, name, called=called))
        return found

    def _attribute_of(self, line: int, thing: Thing, name: str, *, called: bool) -> Things:
        if isinstance(thing, Local | Missing):
            return (thing,)
        if isinstance(thing, Own):
            return self._fields.get(name, ())
        if isinstance(thing, Result):
            if called:
                there = self.catalogue.result_has(thing, name)
                note = "" if there else "a value here, no method"
                self._add(
                    line, f"{thing.kind}.{name}", UseKind.CALL, Fidelity.SIMULATED if there else Fidelity.ABSENT, note
                )
            return ()
        if isinstance(thing, Named) and isinstance(thing.value, Module | NativeModule):
            return self._of_module(line, thing, name, UseKind.CALL if called else UseKind.NAME)
        if isinstance(thing, Named | Object):
            member = self.catalogue.member(thing, name)
            if member is not None:
                return (member,)
            if called and name not in self._own and not _is_function(thing):
                self._not_there(line, f"{thing.path}.{name}", UseKind.CALL, maybe=True)
        return ()

    def _guess(self, line: int, name: str, *, called: bool) -> Things:
        """A method of an object that cannot be followed: whatever type has one of that name, the worst of them."""
        if name in self._own or not called:
            return self._fields.get(name, ())
        kinds = self.catalogue.types
        members = [self.catalogue.member(Object(path, kind), name) for path, kind in kinds.items()]
        known = [(member, *self.catalogue.fidelity(member)) for member in members if member is not None]
        if not known:
            if self.catalogue.some_result_has(name):
                self._add(line, f".{name}", UseKind.CALL, Fidelity.SIMULATED)
            else:
                self._not_there(line, f".{name}", UseKind.CALL, maybe=True)
            return ()
        member, worth, note = min(known, key=lambda each: _WORST_FIRST.index(each[1]) if each[1] in _WORST_FIRST else 3)
        self._add(line, f".{name}", UseKind.CALL, worth, note or f"of an object that may be: {member.path}")
        return ()

    def called(self, line: int, thing: Named) -> Things:
        """``thing(…)``."""
        worth, note = self.catalogue.fidelity(thing)
        self._add(line, thing.path, UseKind.CALL, worth, note)
        return self.catalogue.given(thing)

    def no_such_name(self, line: int, name: str) -> None:
        """A name that is bound nowhere is called."""
        self._not_there(line, name, UseKind.CALL)


def _is_function(thing: Named | Object) -> bool:
    return isinstance(thing, Named) and isinstance(thing.value, NativeFunction)


__all__ = ["Use", "UseKind", "Uses"]
