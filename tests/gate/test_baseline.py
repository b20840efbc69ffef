"""Baselines: what is written, read, compared, and who may update it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from omvsim import models
from omvsim.cli.exit_codes import ExitCode
from omvsim.errors import PolicyError
from omvsim.gate import read_baseline

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Gate = Callable[..., object]


def test_the_same_figures_are_the_same_bytes(project: Path, gate: Gate) -> None:
    file = project / "omvsim-baseline.json"
    done = gate("--update-baseline")
    assert (done.code, done.out.splitlines()[-1]) == (0, "wrote omvsim-baseline.json")
    first = file.read_bytes()
    assert gate("--update-baseline", "--quiet", "--jobs", "1").code == 0
    assert file.read_bytes() == first
    assert str(project).encode() not in first
    content = json.loads(first)
    assert content["gates"]["person detector"]["models/person.tflite"]["4.8.1"]["arena"] == 30644
    assert first.decode() == json.dumps(content, indent=2, sort_keys=True) + "\n"


def test_improvements_are_reported(project: Path, gate: Gate) -> None:
    gate("--update-baseline", "--quiet")
    file = project / "omvsim-baseline.json"
    file.write_text(file.read_text().replace('"arena": 30644', '"arena": 30660'))
    done = gate("--annotations")
    assert done.code == 0
    assert "better: models/person.tflite on 4.8.1: arena 30 660 → 30 644 (−16 bytes)" in done.out
    assert "::notice file=omvsim.toml,line=7,title=models/person.tflite on 4.8.1 improved::arena 30 660" in done.out
    changes = [change for result in json.loads(gate("--json").out)["results"] for change in result["changes"]]
    assert {(change["figure"], change["before"], change["after"], change["better"]) for change in changes} == {
        ("arena", 30660, 30644, True)
    }


def test_update_takes_what_got_worse(project: Path, gate: Gate) -> None:
    gate("--update-baseline", "--quiet")
    file = project / "omvsim-baseline.json"
    good = file.read_text()
    file.write_text(good.replace('"model_ram": 31168', '"model_ram": 31152'))
    assert gate("--quiet").code == ExitCode.GATE_BUDGET
    assert gate("--update-baseline", "--quiet").code == 0
    assert file.read_text() == good


def test_update_drops_models_that_are_gone_and_greets_new_ones(project: Path, gate: Gate) -> None:
    gate("--update-baseline", "--quiet")
    (project / "models" / "fomo.tflite").unlink()
    (project / "models" / "words.tflite").write_bytes(models.make("keyword-spotting"))
    (project / "omvsim.toml").write_text(
        '[[gate]]\nname = "camera loop"\nmodels = "models/[pw]*.tflite"\nbudget.arena = "no-regression"\n'
    )
    file = project / "omvsim-baseline.json"
    done = gate("--baseline", file)
    assert done.code == 0
    assert "1 passed, 1 new" in done.out
    assert gate("--baseline", file, "--update-baseline", "--quiet").code == 0
    assert {key[:2] for key in read_baseline(file)} == {
        ("camera loop", "models/person.tflite"),
        ("camera loop", "models/words.tflite"),
    }


def test_a_failing_model_has_no_figures_that_depend_on_its_run(project: Path, gate: Gate) -> None:
    done = gate("--policy", "does-not-run.toml", "--baseline", "new.json", "--update-baseline", "--quiet")
    assert done.code == ExitCode.GATE_FAILURE
    assert read_baseline(project / "new.json")["large", "models/large.tflite", "4.8.1"] == {
        "arena": 5010340,
        "file_size": 3277600,
    }


def test_no_baseline_named(project: Path, gate: Gate) -> None:
    (project / "new.toml").write_text('[[gate]]\nmodels = "models/person.tflite"\nbudget.arena = "no-regression"\n')
    done = gate("--policy", "new.toml")
    assert done.code == ExitCode.BAD_INPUT
    assert "no-regression needs a baseline: --update-baseline makes one" in done.err


def test_a_baseline_that_nothing_names_lies_beside_the_policy_and_is_found_there(project: Path, gate: Gate) -> None:
    (project / "sub").mkdir()
    policy = project / "sub" / "new.toml"
    policy.write_text('[[gate]]\nmodels = "../models/person.tflite"\nbudget.arena = "no-regression"\n')
    assert gate("--policy", policy, "--update-baseline", "--quiet").code == ExitCode.OK
    baseline = project / "sub" / "omvsim-baseline.json"
    assert read_baseline(baseline)
    assert gate("--policy", policy, "--quiet").code == ExitCode.OK
    lower = re.sub(r'("arena": )[0-9]+', r"\g<1>100", baseline.read_text())
    baseline.write_text(lower)
    assert gate("--policy", policy, "--quiet").code == ExitCode.GATE_BUDGET


def test_baseline_that_is_not_there(project: Path, gate: Gate) -> None:
    done = gate()
    assert done.code == ExitCode.BAD_INPUT
    assert done.err == (
        "omvsim: omvsim.toml: omvsim-baseline.json: cannot be read (No such file or directory); "
        "'omvsim gate --update-baseline' writes it\n"
    )


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("{", "not JSON"),
        ("[]", "its schema is not omvsim.gate.baseline version 1"),
        ('{"schema": "omvsim.gate.baseline", "schema_version": 2, "gates": {}}', "its schema is not"),
        ('{"schema": "omvsim.gate.baseline", "schema_version": 1}', "'gates'"),
        ('{"schema": "omvsim.gate.baseline", "schema_version": 1, "gates": 3}', "has no attribute"),
        (
            '{"schema": "omvsim.gate.baseline", "schema_version": 1, "gates": {"a": {"b": {"c": {"d": "e"}}}}}',
            "'e' is not a number",
        ),
    ],
)
def test_no_baseline(tmp_path: Path, text: str, cause: str) -> None:
    path = tmp_path / "b.json"
    path.write_text(text)
    with pytest.raises(PolicyError, match=f"is not a baseline: .*{cause}"):
        read_baseline(path)
