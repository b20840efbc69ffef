"""Whatever becomes of standard output, the exit code is the verdict's."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.cli._streams import Outlet, prepare_streams
from omvsim.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable

    Shell = Callable[..., Any]

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="a POSIX shell")]
full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device")


@pytest.mark.parametrize(
    ("behind", "unbuffered"),
    [("| true", ""), ("| true", "1"), ("| head -n 1 >/dev/null", ""), (">&-", ""), (">&- 2>&-", "")],
)
def test_output_that_nobody_takes(shell: Shell, runs: Path, refused: Path, behind: str, unbuffered: str) -> None:
    for model, code in ((runs, ExitCode.OK), (refused, ExitCode.REFUSED)):
        done = shell(f"OMVSIM run {model} --no-advice {behind}", PYTHONUNBUFFERED=unbuffered)
        assert (done.returncode, done.stderr) == (code, "")


@pytest.mark.parametrize("words", ["arena", "time", "run --json", "run --trace -"])
def test_every_report_ends_alike(shell: Shell, refused: Path, words: str) -> None:
    expected = shell(f"OMVSIM {words} {refused}")
    done = shell(f"OMVSIM {words} {refused} | true")
    assert (done.returncode, done.stderr) == (expected.returncode, "")


@full
def test_a_full_disk_is_said_and_hides_no_verdict(shell: Shell, runs: Path, refused: Path) -> None:
    for model, code in ((runs, ExitCode.ERROR), (refused, ExitCode.REFUSED)):
        done = shell(f"OMVSIM run {model} --no-advice > /dev/full")
        assert done.returncode == code
        assert done.stderr == "omvsim: standard output or a file: No space left on device\n"


def test_a_sweep_whose_reader_leaves_ends(shell: Shell, runs: Path) -> None:
    """It has a million rows to go."""
    done = shell(f"OMVSIM what-if sweep {runs} --vary 'gc[2].size=1M..8M:16' --vary load=rom,file --jobs 1 | head -n 3")
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 3)


@pytest.mark.parametrize("columns", ["0", "000", "", "-3", "x", "²"])
def test_a_width_that_is_none_is_not_known(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    prepare_streams()
    assert "COLUMNS" not in os.environ


def test_a_report_in_no_columns(shell: Shell, runs: Path) -> None:
    plain = shell(f"OMVSIM run {runs} --no-advice")
    assert plain.stdout.count("\n") > 5
    assert shell(f"OMVSIM run {runs} --no-advice", COLUMNS="0").stdout == plain.stdout
    assert shell(f"OMVSIM run {runs} --no-advice", COLUMNS="40").stdout != plain.stdout


def test_an_outlet_goes_silent_after_its_first_failure(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    with io.BufferedWriter(Outlet(writer, "w")) as stream:
        stream.write(b"one")
        stream.flush()
        assert os.read(reader, 9) == b"one"
        os.close(reader)
        stream.write(b"two")
        stream.flush()
        assert isinstance(stream.raw, Outlet)
        assert isinstance(stream.raw.failure, BrokenPipeError)
        stream.write(b"three")
