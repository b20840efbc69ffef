"""Single statements, measured twice each: the requests of a second run differ where something is kept."""

from __future__ import annotations

import functools
import tempfile
from collections import defaultdict
from pathlib import Path

import pytest

from tests.modules.measured.statements import IMAGE, NUMPY, PYTHON, SETUPS
from tests.running import run

TABLES = {"python": PYTHON, "numpy": NUMPY, "image": IMAGE}
NEW = "5.0.0"
ONCE = "try:\n    keep = f()\nexcept Exception:\n    pass\nkeep = None\n"
ABSENT = "absent"
"""A statement that the release was not measured with."""


def packed(sizes: list[str]) -> str:
    """``16 16 +`` as ``16*2 +``."""
    found: list[list[str]] = []
    for size in sizes:
        if found and found[-1][0] == size:
            found[-1].append(size)
        else:
            found.append([size])
    return " ".join(same[0] if len(same) == 1 else f"{same[0]}*{len(same)}" for same in found)


@functools.cache
def requests(table: str, release: str) -> list[str]:
    """Of every statement, all in one script."""
    lines: list[str] = []
    places: list[int] = []
    for setup, statement, *_ in TABLES[table]:
        lines += [*SETUPS[setup].splitlines(), "def f():"]
        if statement.startswith(("a *=", "a +=")):
            lines.append("    global a")
        lines.append(f"    {statement}")
        places.append(len(lines))
        lines += ["    return r", *(ONCE * 2).splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        result = run(Path(folder), "\n".join(lines) + "\n", release=release)
    assert result.failure is None
    asked: defaultdict[int, list[str]] = defaultdict(list)
    for each in result.requests:
        if each.phase == "run" and each.kind == "alloc":
            asked[each.line].append(str(each.size))
        elif each.phase == "run" and each.how in ("grow", "move"):
            asked[each.line].append("+")
    return [packed(asked[line]) for line in places]


@pytest.mark.parametrize("release", ["4.8.1", NEW])
@pytest.mark.parametrize("table", TABLES)
def test_requests(table: str, release: str) -> None:
    wrong = []
    compared = 0
    for row, asked in zip(TABLES[table], requests(table, release), strict=True):
        _, statement, old, new = row
        wanted = new or old if release == NEW else old
        if wanted == ABSENT:
            continue
        compared += 1
        if asked != wanted:
            wrong.append((statement, asked, wanted))
    assert wrong == []
    assert compared >= 60
