"""``omvsim gate init``: a policy that passes today."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from omvsim import models
from omvsim.cli.exit_codes import ExitCode
from omvsim.gate import load_policy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Gate = Callable[..., object]


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "new"
    (folder / "nets").mkdir(parents=True)
    (folder / "nets" / "tiny [v1].tflite").write_bytes(models.make("tiny-conv"))
    (folder / "nets" / "lstm.tflite").write_bytes(models.make("lstm"))
    monkeypatch.chdir(folder)
    return folder


def test_writes_a_policy_that_passes(empty: Path, gate: Gate) -> None:
    done = gate("init", "--firmware", "4.5.5,4.8.1")
    assert (done.code, done.err) == (0, "")
    assert done.out == "wrote omvsim.toml: 3 entries; run 'omvsim gate' to check them\n"
    checked = gate()
    assert checked.code == 0
    assert "4 checked: 3 passed, 1 not running (1 as a warning)" in checked.out
    raw = tomllib.loads((empty / "omvsim.toml").read_text(encoding="utf-8"))
    assert raw["defaults"] == {"firmware": ["4.5.5", "4.8.1"]}
    lstm, refused, tiny = raw["gate"]
    assert lstm["firmware"] == ["4.8.1"]
    assert refused == {
        "name": "nets/lstm.tflite (does not run today)",
        "models": "nets/lstm.tflite",
        "firmware": ["4.5.5"],
        "severity": "warning",
    }
    # 30 644 on 4.8.1 is more than on 4.5.5; 10 % more, to the KiB below.
    assert tiny["budget"]["arena"] == "32K"
    assert tiny["budget"]["file_size"] == 10860
    assert "# 4.5.5: OSError: AllocateTensors() failed!" in (empty / "omvsim.toml").read_text(encoding="utf-8")


def test_no_margin_is_today_s_figure_exactly(empty: Path, gate: Gate) -> None:
    assert gate("init", "nets/t*.tflite", "--margin", "0%").code == 0
    assert load_policy(empty / "omvsim.toml").entries[0].limits[0].value == 30644
    assert gate("--quiet").code == 0
    (empty / "nets" / "tiny [v1].tflite").write_bytes(models.make("tiny-conv", size=112))
    assert gate("--quiet").code == ExitCode.GATE_BUDGET


def test_into_a_project_file(empty: Path, gate: Gate) -> None:
    project = empty / "pyproject.toml"
    project.write_text('[project]\nname = "x"\n')
    assert gate("init", "--exclude", "nets/l*", "-o", "pyproject.toml", "--load", "file").code == 0
    raw = tomllib.loads(project.read_text(encoding="utf-8"))
    assert raw["project"] == {"name": "x"}
    assert raw["tool"]["omvsim"]["defaults"] == {"firmware": ["4.8.1"], "load": "file"}
    assert gate("--quiet").code == 0
    done = gate("init", "-o", "pyproject.toml")
    assert (done.code, done.err) == (
        ExitCode.BAD_INPUT,
        "omvsim: pyproject.toml: has a policy already: [tool.omvsim]\n",
    )


def test_every_release(empty: Path, gate: Gate) -> None:
    assert gate("init", "nets/t*", "--firmware", "all", "--board", "openmv-rt1062").code == 0
    assert gate("--quiet").code == 0
    assert load_policy(empty / "omvsim.toml").entries[0].firmware == ()


def test_keeps_what_is_there(empty: Path, gate: Gate) -> None:
    (empty / "omvsim.toml").write_text("# mine\n")
    done = gate("init")
    assert (done.code, done.err) == (
        ExitCode.BAD_INPUT,
        "omvsim: omvsim.toml: exists already (--force replaces it)\n",
    )
    assert (empty / "omvsim.toml").read_text() == "# mine\n"
    assert gate("init", "--force").code == 0


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (("none/*",), "no model matches none/*"),
        (("--firmware", "1.0"), "no firmware '1.0'"),
        (("-o", "pyproject.toml"), "pyproject.toml: no such file"),
        (("--board", "b.toml"), "b.toml: cannot be read"),
    ],
)
def test_wrong(empty: Path, gate: Gate, words: tuple[str, ...], cause: str) -> None:
    done = gate("init", *words)
    assert done.code == ExitCode.BAD_INPUT
    assert cause in done.err
    assert not (empty / "omvsim.toml").exists()


def test_not_a_model(empty: Path, gate: Gate) -> None:
    (empty / "nets" / "bad.tflite").write_bytes(b"no")
    done = gate("init")
    assert done.code == ExitCode.BAD_INPUT
    assert done.err.startswith("omvsim: nets/bad.tflite: ")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("margin", ["ten", "-1", "101"])
def test_margin(empty: Path, gate: Gate, margin: str) -> None:
    assert gate("init", f"--margin={margin}").code == ExitCode.USAGE
