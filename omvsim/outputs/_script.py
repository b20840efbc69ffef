"""``exec``."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from omvsim.outputs._common import Address, Count, Known, Triple
from omvsim.outputs._run import AdviceOut, FailureOut, HeapOut, RunOutArea, RunOutModel, RunOutPool, UnknownOut


class ExecOutLoopFrame(TypedDict):
    frame: Count
    allocations: Count
    allocated_bytes: Count
    grown_bytes: Count
    freed_bytes: Count
    garbage_bytes: int
    held_bytes: int
    largest_asked_bytes: Count
    used_at_start_bytes: Count
    used_at_end_bytes: Count
    automatic_collection: bool


class ExecOutLoopRate(TypedDict):
    frames_per_second: Triple
    frame_ms: Triple
    computing_ms: Triple
    camera_frame_ms: float
    provenance: Literal["exact", "derived", "modelled", "calibrated", "assumed", "unknown"]
    unknown: list[str]


class ExecOutLoop(TypedDict):
    line: Count
    frames: list[ExecOutLoopFrame]
    allocations_per_frame: Count | None
    allocated_bytes_per_frame: Count | None
    grown_bytes_per_frame: Count | None
    garbage_bytes_per_frame: int | None
    held_bytes_per_frame: Count
    full_at_frame: Count | None
    first_automatic_collection_frame: Count | None
    automatic_collection_frames: list[Count]
    frames_until_collection: Count | None
    rate: ExecOutLoopRate | None


class ExecOutCollection(TypedDict):
    line: Count
    before_bytes: Count
    after_bytes: Count
    automatic: bool
    allocations_before: Count


class ExecOutLine(TypedDict):
    line: Count
    source: str
    allocations: Count
    asked_bytes: Count
    allocated_bytes: Count
    grown_bytes: Count
    freed_bytes: Count
    largest_asked_bytes: Count
    high_water_bytes: Count
    garbage_bytes_per_frame: int | None


class ExecOutMark(TypedDict):
    label: str
    line: Count
    used_bytes: Count
    allocations: Count


class ExecOutAllocation(TypedDict):
    phase: Literal["boot", "open", "parse", "compile", "run"]
    line: Count
    function: str
    kind: Literal["alloc", "realloc", "free"]
    bytes: Count
    address: Address
    how: NotRequired[Literal["same", "shrink", "grow", "move", "fail"]]


class ExecOutOutsideFrameBuffers(TypedDict):
    count: Count
    bytes_each: Count


class ExecOutOutsideFbAlloc(TypedDict):
    shared_bytes: Count
    used_at_end_bytes: Count
    peak_bytes: Count
    asked_for_everything: Count
    left_at_end_bytes: Count
    overlay_bytes: Count
    overlay_peak_bytes: Count


class ExecOutOutsideUma(TypedDict):
    memory: str
    size_bytes: Count
    used_at_end_bytes: Count
    persistent_bytes: Count
    peak_bytes: Count
    largest_free_bytes: Count


class ExecOutOutside(TypedDict):
    frame_buffers: ExecOutOutsideFrameBuffers | None
    fb_alloc: ExecOutOutsideFbAlloc | None
    uma: list[ExecOutOutsideUma]


class ExecOut(TypedDict):
    schema: Literal["omvsim.exec"]
    schema_version: Literal[1]
    script: str
    board: str
    firmware: str
    verdict: Literal[
        "ok", "memory_error", "value_error", "may_crash", "hangs", "refused", "no_space", "other_error", "unknown"
    ]
    outcome: Literal[
        "finished",
        "frames done",
        "stopped",
        "exception",
        "not modelled",
        "time limit",
        "interrupted",
        "may crash",
        "hangs",
    ]
    provenance: Literal["exact", "derived", "modelled", "calibrated", "assumed", "unknown"]
    exception: str | None
    failure: FailureOut | None
    unknown: UnknownOut | None
    advice: list[AdviceOut] | None
    ms_per_frame: Triple | None
    ms_per_frame_provenance: Known | None
    models: list[RunOutModel]
    heap: HeapOut
    areas: list[RunOutArea]
    pools: list[RunOutPool]
    loop: ExecOutLoop | None
    collections: list[ExecOutCollection]
    lines: list[ExecOutLine]
    marks: list[ExecOutMark]
    inferences: Count
    detections: list[Count]
    output: str
    notes: list[str]
    allocations: NotRequired[list[ExecOutAllocation]]
    outside: ExecOutOutside


class CoverageOutCounts(TypedDict):
    simulated: Count
    charged: Count
    absent: Count
    unknown: Count


class CoverageOutUse(TypedDict):
    line: Count
    kind: Literal["import", "call", "name"]
    name: str
    fidelity: Literal["simulated", "charged", "absent", "unknown"]
    note: str | None


class CoverageOut(TypedDict):
    schema: Literal["omvsim.coverage"]
    schema_version: Literal[1]
    script: str
    board: str
    firmware: str
    verdict: Literal["known", "absent", "unknown"]
    exception: str | None
    counts: CoverageOutCounts
    uses: list[CoverageOutUse]
