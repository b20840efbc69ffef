"""Scripts of the camera's hardware through ``omvsim exec``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("import pyb", 14, "ImportError: no module named 'pyb'"),
        ("from machine import Pin\nPin('P99')", 11, "ValueError: Pin doesn't exist"),
        ("import machine\nmachine.mem32[0]", 15, "machine.mem32[]"),
        ("import machine\nmachine.reset()\nprint('never')", 0, "the camera restarts"),
        ("from machine import UART\nprint(UART(1).read())", 0, "nothing is received"),
    ],
)
def test_ends_as_on_the_camera(omvsim: Run, tmp_path: Path, text: str, code: int, said: str) -> None:
    """Its own error, or what is not known, or its end."""
    script = tmp_path / "main.py"
    script.write_text(text + "\n", encoding="utf-8")
    done = omvsim("exec", script)
    assert done.code == code
    assert said in done.out
    assert "never" not in done.out
