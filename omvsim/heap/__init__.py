"""The device's allocators, address-exact and free of I/O. The replays and UMA are imported when they are first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.heap._area import BLOCK, Area, AreaGeometry, blocks_for
from omvsim.heap._fb_alloc import FbAlloc, FbEntry, FbHint, FbOverlay, FbSpan
from omvsim.heap._gc import GcHeap, GcInfo
from omvsim.heap._uma_flags import UmaFlag

if TYPE_CHECKING:
    from omvsim.heap._recorded import Recorded
    from omvsim.heap._replay import GcReplay, ReplayCounts
    from omvsim.heap._tlsf import TlsfBlock, TlsfHeap
    from omvsim.heap._uma import UmaCollected, UmaPool, UmaPools, UmaRegion, UmaStats
    from omvsim.heap._uma_replay import UmaCounts, UmaReplay, replay_uma

__all__ = [
    "BLOCK",
    "Area",
    "AreaGeometry",
    "GcHeap",
    "GcInfo",
    "GcReplay",
    "Recorded",
    "ReplayCounts",
    "blocks_for",
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

_LATER = {
    "TlsfBlock": "_tlsf",
    "TlsfHeap": "_tlsf",
    "UmaCollected": "_uma",
    "UmaPool": "_uma",
    "UmaPools": "_uma",
    "UmaRegion": "_uma",
    "UmaStats": "_uma",
    "Recorded": "_recorded",
    "GcReplay": "_replay",
    "ReplayCounts": "_replay",
    "UmaCounts": "_uma_replay",
    "UmaReplay": "_uma_replay",
    "replay_uma": "_uma_replay",
}


def __getattr__(name: str) -> object:
    home = _LATER.get(name)
    if home is None:
        raise AttributeError(f"module 'omvsim.heap' has no attribute {name!r}")
    import importlib  # noqa: PLC0415 - only when one of these is asked for

    return getattr(importlib.import_module(f"omvsim.heap.{home}"), name)
