"""The command as a process: pipes that close, output that is no terminal, Ctrl-C."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "omvsim"]
PLAIN = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "FORCE_COLOR")}


@pytest.mark.slow
def test_a_reader_that_goes_away_is_no_error(model_files: Path) -> None:
    command = [*COMMAND, "run", str(model_files / "tiny-conv.tflite"), "--trace", "-", "--loops", "3000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=PLAIN) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


def test_piped_report_is_plain_and_100_columns_wide(model_files: Path) -> None:
    command = [*COMMAND, "run", str(model_files / "tiny-conv.tflite")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=PLAIN, check=True)
    assert "\x1b" not in done.stdout
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 100
    assert len(lines) <= 40


def test_report_survives_a_terminal_without_unicode(model_files: Path) -> None:
    command = [*COMMAND, "run", str(model_files / "tiny-conv.tflite")]
    env = {**PLAIN, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stderr
    assert "RUNS" in done.stdout


def test_module_and_version() -> None:
    done = subprocess.run([*COMMAND, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("omvsim ")
