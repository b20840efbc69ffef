"""How a command's process ends: at once, with everything that was printed and registered, and its own exit code."""

from __future__ import annotations

import subprocess
import sys

import pytest

_PROGRAM = """
import atexit, os, sys, threading, time
{before}
class Apart:
    def __del__(self, write=os.write):
        write(1, b"taken apart ")
kept = Apart()
atexit.register(print, "registered")
from omvsim.__main__ import command
sys.argv = ["omvsim", *sys.argv[1:]]
sys.exit(command())
"""


def ended(*words: str, before: str = "", flags: tuple[str, ...] = ()) -> tuple[int, str]:
    """Exit code and standard output of a command."""
    done = subprocess.run(
        [sys.executable, *flags, "-c", _PROGRAM.format(before=before), *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout


def test_what_was_printed_and_registered_comes_out_and_nothing_is_taken_apart() -> None:
    code, output = ended("models", "list")
    assert code == 0
    assert "tiny-conv" in output
    assert output.endswith("registered\n")


def test_the_exit_code_is_the_commands_own() -> None:
    assert ended("arena", "missing.tflite") == (3, "registered\n")


@pytest.mark.parametrize(
    "before",
    [
        "sys.setprofile(lambda *_: None)",
        "sys.settrace(lambda *_: None)",
        pytest.param(
            "sys.monitoring.use_tool_id(sys.monitoring.COVERAGE_ID, 'x')",
            marks=pytest.mark.skipif(sys.version_info < (3, 12), reason="new in 3.12"),
        ),
    ],
)
def test_a_profiler_or_debugger_comes_to_its_end(before: str) -> None:
    code, output = ended("models", "list", before=before)
    assert code == 0
    assert output.endswith("registered\ntaken apart ")


def test_a_shell_behind_the_command_gets_its_turn() -> None:
    assert "taken apart" in ended("models", "list", flags=("-i",))[1]


def test_a_thread_is_waited_for() -> None:
    late = "threading.Thread(target=lambda: (time.sleep(0.5), print('late'))).start()"
    code, output = ended("models", "list", before=late)
    assert code == 0
    assert "late\n" in output


def test_a_profile_of_the_module_is_printed() -> None:
    words = [sys.executable, "-m", "cProfile", "-m", "omvsim", "models", "list"]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
    assert "function calls" in done.stdout
