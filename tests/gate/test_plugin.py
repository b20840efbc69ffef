"""The pytest plugin, as pytest itself would run it."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from omvsim import models

assert np  # pytester forgets what a run inside this process imports first, and numpy is not to be imported twice
pytest_plugins = "pytester"

ROOT = Path(__file__).parents[2]
ENTRY_POINT = "omvsim.pytest_plugin"


@pytest.fixture
def tests(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project with a model, and the plugin named on the command line whether or not it is installed."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    (pytester.path / "models").mkdir()
    (pytester.path / "models" / "person.tflite").write_bytes(models.make("tiny-conv"))
    return pytester


def run(tests: pytest.Pytester, *words: str) -> pytest.RunResult:
    # The pytest around this one may have loaded the plugin already: its asserts are then as they are.
    quiet = "-Wignore::pytest.PytestAssertRewriteWarning"
    return tests.runpytest_inprocess("-p", ENTRY_POINT, "--strict-markers", "-Werror", quiet, *words)


def test_marker_passes(tests: pytest.Pytester) -> None:
    tests.makepyfile("""
        import pytest

        @pytest.mark.omv_fits(model="models/person.tflite", board="openmv-rt1062", firmware="4.8.1", headroom="64K")
        def test_it():
            pass

        @pytest.mark.omv_fits(model="models/*.tflite", firmware=("4.8.1", "5.0.0"), arena="32K", frames=2)
        class TestAll:
            def test_one(self):
                pass
    """)
    run(tests).assert_outcomes(passed=2)


def test_marker_fails_with_the_explanation(tests: pytest.Pytester) -> None:
    tests.makepyfile("""
        import pytest

        ran = []

        @pytest.mark.omv_fits(model="models/person.tflite", arena="16K")
        @pytest.mark.omv_fits(model="models/person.tflite", headroom={"gc0": "32K"}, file_size="16K")
        def test_it():
            ran.append(1)

        def test_body_did_not_run():
            assert not ran
    """)
    result = run(tests)
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(
        [
            "*models/person.tflite on 4.8.1: headroom gc?0? * bytes, at least 32 768: * bytes short",
            "at fault: held: *",
            "*models/person.tflite on 4.8.1: arena 30 644 bytes, at most 16 384: 14 260 bytes over",
            "at fault: operator 0 (CONV_2D): * bytes live at once, most of them *",
            "cheapest fix: no change of the script helps: *",
        ]
    )
    assert "pytest_plugin" not in result.stdout.str()  # no traceback through the plugin


def test_marker_fails_where_the_model_does_not_run(tests: pytest.Pytester) -> None:
    (tests.path / "models" / "lstm.tflite").write_bytes(models.make("lstm"))
    tests.makepyfile("""
        import pytest

        @pytest.mark.omv_fits(model="models/lstm.tflite", firmware="4.5.5")
        def test_it():
            pass
    """)
    result = run(tests)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*models/lstm.tflite on 4.5.5: OSError: AllocateTensors() failed!", "cheapest fix: *"])


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        ('"models/person.tflite"', "omv_fits: say @pytest.mark.omv_fits(model="),
        ("", "omv_fits: say @pytest.mark.omv_fits(model="),
        ('model="nope.tflite"', "omv_fits: gate 'nope.tflite': no model matches nope.tflite"),
        ('model="models/person.tflite", headrom="1K"', "omv_fits: headrom: unknown key"),
        ('model="models/person.tflite", headroom="1Q"', "omv_fits: budget.headroom.total: '1Q' is not a size"),
        ('model="models/person.tflite", firmware="1"', "no firmware '1'"),
        ('model="models/person.tflite", arena="no-regression"', "omv_fits: arena: there is no baseline in a test"),
        ('model="models/bad.tflite"', "models/bad.tflite"),
    ],
)
def test_marker_used_wrongly(tests: pytest.Pytester, mark: str, message: str) -> None:
    (tests.path / "models" / "bad.tflite").write_bytes(b"")
    tests.makepyfile(f"import pytest\n@pytest.mark.omv_fits({mark})\ndef test_it():\n    pass\n")
    result = run(tests)
    result.assert_outcomes(failed=1)
    assert message in result.stdout.str()


def test_fixture(tests: pytest.Pytester) -> None:
    tests.makepyfile("""
        import pytest
        from pathlib import Path

        def test_run(omvsim):
            assert omvsim.run("models/person.tflite", firmware="4.7.0", loops=2).model_ram < 40_000

        def test_fits(omvsim, tmp_path):
            omvsim.assert_fits("models/person.tflite", firmware="all", longest_free=100_000)
            copy = tmp_path / "copy.tflite"
            copy.write_bytes(Path("models/person.tflite").read_bytes())
            omvsim.assert_fits(copy, model_ram="32K")
            assert [r.job.firmware for r in omvsim.check(copy, firmware=["4.8.1", "5.0.0"])] == ["4.8.1", "5.0.0"]

        def test_does_not(omvsim):
            with pytest.raises(AssertionError, match="arena 30 644 bytes, at most 1 000: 29 644 bytes over"):
                omvsim.assert_fits("models/person.tflite", arena=1000)
            with pytest.raises(AssertionError, match="exact figures are required"):
                omvsim.assert_fits("models/person.tflite", firmware="5.0.0", require="exact")
    """)
    run(tests).assert_outcomes(passed=3)


def test_models_beside_the_test_come_first(tests: pytest.Pytester) -> None:
    folder = tests.path / "unit"
    (folder / "models").mkdir(parents=True)
    (folder / "models" / "own.tflite").write_bytes(models.make("keyword-spotting"))
    (folder / "test_a.py").write_text("""
import pytest

@pytest.mark.omv_fits(model="models/own.tflite")
@pytest.mark.omv_fits(model="models/person.tflite")
def test_it():
    pass
""")
    tests.makeini("[pytest]")
    run(tests).assert_outcomes(passed=1)


def test_marker_is_listed(tests: pytest.Pytester) -> None:
    result = run(tests, "--markers")
    result.stdout.fnmatch_lines(["@pytest.mark.omv_fits(model, board=, firmware=*"])


def test_declared_as_an_entry_point() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"omvsim": ENTRY_POINT}


def test_found_by_its_entry_point(tmp_path: Path) -> None:
    """pytest in a process of its own finds the plugin by an installed package's entry point, and imports little."""
    info = tmp_path / "site" / "omvsim_probe-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: omvsim-probe\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[pytest11]\nomvsim = {ENTRY_POINT}\n")
    (tmp_path / "test_a.py").write_text("""
import sys

def test_it(omvsim):
    heavy = {"numpy", "pydantic", "rich", "omvsim.gate", "omvsim.runs"}
    assert not heavy & set(sys.modules)
    assert type(omvsim).__module__ == "omvsim.pytest_plugin"
""")
    environment = {**os.environ, "PYTHONPATH": f"{info.parent}{os.pathsep}{ROOT}"}
    environment.pop("PYTEST_DISABLE_PLUGIN_AUTOLOAD", None)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:hypothesispytest",
        "-p",
        "no:cacheprovider",
        str(tmp_path),
    ]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_installed_entry_point_is_the_declared_one() -> None:
    found = [point for point in importlib.metadata.entry_points(group="pytest11") if point.name == "omvsim"]
    if not found:
        pytest.skip("omvsim is not installed, or was before it had the plugin")
    assert found[0].value == ENTRY_POINT
