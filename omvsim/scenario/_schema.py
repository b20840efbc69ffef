"""What a scenario file may hold, checked with pydantic: unknown keys are errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from omvsim.errors import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LoadName = Literal["rom", "file", "fb"]
InputName = Literal["camera", "image", "ndarray", "callable"]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Size = Annotated[int, Field(ge=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Boot(_Strict):
    do: Literal["boot", "main", "collect"]


class _Import(_Strict):
    do: Literal["import"]
    module: Literal["ml", "image"]


class _Load(_Strict):
    do: Literal["load"]
    model: str | None = None
    into: str = "m"
    mode: LoadName | None = None
    may_fail: bool = False
    keywords: Annotated[int, Field(ge=0, le=8)] = 0


class _Describe(_Strict):
    do: Literal["describe"]
    model: str = "m"


class _MakeInput(_Strict):
    do: Literal["input"]
    model: str = "m"
    kind: InputName | None = None
    into: str = "inp"


class _Predict(_Strict):
    do: Literal["predict"]
    model: str = "m"
    times: Count | None = None
    kind: InputName | None = None
    into: str = "o"
    keep: bool | None = None
    callback: bool | None = None
    collect: bool = False
    method: Literal["classify", "segment", "detect", "regression"] | None = None
    thresholds: Annotated[int, Field(ge=0)] = 1
    blobs: Annotated[int, Field(ge=0)] = 0
    may_fail: bool = False
    literal: bool = False
    item: str | None = None
    slot: Annotated[int, Field(ge=0)] | None = None


class _Alloc(_Strict):
    do: Literal["alloc"]
    bytes: Annotated[int, Field(ge=1)]
    count: Count = 1
    into: str | None = None
    what: str = "object of the script"
    may_fail: bool = False
    before: list[Size] = []
    after: list[Size] = []


class _Fill(_Strict):
    do: Literal["fill"]
    free_bytes: Annotated[int, Field(ge=0)]
    may_fail: bool = False


class _Sensor(_Strict):
    do: Literal["sensor"]
    pixformat: str | None = None
    framesize: str | None = None
    windowing: Annotated[list[int], Field(min_length=2, max_length=4)] | None = None
    framebuffers: Annotated[int, Field(ge=1, le=64)] | None = None
    may_fail: bool = False


class _Snapshot(_Strict):
    do: Literal["snapshot"]
    into: str | None = "img"
    may_fail: bool = False


class _Picture(_Strict):
    do: Literal["extra_fb", "copy_to_fb"]
    width: Annotated[int, Field(ge=1)]
    height: Annotated[int, Field(ge=1)]
    pixformat: str = "GRAYSCALE"
    into: str = "extra"
    may_fail: bool = False


class _Release(_Strict):
    do: Literal["release"]
    name: str


class _Delete(_Strict):
    do: Literal["delete"]
    name: str


class _Repeat(_Strict):
    do: Literal["repeat"]
    times: Count
    step: Annotated[list[AnyStep], Field(min_length=1)]


class _Mark(_Strict):
    do: Literal["mark"]
    label: str


class _Try(_Strict):
    do: Literal["try"]
    step: Annotated[list[AnyStep], Field(min_length=1)]
    otherwise: list[AnyStep] = []


class _When(_Strict):
    do: Literal["when"]
    name: str
    picture: bool = False
    step: Annotated[list[AnyStep], Field(min_length=1)]


class _Call(_Strict):
    do: Literal["call"]
    function: str
    step: Annotated[list[AnyStep], Field(min_length=1)]
    frame: Annotated[int, Field(ge=0)] = 0
    returns: str | None = None
    into: str | None = None


class _TakeShape(_Strict):
    do: Literal["shape"]
    into: str
    model: str = "m"
    index: Annotated[int, Field(ge=0)] = 0


class _Deep(_Strict):
    do: Literal["deep"]
    slots: Annotated[int, Field(ge=0)]


class _Leave(_Strict):
    do: Literal["leave"]
    model: str
    slot: Annotated[int, Field(ge=0)]


class _FormatText(_Strict):
    do: Literal["format"]
    length: Annotated[int, Field(ge=0)]


class _Raise(_Strict):
    do: Literal["raise"]
    error: str


class _PoolAlloc(_Strict):
    do: Literal["pool_alloc"]
    bytes: Size
    flags: Annotated[int, Field(ge=0)] = 0


AnyStep = Annotated[
    _Boot
    | _Import
    | _Load
    | _Describe
    | _MakeInput
    | _Predict
    | _Alloc
    | _Fill
    | _Sensor
    | _Snapshot
    | _Picture
    | _Release
    | _Delete
    | _Repeat
    | _Mark
    | _Try
    | _When
    | _Call
    | _TakeShape
    | _Deep
    | _Leave
    | _FormatText
    | _Raise
    | _PoolAlloc,
    Field(discriminator="do"),
]


class _Options(_Strict):
    load: LoadName | None = None
    input: InputName | None = None
    loops: Count = 5
    keep_output: bool = False
    callback: bool = False


class _Scenario(_Strict):
    title: str
    board: str | None = None
    firmware: str | None = None
    options: _Options = _Options()
    step: Annotated[list[AnyStep], Field(min_length=1)]


def check(path: Path, raw: Mapping[str, Any]) -> None:
    """Check a scenario file's content.

    Raises:
        ScenarioError: the first thing wrong, with the key's path.
    """
    try:
        _Scenario.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        cause = "unknown key" if first["type"] == "extra_forbidden" else first["msg"].lower()
        raise ScenarioError(path, f"{where}: {cause}") from error
