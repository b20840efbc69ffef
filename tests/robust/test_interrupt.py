"""Ctrl-C at any moment: exit code 130 and no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")
# Says when Python itself has started: before that, Ctrl-C ends any Python program by the signal.
_STARTED = """
import os, runpy, sys, omvsim.__main__
from omvsim.__main__ import start
sys.argv = ["omvsim", "run", sys.argv[1], "--loops", sys.argv[2]]
os.write(1, b"x")
sys.exit(start())
"""


@pytest.mark.parametrize("loops", [1000, 3000])  # run, and foreseen
@pytest.mark.parametrize("milliseconds", [0, 3, 10, 20, 40, 80, 120, 160, 200, 250, 300, 500, 800])
def test_ctrl_c_in_the_first_moments(runs: Path, milliseconds: int, loops: int) -> None:
    command = [sys.executable, "-c", _STARTED, str(runs), str(loops)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert os.read(process.stdout.fileno(), 1) == b"x"
        time.sleep(milliseconds / 1000 + 0.01)
        process.send_signal(signal.SIGINT)
        error = process.stderr.read()
        assert (process.wait(30), error) == (130, b"")


def test_ctrl_c_that_the_shell_ignores_stays_ignored(runs: Path) -> None:
    """As in a job behind ``&``."""
    command = f"trap '' INT; exec {sys.executable} -m omvsim run {runs} --no-advice"
    with subprocess.Popen(["bash", "-c", command], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert b"RUNS" in process.stdout.read()
        assert process.wait(30) == 0
