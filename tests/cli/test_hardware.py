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


MODULES = "asyncio socket ssl requests mqtt umalloc select heapq bluetooth pid mutex network display rtsp ntptime"


@pytest.mark.parametrize("name", MODULES.split())
def test_modules_of_the_camera_can_be_imported(omvsim: Run, tmp_path: Path, name: str) -> None:
    """What the firmware of 5.0.0 has is never the ImportError of a camera without it."""
    script = tmp_path / "main.py"
    script.write_text(f"import {name}\nprint('there')\n", encoding="utf-8")
    done = omvsim("exec", script, "--firmware", "5.0.0")
    assert done.code == 0
    assert done.out.startswith("there\n")


@pytest.mark.parametrize("name", ["webrepl", "aioble", "dht"])
def test_modules_that_are_not_modelled_are_not_known(omvsim: Run, tmp_path: Path, name: str) -> None:
    """The import is named."""
    script = tmp_path / "main.py"
    script.write_text(f"import {name}\n", encoding="utf-8")
    done = omvsim("exec", script, "--firmware", "5.0.0")
    assert done.code == 15
    assert f"import of {name}" in done.out


def test_world_file(omvsim: Run, tmp_path: Path) -> None:
    """What it says reaches the script; what is wrong with it is one line."""
    script, world = tmp_path / "main.py", tmp_path / "world.toml"
    script.write_text("from machine import UART\nprint(UART(1).read())\n", encoding="utf-8")
    world.write_text("[uart.1]\nreceives = [{ text = 'hi' }]\n", encoding="utf-8")
    done = omvsim("exec", script, "--world", world)
    assert done.code == 0
    assert done.out.startswith("b'hi'\n")
    world.write_text("[uart.1]\nreceive = 1\n", encoding="utf-8")
    done = omvsim("exec", script, "--world", world)
    assert (done.code, done.out, done.err.count("\n")) == (3, "", 1)
    assert "uart.1.receive" in done.err
