"""A trace as frozen values: what was run on which heap, and what was seen there, in order.

The same values describe a recording of a device and a prediction of the simulator; validation compares the two.
``__pydantic_config__`` makes unknown keys errors where a file is read (:mod:`omvsim.traces._jsonl`); nothing here
imports pydantic.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

SCHEMA = "omvsim.trace"
SCHEMA_VERSION = 1


class _Record:
    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, str | bool]] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class MemoryArea(_Record):
    """A GC area or UMA pool: first address, bytes and, for a pool, its flags."""

    origin: int
    length: int
    flags: int = 0


@dataclass(frozen=True, slots=True)
class ModelIdentity(_Record):
    """Which model file: its name without the suffix, bytes, and SHA-256 in hex where known."""

    name: str
    bytes: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class TraceHeader(_Record):
    """What was run, and where."""

    origin: Literal["firmware", "recorder", "mem_info", "simulator"]
    """Who saw it: an instrumented firmware, our recorder on a camera, a printed heap map, or our own prediction."""
    firmware: str
    """Release, e.g. ``4.8.1``."""
    board: str | None = None
    areas: tuple[MemoryArea, ...] = ()
    """GC areas in the order they were added; empty: the board's own."""
    pools: tuple[MemoryArea, ...] = ()
    """UMA pools of 5.0.0."""
    models: tuple[ModelIdentity, ...] = ()
    load: Literal["rom", "file", "fb"] = "rom"
    script: str | None = None
    """The whole text of the script that ran."""
    scenario: str | None = None
    """A shipped scenario that says the same as the script."""
    used_for_fit: str | None = None
    """What was fitted to this trace; it must not be used for validation then."""
    schema: Literal["omvsim.trace"] = "omvsim.trace"
    version: Literal[1] = 1
    ev: Literal["header"] = "header"


@dataclass(frozen=True, slots=True)
class AreaUse(_Record):
    """One GC area in a snapshot, in blocks of 16 bytes."""

    used_blocks: int
    max_free_blocks: int


@dataclass(frozen=True, slots=True)
class Snapshot(_Record):
    """The GC heap at a labelled point. ``used`` and ``free`` are bytes, ``max_free`` and ``max_block`` blocks."""

    label: str
    used: int
    free: int
    max_free: int | None = None
    max_block: int | None = None
    num_1block: int | None = None
    num_2block: int | None = None
    areas: tuple[AreaUse, ...] = ()
    ev: Literal["snapshot"] = "snapshot"


@dataclass(frozen=True, slots=True)
class Allocation(_Record):
    """A request of at least :data:`BIG` bytes; ``address`` is None when it found no room."""

    bytes: int
    address: int | None
    owner: str | None = None
    ev: Literal["alloc"] = "alloc"


@dataclass(frozen=True, slots=True)
class Raised(_Record):
    """An exception that the script printed, as one line: ``MemoryError: memory allocation failed, …``."""

    text: str
    ev: Literal["exception"] = "exception"


@dataclass(frozen=True, slots=True)
class Loaded(_Record):
    """A model that was loaded: ``model.ram`` and, where known, the addresses of arena and file data."""

    ram: int
    arena_address: int | None = None
    data_address: int | None = None
    ev: Literal["model"] = "model"


@dataclass(frozen=True, slots=True)
class Timing(_Record):
    """How long something took, in microseconds."""

    what: str
    us: int
    ev: Literal["time"] = "time"


@dataclass(frozen=True, slots=True)
class Probe(_Record):
    """The largest buffers a script could get, one after the other, in bytes: they reveal the free runs."""

    label: str
    bytes: tuple[int, ...]
    ev: Literal["probe"] = "probe"


@dataclass(frozen=True, slots=True)
class HeapMap(_Record):
    """The text of ``micropython.mem_info(1)`` at a labelled point."""

    label: str
    text: str
    ev: Literal["mem_info"] = "mem_info"


@dataclass(frozen=True, slots=True)
class Crash(_Record):
    """The camera died."""

    text: str
    ev: Literal["crash"] = "crash"


@dataclass(frozen=True, slots=True)
class End(_Record):
    """The script came to its end: a trace without this line is incomplete."""

    ev: Literal["end"] = "end"


TraceEvent = Snapshot | Allocation | Raised | Loaded | Timing | Probe | HeapMap | Crash | End

BIG = 1024
"""Bytes from which a trace keeps an allocation by itself: file data, arenas, tensors, pictures, the op resolver."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A trace and the file it was read from (for messages)."""

    source: str
    header: TraceHeader
    events: tuple[TraceEvent, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def complete(self) -> bool:
        """Whether the run was seen to its end (a crash is an end)."""
        return bool(self.events) and isinstance(self.events[-1], End | Crash)


__all__ = [
    "BIG",
    "SCHEMA",
    "SCHEMA_VERSION",
    "Allocation",
    "AreaUse",
    "Crash",
    "End",
    "HeapMap",
    "Loaded",
    "MemoryArea",
    "ModelIdentity",
    "Probe",
    "Raised",
    "Snapshot",
    "Timing",
    "Trace",
    "TraceEvent",
    "TraceHeader",
]
