"""A terminal of 80 by 24: what a command comes to is seen without scrolling; no line is wider, no figure is cut."""

from __future__ import annotations

import os
import re
import select
import struct
import sys
import time
from pathlib import Path

import pytest

from omvsim import models

pty = pytest.importorskip("pty", reason="no pseudo-terminals here")

COLUMNS, ROWS, SECONDS = 80, 24, 120.0


def on_terminal(folder: Path, *words: str) -> tuple[int, list[str]]:
    """Exit code and lines of ``omvsim WORDS`` in a terminal of its own."""
    import fcntl
    import termios

    main, ours = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    kept = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES")}
    command = [sys.executable, "-m", "omvsim", *words]
    quiet = os.open(os.devnull, os.O_RDWR)
    actions = [(os.POSIX_SPAWN_DUP2, quiet, 0), (os.POSIX_SPAWN_DUP2, ours, 1), (os.POSIX_SPAWN_DUP2, quiet, 2)]
    here = Path.cwd()
    os.chdir(folder)
    try:
        pid = os.posix_spawn(sys.executable, command, kept | {"TERM": "dumb"}, file_actions=actions)
    finally:
        os.chdir(here)
        os.close(ours)
        os.close(quiet)
    said = read_all(main)
    os.close(main)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said.decode().replace("\r\n", "\n").splitlines()


def read_all(terminal: int) -> bytes:
    said, until = b"", time.monotonic() + SECONDS
    while time.monotonic() < until:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            part = os.read(terminal, 65536)
        except OSError:  # so a terminal says that nobody writes any more
            return said
        if not part:
            return said
        said += part
    raise AssertionError(f"still writing after {SECONDS} s: {said[-200:]!r}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("terminal")
    (folder / "small.tflite").write_bytes(models.make("tiny-conv"))
    (folder / "big.tflite").write_bytes(models.make("yolov8n-like", size=320, classes=80))
    (folder / "runs.py").write_text("x = [i * 0.5 for i in range(20)]\nprint(len(x))\n")
    (folder / "fails.py").write_text(
        "def f(n):\n    return bytearray(n)\nkept = []\nwhile True:\n    kept.append(f(90000))\n"
    )
    gates = 'require = "exact"\nbudget.arena = "64K"\nbudget.headroom = {gc0 = "1K", total = "6M"}\n'
    (folder / "omvsim.toml").write_text(f'[[gate]]\nmodels = "*.tflite"\nfirmware = ["4.8.1", "5.0.0"]\n{gates}')
    (folder / "a.map").write_text(MAP)
    (folder / "b.map").write_text(MAP.replace(": hh.", ": h.h"))
    return folder


MAP = """stack: 1200 out of 31000
GC: total: 1024, used: 32, free: 992
 No. of 1-blocks: 2, 2-blocks: 0, max blk sz: 1, max free sz: 62
GC memory layout; from 20000000:
00000000: hh..............................................................
"""
CASES = [
    ("run small.tflite", 0, r"RUNS: loaded from ROM"),
    ("run big.tflite", 0, r"RUNS: loaded from ROM"),
    ("run big.tflite --board openmv-h7 --no-advice", 10, r"DOES NOT RUN|MemoryError"),
    ("run small.tflite --gc 16K@0x60000000", 11, r"DOES NOT (RUN|LOAD)"),
    ("exec runs.py", 0, r"runs to its end"),
    ("exec fails.py", 10, r"MemoryError: memory allocation failed"),
    ("arena small.tflite", 0, r"second AllocateTensors in 31 168: ok"),
    ("arena big.tflite", 0, r"second AllocateTensors in [\d ]+: ok"),
    ("time small.tflite", 0, r"a frame: [\d.]+ \("),
    ("time big.tflite", 0, r"a frame: [\d.]+ \("),
    ("releases small.tflite", 0, r"Runs on 17 of 17; yes: 4\.5\.0 to 5\.0\.0"),
    ("releases big.tflite", 0, r"Runs on \d+ of 17; "),
    ("gate", 20, r"gate FAILED: 4 checked"),
    ("what-if recommend small.tflite", 0, r"1 of 1 models run as it is"),
    ("what-if recommend big.tflite --set gc[2].size=1M --no-advice", 0, r"0 of 1 models run as it is"),
    ("what-if min small.tflite --param gc[2].size --gc 28K,32K,64K", 0, r"can predict"),
    ("what-if min big.tflite --param gc[2].size --step 64K", 0, r"is the smallest with which big\.tflite"),
    ("what-if max small.tflite --param framesize", 0, r"WQXGA2 \(2592×1944\) is the largest that works"),
    ("what-if compare small.tflite --a gc[1].size=64K", 0, r"a: runs; longest free runs at the end: .* b: runs"),
    ("validate --reference", 0, r"16 of 16 traces compared, 16 of them without any difference"),
    ("compare small.tflite big.tflite", 0, r"A: Runs; B: Runs|^B +big\.tflite: Runs"),
    ("boards show openmv-rt1062", 0, r"counts the GC heap only: 8 732 672 bytes"),
    ("boards", 0, r"omvsim boards show NAME"),
    ("trace diff a.map b.map", 1, r"1 became used|became|differ"),
]


SLOW = ("releases big", "what-if", "validate", "gate", "time big", "run big")


@pytest.mark.parametrize(
    ("words", "code", "verdict"),
    [pytest.param(*case, id=case[0], marks=[pytest.mark.slow] if case[0].startswith(SLOW) else []) for case in CASES],
)
def test_the_verdict_is_seen(words: str, code: int, verdict: str, folder: Path) -> None:
    found, lines = on_terminal(folder, *words.split())
    text = "\n".join(lines)
    assert found == code, text
    assert max(map(len, lines)) <= COLUMNS, max(lines, key=len)
    seen = " ".join(" ".join(lines[-(ROWS - 1) :]).split())  # the prompt takes a row
    assert re.search(verdict, seen), text
    assert not re.search(r"\d…(\s|$)", text), text
