"""Builtin options as a plain mapping, generic over the schema's option tables."""

from __future__ import annotations

from struct import Struct, error
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from omvsim.graph._cursor import Cursor, Malformed
from omvsim.graph._option_tables import OPTIONS
from omvsim.graph._types import NO_OPTIONS
from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_Table = tuple[int, tuple[int, ...]]
_TEXT = "s"
_VECTOR = "[]"


class _Field(NamedTuple):
    """One field of a table."""

    name: str
    slot: int
    kind: str
    default: object


class _Description(NamedTuple):
    """A table of options."""

    name: str
    fields: tuple[_Field, ...]
    is_flat: bool
    """Whether all of it lies in the table itself: no vectors and no texts."""


class OptionsReader:
    """Decodes the option tables of one file."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._seen: dict[tuple[int, int, bytes], Mapping[str, Any]] = {}

    def read(self, kind: int, reference: int) -> Mapping[str, Any]:
        """The options of union member ``kind`` whose offset is stored at ``reference`` (0 = none).

        A member this schema does not know gives no options.
        """
        if not reference or kind not in OPTIONS:
            return NO_OPTIONS
        described = _described(kind)
        table = self._cursor.table(reference)
        if not described.is_flat:
            return self._decode(described, table)
        # Tables of plain numbers with the same layout and the same bytes say the same: most layers share a few.
        key = (kind, id(table[1]), self._inline(table))
        known = self._seen.get(key)
        if known is None:
            known = self._seen[key] = self._decode(described, table)
        return known

    def _inline(self, table: _Table) -> bytes:
        position, offsets = table
        return self._cursor.data[position + 4 : position + max(offsets, default=0) + 8]

    def _decode(self, described: _Description, table: _Table) -> Mapping[str, Any]:
        try:
            return MappingProxyType({field.name: self._value(field, table) for field in described.fields})
        except error:
            where = f"the {described.name} at byte {table[0]}"
            raise Malformed(f"truncated or corrupt: {where} reach past the end") from None

    def _value(self, field: _Field, table: _Table) -> object:
        position, offsets = table
        if field.kind.endswith(_VECTOR):
            return self._cursor.vector(table, field.slot, field.kind[0])
        if field.slot >= len(offsets) or not offsets[field.slot]:
            return field.default
        if field.kind == _TEXT:
            return self._cursor.raw(table, field.slot)
        return _STRUCTS[field.kind].unpack_from(self._cursor.data, position + offsets[field.slot])[0]


_STRUCTS = {kind: Struct(f"<{kind}") for kind in "b?iIqf"}
_KNOWN: dict[int, _Description] = {}


def _described(kind: int) -> _Description:
    if kind not in _KNOWN:
        name, *words = OPTIONS[kind].split()
        fields = tuple(_field(slot, word) for slot, word in enumerate(words) if word != "-")
        is_flat = not any(field.kind == _TEXT or field.kind.endswith(_VECTOR) for field in fields)
        _KNOWN[kind] = _Description(name, fields, is_flat)
    return _KNOWN[kind]


def _field(slot: int, word: str) -> _Field:
    declared, _, default = word.partition("=")
    name, _, kind = declared.partition(":")
    kind = kind or "i"
    zero = {"?": False, "f": 0.0, _TEXT: None}.get(kind, 0)
    return _Field(name, slot, kind, zero if zero is None else type(zero)(int(default or 0)))
