"""Places as people read them: of a text that is not read, of files that ship with omvsim, of a table without lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim._data_files import data_folder, shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Outcome

    Run = Callable[..., Outcome]


def test_a_text_that_is_not_read_is_in_no_function(omvsim: Run, tmp_path: Path) -> None:
    script = tmp_path / "z.py"
    script.write_text("n = 07\n")
    out = omvsim("exec", script, "--firmware", "4.8.1").out
    assert "z.py:1: n = 07" in out
    assert " in :" not in out


def test_what_a_function_raises_names_it(omvsim: Run, tmp_path: Path) -> None:
    script = tmp_path / "z.py"
    script.write_text("def f():\n    raise ValueError(1)\nf()\n")
    assert "z.py:2 in f: raise ValueError(1)" in omvsim("exec", script).out


def test_no_lines_are_no_table(omvsim: Run, tmp_path: Path) -> None:
    script = tmp_path / "z.py"
    script.write_text("print(1)\n")
    assert "Requests" not in omvsim("exec", script, "--lines", "0").out
    assert "Requests" in omvsim("exec", script, "--lines", "1").out


def test_shipped_files_are_shown_without_the_folder_of_the_installation(tmp_path: Path) -> None:
    assert shown(data_folder("scenarios") / "main.py") == "scenarios/main.py"
    assert shown(data_folder("boards") / "openmv-rt1062.toml") == "boards/openmv-rt1062.toml"
    assert shown(tmp_path / "main.py") == str(tmp_path / "main.py")
