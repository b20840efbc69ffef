"""``--changed-since``: only models that git says were touched."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from omvsim import models
from omvsim.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Gate = Callable[..., object]

POLICY = """\
[[gate]]
name = "all"
models = "models/*.tflite"
exclude = "models/large.tflite"

[[gate]]
name = "loop"
models = "models/person.tflite"
scenario = "scenarios/loop.py"
"""


@pytest.fixture
def repository(project: Path) -> Path:
    (project / "omvsim.toml").write_text(POLICY)
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-qm", "first")
    return project


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


def ran(gate: Gate) -> list[tuple[str, str]]:
    done = gate("--changed-since", "HEAD", "--json")
    assert done.code == 0, done.err
    report = json.loads(done.out)
    return [(result["gate"], result["model"]) for result in report["results"]]


def test_nothing(repository: Path, gate: Gate) -> None:
    assert ran(gate) == []
    done = gate("--changed-since", "HEAD")
    assert (done.code, done.out) == (0, "gate passed: 0 checked; 3 not touched\n")


def test_a_model_changed_and_a_new_one(repository: Path, gate: Gate) -> None:
    (repository / "models" / "fomo.tflite").write_bytes(models.make("fomo-like", seed=3))
    (repository / "models" / "new.tflite").write_bytes(models.make("keyword-spotting"))
    assert ran(gate) == [("all", "models/fomo.tflite"), ("all", "models/new.tflite")]
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "second")
    assert ran(gate) == []
    assert len(json.loads(gate("--changed-since", "HEAD~1", "--json").out)["results"]) == 2


def test_what_a_model_depends_on(repository: Path, gate: Gate) -> None:
    with (repository / "scenarios" / "loop.py").open("a") as file:
        file.write("\n# touched\n")
    assert ran(gate) == [("loop", "models/person.tflite")]


def test_labels(repository: Path, gate: Gate) -> None:
    (repository / "models" / "fomo.txt").write_text("face\n")
    assert ran(gate) == [("all", "models/fomo.tflite")]


def test_the_policy_itself(repository: Path, gate: Gate) -> None:
    with (repository / "omvsim.toml").open("a") as file:
        file.write("\n# touched\n")
    assert len(ran(gate)) == 3


def test_baseline_keeps_what_did_not_run(repository: Path, gate: Gate) -> None:
    assert gate("--baseline", "b.json", "--update-baseline", "--quiet").code == 0
    before = (repository / "b.json").read_text()
    assert gate("--baseline", "b.json", "--update-baseline", "--quiet", "--changed-since", "HEAD").code == 0
    assert (repository / "b.json").read_text() == before


@pytest.mark.parametrize(
    ("revision", "words"), [("nowhere", "--changed-since: fatal: "), ("--output=x", "'--output=x' is no revision")]
)
def test_no_such_revision(repository: Path, gate: Gate, revision: str, words: str) -> None:
    done = gate(f"--changed-since={revision}")
    assert done.code == ExitCode.BAD_INPUT
    assert words in done.err
    assert done.err.count("\n") == 1
    assert not (repository / "x").exists()


def test_no_repository(project: Path, gate: Gate) -> None:
    done = gate("--policy", "exact.toml", "--changed-since", "HEAD")
    assert done.code == ExitCode.BAD_INPUT
    assert "not a git repository" in done.err


def test_no_git(project: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    done = gate("--policy", "exact.toml", "--changed-since", "HEAD")
    assert done.code == ExitCode.BAD_INPUT
    assert "git is not installed" in done.err
