"""``what-if``."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from omvsim.outputs._common import Address, Count, Version1


class RangeOut(TypedDict):
    from_kib: Count
    to_kib: Count
    works: bool
    verdict: str
    stage: str
    error: str
    arena_area: str
    data_area: str


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
