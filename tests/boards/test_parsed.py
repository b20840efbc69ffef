"""What is kept of shipped profiles so that no command has to read TOML."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

from omvsim.boards import _load
from omvsim.shipped_toml import checksum, parsed_file
from tools.parsed_toml import files, parsed

if TYPE_CHECKING:
    from pathlib import Path

FILES = {path.stem: path for path in files()}


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """A profile with what is kept of it."""
    path = tmp_path / "mine.toml"
    path.write_text('name = "mine"\nsize = 1\n', encoding="utf-8")
    parsed_file(path).parent.mkdir()
    parsed_file(path).write_text(parsed(path), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", FILES)
def test_what_is_kept_is_what_the_profile_says(name: str) -> None:
    path = FILES[name]
    assert parsed_file(path).read_text(encoding="utf-8") == parsed(path), "python -m tools.parsed_toml"
    ((key, kept),) = json.loads(parsed_file(path).read_text(encoding="utf-8")).items()
    text = path.read_text(encoding="utf-8")
    assert key == checksum(text)
    assert repr(kept) == repr(tomllib.loads(text))  # types and order of keys too


def test_nothing_is_kept_of_what_there_is_not() -> None:
    there = {path for folder in {parsed_file(path).parent for path in FILES.values()} for path in folder.iterdir()}
    assert there == {parsed_file(path) for path in FILES.values()}


def test_a_profile_that_was_changed_counts_itself(profile: Path) -> None:
    assert _load._shipped.__wrapped__(profile) == {"name": "mine", "size": 1}
    profile.write_text('name = "mine"\nsize = 2\n', encoding="utf-8")
    assert _load._shipped.__wrapped__(profile) == {"name": "mine", "size": 2}


@pytest.mark.parametrize("text", [None, "{", "{}"])
def test_a_profile_needs_nothing_beside_it(profile: Path, text: str | None) -> None:
    parsed_file(profile).unlink()
    if text is not None:
        parsed_file(profile).write_text(text, encoding="utf-8")
    assert _load._shipped.__wrapped__(profile) == {"name": "mine", "size": 1}


def test_no_shipped_board_needs_toml() -> None:
    program = """
import sys
from omvsim.boards import list_boards, load_board
from omvsim.timing import profile_of
for info in list_boards():
    load_board(info.name)
profile_of(load_board("openmv-rt1062"))
assert "tomllib" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
