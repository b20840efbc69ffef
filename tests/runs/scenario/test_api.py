"""The Python API: three lines, typed, the same as the command line."""

from __future__ import annotations

import ast
import dataclasses
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import omvsim
from omvsim import models
from omvsim.errors import BoardError, InputError, ModelError
from omvsim.runs.scenario import shipped_scenarios


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("api") / "tiny.tflite"
    path.write_bytes(models.make("tiny-conv"))
    return path


def test_three_lines(tiny: Path) -> None:
    result = omvsim.run(tiny, firmware="4.8.1")
    assert result.verdict is omvsim.Verdict.OK
    assert (result.model_ram, result.exception) == (31168, None)
    assert result.model_ram == -(-omvsim.plan(tiny).arena_used_bytes // 16) * 16 + 512


def test_results_are_frozen(tiny: Path) -> None:
    result = omvsim.run(tiny)
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.verdict = omvsim.Verdict.UNKNOWN  # type: ignore[misc]


def test_a_board_may_be_given_as_a_value(tiny: Path) -> None:
    board = omvsim.load_board("openmv-rt1062", "4.7.0").with_values({"gc[2].size": "4M"})
    result = omvsim.run(tiny, board=board)
    assert result.board.firmware == "4.7.0"
    assert result.areas[2].length == 4 * 1024**2


def test_the_caller_wins_over_the_scenario(tiny: Path, tmp_path: Path) -> None:
    story = tmp_path / "story.py"
    shipped = shipped_scenarios()["load-and-predict"].read_text(encoding="utf-8").partition("\n")[2]
    story.write_text(f"# t\n# board: openmv-rt1062-qemu\n# firmware: 4.7.0\n{shipped}")
    assert omvsim.run(tiny, scenario=str(story)).board.name == "openmv-rt1062-qemu"
    own = omvsim.run(tiny, scenario=str(story), board="openmv-rt1062", firmware="4.8.1").board
    assert (own.name, own.firmware) == ("openmv-rt1062", "4.8.1")


def test_areas_and_settings(tiny: Path) -> None:
    assert len(omvsim.run(tiny, gc=[(65536, None)]).areas) == 1
    assert omvsim.run(tiny, settings={"gc[2].size": "1M"}).areas[2].length == 1024**2


def test_runs_do_not_share_anything(tiny: Path) -> None:
    first, second = omvsim.run(tiny), omvsim.run(tiny)
    assert first.steps == second.steps
    assert first.allocations == second.allocations


def test_labels_are_what_the_wrapper_finds_beside_the_model(tiny: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.txt"
    labels.write_text("".join(f"label {number}\n" for number in range(50)))
    with_labels, without = omvsim.run(tiny, labels=labels), omvsim.run(tiny)
    assert with_labels.steps[-1].used_bytes > without.steps[-1].used_bytes


def test_errors_name_what_is_wrong(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gone\.tflite"):
        omvsim.run(tmp_path / "gone.tflite")
    with pytest.raises(BoardError, match=r"4\.9\.9"):
        omvsim.run(tiny, firmware="4.9.9")
    with pytest.raises(InputError):
        omvsim.run(tiny, labels=tmp_path / "none.txt")


@pytest.mark.parametrize("wrong", [{"load": "sd"}, {"input": "video"}, {"loops": 0}, {"loops": -1}])
def test_values_that_make_no_sense(tiny: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(InputError):
        omvsim.run(tiny, **wrong)  # type: ignore[arg-type]


def test_unknown_names_are_attribute_errors() -> None:
    with pytest.raises(AttributeError, match="no attribute 'fly'"):
        omvsim.fly  # noqa: B018


@pytest.mark.parametrize("room", omvsim._ROOMS)
def test_rooms_are_there_after_import_omvsim_alone(room: str) -> None:
    code = f"import omvsim; assert '{room}' in dir(omvsim); print(omvsim.{room}.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"omvsim.{room}\n"


def test_import_omvsim_costs_nothing() -> None:
    code = "import sys, omvsim; print([name for name in sys.modules if name.startswith('omvsim.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['omvsim._version']\n"


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        omvsim.nothing  # noqa: B018 - to look it up is the test


_WITH_DASH = ("ai_edge_litert", "tflite_runtime", "typing_extensions")


@pytest.mark.slow
def test_whatever_is_imported_without_an_extra_is_declared() -> None:
    """Imports of omvsim's own modules, less those of optional packages, against the project's dependencies."""
    root = Path(__file__).parents[3]
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    declared = {_package(line) for line in project["dependencies"]}
    optional = {_package(line) for group in project["optional-dependencies"].values() for line in group}
    renamed = {"PIL": "pillow"} | {name: name.replace("_", "-") for name in _WITH_DASH}
    used = set()
    for path in (root / "omvsim").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            used |= {name.partition(".")[0] for name in names}
    foreign = {renamed.get(name, name) for name in used} - set(sys.stdlib_module_names) - {"omvsim", "pytest"}
    assert foreign - optional - declared <= {
        "tflite_micro",
        "pydantic_core",
        "_typeshed",
    }  # used if there; part of pydantic; types alone
    assert "numpy" in declared


def _package(line: str) -> str:
    return re.split(r"[ \[<>=;]", line)[0]
