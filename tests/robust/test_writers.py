"""Every command that writes a file leaves the old one or the new one, never half of one; what went wrong is a line."""

from __future__ import annotations

import ast
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import omvsim

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits of a POSIX process")
CAPTURE = Path(__file__).parents[1] / "fuzz" / "corpus" / "session" / "run.omv"
OLD = b"the old file\n" * 10
WRITERS = {
    "capture": ["run", "m.tflite", "--no-advice", "--force", "-o", "@.omv"],
    "trace": ["run", "m.tflite", "--no-advice", "--trace", "@.jsonl"],
    "models": ["models", "make", "tiny-conv", "--force", "-o", "@.tflite"],
    "gate json": ["gate", "--quiet", "--json", "@.json"],
    "page": ["run", "m.tflite", "--no-advice", "--no-releases", "--force", "--html", "@.html"],
    "exec capture": ["exec", "s.py", "--quiet", "--force", "-o", "@.omv"],
    "compare capture": ["compare", "k.omv", "k.omv", "--force", "-o", "@.omv"],
    "table": ["report", "csv", "k.omv", "--force", "-o", "@.csv"],
    "gate sarif": ["gate", "--quiet", "--sarif", "@.sarif"],
    "gate junit": ["gate", "--quiet", "--junit", "@.xml"],
    "gate init": ["gate", "init", "m.tflite", "--force", "-o", "@.toml"],
    "recorder": ["trace", "script", "m.tflite", "-o", "@.py"],
    "board": ["what-if", "recommend", "m.tflite", "--no-advice", "--pick", "2", "--write-board", "@.toml"],
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
    (path / "s.py").write_text("kept = bytearray(100)\n")
    (path / "k.omv").write_bytes(CAPTURE.read_bytes())
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


OTHERWISE = {
    "cli/_streams.py": "a closed standard output becomes the null device",
    "runs/host_files.py": "what a script writes on its card",
    "validate/_run.py": "a model into a temporary folder",
    "web/_answer.py": "an upload into a temporary folder",
    "web/_inside.py": "files of a browser's memory",
    "whatif/_files.py": "a model into a temporary folder",
    "whatif/_table.py": "rows appended one by one, under a lock: what was finished is kept",
    "writing.py": "the one way to write",
}


def writes(tree: ast.AST) -> bool:
    """Whether a file opens another to write it."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        given = [*node.args, *(each.value for each in node.keywords)]
        texts = [each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        modes = [text for text in texts if re.fullmatch(r"[wax][bt+]*|r[bt]*\+[bt]*", text)]
        if name in ("mkstemp", "NamedTemporaryFile") or (name in ("open", "fdopen") and modes):
            return True
        if name in ("write_text", "write_bytes") and isinstance(node.func, ast.Attribute):
            return True
    return False


def test_no_other_file_of_ours_writes_by_itself() -> None:
    """All other commands write with ``omvsim.writing``, whose files are the old or the new ones at any moment."""
    root = Path(omvsim.__file__).parent
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if writes(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found <= OTHERWISE.keys(), found - OTHERWISE.keys()
    assert {"writing.py", "whatif/_table.py"} <= found


def test_what_counts_as_writing() -> None:
    assert writes(ast.parse("open('f', 'w')"))
    assert writes(ast.parse("path.open(mode='ab')"))
    assert writes(ast.parse("path.write_text('a')"))
    assert not writes(ast.parse("open('f', 'rb')"))
    assert not writes(ast.parse("write_text(path, 'a')"))
