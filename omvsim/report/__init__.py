"""Results as text for people and as JSON for tools."""

from __future__ import annotations

from omvsim.report._memory_map import memory_map_json, render_memory_map

__all__ = ["memory_map_json", "render_memory_map"]
