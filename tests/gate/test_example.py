"""The example project down every path, in every output format: pass, over budget, regression, failure, wrong policy."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from omvsim.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Gate = Callable[..., object]


@dataclass(frozen=True)
class Path_:
    """One way through the example and what it has to say."""

    name: str
    code: int
    outcome: str
    words: tuple[str, ...]
    """In every format."""
    policy: str = "omvsim.toml"
    failing: int = 0
    errors: int = 0


PATHS = [
    Path_("pass", ExitCode.OK, "passed", ("models/person.tflite on 4.8.1",)),
    Path_(
        "over budget",
        ExitCode.GATE_BUDGET,
        "over_budget",
        ("30 644 bytes, at most 16 384: 14 260 bytes over", "operator 0 (CONV_2D)", "tensor 'image'"),
        "over-budget.toml",
        failing=2,
    ),
    Path_(
        "regression",
        ExitCode.GATE_BUDGET,
        "regression",
        ("model_ram 31 168 bytes, baseline 31 152: 16 bytes over",),
        failing=2,
    ),
    Path_(
        "does not run",
        ExitCode.GATE_FAILURE,
        "fails",
        ("ValueError: Failed to allocate tensors", "tensor arena of 5 010 352 bytes in load", "load_to_fb=True"),
        "does-not-run.toml",
        failing=1,
    ),
    Path_(
        "not exact",
        ExitCode.GATE_BUDGET,
        "not_exact",
        ("exact figures are required; these are derived: firmware 5.0.0, libtflm 5b8e786",),
        "exact.toml",
        failing=1,
    ),
    Path_(
        "wrong policy",
        ExitCode.BAD_INPUT,
        "bad_input",
        ("gate[1].budget.arena: '32 potatoes' is not a size (try 65536, 64K, 80% or 'no-regression')",),
        "wrong.toml",
        errors=1,
    ),
]


@pytest.fixture(params=PATHS, ids=lambda path: path.name)
def path(request: pytest.FixtureRequest, project: Path, gate: Gate) -> Path_:
    chosen: Path_ = request.param
    if chosen.policy == "omvsim.toml":
        assert gate("--update-baseline", "--quiet").code == ExitCode.OK
    if chosen.name == "regression":
        file = project / "omvsim-baseline.json"
        file.write_text(file.read_text().replace('"model_ram": 31168', '"model_ram": 31152'))
    return chosen


def plain(text: str) -> str:
    """Without what Markdown and GitHub's commands escape, and wrapping."""
    return " ".join(text.replace("\\", "").replace("%25", "%").split())


def test_table(path: Path_, gate: Gate) -> None:
    done = gate("--policy", path.policy)
    assert done.code == path.code
    text = plain(done.out + done.err)
    for word in path.words if path.failing or path.errors else ():
        assert word in text
    assert ("gate passed" in done.out) == (path.code == 0)
    if path.errors:
        assert done.err.count("\n") == 1
        assert done.out == ""


def test_json(path: Path_, gate: Gate) -> None:
    done = gate("--policy", path.policy, "--json")
    assert done.code == path.code
    report = json.loads(done.out)
    assert (report["schema"], report["schema_version"]) == ("omvsim.gate", 1)
    assert report["outcome"] == path.outcome
    assert report["passed"] == (path.code == 0)
    assert (report["problem"] is not None) == bool(path.errors)
    assert sum(result["breaks"] for result in report["results"]) == path.failing
    for result in report["results"]:
        for check in result["checks"]:
            if check["outcome"] in ("over_budget", "regression"):
                assert check["slack"] < 0
                assert check["at_fault"]
                assert check["fix"]


def test_junit(path: Path_, gate: Gate, project: Path) -> None:
    assert gate("--policy", path.policy, "--junit", "out.xml").code == path.code
    root = ElementTree.parse(project / "out.xml").getroot()
    assert int(root.get("failures", "")) == len(root.findall(".//failure")) == path.failing
    assert int(root.get("errors", "")) == len(root.findall(".//error")) == path.errors
    assert int(root.get("tests", "")) == len(root.findall(".//testcase"))
    text = plain("".join(root.itertext()) + " ".join(case.get("name", "") for case in root.iter("testcase")))
    for word in path.words:
        assert word in text


def test_sarif(path: Path_, gate: Gate, project: Path) -> None:
    assert gate("--policy", path.policy, "--sarif", "out.sarif").code == path.code
    run = json.loads((project / "out.sarif").read_text(encoding="utf-8"))["runs"][0]
    found = run["results"]
    assert bool([result for result in found if result["level"] == "error"]) == (path.code != 0)
    assert run["invocations"][0]["executionSuccessful"] == (not path.errors)
    text = plain(json.dumps(found, ensure_ascii=False))
    for word in path.words if path.failing or path.errors else ():
        assert json.dumps(word, ensure_ascii=False)[1:-1] in text
    for result in found:
        places = [place["physicalLocation"] for place in result["locations"]]
        assert places[0]["artifactLocation"]["uri"] == path.policy
        assert places[0]["region"]["startLine"] >= 1
        assert len(places) == 2 or path.errors
        assert all((project / place["artifactLocation"]["uri"]).is_file() for place in places)
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_annotations(path: Path_, gate: Gate) -> None:
    done = gate("--policy", path.policy, "--annotations", "--quiet")
    assert done.code == path.code
    lines = done.out.splitlines()
    assert bool([line for line in lines if line.startswith("::error ")]) == (path.code != 0)
    for line in lines:
        # What got worse and no budget forbids is a notice.
        kinds = ("error", "warning", "notice") if path.outcome == "regression" else ("error", "warning")
        assert line.startswith(tuple(f"::{kind} file={path.policy},line=" for kind in kinds))
        assert not line.startswith("::notice") or " got worse::" in line
    for word in path.words if lines else ():
        assert word in plain(done.out)


@pytest.mark.parametrize("name", ["summary", "comment"])
def test_markdown(path: Path_, gate: Gate, project: Path, name: str) -> None:
    assert gate("--policy", path.policy, f"--{name}", "out.md").code == path.code
    text = (project / "out.md").read_text(encoding="utf-8")
    assert ("✅ omvsim gate" in text) == (path.code == 0)
    assert text.startswith("<!-- omvsim-gate -->\n") == (name == "comment")
    for word in path.words if path.failing or path.errors else ():
        assert word in plain(text)


def test_several_formats_at_once(project: Path, gate: Gate) -> None:
    wanted = ("--junit", "a.xml", "--sarif", "a.sarif", "--json", "a.json", "--summary", "a.md", "--comment", "c.md")
    done = gate("--policy", "over-budget.toml", *wanted, "--annotations")
    assert done.code == ExitCode.GATE_BUDGET
    assert all((project / name).stat().st_size > 0 for name in wanted[1::2])
    assert "gate FAILED" in done.out
    assert "::error file=over-budget.toml,line=6,title=models/person.tflite on 4.8.1::" in done.out


def test_summary_is_appended(project: Path, gate: Gate) -> None:
    (project / "summary.md").write_text("# Before\n")
    gate("--policy", "exact.toml", "--summary", "summary.md", "--quiet")
    assert (project / "summary.md").read_text(encoding="utf-8").startswith("# Before\n## ❌ omvsim gate")


def test_only_one_format_on_standard_output(project: Path, gate: Gate) -> None:
    done = gate("--json", "--sarif")
    assert (done.code, done.out) == (ExitCode.BAD_INPUT, "")
    assert done.err == "omvsim: --sarif: standard output is taken by --json: give it a FILE\n"


def test_output_that_cannot_be_written(project: Path, gate: Gate) -> None:
    done = gate("--policy", "exact.toml", "--junit", "nowhere/out.xml", "--quiet")
    assert done.code == ExitCode.BAD_INPUT
    assert "nowhere/out.xml" in done.err


def test_same_from_another_folder(project: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.parent)
    report = json.loads(gate("--policy", "project/over-budget.toml", "--json").out)
    assert report["policy"] == "project/over-budget.toml"
    assert {result["model"] for result in report["results"]} == {
        "project/models/person.tflite",
        "project/models/fomo.tflite",
    }
    monkeypatch.chdir(project / "models")
    assert json.loads(gate("--policy", "../over-budget.toml", "--json").out)["policy"] == "over-budget.toml"


def test_processes_give_what_a_thread_gives(project: Path, gate: Gate) -> None:
    one, two = (gate("--policy", "over-budget.toml", "--json", "--jobs", jobs).out for jobs in (1, 2))
    assert one == two
    assert gate("--update-baseline", "--quiet").code == ExitCode.OK
    (project / "many.toml").write_text(
        '[[gate]]\nmodels = "models/*.tflite"\nfirmware = ["4.7.0", "4.8.1"]\nseverity = "warning"\n'
    )
    one, two = (gate("--policy", "many.toml", "--json", "--jobs", jobs).out for jobs in (1, 2))
    assert one == two
    assert len(json.loads(one)["results"]) == 6
