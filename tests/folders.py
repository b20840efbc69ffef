"""Folders for what tests make once and use in many places: they are there until the process ends, and gone with it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

_HELD: list[TemporaryDirectory[str]] = []


def lasting_folder() -> Path:
    _HELD.append(TemporaryDirectory(prefix="omvsim-tests-"))
    return Path(_HELD[-1].name)


__all__ = ["lasting_folder"]
