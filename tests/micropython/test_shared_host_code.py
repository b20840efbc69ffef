"""Scripts that differ in constants alone run on one compiled host text, each with its own constants and lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.boards import load_board
from omvsim.micropython import codegen
from omvsim.runs import ScriptOptions, run_script

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from omvsim.runs import ScriptResult

SCRIPT = """\
name = {name!r}
made = []
for i in range(3):
    made.append({size} * "x")
{gap}made = [name, len(made[0]), {size}]
print(*made)
"""


def run(folder: Path, **values: object) -> ScriptResult:
    path = folder / "main.py"
    path.write_text(SCRIPT.format(**values))
    return run_script(path, load_board(firmware="4.8.1"), ScriptOptions())


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the host compiled."""
    seen: list[str] = []

    def compiled(text: str, name: str, mode: str) -> object:
        seen.append(text)
        return compile(text, name, mode)

    codegen._compiled.cache_clear()
    monkeypatch.setattr(codegen, "compile", compiled, raising=False)
    yield seen
    codegen._compiled.cache_clear()


def test_constants_are_no_part_of_it(tmp_path: Path, texts: list[str]) -> None:
    first = run(tmp_path, name="one", size=3000, gap="")
    compiled = len(texts)
    second = run(tmp_path, name="two", size=3000, gap="")
    assert compiled > 0
    assert len(texts) == compiled
    assert (first.output, second.output) == ("one 3000 3000\n", "two 3000 3000\n")


def test_each_keeps_its_own_lines(tmp_path: Path, texts: list[str]) -> None:
    """The same instructions, two lines further down: books are kept by the script's own lines."""
    first = run(tmp_path, name="one", size=3000, gap="")
    compiled = len(texts)
    second = run(tmp_path, name="one", size=3000, gap="\n\n")
    assert len(texts) == compiled
    assert first.lines[4] == second.lines[4]
    assert 5 in first.lines
    assert 5 not in second.lines
    assert first.lines[5] == second.lines[7]


def test_another_number_is_another_text(tmp_path: Path, texts: list[str]) -> None:
    run(tmp_path, name="one", size=3000, gap="")
    compiled = len(texts)
    assert run(tmp_path, name="one", size=4000, gap="").lines[4].largest == 4001
    assert len(texts) > compiled
