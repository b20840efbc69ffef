"""The device's allocators, address-exact and free of I/O."""

from omvsim.heap._area import BLOCK, Area, AreaGeometry, blocks_for
from omvsim.heap._gc import GcHeap, GcInfo
from omvsim.heap._replay import GcReplay, ReplayCounts

__all__ = ["BLOCK", "Area", "AreaGeometry", "GcHeap", "GcInfo", "GcReplay", "ReplayCounts", "blocks_for"]
