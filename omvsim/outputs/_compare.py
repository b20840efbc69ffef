"""``compare``."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from omvsim.compare import Deciding, Parting
from omvsim.outputs._common import Count


class CompareSide(TypedDict):
    title: str
    word: str
    sentence: str
    tone: Literal["good", "warn", "bad", "plain"]


class CompareOutFigure(TypedDict):
    name: str
    unit: Literal["bytes", "ms", "count"]
    a: float | None
    b: float | None


class CompareHeld(TypedDict):
    bytes: Count
    chunks: Count
    places: list[str]


class CompareChange(TypedDict):
    name: str
    what: list[Literal["same", "moved", "grew", "shrank", "new", "gone"]]
    difference: int
    a: CompareHeld | None
    b: CompareHeld | None


class CompareOut(TypedDict):
    schema: Literal["omvsim.compare"]
    schema_version: Literal[1]
    a: CompareSide
    b: CompareSide
    sentence: str
    deciding: Deciding | None
    parting: Parting | None
    figures: list[CompareOutFigure]
    owners: list[CompareChange]
    regions: list[CompareChange]
