"""A profile before it is resolved: nested tables as TOML has them, and reading values out of them with good errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from omvsim.errors import BoardError
from omvsim.units import parse_address, parse_size

if TYPE_CHECKING:
    import enum

Tree = dict[str, object]
"""Tables of tables; leaves are what TOML gives (text, numbers, booleans, lists)."""

_E = TypeVar("_E", bound="enum.StrEnum")


def merge(base: Tree, over: Tree) -> Tree:
    """``over`` on top of ``base``: tables are merged, everything else is replaced; the order of ``base`` is kept."""
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            merged[key] = merge(below, value)
        else:
            merged[key] = _copied(value)
    return merged


def _copied(value: object) -> object:
    """``copy.deepcopy`` of what TOML gives."""
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


def drop(tree: Tree, names: object) -> Tree:
    """``tree`` without the tables listed as ``"cache"`` or ``"region.vospi"``; names it does not have are no error."""
    dropped = dict(tree)
    for name in names if isinstance(names, list) else ():
        table, _, key = str(name).partition(".")
        inner = dropped.get(table)
        if not key:
            dropped.pop(table, None)
        elif isinstance(inner, dict):
            dropped[table] = {k: v for k, v in inner.items() if k != key}
    return dropped


class Table:
    """One table of a profile with the path to it; every reader names file and key when a value is wrong."""

    def __init__(self, source: str, path: str, values: Tree) -> None:
        self.source = source
        self.path = path
        self.values = values

    def error(self, key: str, cause: str) -> BoardError:
        """The error for ``key`` of this table."""
        return BoardError(self.source, f"{self.path}.{key} {cause}" if self.path else f"{key} {cause}")

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def _get(self, key: str, default: object = None) -> object:
        value = self.values.get(key, default)
        if value is None:
            raise self.error(key, "is missing")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text."""
        return str(self._get(key, default))

    def size(self, key: str, default: int | None = None) -> int:
        """Bytes: a number or ``64K``."""
        value = self._get(key, default)
        try:
            return parse_size(value if isinstance(value, int) else str(value))
        except ValueError as error:
            raise self.error(key, f"is no size: {error}") from error

    def address(self, key: str) -> int:
        """An address of 32 bits."""
        value = self._get(key)
        try:
            return parse_address(value if isinstance(value, int) else str(value))
        except ValueError as error:
            raise self.error(key, f"is no address: {error}") from error

    def flag(self, key: str) -> bool:
        """A boolean."""
        value = self._get(key)
        if not isinstance(value, bool):
            raise self.error(key, f"must be true or false, not {value!r}")
        return value

    def choice(self, key: str, kind: type[_E], default: _E | None = None) -> _E:
        """One of an enumeration's values."""
        value = self.text(key, default)
        try:
            return kind(value)
        except ValueError as error:
            raise self.error(key, f"must be one of {', '.join(kind)}, not {value!r}") from error

    def items(self, key: str) -> list[object]:
        """A list; empty when the key is absent."""
        value = self._get(key, [])
        if not isinstance(value, list):
            raise self.error(key, f"must be a list, not {value!r}")
        return value

    def table(self, key: str) -> Table:
        """An inner table; empty when absent."""
        value = self._get(key, {})
        if not isinstance(value, dict):
            raise self.error(key, f"must be a table, not {value!r}")
        return Table(self.source, f"{self.path}.{key}" if self.path else key, value)

    def tables(self, key: str) -> dict[str, Table]:
        """The inner tables of ``key``, by name, in file order."""
        outer = self.table(key)
        return {name: outer.table(name) for name in outer.values}
