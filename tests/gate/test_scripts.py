"""Camera scripts as entries of a gate: what ``exec`` says of them, held against budgets."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.boards import load_board
from omvsim.cli import main
from omvsim.gate import GateOptions, run_gate
from omvsim.runs import ScriptOptions, run_script

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GROWS = """import sensor, ml
sensor.reset()
sensor.set_pixformat(sensor.GRAYSCALE)
sensor.set_framesize(sensor.QQVGA)
model = ml.Model("/rom/person.tflite")
kept = []
while True:
    img = sensor.snapshot()
    model.predict([img])
    kept.append(bytes(1000))
"""
TOO_MUCH = "import ml\nmodel = ml.Model('person.tflite')\nx = bytearray(9000000)\n"
POLICY = """[defaults]
budget.arena = "1"
[[gate]]
name = "application"
scripts = "*.py"
models = "models/person.tflite"
frames = 8
"""


@pytest.fixture
def application(project: Path) -> Path:
    (project / "main.py").write_text(GROWS)
    return project


def policy(folder: Path, more: str = "", budget: str = "") -> Path:
    path = folder / "scripts.toml"
    path.write_text(f"{POLICY}{more}\n[gate.budget]\n{budget}\n")
    return path


def results(path: Path) -> list[Any]:
    report = run_gate(GateOptions(policy=path, workers=1))
    assert report.problem is None, report.problem
    return list(report.results)


def test_figures_are_what_exec_says(application: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (result,) = results(policy(application))
    figures = {figure.key: figure for figure in result.figures}
    assert main(["exec", "main.py", "--model", "models/person.tflite", "--frames", "8", "--quiet", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (result.job.model, result.verdict) == ("main.py", "ok")
    total = figures["headroom.total"]
    assert total.whole - total.value == told["heap"]["used_after_collect_bytes"]
    assert figures["garbage_per_frame"].value == told["loop"]["garbage_bytes_per_frame"]
    areas = [figure for key, figure in figures.items() if key.startswith("headroom.gc")]
    assert sum(figure.value for figure in areas) == total.value
    assert sum(figure.whole for figure in areas) == total.whole
    assert figures["time_ms"].value == told["loop"]["rate"]["frame_ms"][2]
    assert "arena" not in figures


def test_the_longest_run_counts_garbage(application: Path) -> None:
    (application / "main.py").write_text("x = bytearray(8190000)\nx = None\n")
    (result,) = results(policy(application))
    figures = {figure.key: figure.value for figure in result.figures}
    ran = run_script(application / "main.py", load_board("openmv-rt1062"), ScriptOptions(frames=8))
    assert figures["longest_free"] == ran.snapshot.longest_free < 300_000
    assert ran.snapshot.longest_collected > 8_000_000


@pytest.mark.parametrize(
    ("budget", "code", "says"),
    [
        ('headroom = "6M"', 0, "passed"),
        ('headroom.gc1 = "270K"', 20, "what the script holds grows by 1 0"),
        ('garbage_per_frame = "16"', 20, "main.py:"),
        ("time_ms = 0.001", 20, "time_ms"),
        ('longest_free = "9M"', 20, "longest_free"),
        ('headroom.gc3 = "1K"', 3, "firmware 4.8.1 has no GC area gc3"),
        ('headroom = "no-regression"', 3, "no-regression needs a baseline"),
    ],
)
def test_budgets(budget: str, code: int, says: str, application: Path, gate: Callable[..., Any]) -> None:
    done = gate("--policy", policy(application, budget=budget))
    assert done.code == code, done.out
    assert says in done.out + done.err


def test_a_script_that_does_not_run_is_explained(application: Path, gate: Callable[..., Any]) -> None:
    (application / "main.py").write_text(TOO_MUCH)
    done = gate("--policy", policy(application), "--json")
    assert done.code == 21
    (result,) = json.loads(done.out)["results"]
    assert result["message"] == "MemoryError: memory allocation failed, allocating 9000000 bytes"
    assert result["at_fault"].startswith("main.py:3, 9 000 000 bytes asked for, the longest free run is ")


def test_what_is_not_modelled_is_no_pass(application: Path, gate: Callable[..., Any]) -> None:
    (application / "main.py").write_text("import ssl\nssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)\n")
    done = gate("--policy", policy(application))
    assert done.code == 21
    assert "whether it runs is not known" in done.out


def test_a_script_without_a_loop_has_no_frames(application: Path, gate: Callable[..., Any]) -> None:
    (application / "main.py").write_text("x = 1\n")
    done = gate("--policy", policy(application, budget='garbage_per_frame = "1K"'))
    assert done.code == 3
    assert "no loop of the script works on two frames and more" in done.out


def test_exact_figures_can_be_required(application: Path, gate: Callable[..., Any]) -> None:
    (application / "main.py").write_text("x = 1\n")
    path = policy(application, more='require = "exact"')
    assert gate("--policy", path).code == 0
    (application / "main.py").write_text(GROWS)  # a note about when pictures come is none about memory
    assert gate("--policy", path).code == 0
    jpeg = "import image\nimage.Image(32, 32, image.RGB565).compress(quality=50)\n"
    (application / "main.py").write_text(jpeg)  # as large as the host's encoder makes it, and a note says so
    done = gate("--policy", path)
    assert done.code == 20
    assert "exact figures are required" in done.out


def test_an_entry_is_explained(application: Path, gate: Callable[..., Any]) -> None:
    done = gate("--policy", policy(application, budget='garbage_per_frame = "1M"'), "--explain", "application")
    assert done.code == 0
    assert "board openmv-rt1062, run as it is, 8 frames" in " ".join(done.out.split())
    assert "main.py:10" in done.out


def test_a_baseline_knows_scripts(application: Path, gate: Callable[..., Any]) -> None:
    path = policy(application, more='new_models = "fail"')
    assert gate("--policy", path, "--update-baseline").code == 0
    assert gate("--policy", path).code == 0
    (application / "second.py").write_text("x = 1\n")
    done = gate("--policy", path)
    assert done.code == 20
    assert "second.py on 4.8.1: the baseline does not have this script" in done.out
    (application / "second.py").unlink()
    (application / "main.py").write_text(GROWS.replace("bytes(1000)", "bytes(2000)"))
    assert "garbage_per_frame" in gate("--policy", path, "--json").out
    assert gate("--policy", policy(application, budget='headroom = "no-regression"')).code == 20


@pytest.mark.parametrize(
    ("more", "budget", "cause"),
    [
        ('load = "rom"', "", "gate[1].load: a script says that itself"),
        ('scenario = "load-and-predict"', "", "gate[1].scenario: a script says that itself"),
        ("", 'arena = "1K"', "gate[1].budget.arena: is a model's, which has an entry of its own; not a script's"),
        (
            "",
            'longest_free = { min = "1K", after_frames = 3 }',
            "gate[1].budget.longest_free.after_frames: of a script it is known at its end only",
        ),
    ],
)
def test_what_is_no_scripts_is_refused(
    more: str, budget: str, cause: str, application: Path, gate: Callable[..., Any]
) -> None:
    done = gate("--policy", policy(application, more, budget))
    assert done.code == 3
    assert cause in done.out + done.err


def test_an_entry_is_about_something(application: Path, gate: Callable[..., Any]) -> None:
    path = application / "nothing.toml"
    path.write_text("[[gate]]\nname = 'nothing'\n")
    done = gate("--policy", path)
    assert done.code == 3
    assert "gate[1].models: missing (or scripts)" in done.out + done.err
    path.write_text("[[gate]]\nscripts = 'none/*.py'\n")
    done = gate("--policy", path)
    assert done.code == 3
    assert "no script matches none/*.py" in done.out + done.err


def test_what_a_script_finds_beside_it_counts_as_touched(application: Path, gate: Callable[..., Any]) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], check=True, capture_output=True)

    path = policy(application)
    (application / "other").mkdir()
    path.write_text(path.read_text().replace('"*.py"', '"other/*.py"'))
    (application / "other" / "main.py").write_text("x = 1\n")
    git("init")
    git("add", ".")
    git("commit", "-m", "all")
    assert json.loads(gate("--policy", path, "--changed-since", "HEAD", "--json").out)["results"] == []
    (application / "other" / "config.json").write_text("{}")
    (result,) = json.loads(gate("--policy", path, "--changed-since", "HEAD", "--json").out)["results"]
    assert result["model"] == "other/main.py"
