"""The heap against MicroPython's own 32-bit build, where the two can be compared.

That build adds areas by itself and collects only between scripts, so addresses and moments of collections are not
compared; what a request takes, how tables grow, what a collection gives back and how a heap is printed are.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from omvsim.boards import known_release
from omvsim.compiler.running import run_script
from omvsim.heap import GcHeap
from omvsim.micropython.camera import new_machine
from omvsim.modules import install
from omvsim.traces import HeapDump, dump_heap, format_mem_info, parse_mem_info

_spec = importlib.util.spec_from_file_location("npm_oracle", Path(__file__).with_name("npm.py"))
assert _spec is not None
assert _spec.loader is not None
npm = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(npm)

SIZES = (1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 255, 256, 257, 1000, 1024, 4095, 4096, 4097)


def run(tmp_path: Path, *texts: str) -> list[str]:
    files = []
    for number, text in enumerate(texts):
        files.append(tmp_path / f"part{number}.py")
        files[-1].write_text(text)
    return npm.run_micropython(*files, heap=1 << 20).splitlines()


def ours(*texts: str) -> list[str]:
    """What our interpreter prints of the same, one text after the other with a collection between them."""
    printed: list[str] = []
    vm = new_machine(GcHeap([(0x20000000, 1 << 20)]), known_release("4.8.1"), printed.append)
    install(vm)
    for text in texts:
        run_script(vm, "main.py", text.encode())
        vm.memory.collect()
    return "".join(printed).splitlines()


SCRIPTS = {
    "a bytearray is an object of 16 bytes and its buffer, each rounded up to blocks": (
        f"import gc\nb = u = v = n = None\nfor n in {SIZES}:\n    u = gc.mem_alloc()\n    b = bytearray(n)\n"
        "    v = gc.mem_alloc()\n    print(v - u)\n"
    ),
    "a list has four slots at first; each time they are full, twice as many": (
        "import gc\nu = v = i = l = None\nu = gc.mem_alloc()\nl = []\nprint(gc.mem_alloc() - u)\n"
        "for i in range(300):\n    u = gc.mem_alloc()\n    l.append(None)\n    v = gc.mem_alloc()\n    print(v - u)\n"
    ),
    "entries of a table: 1, 2, 4, 6, 8, 10, 12, 17, 23, …": (
        "import gc\nu = v = i = d = None\nd = {}\n"
        "for i in range(40):\n    u = gc.mem_alloc()\n    d[i] = None\n    v = gc.mem_alloc()\n    print(v - u)\n"
    ),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_a_request_takes(tmp_path: Path, name: str) -> None:
    assert ours(SCRIPTS[name]) == run(tmp_path, SCRIPTS[name])


def test_a_collection_gives_back_what_nothing_holds(tmp_path: Path) -> None:
    """The build collects at the end of a script; what the second one finds is what our collection leaves."""
    texts = (
        "import gc\nkeep = u = i = None\ngc.collect()\n",
        "u = gc.mem_alloc()\nkeep = [bytearray(1000) for i in range(50)]\nprint(gc.mem_alloc() - u)\n"
        "for i in range(0, 50, 2):\n    keep[i] = None\ngc.collect()\n",
        "print(gc.mem_alloc() - u)\n",
    )
    for printed in (run(tmp_path, *texts), ours(*texts)):
        held, left = (int(line) for line in printed)
        assert 25 * (16 + 1008) <= held - left < 25 * (16 + 1008) + 500  # and a few objects of the script's own


def test_heap_map_is_printed_as_micropython_prints_it(tmp_path: Path) -> None:
    """Reading its map and printing it again gives the very text; a map of ours has its form."""
    lines = run(
        tmp_path,
        "import micropython\na = bytearray(5000)\nb = [1, 2.5, 'x' * 40, (1, 2), {1: 2}]\nmicropython.mem_info(1)\n",
    )
    text = "".join(f"{line}\n" for line in lines[1:])  # the first line is about the C stack
    theirs = text.replace(", max new split: " + text.split("max new split: ")[1].split("\n")[0], "")
    dump = parse_mem_info(text)
    assert sum(len(area.blocks) for area in dump.areas) * 16 == dump.total
    assert format_mem_info(dump) == theirs


def test_our_map_reads_back() -> None:
    heap = GcHeap([(0x20000000, 1 << 20)])
    for size in (16, 40, 5000, 16, 100_000):
        heap.alloc(size)
    dump = dump_heap(heap)
    again = parse_mem_info(format_mem_info(dump))
    assert isinstance(again, HeapDump)
    assert again == dump
