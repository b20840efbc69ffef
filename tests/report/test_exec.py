"""What is said of a script's run, as a page and as JSON: every figure is one of the run's, and they agree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from omvsim.report._exec_json import exec_json
from omvsim.report._exec_text import render_exec
from tests.running import run

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.runs import ScriptResult

GROWS = """import gc
kept = []
for i in range(40):
    kept.append(bytearray(100))
del kept
gc.collect()
print('done')
"""
REFUSED = "def wants(n):\n    return bytearray(n)\n\ndef asks():\n    wants(50000000)\nasks()\n"
RAISES = "def f(x):\n    return int(x)\nf('é')\n"
UNKNOWN = "import machine\nprint('before')\nmachine.mem32[0]\nprint('behind')\n"
FRAMES = """import sensor, time
sensor.reset()
sensor.set_pixformat(sensor.GRAYSCALE)
sensor.set_framesize(sensor.QQVGA)
clock = time.clock()
while True:
    clock.tick()
    img = sensor.snapshot()
    data = bytearray(1000)
    print(len(data))
"""


def page(result: ScriptResult, lines: int = 12, width: int = 100) -> str:
    console = Console(highlight=False, width=width, markup=False, force_terminal=False, _environ={})
    with console.capture() as capture:
        for part in render_exec(result, lines):
            console.print(part)
    return capture.get()


def told(folder: Path, text: str, **options: Any) -> tuple[ScriptResult, dict[str, Any], str]:
    """The run, its JSON as a reader of the file gets it, and its page."""
    result = run(folder, text, **options)
    return result, json.loads(json.dumps(exec_json(result, allocations=True))), page(result)


def test_a_script_that_ends(tmp_path: Path) -> None:
    _, told_json, text = told(tmp_path, GROWS)
    assert (told_json["schema"], told_json["firmware"], told_json["output"]) == ("omvsim.exec", "4.8.1", "done\n")
    assert told_json["verdict"] == "ok"
    assert [told_json[key] for key in ("exception", "failure", "unknown", "loop", "advice")] == [None] * 5
    assert text.splitlines()[0] == "main.py on openmv-rt1062, OpenMV 4.8.1: runs to its end"


def test_requests_of_a_line_are_its_figures(tmp_path: Path) -> None:
    """Forty bytearrays of 100 bytes: 16 and 112 bytes of blocks each; the list doubles at 4, 8, 16 and 32."""
    _, told_json, text = told(tmp_path, GROWS)
    line = next(each for each in told_json["lines"] if each["line"] == 4)
    assert line["source"] == "kept.append(bytearray(100))"
    assert line["largest_asked_bytes"] == 256
    of_line = [each for each in told_json["allocations"] if each["line"] == 4 and each["phase"] == "run"]
    assert [each["bytes"] for each in of_line].count(100) == 40
    assert [each["bytes"] for each in of_line if each["kind"] == "realloc"] == [32, 64, 128, 256]
    assert line["allocations"] >= 80
    assert "kept.append(bytearray(100))" in text


def test_the_heap_s_figures_are_in_order(tmp_path: Path) -> None:
    result, told_json, _ = told(tmp_path, GROWS)
    heap = told_json["heap"]
    assert heap["used_at_end_bytes"] == result.snapshot.used
    assert heap["used_after_collect_bytes"] <= heap["used_at_end_bytes"] < heap["high_water_bytes"]
    assert heap["high_water_bytes"] - heap["used_at_start_bytes"] > 40 * 128
    (collection,) = told_json["collections"]
    assert (collection["line"], collection["automatic"]) == (6, False)
    assert collection["before_bytes"] - collection["after_bytes"] >= 40 * 128


def test_every_request_has_its_place(tmp_path: Path) -> None:
    _, told_json, _ = told(tmp_path, "x = [1, 2, 3]\ndef f():\n    return bytes(50)\ny = f()\n")
    phases = [each["phase"] for each in told_json["allocations"]]
    assert [phase for at, phase in enumerate(phases) if at == 0 or phases[at - 1] != phase] == [
        *("boot", "open", "parse", "compile", "run")
    ]
    made = next(each for each in told_json["allocations"] if each["bytes"] == 51)
    assert (made["line"], made["function"], made["kind"]) == (3, "f", "alloc")
    assert int(made["address"], 16) > 0x20000000
    assert {"how"} == set().union(*(each.keys() & {"how"} for each in told_json["allocations"]))
    assert all(("how" in each) == (each["kind"] == "realloc") for each in told_json["allocations"])


def test_a_request_that_is_refused(tmp_path: Path) -> None:
    _, told_json, text = told(tmp_path, REFUSED)
    failure = told_json["failure"]
    assert told_json["exception"] == "MemoryError: memory allocation failed, allocating 50000000 bytes"
    assert [(each["line"], each["function"]) for each in failure["traceback"]] == [
        *((6, "<module>"), (5, "asks"), (2, "wants"))
    ]
    refused = failure["refused"]
    assert refused["asked_bytes"] == 50000000
    assert refused["place"].endswith("main.py:2")
    assert 0 < refused["longest_free_bytes"] <= refused["free_bytes"] < 50000000
    lines = text.splitlines()
    assert " ".join(lines[0:2]).replace("  ", " ").endswith(told_json["exception"])
    assert [line.strip() for line in lines[2:5]] == [
        "main.py:6 in <module>: asks()",
        "main.py:5 in asks: wants(50000000)",
        "main.py:2 in wants: return bytearray(n)",
    ]


def test_an_exception_of_the_script(tmp_path: Path) -> None:
    _, told_json, text = told(tmp_path, RAISES)
    assert told_json["verdict"] == "value_error"
    assert told_json["exception"].startswith("ValueError: invalid syntax for integer with base 10")
    assert told_json["failure"]["refused"] is None
    assert "main.py:2 in f: return int(x)" in text


def test_what_is_not_modelled_is_no_promise(tmp_path: Path) -> None:
    _, told_json, text = told(tmp_path, UNKNOWN)
    assert (told_json["verdict"], told_json["output"], told_json["failure"]) == ("unknown", "before\n", None)
    (unknown,) = told_json["unknown"]["not_modelled"]
    assert unknown["what"].startswith("machine.mem32")
    assert (unknown["line"], told_json["unknown"]["time_limit_seconds"]) == (3, None)
    assert "NO PROMISE" in text.splitlines()[0]
    assert "machine.mem32" in text


def test_frames(tmp_path: Path) -> None:
    """Four frames: each allocates the same, and what it leaves is garbage."""
    _, told_json, text = told(tmp_path, FRAMES, frames=4)
    loop = told_json["loop"]
    assert (loop["line"], len(loop["frames"]), told_json["output"]) == (6, 4, "1000\n" * 4)
    assert loop["garbage_bytes_per_frame"] >= 1008 + 16
    for before, after in zip(loop["frames"], loop["frames"][1:], strict=False):
        assert after["frame"] == before["frame"] + 1
        assert after["used_at_start_bytes"] >= before["used_at_start_bytes"]
    middle = loop["frames"][2]
    assert (
        middle["used_at_end_bytes"] - middle["used_at_start_bytes"] == middle["allocated_bytes"] - middle["freed_bytes"]
    )
    line = next(each for each in told_json["lines"] if each["line"] == 9)
    assert line["allocated_bytes"] == 4 * (1008 + 16)
    assert "ended after 4 frames" in text.splitlines()[0]


@pytest.mark.parametrize("count", [1, 3])
def test_the_table_shows_the_dearest_lines(count: int, tmp_path: Path) -> None:
    """Among them is what comes before the script."""
    result = run(tmp_path, "".join(f"v{number} = bytearray({100 * number})\n" for number in range(1, 9)))
    shown = [number for number in range(1, 9) if f"v{number} = bytearray" in page(result, count)]
    assert shown == list(range(10 - count, 9))


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_page_is_as_wide_as_its_terminal(width: int, tmp_path: Path) -> None:
    for text in (GROWS, REFUSED):
        assert max(map(len, page(run(tmp_path, text), width=width).splitlines())) <= width
