"""Pictures of README and docs are what ``python -m tools.pictures`` makes, and every one that is shown is there."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "pictures"


@pytest.fixture(scope="module")
def tool() -> Any:
    spec = importlib.util.spec_from_file_location("omvsim_tools_pictures", ROOT / "tools" / "pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def given(tool: Any) -> Any:
    return tool.captures()


@pytest.mark.slow
def test_charts_are_as_they_are_made(tool: Any, given: Any) -> None:
    made = tool.charts(given)
    assert set(made) == {path.name for path in FOLDER.glob("*.svg")}
    for file, text in made.items():
        assert (FOLDER / file).read_text(encoding="utf-8") == text, "python -m tools.pictures makes them anew"


@pytest.mark.slow
def test_pages_are_taken(tool: Any, given: Any, tmp_path: Path) -> None:
    chromium = tool.browser()
    if chromium is None:
        pytest.skip("needs Chromium and playwright")
    image = pytest.importorskip("PIL.Image")
    tool.take_pages(given, tmp_path, chromium)
    assert {path.name for path in tmp_path.iterdir()} == set(tool.PAGES)
    for file, (_, width, height, _) in tool.PAGES.items():
        for path in (tmp_path / file, FOLDER / file):
            picture = image.open(path)
            assert picture.size == (width, height)
            assert len(picture.convert("RGB").getcolors(1 << 24)) > 20  # something is on it


def test_what_is_shown_is_there() -> None:
    shown = set()
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            path = (page.parent / target).resolve()
            assert path.is_file(), f"{page.name} shows {target}"
            shown.add(path.name)
    assert {path.name for path in FOLDER.iterdir()} == shown
