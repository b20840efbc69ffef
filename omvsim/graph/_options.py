"""Builtin options as a plain mapping, generic over the schema's option tables.

The fields' names, types and defaults come from the accessors of the ``tflite`` package's generated classes.
"""

from __future__ import annotations

import re
from struct import error
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from omvsim.graph._cursor import Cursor, Malformed
from omvsim.graph._tflite_package import tflite_module
from omvsim.graph._types import NO_OPTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOT_FIELDS = re.compile(r"_|GetRootAs|Init$|.*BufferHasIdentifier$|.*(AsNumpy|Length|IsNone)$")
_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")
_ACCESSOR_COST = 64
"""An element read through a generated accessor takes as long as about this many bytes read at once."""


class OptionsReader:
    """Decodes the option tables of one file."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._names = _names(tflite_module("BuiltinOptions").BuiltinOptions)
        self._classes: dict[int, tuple[type[Any], list[tuple[str, str, bool]]] | None] = {}
        self._seen: dict[tuple[int, int, bytes], Mapping[str, Any]] = {}

    def read(self, kind: int, reference: int) -> Mapping[str, Any]:
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
        cls, fields = described
        table = self._cursor.table(reference)
        if any(is_vector for _, _, is_vector in fields):
            return self._decode(cls, fields, table)
        # Tables of plain numbers with the same layout and the same bytes say the same: most layers share a few.
        key = (kind, id(table[1]), self._inline(table))
        known = self._seen.get(key)
        if known is None:
            known = self._seen[key] = self._decode(cls, fields, table)
        return known

    def _inline(self, table: tuple[int, tuple[int, ...]]) -> bytes:
        position, offsets = table
        return self._cursor.data[position + 4 : position + max(offsets, default=0) + 8]

    def _decode(
        self, cls: type[Any], fields: list[tuple[str, str, bool]], table: tuple[int, tuple[int, ...]]
    ) -> Mapping[str, Any]:
        view = cls()
        view.Init(self._cursor.data, table[0])
        values: dict[str, Any] = {}
        try:
            for slot, (method, name, is_vector) in enumerate(fields):
                if is_vector:
                    _, count = self._cursor.span(table, slot)
                    self._cursor.spend(_ACCESSOR_COST * count)
                    values[name] = tuple(getattr(view, method)(i) for i in range(count))
                else:
                    values[name] = getattr(view, method)()
        except error:
            raise Malformed(f"truncated or corrupt: the {cls.__name__} at byte {table[0]} reach past the end") from None
        return MappingProxyType(values)


def _names(enum: type[Any]) -> dict[int, str]:
    return {value: name for name, value in vars(enum).items() if isinstance(value, int) and value}


def _describe(name: str) -> tuple[type[Any], list[tuple[str, str, bool]]] | None:
    """Class and (accessor, field name, is a vector) of each field, in schema order."""
    try:
        cls: type[Any] = getattr(tflite_module(name), name)
    except ModuleNotFoundError:
        return None
    members = [m for m in vars(cls) if not _NOT_FIELDS.match(m)]
    return cls, [(m, _WORD_START.sub("_", m).lower(), f"{m}Length" in vars(cls)) for m in members]
