"""A board as frozen values: memories, the regions the firmware divides them into, and facts of one release."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from omvsim.provenance import Provenance
from omvsim.records import NamedTuple, StrEnum, dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from omvsim.boards._filesystems import BuiltInModel, FileSystem
    from omvsim.boards._port import Port
    from omvsim.boards._release import Release
    from omvsim.boards._tree import Tree


class MemoryKind(StrEnum):
    """What a memory is made of."""

    RAM = "ram"
    FLASH = "flash"


class RegionKind(StrEnum):
    """What the firmware uses a region for."""

    GC = "gc"
    FRAME_BUFFER = "frame_buffer"
    FB_ALLOC = "fb_alloc"
    OVERLAY = "overlay"
    UMA = "uma"
    STREAMING = "streaming"
    VOSPI = "vospi"
    LINE_BUFFER = "line_buffer"
    DMA = "dma"
    STACK = "stack"
    DATA = "data"
    CODE = "code"
    FILESYSTEM = "filesystem"
    ROMFS = "romfs"
    SECOND_CORE = "second_core"
    """Memory of another processor core: its program, its data."""
    RESERVED = "reserved"
    """Set aside by the linker for a library, a device or several cores."""
    FREE = "free"
    """No part of the firmware uses it."""
    UNKNOWN = "unknown"


class UmaFlag(enum.IntFlag):
    """Attributes of a UMA pool (openmv/openmv, v5.0.0, common/umalloc.h)."""

    FAST = 1
    ITCM = 2
    DTCM = 4
    DMA_D1 = 8
    DMA_D2 = 16
    DMA_D3 = 32
    TRANSIENT = 64


NO_FLAGS = UmaFlag(0)


class CycleRange(NamedTuple):
    """A cost in core cycles with its bounds."""

    low: float
    nominal: float
    high: float


class MemoryTiming(NamedTuple):
    """What touching a memory costs beyond a cache hit, per cache line, in core cycles."""

    tier: str
    """What the time model calls memory of this kind: ``dtcm``, ``ocram``, ``sdram``, ``flash`` …"""
    load_line: CycleRange
    store_line: CycleRange
    write_back: CycleRange
    provenance: Provenance
    source: str


class Core(NamedTuple):
    """The processor."""

    name: str
    clock_hz: int


class Cache(NamedTuple):
    """Level-1 caches; sizes in bytes."""

    line_bytes: int
    data_bytes: int
    data_ways: int
    code_bytes: int
    code_ways: int


class Memory(NamedTuple):
    """One memory as the processor sees it."""

    name: str
    title: str
    kind: MemoryKind
    origin: int
    length: int
    timing: MemoryTiming | None = None
    gaps: RegionKind = RegionKind.FREE
    """What lies between the regions: ``FREE``, or ``UNKNOWN`` where the profile does not cover everything."""

    @property
    def end(self) -> int:
        """First address behind it."""
        return self.origin + self.length


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a memory; ``provenance`` is that of its place and size."""

    name: str
    memory: str
    kind: RegionKind
    origin: int
    size: int
    title: str
    provenance: Provenance
    note: str = ""
    index: int | None = None
    """Order among the GC areas or UMA pools, ``None`` for other kinds."""
    flags: UmaFlag = NO_FLAGS
    power_of_two: str = ""
    """The region that the linker's section begins with, which ends behind this one where it is a power of two long."""

    @property
    def end(self) -> int:
        """First address behind it."""
        return self.origin + self.size


@dataclass(frozen=True, slots=True)
class GcArea:
    """One area of the garbage-collected heap, in the order the firmware adds them."""

    index: int
    memory: str
    origin: int
    length: int


@dataclass(frozen=True, slots=True)
class UmaPool:
    """One pool of the unified memory allocator, in the order of the firmware's table."""

    index: int
    memory: str
    origin: int
    length: int
    flags: UmaFlag


@dataclass(frozen=True, slots=True)
class Board:
    """One board with one firmware release; every memory's regions add up to its length exactly."""

    name: str
    title: str
    firmware: str
    source: str
    """The file it was read from."""
    memories: tuple[Memory, ...]
    regions: tuple[Region, ...]
    """By memory, then by address; the space between is a region of kind ``FREE`` or ``UNKNOWN``."""
    gc_areas: tuple[GcArea, ...]
    uma_pools: tuple[UmaPool, ...]
    release: Release
    port: Port
    core: Core | None
    cache: Cache | None
    notes: tuple[str, ...]
    """What a reader must know, e.g. GC areas that were put where this board has no RAM."""
    tree: Tree = field(repr=False, compare=False)
    """The profile's values the board was resolved from; use :meth:`with_values` to change them."""
    filesystems: tuple[FileSystem, ...] = ()
    built_in: tuple[BuiltInModel, ...] = ()
    """Models that are part of this release's firmware, opened by name."""
    filesystem_since: Mapping[str, str] = field(default_factory=dict)
    """First release of the profile that has each file system, also those this release has not."""
    measured: bool = False
    """Whether recorded traces of this very board back its figures: of the shipped profiles, unless a file says so."""
    frozen: str = "full"
    """What is frozen into its firmware: ``full`` as OpenMV releases it, ``ml`` only that package and ``_boot.py``."""

    @property
    def provenance(self) -> Provenance:
        """The best that a figure on this board can be: its rules were measured, here or on another board."""
        return Provenance.EXACT if self.measured else Provenance.ASSUMED

    def __repr__(self) -> str:
        return f"<Board {self.name} {self.firmware}>"

    def _repr_html_(self) -> str | None:
        """For notebooks."""
        from omvsim.notebook import notebook_html  # noqa: PLC0415 - of use in a notebook only

        return notebook_html(self)

    def filesystem(self, name: str) -> FileSystem | None:
        """``rom``, ``flash`` or ``sdcard``; None where this release has none."""
        return next((each for each in self.filesystems if each.name == name), None)

    def memory(self, name: str) -> Memory:
        """The memory called ``name``.

        Raises:
            KeyError: the board has none of that name.
        """
        return next((m for m in self.memories if m.name == name), None) or _missing(name)

    def regions_in(self, memory: str) -> tuple[Region, ...]:
        """The parts of one memory by address."""
        return tuple(r for r in self.regions if r.memory == memory)

    def region(self, name: str) -> Region | None:
        """The region called ``name`` in the profile."""
        return next((r for r in self.regions if r.name == name), None)

    def size_of(self, kind: RegionKind) -> int:
        """Bytes of all regions of one kind."""
        return sum(r.size for r in self.regions if r.kind is kind)

    @property
    def frame_buffer(self) -> Region | None:
        """Frame buffer memory; ``None`` where frame buffers come from the UMA pools."""
        return self._only(RegionKind.FRAME_BUFFER)

    @property
    def fb_alloc(self) -> Region | None:
        """The fb_alloc stack's own part, behind the frame buffer."""
        return self._only(RegionKind.FB_ALLOC)

    @property
    def overlay(self) -> Region | None:
        """The fast overlay of fb_alloc."""
        return self._only(RegionKind.OVERLAY)

    @property
    def streaming(self) -> Region | None:
        """The JPEG or streaming buffer to the IDE."""
        return self._only(RegionKind.STREAMING)

    @property
    def line_buffer(self) -> Region | None:
        """The camera's line buffer."""
        return self._only(RegionKind.LINE_BUFFER)

    @property
    def stack(self) -> Region | None:
        """The stack of the main program."""
        return self._only(RegionKind.STACK)

    @property
    def romfs(self) -> Region | None:
        """The ROM file system, from 4.7.0 on."""
        return self._only(RegionKind.ROMFS)

    def with_gc_areas(self, areas: Iterable[tuple[int, int | None]]) -> Board:
        """This board with other GC areas, ``(size, address or None)`` in the order they are added.

        All other regions keep their addresses. An area without an address keeps the start the board's area of that
        index has; further ones go to the first free space behind the last area. One of 0 bytes is left out. An address
        at which the board has no RAM, or not enough, makes a memory of its own, and the board's ``notes`` say so.

        Raises:
            BoardError: an area does not fit or overlaps what the firmware needs, or the release has no split heap.
        """
        from omvsim.boards._edit import replace_gc_areas  # noqa: PLC0415 - it builds boards itself

        return replace_gc_areas(self, tuple(areas))

    def with_values(self, values: Mapping[str, str | int | float | bool]) -> Board:
        """This board built with other values, e.g. ``{"gc[2].size": "4M"}``: regions behind move as the linker would.

        Keys are those of :meth:`values`. A GC area of 0 bytes is left out, and so is the last of several other regions.

        Raises:
            BoardError: unknown key (the message lists near ones), a value of the wrong type, a map that does not fit.
        """
        from omvsim.boards._edit import replace_values  # noqa: PLC0415

        return replace_values(self, values)

    def values(self) -> dict[str, object]:
        """Every value :meth:`with_values` can change, by key."""
        from omvsim.boards._edit import editable_values  # noqa: PLC0415

        return editable_values(self)

    def _only(self, kind: RegionKind) -> Region | None:
        return next((r for r in self.regions if r.kind is kind), None)


def _missing(name: str) -> Memory:
    raise KeyError(name)
