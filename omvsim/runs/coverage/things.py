"""What an expression of a script may be, as far as it can be told without running it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.records import dataclass

if TYPE_CHECKING:
    from omvsim.compiler.parsing.tree import Node
    from omvsim.micropython.classes import Type
    from omvsim.micropython.values import Value


@dataclass(frozen=True, eq=False)
class Named:
    """A module, function, type or constant of the firmware, by its dotted name."""

    path: str
    value: Value


@dataclass(frozen=True, eq=False)
class Object:
    """An object of a type of the firmware; ``path`` is the type's name."""

    path: str
    kind: Type


@dataclass(frozen=True, eq=False)
class Result:
    """What a finder of images gives (``image.blob``)."""

    kind: str


@dataclass(frozen=True, eq=False)
class ListOf:
    """Several of these."""

    items: Things


@dataclass(frozen=True, eq=False)
class Own:
    """A function or class of the script, or an object of its class (``made``)."""

    node: Node
    made: bool = False


@dataclass(frozen=True, eq=False)
class Local:
    """What an import finds beside the script, and all that comes of it."""


@dataclass(frozen=True, eq=False)
class Missing:
    """What an import does not find (``known``: the camera has it)."""

    path: str
    known: bool


Thing = Named | Object | Result | ListOf | Own | Local | Missing
Things = tuple[Thing, ...]
"""All that it may be; nothing: not known."""

_MOST: Final = 8


def _same(one: Thing, other: Thing) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, Named | Object | Missing) and isinstance(other, Named | Object | Missing):
        return one.path == other.path
    if isinstance(one, Result) and isinstance(other, Result):
        return one.kind == other.kind
    if isinstance(one, Own) and isinstance(other, Own):
        return one.node is other.node and one.made == other.made
    if isinstance(one, ListOf) and isinstance(other, ListOf):
        return len(one.items) == len(other.items) and all(map(_same, one.items, other.items))
    return isinstance(one, Local)


def together(*several: Things) -> Things:
    """All of them, each once."""
    found: list[Thing] = []
    for things in several:
        found += [thing for thing in things if not any(_same(thing, each) for each in found)]
    return tuple(found[:_MOST])


__all__ = ["ListOf", "Local", "Missing", "Named", "Object", "Own", "Result", "Thing", "Things", "together"]
