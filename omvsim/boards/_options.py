"""Reading the options ``--gc`` and ``--set``, which several commands have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.errors import BoardError
from omvsim.units import parse_address, parse_size

if TYPE_CHECKING:
    from collections.abc import Iterable


def parse_gc_areas(text: str) -> tuple[tuple[int, int | None], ...]:
    """``64K,272K@0x20300000,4M`` as (size, address or ``None``) for :meth:`Board.with_gc_areas`.

    Raises:
        BoardError: not a list of sizes.
    """
    return tuple(_area(part) for part in text.split(","))


def parse_settings(settings: Iterable[str]) -> dict[str, str]:
    """``KEY=VALUE`` texts for :meth:`Board.with_values`; a later one for the same key wins.

    Raises:
        BoardError: one without ``=``.
    """
    pairs: dict[str, str] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals:
            raise BoardError("--set", f"{setting!r} is not KEY=VALUE")
        pairs[key.strip()] = value.strip()
    return pairs


def _area(part: str) -> tuple[int, int | None]:
    size, at, address = part.partition("@")
    try:
        return parse_size(size), parse_address(address) if at else None
    except ValueError as error:
        raise BoardError("--gc", f"{part!r} is not SIZE or SIZE@ADDRESS: {error}") from error
