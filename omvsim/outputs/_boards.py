"""``boards``."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

from omvsim.outputs._common import Count, Known, Version1


class BoardInfoOut(TypedDict):
    name: str
    title: str
    default_firmware: str
    releases: list[str]


class BoardsOut(TypedDict):
    schema: Literal["omvsim.boards"]
    schema_version: Version1
    boards: list[BoardInfoOut]


class ArenaRuleOut(TypedDict):
    sizing: str
    align: Count
    extra: int
    pad: int


class ReleaseFactsOut(TypedDict):
    date: str
    title: str
    module: str
    library: str
    micropython: str
    split_heap: bool
    arena: ArenaRuleOut


class GcAreaOut(TypedDict):
    index: Count
    memory: str
    origin: Count
    bytes: Count


class UmaPoolOut(GcAreaOut):
    flags: Count


class RegionOut(TypedDict):
    name: str
    kind: str
    origin: Count
    end: Count
    bytes: Count
    title: str
    provenance: Known
    note: str


class MemoryOut(TypedDict):
    name: str
    title: str
    kind: Literal["ram", "flash"]
    origin: Count
    bytes: Count
    regions: list[RegionOut]


class StoredOut(TypedDict):
    name: str
    bytes: Count


class FileSystemOut(TypedDict):
    name: str
    kind: str
    bytes: Count | None
    taken_bytes: Count
    free_bytes: Count | None
    stock: list[StoredOut]


class BoardOut(TypedDict):
    schema: Literal["omvsim.board"]
    schema_version: Version1
    board: str
    title: str
    firmware: str
    release: ReleaseFactsOut
    gc_areas: list[GcAreaOut]
    uma_pools: list[UmaPoolOut]
    memories: list[MemoryOut]
    measured: bool
    filesystems: list[FileSystemOut]
    filesystem_since: dict[str, str]
    built_in: list[StoredOut]
    notes: list[str]


class SideOfBoards(TypedDict):
    board: str
    firmware: str


class ValueOut(TypedDict):
    key: str
    before: Any  # any value of a profile
    after: Any


class BoardsDiffOut(TypedDict):
    schema: Literal["omvsim.boards.diff"]
    schema_version: Version1
    before: SideOfBoards
    after: SideOfBoards
    differences: list[ValueOut]
