"""The heap against MicroPython's own 32-bit build, where the two can be compared.

That build adds areas by itself and collects only between scripts, so addresses and moments of collections are not
compared; what a request takes, how tables grow, what a collection gives back and how a heap is printed are.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from omvsim.boards import known_release
from omvsim.firmware import MicroPython
from omvsim.heap import ObjectHeap
from omvsim.traces import HeapDump, dump_heap, format_mem_info, parse_mem_info

_spec = importlib.util.spec_from_file_location("npm_oracle", Path(__file__).with_name("npm.py"))
assert _spec is not None
assert _spec.loader is not None
npm = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(npm)

SIZES = (1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 255, 256, 257, 1000, 1024, 4095, 4096, 4097)


@pytest.fixture
def heap() -> ObjectHeap:
    return ObjectHeap([(0x20000000, 1 << 20)])


def run(tmp_path: Path, *texts: str) -> list[str]:
    files = []
    for number, text in enumerate(texts):
        files.append(tmp_path / f"part{number}.py")
        files[-1].write_text(text)
    return npm.run_micropython(*files, heap=1 << 20).splitlines()


def test_block_arithmetic(tmp_path: Path, heap: ObjectHeap) -> None:
    """A bytearray is an object of 16 bytes and its buffer, each rounded up to blocks."""
    printed = run(
        tmp_path,
        f"import gc\nb = u = v = n = None\nfor n in {SIZES}:\n    u = gc.mem_alloc()\n    b = bytearray(n)\n"
        "    v = gc.mem_alloc()\n    print(v - u)\n",
    )
    ours = []
    for size in SIZES:
        before = heap.gc.used
        heap.alloc(16, "bytearray")
        heap.alloc(size, "buffer")
        ours.append(heap.gc.used - before)
    assert [int(line) for line in printed] == ours


def test_a_list_doubles(tmp_path: Path, heap: ObjectHeap) -> None:
    """Four slots at first; each time they are full, twice as many (in place here: nothing else is allocated)."""
    printed = run(
        tmp_path,
        "import gc\nu = v = i = l = None\nu = gc.mem_alloc()\nl = []\nprint(gc.mem_alloc() - u)\n"
        "for i in range(300):\n    u = gc.mem_alloc()\n    l.append(None)\n    v = gc.mem_alloc()\n    print(v - u)\n",
    )
    py = MicroPython(heap, known_release("4.8.1"))
    before = heap.gc.used
    made = py.list_of((), "list")
    grown = [heap.gc.used - before]
    for count in range(300):
        before = heap.gc.used
        py.append(made, count, None)
        grown.append(heap.gc.used - before)
    assert [int(line) for line in printed] == grown


def test_the_table_of_global_names_grows_like_a_dict(tmp_path: Path, heap: ObjectHeap) -> None:
    """Entries 1, 2, 4, 6, 8, 10, 12, 17, 23, …: what the next name takes when a table is full."""
    printed = run(
        tmp_path,
        "import gc\nu = v = i = d = None\nd = {}\n"
        "for i in range(40):\n    u = gc.mem_alloc()\n    d[i] = None\n    v = gc.mem_alloc()\n    print(v - u)\n",
    )
    theirs = [int(line) for line in printed]
    py = MicroPython(heap, known_release("4.8.1"))
    table = py.malloc(8, "table of one entry")
    heap.permanent.append(table)
    py.adopt_globals(table, 1)
    ours = [16]  # the first entry's own table
    for number in range(1, 40):
        before = heap.gc.used
        py.set_global(f"name{number}", None)
        ours.append(heap.gc.used - before)
    assert theirs == ours


def test_a_collection_gives_back_what_nothing_holds(tmp_path: Path, heap: ObjectHeap) -> None:
    """The build collects at the end of a script; what the second one finds is what our collection leaves."""
    printed = run(
        tmp_path,
        "import gc\nkeep = u = i = None\ngc.collect()\n",
        "u = gc.mem_alloc()\nkeep = [bytearray(1000) for i in range(50)]\nprint(gc.mem_alloc() - u)\n"
        "for i in range(0, 50, 2):\n    keep[i] = None\ngc.collect()\n",
        "print(gc.mem_alloc() - u)\n",
    )
    held, left = (int(line) for line in printed)
    py = MicroPython(heap, known_release("4.8.1"))
    with heap.call():
        chunks = [py.malloc(16, "bytearray").holds(py.malloc(1000, "buffer")) for _ in range(50)]
    heap.permanent += chunks[1::2]
    full = heap.gc.used
    heap.collect()
    assert full - heap.gc.used == 25 * (16 + 1008)
    assert 25 * (16 + 1008) <= held - left < 25 * (16 + 1008) + 500  # and a few objects of its own


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


def test_our_map_reads_back(heap: ObjectHeap) -> None:
    for size in (16, 40, 5000, 16, 100_000):
        heap.alloc(size, "something")
    dump = dump_heap(heap.gc)
    again = parse_mem_info(format_mem_info(dump))
    assert isinstance(again, HeapDump)
    assert again == dump
