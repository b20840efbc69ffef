"""A way out as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omvsim.advice import Advice


def advice_json(way: Advice) -> dict[str, object]:
    """One way out."""
    return {
        "key": way.key,
        "effort": way.effort.name.lower(),
        "title": way.title,
        "code": way.code or None,
        "free_bytes": way.free_bytes,
        "longest_free_bytes": way.longest_free_bytes,
        "model_ram": way.model_ram,
    }


__all__ = ["advice_json"]
