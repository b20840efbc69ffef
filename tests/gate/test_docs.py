"""What the documentation says is run: commands, policies, Python, CI files, the action's own script."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from omvsim.cli.exit_codes import ExitCode
from omvsim.gate import load_policy

if TYPE_CHECKING:
    from collections.abc import Callable

    Gate = Callable[..., object]

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "gate.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_commands(project: Path, gate: Gate) -> None:
    (project / "models" / "large.tflite").unlink()
    (project / "omvsim.toml").unlink()
    for line in blocks("sh")[0].splitlines():
        words = shlex.split(line, comments=True)
        assert words[:2] == ["omvsim", "gate"]
        done = gate(*words[2:])
        assert done.code == 0, done.err


def test_policy(tmp_path: Path) -> None:
    path = tmp_path / "omvsim.toml"
    path.write_text("".join(blocks("toml")), encoding="utf-8")
    one, two, script = load_policy(path).entries
    assert (one.name, two.name, script.name) == ("person detector", "demo", "application")
    assert (script.scripts, script.models, script.frames) == (("main.py",), ("models/*.tflite",), 20)
    assert {limit.metric for limit in script.limits} == {"headroom", "garbage_per_frame", "time_ms"}
    assert {limit.metric for entry in (one, two) for limit in entry.limits} == {
        "arena",
        "model_ram",
        "headroom",
        "longest_free",
        "garbage_per_frame",
        "time_ms",
        "file_size",
    }


def test_every_budget_and_option_is_documented(gate: Gate) -> None:
    from omvsim.gate._schema import Budget, Gate, PolicyFile

    for name in (*Budget.model_fields, *Gate.model_fields, *PolicyFile.model_fields):
        assert f"{name} =" in PAGE or f"[{name}]" in PAGE or f".{name}" in PAGE, name
    options = set(re.findall(r"--[a-z-]+", gate("--help").out)) - {"--help", "--quiet", "--jobs"}
    assert [option for option in sorted(options) if option not in PAGE] == []


def test_exit_codes_are_those_of_the_command() -> None:
    table = dict(re.findall(r"^\| (\d+) \| (.*?) \|$", PAGE, re.MULTILINE))
    codes = {"OK": 0, "GATE_BUDGET": 20, "GATE_FAILURE": 21, "BAD_INPUT": 3, "ERROR": 1, "USAGE": 2, "INTERNAL": 70}
    assert {name: int(ExitCode[name]) for name in codes} == codes
    assert {int(code) for code in table} == set(codes.values())


def test_python(project: Path) -> None:
    marker, api = blocks("python")
    (project / "test_docs_example.py").write_text(marker, encoding="utf-8")
    (project / "example.py").write_text(api, encoding="utf-8")
    (project / "omvsim.toml").write_text('[[gate]]\nmodels = "models/person.tflite"\nbudget.arena = 1\n')
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    for command in (["-m", "pytest", "-q", "-p", "omvsim.pytest_plugin", "test_docs_example.py"], ["example.py"]):
        done = subprocess.run(
            [sys.executable, *command], cwd=project, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == "over_budget ['models/person.tflite']\n"


def test_gitlab_s_command(project: Path, gate: Gate) -> None:
    text = (ROOT / "docs" / "ci" / "gitlab-ci.yml").read_text(encoding="utf-8")
    command = next(line for line in text.splitlines() if "- omvsim gate" in line)
    gate("--update-baseline", "--quiet")
    assert gate(*shlex.split(command)[3:]).code == 0
    for name in re.findall(r"junit: (\S+)|paths: \[(\S+)\]", text):
        assert (project / "".join(name)).is_file()


def test_hook(project: Path, gate: Gate) -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    keys = dict(re.findall(r"^(?:- |  )(\w+): (.*)$", text, re.MULTILINE))
    assert (keys["id"], keys["language"], keys["pass_filenames"]) == ("omvsim-gate", "python", "false")
    pattern = re.compile(keys["files"])
    for name in ("a/b.tflite", "omvsim.toml", "sub/pyproject.toml", "omvsim-baseline.json"):
        assert pattern.search(name)
    assert not pattern.search("main.py")
    config = (ROOT / "docs" / "ci" / "pre-commit-config.yaml").read_text(encoding="utf-8")
    assert f"id: {keys['id']}" in config
    arguments = re.search(r"args: \[(.*)\]", config)
    assert arguments is not None
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    commit = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "--allow-empty", "-m", "x"]
    subprocess.run(commit, cwd=project, check=True)
    words = [*shlex.split(keys["entry"])[2:], "--policy", "exact.toml", *arguments[1].split(", ")]
    assert gate(*words).code == ExitCode.GATE_BUDGET  # everything is new to git, and 5.0.0 is not exact


def scripts(text: str) -> dict[str, str]:
    """The ``run: |`` blocks of an action by their step's id, or their number."""
    found: dict[str, str] = {}
    for number, step in enumerate(re.split(r"^    - ", text.partition("\n  steps:\n")[2], flags=re.MULTILINE)):
        name = re.search(r"^(?:      )?id: (\S+)", step, re.MULTILINE)
        block = re.search(r"^      run: \|\n((?:        .*\n|\n)+)", step, re.MULTILINE)
        if block is not None:
            found[name[1] if name else str(number)] = re.sub(r"^        ", "", block[1], flags=re.MULTILINE)
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("policy", "code"), [("", 0), ("over-budget.toml", 20), ("wrong.toml", 3)])
def test_action_s_script(project: Path, tmp_path: Path, gate: Gate, policy: str, code: int) -> None:
    gate("--update-baseline", "--quiet")
    runner = tmp_path / "runner temp"
    tool = runner / "omvsim-gate" / "venv" / "bin" / "omvsim"
    tool.parent.mkdir(parents=True)
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m omvsim "$@"\n')
    tool.chmod(0o755)
    environment = {
        **os.environ,
        "RUNNER_TEMP": str(runner),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "POLICY": policy,
        "BASELINE": "",
        "CHANGED_SINCE": "",
        "PYTHONPATH": str(ROOT),
    }
    script = scripts((ROOT / "action.yml").read_text(encoding="utf-8"))["gate"]
    # As GitHub runs "shell: bash".
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    outputs = dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines())
    assert outputs["exit-code"] == str(code)
    assert json.loads(Path(outputs["json"]).read_text(encoding="utf-8"))["passed"] == (code == 0)
    assert all(Path(outputs[name]).stat().st_size for name in ("junit", "sarif"))
    assert (tmp_path / "summary").read_text(encoding="utf-8").startswith("## ")
    assert (runner / "omvsim-gate" / "comment.md").read_text(encoding="utf-8").startswith("<!-- omvsim-gate -->\n")
    assert ("::error file=" in done.stdout) == (code != 0)


def test_action_s_outputs_are_the_script_s() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    declared = set(re.findall(r"steps\.gate\.outputs\.([a-z-]+) }}", text))
    written = set(re.findall(r'echo "([a-z-]+)=', scripts(text)["gate"]))
    assert declared == written
    # No expression inside a script: what a branch is called must not become shell.
    assert not any("${{" in script for script in scripts(text).values())


@pytest.mark.parametrize("name", ["action.yml", ".pre-commit-hooks.yaml", "docs/ci/github-workflow.yml"])
def test_yaml(name: str) -> None:
    yaml = pytest.importorskip("yaml")
    assert yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
