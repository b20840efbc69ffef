"""Every command that writes a file leaves the old one or the new one, never half of one; what went wrong is a line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits of a POSIX process")
OLD = b"the old file\n" * 10
WRITERS = {
    "capture": ["run", "m.tflite", "--no-advice", "--force", "-o", "@.omv"],
    "trace": ["run", "m.tflite", "--no-advice", "--trace", "@.jsonl"],
    "models": ["models", "make", "tiny-conv", "--force", "-o", "@.tflite"],
    "gate json": ["gate", "--quiet", "--json", "@.json"],
    "board": ["what-if", "recommend", "m.tflite", "--no-advice", "--write-board", "@.toml"],
}
_LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))
sys.argv[0] = "omvsim"
from omvsim.cli import main
sys.exit(main())
"""


@pytest.fixture
def folder(tmp_path: Path, runs: Path) -> Path:
    path = tmp_path / "a folder -\nü"
    path.mkdir()
    (path / "m.tflite").write_bytes(runs.read_bytes())
    (path / "omvsim.toml").write_text('[[gate]]\nmodels = "m.tflite"\n')
    return path


def target_of(words: list[str], folder: Path) -> tuple[list[str], Path]:
    name = next(word for word in words if word.startswith("@"))
    return ["-x -" + word[1:] if word == name else word for word in words], folder / ("-x -" + name[1:])


def call(code: list[str], words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    words = [f"./{word}" if word.startswith("-x ") else word for word in words]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *code, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_leaves_the_old_file(folder: Path, name: str) -> None:
    words, target = target_of(WRITERS[name], folder)
    target.write_bytes(OLD)
    before = sorted(path.name for path in folder.iterdir())
    done = call(["-c", _LIMITED], words, folder)
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].endswith("cannot be written (File too large)")
    assert "Traceback" not in done.stderr
    assert target.read_bytes() == OLD
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.parametrize("name", ["capture", "gate json", "models"])
def test_the_new_file_is_whole(folder: Path, name: str) -> None:
    words, target = target_of(WRITERS[name], folder)
    target.write_bytes(OLD)
    done = call(["-m", "omvsim"], words, folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert target.read_bytes() != OLD
    assert not list(folder.glob(".omvsim.*"))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="a superuser may write everywhere")
@pytest.mark.parametrize("name", ["capture", "models"])
def test_a_folder_that_may_not_be_written(folder: Path, name: str) -> None:
    words, _ = target_of(WRITERS[name], folder)
    folder.chmod(0o555)
    try:
        done = call(["-m", "omvsim"], words, folder)
    finally:
        folder.chmod(0o755)
    assert done.returncode == 3
    assert "cannot be written (Permission denied)" in done.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_killed_at_any_time(start: Callable[..., Any], folder: Path, how: signal.Signals) -> None:
    """A baseline is the old one or a whole new one after every kill."""
    baseline = folder / "omvsim-baseline.json"
    done = call(["-m", "omvsim"], ["gate", "--quiet", "--update-baseline"], folder)
    assert done.returncode == 0
    new = baseline.read_bytes()
    for milliseconds in (200, 450, 700):
        baseline.write_bytes(b'{"gates": {}}')
        process = start("gate", "--quiet", "--update-baseline", cwd=folder)
        time.sleep(milliseconds / 1000)
        process.send_signal(how)
        process.wait(60)
        assert baseline.read_bytes() in {b'{"gates": {}}', new}


@pytest.mark.parametrize(
    "environment",
    [{"LC_ALL": "C", "PYTHONUTF8": "0"}, {"TERM": "dumb"}, {"NO_COLOR": "1"}, {"COLUMNS": "40"}, {"HOME": ""}],
    ids=lambda each: next(iter(each)),
)
def test_odd_surroundings(folder: Path, environment: dict[str, str]) -> None:
    values = {key: value for key, value in os.environ.items() if key not in {"HOME", "COLUMNS"}} | environment
    command = [sys.executable, "-m", "omvsim", "run", "m.tflite", "--no-advice"]
    done = subprocess.run(command, cwd=folder, env=values, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"RUNS" in done.stdout
    assert b"\x1b" not in done.stdout
    if "COLUMNS" in environment:
        assert max(map(len, done.stdout.decode().splitlines())) <= 40
