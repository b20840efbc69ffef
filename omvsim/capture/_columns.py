"""What comes by the thousand: requests in order, and which chunks came and went between two moments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypeAlias

    from numpy.typing import NDArray

    from omvsim.capture._document import Document

    Numbers: TypeAlias = NDArray[np.integer[Any]]  # of any width

ALLOC, MOVE, GROW, FREE, REFUSED, PLACED = range(6)
"""Kinds of requests. ``GROW`` is any resize in place; ``MOVE`` took a new place; ``PLACED`` is beside the GC heap."""
KINDS: Final = ("allocation", "moved", "resized", "freed", "refused", "placed")
TYPES: Final = {
    "request_kind": "u1",
    "request_name": "u4",
    "request_line": "u4",
    "request_step": "u4",
    "request_bytes": "u8",
    "request_address": "u8",
    "came_moment": "u4",
    "came_address": "u8",
    "came_bytes": "u8",
    "went_moment": "u4",
    "went_address": "u8",
}
"""Every column. ``came``/``went`` are chunks and blocks that stand from, or no longer stand at, a mapped moment."""
GROUPS: Final = ("request", "came", "went")


@dataclass(frozen=True, slots=True)
class Capture:
    """A document and its columns, all of one group equally long."""

    document: Document
    columns: Mapping[str, Numbers] = field(default_factory=dict)

    def column(self, name: str) -> NDArray[np.int64]:
        """A column as signed numbers; empty where the capture has none."""
        found = self.columns.get(name)
        return np.zeros(0, np.int64) if found is None else found.astype(np.int64)


__all__ = ["ALLOC", "FREE", "GROUPS", "GROW", "KINDS", "MOVE", "PLACED", "REFUSED", "TYPES", "Capture"]
