"""The device's allocators, address-exact and free of I/O."""

from omvsim.heap._area import BLOCK, Area, AreaGeometry, blocks_for
from omvsim.heap._fb_alloc import FbAlloc, FbEntry, FbHint, FbOverlay, FbSpan
from omvsim.heap._gc import GcHeap, GcInfo
from omvsim.heap._objects import Chunk, ObjectHeap, Observer, OutOfHeap
from omvsim.heap._replay import GcReplay, ReplayCounts
from omvsim.heap._tlsf import TlsfBlock, TlsfHeap
from omvsim.heap._uma import UmaCollected, UmaFlag, UmaPool, UmaPools, UmaRegion, UmaStats
from omvsim.heap._uma_replay import UmaCounts, UmaReplay, replay_uma

__all__ = [
    "BLOCK",
    "Area",
    "AreaGeometry",
    "GcHeap",
    "GcInfo",
    "GcReplay",
    "ReplayCounts",
    "blocks_for",
    "Chunk",
    "ObjectHeap",
    "Observer",
    "OutOfHeap",
    "TlsfBlock",
    "TlsfHeap",
    "UmaCollected",
    "UmaCounts",
    "UmaFlag",
    "UmaPool",
    "UmaPools",
    "UmaRegion",
    "UmaReplay",
    "UmaStats",
    "replay_uma",
    "FbAlloc",
    "FbEntry",
    "FbHint",
    "FbOverlay",
    "FbSpan",
]
