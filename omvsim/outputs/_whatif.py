"""``what-if``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from typing_extensions import TypedDict

from omvsim.outputs._common import Address, Count, Known, Version1


class RangeOut(TypedDict):
    from_kib: Count
    to_kib: Count
    works: bool
    verdict: str
    stage: str
    error: str
    arena_area: str
    data_area: str
    provenance: Known | None


class MinOut(TypedDict):
    schema: Literal["omvsim.what-if.min"]
    schema_version: Version1
    model: str
    param: str
    until: str
    smallest_bytes: Count | None
    smallest_kib: Count | None
    largest_bytes: Count | None
    always_from_kib: Count | None
    islands: list[RangeOut]
    may_crash_kib: list[int]
    ranges: list[RangeOut]
    evaluations: Count


class RungOut(TypedDict):
    value: str
    width: Count
    height: Count
    works: bool
    verdict: str
    error: str
    provenance: Known | None


class MaxOut(TypedDict):
    schema: Literal["omvsim.what-if.max"]
    schema_version: Version1
    largest: str | None
    tried: list[RungOut]


class SettingOut(TypedDict):
    key: str
    a: str | int | bool | None
    b: str | int | bool | None


class AreaOut(TypedDict):
    area: str
    used: Count
    longest_free: Count


class SideOut(TypedDict):
    verdict: str
    stage: str | None
    error: str | None
    model_ram: Count | None
    areas: list[AreaOut]


class PlaceOut(TypedDict):
    bytes: Count
    area: str
    address: Address


class DifferenceOut(TypedDict):
    step: str
    owner: str
    a: PlaceOut | None
    b: PlaceOut | None


class SmallOut(TypedDict):
    area: str
    a: Count
    b: Count


class WhatIfCompareOut(TypedDict):
    schema: Literal["omvsim.what-if.compare"]
    schema_version: Version1
    model: str
    settings: list[SettingOut]
    a: SideOut
    b: SideOut
    differences: list[DifferenceOut]
    small_allocations: list[SmallOut]


class WayOut(TypedDict):
    key: str
    title: str
    code: str | None
    free_bytes: Count | None


class ModelOut(TypedDict):
    model: str
    verdict: str
    error: str
    stage: str
    provenance: Known | None


class ProposalOut(TypedDict):
    settings: dict[str, str | int | bool]
    fits: Count
    head_room_bytes: Count
    taken_bytes: int
    inference_ms: float | None
    largest_frame: str | None
    gives_up: list[str]
    models: list[ModelOut]
    board_config_h: str


class RowOut(TypedDict):
    """Beside these a key for every value of the board that is varied or set, and ``gc``; each a string."""

    __pydantic_config__ = ConfigDict(json_schema_extra={"additionalProperties": {"type": "string"}})  # type: ignore[misc] # as pydantic documents it

    schema: Literal["omvsim.what-if.row"]
    schema_version: Version1
    case: Annotated[str, Field(pattern="^[0-9a-f]{16}$")]
    number: Count
    model: str
    board: str
    firmware: str
    load: Literal["rom", "file", "fb"] | None
    input: str | None
    loops: Count
    keep_output: bool
    callback: bool
    collect: str
    framesize: str | None
    pixformat: str | None
    framebuffers: Count | None
    scenario: str | None
    until: Literal["load", "predict"]
    verdict: str
    stage: str
    error: str
    model_ram: Count | None
    arena_area: str
    data_area: str
    sizing_bytes: Count
    sizing_area: str
    free_bytes: Count
    longest_free_bytes: Count
    provenance: Known | None


class GoalsOut(TypedDict):
    frame: str | None
    releases: list[str]


class CauseOut(TypedDict):
    model: str
    cause: str


class RecommendOut(TypedDict):
    schema: Literal["omvsim.what-if.recommend"]
    schema_version: Version1
    board: str
    firmware: str
    present: ProposalOut
    advice: dict[str, list[WayOut]]
    goals: GoalsOut
    missed: list[str]
    causes: list[CauseOut]
    header: str
    proposals: list[ProposalOut]
