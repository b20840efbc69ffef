"""Columns are filled here: requests of a run, from whatever its books look like."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from omvsim.capture._columns import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.capture._columns import Numbers


class Row(NamedTuple):
    """One request; ``step`` is the step or frame it was made in."""

    kind: int
    name: str
    line: int
    step: int
    bytes: int
    address: int


class Names:
    """Numbers for names, in the order they are first heard of."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __getitem__(self, name: str) -> int:
        return self._numbers.setdefault(name, len(self._numbers))

    def all(self) -> tuple[str, ...]:
        """Every name by its number."""
        return tuple(self._numbers)


def request_columns(rows: Iterable[Row]) -> tuple[dict[str, Numbers], tuple[str, ...]]:
    """The columns ``request_…`` and the names they point to."""
    names = Names()
    table = [(row.kind, names[row.name], row.line, row.step, row.bytes, row.address) for row in rows]
    values = np.array(table, np.uint64).reshape(-1, 6)
    keys = [name for name in TYPES if name.startswith("request_")]
    return {key: values[:, at].astype(TYPES[key]) for at, key in enumerate(keys)}, names.all()


__all__ = ["Row", "request_columns"]
