"""A run written down once, whole, so that any report of it can be made later: the ``.omv`` file.

The document is a format of its own with a version; one adapter a kind of run fills it, and no report knows another
source. Everything is imported when it is first asked for: a run that nobody captures pays nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from omvsim.capture._columns import (
        ALLOC,
        FREE,
        GROW,
        KINDS,
        MOVE,
        PLACED,
        REFUSED,
        Capture,
    )
    from omvsim.capture._document import (
        FORMAT,
        Area,
        Arena,
        Board,
        Buffer,
        Cell,
        Chart,
        Column,
        Document,
        Moment,
        OperatorTime,
        Source,
        Table,
        Timing,
    )
    from omvsim.capture._file import SUFFIX, decode, encode, read_capture, refuse_to_replace, write_capture
    from omvsim.capture._fills import WITHOUT_LINE
    from omvsim.capture._from_board import capture_board
    from omvsim.capture._from_compare import capture_compare
    from omvsim.capture._from_exec import capture_exec
    from omvsim.capture._from_gate import capture_gate
    from omvsim.capture._from_recommend import capture_recommendation
    from omvsim.capture._from_run import capture_run
    from omvsim.capture._from_validate import capture_validation
    from omvsim.capture._from_whatif import capture_comparison, capture_edge, capture_largest, capture_sweep
    from omvsim.capture._headline import Figure, Fix, Headline, Holder, Overlap, Request, Tile, Unit
    from omvsim.capture._heap_map import Block, HeapMaps
    from omvsim.capture._parts import MEANINGS
    from omvsim.capture._recorder import Recorder

_HOMES = {
    "_columns": ("ALLOC", "FREE", "GROW", "KINDS", "MOVE", "PLACED", "REFUSED", "Capture"),
    "_document": (
        "FORMAT",
        "Area",
        "Arena",
        "Board",
        "Buffer",
        "Cell",
        "Chart",
        "Column",
        "Document",
        "Moment",
        "OperatorTime",
        "Source",
        "Table",
        "Timing",
    ),
    "_headline": ("Figure", "Fix", "Headline", "Holder", "Overlap", "Request", "Tile", "Unit"),
    "_file": ("SUFFIX", "decode", "encode", "read_capture", "refuse_to_replace", "write_capture"),
    "_from_board": ("capture_board",),
    "_from_compare": ("capture_compare",),
    "_from_exec": ("capture_exec",),
    "_from_gate": ("capture_gate",),
    "_from_releases": ("capture_releases",),
    "_from_run": ("capture_run",),
    "_from_validate": ("capture_validation",),
    "_from_recommend": ("capture_recommendation",),
    "_from_whatif": ("capture_comparison", "capture_edge", "capture_largest", "capture_sweep"),
    "_fills": ("WITHOUT_LINE",),
    "_heap_map": ("Block", "HeapMaps"),
    "_parts": ("MEANINGS",),
    "_recorder": ("Recorder",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"omvsim.capture.{_HOME_OF[name]}"), name)


__all__ = [
    # the file
    "read_capture",
    "write_capture",
    "refuse_to_replace",
    "encode",
    "decode",
    "SUFFIX",
    "FORMAT",
    # what it says
    "Capture",
    "Document",
    "Area",
    "Arena",
    "Board",
    "Buffer",
    "Cell",
    "Chart",
    "Column",
    "Figure",
    "Fix",
    "Holder",
    "Moment",
    "OperatorTime",
    "Overlap",
    "Request",
    "Source",
    "Table",
    "Tile",
    "Timing",
    "Unit",
    "Headline",
    "MEANINGS",
    # requests and what stands where
    "ALLOC",
    "FREE",
    "GROW",
    "KINDS",
    "MOVE",
    "PLACED",
    "REFUSED",
    "HeapMaps",
    "Block",
    "WITHOUT_LINE",
    # filling it
    "Recorder",
    "capture_run",
    "capture_exec",
    "capture_board",
    "capture_compare",
    "capture_gate",
    "capture_releases",
    "capture_validation",
    "capture_edge",
    "capture_largest",
    "capture_sweep",
    "capture_comparison",
    "capture_recommendation",
]
