"""Runs the README in one folder, every command and line of Python in order: what is shown must be what comes out.

``OMVSIM_UPDATE=1`` writes what comes out into the README instead.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
UPDATE = bool(os.environ.get("OMVSIM_UPDATE"))
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")


def what_comes_out(text: str, shell: Any) -> list[tuple[str, str]]:
    """Each block of the README, and the same with what comes out now."""
    run = {"console": shell.console, "python": shell.python}
    return [(block[0], f"```{block[1]}\n{run[block[1]](block[2])}```") for block in BLOCK.finditer(text)]


@pytest.mark.slow
def test_readme_shows_what_comes_out(new_shell: Callable[[str], Any]) -> None:
    text = README.read_text(encoding="utf-8")
    pairs = what_comes_out(text, new_shell("readme"))
    assert len(pairs) >= 4
    if UPDATE:
        for old, new in pairs:
            text = text.replace(old, new, 1)
        README.write_text(text, encoding="utf-8")
        return
    for shown, came_out in pairs:
        assert shown == came_out


def test_links_lead_somewhere() -> None:
    pages = [README, *sorted((ROOT / "docs").rglob("*.md")), ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
    gone = [
        (page.name, link)
        for page in pages
        for link in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert gone == []


def test_exit_codes_are_all_listed() -> None:
    from omvsim.cli.exit_codes import ExitCode

    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", README.read_text(encoding="utf-8"), re.MULTILINE)}
    assert listed == {int(code) for code in ExitCode}


def test_every_option_of_run_is_listed() -> None:
    import argparse

    from omvsim.cli import run

    parser = argparse.ArgumentParser()
    run.configure(parser)
    options = {name for action in parser._actions for name in action.option_strings if name.startswith("--")}
    text = README.read_text(encoding="utf-8") + (ROOT / "docs" / "runtime.md").read_text(encoding="utf-8")
    assert {name for name in options - {"--help"} if name not in text} == set()


def test_every_page_is_named_for_what_it_is_good_for() -> None:
    """In the table of purposes: a reader finds any page from the README."""
    text = README.read_text(encoding="utf-8")
    table = text[text.index("| you want | read |") : text.index("## When it does not run")]
    pages = {str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")} - {"docs/index.md"}
    assert set(re.findall(r"\((docs/[^)#]+)\)", table)) == pages


def test_extras_stand_where_installing_does() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = set(project["project"]["optional-dependencies"])
    text = README.read_text(encoding="utf-8")
    before = text[: text.index("What that prints")]
    assert {name for name in extras if f"`{name}`" not in before} == set()


def test_every_command_is_listed() -> None:
    from omvsim.cli import COMMANDS

    text = README.read_text(encoding="utf-8")
    assert {name for name in COMMANDS if f"omvsim {name}" not in text} == set()
