"""The shape of a profile file: unknown keys and wrong types are errors; missing ones are not, files extend each other.

What must be there, and whether it fits together, is checked when the profile is resolved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from omvsim.boards._releases import check_facts
from omvsim.boards._tree import Table
from omvsim.boards._types import MemoryKind, RegionKind, UmaFlag
from omvsim.errors import BoardError
from omvsim.provenance import Provenance
from omvsim.units import parse_address, parse_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import ErrorDetails

    from omvsim.boards._tree import Tree


def _size(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("must be a size (a number or text like '64K')")
    return parse_size(value)


def _size_or_rest(value: object) -> int:
    return 0 if value == "rest" else _size(value)


def _size_or_card(value: object) -> int:
    return 0 if value == "card" else _size(value)


def _one_of(*known: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in known:
            raise ValueError(f"must be one of {', '.join(known)}, not {value!r}")
        return value

    return check


def _address(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("must be an address (a number or text like '0x80000000')")
    return parse_address(value)


Size = Annotated[int, BeforeValidator(_size), Field(ge=0)]
SizeOrRest = Annotated[int, BeforeValidator(_size_or_rest), Field(ge=0)]
SizeOrCard = Annotated[int, BeforeValidator(_size_or_card), Field(ge=0)]
Address = Annotated[int, BeforeValidator(_address)]
Cycles = Annotated[list[float], Field(min_length=3, max_length=3)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Mount = Literal["rom", "flash", "sdcard"]
Kind = Annotated[str, AfterValidator(_one_of(*RegionKind))]
Material = Annotated[str, AfterValidator(_one_of(*MemoryKind))]
Trust = Annotated[str, AfterValidator(_one_of(*Provenance))]
Flag = Annotated[str, AfterValidator(_one_of(*(str(flag.name).lower() for flag in UmaFlag)))]
Drop = Annotated[
    str, StringConstraints(pattern=r"^(core|cache|port|sensor|memory|region|release|filesystem|built_in)(\..+)?$")
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class CoreTable(_Strict):
    """``[core]``."""

    name: str | None = None
    clock_hz: Annotated[int, Field(gt=0)] | None = None


class CacheTable(_Strict):
    """``[cache]``."""

    line_bytes: Size | None = None
    data_bytes: Size | None = None
    data_ways: Annotated[int, Field(gt=0)] | None = None
    code_bytes: Size | None = None
    code_ways: Annotated[int, Field(gt=0)] | None = None


class TimingTable(_Strict):
    """``[memory.NAME.timing]``: core cycles per cache line, ``[low, nominal, high]``."""

    tier: Name | None = None
    load_line: Cycles | None = None
    store_line: Cycles | None = None
    write_back: Cycles | None = None
    provenance: Trust | None = None
    source: str | None = None


class MemoryTable(_Strict):
    """``[memory.NAME]``."""

    title: str | None = None
    kind: Material | None = None
    origin: Address | None = None
    length: Size | None = None
    gaps: Literal["free", "unknown"] | None = None
    timing: TimingTable | None = None


class RegionTable(_Strict):
    """``[region.NAME]`` and ``[release."V".region.NAME]``."""

    memory: str | None = None
    kind: Kind | None = None
    index: Annotated[int, Field(ge=0)] | None = None
    origin: Address | None = None
    size: SizeOrRest | None = None
    align: Annotated[int, Field(gt=0)] | None = None
    flags: list[Flag] | None = None
    power_of_two: Name | None = None
    title: str | None = None
    provenance: Trust | None = None
    note: str | None = None


class FileTable(_Strict):
    """A file that the firmware puts there."""

    name: str
    bytes: Size
    align: Annotated[int, Field(gt=0)] | None = None


class FileSystemTable(_Strict):
    """``[filesystem.NAME]`` and ``[release."V".filesystem.NAME]``."""

    kind: Literal["romfs", "fat"] | None = None
    region: str | None = None
    size: SizeOrCard | None = None
    tables: Size | None = None
    cluster: Annotated[Size, Field(gt=0)] | None = None
    emptied: bool | None = None
    stock: list[FileTable] = []


class PortTable(_Strict):
    """``[port]``: what the firmware says and has beside memory."""

    platform: str | None = None
    architecture: str | None = None
    kind: str | None = None
    machine: str | None = None
    chip: str | None = None
    folder: str | None = None
    line_multiple: Annotated[int, Field(gt=0)] | None = None
    frame_multiple: Annotated[int, Field(gt=0)] | None = None
    floats_are_objects: bool | None = None
    small_tags: bool | None = None
    tags: list[str] | None = None
    absent: list[str] | None = None
    unmodelled: list[str] | None = None
    reasons: dict[str, str] | None = None
    unavailable: list[str] | None = None


class SensorTable(_Strict):
    """``[sensor]``: the image sensor that comes with the board."""

    name: str | None = None
    width: Annotated[int, Field(gt=0)] | None = None
    height: Annotated[int, Field(gt=0)] | None = None
    sizes: list[str] | None = None
    formats: list[str] | None = None
    own_sizes: dict[str, Annotated[list[int], Field(min_length=2, max_length=2)]] = {}


class AllReleasesTable(_Strict):
    """``[all_releases]``: laid over every release."""

    drop: list[Drop] = []
    port: PortTable | None = None
    memory: dict[Name, MemoryTable] = {}
    region: dict[Name, RegionTable] = {}
    filesystem: dict[Mount, FileSystemTable] = {}
    built_in: dict[Name, Size] = {}


class ReleaseTable(AllReleasesTable):
    """``[release."V"]``; what it says beyond this are facts of the release, see :class:`omvsim.boards.Release`."""

    model_config = ConfigDict(extra="allow", strict=True)

    extends: str | None = None


class Profile(_Strict):
    """A profile file."""

    name: str | None = None
    title: str | None = None
    extends: str | None = None
    drop: list[Drop] = []
    default_firmware: str | None = None
    measured: bool | None = None
    frozen: Literal["full", "ml"] | None = None
    notes: list[str] = []
    core: CoreTable | None = None
    cache: CacheTable | None = None
    port: PortTable | None = None
    sensor: SensorTable | None = None
    memory: dict[Name, MemoryTable] = {}
    region: dict[Name, RegionTable] = {}
    filesystem: dict[Mount, FileSystemTable] = {}
    built_in: dict[Name, Size] = {}
    release: dict[str, ReleaseTable] = {}
    all_releases: AllReleasesTable | None = None


def validate_profile(source: str, tree: Tree) -> None:
    """Check one file's shape.

    Raises:
        BoardError: the first thing wrong, with its key.
    """
    try:
        Profile.model_validate(tree)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise BoardError(source, f"{_path(first)}: {_cause(first)}{more}") from error
    for name, table in Table(source, "", tree).tables("release").items():
        facts = {key: value for key, value in table.values.items() if key not in ReleaseTable.model_fields}
        check_facts(Table(source, f'release."{name}"', facts))


def _path(error: ErrorDetails) -> str:
    return ".".join(f'"{part}"' if "." in str(part) else str(part) for part in error["loc"] if part != "[key]")


def _cause(error: ErrorDetails) -> str:
    if error["type"] == "extra_forbidden":
        return "unknown key"
    if error["type"] == "string_pattern_mismatch":
        return f"{error['input']!r} is no name that may stand here"
    message = error["msg"].removeprefix("Value error, ")
    return message[0].lower() + message[1:]
