"""The firmware's own names, as data: one file a release and build, one name a line, measured.

A build is what is frozen into the firmware. What is frozen brings its names along, so a script's name that occurs
there costs nothing.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from omvsim.records import StrEnum


class Build(StrEnum):
    """What is frozen into the measured firmware."""

    FULL = "full"
    """The RT1062's whole manifest and all names of its port, as the camera has it."""
    PLAIN = "plain"
    """Only ``ml`` and ``_boot.py``: what the older traces were made with (profile ``openmv-rt1062-qemu``)."""


_DATA: Final = Path(__file__).with_name("data")
_CAMERA: Final = _DATA / "camera-names.txt"
"""Names of ``csi`` (openmv/openmv v4.8.1 and v5.0.0, ``modules/py_csi_ng.c``): the plain build of 5.0.0 has it, that of
4.8.1 whose names were measured has not."""
_PREPROCESSING: Final = "preprocessing"
"""A name of that build by its traces: importing ``ml`` takes no room for it."""


def is_measured(release: str, build: Build) -> bool:
    """Whether the names of that firmware are known."""
    return _file("names", release, build).is_file()


@cache
def built_in_names(release: str, build: Build = Build.FULL) -> frozenset[str]:
    """The names in the firmware's ROM.

    A release whose plain build was not measured lacks there what the plain build of a measured one lacks, but for the
    camera's names, and every other file.

    Raises:
        KeyError: nothing of that firmware was measured.
    """
    if not is_measured(release, Build.FULL):
        raise KeyError(release, build)
    if is_measured(release, build):
        return _names(_file("names", release, build))
    both = _measured_in_both()
    plain = built_in_names(both, build)
    lacking = built_in_names(both) - plain - frozenset(_lines(_CAMERA))
    whole = built_in_names(release) - lacking
    return frozenset(name for name in whole if name in plain or not name.endswith(".py")) | {_PREPROCESSING}


@cache
def _measured_in_both() -> str:
    """The newest release whose names were measured in both builds."""
    plain = sorted(_DATA.glob(f"names-*-{Build.PLAIN}.txt"))[-1]
    return plain.stem.removeprefix("names-").removesuffix(f"-{Build.PLAIN}")


def _names(path: Path) -> frozenset[str]:
    lines = path.read_text(encoding="utf-8").split("\n")
    return frozenset([_unescape(line) if "\\" in line else line for line in lines])


@cache
def names_in_order(release: str, build: Build = Build.FULL) -> tuple[str, ...]:
    """The names in ROM in the order of its pools (py/makeqstrdata.py): those that every port has, the others sorted,
    then those of the frozen modules sorted.

    Raises:
        KeyError: that firmware was not measured.
    """
    names = built_in_names(release, build)
    static = _lines(_DATA / "static-names.txt")
    known = build if is_measured(release, build) else Build.FULL
    frozen = [name for name in _lines(_file("frozen-names", release, known)) if name in names]
    rest = names - {*static, *frozen}
    return (*static, *sorted(rest, key=_bytes), *frozen)


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _file(kind: str, release: str, build: Build) -> Path:
    """The data of a firmware: the full build's file is named after the release alone."""
    ending = "" if build is Build.FULL else f"-{build}"
    return _DATA / f"{kind}-{release}{ending}.txt"


def _lines(path: Path) -> list[str]:
    return [_unescape(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


def _unescape(line: str) -> str:
    """A name as it is: backslash, line feed and carriage return are written with a backslash."""
    parts = line.split("\\\\")
    return "\\".join(part.replace("\\n", "\n").replace("\\r", "\r") for part in parts)


__all__ = ["Build", "built_in_names", "is_measured", "names_in_order"]
