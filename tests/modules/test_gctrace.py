"""The measuring firmware's module: what it writes down, and that it asks the heap for nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.boards import load_board
from omvsim.runs.options import ScriptOptions
from omvsim.runs.session import ScriptSession
from omvsim.world.measured import Caught, Info, PoolRequest, Told

if TYPE_CHECKING:
    from omvsim.runs import ScriptResult


def run(text: str, release: str = "4.8.1", folder: Path = Path("/nowhere")) -> ScriptResult:
    board = load_board("openmv-rt1062-qemu", release)
    options = ScriptOptions(requests=True, frames=None)
    return ScriptSession(board, folder / "main.py", options, source=text.encode()).run()


def test_it_writes_down_what_it_is_told() -> None:
    result = run("import gctrace\ngctrace.info('a')\ngctrace.kv('n', 7)\ngctrace.kv('s', 'x')\n")
    labels = [each.label for each in result.measured if isinstance(each, Info)]
    assert labels == ["gc_init", "after _boot.py", "a", "exit"]
    assert [(each.key, each.value) for each in result.measured if isinstance(each, Told)] == [("n", 7), ("s", "x")]


def test_boot_leaves_what_was_measured() -> None:
    used = {each.label: each.heap.used for each in run("").measured if isinstance(each, Info)}
    assert used["gc_init"] == 0
    assert used["after _boot.py"] == 5024


def test_an_exception_is_written_down_as_it_is_printed() -> None:
    result = run("import gctrace\ntry:\n    1 / 0\nexcept Exception as e:\n    gctrace.exc(e)\n")
    (caught,) = [each for each in result.measured if isinstance(each, Caught)]
    assert caught.text == "ZeroDivisionError: divide by zero"


def test_what_it_does_asks_for_nothing() -> None:
    quiet = run("import gctrace\nx = 'a'\n")
    told = run("import gctrace\nx = 'a'\ngctrace.info(x)\ngctrace.mark(x)\ngctrace.chunks(x)\ngctrace.kv(x, 1)\n")
    running = [[each.size for each in r.requests if each.phase == "run"] for r in (quiet, told)]
    assert running[0] == running[1]


def test_pools_of_5_0_0() -> None:
    text = "import gctrace\ngctrace.uma_malloc(0, 5000, 0)\ngctrace.uma_free(0)\ngctrace.uma_malloc(1, 5000, 0)\n"
    first, second = [each for each in run(text, "5.0.0").measured if isinstance(each, PoolRequest)]
    assert (first.size, first.address) == (5000, second.address)
    full = (
        "import gctrace\ntry:\n    gctrace.uma_malloc(0, 99000000, 0)\nexcept MemoryError as e:\n    gctrace.exc(e)\n"
    )
    result = run(full, "5.0.0")
    assert [each.address for each in result.measured if isinstance(each, PoolRequest)] == [None]
    assert [each.text for each in result.measured if isinstance(each, Caught)] == ["MemoryError: Out of memory"]
