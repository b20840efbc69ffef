"""The boards beside the RT1062: their maps add up, facts reach scripts and models, and what is unknown is said."""

from __future__ import annotations

import ast
import itertools
import json
from typing import TYPE_CHECKING

import pytest

from omvsim import models
from omvsim.api import run
from omvsim.boards import UmaFlag, list_boards, load_board
from omvsim.cli import main
from omvsim.cli.exit_codes import ExitCode
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.boards import BoardInfo

K, M = 1024, 1024 * 1024
OTHERS = [info for info in list_boards() if not info.name.startswith("openmv-rt1062")]
RELEASES = [(info.name, version) for info in OTHERS for version in info.releases]

# Sizes as the headers at the tags state them: OMV_GC_BLOCKn_SIZE (OMV_HEAP_SIZE up to 4.5.5), OMV_FB_SIZE and
# OMV_FB_ALLOC_SIZE, OMV_UMA_BLOCKn_SIZE.
HEAPS = {
    ("openmv-h7", "4.5.5"): [228 * K],
    ("openmv-h7", "4.8.1"): [64 * K, 267 * K],
    ("openmv-h7", "5.0.0"): [64 * K, 264 * K],
    ("openmv-h7-plus", "4.5.0"): [240 * K],
    ("openmv-h7-plus", "4.8.1"): [239 * K, 4 * M],
    ("openmv-pure-thermal", "5.0.0"): [240 * K, 8 * M],
    ("arduino-nicla-vision", "4.5.9"): [32 * K, 63 * K, 276 * K],
    ("arduino-nicla-vision", "5.0.0"): [30 * K, 63 * K, 276 * K],
    ("arduino-portenta-h7", "4.5.9"): [192 * K, 2560 * K],
    ("arduino-portenta-h7", "4.6.0"): [176 * K, 2560 * K],
    ("arduino-giga", "4.8.1"): [256 * K, 2560 * K],
    ("openmv-n6", "5.0.0"): [1 * M, 24 * M],
    ("openmv-ae3", "4.8.1"): [4 * M],
}
FRAMES = {
    ("openmv-h7", "4.5.5"): (400 * K, 100 * K, 0),
    ("openmv-h7", "4.8.1"): (400 * K, 80 * K, 0),
    ("openmv-h7-plus", "4.5.5"): (20 * M, 11 * M, 496 * K),
    ("openmv-pure-thermal", "4.8.1"): (32 * M, 23 * M, 496 * K),
    ("arduino-nicla-vision", "4.8.1"): (400 * K, 76 * K, 0),
    ("arduino-giga", "4.6.0"): (3 * M, 1 * M, 448 * K),
    ("openmv-ae3", "4.8.1"): (2048 * K, 464 * K, 256 * K),
}
POOLS = {
    "openmv-h7": [(480 * K, UmaFlag(0))],
    "openmv-h7-plus": [(27 * M, UmaFlag(0)), (496 * K, UmaFlag.FAST | UmaFlag.DTCM)],
    "openmv-ae3": [(2512 * K, UmaFlag(0)), (512 * K, UmaFlag.DTCM)],
}


def test_there_are_at_least_seven() -> None:
    assert len(OTHERS) >= 7


@pytest.mark.parametrize(("name", "version"), RELEASES)
def test_memories_add_up(name: str, version: str) -> None:
    board = load_board(name, version)
    for memory in board.memories:
        parts = board.regions_in(memory.name)
        assert parts[0].origin == memory.origin
        assert all(before.end == after.origin for before, after in itertools.pairwise(parts))
        assert parts[-1].end == memory.end
    assert not board.measured
    assert board.notes


@pytest.mark.parametrize(("where", "areas"), HEAPS.items())
def test_heap_areas(where: tuple[str, str], areas: list[int]) -> None:
    assert [area.length for area in load_board(*where).gc_areas] == areas


@pytest.mark.parametrize(("where", "sizes"), FRAMES.items())
def test_frame_buffers(where: tuple[str, str], sizes: tuple[int, int, int]) -> None:
    board = load_board(*where)
    found = (board.frame_buffer, board.fb_alloc, board.overlay)
    assert tuple(region.size if region is not None else 0 for region in found) == sizes


@pytest.mark.parametrize(("name", "pools"), POOLS.items())
def test_pools_of_5_0_0(name: str, pools: list[tuple[int, UmaFlag]]) -> None:
    assert [(pool.length, pool.flags) for pool in load_board(name, "5.0.0").uma_pools] == pools


def test_the_portentas_shared_memory_fills_what_its_heap_leaves() -> None:
    """176K and 64K of 240K: a section's padding counts from its own start."""
    board = load_board("arduino-portenta-h7", "4.8.1")
    shared = board.region("openamp")
    assert shared is not None
    assert (shared.size, shared.end) == (64 * K, board.memory("SRAM1").end)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "tiny.tflite"
    path.write_bytes(models.make("tiny-conv"))
    return path


@pytest.mark.parametrize("info", OTHERS, ids=lambda info: info.name)
def test_a_model_runs_or_nobody_knows(info: object, model: Path) -> None:
    """N6's firmware has no TensorFlow Lite Micro: that is an unknown with its reason, never a pass."""
    name = info.name  # type: ignore[attr-defined]
    result = run(model, board=name)
    if name == "openmv-n6":
        assert result.verdict is Verdict.UNKNOWN
        assert result.failure is not None
        assert result.failure.text == "ml.Model: this board's runs nothing but what ST's tools compiled for its NPU"
    else:
        assert result.verdict is Verdict.OK
    assert any("boot" in note for note in result.board.notes)


def test_what_is_not_simulated_is_said(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By `run` and by `exec` of the same, and an AE3, whose CPU path is simulated, names its NPU."""
    why = "this board's runs nothing but what ST's tools compiled for its NPU"
    assert main(["run", str(model), "--board", "openmv-n6"]) == 15
    assert f"because ml.Model is not simulated: {why}" in " ".join(capsys.readouterr().out.split())
    script = model.with_name("main.py")
    script.write_text(f"import ml\nml.Model('/rom/{model.name}')\n", encoding="utf-8")
    assert main(["exec", str(script), "--model", str(model), "--board", "openmv-n6"]) == 15
    assert f"ml.Model: {why}" in " ".join(capsys.readouterr().out.split())
    assert main(["run", str(model), "--board", "openmv-ae3"]) == 0
    assert "compiled for the Ethos-U55 NPU, whose operator and buffers are not simulated" in " ".join(
        capsys.readouterr().out.split()
    )


@pytest.mark.parametrize(
    ("board", "missing"),
    [
        ("openmv-h7", "[cache] and no [memory.NAME.timing]"),
        ("openmv-n6", "[cache] and no [memory.NAME.timing]"),
        ("openmv-ae3", "[core], no [cache] and no [memory.NAME.timing]"),
    ],
)
def test_times_need_what_the_profile_does_not_have(
    board: str, missing: str, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["time", str(model), "--board", board]) == 3
    error = capsys.readouterr().err
    assert f"omvsim: {board}: the profile has no {missing}, so no time can be modelled" in error
    assert "--profile stm32h743" in error


@pytest.mark.parametrize("info", OTHERS, ids=lambda info: info.name)
def test_releases_of_another_board(info: BoardInfo, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each of its releases has its row, no other has; the N6 runs on none, for nobody knows."""
    assert main(["releases", str(model), "--board", info.name, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["releases"]
    assert [row["firmware"] for row in rows] == list(info.releases)
    assert {row["verdict"] for row in rows} == {"unknown" if info.name == "openmv-n6" else "ok"}
    for row in rows:  # of what is not known there is no figure to trust
        assert row["provenance"] == ("unknown" if row["verdict"] == "unknown" else "assumed")


def _exec(tmp_path: Path, capsys: pytest.CaptureFixture[str], board: str, script: str) -> tuple[int, str]:
    path = tmp_path / "main.py"
    path.write_text(script, encoding="utf-8")
    code = main(["exec", str(path), "--board", board, "--firmware", "4.8.1"])
    return code, capsys.readouterr().out


def test_a_script_is_told_which_board_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = "import sys, omv, os\nprint(sys.platform, omv.board_type(), omv.arch(), os.uname().machine, sep='|')\n"
    assert _exec(tmp_path, capsys, "openmv-h7", script)[1].startswith(
        "pyboard|H7|OMV4 H7 1024|OPENMV4 with STM32H743\n"
    )
    assert _exec(tmp_path, capsys, "openmv-ae3", script)[1].startswith("alif|AE3|OPENMV AE3|")


@pytest.mark.parametrize("module", ["machine", "network", "pyb"])
def test_a_module_that_is_not_simulated_there_is_an_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], module: str
) -> None:
    code, out = _exec(tmp_path, capsys, "openmv-h7", f"import {module}\nprint({module}.freq)\n")
    assert code == ExitCode.UNKNOWN
    assert f"not modelled: {module}.freq" in out


def test_a_module_that_is_not_there_is_an_import_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "ImportError: no module named 'mimxrt'" in _exec(tmp_path, capsys, "openmv-h7", "import mimxrt\n")[1]


def test_a_function_that_its_firmware_leaves_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = "import image\nimg = image.Image(8, 8, image.GRAYSCALE)\nimg.bilateral(1)\n"
    out = _exec(tmp_path, capsys, "arduino-giga", script)[1]
    assert "This function is unavailable on your OpenMV Cam." in out
    assert "unavailable" not in _exec(tmp_path, capsys, "openmv-h7", script)[1]


TAGS = "import image\nprint([name for name in dir(image) if name.startswith('TAG')])\n"


@pytest.mark.parametrize(
    ("board", "firmware", "families"),
    [
        ("openmv-rt1062", "4.8.1", ["TAG16H5", "TAG25H7", "TAG25H9", "TAG36H10", "TAG36H11"]),
        ("openmv-h7", "4.5.8", ["TAG16H5", "TAG25H7", "TAG25H9", "TAG36H10", "TAG36H11"]),
        ("openmv-h7", "4.5.9", ["TAG36H11"]),
        ("openmv-h7-plus", "4.8.1", ["TAG36H11"]),
        ("openmv-pure-thermal", "4.6.20", ["TAG36H11"]),
        ("arduino-giga", "5.0.0", ["TAG36H11"]),
        ("openmv-n6", "5.0.0", ["TAG36H11"]),
        ("openmv-ae3", "4.8.1", ["TAG36H11"]),
        ("openmv-ae3", "5.0.0", ["TAG16H5", "TAG25H9", "TAG36H10", "TAG36H11"]),
    ],
)
def test_families_of_tags(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], board: str, firmware: str, families: list[str]
) -> None:
    """imlib_config.h of each board: from 4.5.9 on a firmware has those that it is built with."""
    path = tmp_path / "main.py"
    path.write_text(TAGS, encoding="utf-8")
    main(["exec", str(path), "--board", board, "--firmware", firmware])
    printed = capsys.readouterr().out.partition("\n")[0]
    assert sorted(ast.literal_eval(printed)) == families


def test_a_family_that_is_left_out_costs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Asked by its number it is passed over, and no table of its codes is made: 5.0.0 makes one a family."""
    script = "import image\nimg = image.Image(64, 64, image.GRAYSCALE)\nprint(len(img.find_apriltags(families=4)))\n"
    path = tmp_path / "main.py"
    path.write_text(script, encoding="utf-8")
    asked = {}
    for board in ("openmv-n6", "openmv-ae3"):
        assert main(["exec", str(path), "--board", board, "--firmware", "5.0.0", "--json"]) == 0
        outside = json.loads(capsys.readouterr().out)["outside"]["uma"]
        asked[board] = sum(pool["peak_bytes"] for pool in outside if pool["memory"] == "DTCM")
    codes = 2320  # of TAG36H10 (tag36h10.c)
    assert asked["openmv-n6"] < 1024 < 8 * codes < asked["openmv-ae3"]


SENSOR = "import sensor\nsensor.reset()\nsensor.set_pixformat(sensor.{})\nsensor.set_framesize(sensor.{})\n"
SEEN = SENSOR + "img = sensor.snapshot()\nprint(img.width(), img.height())\n"


@pytest.mark.parametrize(
    ("board", "kind", "size", "printed"),
    [
        ("openmv-h7", "RGB565", "QVGA", "320 240"),
        ("openmv-h7", "RGB565", "SVGA", "RuntimeError: Sensor control failed."),
        ("openmv-h7-plus", "RGB565", "SVGA", "800 600"),
        ("arduino-portenta-h7", "RGB565", "QVGA", "RuntimeError: Sensor control failed."),
        ("arduino-portenta-h7", "GRAYSCALE", "VGA", "RuntimeError: Sensor control failed."),
        ("arduino-portenta-h7", "GRAYSCALE", "QVGA", "320 240"),
        ("openmv-ae3", "RGB565", "QVGA", "320 200"),
        ("openmv-ae3", "RGB565", "QQVGA", "RuntimeError: Sensor control failed."),
    ],
)
def test_the_sensor_takes_what_its_driver_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], board: str, kind: str, size: str, printed: str
) -> None:
    assert printed in _exec(tmp_path, capsys, board, SEEN.format(kind, size))[1]


def test_when_pictures_of_another_sensor_come_is_not_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = SENSOR.format("GRAYSCALE", "QVGA")
    assert "OV7725 come is not known" in _exec(tmp_path, capsys, "openmv-h7", script + "sensor.snapshot()\n")[1]
    code, out = _exec(
        tmp_path,
        capsys,
        "openmv-h7",
        script + "sensor.set_auto_exposure(False, exposure_us=5000)\nprint(sensor.get_exposure_us())\n",
    )
    assert code == ExitCode.UNKNOWN
    assert "the timing of this board's sensor, OV7725, is not modelled" in out


HELD = """
import gc
gc.collect()
before = gc.mem_alloc()
kept = [0] * 8
after = gc.mem_alloc()
x = 1.5
for i in range(8):
    x = x * 1.5
    kept[i] = x
print(gc.mem_alloc() - after)
"""


def test_floats_are_part_of_a_word_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Representation C: no block a float (py/obj.h); on the RT1062 each of eight floats has one."""
    there = int(_exec(tmp_path, capsys, "openmv-h7", HELD)[1].splitlines()[0])
    here = int(_exec(tmp_path, capsys, "openmv-rt1062", HELD)[1].splitlines()[0])
    assert there == 0
    assert here >= 8 * 16


@pytest.mark.parametrize(
    ("firmware", "printed"),
    [("4.7.0", "0.3333332"), ("4.8.1", "0.3333333")],
)
def test_their_last_bits_are_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], firmware: str, printed: str
) -> None:
    """A third is 0x3eaaaaab: without its last two bits 0x3eaaaaa8; from 1.26 on read as 0x3eaaaaaa."""
    path = tmp_path / "main.py"
    path.write_text("print('%.7f' % (1 / 3))\n", encoding="utf-8")
    main(["exec", str(path), "--board", "openmv-h7", "--firmware", firmware])
    assert capsys.readouterr().out.startswith(printed)


def test_no_time_is_claimed(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No wait states are published for these boards."""
    assert main(["run", str(model), "--board", "openmv-h7", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["ms_per_frame"] is None
    assert any("boot" in note for note in values["notes"])
