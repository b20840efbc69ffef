"""What is made of a profile's tables, kept: an edited tree shares all tables but those that were edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

MOST: Final = 1024
"""Things that are kept; then it is begun anew."""


class Once(Generic[T]):
    """Makes a thing of some tables once, as long as it is these very tables.

    Tables are never written to once they are part of a tree (:func:`~omvsim.boards._tree.merge` makes new ones), so
    that the same object has the same content. What raises is not kept.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._made: dict[tuple[object, ...], tuple[tuple[object, ...], T]] = {}

    def of(self, name: str, tables: tuple[object, ...], make: Callable[[], T]) -> T:
        """What ``make`` makes of ``tables`` under that name."""
        key = (name, *map(id, tables))
        found = self._made.get(key)
        if found is None:  # the tables are kept alive: no other object has their id
            if len(self._made) >= self._most:
                self._made.clear()
            found = self._made[key] = (tables, make())
        return found[1]


__all__ = ["Once"]
