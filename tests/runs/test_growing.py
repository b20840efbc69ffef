"""A script that keeps more with every frame: what stays is not garbage, and when it fills the heap is said before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.cli import main
from omvsim.cli.exit_codes import ExitCode
from omvsim.runs.growing import growth

if TYPE_CHECKING:
    from pathlib import Path

START = """import sensor
sensor.reset()
sensor.set_pixformat(sensor.GRAYSCALE)
sensor.set_framesize(sensor.QVGA)
kept = []
"""
KEEPS = START + "while True:\n    kept.append(sensor.snapshot().copy())\n"
PICTURE = 320 * 240 + 32 + 32
"""Its bytes and object; the main picture's object is garbage."""


@pytest.mark.parametrize(
    ("live", "bytes_a_frame"),
    [
        ([], 0),
        ([5, 6, 7], 0),
        ([5, 6, 7, 8], 1),
        ([10] * 20, 0),
        ([10] * 10 + [20] * 10, 0),  # something made once
        ([*range(0, 80, 10), *[80] * 12], 0),  # a buffer that fills up to its length
        ([*range(0, 200, 10)], 10),
        ([*range(200, 0, -10)], 0),
        ([0, 0, 0, 0, 0, 0, 0, 0, 8, 8, 16, 16, 24, 24, 32, 32], 4),  # every second frame
        ([5, 9, 5, 9, 5, 9, 5, 9], 0),  # up and down
    ],
)
def test_growth(live: list[int], bytes_a_frame: int) -> None:
    assert growth(live) == bytes_a_frame


@given(st.integers(0, 1 << 20), st.integers(1, 1 << 16), st.integers(4, 300))
def test_a_steady_leak_is_found_to_the_byte(start: int, step: int, frames: int) -> None:
    assert growth([start + step * number for number in range(frames)]) == step


@given(st.lists(st.integers(0, 1 << 20), max_size=60))
def test_it_is_never_negative(live: list[int]) -> None:
    assert growth(live) >= 0


def report(folder: Path, capsys: pytest.CaptureFixture[str], text: str, *words: str) -> dict:
    (folder / "main.py").write_text(text)
    main(["exec", str(folder / "main.py"), "--json", "--no-advice", *words])
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_the_frame_is_foretold_in_which_memory_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], release: str
) -> None:
    early = report(tmp_path, capsys, KEEPS, "--firmware", release)
    loop = early["loop"]
    assert early["verdict"] == "ok"
    assert loop["held_bytes_per_frame"] == pytest.approx(PICTURE - 32, abs=64)
    assert loop["garbage_bytes_per_frame"] < 100
    late = report(tmp_path, capsys, KEEPS, "--firmware", release, "--frames", "300")
    assert late["verdict"] == "memory_error"
    assert abs(loop["full_at_frame"] - len(late["loop"]["frames"])) <= 3


def test_what_is_held_and_what_is_garbage_add_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frames = report(tmp_path, capsys, KEEPS)["loop"]["frames"]
    for frame in frames[1:]:
        left = frame["used_at_end_bytes"] - frame["used_at_start_bytes"]
        assert frame["held_bytes"] + frame["garbage_bytes"] == left


def test_a_ring_buffer_does_not_grow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        START + "while True:\n    kept.append(sensor.snapshot().copy())\n    if len(kept) > 4:\n        kept.pop(0)\n"
    )
    loop = report(tmp_path, capsys, text)["loop"]
    assert (loop["held_bytes_per_frame"], loop["full_at_frame"]) == (0, None)
    assert loop["garbage_bytes_per_frame"] >= PICTURE


def test_the_first_line_warns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.py").write_text(KEEPS)
    assert main(["exec", str(tmp_path / "main.py")]) == ExitCode.OK
    shown = " ".join(capsys.readouterr().out.split())
    assert "runs; ended after 20 frames, BUT its memory grows and is full about frame 110" in shown
    assert "Grows by 76 870 bytes a frame: no memory is left about frame 110" in shown


def test_memory_that_was_full_in_a_frame_that_did_not_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = START + (
        "while True:\n    img = sensor.snapshot()\n    try:\n        kept.append(img.copy())\n"
        "    except MemoryError:\n        break\n"
    )
    loop = report(tmp_path, capsys, text, "--frames", "300")["loop"]
    assert (len(loop["frames"]), loop["frames_until_collection"]) == (109, None)
    main(["exec", str(tmp_path / "main.py"), "--frames", "300"])
    assert "Collects  by itself, but in no whole frame" in capsys.readouterr().out
