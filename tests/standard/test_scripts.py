"""Scripts of ours that were run on the camera's firmware: what each line asks for, and what is printed.

A line's requests while running stand behind it (``#:``): bytes asked for in order, ``*n`` for n alike, ``+n`` for a
block that grew to n. ``#5.0.0 LINE:`` has those of a line that differ there, ``#|`` what was printed. Requests before
the first line has begun are the module's frame and not among them.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.running import run

FOLDER = Path(__file__).parent / "scripts"
SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.py"))
NEW = "5.0.0"
WITH_TLS = ("sha1 False\nmd5 False", "sha1 True\nmd5 True")
"""The measured build has no TLS; the camera's has, and these with it (ports/mimxrt/mpconfigport.h)."""
UNMEASURED = "#5.0.0 not measured"


class Measured(NamedTuple):
    """A script and what a release did with it."""

    text: str
    asked: dict[int, str]
    printed: str


def packed(sizes: list[str]) -> str:
    """``16 16 +8`` as ``16*2 +8``."""
    found: list[tuple[str, int]] = []
    for size in sizes:
        if found and found[-1][0] == size:
            found[-1] = (size, found[-1][1] + 1)
        else:
            found.append((size, 1))
    return " ".join(f"{size}*{times}" if times > 1 else size for size, times in found)


def measured(name: str, release: str) -> Measured | None:
    """Reads the notes of a script; None where the release was not measured."""
    text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    if release == NEW and UNMEASURED in text:
        return None
    asked: dict[int, str] = {}
    printed: list[str] = []
    other: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("#5.0.0|"):
            other.append(line[8:])
        elif line.startswith("#5.0.0 "):
            at, _, sizes = line[7:].partition(":")
            if release == NEW:
                asked[int(at)] = sizes.strip()
        elif line.startswith("#|"):
            printed.append(line[3:])
        elif "  #: " in line:
            asked[number] = line.partition("  #: ")[2]
    return Measured(text, asked, "\n".join(other if other and release == NEW else printed))


@pytest.mark.parametrize("release", ["4.8.1", NEW])
@pytest.mark.parametrize("name", SCRIPTS)
def test_script(name: str, release: str, tmp_path: Path) -> None:
    expected = measured(name, release)
    if expected is None:
        pytest.skip("not measured on that release")
    result = run(tmp_path, expected.text, release=release)
    sizes: defaultdict[int, list[str]] = defaultdict(list)
    for each in result.requests:
        if each.phase == "run" and each.line:
            if each.kind == "alloc":
                sizes[each.line].append(str(each.size))
            elif each.how in ("grow", "move"):
                sizes[each.line].append(f"+{each.size}")
    assert result.output.rstrip("\n") == expected.printed.replace(*WITH_TLS)
    asked = {line: packed(found) for line, found in sizes.items()}
    assert asked == {line: found for line, found in expected.asked.items() if found}


def test_notes_are_there() -> None:
    """What is read is neither empty nor the script's own text."""
    found = measured("json_loads", NEW)
    assert found is not None
    assert found.asked[3].startswith("8 16*5 8 16 6 +32")
    assert found.asked[14] == "16*3 136"
    assert found.printed.endswith('{"k": [1, 2]}')
    assert len(SCRIPTS) > 70
