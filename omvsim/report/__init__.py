"""Results as text for people and as JSON for tools. Each report is imported when it is asked for."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from omvsim.report._arena import arena_json, render_arena
    from omvsim.report._memory_map import memory_map_json, render_memory_map

__all__ = ["arena_json", "memory_map_json", "render_arena", "render_memory_map"]

_HOMES = {
    "arena_json": "_arena",
    "render_arena": "_arena",
    "memory_map_json": "_memory_map",
    "render_memory_map": "_memory_map",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"omvsim.report.{_HOMES[name]}"), name)
