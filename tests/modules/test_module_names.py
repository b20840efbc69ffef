"""What ``sensor`` and ``csi`` call themselves (openmv/openmv ``modules/py_csi.c``, ``py_csi_ng.c``, ``py_sensor.c``).

``py_csi.c`` registers one module under two names from v4.6.0 to v4.7.0, and as ``sensor`` alone from v4.8.0 on, where
``py_csi_ng.c`` has ``csi``; its ``__name__`` is ``csi`` all the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.running import run

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [
    ("4.5.5", "<module 'sensor'>"),
    ("4.5.9", "<module 'sensor'>"),
    ("4.6.0", "<module 'csi'>"),
    ("4.7.0", "<module 'csi'>"),
    ("4.8.1", "<module 'csi'>"),
    ("5.0.0", "<module 'csi'>"),
]


@pytest.mark.parametrize(("release", "shown"), NAMES)
def test_what_sensor_calls_itself(tmp_path: Path, release: str, shown: str) -> None:
    assert run(tmp_path, "import sensor\nprint(sensor)", release=release).output == f"{shown}\n"


@pytest.mark.parametrize(("release", "same"), [("4.6.0", True), ("4.7.0", True), ("4.8.0", False), ("5.0.0", False)])
def test_whether_csi_is_the_same_module(tmp_path: Path, release: str, *, same: bool) -> None:
    text = "import sensor, csi\nprint(sensor is csi, csi)"
    assert run(tmp_path, text, release=release).output == f"{same} <module 'csi'>\n"


def test_up_to_4_5_9_there_is_no_csi(tmp_path: Path) -> None:
    failure = run(tmp_path, "import csi", release="4.5.9").failure
    assert failure is not None
    assert failure.text == "ImportError: no module named 'csi'"


def test_a_missing_name_of_sensor_is_said_of_csi(tmp_path: Path) -> None:
    failure = run(tmp_path, "import sensor\nsensor.nothing", release="5.0.0").failure
    assert failure is not None
    assert failure.text == "AttributeError: module 'csi' has no attribute 'nothing'"
