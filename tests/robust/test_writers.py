"""Every command that writes a file leaves the old one or the new one, never half of one; what went wrong is a line."""

from __future__ import annotations

import ast
import json
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
CORPUS = Path(__file__).parents[1] / "fuzz" / "corpus"
CAPTURE = CORPUS / "session" / "run.omv"
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
    "calibrate": ["calibrate", "times.jsonl", "-o", "@.toml"],
    "convert": ["trace", "convert", "t.jsonl", "@.jsonl"],
    "convert packed": ["trace", "convert", "t.jsonl", "@.jsonl.gz"],
    "import": ["boards", "import", "board.h", "--release", "4.8.1", "--force", "-o", "@.toml"],
    "gate annotations": ["gate", "--policy", "warns.toml", "--quiet", "--annotations", "@.txt"],
    "gate comment": ["gate", "--quiet", "--comment", "@.md"],
    "gate page": ["gate", "--quiet", "--force", "--html", "@.html"],
    "gate capture": ["gate", "--quiet", "--force", "--capture", "@.omv"],
    "header": ["what-if", "recommend", "m.tflite", "--no-advice", "--pick", "2", "--write-header", "@.h"],
    "board": ["what-if", "recommend", "m.tflite", "--no-advice", "--pick", "2", "--write-board", "@.toml"],
}
QUICK = ("convert", "import", "models", "recorder")
EACH = [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in WRITERS]
"""All of them; what takes longer with the slow tests."""
HEADER = """
#define OMV_MAIN_MEMORY RAM
#define OMV_RAM_ORIGIN 0x20000000
#define OMV_RAM_LENGTH 256K
#define OMV_GC_BLOCK0_MEMORY RAM
#define OMV_GC_BLOCK0_SIZE 64K
"""
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
    (path / "t.jsonl").write_bytes((CORPUS / "trace" / "recorded.jsonl").read_bytes())
    (path / "board.h").write_text(HEADER)
    places = ("dtcm", "sdram", "ocram")
    rows = [
        {"model": "m.tflite", "ms": 4.5 + n / 10, "arena": arena, "weights": "flash"} for n, arena in enumerate(places)
    ]
    (path / "times.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (path / "warns.toml").write_text('[[gate]]\nmodels = "m.tflite"\nseverity = "warning"\nbudget.arena = 1\n')
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


def said(stderr: str) -> str:
    """Without what the import of a header says of the header."""
    return "".join(line for line in stderr.splitlines(keepends=True) if not line.startswith("not read: "))


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


_INTERRUPTED = """
import os, signal, sys, time
how, moment = int(sys.argv[1]), sys.argv[2]
sys.argv[:3] = ["omvsim"]

def now(name):
    global moment
    if name == moment:
        moment = None
        os.kill(os.getpid(), how)
        time.sleep(0.01)

def hook(event, given):
    if event == "import" and given[0].startswith("omvsim."):
        now("start")
    if event in ("tempfile.mkstemp", "os.rename"):
        now({"tempfile.mkstemp": "before", "os.rename": "written"}[event])

class Half:
    def __init__(self, file):
        self.file = file
    def __enter__(self):
        return self
    def __exit__(self, *how):
        self.file.close()
    def __getattr__(self, name):
        return getattr(self.file, name)
    def write(self, data):
        self.file.write(data[: len(data) // 2])
        self.file.flush()
        now("half")
        return len(data) // 2 + self.file.write(data[len(data) // 2 :])

class System:
    def __getattr__(self, name):
        return getattr(os, name)
    def fdopen(self, *given, **more):
        return Half(os.fdopen(*given, **more))

from omvsim import writing
from omvsim.__main__ import start
writing.os = System()
sys.addaudithook(hook)
sys.exit(start())
"""
MOMENTS = ("start", "before", "half", "written")
"""Of writing: nothing is done, the new file is about to be made, has half of its bytes, has all of them."""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)


@pytest.mark.parametrize("how", SIGNALS, ids=lambda how: how.name)
@pytest.mark.parametrize("name", EACH)
def test_a_signal_at_any_moment_leaves_the_old_file(folder: Path, name: str, how: signal.Signals) -> None:
    """Each pair of command and signal has a moment of its own; over the commands, each signal has all moments."""
    moment = MOMENTS[([*WRITERS].index(name) + SIGNALS.index(how)) % len(MOMENTS)]
    words, target = target_of(WRITERS[name], folder)
    target.write_bytes(OLD)
    before = {path.name for path in folder.iterdir()}
    done = call(["-c", _INTERRUPTED, str(int(how)), moment], words, folder)
    assert (done.returncode, said(done.stderr)) == (130 if how is signal.SIGINT else -how, "")
    assert target.read_bytes() == OLD
    left = {path.name for path in folder.iterdir()} - before
    assert all(each.startswith(".omvsim.") for each in left)
    assert not left or how is not signal.SIGINT


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("how", SIGNALS, ids=lambda how: how.name)
def test_every_signal_at_every_moment(folder: Path, how: signal.Signals, moment: str) -> None:
    """Of the quickest command."""
    target = folder / "x.py"
    target.write_bytes(OLD)
    done = call(["-c", _INTERRUPTED, str(int(how)), moment], ["trace", "script", "m.tflite", "-o", "x.py"], folder)
    assert (done.returncode, said(done.stderr)) == (130 if how is signal.SIGINT else -how, "")
    assert target.read_bytes() == OLD


@pytest.mark.parametrize("name", EACH)
def test_a_folder_in_the_place_of_the_file_is_one_line(folder: Path, name: str) -> None:
    words, target = target_of(WRITERS[name], folder)
    target.mkdir()
    done = call(["-m", "omvsim"], words, folder)
    assert done.returncode == 3
    assert said(done.stderr).count("\n") == 1
    assert re.search(r"cannot be written \(Is a directory\)|is a folder|is there already", done.stderr)
    assert not [*target.iterdir()]


@pytest.mark.parametrize("name", [each for each in EACH if each.values != ("gate init",)])
def test_a_pipe_that_nobody_reads_any_more(folder: Path, name: str) -> None:
    """What goes to standard output by name ends as what goes there by itself: the exit code is the command's.

    A policy is no such thing: models are seen from the folder that it is in.
    """
    words, target = target_of(WRITERS[name], folder)
    link = folder / "out"
    link.symlink_to("/dev/stdout")
    target.symlink_to(link)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "omvsim", *(f"./{word}" if word.startswith("-x ") else word for word in words)]
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as out:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdout=out, stderr=subprocess.PIPE, timeout=120, check=False
        )
    assert (done.returncode, said(done.stderr.decode())) == (0, "")
    assert target.is_symlink()


def test_a_summary_that_does_not_fit_is_taken_back(folder: Path) -> None:
    """It is appended: GitHub has one file for all the commands of a step."""
    target = folder / "s.md"
    target.write_bytes(b"x" * 60)
    done = call(["-c", _LIMITED], ["gate", "--quiet", "--summary", "s.md"], folder)
    assert done.returncode == 3
    assert done.stderr == "omvsim: s.md: cannot be written (File too large)\n"
    assert target.read_bytes() == b"x" * 60
    for moment in ("start", "half"):
        done = call(["-c", _INTERRUPTED, "2", moment], ["gate", "--quiet", "--summary", "s.md"], folder)
        assert (done.returncode, done.stderr) == (130, "")
        assert target.read_bytes() == b"x" * 60
    done = call(["-m", "omvsim"], ["gate", "--quiet", "--summary", "s.md"], folder)
    assert done.returncode == 0
    assert target.read_bytes().startswith(b"x" * 60 + b"## ")


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
