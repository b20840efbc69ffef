"""Whatever is wrong with what a user gives: one line on stderr that names it, exit code 3, no traceback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from omvsim.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Outcome

    Run = Callable[..., Outcome]


def assert_one_line(done: Outcome, *words: str) -> None:
    assert done.code == ExitCode.BAD_INPUT
    assert done.out == ""
    assert done.err.startswith("omvsim: ")
    assert done.err.count("\n") == 1, done.err
    for word in words:
        assert word in done.err


@pytest.fixture
def tiny(model_files: Path) -> Path:
    return model_files / "tiny-conv.tflite"


def test_no_such_model(omvsim: Run, tmp_path: Path) -> None:
    assert_one_line(omvsim("run", tmp_path / "none.tflite"), "none.tflite")


@pytest.mark.parametrize("content", [b"", b"TFL3", b"\x89PNG\r\n\x1a\n" * 20, bytes(4096)])
def test_not_a_model(omvsim: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.tflite"
    path.write_bytes(content)
    assert_one_line(omvsim("run", path), "m.tflite")


def test_cut_off_model(omvsim: Run, tmp_path: Path, tiny: Path) -> None:
    path = tmp_path / "half.tflite"
    path.write_bytes(tiny.read_bytes()[:5000])
    assert_one_line(omvsim("run", path), "half.tflite")


def test_a_folder_is_no_model(omvsim: Run, tmp_path: Path) -> None:
    assert_one_line(omvsim("run", tmp_path), str(tmp_path))


def test_unknown_board(omvsim: Run, tiny: Path) -> None:
    assert_one_line(omvsim("run", tiny, "--board", "openmv-rt1060"), "openmv-rt1060", "openmv-rt1062")


def test_unknown_release(omvsim: Run, tiny: Path) -> None:
    assert_one_line(omvsim("run", tiny, "--firmware", "4.8.2"), "4.8.2", "4.8.1")


@pytest.mark.parametrize(
    ("words", "area"),
    [
        (["--gc", "64,272,8M"], "omvsim: --gc 64,272,8M: gc[0] of 64 bytes"),
        (["--gc", "64K,10"], "gc[1] of 10 bytes"),
        (["--gc", "66@0x60000000"], "gc[0] of 66 bytes"),
        (["--set", "gc[2].size=40"], "omvsim: --set gc[2].size=40: gc[2] of 40 bytes"),
        (["--set", "gc[0].size=1"], "gc[0] of 1 bytes"),
    ],
)
def test_a_forgotten_unit(omvsim: Run, tiny: Path, words: list[str], area: str) -> None:
    assert_one_line(omvsim("run", tiny, *words), area, "K or M")


def test_the_smallest_areas_there_can_be(omvsim: Run, tiny: Path) -> None:
    """96 bytes (the first) and 128 (with a descriptor) hold a few blocks, so the firmware's own start fails."""
    assert omvsim("run", tiny, "--gc", "96@0x60000000", "--no-advice").code == ExitCode.MEMORY_ERROR


@pytest.mark.parametrize("value", ["all", "0x", "", "1..", "callable"])
def test_a_sweep_over_what_is_no_size_has_rows_that_say_so(omvsim: Run, tiny: Path, tmp_path: Path, value: str) -> None:
    matrix = tmp_path / "m.toml"
    matrix.write_text(f'[vary]\n"gc[2].size" = ["{value}"]\n')
    done = omvsim("what-if", "sweep", tiny, "--matrix", matrix)
    assert (done.code, done.err) == (ExitCode.OK, "")
    row = json.loads(done.out)
    assert row["verdict"] == "bad_input"
    assert f"gc[2].size cannot be {value!r}" in row["error"]


@pytest.mark.parametrize("bounds", ["1..100", "1..2", "100..101"])
def test_bounds_closer_than_a_step(omvsim: Run, tiny: Path, bounds: str) -> None:
    done = omvsim("what-if", "min", tiny, "--param", "gc[2].size", "--range", bounds)
    assert (done.code, done.err) == (ExitCode.OK, "")


PROFILE = """
name = "p"
clock_hz = 1000000
cache = { line_bytes = 32, data_bytes = 4096, data_ways = 4 }
[memory.flash]
load_line = [1, 2, 3]
store_line = [1, 2, 3]
write_back = [1, 2, 3]
provenance = "assumed"
source = "made up"
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("data_bytes = 4096", "data_bytes = 1e400"),
        ("data_bytes = 4096", "data_bytes = 16"),
        ("data_ways = 4", "data_ways = '4G'"),
        ("line_bytes = 32", "line_bytes = 0"),
        ("line_bytes = 32", "line_bytes = true"),
        ("clock_hz = 1000000", "clock_hz = 0"),
        ("clock_hz = 1000000", "clock_hz = inf"),
        ("load_line = [1, 2, 3]", "load_line = [1, 2, inf]"),
        ("load_line = [1, 2, 3]", "load_line = [1, nan, 3]"),
        ("cache = {", "cache = 5 # {"),
        ('name = "p"', 'name = "p"\ncore = 5'),
    ],
)
def test_wrong_timing_profile(omvsim: Run, tiny: Path, tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(PROFILE.replace(old, new))
    assert path.read_text() != PROFILE
    assert_one_line(omvsim("time", tiny, "--profile", path), "p.toml")


@pytest.mark.parametrize("areas", ["", "64X", "64K,,8M", "64K@nowhere", "0", "-1", "64K@0x20280000,64K@0x20280000"])
def test_wrong_areas(omvsim: Run, tiny: Path, areas: str) -> None:
    assert_one_line(omvsim("run", tiny, f"--gc={areas}"))


@pytest.mark.parametrize("setting", ["gc[2].size", "nonsense=1", "gc[2].size=big", "gc[9].size=1M"])
def test_wrong_board_value(omvsim: Run, tiny: Path, setting: str) -> None:
    assert_one_line(omvsim("run", tiny, "--set", setting), setting.partition("=")[0])


def test_unknown_scenario(omvsim: Run, tiny: Path) -> None:
    assert_one_line(omvsim("run", tiny, "--scenario", "lunch"), "lunch", "load-and-predict")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("# options\nA = 1\n", "line 1 begins a block of options that does not end"),
        ("# options\nA = f()\n# end of options\n", "line 2 is no option"),
        ("# options\nA = 1\n# end of options\nif A\n", "line 4"),
        ("# options\nA = 1\n# end of options\nif A < 2:\n    pass\n", "line 4"),
        ("# firmware: 9.9\n", "9.9"),
        ("# board: nowhere\n", "nowhere"),
        ("# models: gone.tflite\n", "gone.tflite"),
    ],
)
def test_wrong_scenario_file(omvsim: Run, tiny: Path, tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "story.py"
    path.write_text(text)
    assert_one_line(omvsim("run", tiny, "--scenario", path), named)


def test_scenario_of_steps(omvsim: Run, tiny: Path, tmp_path: Path) -> None:
    path = tmp_path / "story.toml"
    path.write_text('title = "t"\n')
    assert_one_line(omvsim("run", tiny, "--scenario", path), "story.toml", "a scenario is a script")


def test_an_option_that_the_script_does_not_have(omvsim: Run, tiny: Path, tmp_path: Path) -> None:
    path = tmp_path / "story.py"
    path.write_text("import ml\n")
    assert_one_line(omvsim("run", tiny, "--scenario", path, "--loops", "3"), "no option LOOPS", "--loops")


def test_scenario_that_is_no_text(omvsim: Run, tiny: Path, tmp_path: Path) -> None:
    path = tmp_path / "story.py"
    path.write_bytes(b"\xff\xfe\x00")
    assert_one_line(omvsim("run", tiny, "--scenario", path), "story.py")


def test_missing_labels(omvsim: Run, tiny: Path, tmp_path: Path) -> None:
    assert_one_line(omvsim("run", tiny, "--labels", tmp_path / "labels.txt"), "labels.txt")


def test_trace_that_cannot_be_written(omvsim: Run, tiny: Path, tmp_path: Path) -> None:
    assert_one_line(omvsim("run", tiny, "--trace", tmp_path / "no" / "trace.jsonl"), "trace.jsonl")


def test_board_file_that_is_wrong(omvsim: Run, tiny: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('extends = "openmv-rt1062"\ncolour = "red"\n')
    assert_one_line(omvsim("run", tiny, "--board", path), "mine.toml", "colour")


@pytest.mark.parametrize("words", [[], ["fly"], ["run"], ["run", "m", "--loops", "0"], ["run", "m", "--load", "sd"]])
def test_wrong_command_line(omvsim: Run, words: list[str]) -> None:
    done = omvsim(*words)
    assert done.code == ExitCode.USAGE
    assert "usage: omvsim" in done.err
    assert "Traceback" not in done.err


def test_detections_that_nothing_finds(omvsim: Run, tiny: Path) -> None:
    assert_one_line(omvsim("run", tiny, "--detections", "3"), "--detections", "--postprocess")


def test_a_folder_is_no_scenario(omvsim: Run, tmp_path: Path, tiny: Path) -> None:
    done = omvsim("run", tiny, "--scenario", tmp_path)
    assert_one_line(done, str(tmp_path), "a folder")
    assert "no such file" not in done.err


def test_a_release_that_is_not_there_names_the_board_as_it_was_given(omvsim: Run, tiny: Path) -> None:
    done = omvsim("run", tiny, "--firmware", "9.9")
    assert_one_line(done, "openmv-rt1062: no firmware '9.9'")
    assert ".toml" not in done.err


def test_a_folder_of_times_is_named_once(omvsim: Run, tmp_path: Path) -> None:
    done = omvsim("calibrate", tmp_path)
    assert_one_line(done, str(tmp_path), "cannot be read")
    assert done.err.count(str(tmp_path)) == 1
    assert "Errno" not in done.err


@pytest.mark.parametrize("name", ["nope.jpg", "nope.npy"])
def test_an_input_that_is_not_there_is_named_before_a_runtime_is_missed(
    omvsim: Run, tmp_path: Path, tiny: Path, name: str
) -> None:
    assert_one_line(omvsim("run", tiny, "--input", tmp_path / name), name, "no such file")
