"""Every name of every module of a release's firmware, with its fidelity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.frozen import FrozenModules
from omvsim.frozen.body import FrozenFunction
from omvsim.micropython.classes import Class
from omvsim.micropython.native import NativeFunction, NativeType
from omvsim.modules.fidelity import Fidelity
from omvsim.modules.registry import MAKERS, UNMODELLED
from omvsim.runs.coverage.catalogue import Catalogue
from omvsim.runs.coverage.things import Missing, Named
from omvsim.world.unknown import UnknownModule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

Worth = tuple[str, Fidelity, str]
"""A name, its fidelity, what is to be said."""
_FUNCTIONS = NativeFunction, FrozenFunction


def modules_of(vm: CameraMachine) -> Mapping[str, list[Worth]]:
    """The modules of a booted camera by name, each with its names; one that is not modelled has itself alone."""
    catalogue = Catalogue(vm, frozenset())
    files = FrozenModules(vm.strings.built_in).files
    frozen = {path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in files}
    found: dict[str, list[Worth]] = {}
    for name in sorted(({*MAKERS, *vm.release.own_modules} | UNMODELLED | frozen) - {"builtins"}):
        for thing in catalogue.module(name):
            if isinstance(thing, Named) and not isinstance(thing.value, UnknownModule):
                found[name] = sorted(_names(catalogue, thing))
            elif isinstance(thing, Named) or (isinstance(thing, Missing) and thing.known):
                found[name] = [(name, Fidelity.UNKNOWN, "")]
    return found


def _names(catalogue: Catalogue, module: Named) -> Iterator[Worth]:
    for name in catalogue.names(module):
        member = catalogue.member(module, name)
        if member is None or name.startswith("__"):
            continue
        yield name, *catalogue.fidelity(member)
        if isinstance(member.value, NativeType | Class):
            yield from _methods(catalogue, member, name)


def _methods(catalogue: Catalogue, kind: Named, name: str) -> Iterator[Worth]:
    for each, value in _members(kind.value).items():
        if not each.startswith("_") and isinstance(value, _FUNCTIONS):
            yield f"{name}.{each}", *catalogue.fidelity(Named(f"{kind.path}.{each}", value))


def _members(kind: Value) -> dict[str, Value]:
    if isinstance(kind, NativeType):
        return kind.locals
    return {str(key): entry.value for key, entry in kind.members.found.items()} if isinstance(kind, Class) else {}


__all__ = ["Worth", "modules_of"]
