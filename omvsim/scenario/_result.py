"""What a run found out, as frozen values that reports render."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from omvsim.errors import SILENT_TYPES
from omvsim.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omvsim.boards import Board
    from omvsim.firmware import ModelFile
    from omvsim.heap import GcInfo
    from omvsim.provenance import Provenance
    from omvsim.scenario._ledger import Allocation, Collection, Refusal
    from omvsim.scenario._steps import Options, Scenario
    from omvsim.verdict import Verdict


SLICES = 96
"""Parts an area is cut into to say how full it is where."""


@dataclass(frozen=True, slots=True)
class StepRecord:
    """The heap after a step. ``max_free_blocks`` is the longest free run, in blocks of 16 bytes."""

    index: int
    name: str
    detail: str
    used_bytes: int
    free_bytes: int
    max_free_blocks: int
    allocations: int
    allocated_bytes: int
    """As asked for, summed over the step."""
    garbage_bytes: int
    """Growth of the heap's use that the next collection would undo (0 where a collection ran in the step)."""
    collections: int
    exception: str | None = None


class Snapshot(NamedTuple):
    """The heap at a labelled point of the scenario (a ``mark`` step)."""

    label: str
    step: int
    """Steps done before it."""
    info: GcInfo


@dataclass(frozen=True, slots=True)
class AreaState:
    """One GC area at the end (or at the failure)."""

    index: int
    memory: str
    origin: int
    length: int
    pool_bytes: int
    used_bytes: int
    longest_free_bytes: int
    occupancy: tuple[int, ...] = ()
    """Blocks in chunks in each of :data:`SLICES` equal parts of the pool, by address."""
    large_chunks: tuple[tuple[int, int], ...] = ()
    """(address, bytes in blocks) of every chunk of at least 1 KiB, garbage included, by address."""


class PoolState(NamedTuple):
    """The frame buffer memory, its overlay or a UMA pool at the end (or at the failure)."""

    name: str
    """``frame_buffer`` (with fb_alloc's stack behind it), ``overlay`` (its fast part) or ``uma[0]`` …"""
    memory: str
    origin: int
    length: int
    used_bytes: int
    """In frame buffers and blocks, without an allocator's own tables."""
    longest_free_bytes: int
    """What one request is sure to get."""
    occupancy: tuple[int, ...] = ()
    """Bytes in use in each of :data:`SLICES` equal parts, by address."""


class ModelState(NamedTuple):
    """A model that was loaded."""

    path: str
    ram: int
    arena_address: int | None
    """None where every call takes an arena of its own (``tf`` module)."""
    arena_area: str
    data_address: int | None
    data_area: str


class LoopState(NamedTuple):
    """What a loop of predictions does to the heap."""

    frames: int
    garbage_per_frame: int | None
    """Bytes in blocks that one frame leaves behind; None when frames differ too much to say (a collection in each)."""
    collected_at: tuple[int, ...]
    """Frames in which an automatic collection ran, from 1."""
    frames_until_collection: int | None
    """From a fresh collection; extrapolated from the garbage when no collection was seen. None: there is no garbage."""


class Failure(NamedTuple):
    """The first failure that the script does not catch (or any, for a run that goes on)."""

    step: str
    exception: str
    refusal: Refusal | None
    """The request that found no room, None when the failure is not about a request."""
    reason: str
    """In the user's terms."""
    remedy: str = ""
    """What to change in the model, where that is known."""
    library_message: str = ""
    """What the library's log would say, where the library is at fault; the camera prints nothing of it."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """Everything a run found out."""

    board: Board
    scenario: str
    model: ModelFile
    verdict: Verdict
    failure: Failure | None
    steps: tuple[StepRecord, ...]
    allocations: tuple[Allocation, ...]
    collections: tuple[Collection, ...]
    areas: tuple[AreaState, ...]
    models: tuple[ModelState, ...]
    loop: LoopState | None
    provenance: Provenance
    notes: tuple[str, ...]
    story: Scenario
    """What was run, so that a variant of it can be; ``scenario`` is its name."""
    options: Options
    others: Mapping[str, ModelFile]
    """The scenario's further models by file."""
    snapshots: tuple[Snapshot, ...] = ()
    pools: tuple[PoolState, ...] = ()

    @property
    def exception(self) -> str | None:
        """The line the camera prints; None if it runs, hangs or may die without a word."""
        if self.failure is None or self.failure.exception.startswith(SILENT_TYPES):
            return None
        return self.failure.exception

    @property
    def model_ram(self) -> int | None:
        """``model.ram`` of the run's model, None if it did not load."""
        return self.models[0].ram if self.models else None
