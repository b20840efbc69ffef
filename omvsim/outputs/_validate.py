"""``validate``, ``trace diff``."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from omvsim.outputs._common import Count, Triple, Version1


class PointOut(TypedDict):
    trace: str
    quantity: str
    where: str
    recorded: int | str | None
    predicted: int | str | None
    error: float | None
    relative_error: float | None
    under_predicted: bool


class TotalOut(TypedDict):
    quantity: str
    count: Count
    exact: Count
    under_predicted: Count
    one_sided: Count
    mean_error: float | None
    worst: PointOut | None
    mape: float | None
    within: dict[str, float] | None


class TraceOut(TypedDict):
    trace: str
    prediction_starts_at: str | None
    complete: bool
    stopped: str | None
    skipped: str | None
    used_for_fit: str | None
    points: Count
    exact: Count
    misses: list[PointOut]
    not_predicted: list[str]


class ValidateOut(TypedDict):
    schema: Literal["omvsim.validate"]
    schema_version: Version1
    passed: bool
    tolerances: dict[str, float]
    totals: list[TotalOut]
    traces: list[TraceOut]


class JudgedOut(TypedDict):
    what: str
    board: str
    value: str
    source: str
    judgement: str
    predicted: str
    why: str


class PointsOut(TypedDict):
    schema: Literal["omvsim.validate.points"]
    schema_version: Version1
    points: list[JudgedOut]


class ErrorsOut(TypedDict):
    name: str
    nodes: Count
    mape: float
    median: float
    rmspe: float
    worst: float
    worst_at: str
    within5: float
    within10: float
    within15: float
    total: float


class ModelTotalOut(TypedDict):
    model: str
    counted: Count
    predicted: float
    cause: str
    error: float


class PublishedOut(TypedDict):
    name: str
    source: str
    published_ms: float
    predicted_ms: Triple
    inside: bool
    error: float
    caveat: str


class NotComparableOut(TypedDict):
    name: str
    reason: str


class ValidateTimeOut(TypedDict):
    schema: Literal["omvsim.validate.time"]
    schema_version: Version1
    instructions: list[ErrorsOut]
    leave_one_model_out: list[ErrorsOut]
    models: list[ModelTotalOut]
    traffic: list[ErrorsOut]
    published: list[PublishedOut]
    published_mape: float
    not_comparable: list[NotComparableOut]
    undecided_nodes: Count


class MapDifferenceOut(TypedDict):
    area: Count
    address: Count
    blocks: Count
    left: str
    right: str


class MapDiffOut(TypedDict):
    schema: Literal["omvsim.map-diff"]
    schema_version: Version1
    blocks: Count
    differences: list[MapDifferenceOut]
