"""``arena``, ``time``, ``releases``, ``calibrate``."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from omvsim.outputs._common import Count, Known, Triple, Version1


class RefusalDetails(TypedDict):
    reason: str
    operator: str | None
    subgraph: int
    operator_index: Count | None
    library_message: str | None
    fault: str
    remedy: str | None


class PlannedBufferOut(TypedDict):
    offset: int
    bytes: Count
    first: int
    last: int
    kind: Literal["tensor", "scratch"]
    subgraph: Count
    owner: int


class ArenaOut(TypedDict):
    schema: Literal["omvsim.arena"]
    schema_version: Version1
    path: str
    status: Literal["ok", "refused", "hangs", "crashes", "unknown"]
    refusal: str | None
    refusal_details: RefusalDetails | None
    run_fault: RefusalDetails | None
    arena_used_bytes: Count | None
    head_bytes: Count | None
    tail_bytes: Count | None
    bounds: list[int] | None
    kept_arena_bytes: Count | None
    minimum_arena_bytes: Count | None
    temporaries_bytes: Count | None
    second_allocation: Literal["ok", "error", "undefined"] | None
    second_allocation_reason: str | None
    buffers: list[PlannedBufferOut]
    library: str
    provenance: Known
    note: str


class MissesOut(TypedDict):
    weights: Count
    arena_loads: Count
    arena_stores: Count
    write_backs: Count


class OperatorTimeOut(TypedDict):
    op: str
    instructions: Count | None
    instructions_range: Triple | None
    misses: MissesOut
    accesses: dict[str, Count] | None
    cycles: Triple | None
    bound: str
    kernel: str | None
    provenance: Known
    note: str


class ImprovementOut(TypedDict):
    action: str
    bytes: Count
    saves_ms: Triple


class CostOut(TypedDict):
    what: str
    ms: Triple
    provenance: Known
    reason: str


class TimeOut(TypedDict):
    """A model that runs."""

    schema: Literal["omvsim.time"]
    schema_version: Version1
    verdict: Literal["ok"]
    path: str
    instructions: Count
    ops: list[OperatorTimeOut]
    ms: Triple
    cycles: Triple
    placement: dict[str, str]
    policy: str
    board: str
    clock_hz: Count
    provenance: Known
    unknown: list[str]
    improvements: list[ImprovementOut]
    frame: list[CostOut]
    frame_ms: NotRequired[Triple]
    load_ms: NotRequired[Triple]
    frames_per_second: NotRequired[Triple]


class NoTimeOut(TypedDict):
    """A model that does not load or run takes no time."""

    schema: Literal["omvsim.time"]
    schema_version: Version1
    path: str
    verdict: str
    exception: str | None
    reason: str | None
    remedy: str | None
    library_message: str | None
    ms: None


class ReleaseOut(TypedDict):
    firmware: str
    verdict: str
    load: Literal["rom", "file", "fb"]
    exception: str | None
    reason: str | None
    failed_step: str | None
    model_ram: Count | None
    arena_area: str | None
    free_after_load: Count | None
    with_load_to_fb: str | None
    provenance: Known
    changes: list[str]


class ReleasesOut(TypedDict):
    schema: Literal["omvsim.releases"]
    schema_version: Version1
    model: str
    releases: list[ReleaseOut]


class ScriptReleaseOut(TypedDict):
    firmware: str
    verdict: str
    outcome: str
    exception: str | None
    line: Count | None
    reason: str | None
    lacks: str | None
    free_at_end: Count | None
    longest_free_at_end: Count | None
    provenance: Known
    changes: list[str]


class ScriptReleasesOut(TypedDict):
    schema: Literal["omvsim.releases.script"]
    schema_version: Version1
    script: str
    frames: Count
    releases: list[ScriptReleaseOut]


class StatisticsOut(TypedDict):
    records: Count
    mape: float
    rmspe: float
    worst: float
    held_out_mape: float


class CalibrationRecord(TypedDict):
    model: str
    arena: str
    weights: str
    measured_ms: float
    before_ms: float
    after_ms: float


class CalibrationOut(TypedDict):
    """A fit."""

    schema: Literal["omvsim.calibrate"]
    schema_version: Version1
    factors: dict[str, float]
    before: StatisticsOut
    after: StatisticsOut
    records: list[CalibrationRecord]


class AgainstOut(StatisticsOut):
    """A profile held against records that it was not fitted to."""

    schema: Literal["omvsim.calibrate"]
    schema_version: Version1
    against: str
