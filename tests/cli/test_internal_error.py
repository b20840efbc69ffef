"""A fault of omvsim itself: one line, an exit code of its own, JSON where that was asked for; tracebacks on demand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from omvsim.cli import COMMANDS
from omvsim.cli.exit_codes import ExitCode
from omvsim.errors import MissingExtraError
from omvsim.internal_error import InternalError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Outcome

    Run = Callable[..., Outcome]

DOCS = Path(__file__).parents[2] / "docs"
# The least that each command's parser takes; none of the files is ever opened.
WORDS = {
    "run": ["m"],
    "exec": ["main.py"],
    "releases": ["m"],
    "what-if": ["min", "m", "--param", "gc[0].size"],
    "gate": [],
    "arena": ["m"],
    "replay": ["t"],
    "time": ["m"],
    "calibrate": ["t"],
    "validate": ["t"],
    "trace": ["diff", "a", "b"],
    "boards": ["list"],
    "models": ["list"],
    "report": ["html", "m.omv"],
    "completion": ["bash"],
    "compare": ["a.omv", "b.omv"],
    "serve": [],
}
FAULTS = [
    StopIteration(),
    KeyError("x"),
    MemoryError(),
    RecursionError("deep\nand deeper"),
    AssertionError("\x1b[31mred"),
]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Every command raises it."""

    def breaks(fault: BaseException) -> None:
        def run(_: object) -> int:
            raise fault

        for name in COMMANDS:
            monkeypatch.setattr(f"omvsim.cli.{name.replace('-', '_')}.run", run)

    return breaks


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_it_in_one_line(omvsim: Run, broken: Callable[..., None], command: str) -> None:
    broken(IndexError("list index out of range"))
    done = omvsim(command, *WORDS[command])
    assert (done.code, done.out, done.err.count("\n")) == (ExitCode.INTERNAL, "", 1)
    assert done.err.startswith("omvsim: internal error: IndexError: list index out of range")
    assert "please report" in done.err


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_whatever_it_is(omvsim: Run, broken: Callable[..., None], fault: Exception) -> None:
    broken(fault)
    done = omvsim("run", "m")
    assert (done.code, done.err.count("\n")) == (ExitCode.INTERNAL, 1)
    assert type(fault).__name__ in done.err
    assert "\x1b" not in done.err


@pytest.mark.parametrize("words", [["run", "m", "--json"], ["gate", "--json"], ["exec", "main.py", "--json"]])
def test_json_says_it_too(omvsim: Run, broken: Callable[..., None], words: list[str]) -> None:
    fault = KeyError("x")
    fault.add_note("at line 3 of main.py")
    broken(fault)
    done = omvsim(*words)
    report = json.loads(done.out)
    assert {
        key: report[key] for key in ("schema", "command", "error", "exception", "message", "notes", "exit_code")
    } == {
        "schema": "omvsim.error",
        "command": words[0],
        "error": "internal_error",
        "exception": "KeyError",
        "message": "'x'",
        "notes": ["at line 3 of main.py"],
        "exit_code": ExitCode.INTERNAL,
    }
    assert (done.code, done.err.count("\n")) == (ExitCode.INTERNAL, 1)
    import jsonschema

    jsonschema.validate(report, json.loads((DOCS / "schemas" / "error.json").read_text()))


def test_json_goes_to_the_file_that_was_given(omvsim: Run, broken: Callable[..., None], tmp_path: Path) -> None:
    broken(KeyError("x"))
    done = omvsim("gate", "--json", tmp_path / "gate.json")
    assert (done.code, done.out) == (ExitCode.INTERNAL, "")
    assert json.loads((tmp_path / "gate.json").read_text())["error"] == "internal_error"


@pytest.mark.parametrize("words", [["--debug", "run", "m"], ["run", "m", "--debug"], ["run", "--debug", "m"]])
def test_the_traceback_is_for_debug(omvsim: Run, broken: Callable[..., None], words: list[str]) -> None:
    broken(KeyError("x"))
    done = omvsim(*words)
    assert done.code == ExitCode.INTERNAL
    assert done.err.startswith("Traceback (most recent call last):\n")
    assert done.err.splitlines()[-1].startswith("omvsim: internal error: KeyError: 'x'")


def test_debug_shows_where_an_input_was_refused(omvsim: Run, tmp_path: Path) -> None:
    plain, shown = omvsim("arena", "--board", "none", "m"), omvsim("arena", "--board", "none", "m", "--debug")
    assert (plain.code, shown.code) == (ExitCode.BAD_INPUT, ExitCode.BAD_INPUT)
    assert "Traceback" not in plain.err
    assert shown.err.startswith("Traceback")
    assert shown.err.endswith(plain.err)


def test_debug_behind_two_dashes_is_a_file(omvsim: Run) -> None:
    done = omvsim("replay", "--", "--debug")
    assert (done.code, done.out) == (ExitCode.BAD_INPUT, "")
    assert done.err.startswith("omvsim: --debug: ")


def test_a_missing_package_is_no_internal_error(omvsim: Run, broken: Callable[..., None]) -> None:
    broken(MissingExtraError("no runtime", "pip install it"))
    assert omvsim("run", "m").code == ExitCode.ERROR


def test_what_the_host_refuses_is_no_internal_error(omvsim: Run, broken: Callable[..., None]) -> None:
    broken(PermissionError(13, "Permission denied", "/somewhere/m"))
    done = omvsim("boards", "list")
    assert (done.code, done.err) == (ExitCode.ERROR, "omvsim: /somewhere/m: Permission denied\n")


def test_a_fault_while_a_command_is_imported(monkeypatch: pytest.MonkeyPatch, omvsim: Run) -> None:
    def broken(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("omvsim.cli.run.configure", broken)
    assert omvsim("run", "m").code == ExitCode.INTERRUPTED


def test_place_is_the_last_line_of_omvsim() -> None:
    from omvsim.units import parse_size

    with pytest.raises(AttributeError) as caught:
        parse_size(None)  # type: ignore[arg-type]
    found = InternalError.of(caught.value)
    assert found.place.startswith("omvsim/units.py, line ")
    assert str(found).endswith(f"({found.place})")


def _fails(_: int) -> None:
    from omvsim.units import parse_size

    parse_size(None)  # type: ignore[arg-type]


def test_place_in_another_process() -> None:
    with ProcessPoolExecutor(1) as pool, pytest.raises(AttributeError) as caught:
        list(pool.map(_fails, [1]))
    assert InternalError.of(caught.value).place.startswith("omvsim/units.py, line ")


def test_a_long_message_is_cut() -> None:
    text = str(InternalError.of(ValueError("long " * 1000)))
    assert len(text) < 350
    assert text.endswith("…")


@pytest.mark.parametrize("command", [["boards", "list"], ["models", "list"]])
def test_a_full_disk_behind_standard_output(command: list[str]) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("a device of Linux")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "omvsim", *command], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (
        ExitCode.ERROR,
        "omvsim: standard output or a file: No space left on device\n",
    )


@pytest.mark.skipif(os.name != "posix", reason="a shell's >&-")
def test_a_closed_standard_output() -> None:
    done = subprocess.run(
        f"{sys.executable} -m omvsim models list >&-", shell=True, stderr=subprocess.PIPE, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_exit_code_is_documented() -> None:
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    for code in ExitCode:
        assert f"\n| {int(code)} | " in readme, code
