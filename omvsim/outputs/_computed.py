"""Parts of ``run``: what a model really computed (``--input``), and its arena operator by operator (``--timeline``)."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from omvsim.outputs._common import Count


class InferenceOutputOut(TypedDict):
    name: str
    shape: list[Count]
    dtype: str
    lowest: float
    highest: float
    largest_at: Count


class InferenceOut(TypedDict):
    runtime: str
    source: str
    outputs: list[InferenceOutputOut]
    postprocess: str | None
    boxes_before: Count | None
    boxes_after: Count | None


class TimelineBufferOut(TypedDict):
    name: str
    kind: Literal["tensor", "scratch"]
    subgraph: Count
    owner: int
    offset: Count
    bytes: Count
    first: int
    last: int


class TimelineAccessOut(TypedDict):
    tensor: Count
    name: str
    bytes: Count
    constant: bool


class TimelinePlaceOut(TypedDict):
    step: Count
    subgraph: Count
    operator: Count
    name: str


class TimelineStepOut(TimelinePlaceOut):
    live_bytes: Count
    extent: Count
    headroom: int
    read_bytes: Count
    constant_bytes: Count
    written_bytes: Count
    scratch_bytes: Count
    live: list[Count]
    reads: list[TimelineAccessOut]
    writes: list[TimelineAccessOut]


class TimelinePeakOut(TypedDict):
    live_bytes: Count
    gap_bytes: int
    operators: list[TimelinePlaceOut]
    tensors: list[TimelineBufferOut]
    top: list[TimelineBufferOut]
    limiting_operators: list[TimelinePlaceOut]


class TimelineOut(TypedDict):
    model: str
    arena_bytes: Count
    head_bytes: Count
    tail_bytes: Count
    peak: TimelinePeakOut
    buffers: list[TimelineBufferOut]
    operators: list[TimelineStepOut]
