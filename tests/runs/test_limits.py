"""Limits on the host's time hold inside one long call too; the heap's books stay whole."""

from __future__ import annotations

import gc
import importlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import omvsim
from omvsim.boards import load_board
from omvsim.heap import GcHeap
from omvsim.memory.requests import Chunk
from omvsim.micropython.errors import LimitReached
from omvsim.runs.limits import Limits, keeps_books
from omvsim.runs.options import ScriptOptions
from omvsim.runs.result import Outcome
from omvsim.runs.session import ScriptSession

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this host has no clock that interrupts")


@pytest.fixture(autouse=True)
def _nobody_else_is_called_by_the_collector():
    """What is raised in such a call is dropped, and warned of; hypothesis has one."""
    others = gc.callbacks[:]
    gc.callbacks.clear()
    yield
    gc.callbacks[:] = others


LONG = {
    "power": "x = 10 ** 10 ** 8",
    "product": "x = (1 << 1000000) - 1\nwhile True: x = x * x >> 1000000",
    "quotient": "x = (1 << 10000000) - 1\ny = (1 << 4000000) + 1\nx = x % y",
    "number to text": "print(len(str((1 << 12000000) - 1)))",
    "text to number": "int('9' * 4000000)",
    "sum": "sum(range(10 ** 9))",
    "search in a range": "print(5.5 in range(10 ** 9))",
    "sort": "x = [1] * 200000\nx.sort()",
    "backtracking": "import re\nre.match('(a|a)*b', 'a' * 40)",
    "padding": "'%1000000000d' % 5",
    "parsing": "exec('(' * 50000 + ')' * 50000)",
    "compiling": "exec('+'.join(['a'] * 100000))",
}


@pytest.mark.parametrize("script", LONG.values(), ids=LONG.keys())
def test_the_limit_holds_inside_one_call(tmp_path, script):
    path = tmp_path / "main.py"
    path.write_text(script)
    start = time.monotonic()
    result = ScriptSession(load_board(), path, ScriptOptions(time_limit=0.5)).run()
    assert result.outcome is Outcome.TIME_LIMIT
    assert time.monotonic() - start < 8
    assert 0 < result.snapshot.live <= result.snapshot.used
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_a_big_result_comes_before_the_limit(tmp_path):
    """What is long is not refused: only the limit ends it."""
    path = tmp_path / "main.py"
    path.write_text("x = 7 ** 6000\ns = str(x)\nprint(len(s), s[:9], s[-9:], int(s) == x, x // 3 ** 900 % 97)\n")
    x = 7**6000
    power = 10**5062
    expected = f"5071 {x // power} {x % 10**9:09d} True {x // 3**900 % 97}\n"
    assert ScriptSession(load_board(), path, ScriptOptions()).run().output == expected


def frame_in(place):
    """A frame of the host inside ``place``."""
    found = []

    def profile(frame, event, _arg):
        if event == "call" and not found:
            found.append(frame)

    sys.setprofile(profile)
    try:
        place()
    finally:
        sys.setprofile(None)
    return found[0]


def test_the_books_are_not_left_halfway():
    heap = GcHeap([(0x20000000, 4096)])
    assert keeps_books(frame_in(lambda: heap.alloc(16)).f_back) is False
    frames = []
    sys.setprofile(lambda frame, event, _arg: frames.append(frame) if event == "call" else None)
    heap.alloc(16)
    sys.setprofile(None)
    inside = [frame for frame in frames if f"{os.sep}heap{os.sep}" in frame.f_code.co_filename]
    assert inside
    assert all(keeps_books(frame) for frame in inside)
    assert keeps_books(None) is False


def test_a_thing_that_was_not_finished_dies_quietly():
    made = Chunk.__new__(Chunk)
    made.__del__()


def test_another_thread_looks_only_when_it_is_called():
    limits = Limits(None, 0.0, None, None)  # type: ignore[arg-type]  # the world is asked for its clock only with until_us
    told = []

    def work():
        with limits.watched():
            told.append(signal.getitimer(signal.ITIMER_VIRTUAL))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert told == [(0.0, 0.0)]
    time.sleep(0.01)
    with pytest.raises(LimitReached):
        limits.look()


def test_an_interruption_in_an_import_waits_until_it_is_over(tmp_path, monkeypatch):
    (tmp_path / "interrupted_one.py").write_text("import signal\nsignal.raise_signal(signal.SIGINT)\nwhole = True\n")
    monkeypatch.syspath_prepend(tmp_path)
    limits = Limits(None, None, None, None)  # type: ignore[arg-type]  # as above
    with limits.watched():
        found = importlib.import_module("interrupted_one")
        assert found.whole
        with pytest.raises(KeyboardInterrupt):
            limits.look()


def test_a_run_within_an_import_is_interrupted(tmp_path, monkeypatch):
    (tmp_path / "whole_one.py").write_text(
        "import signal\nfrom omvsim.runs.limits import Limits\nheard = False\n"
        "with Limits(None, None, None, None).watched():\n"
        "    try:\n        signal.raise_signal(signal.SIGINT)\n"
        "    except KeyboardInterrupt:\n        heard = True\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert importlib.import_module("whole_one").heard


class Dying:
    """Is interrupted while it dies: Python drops what is raised there."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interruption_that_python_dropped_is_heard_at_the_next_look():
    limits = Limits(None, None, None, None)  # type: ignore[arg-type]  # as above
    before = signal.getsignal(signal.SIGINT)
    with limits.watched():
        limits.look()
        Dying()
        with pytest.raises(KeyboardInterrupt):
            limits.look()
    assert signal.getsignal(signal.SIGINT) is before is signal.default_int_handler


def test_an_interruption_outside_of_the_books_is_heard_at_once():
    limits = Limits(None, None, None, None)  # type: ignore[arg-type]  # as above
    with limits.watched(), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_a_look_imports_nothing(monkeypatch):
    """The look comes with a signal, also in the middle of an import, whose locks another import would take away."""
    imported = []
    limits = Limits(None, 100.0, 1 << 40, None)  # type: ignore[arg-type]  # the world is not asked
    monkeypatch.setattr("builtins.__import__", lambda name, *_, **__: imported.append(name))
    limits.look()
    limits._ring(0, None)
    monkeypatch.undo()
    assert imported == []


def test_what_the_process_had_before_is_not_the_run_s(tmp_path):
    """A notebook with gigabytes of its own, or a command started by one: Linux hands the peak on to what it becomes."""
    (tmp_path / "main.py").write_text("import time\nt = 0\nwhile t < 300000:\n    t += 1\nprint('done')\n")
    text = (
        "import os, sys\nheld = bytearray(300 << 20)\nheld[::4096] = b'x' * len(held[::4096])\n"
        "arguments = [sys.executable, '-m', 'omvsim', 'exec', sys.argv[1], '--memory-limit', '200M']\n"
        "os.execv(sys.executable, arguments)\n"
    )
    root = Path(omvsim.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", text, str(tmp_path / "main.py")],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "done"), done.stdout + done.stderr
