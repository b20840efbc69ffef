"""Scripts that wait for ever: blinking, polling, serving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.runs._running import run_text

if TYPE_CHECKING:
    from pathlib import Path

WAITS = "import time, machine\nled = machine.LED('LED_BLUE')\nwhile True:\n    led.toggle()\n    time.sleep_ms(500)\n"


def test_a_script_that_waits_for_ever_without_pictures_ends_well(tmp_path: Path) -> None:
    result = run_text(tmp_path, WAITS, frames=20)
    assert (result.verdict, result.outcome.value) == ("ok", "stopped")
    assert [note for note in result.notes if note.startswith("stopped: 10 minutes of the camera's time")]


def test_pictures_begin_the_waiting_anew(tmp_path: Path) -> None:
    text = (
        "import sensor, time\nsensor.reset()\nsensor.set_pixformat(sensor.GRAYSCALE)\n"
        "sensor.set_framesize(sensor.QQVGA)\n"
        "while True:\n    sensor.snapshot()\n    for i in range(5):\n        time.sleep(100)\n"
    )
    assert run_text(tmp_path, text, frames=3).outcome.value == "frames done"


def test_waiting_goes_on_when_frames_do_not_end_the_run_text(tmp_path: Path) -> None:
    text = "import time\nfor i in range(30):\n    time.sleep(60)\nprint(i)\n"
    assert run_text(tmp_path, text, frames=None).output == "29\n"


def test_a_constant_of_a_class_that_is_not_modelled(tmp_path: Path) -> None:
    result = run_text(tmp_path, "from machine import I2CTarget\nprint(I2CTarget.IRQ_READ_REQ)\n")
    assert (result.verdict, result.unmodelled) == ("unknown", (("I2CTarget.IRQ_READ_REQ", 2),))
