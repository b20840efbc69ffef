"""Whatever a script calls with whatever: the language's exceptions, or an explicit end, never one of the host."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from omvsim.micropython.errors import Fault, Unknown
from omvsim.modules.registry import MAKERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bare_machine import Run

VALUES = """0|-1|3|1<<40|-(1<<33)|2.5|float('nan')|float('inf')|''|'abc'|b'ab'|bytearray(3)|[]|[3,1]|(1,2)|{}|{'a':1}
{1}|None|True|lambda *a: 1|object()|range(3)|int|ValueError('x')|iter([1])|'äö'|...|memoryview(b'abc')|C()|g()"""
OBJECTS = {
    "io.StringIO('a\\nb')": "read readinto readline write seek tell flush close getvalue __exit__",
    "io.BytesIO(b'abc')": "read readinto readline write seek getvalue",
    "open('f.txt', 'w+')": "read readinto readline readlines write seek tell close __del__",
    "re.compile('(a)|b')": "match search split sub",
    "re.match('(a)', 'a')": "group",
    "hashlib.sha256()": "update digest",
    "select.poll()": "register unregister poll ipoll",
    "_asyncio.TaskQueue()": "peek push pop remove",
    "_asyncio.Task(g())": "done cancel",
    "sys.stdout": "write read readline",
    "asyncio": "run create_task sleep gather wait_for current_task Event Lock",
    "asyncio.Lock()": "acquire release locked",
    "asyncio.Event()": "set wait clear",
}
OF_A_CAMERA = {
    "csi",
    "display",
    "fir",
    "gctrace",
    "gif",
    "image",
    "machine",
    "mjpeg",
    "ml",
    "network",
    "omv",
    "protocol",
    "sensor",
    "socket",
    "tf",
    "tv",
}
"""Modules that need a camera around the interpreter; tests/runs/test_robust.py calls those."""
SKIPPED = {"input", "exit", "help", "sleep", "sleep_ms", "sleep_us"}
HEAD = "import io, re, os, sys, time, select, hashlib, _asyncio, asyncio\nclass C: pass\ndef g(): yield 1\n"
BODY = "try:\n r = {}\n repr(r)\n for q in r: break\nexcept Exception: print('refused')\nprint('ended')\n"
CASES = 6
CALLS = 25


@pytest.mark.parametrize("seed", range(CASES))
def test_calls_end_in_the_language(run: Callable[..., Run], seed: int) -> None:
    """Functions of every module and methods of their objects, with arguments by chance."""
    rng = random.Random(seed)
    machine = run("").vm
    values = VALUES.replace("\n", "|").split("|")
    functions = []
    for name in sorted(MAKERS.keys() - OF_A_CAMERA):
        module = machine.modules.get(name)
        assert module is not None
        functions += [f"{name}.{member}" for member in module.names if member not in SKIPPED]
    methods = [f"{thing}.{member}" for thing, members in OBJECTS.items() for member in members.split()]
    for _ in range(CALLS):
        called = rng.choice(rng.choice((functions, methods)))
        args = ", ".join(rng.choice(values) for _ in range(rng.randint(0, 4)))
        text = HEAD + f"import {called.partition('.')[0] if called in functions else 'gc'}\n"
        try:
            made = run(text + BODY.format(f"{called}({args})"))
        except (Unknown, Fault):
            continue
        assert made.printed.endswith("ended\n"), (called, args, made.printed)
