"""Runs: frame limit, garbage per frame, collections, places of failures, files, sandbox, bad input."""

from __future__ import annotations

import gc
import json
import sys
from typing import TYPE_CHECKING

import pytest

from omvsim.boards import parse_gc_areas
from omvsim.cli import main
from omvsim.cli.exit_codes import ExitCode
from omvsim.errors import ScriptSourceError
from omvsim.runs import Outcome, run_script
from tests.runs._running import board_of, printed, run_text

if TYPE_CHECKING:
    from pathlib import Path

LOOP = """
import sensor
sensor.reset()
sensor.set_pixformat(sensor.RGB565)
sensor.set_framesize(sensor.QVGA)
while True:
    img = sensor.snapshot()
    values = [0.5 * i for i in range(10)]
"""
LOOP_BYTES = 32 + 32 + 32 + 10 * 16 + 64
"""The image; function and range of the comprehension; list and slots; ten floats; more slots, the first are freed."""


def test_an_endless_loop_ends_after_its_frames(tmp_path: Path) -> None:
    result = run_text(tmp_path, LOOP, frames=7)
    assert result.outcome is Outcome.FRAMES_DONE
    assert result.loop is not None
    assert len(result.loop.frames) == 7
    assert result.loop.line == 6
    assert result.loop.garbage_bytes == result.loop.frames[3].end.used - result.loop.frames[3].start.used


def test_garbage_is_the_same_every_frame_and_on_its_line(tmp_path: Path) -> None:
    result = run_text(tmp_path, LOOP)
    assert result.loop is not None
    assert {frame.garbage for frame in result.loop.frames} == {result.loop.garbage_bytes}
    assert result.lines[7].allocations == 20
    assert result.lines[8].bytes > result.lines[7].bytes


def test_an_inner_endless_loop_that_waits_for_the_frame_loop_is_not_a_frame_loop(tmp_path: Path) -> None:
    text = LOOP + "    while True:\n        if img:\n            break\n"
    result = run_text(tmp_path, text, frames=3)
    assert result.loop is not None
    assert len(result.loop.frames) == 3


def test_waiting_forever_ends_too(tmp_path: Path) -> None:
    text = "from machine import Pin\np = Pin('P0')\nwhile p.value() == 0:\n    while True:\n        pass\n"
    result = run_text(tmp_path, text, time_limit=0.2)
    assert (result.outcome, result.verdict) == (Outcome.TIME_LIMIT, "unknown")
    result = run_text(tmp_path, "import time\nwhile True:\n    time.sleep_ms(10)\n", until_us=1_000_000)
    assert (result.outcome, result.verdict) == (Outcome.STOPPED, "ok")


def test_a_loop_in_a_function_is_found(tmp_path: Path) -> None:
    body = "\n".join(f"    {line}" for line in LOOP.strip().splitlines())
    result = run_text(tmp_path, f"def run():\n{body}\nrun()\n", frames=4)
    assert result.loop is not None
    assert len(result.loop.frames) == 4


def test_automatic_collections_come_when_the_garbage_has_filled_the_heap(tmp_path: Path) -> None:
    small = board_of().with_gc_areas(list(parse_gc_areas("64K")))
    result = run_text(tmp_path, LOOP, board=small, frames=400)
    assert result.loop is not None
    first = result.loop.first_collection
    assert first is not None
    free = 64_000 - result.loop.frames[0].start.used
    assert abs(first - free // (result.loop.garbage_bytes or 1)) <= 2
    assert result.loop.frames_until_collection is not None


def test_what_the_script_drops_is_collected_and_what_it_keeps_stays(tmp_path: Path) -> None:
    text = """
    import gc
    kept = bytearray(50_000)
    gone = bytearray(60_000)
    gc.collect()
    a = gc.mem_free()
    gone = None
    gc.collect()
    b = gc.mem_free()
    kept = None
    gc.collect()
    print(b - a, gc.mem_free() - b)
    """
    assert printed(tmp_path, text) == "60016 50016\n"


def test_a_failure_names_its_place_and_the_request(tmp_path: Path) -> None:
    text = "def make(n):\n    return bytearray(n)\n\nfor i in range(5):\n    make(9_000_000)\n"
    result = run_text(tmp_path, text)
    failure = result.failure
    assert failure is not None
    assert failure.line == 2
    assert [line for line, _ in failure.trace] == [5, 2]
    assert failure.refused is not None
    assert (failure.refused.bytes, failure.refused.line) == (9_000_000, 2)


def test_files_stay_inside_their_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("no")
    folder = tmp_path / "card"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "secret.txt")
    text = """
    import os
    with open("/flash/log.txt", "w") as f:
        f.write("hello\\nworld\\n")
    print([line.strip() for line in open("/flash/log.txt")], os.stat("/flash/log.txt")[6])
    for path in ("/flash/../../secret.txt", "/etc/passwd", "../secret.txt", "/flash/link", "/rom/x"):
        try:
            open(path).read()
            print("read", path)
        except OSError as error:
            print(error.errno, end=" ")
    try:
        open("/rom/new", "w")
    except OSError as error:
        print(error.errno)
    """
    # No file system is mounted at /etc: ENODEV. /rom cannot be written: EROFS.
    assert printed(tmp_path, text, files=folder) == "['hello', 'world'] 12\n2 19 2 2 2 30\n"
    assert sorted(path.name for path in folder.iterdir()) == ["link"], "what a script writes stays in its run"


@pytest.mark.parametrize(
    "text",
    [
        "().__class__.__base__.__subclasses__()",
        "(lambda: 0).__code__",
        "[].append.__self__",
        "import os\nos.system('ls')",
        "import os\nos.environ",
        "import subprocess",
        "import ctypes",
        "open.__globals__",
        "(lambda: 0).__globals__['__builtins__']",
        "__import__('os').system('ls')",
        "getattr(5, '__class__').__subclasses__()",
        "type(5).__mro__",
        "print.call.__globals__",
        "import sys\nsys._getframe()",
        "try:\n    1 // 0\nexcept ZeroDivisionError as e:\n    e.__traceback__",
        "globals()['_omvsim_rt']",
        "_omvsim_rt.memory",
        "'{0.__class__}'.format(5)",
        "def g():\n    yield 1\ng().gi_frame",
    ],
)
def test_the_host_is_out_of_reach(text: str, tmp_path: Path) -> None:
    result = run_text(tmp_path, text)
    assert result.failure is not None
    assert result.failure.kind in ("AttributeError", "ImportError", "KeyError", "NameError", "NotImplementedError")


def test_time_is_virtual_and_runs_repeat(tmp_path: Path) -> None:
    text = """
    import time, random
    t = time.ticks_ms()
    time.sleep(3600)
    print(time.ticks_diff(time.ticks_ms(), t), random.randint(0, 999))
    """
    first = printed(tmp_path, text, seed=3)
    assert first == printed(tmp_path, text, seed=3)
    assert first.startswith("3600000")


def test_the_script_may_import_its_own_module(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("VALUE = 3\ndef f(x):\n    return x * VALUE\n")
    assert printed(tmp_path, "import helper\nfrom helper import f\nprint(f(2), helper.VALUE)") == "6 3\n"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("x = 1\nif", 2, "SyntaxError: invalid syntax"),
        ("import numpy_of_the_host\n", 1, "ImportError: no module named 'numpy_of_the_host'"),
        ("def f():\n  x = 1\n    y = 2\n", 3, "IndentationError: unexpected indent"),
    ],
)
def test_a_script_that_cannot_run_ends_as_on_the_camera(
    text: str, line: int, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "bad.py"
    script.write_text(text)
    assert main(["exec", str(script), "--json"]) == ExitCode.OTHER_EXCEPTION
    report = json.loads(capsys.readouterr().out)
    assert (report["verdict"], report["exception"], report["failure"]["line"]) == ("other_error", message, line)


def test_a_script_that_is_not_there_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "bad.py"
    assert main(["exec", str(script)]) == ExitCode.BAD_INPUT
    error = capsys.readouterr().err
    assert str(script) in error
    assert error.count("\n") == 1
    with pytest.raises(ScriptSourceError):
        run_script(script, board_of())


@pytest.mark.parametrize(
    "given", [["/nowhere/main.py"], ["main.py", "--source", "/nowhere.png"], ["main.py", "--source", "."]]
)
def test_files_that_are_not_there(
    given: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.py").write_text("pass\n")
    assert main(["exec", *given]) == 3
    assert capsys.readouterr().err.count("\n") == 1


def test_the_command_prints_a_report_and_one_json_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "main.py"
    script.write_text(LOOP)
    assert main(["exec", str(script), "--frames", "3"]) == 0
    text = capsys.readouterr().out
    assert "runs; ended after 3 frames" in text
    assert "values = [0.5 * i" in text
    assert main(["exec", str(script), "--frames", "3", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert len(report["loop"]["frames"]) == 3
    assert sum(line["allocated_bytes"] for line in report["lines"]) >= 3 * report["loop"]["allocated_bytes_per_frame"]
    script.write_text("bytearray(9_000_000)\n")
    assert main(["exec", str(script)]) == 10
    assert "main.py:1" in capsys.readouterr().out


@pytest.mark.parametrize("count", [60, 70, 100, 400, 2000])
def test_any_number_of_global_names(tmp_path: Path, count: int) -> None:
    """The table of names grew up to 73 entries and the next one ended in a StopIteration of the host."""
    text = "".join(f"name{number} = {number}\n" for number in range(count)) + "print(name0 + 1)\n"
    assert printed(tmp_path, text) == "1\n"


def test_the_table_of_global_names_grows_as_py_map_c_says(tmp_path: Path) -> None:
    result = run_text(tmp_path, "".join(f"x{number:03} = 1\n" for number in range(400)))
    tables = [cost.largest for line, cost in result.lines.items() if line and cost.largest]
    assert tables == [8 * entries for entries in (17, 23, 29, 37, 47, 59, 73, 97, 127, 167, 223, 293, 389, 521)]


@pytest.mark.parametrize(
    "kind", ["Pin.OUT", "Pin.IN", "Timer.PERIODIC", "Timer.ONE_SHOT", "SPI.MSB", "UART.IRQ_RXIDLE"]
)
def test_constants_of_hardware_exist(tmp_path: Path, kind: str) -> None:
    owner = kind.partition(".")[0]
    assert printed(tmp_path, f"from machine import {owner}\nx = {kind}\nprint(type(x))\n") == "<class 'int'>\n"


def test_an_empty_script(tmp_path: Path) -> None:
    for text in ("", "pass", "# nothing", "class C:\n    pass"):
        result = run_text(tmp_path, text)
        assert (result.outcome, result.failure) == ("finished", None)


def test_the_interpreters_own_warnings_stay_out(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    assert printed(tmp_path, "x = 1\nprint(x is 1, '\\\\d')\n") == "True \\d\n"
    assert len(recwarn) == 0


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a = array('B', range(65536))\nprint(len(a), a[255], a[256], a[65535])", "65536 255 0 255"),
        ("a = array('b', (127, 128, 255, -129))\nprint(list(a))", "[127, -128, -1, 127]"),
        ("a = array('H', [65536 + 5])\na.append(-1)\nprint(list(a))", "[5, 65535]"),
        ("a = array('i', (1 << 31,))\nprint(a[0])", "-2147483648"),
        ("a = array('f', (1, 2.5))\nprint(a[1])", "2.5"),
        ("a = array('B')\na.append(300)\nprint(a[0])", "44"),
        ("try:\n    array('B', ('x',))\nexcept TypeError:\n    print('no')", "no"),
    ],
)
def test_arrays_keep_the_lower_bits(tmp_path: Path, text: str, shown: str) -> None:
    assert printed(tmp_path, f"from array import array\n{text}\n") == f"{shown}\n"


def test_the_host_has_its_own_objects_put_aside_whenever_the_camera_collects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a collection would take as long as the program around it is large, the one at the end as well."""
    monkeypatch.setattr("omvsim.runs.aside._Old.limit", sys.maxsize)  # nor does the host collect what is its own
    seen: list[int] = []

    def look(phase: str, about: dict[str, int]) -> None:
        if phase == "start" and about["generation"] == 2:
            seen.append(gc.get_freeze_count())

    gc.callbacks.append(look)
    gc.disable()  # then there are only those that the run asks for
    try:
        run_text(tmp_path, "import gc\ngc.collect()\n")
    finally:
        gc.enable()
        gc.callbacks.remove(look)
    assert len(seen) == 2
    assert all(seen)
    assert gc.get_freeze_count() == 0
