"""One camera script on every release."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from omvsim import models
from omvsim.boards import load_board, releases
from omvsim.capture import capture_releases, read_capture
from omvsim.cli import main
from omvsim.graph import read_model
from omvsim.releases import FRAMES, ReleaseSummary, ScriptSummary, changes, compare_releases, compare_script
from omvsim.runs import ScriptOptions, run_script

if TYPE_CHECKING:
    from pathlib import Path

LOADS = 'import ml\nmodel = ml.Model("/rom/m.tflite")\nprint(model.ram)\n'
TAKES = """import sensor
sensor.reset()
sensor.set_pixformat(sensor.GRAYSCALE)
sensor.set_framesize(sensor.QQVGA)
frames = 0
while True:
    img = sensor.snapshot()
    frames += 1
    print("frame", frames)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("scripts")
    (made / "m.tflite").write_bytes(models.make("tiny-conv"))
    (made / "loads.py").write_text(LOADS)
    (made / "takes.py").write_text(TAKES)
    (made / "large.py").write_text("held = bytearray(400000)\n")
    (made / "pyb.py").write_text("import cryptolib\ncryptolib.aes(1)\n")
    return made


def rows_of(folder: Path, name: str) -> dict[str, ScriptSummary]:
    options = ScriptOptions(frames=FRAMES, models=(folder / "m.tflite",), echo=True)
    return {row.firmware: row for row in compare_script(folder / name, options)}


def test_a_script_for_ml_runs_where_there_is_ml(folder: Path) -> None:
    rows = rows_of(folder, "loads.py")
    assert list(rows) == list(releases())
    for firmware, row in rows.items():
        module = load_board(firmware=firmware).release.module
        if module == "tf":
            assert (row.verdict, row.line) == ("other_error", 1)
            assert row.exception == "ImportError: no module named 'ml'"
            assert row.free_at_end is None
    assert rows["4.8.1"].verdict == "ok"
    assert rows["4.6.20"].exception == "OSError: Could not find the path"  # no ROM file system before 4.7.0


def test_each_release_says_what_exec_says_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two ways to the same figures; and nothing of a script's output is shown."""
    options = ScriptOptions(frames=FRAMES, models=(folder / "m.tflite",))
    for firmware, row in rows_of(folder, "takes.py").items():
        alone = run_script(folder / "takes.py", load_board(firmware=firmware), options)
        assert (row.verdict, row.outcome) == (str(alone.verdict), "frames done")
        end = alone.snapshot
        assert (row.free_at_end, row.longest_free_at_end) == (end.free_collected, end.longest_collected)
        assert row.provenance == str(alone.provenance)
    assert capsys.readouterr().out == ""


def test_what_changed_is_that_of_the_boards(folder: Path) -> None:
    rows = rows_of(folder, "large.py")
    assert rows["4.5.0"].changes == ()
    assert rows["4.8.0"].changes == changes(load_board(firmware="4.7.0"), load_board(firmware="4.8.0"))
    assert rows["4.5.5"].exception == "MemoryError: memory allocation failed, allocating 400000 bytes"
    assert (rows["4.5.6"].verdict, rows["4.5.6"].line) == ("ok", None)  # the heap reaches into SDRAM from there on


def test_what_is_not_known_says_what(folder: Path) -> None:
    row = rows_of(folder, "pyb.py")["4.8.1"]
    assert (row.verdict, row.exception, row.free_at_end) == ("unknown", None, None)
    assert row.reason is not None
    assert "cryptolib" in row.reason


def test_the_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["releases", str(folder / "loads.py"), "--model", str(folder / "m.tflite")]
    assert main(words) == 0
    lines = capsys.readouterr().out.splitlines()
    old = next(line for line in lines if line.startswith("4.5.5 "))
    assert old.split()[:1] + old.split()[2:4] == ["4.5.5", "(modelled)", "1"]
    assert "  4.5.0 to 4.5.5: ImportError: no module named 'ml'" in lines
    assert lines[-1] == "Runs on 4 of 17; no: 4.5.0 to 4.6.20, yes: 4.7.0 to 5.0.0"
    assert "What changed:" in [line.strip() for line in lines]
    assert main([*words, "--load", "file", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["script"], found["frames"]) == (str(folder / "loads.py"), FRAMES)
    assert [row["firmware"] for row in found["releases"]] == list(releases())


def test_files_that_cannot_be_used_leave_the_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "broken.py").write_text("def\n")
    missing = folder / "missing.py"
    assert main(["releases", str(missing), str(folder / "large.py"), str(folder / "m.tflite"), "--json"]) == 3
    captured = capsys.readouterr()
    assert captured.err.startswith(f"omvsim: {missing}: ")
    assert captured.err.count("\n") == 1
    assert [json.loads(line)["schema"] for line in captured.out.splitlines()] == [
        "omvsim.releases.script",
        "omvsim.releases",
    ]
    assert main(["releases", str(folder / "broken.py")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "  4.5.0 to 5.0.0: SyntaxError: invalid syntax" in lines
    assert lines[-1] == f"Runs on 0 of {len(releases())}; no: 4.5.0 to 5.0.0"


def test_a_page_of_scripts_and_models(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept, page = tmp_path / "r.omv", tmp_path / "r.html"
    paths = [str(folder / name) for name in ("m.tflite", "large.py", "takes.py")]
    assert main(["releases", *paths, "-o", str(kept), "--html", str(page)]) == 0
    document = read_capture(kept).document
    assert (document.title, document.verdict.sentence) == (
        "3 models and scripts",
        "3 models and scripts, each on every release",
    )
    assert [table.key for table in document.tables] == ["script-releases", "script-releases-1", "releases"]
    assert page.read_text().count("on every release</h3>") == 3
    assert "large.py on every release" in " ".join(capsys.readouterr().out.split())


def test_one_script_says_where_it_runs(folder: Path) -> None:
    document = capture_releases([("large.py", tuple(rows_of(folder, "large.py").values()))], "a camera").document
    assert dict(document.verdict.reasons) == {"large.py": "runs on 4.5.6-dev to 5.0.0"}
    assert [tile.title for tile in document.tiles][1:] == ["Free at the end on 5.0.0", "Longest free run on 5.0.0"]
    model = compare_releases(read_model(folder / "m.tflite"))
    both = [("m", tuple(map(ReleaseSummary.of, model))), ("large.py", tuple(rows_of(folder, "large.py").values()))]
    assert [len(table.rows) for table in capture_releases(both, "a camera").document.tables] == [len(releases())] * 2
