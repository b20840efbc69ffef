"""What got worse is never called better; models nobody agreed to, and models nobody named; one entry explained."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from omvsim import models
from omvsim.cli.exit_codes import ExitCode
from omvsim.gate import Change, Metric
from omvsim.gate._baseline import compare
from omvsim.gate._types import Figure

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Gate = Callable[..., object]

NO_MORE = '[[gate]]\nname = "all"\nmodels = "models/[fp]*.tflite"\nbudget.arena = "1M"\n'


def _headroom(area: float, total: float) -> list[Figure]:
    return [Figure("headroom.gc0", Metric.HEADROOM, area), Figure("headroom.total", Metric.HEADROOM, total)]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ((10, 100), (20, 110), {"headroom.gc0": "better", "headroom.total": "better"}),
        ((10, 100), (20, 90), {"headroom.gc0": "moved", "headroom.total": "worse"}),
        ((10, 100), (20, 100), {"headroom.gc0": "moved"}),
        ((20, 100), (10, 110), {"headroom.gc0": "moved", "headroom.total": "better"}),
        ((20, 100), (10, 90), {"headroom.gc0": "worse", "headroom.total": "worse"}),
    ],
)
def test_what_one_area_gains_is_no_gain_of_the_heap(
    before: tuple[int, int], after: tuple[int, int], words: dict[str, str]
) -> None:
    old = {"headroom.gc0": before[0], "headroom.total": before[1]}

    def word(change: Change) -> str:
        assert change.moved + change.better + change.worse == 1
        return "moved" if change.moved else "better" if change.better else "worse"

    assert {change.key: word(change) for change in compare(_headroom(*after), old)} == words


def _changed(project: Path, **figures: int) -> None:
    file = project / "omvsim-baseline.json"
    content = json.loads(file.read_text())
    for releases in content["gates"].values():
        row = releases["models/person.tflite"]["4.8.1"]
        row |= {name.replace("__", "."): row[name.replace("__", ".")] + delta for name, delta in figures.items()}
    file.write_text(json.dumps(content))


@pytest.fixture
def agreed(project: Path, gate: Gate) -> Path:
    """The example with one entry and its baseline, and nothing else to say."""
    (project / "omvsim.toml").write_text('baseline = "omvsim-baseline.json"\nunmatched = "pass"\n' + NO_MORE)
    assert gate("--update-baseline", "--quiet").code == 0
    return project


def test_an_area_that_gains_while_the_heap_loses_is_announced_as_worse(agreed: Path, gate: Gate) -> None:
    _changed(agreed, headroom__gc0=-64, headroom__total=128)
    done = gate()
    assert done.code == 0
    assert "better:" not in done.out
    assert "worse: models/person.tflite on 4.8.1: headroom.gc0" in done.out
    assert "moved to or from another area" in done.out
    comment = gate("--comment").out
    assert "### Against the baseline" in comment
    assert "| headroom.total |" in comment.replace("\\", "")
    assert "🔺 worse" in comment
    assert "✅ better" not in comment
    said = gate("--annotations").out
    assert "got worse::" in said
    assert "improved" not in said


def test_better_and_worse_in_one_model_is_no_improvement(agreed: Path, gate: Gate) -> None:
    _changed(agreed, arena=16, file_size=-16)
    out = gate().out
    assert "better: " not in out
    assert "changed: models/person.tflite on 4.8.1: arena" in out
    assert ", worse" in out


def test_a_model_that_does_not_run_has_no_improvements(agreed: Path, gate: Gate) -> None:
    _changed(agreed, arena=16, file_size=16)
    (agreed / "omvsim.toml").write_text(
        'baseline = "omvsim-baseline.json"\nunmatched = "pass"\n' + NO_MORE + 'load = "rom"\nboard = "small.toml"\n'
    )
    (agreed / "small.toml").write_text(
        'extends = "openmv-rt1062"\n[release."4.8.1".region]\ngc1 = { size = "8K" }\ngc2 = { size = "8K" }\n'
        'gc0 = { size = "16K" }\n'
    )
    done = gate()
    assert done.code == ExitCode.GATE_FAILURE
    assert "better" not in done.out


def test_the_comment_has_before_after_and_difference(agreed: Path, gate: Gate) -> None:
    _changed(agreed, arena=16)
    comment = gate("--comment").out
    row = next(line for line in comment.splitlines() if "| arena | 30 660" in line)
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[2:] == ["arena", "30 660", "30 644", "−16", "✅ better"]


def test_nothing_changed_is_said(agreed: Path, gate: Gate) -> None:
    assert "No figure differs." in gate("--comment").out


def test_a_link_to_the_page(agreed: Path, gate: Gate, tmp_path: Path) -> None:
    page = tmp_path / "a page.html"
    out = gate("--summary", "--html", page).out
    assert page.is_file()
    assert "[The whole report as a page](" in out
    assert "a%20page.html)" in out
    assert "(https://ci.example/7#artifacts)" in gate("--summary", "--page", "https://ci.example/7#artifacts").out
    assert "as a page" not in gate("--summary").out


@pytest.mark.parametrize(
    ("policy", "code", "said"),
    [("pass", 0, ""), ("warn", 0, "warning: "), ("fail", ExitCode.GATE_BUDGET, "error: ")],
)
def test_a_new_model(agreed: Path, gate: Gate, policy: str, code: int, said: str) -> None:
    (agreed / "models" / "planes.tflite").write_bytes(models.make("tiny-conv"))
    text = (agreed / "omvsim.toml").read_text()
    (agreed / "omvsim.toml").write_text(text + f'new_models = "{policy}"\n')
    done = gate()
    assert done.code == code
    expected = "models/planes.tflite on 4.8.1: the baseline does not have this model"
    assert (expected in " ".join(done.out.split())) == bool(said)
    assert f"{said}models/planes.tflite" in done.out or not said
    assert gate("--update-baseline", "--quiet").code == 0
    assert "does not have this model" not in gate().out


@pytest.mark.parametrize(
    ("policy", "code", "said"),
    [("pass", 0, ""), ("warn", 0, "warning: "), ("fail", ExitCode.GATE_BUDGET, "error: ")],
)
def test_a_model_that_no_entry_names(agreed: Path, gate: Gate, policy: str, code: int, said: str) -> None:
    """Neither in a virtual environment nor in a hidden folder is looked for one, and what is left out is named."""
    for folder in ("lost", ".hidden", "env/lib"):
        (agreed / folder).mkdir(parents=True)
        (agreed / folder / "m.tflite").write_bytes(models.make("tiny-conv"))
    (agreed / "env" / "pyvenv.cfg").touch()
    text = (agreed / "omvsim.toml").read_text().replace('"pass"', f'"{policy}"')
    (agreed / "omvsim.toml").write_text(text + 'exclude = "models/large*"\n')
    done = gate()
    assert done.code == code
    assert (f"{said}lost/m.tflite: no entry of the policy names this model" in done.out) == bool(said)
    assert ".hidden" not in done.out
    assert "env/" not in done.out
    assert "large" not in done.out
    values = json.loads(gate("--json").out)
    assert values["unmatched"] == ([] if policy == "pass" else ["lost/m.tflite"])


def test_one_entry_explained(project: Path, gate: Gate) -> None:
    gate("--update-baseline", "--quiet")
    done = gate("--explain", "person detector")
    assert done.code == 0
    assert "person detector: models/person.tflite on 4.8.1: passed" in done.out
    assert "asked for at line 7 of omvsim.toml; board openmv-rt1062, scenario load-and-predict, 5 frames" in done.out
    assert "  arena: 30 644 bytes" in done.out
    assert "    passed (line 12): arena 30 644 bytes, at most 32 768" in done.out
    assert "most of it: " in done.out
    assert "nothing holds it" in done.out
    assert "camera loop" not in done.out


def test_an_entry_that_is_not_there(project: Path, gate: Gate) -> None:
    done = gate("--explain", "nobody")
    assert done.code == ExitCode.BAD_INPUT
    assert "has no entry 'nobody'; it has 'person detector', 'camera loop'" in done.err
    assert gate("--explain", "camera loop", "--update-baseline").code == ExitCode.BAD_INPUT
