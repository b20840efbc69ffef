"""Statements measured on the camera's firmware: every request of each, run twice (oracle/scripts/micro.json.gz)."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.boards import known_release
from omvsim.compiler.running import run_script
from omvsim.heap import GcHeap
from omvsim.micropython.camera import new_machine
from omvsim.micropython.native import function
from omvsim.modules import install
from tests.bare_machine import AREAS

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.memory.requests import Request
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

RELEASES = ("4.8.1", "5.0.0")


def run_statement(setup: str, statement: str, release: str) -> list[list[Request]]:
    """What a statement in a function's body asks for, twice, after its setup at the module's level."""
    vm = new_machine(GcHeap(AREAS), known_release(release), lambda _: None)
    install(vm)
    tape = vm.memory.tape = []
    marks: list[int] = []

    @function("mark", 0)
    def mark(vm: Machine) -> Value:
        marks.append(len(tape))
        return None

    vm.builtins["mark"] = mark
    body = statement.replace("\n", "\n    ")
    if statement.startswith(("a *=", "a +=")):
        body = f"global a\n    {body}"
    runs = "keep = None\nmark()\nkeep = f()\nmark()\n" * 2
    text = f"{setup}\ndef f():\n    {body}\n    return r\n{runs}"
    run_script(vm, "main.py", text.encode())
    marks.append(len(tape))
    return [tape[first:last] for first, last in zip(marks[::2], marks[1::2], strict=False)]


def asked(requests: list[Request]) -> dict[str, Any]:
    """As the measurements are written down. Whether a block can grow where it is depends on what lies behind it: here
    nothing of boot's does.
    """
    return {
        "sizes": [each.size for each in requests if each.kind == "alloc"],
        "n_frees": sum(each.kind == "free" for each in requests),
        "resized": [each.size for each in requests if each.kind == "realloc"],
    }


def measured(record: dict[str, Any]) -> dict[str, Any]:
    """One of the two runs of a measurement, the same way."""
    return {
        "sizes": record["sizes"],
        "n_frees": record["n_frees"],
        "resized": [size for _, size, _ in record["grow_shrink"]],
    }


@pytest.mark.parametrize("release", RELEASES)
def test_every_measured_statement(shared: Path, release: str) -> None:
    """All 76 of each release."""
    with gzip.open(shared / "oracle" / "scripts" / "micro.json.gz") as packed:
        records = [each for each in json.load(packed)[f"v{release}"] if each["group"] == "numpy"]
    wrong = []
    for record in records:
        runs = run_statement(record["setup"], record["stmt"], release)
        for name, run in zip(("first", "second"), runs, strict=False):
            if name in record and asked(run) != measured(record[name]):
                wrong.append((record["name"], name, asked(run), measured(record[name])))
    assert len(records) > 60
    assert wrong == []


OURS = [
    ("np.roll(a, -18, axis=1)", [52, 16, 2592, 16, 16, 16, 16], 4),
    ("np.max(a[:, 1:], axis=1)", [16, 16, 16, 16, 16, 52, 16, 16, 20, 20, 52, 16, 144], 1),
    ("np.sum(a, axis=1)", [20, 20, 52, 16, 144], 0),
    ("np.nonzero(m)", [16, 52, 16, 1, 16, 16, 16, 52, 16, 2592, 8, 16, 52, 16, 6, 16, 52, 16, 6, 16], 3),
    ("np.exp(a)", [52, 16, 10368, 16], 0),
    ("a.shape", [8, 16], 1),
]
SETUP = "from ulab import numpy as np\na = np.zeros((144, 18), dtype=np.int8)\na[3, 5] = 90\na[70, 2] = 80\n"
SETUP += "a[100, 17] = 70\nm = a > 10"


@pytest.mark.parametrize(("text", "sizes", "frees"), OURS)
def test_a_few_of_them(text: str, sizes: list[int], frees: int) -> None:
    """Measured on 4.8.1 in the emulated camera."""
    for run in run_statement(SETUP, f"r = {text}", "4.8.1"):
        assert asked(run) == {"sizes": sizes, "n_frees": frees, "resized": []}
