"""Options of custom operators: a flexbuffer map of numbers."""

from __future__ import annotations

from functools import lru_cache
from struct import error

from omvsim.graph import flexbuffer_root

_MAX_OPTIONS = 64


@lru_cache(maxsize=64)
def numeric_options(data: bytes) -> tuple[tuple[str, int], ...] | None:
    """(key, value) in the map's own, alphabetical order; None if ``data`` is not a map of numbers."""
    try:
        root = flexbuffer_root(data)
        if not root.IsMap:
            return None
        keys, values = root.AsMap.Keys, root.AsMap.Values
        if len(values) > _MAX_OPTIONS or len(keys) != len(values):
            return None
        return tuple((keys[i].AsKey, int(values[i].AsInt)) for i in range(len(values)))
    except (ValueError, LookupError, TypeError, OverflowError, error):
        # The decoder trusts its input; a damaged one ends in any of these.
        return None
