"""``run``, ``replay``, and what is printed when omvsim itself fails."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from omvsim.outputs._common import Address, Count, Known, Positive, Triple
from omvsim.outputs._computed import InferenceOut, TimelineOut


class RunOutRefusedRequest(TypedDict):
    bytes: Count
    owner: str
    longest_free_bytes: Count
    free_bytes: Count


class RunOutDiagnosis(TypedDict):
    step: str
    detail: str
    occurrence: Positive
    what: str | None
    needed_bytes: Count | None
    longest_free_bytes: Count | None
    missing_bytes: Count | None
    area: str | None
    reason: str | None


class AdviceOut(TypedDict):
    key: str
    effort: Literal["line", "script", "files", "firmware", "build"]
    title: str
    code: str | None
    free_bytes: Count
    longest_free_bytes: Count
    model_ram: Count | None


class RunOutTfResultLaterRelease(TypedDict):
    firmware: str
    says: str


class RunOutTfResult(TypedDict):
    method: str
    channels: Count
    pixels_per_channel: Count
    free_bytes: Count
    callback_bytes: Count
    total_bytes: Count
    most_channels_callback: Count
    most_channels_total: Count
    input_sizes: list[Count]
    sentences: list[str]
    later_releases: list[RunOutTfResultLaterRelease]


class RunOutArena(TypedDict):
    library: str
    status: Literal["ok", "refused", "hangs", "crashes", "unknown"]
    refusal: str | None
    arena_used_bytes: Count
    head_bytes: Count
    tail_bytes: Count
    provenance: Literal["exact", "derived", "modelled", "calibrated", "assumed", "unknown"]


class RunOutModel(TypedDict):
    path: str
    ram: Count
    arena_address: Address | None
    arena_area: str
    data_address: Address | None
    data_area: str


class RunOutArea(TypedDict):
    index: Count
    memory: str
    origin: Address
    length: Count
    pool_bytes: Count
    used_bytes: Count
    free_bytes: Count
    longest_free_bytes: Count
    free_after_collect_bytes: Count


class RunOutPool(TypedDict):
    name: str
    memory: str
    origin: Address
    length: Count
    used_bytes: Count
    free_bytes: Count
    longest_free_bytes: Count


class RunOutStep(TypedDict):
    name: str
    detail: str
    used_bytes: Count
    free_bytes: Count
    max_free_blocks: Count
    allocations: Count
    allocated_bytes: Count
    garbage_bytes: Count
    collections: Count
    exception: str | None


class RunOutLoopForeseen(TypedDict):
    frames_run: Positive
    frames_played: Positive
    period_frames: Positive | None
    collections: Count


class RunOutLoop(TypedDict):
    frames: Count
    garbage_per_frame: Count | None
    held_per_frame: Count
    full_at_frame: Count | None
    collected_at_frames: list[Count]
    frames_until_collection: Count | None
    foreseen: RunOutLoopForeseen | None


class RunOutAllocation(TypedDict):
    step: str
    step_index: Count
    bytes: Count
    address: Count
    area: str
    owner: str


class FrameCostOut(TypedDict):
    what: str
    ms: Triple
    provenance: Known


class FrameWayOut(TypedDict):
    action: str
    bytes: Count
    saves_ms: Triple


class FrameTimeOut(TypedDict):
    inference_ms: Triple
    frame_ms: Triple
    load_ms: Triple
    frames_per_second: Triple
    placement: dict[str, str]
    provenance: Known
    unknown: list[str]
    bound: dict[str, float]
    costs: list[FrameCostOut]
    improvements: list[FrameWayOut]


class FailureOutCall(TypedDict):
    line: Count
    function: str


class FailureOutRefused(TypedDict):
    asked_bytes: Count
    what: str
    place: str
    longest_free_bytes: Count
    free_bytes: Count


class FailureOut(TypedDict):
    exception: str
    reason: str | None
    remedy: str | None
    place: str
    line: Count
    traceback: list[FailureOutCall]
    refused: FailureOutRefused | None


class UnknownOutNotModelled(TypedDict):
    what: str
    line: Count
    place: str


class UnknownOut(TypedDict):
    not_modelled: list[UnknownOutNotModelled]
    time_limit_seconds: float | None
    ended_at_line: Count | None


class HeapOut(TypedDict):
    used_at_start_bytes: Count | None
    used_at_end_bytes: Count
    free_at_end_bytes: Count
    longest_free_at_end_bytes: Count
    used_after_collect_bytes: Count
    free_after_collect_bytes: Count
    longest_free_after_collect_bytes: Count
    high_water_bytes: Count
    collection_ms_estimated: float


class RunOut(TypedDict):
    schema: Literal["omvsim.run"]
    schema_version: Literal[1]
    model: str
    board: str
    firmware: str
    scenario: str
    load: Literal["rom", "file", "fb"]
    verdict: Literal[
        "ok", "memory_error", "value_error", "may_crash", "hangs", "refused", "no_space", "other_error", "unknown"
    ]
    exception: str | None
    failed_step: str | None
    reason: str | None
    remedy: str | None
    library_message: str | None
    refused_request: RunOutRefusedRequest | None
    diagnosis: RunOutDiagnosis | None
    failure: FailureOut | None
    unknown: UnknownOut | None
    advice: list[AdviceOut] | None
    tf_result: RunOutTfResult | None
    provenance: Literal["exact", "derived", "modelled", "calibrated", "assumed", "unknown"]
    ms_per_frame: Triple | None
    ms_per_frame_provenance: Literal["exact", "derived", "modelled", "calibrated", "assumed", "unknown"] | None
    model_ram: Count | None
    arena: RunOutArena
    models: list[RunOutModel]
    heap: HeapOut
    areas: list[RunOutArea]
    pools: list[RunOutPool]
    steps: list[RunOutStep]
    loop: RunOutLoop | None
    notes: list[str]
    allocations: NotRequired[list[RunOutAllocation]]
    inference: NotRequired[InferenceOut]
    timeline: NotRequired[TimelineOut]
    time: NotRequired[FrameTimeOut | None]


class AllocationOut(TypedDict):
    step: str
    step_index: Count
    bytes: Count
    address: Count
    area: str
    owner: str


class ReplayOutGc(TypedDict):
    allocations: Count
    address_mismatches: Count
    infos: Count
    info_mismatches: Count
    chunk_lists: Count
    chunk_list_mismatches: Count


class ReplayOutUma(TypedDict):
    allocations: Count
    failures: Count
    frees: Count
    reallocs: Count
    collections: Count
    walks: Count
    address_mismatches: Count
    other_mismatches: Count


class ReplayOut(TypedDict):
    schema: Literal["omvsim.replay"]
    schema_version: Literal[1]
    path: str
    allocations: Count
    address_mismatches: Count
    info_mismatches: Count
    first_mismatch: str | None
    gc: ReplayOutGc
    uma: ReplayOutUma | None


class ErrorOut(TypedDict):
    schema: Literal["omvsim.error"]
    schema_version: Literal[1]
    omvsim: str
    command: str
    error: Literal["internal_error"]
    exception: str
    message: str
    place: str | None
    notes: list[str]
    report: str
    exit_code: Literal[70]
