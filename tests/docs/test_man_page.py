"""The manual page that is installed is what the command line's parser says today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from omvsim.cli import COMMANDS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "omvsim.1"


def test_page_is_up_to_date() -> None:
    pytest.importorskip("argparse_manpage")
    program = "from tools.man_page import page; print(page(), end='')"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert PAGE.read_text(encoding="utf-8") == done.stdout, "python -m tools.man_page writes it anew"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_on_it(command: str) -> None:
    assert f".SS \\fBomvsim {command}\\fR".replace("-", r"\-") in PAGE.read_text(encoding="utf-8")
