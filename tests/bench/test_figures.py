"""The speed table's lines: what is asked for on a slower machine, and whether it is reached. No time is asserted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.figures import Figure, best, spent

_ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("figure", "asked", "met"),
    [
        (Figure("a", 0.9, "s", 0.45), 0.9, True),
        (Figure("a", 0.91, "s", 0.45), 0.9, False),
        (Figure("a", 0.5, "M/s", 1.0, rate=True), 0.5, True),
        (Figure("a", 0.49, "M/s", 1.0, rate=True), 0.5, False),
        (Figure("a", 301, "MB", 300, size=True), 300, False),
        (Figure("a", 300, "MB", 300, size=True), 300, True),
        (Figure("a", 5, "s"), None, None),
    ],
)
def test_a_target_on_a_machine_of_half_the_speed(figure: Figure, asked: float | None, met: bool | None) -> None:
    assert (figure.here(2.0), figure.met(2.0)) == (asked, met)


def test_a_line_has_the_target_and_the_peers_side_by_side() -> None:
    line = Figure("arena", 0.5, "s", 0.45, peers={"tflite-micro": 0.97, "other": 2}).line(2.15)
    assert line.split() == ["arena", "0.500", "s", "0.968", "met", "tflite-micro", "0.970", "other", "2.000"]
    assert Figure("arena", 0.5, "s", 0.45).line().split() == ["arena", "0.500", "s", "0.450", "NOT", "MET"]
    assert Figure("TLSF", 0.5, "M/s", rate=True).line() == f"{'TLSF':<44}{0.5:10.3f} M/s"


def test_the_best_round_counts_and_a_process_is_measured_by_itself() -> None:
    rounds: list[int] = []
    assert best(lambda: rounds.append(1), 4) >= 0
    assert len(rounds) == 4
    small, large = spent(("-c", "pass"))[1], spent(("-c", "x = bytearray(b'x') * (64 << 20)"))[1]
    assert large - small > 50
    assert spent(("-c", "pass"))[1] < large - 50


def test_the_table_names_its_parts() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "nonsense"], cwd=_ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, "python -m tests.bench: error: no part nonsense")
    shown = subprocess.run(
        [sys.executable, "-m", "tests.bench", "-h"], cwd=_ROOT, capture_output=True, text=True, check=False
    )
    assert "cold, heap, arena, whatif, script, replay" in " ".join(shown.stdout.split())
