"""What omvsim lacks is no pass and no exception of the camera; a run that was stopped still reports."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.cli import main
from omvsim.cli.exit_codes import ExitCode
from omvsim.runs import Outcome
from tests.runs._running import run_text

if TYPE_CHECKING:
    from pathlib import Path

SETUP = (
    "import sensor, image\nsensor.reset()\nsensor.set_pixformat(sensor.GRAYSCALE)\nsensor.set_framesize(sensor.QQVGA)\n"
)
USES = {
    "module": ("{0}.anything()", 0),
    "name of a module": ("from {0} import anything", 0),
    "in a function": ("def f():\n    return {0}.anything\nf()", 1),
    "in a comprehension": ("x = [{0}.anything for i in range(3)]", 0),
}


@pytest.mark.parametrize("module", ["cryptolib", "websocket", "bluetooth"])
def test_what_is_not_modelled_decides_the_verdict(tmp_path: Path, module: str) -> None:
    result = run_text(tmp_path, f"import {module}\nprint('before')\n{module}.anything()\nprint('after')\n")
    assert result.unmodelled == ((f"{module}.anything", 3),)
    assert (result.outcome, result.verdict, result.failure) == (Outcome.NOT_MODELLED, "unknown", None)
    assert result.output == "before\n"


@pytest.mark.parametrize("kind", USES)
def test_the_line_is_the_script_s(tmp_path: Path, kind: str) -> None:
    text, below = USES[kind]
    result = run_text(tmp_path, "import cryptolib\n" + text.format("cryptolib") + "\n")
    assert result.unmodelled == (("cryptolib.anything", 2 + below),)


@pytest.mark.parametrize("handler", ["except:", "except Exception:", "except BaseException:", "except AttributeError:"])
def test_no_handler_of_the_script_takes_it_for_the_cameras(tmp_path: Path, handler: str) -> None:
    text = f"import cryptolib\ntry:\n    cryptolib.aes(1)\n{handler}\n    print('caught')\nprint('after')\n"
    result = run_text(tmp_path, text)
    assert (result.outcome, result.output) == (Outcome.NOT_MODELLED, "")
    assert result.unmodelled == (("cryptolib.aes", 3),)


def test_finally_does_not_run_either(tmp_path: Path) -> None:
    result = run_text(tmp_path, "import cryptolib\ntry:\n    cryptolib.aes(1)\nfinally:\n    print('finally')\n")
    assert (result.outcome, result.output) == (Outcome.NOT_MODELLED, "")


@pytest.mark.parametrize(
    ("text", "exception"),
    [
        ("None.find_blobs()", "AttributeError: 'NoneType' object has no attribute 'find_blobs'"),
        ("(1, 2).append(3)", "AttributeError: 'tuple' object has no attribute 'append'"),
        (
            "import time\ntime.no_such_name_anywhere",
            "AttributeError: module 'time' has no attribute 'no_such_name_anywhere'",
        ),
        ("class A: pass\nA().find_blobs", "AttributeError: 'A' object has no attribute 'find_blobs'"),
        ("print(no_such_name)", "NameError: name 'no_such_name' isn't defined"),
    ],
)
def test_what_the_camera_has_not_either_is_its_exception(tmp_path: Path, text: str, exception: str) -> None:
    result = run_text(tmp_path, text)
    assert result.failure is not None
    assert (result.failure.text, result.verdict, result.unmodelled) == (exception, "other_error", ())


def test_pins_cost_nothing_and_are_known(tmp_path: Path) -> None:
    result = run_text(
        tmp_path, "from machine import Pin\np = Pin('P0', Pin.OUT)\np.value(1)\np.on()\nprint(p.value())\n"
    )
    assert (result.verdict, result.lines[2].bytes if 2 in result.lines else 0) == ("ok", 0)


# -- loops ------------------------------------------------------------------------------------------------------------


LOOPS = {
    "while True": "while True:\n    sensor.snapshot()\n",
    "condition": "found = []\nwhile not found:\n    sensor.snapshot()\n",
    "comparison": "n = 0\nwhile n < 10000000:\n    sensor.snapshot()\n    n += 1\n",
    "call": "def more():\n    return True\nwhile more():\n    sensor.snapshot()\n",
    "for in while": "while True:\n    for i in range(200):\n        sensor.snapshot()\n",
    "while in while": "while True:\n    n = 0\n    while n < 200:\n        sensor.snapshot()\n        n += 1\n",
    "while in for": "for i in range(1000):\n    while True:\n        sensor.snapshot()\n",
    "in a function": "def run():\n    while not None:\n        sensor.snapshot()\nrun()\n",
}


@pytest.mark.parametrize("kind", LOOPS)
@pytest.mark.parametrize("frames", [1, 3])
def test_frames_are_pictures_whatever_the_loop(tmp_path: Path, kind: str, frames: int) -> None:
    text = LOOPS[kind].replace("sensor.snapshot()", "sensor.snapshot(); print('x')")
    result = run_text(tmp_path, SETUP + text, frames=frames, time_limit=60)
    assert result.outcome is Outcome.FRAMES_DONE
    assert result.output.count("x") == frames
    assert result.verdict == "ok"


ENDLESS = {
    "condition without pictures": "x = 1\nwhile x:\n    pass\n",
    "long for": "for i in range(10**9):\n    pass\n",
    "generator": "def g():\n    while 1 < 2:\n        yield 1\nsum(g())\n",
    "built-in function": "max(range(10**9))\n",
    "comprehension": "x = [0 for i in range(10**9) if i < 0]\n",
    "handler": "x = 1\nwhile x:\n    try:\n        while x:\n            pass\n    except:\n        pass\n",
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_the_time_limit_holds_for_any_loop(tmp_path: Path, kind: str) -> None:
    start = time.monotonic()
    result = run_text(tmp_path, "print('begins')\n" + ENDLESS[kind], time_limit=0.2)
    assert time.monotonic() - start < 20
    assert (result.outcome, result.verdict, result.output) == (Outcome.TIME_LIMIT, "unknown", "begins\n")


def test_the_alarm_is_put_back(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGALRM)
    run_text(tmp_path, "print(1)", time_limit=5)
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


# -- the command ------------------------------------------------------------------------------------------------------


def execute(capsys: pytest.CaptureFixture[str], folder: Path, text: str, *words: str) -> tuple[int, str, str]:
    script = folder / "main.py"
    script.write_text(text)
    code = main(["exec", str(script), *words])
    captured = capsys.readouterr()
    return int(code), captured.out, captured.err


def report(capsys: pytest.CaptureFixture[str], folder: Path, text: str, *words: str) -> tuple[int, dict[str, Any]]:
    code, out, err = execute(capsys, folder, text, "--json", *words)
    assert err == ""
    return code, json.loads(out)


def test_exit_code_text_and_json_say_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = "import cryptolib\nprint(cryptolib.aes(1))\n"
    code, found = report(capsys, tmp_path, text)
    assert (code, found["verdict"], found["outcome"], found["failure"]) == (15, "unknown", "not modelled", None)
    assert found["unknown"]["not_modelled"] == [{"what": "cryptolib.aes", "line": 2, "place": f"{tmp_path}/main.py:2"}]
    code, out, _ = execute(capsys, tmp_path, text)
    assert code == ExitCode.UNKNOWN
    assert "NO PROMISE" in out
    assert "not modelled: cryptolib.aes at main.py:2" in out
    assert "AttributeError" not in out


@pytest.mark.parametrize(
    ("text", "code", "verdict"),
    [
        ("print(1)", 0, "ok"),
        ("bytearray(10**9)", 10, "memory_error"),
        ("int('x')", 11, "value_error"),
        ("1 // 0", 14, "other_error"),
        ("import sys\nsys.exit()", 0, "ok"),
    ],
)
def test_verdicts_that_are_known(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, code: int, verdict: str
) -> None:
    got, found = report(capsys, tmp_path, text)
    assert (got, found["verdict"], found["unknown"]) == (code, verdict, None)
    assert (found["failure"] is None) == (code == 0)


def test_the_time_limit_reports(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = "x = bytearray(100)\nwhile x:\n    pass\n"
    code, found = report(capsys, tmp_path, text, "--time-limit", "0.2")
    assert (code, found["outcome"], found["unknown"]["time_limit_seconds"]) == (15, "time limit", 0.2)
    assert found["heap"]["used_at_end_bytes"] > 0
    code, out, _ = execute(capsys, tmp_path, text, "--time-limit", "0.2")
    assert (code, "stopped after 0.2 s" in out) == (15, True)


@pytest.mark.parametrize("words", [["--time-limit", "-1"], ["--time-limit", "x"], ["--time-limit", "nan"]])
def test_wrong_time_limit(words: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["exec", "main.py", *words])
    assert stopped.value.code == ExitCode.USAGE


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_an_interrupted_run_reports(tmp_path: Path) -> None:
    script = tmp_path / "main.py"
    script.write_text("x = bytearray(100)\nprint('begins')\nwhile x:\n    pass\n")
    command = [sys.executable, "-u", "-m", "omvsim", "exec", str(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begins\n"
        process.send_signal(signal.SIGINT)
        out = process.stdout.read()
        assert process.wait(30) == ExitCode.INTERRUPTED
    assert "interrupted" in out
    assert "bytearray(100)" in out


def test_the_frame_rate_is_the_camera_s_clock(tmp_path: Path) -> None:
    text = (
        "import time\nc = time.clock()\nfor i in range(3):\n    c.tick()\n    time.sleep_ms(40)\n    print(c.fps())\n"
    )
    assert run_text(tmp_path, text).output == "25.0\n" * 3


def test_a_fault_of_a_call_names_the_scripts_line(capsys: pytest.CaptureFixture[str], tmp_path: Path,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def broken(*_: object) -> None:
        raise StopIteration

    monkeypatch.setattr("omvsim.standard.gc_._collect.host", broken)
    code, out, err = execute(capsys, tmp_path, "import gc\ndef f():\n    gc.collect()\nf()\n")
    assert (code, out, err.count("\n")) == (ExitCode.INTERNAL, "", 1)
    assert f"at line 3 of {tmp_path}/main.py" in err


def test_stand_ins_of_every_room_are_noted_once(tmp_path: Path) -> None:
    """Modules of the language, of the board and of the camera tell the same list what they made up."""
    text = "import machine, omv\nfor i in range(2):\n    machine.unique_id()\n    omv.board_id()\n"
    notes = run_text(tmp_path, text).notes
    assert [note for note in notes if "_id" in note] == ["machine.unique_id(): no camera's", "omv.board_id: zeros"]
    assert not run_text(tmp_path, "import machine, omv\n").notes


@pytest.mark.shared
def test_reported_cases(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = shared / "cases" / "scripts"
    assert main(["exec", str(cases / "02_many_globals.py"), "--json"]) == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["output"] == "ok\n"
    code = main(["exec", str(cases / "05_loop_without_constant_condition.py"), "--frames", "3", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert (code, found["outcome"]) == (ExitCode.OK, "frames done")
    assert len(found["loop"]["frames"]) == 3
    texts = {
        "14_save_then_read.py": "8\n",
        "22_python_gaps.py": "b'\\x02\\x01'\n__main__\n['a b', 'c']\nname 'x' isn't defined\n",
    }
    for name, text in texts.items():
        assert main(["exec", str(cases / name), "--json"]) == ExitCode.OK, name
        assert json.loads(capsys.readouterr().out)["output"] == text
