"""Where a model's file is: one default for every command, and no run of a file that the camera cannot have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import omvsim
from omvsim import models
from omvsim.advice import headline_of
from omvsim.boards import load_board, releases
from omvsim.cli import main
from omvsim.cli.exit_codes import ExitCode
from omvsim.firmware import LoadMode, default_load
from omvsim.graph import TensorType, read_model
from omvsim.models.builder import ModelBuilder
from omvsim.releases import ReleaseSummary, compare_releases
from omvsim.whatif import Configuration, Evaluator

if TYPE_CHECKING:
    from pathlib import Path

NO_ROM = ("4.5.0", "4.5.5", "4.5.6", "4.5.9", "4.6.0", "4.6.20")
WITH_ROM = ("4.7.0", "4.8.0", "4.8.1", "5.0.0")


def model_of_size(path: Path, size: int) -> Path:
    """A model of one operator in a file of ``size`` bytes: zeros behind it, which nothing reads."""
    m = ModelBuilder()
    g = m.subgraph()
    x, y = g.input((1, 4), TensorType.FLOAT32), g.tensor((1, 4), TensorType.FLOAT32)
    g.operator("TANH", [x], [y])
    g.output(y)
    path.write_bytes(m.build().ljust(size, b"\0"))
    return path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "net.tflite"
    path.write_bytes(models.make("tiny-conv"))
    return path


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return model_of_size(tmp_path_factory.mktemp("large") / "big.tflite", 10_880_640)


def run_json(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    code = main(["run", *words, "--json", "--no-advice"])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, report


@pytest.mark.parametrize("release", WITH_ROM)
def test_a_model_larger_than_the_rom_never_runs_from_it(release: str, large: Path) -> None:
    result = omvsim.run(large, firmware=release, load="rom")
    assert result.verdict == "no_space"
    assert result.failure is not None
    assert result.failure.step == "load"
    assert result.exception == "OSError: [Errno 2] ENOENT"
    assert "10 880 640 bytes do not fit /rom: it has 8 388 608" in result.failure.reason
    assert result.models == ()


@pytest.mark.parametrize("release", NO_ROM)
def test_without_a_rom_file_system_nothing_is_loaded_from_it(release: str, small: Path) -> None:
    result = omvsim.run(small, firmware=release, load="rom")
    assert (result.verdict, result.exception) == ("no_space", "OSError: Could not find the path")
    assert result.failure is not None
    assert f"firmware {release} has no ROM file system (there is one from 4.7.0 on)" in result.failure.reason
    assert "fomo_face_detection" in result.failure.reason


def test_the_room_beside_the_stock_models_counts(tmp_path: Path) -> None:
    fits, too_large = (
        model_of_size(tmp_path / "fits.tflite", 7_382_000),
        model_of_size(tmp_path / "no.tflite", 7_383_000),
    )
    assert omvsim.run(fits, load="rom").verdict == "ok"
    assert omvsim.run(too_large, load="rom").verdict == "no_space"
    emptied = {"filesystem.rom.emptied": "true"}
    assert omvsim.run(too_large, load="rom", settings=emptied).verdict == "ok"


@pytest.mark.parametrize("load", ["file", "fb"])
def test_what_is_larger_than_the_flash_comes_from_a_card(load: str, small: Path, large: Path) -> None:
    assert omvsim.run(small, load=load).model.path == "/flash/net.tflite"
    result = omvsim.run(large, load=load)
    assert result.model.path == "/sdcard/big.tflite"
    assert result.verdict == ("ok" if load == "fb" else "memory_error")


@pytest.mark.parametrize(
    ("release", "path"), [("4.5.5", "/big.tflite"), ("4.5.8", "/big.tflite"), ("4.6.0", "/sdcard/big.tflite")]
)
def test_up_to_4_5_9_the_card_is_the_root(release: str, path: str, large: Path, tmp_path: Path) -> None:
    """openmv/openmv v4.5.8, ports/mimxrt/main.c: a card is mounted at /; what run writes is what exec can run."""
    result = omvsim.run(large, firmware=release, load="fb")
    assert (result.model.path, result.verdict) == (path, "ok")
    assert "from an SD card" in headline_of(result)[1]
    script = tmp_path / "main.py"
    script.write_text(result.script)
    assert main(["exec", str(script), "--model", str(large), "--firmware", release, "--quiet"]) == ExitCode.OK


@pytest.mark.parametrize("release", ["4.5.5", "4.5.9"])
def test_without_a_slot_the_root_is_the_flash(release: str, large: Path, tmp_path: Path) -> None:
    profile = tmp_path / "slotless.toml"
    profile.write_text('extends = "openmv-rt1062"\ndrop = ["filesystem.sdcard"]\n')
    result = omvsim.run(large, firmware=release, load="fb", board=str(profile))
    assert (result.verdict, result.model.path) == ("no_space", "/big.tflite")


def test_without_a_card_slot_it_does_not_fit(large: Path, tmp_path: Path) -> None:
    profile = tmp_path / "slotless.toml"
    profile.write_text('extends = "openmv-rt1062"\ndrop = ["filesystem.sdcard"]\n')
    result = omvsim.run(large, load="fb", board=str(profile))
    assert result.verdict == "no_space"
    assert result.failure is not None
    assert "do not fit /flash: it has 4 194 304" in result.failure.reason
    assert result.failure.reason.endswith("4 161 536 are free")


def test_a_load_that_the_script_catches_is_no_pass(large: Path, tmp_path: Path) -> None:
    story = tmp_path / "catches.py"
    story.write_text(
        """# t
# options
MODEL = "/rom/model.tflite"
# end of options
import ml
try:
    m = ml.Model(MODEL)  # step: load
except OSError:
    m = None
"""
    )
    assert omvsim.run(large, load="rom", scenario=str(story)).verdict == "no_space"


def test_exit_code_and_text(large: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(large), "--load", "rom", "--no-advice"]) == ExitCode.NO_SPACE
    assert int(ExitCode.NO_SPACE) == 17
    shown = capsys.readouterr().out
    assert "\nDOES NOT FIT: /rom/big.tflite cannot be on the camera" in shown
    assert "RUNS" not in shown
    assert "loaded from ROM" not in shown


def test_json_has_the_verdict_and_no_time(large: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, report = run_json(capsys, str(large), "--load", "rom")
    assert (code, report["verdict"], report["ms_per_frame"], report["load"]) == (17, "no_space", None, "rom")


# -- one default ----------------------------------------------------------------------------------------------------


def test_the_default_is_the_rom_where_there_is_one_and_the_file_fits() -> None:
    for release in releases("openmv-rt1062"):
        board = load_board("openmv-rt1062", release)
        expected = LoadMode.ROM if release in WITH_ROM else LoadMode.FILE
        assert default_load(board, "m.tflite", 5_000_000) is expected
        assert default_load(board, "m.tflite", 9_000_000) is LoadMode.FILE


@pytest.mark.parametrize("release", ["4.5.5", "4.6.20", "4.7.0", "5.0.0"])
def test_every_command_loads_alike(release: str, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = "rom" if release in WITH_ROM else "file"
    assert str(omvsim.run(small, firmware=release).model.mode) == expected
    assert run_json(capsys, str(small), "--firmware", release)[1]["load"] == expected
    rows = [ReleaseSummary.of(row) for row in compare_releases(read_model(small))]
    assert next(row.load for row in rows if row.firmware == release) == expected
    configuration = Configuration(str(small), firmware=release)
    assert str(Evaluator().run(configuration).model.mode) == expected


def test_a_gate_fails_and_says_why(large: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = tmp_path / "omvsim.toml"
    policy.write_text(
        f'[[gate]]\nmodels = "{large.name}"\nload = "rom"\nfirmware = "4.8.1"\nrequire = "exact"\nbudget.arena = "1M"\n'
    )
    (tmp_path / large.name).write_bytes(large.read_bytes())
    assert main(["gate", "--policy", str(policy)]) == ExitCode.GATE_FAILURE
    assert "do not fit /rom" in capsys.readouterr().out


# -- texts ----------------------------------------------------------------------------------------------------------


def first_lines(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    main(["run", *words, "--no-advice"])
    return " ".join("\n".join(capsys.readouterr().out.splitlines()[:4]).split())


def test_the_place_is_named_as_it_is_in_that_release(
    small: Path, large: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "RUNS: loaded from a file," in first_lines(capsys, str(small), "--firmware", "4.6.0")
    assert "RUNS: loaded from ROM," in first_lines(capsys, str(small), "--firmware", "4.7.0")
    assert "RUNS: loaded into the frame buffer," in first_lines(capsys, str(small), "--load", "fb")
    shown = first_lines(capsys, str(small), "--load", "fb", "--firmware", "5.0.0")
    assert "RUNS: loaded from a file (no load_to_fb here)," in shown
    shown = first_lines(capsys, str(large), "--load", "fb")
    assert "RUNS: loaded into the frame buffer on an SD card" not in shown
    assert "loaded into the frame buffer, from an SD card (/flash is too small for it)" in shown


# -- models built into the firmware ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def person_detect(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of the name and the size of the firmware's own: what memory is concerned with, but for the arena."""
    return model_of_size(tmp_path_factory.mktemp("stock") / "person_detect.tflite", 300_568)


@pytest.mark.parametrize("release", ["4.5.6", "4.5.8", "4.6.20"])
def test_a_built_in_model_costs_its_labels_and_no_data_buffer(release: str, person_detect: Path) -> None:
    """List 16, at least four slots of 4, and for each label 16 and its text: asked before the sizing arena."""
    result = omvsim.run(person_detect, firmware=release, load="rom")
    assert result.verdict == "ok"
    assert (result.model.path, result.models[0].data_area) == ("person_detect", "rom")
    load = next(step.index for step in result.steps if step.name == "load")
    owners = [(entry.owner, entry.bytes) for entry in result.allocations if entry.step == load]
    labels = [
        ("labels", 16),
        ("labels", 16),
        ("labels", 16),
        ("labels", 10),
        ("labels", 16),
        ("labels", 7),
    ]
    start = owners.index(labels[0])
    assert owners[start : start + 6] == labels
    assert not any(owner == "labels" for owner, _ in owners[start + 6 :])
    assert not any(owner == "model file data" for owner, _ in owners)


def test_another_model_of_that_name_is_not_the_built_in_one(small: Path, tmp_path: Path) -> None:
    other = tmp_path / "person_detect.tflite"
    other.write_bytes(small.read_bytes())
    result = omvsim.run(other, firmware="4.6.20", load="rom")
    assert result.verdict == "no_space"
    assert result.failure is not None
    assert "another model than this file" in result.failure.reason


def test_text_of_a_built_in_model(person_detect: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = first_lines(capsys, str(person_detect), "--load", "rom", "--firmware", "4.6.20")
    assert "RUNS: the person_detect that is built into the firmware," in shown


# -- profiles nobody measured, and the release a profile names ------------------------------------------------------


@pytest.fixture
def own_board(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text('extends = "openmv-rt1062"\ndefault_firmware = "4.5.9"\n')
    return path


def test_a_profile_nobody_measured_is_assumed(own_board: Path, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["run", str(small), "--board", str(own_board), "--firmware", "4.8.1"])
    shown = " ".join(capsys.readouterr().out.split())
    assert "exact" not in shown
    assert "byte for byte" not in shown
    assert "Figures assumed" in shown
    assert "mine: nobody has measured a camera with this profile" in shown


def test_a_gate_that_wants_exact_figures_refuses_it(own_board: Path, small: Path, tmp_path: Path) -> None:
    (tmp_path / "net.tflite").write_bytes(small.read_bytes())
    policy = tmp_path / "omvsim.toml"
    text = '[[gate]]\nmodels = "net.tflite"\nboard = "{}"\nfirmware = "4.8.1"\nrequire = "exact"\nbudget.arena = "1M"\n'
    policy.write_text(text.format("openmv-rt1062"))
    assert main(["gate", "--policy", str(policy)]) == ExitCode.OK
    policy.write_text(text.format(own_board.name))
    assert main(["gate", "--policy", str(policy)]) == ExitCode.GATE_BUDGET


def test_default_firmware_is_honoured_everywhere(
    own_board: Path, small: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    board = str(own_board)
    assert omvsim.run(small, board=board).board.firmware == "4.5.9"
    assert omvsim.plan(small, board=board).library.name == "libtflm 4da5984"
    assert run_json(capsys, str(small), "--board", board)[1]["firmware"] == "4.5.9"
    assert Configuration(str(small), board=board).firmware == "4.5.9"
    main(["arena", str(small), "--board", board, "--json"])
    assert json.loads(capsys.readouterr().out)["library"] == "libtflm 4da5984"
    script = tmp_path / "main.py"
    script.write_text("print(1)\n")
    main(["exec", str(script), "--board", board, "--json"])
    assert json.loads(capsys.readouterr().out)["firmware"] == "4.5.9"
    (tmp_path / "net.tflite").write_bytes(small.read_bytes())
    (tmp_path / "omvsim.toml").write_text('[[gate]]\nmodels = "net.tflite"\nboard = "mine.toml"\nbudget.arena = "1M"\n')
    main(["gate", "--policy", str(tmp_path / "omvsim.toml"), "--json"])
    assert [job["firmware"] for job in json.loads(capsys.readouterr().out)["results"]] == ["4.5.9"]


# -- other commands -------------------------------------------------------------------------------------------------


def test_releases_say_no_everywhere_where_the_rom_is_asked_for(large: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["releases", str(large), "--load", "rom", "--json"])
    rows = json.loads(capsys.readouterr().out)["releases"]
    assert {row["verdict"] for row in rows} == {"no_space"}
    assert {row["with_load_to_fb"] for row in rows} == {None}
    main(["releases", str(large), "--load", "rom"])
    shown = capsys.readouterr().out
    assert " yes" not in shown
    assert "do not fit /rom" in shown
    assert "has no ROM file system" in shown


def test_releases_by_default_take_what_each_release_can(large: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["releases", str(large), "--json"])
    rows = {row["firmware"]: row for row in json.loads(capsys.readouterr().out)["releases"]}
    assert {row["load"] for row in rows.values()} == {"file"}
    assert rows["5.0.0"]["verdict"] == "ok"
    assert (rows["4.8.1"]["verdict"], rows["4.8.1"]["with_load_to_fb"]) == ("memory_error", "ok")


def test_what_if_finds_no_size_for_it(large: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--param", "gc[2].size", "--range", "6M..8M", "--step", "1M", "--load", "rom", "--json"]
    main(["what-if", "min", str(large), *words])
    report = json.loads(capsys.readouterr().out)
    assert report["smallest_bytes"] is None
    assert {entry["verdict"] for entry in report["ranges"]} == {"no_space"}


def test_the_board_s_own_page_and_json_have_the_file_systems(capsys: pytest.CaptureFixture[str]) -> None:
    main(["boards", "show", "openmv-rt1062", "--firmware", "4.8.1", "--json"])
    report = json.loads(capsys.readouterr().out)
    rom = next(system for system in report["filesystems"] if system["name"] == "rom")
    assert (rom["bytes"], rom["taken_bytes"], rom["free_bytes"]) == (8_388_608, 1_006_388, 7_382_220)
    assert {"name": "person_detect.tflite", "bytes": 300_568} in rom["stock"]
    assert (report["measured"], report["filesystem_since"]["rom"]) == (True, "4.7.0")
    main(["boards", "show", "openmv-rt1062", "--firmware", "4.6.20"])
    shown = capsys.readouterr().out
    assert "/rom     none (from 4.7.0 on)" in shown
    assert "built in fomo_face_detection, person_detect, force_int_quant, opened by name" in shown
