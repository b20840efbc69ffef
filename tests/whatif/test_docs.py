"""Every command and every piece of code in ``docs/what-if.md`` does what stands there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.cli import main

if TYPE_CHECKING:
    import pytest

TEXT = (Path(__file__).parents[2] / "docs" / "what-if.md").read_text(encoding="utf-8")
COUNT = re.compile(r"^\d+ configurations tried.*", re.MULTILINE)
TIME = re.compile(r" +[0-9.]+ ms ")


def same(text: str) -> str:
    """Without the effort and the modelled time, which may get better."""
    return TIME.sub(" MS ", COUNT.sub("", text)).strip()


def test_console_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    for block in re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL):
        expected: dict[str, str] = {}
        for line in block.splitlines(keepends=True):
            if line.startswith("$ "):
                command = line[2:].strip()
                expected[command] = ""
            else:
                expected[command] += line
        for command, output in expected.items():
            assert main(shlex.split(command)[1:]) == 0
            printed = capsys.readouterr().out
            if output:
                assert same(printed) == same(output)


def test_the_matrix_file_and_the_python_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["models", "make", "blazeface-like", "--out", "face.tflite"]) == 0
    (matrix,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    Path("matrix.toml").write_text(matrix, encoding="utf-8")
    assert main(["what-if", "sweep", "--matrix", "matrix.toml", "--out", "sweep.jsonl"]) == 0
    assert "6 configurations" in capsys.readouterr().out
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    exec(compile(code, "what-if.md", "exec"), {})
    assert capsys.readouterr().out == "9\n"
