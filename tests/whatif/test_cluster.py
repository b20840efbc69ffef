"""A sweep on a real Dask cluster whose workers do not see the model: killed, resumed, equal to a serial run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.cli import main
from omvsim.cli.exit_codes import ExitCode
from omvsim.errors import MissingExtraError, WorkerError
from omvsim.models import make
from omvsim.workers import cluster, done

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

needs_dask = pytest.mark.skipif(find_spec("distributed") is None, reason="Dask's distributed is not installed")
COMMAND = [sys.executable, "-m"]
OPTIONS = ["--no-dashboard", "--scheduler-file"]
SWEEP = [
    "what-if",
    "sweep",
    "face.tflite",
    "--until",
    "load",
    "--vary",
    "gc[2].size=1M..3M:8K",
    "--vary",
    "load=rom,file",
]


class Cluster:
    """A scheduler and workers, each a process, in a folder that has no model."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.processes: list[subprocess.Popen[bytes]] = []
        # Our package from this checkout, wherever the process runs.
        self.environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONWARNINGS": "ignore"}

    def start(self, module: str, *options: str) -> subprocess.Popen[bytes]:
        """A process of the cluster."""
        words = [*COMMAND, f"distributed.cli.{module}", *OPTIONS, str(self.file), *options]
        with (self.folder / f"{len(self.processes)}.txt").open("wb") as log:
            process = subprocess.Popen(words, cwd=self.folder, env=self.environment, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def worker(self) -> subprocess.Popen[bytes]:
        """One more worker, of one thread."""
        local = str(self.folder / f"local-{len(self.processes)}")
        return self.start("dask_worker", "--nthreads", "1", "--no-nanny", "--local-directory", local)

    @property
    def address(self) -> str:
        """Where the scheduler listens, once it does."""
        until = time.monotonic() + 120
        while time.monotonic() < until:
            if self.file.exists() and (text := self.file.read_text()).endswith("}"):
                return str(json.loads(text)["address"])
            time.sleep(0.05)
        raise AssertionError((self.folder / "0.txt").read_text())


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with _cluster(tmp_path_factory.mktemp("cluster")) as made:
        yield made


@contextmanager
def _cluster(folder: Path) -> Iterator[Cluster]:
    made = Cluster(folder)
    try:
        made.start("dask_scheduler", "--host", "127.0.0.1", "--port", "0")
        _ = made.address
        yield made
    finally:
        for process in made.processes:
            process.kill()
            process.wait()


def sweep(cluster: Cluster, folder: Path, *options: str) -> subprocess.Popen[bytes]:
    """The command, in the folder that has the model."""
    words = [*COMMAND, "omvsim", *SWEEP, *options]
    return subprocess.Popen(words, cwd=folder, env=cluster.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def rows_in(path: Path) -> int:
    """Whole rows so far."""
    return path.read_bytes().count(b"\n") if path.exists() else 0


@needs_dask
@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_killed_and_resumed_it_is_the_serial_sweep(
    running: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "face.tflite").write_bytes(make("blazeface-like"))
    (tmp_path / "face.txt").write_text("face\n")
    monkeypatch.chdir(tmp_path)
    assert main([*SWEEP, "--jobs", "1", "--out", "serial.jsonl", "--json"]) == ExitCode.OK
    first, _ = running.worker(), running.worker()
    table, away = tmp_path / "away.jsonl", ("--scheduler", running.address, "--out", "away.jsonl", "--json")

    client = sweep(running, tmp_path, *away)
    until = time.monotonic() + 120
    while not rows_in(table) and client.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    first.kill()  # what it had begun is done by the other one
    before = rows_in(table)
    while rows_in(table) == before and client.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    client.kill()
    client.communicate()
    assert 0 < rows_in(table) <= rows_in(tmp_path / "serial.jsonl")

    again = sweep(running, tmp_path, *away)
    _, errors = again.communicate(timeout=300)
    assert again.returncode == ExitCode.OK, errors
    assert b"Traceback" not in errors
    rows = [json.loads(line) for line in table.read_text().splitlines()]
    assert rows == [json.loads(line) for line in (tmp_path / "serial.jsonl").read_text().splitlines()]
    assert "bad_input" not in {row["verdict"] for row in rows}


@needs_dask
def test_nobody_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("omvsim.workers._PATIENCE", 1)
    (tmp_path / "face.tflite").write_bytes(make("tiny-conv"))
    monkeypatch.chdir(tmp_path)
    code = main(["what-if", "sweep", "face.tflite", "--vary", "loops=1,2", "--scheduler", "tcp://127.0.0.1:1"])
    assert code == ExitCode.BAD_INPUT
    assert capsys.readouterr().err == "omvsim: tcp://127.0.0.1:1: no Dask scheduler answers there\n"


def test_without_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"install it with: pip install 'omvsim\[dask\]'"), cluster("tcp://x:1"):
        pass


@needs_dask
def test_a_task_that_kills_its_workers_is_one_line() -> None:
    distributed: Any = pytest.importorskip("distributed")
    future = Future[None]()
    future.set_exception(distributed.KilledWorker("task", None, 3))
    with pytest.raises(WorkerError, match="was killed"):
        done(future)


def test_work_that_was_cancelled_is_one_line() -> None:
    future = Future[None]()
    future.cancel()
    with pytest.raises(WorkerError):
        done(future)
