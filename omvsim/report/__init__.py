"""Results as text for people and as JSON for tools."""

from __future__ import annotations

from omvsim.report._arena import arena_json, render_arena
from omvsim.report._memory_map import memory_map_json, render_memory_map

__all__ = ["arena_json", "memory_map_json", "render_arena", "render_memory_map"]
