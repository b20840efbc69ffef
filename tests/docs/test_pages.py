"""Every command on every page of ``docs`` is run, page by page in a folder of its own, and shows what comes out.

Of a ``console`` block the output is compared (``OMVSIM_UPDATE=1`` writes it into the page); the lines of a ``sh`` block
must end with exit code 0. Comments before a block, which no reader sees, say what else it needs:

* ``<!-- setup: COMMAND -->`` is run before it;
* ``<!-- file: NAME -->`` the block is a file, there from the start of the page;
* ``<!-- not run: REASON -->`` it cannot be run here.
"""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
UPDATE = bool(os.environ.get("OMVSIM_UPDATE"))
BLOCK = re.compile(r"((?:^<!-- .*? -->\n)*)^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOTE = re.compile(r"^<!-- (setup|file|not run): (.*?) -->$", re.MULTILINE)
COMMAND = re.compile(r"^(?:\$ )?omvsim ", re.MULTILINE)
INDENTED = re.compile(r"\n\n    (?:\$ )?omvsim ")
RUN_BY = {"gate.md": "tests/gate/test_docs.py", "what-if.md": "tests/whatif/test_docs.py"}
"""Pages whose commands need more than a folder, and the tests that run them."""
PAGES = sorted(str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md"))
NEEDS_MORE = {
    ("tutorial.md", "installs"),
    ("howto/record-a-trace.md", "camera"),
    ("validation.md", "recordings"),
}
"""Where a block is not run, and the word that its reason must have."""


class Block(NamedTuple):
    whole: str
    notes: list[tuple[str, str]]
    language: str
    text: str

    @property
    def is_run(self) -> bool:
        return "not run" not in dict(self.notes)


def blocks(page: str) -> list[Block]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return [Block(found[0], NOTE.findall(found[1]), found[2], found[3]) for found in BLOCK.finditer(text)]


def with_commands() -> list[str]:
    return [page for page in PAGES if page not in RUN_BY and any(b.language in ("console", "sh") for b in blocks(page))]


@pytest.mark.slow
@pytest.mark.parametrize("page", with_commands())
def test_commands_do_what_stands_there(page: str, new_shell: Callable[[str], Any]) -> None:
    changed = came_out(page, new_shell(page))
    if UPDATE:
        (DOCS / page).write_text(changed, encoding="utf-8")


def came_out(page: str, shell: Any) -> str:
    """Run a page's blocks in a shell; the page's text with what came out."""
    found = blocks(page)
    for block in found:
        for kind, value in block.notes:
            if kind == "file":
                (shell.folder / value).write_text(block.text, encoding="utf-8")
    changed = (DOCS / page).read_text(encoding="utf-8")
    for block in filter(lambda block: block.is_run, found):
        for kind, value in block.notes:
            if kind == "setup":
                assert shell.run(value).code == 0, value
        if block.language == "console":
            shown = f"```console\n{block.text}```"
            now = f"```console\n{shell.console(block.text)}```"
            assert not re.search(r"^usage: |^omvsim(?: [\w-]+)*: ", now, re.MULTILINE), now
            changed = changed.replace(shown, now, 1)
            assert UPDATE or shown == now
        elif block.language == "sh":
            for line in block.text.splitlines():
                done = shell.run(line)
                assert done.code == 0, f"{line}\n{done.text}"
    return changed


@pytest.mark.parametrize("page", PAGES)
def test_no_command_is_left_out(page: str) -> None:
    """A command stands in a block that is run, or that says why it is not."""
    text = (DOCS / page).read_text(encoding="utf-8")
    for block in blocks(page):
        assert block.language or not COMMAND.search(block.text), block.text
        if not block.is_run:
            reason = dict(block.notes)["not run"]
            assert any(where == page and word in reason for where, word in NEEDS_MORE), (page, reason)
    assert not INDENTED.search(BLOCK.sub("", text)), "a command outside of a block is not run"


@pytest.mark.parametrize("page", RUN_BY)
def test_pages_that_are_run_elsewhere(page: str) -> None:
    assert f'"{page}"' in (ROOT / RUN_BY[page]).read_text(encoding="utf-8")


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    """All options of a parser and of those below it."""
    found = set()
    for action in parser._actions:
        found |= set(action.option_strings)
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                found |= options_of(below)
    return found


@pytest.mark.parametrize("page", ["../README.md", *PAGES])
def test_commands_within_sentences_are_there(page: str) -> None:
    """`omvsim COMMAND --option` in running text names a command and options that exist."""
    from omvsim.cli import COMMANDS, build_parser

    parser = build_parser(*COMMANDS)
    for words in re.findall(r"`omvsim ([^`]+)`", (DOCS / page).read_text(encoding="utf-8")):
        name, *rest = words.split()
        if name.startswith("-") or name in ("capture", "COMMAND"):  # the first line of a .omv file; a placeholder
            continue
        assert name in COMMANDS, words
        options = {word.split("=")[0].rstrip(".,;)") for word in rest if word.startswith("--")} - {"--debug"}
        assert options <= options_of(parser.below(name)), words
