"""Four users with the wheel installed: a hobbyist, a firmware engineer, a CI maintainer, the owner of a camera.

They fetch packages: only with ``OMVSIM_TEST_INSTALL=1``, as ``.ci/run`` sets it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.recorder.test_serial_line import port  # noqa: F401 - a fixture: MicroPython's own build behind a serial port

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not os.environ.get("OMVSIM_TEST_INSTALL"), reason="installs from the network; CI does it"),
]
SCRIPT = """import sensor, ml
sensor.reset()
sensor.set_pixformat(sensor.RGB565)
sensor.set_framesize(sensor.QVGA)
m = ml.Model("/rom/yolo.tflite")
while True:
    o = m.predict([sensor.snapshot()])
"""


class Ended(NamedTuple):
    code: int
    out: str
    err: str


class Desk:
    """A folder in which somebody types ``omvsim …``."""

    def __init__(self, python: Path, folder: Path) -> None:
        self.omvsim = python.with_name("omvsim")
        self.folder = folder

    def type(self, words: str) -> Ended:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        done = subprocess.run(
            ["bash", "-c", f"{self.omvsim} {words}"],
            cwd=self.folder,
            env={**environment, "COLUMNS": "100"},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert "Traceback" not in done.stderr
        return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def desk(user: Path, tmp_path: Path) -> Desk:
    found = Desk(user, tmp_path)
    assert found.type("models make yolov8n-like --size 640 --classes 2 -o yolo.tflite").code == 0
    return found


def test_a_hobbyist_with_a_yolo_model(desk: Desk) -> None:
    """Types what comes to mind, reads what to type, gets a way out and follows it."""
    first = desk.type("yolo.tflite")
    assert first.code == 2
    assert "did you mean 'omvsim run yolo.tflite'?" in first.err
    assert "did you mean 'yolo.tflite'?" in desk.type("run yolo.tflit").err

    fails = desk.type("run yolo.tflite --load file --input callable --keep-output --html page.html")
    assert fails.code == 10
    assert "MemoryError: memory allocation failed, allocating 201600 bytes" in fails.out
    assert "1. Let go of the old output before the next prediction" in fails.out
    assert (desk.folder / "page.html").stat().st_size > 100_000
    assert desk.type("run yolo.tflite --load file --input callable").code == 0  # the way out

    (desk.folder / "main.py").write_text(SCRIPT, encoding="utf-8")
    script = desk.type("exec main.py --frames 3")
    assert script.code == 0
    assert re.search(r"^Rate +a frame in 38\.\d s", script.out, re.MULTILINE)
    assert "Runs on 11 of 17" in desk.type("releases yolo.tflite").out


def test_a_firmware_engineer_choosing_blocks(desk: Desk) -> None:
    """Which area is too small, by how much, what another division gives up; the lines to paste, and that they work."""
    small = "--load file --set 'gc[2].size=4M'"
    edge = desk.type("what-if min yolo.tflite --load file --param 'gc[2].size' --json")
    smallest = json.loads(edge.out)["smallest_bytes"]
    files = "--write-header blocks.h --write-board mine.toml"
    goals = "--must frame=UXGA --must release=4.8.0"
    advice = desk.type(f"what-if recommend yolo.tflite {small} {goals} --pick 2 {files}")
    assert advice.code == 0
    assert "gives up: fb_alloc 10M → 5M" in advice.out
    header = (desk.folder / "blocks.h").read_text(encoding="utf-8")
    assert f"Proposal 2 in boards/OPENMV_RT1060/omv_boardconfig.h:\n{header}" in advice.out
    megabytes = int(re.findall(r"#define OMV_GC_BLOCK2_SIZE +\((\d+)M\)", header)[0])
    assert megabytes << 20 >= smallest
    assert desk.type("run yolo.tflite --load file --board mine.toml").code == 0
    assert desk.type(f"run yolo.tflite {small}").code == 11

    typo = desk.type("what-if min yolo.tflite --param gc2")
    assert typo.code == 3
    assert "near are gc[" in typo.err
    assert len(typo.err) < 300


def test_a_maintainer_of_a_build(desk: Desk) -> None:
    """A policy from today's figures passes; a tighter one fails with the cause, for a person and for programs."""
    assert "did you mean 'init'?" in desk.type("gate --init").err
    assert desk.type("gate init").code == 0
    assert desk.type("gate --update-baseline").code == 0
    policy = desk.folder / "omvsim.toml"
    policy.write_text(re.sub(r"(?m)^arena = .*", 'arena = "64K"', policy.read_text(encoding="utf-8")), encoding="utf-8")
    gate = desk.type("gate --comment comment.md --junit junit.xml --sarif sarif.json --html gate.html")
    assert gate.code == 20
    assert "arena 5 007 748 bytes, at most 65 536: 4 942 212 bytes over" in gate.out
    assert "gate FAILED: 1 checked: 1 over budget" in gate.out
    comment = (desk.folder / "comment.md").read_text(encoding="utf-8")
    assert "[The whole report as a page](gate.html)" in comment
    assert 'failures="1"' in (desk.folder / "junit.xml").read_text(encoding="utf-8")
    assert json.loads((desk.folder / "sarif.json").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert "over budget (line" in desk.type("gate --explain yolo.tflite").out
    assert desk.type("gate | head -1 >/dev/null; exit ${PIPESTATUS[0]}").code == 20


def test_the_owner_of_a_camera(desk: Desk, port: str) -> None:  # noqa: F811 - the fixture of that name
    """Records over a serial line, does not lose it by recording again, and hears why it cannot be compared."""
    desk.type("models make autoencoder -o tiny.tflite")
    gone = desk.type("trace record tiny.tflite --port /dev/no-such-port")
    assert gone.code == 3
    assert "/dev/no-such-port: cannot be opened" in gone.err
    recording = f"trace record tiny.tflite --port {port} --frames 3 --map -o run.jsonl"
    first = desk.type(recording)
    assert first.code == 0
    assert "run.jsonl: complete" in first.err
    again = desk.type(recording)
    assert again.code == 3
    assert "run.jsonl: exists already" in again.err
    compared = desk.type("validate run.jsonl --models .")
    assert compared.code == 1
    assert "not compared: the camera had" in " ".join(compared.out.split())  # it is no camera of this board
    assert desk.type("trace script tiny.tflite --firmware 4.6.20 -o rec.py").code == 0
    assert "/flash/tiny.tflite" in (desk.folder / "rec.py").read_text(encoding="utf-8")
