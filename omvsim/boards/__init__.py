"""Board profiles: which memories a camera has and what each firmware release does with every byte of them.

>>> board = load_board("openmv-rt1062", firmware="4.8.1")
>>> [area.length for area in board.gc_areas]
[65536, 278528, 8388608]
"""

from __future__ import annotations

from omvsim.boards._diff import Difference, differences
from omvsim.boards._filesystems import BuiltInModel, FileSystem, FileSystemKind, StoredFile, romfs_contents
from omvsim.boards._load import DEFAULT_BOARD, BoardInfo, board_once, describe_board, list_boards, load_board, releases
from omvsim.boards._options import parse_gc_areas, parse_settings
from omvsim.boards._port import RT1062_PORT, Port, Sensor
from omvsim.boards._release import ArenaRule, DataFallback, Dialect, FrameBufferKind, Package, Release, Ulab
from omvsim.boards._releases import known_release, known_releases, near
from omvsim.boards._types import (
    Board,
    Cache,
    Core,
    CycleRange,
    GcArea,
    Memory,
    MemoryKind,
    MemoryTiming,
    Region,
    RegionKind,
    UmaFlag,
    UmaPool,
)

__all__ = [
    # loading
    "DEFAULT_BOARD",
    "BoardInfo",
    "describe_board",
    "list_boards",
    "board_once",
    "load_board",
    "releases",
    "romfs_contents",
    "parse_gc_areas",
    "parse_settings",
    # a board
    "Board",
    "Memory",
    "MemoryKind",
    "Region",
    "RegionKind",
    "GcArea",
    "UmaPool",
    "UmaFlag",
    # two boards
    "Difference",
    "differences",
    # its port
    "RT1062_PORT",
    "Port",
    "Sensor",
    # a release
    "known_release",
    "known_releases",
    "near",
    "Release",
    "ArenaRule",
    "Package",
    "Ulab",
    "Dialect",
    "FrameBufferKind",
    "DataFallback",
    # files
    "FileSystem",
    "FileSystemKind",
    "StoredFile",
    "BuiltInModel",
    # speed
    "Core",
    "Cache",
    "MemoryTiming",
    "CycleRange",
]
