"""Builtin options as a plain mapping, generic over the schema's option tables.

The fields' names, types and defaults come from the accessors of the ``tflite`` package's generated classes.
"""

from __future__ import annotations

import re
from struct import error
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from omvsim.graph._cursor import Cursor, Malformed
from omvsim.graph._tflite_package import tflite_module
from omvsim.graph._types import NO_OPTIONS
from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Protocol

    from omvsim.graph._types import Option

    class _View(Protocol):
        """An object of a generated class."""

        def Init(self, data: bytes, position: int, /) -> None: ...


_NOT_FIELDS = re.compile(r"_|GetRootAs|Init$|.*BufferHasIdentifier$|.*(AsNumpy|Length|IsNone)$")
_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")
_ACCESSOR_COST = 64
"""An element read through a generated accessor takes as long as about this many bytes read at once."""


class _Field(NamedTuple):
    """A field of an option table."""

    accessor: str
    name: str
    is_vector: bool


class _Table(NamedTuple):
    """A generated class and its fields in schema order."""

    cls: type[_View]
    fields: Sequence[_Field]


class OptionsReader:
    """Decodes the option tables of one file."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._names = _names(tflite_module("BuiltinOptions").BuiltinOptions)
        self._classes: dict[int, _Table | None] = {}
        self._seen: dict[tuple[int, int, bytes], Mapping[str, Option]] = {}

    def read(self, kind: int, reference: int) -> Mapping[str, Option]:
        """The options of union member ``kind`` whose offset is stored at ``reference`` (0 = none).

        A member this schema does not know gives no options.
        """
        if not reference or kind not in self._names:
            return NO_OPTIONS
        if kind not in self._classes:
            self._classes[kind] = _describe(self._names[kind])
        described = self._classes[kind]
        if described is None:
            return NO_OPTIONS
        table = self._cursor.table(reference)
        if any(field.is_vector for field in described.fields):
            return self._decode(described, table)
        # Tables of plain numbers with the same layout and the same bytes say the same: most layers share a few.
        key = (kind, id(table[1]), self._inline(table))
        known = self._seen.get(key)
        if known is None:
            known = self._seen[key] = self._decode(described, table)
        return known

    def _inline(self, table: tuple[int, tuple[int, ...]]) -> bytes:
        position, offsets = table
        return self._cursor.data[position + 4 : position + max(offsets, default=0) + 8]

    def _decode(self, described: _Table, table: tuple[int, tuple[int, ...]]) -> Mapping[str, Option]:
        view = described.cls()
        view.Init(self._cursor.data, table[0])
        values: dict[str, Option] = {}
        try:
            for slot, (method, name, is_vector) in enumerate(described.fields):
                if is_vector:
                    _, count = self._cursor.span(table, slot)
                    self._cursor.spend(_ACCESSOR_COST * count)
                    values[name] = tuple(getattr(view, method)(i) for i in range(count))
                else:
                    values[name] = getattr(view, method)()
        except error:
            name = described.cls.__name__
            raise Malformed(f"truncated or corrupt: the {name} at byte {table[0]} reach past the end") from None
        return MappingProxyType(values)


def _names(enum: type) -> dict[int, str]:
    return {value: name for name, value in vars(enum).items() if isinstance(value, int) and value}


def _describe(name: str) -> _Table | None:
    try:
        cls = cast("type[_View]", getattr(tflite_module(name), name))
    except ModuleNotFoundError:
        return None
    members = [m for m in vars(cls) if not _NOT_FIELDS.match(m)]
    return _Table(cls, [_Field(m, _WORD_START.sub("_", m).lower(), f"{m}Length" in vars(cls)) for m in members])
