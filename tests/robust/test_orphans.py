"""No worker outlives the process that started it, however that one ends."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from concurrent.futures import BrokenExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.cli import main
from omvsim.errors import WorkerError
from omvsim.whatif import Configuration, Plan, parse_axis, run_rows
from omvsim.workers import MOST, Thread, Workers, done, processors

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")]
_PATIENCE = 20.0


def _children(parent: int) -> set[int]:
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just gone
        if int(fields[1]) == parent:
            found.add(int(stat.parent.name))
    return found


def _lives(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _until(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def gate_words(tmp_path: Path, runs: Path) -> list[str]:
    for number in range(8):
        (tmp_path / f"{number}.tflite").write_bytes(runs.read_bytes())
    (tmp_path / "omvsim.toml").write_text(
        '[[gate]]\nmodels = "*.tflite"\nfirmware = ["4.8.1", "4.7.0", "4.6.20", "5.0.0"]\nframes = 4000\n'
    )
    return ["gate", "--jobs", "2"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("command", ["sweep", "gate", "releases"])
def test_workers_end_with_their_parent(
    start: Callable[..., Any], runs: Path, gate_words: list[str], command: str, how: signal.Signals
) -> None:
    words = {
        "sweep": ["what-if", "sweep", runs, "--vary", "gc[2].size=1M..8M:16", "--jobs", "3"],
        "gate": gate_words,
        "releases": ["releases", *[runs] * 200],
    }[command]
    process = start(*words, stdout=subprocess.DEVNULL, stderr=None)
    assert _until(lambda: len(_children(process.pid)) > 1)
    workers = _children(process.pid)
    process.send_signal(how)
    process.wait(_PATIENCE)
    assert _until(lambda: not any(map(_lives, workers)))
    assert process.returncode == (130 if how is signal.SIGINT else -how)


def test_a_worker_that_is_killed_is_one_line(runs: Path) -> None:
    plan = Plan(Configuration(str(runs)), (parse_axis("gc[2].size=1M..8M:16"),))
    before = _children(os.getpid())
    with Workers(2) as pool:
        rows = run_rows(plan, executor=pool)
        next(rows)
        os.kill(next(iter(_children(os.getpid()) - before)), signal.SIGKILL)
        with pytest.raises(WorkerError, match="killed"):
            list(rows)


def test_what_comes_after_a_worker_was_killed_is_refused_alike() -> None:
    before = _children(os.getpid())
    with Workers(1) as pool:
        broken = pool.submit(time.sleep, 60)
        while not (started := _children(os.getpid()) - before):
            time.sleep(0.01)
        os.kill(next(iter(started)), signal.SIGKILL)
        with pytest.raises(BrokenExecutor):
            broken.result(_PATIENCE)
        with pytest.raises(WorkerError, match="killed"):
            pool.submit(time.sleep, 60)


def test_an_exception_stops_what_is_being_done() -> None:
    def work() -> None:
        with Workers(1) as pool:
            pool.submit(time.sleep, 60)
            raise ZeroDivisionError

    begin = time.monotonic()
    with pytest.raises(ZeroDivisionError):
        work()
    assert time.monotonic() - begin < _PATIENCE


def test_what_has_not_begun_is_dropped() -> None:
    with Thread() as pool:
        first = pool.submit(time.sleep, 0.1)
        others = [pool.submit(time.sleep, 60) for _ in range(3)]
    assert wait([first]).done
    assert all(other.cancelled() for other in others)


def test_results_and_errors_come_as_they_are() -> None:
    with Workers(1) as pool:
        assert done(pool.submit(divmod, 7, 3)) == (2, 1)
        with pytest.raises(ZeroDivisionError):
            done(pool.submit(divmod, 7, 0))


def test_as_many_as_there_are_processors() -> None:
    assert 1 <= processors() <= min(MOST, os.cpu_count() or 1)


@pytest.mark.parametrize("count", ["0", "-1", "257", "3000", "9" * 5000, "x", "²"])
@pytest.mark.parametrize("words", [["gate"], ["what-if", "sweep", "m.tflite"]])
def test_processes_are_bounded(words: list[str], count: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([*words, "--jobs", count])
    assert stop.value.code == 2
    assert "must be between 1 and 256" in capsys.readouterr().err


def test_no_more_processes_than_cases(start: Callable[..., Any], runs: Path) -> None:
    process = start("what-if", "sweep", runs, "--vary", "load=rom,file", "--jobs", "200")
    most = 0
    while process.poll() is None:
        most = max(most, len(_children(process.pid)))
    assert process.returncode == 0
    assert most <= 2
