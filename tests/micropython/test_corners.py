"""Corners of the language, each a script beside what MicroPython 1.26 prints for it (its own build, py/ as on 4.8.1).

Left out are numbers whose last digits show that its floats are doubles there.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.micropython._running import printed
from tests.oracles.npm import run_micropython

SCRIPTS = sorted((Path(__file__).parent / "data" / "corners").glob("*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_prints_what_micropython_prints(script: Path) -> None:
    assert printed(script.read_text()) == script.with_suffix(".txt").read_text().splitlines()


def test_what_micropython_prints_is_what_is_written_down() -> None:
    expected = "".join(script.with_suffix(".txt").read_text() for script in SCRIPTS)
    assert run_micropython(*SCRIPTS) == expected
