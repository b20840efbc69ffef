"""Heap maps: read, written, compared block by block."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.cli import main
from omvsim.errors import TraceError
from omvsim.heap import GcHeap
from omvsim.traces import diff_maps, dump_heap, format_mem_info, open_trace, parse_mem_info, read_heap_map

if TYPE_CHECKING:
    from pathlib import Path

PRINTED = """\
stack: 1200 out of 31000
GC: total: 5120, used: 320, free: 4800
 No. of 1-blocks: 2, 2-blocks: 1, max blk sz: 16, max free sz: 298
GC memory layout; from 20280600:
00000000: hT=L..h===============..........................................
       (3 lines all free)
00001000: ................................................................
"""
"""An area of 320 blocks as the device prints it: two free lines or more are counted, the last one is not."""


def test_reads_what_the_device_prints() -> None:
    dump = parse_mem_info(PRINTED)
    assert (dump.total, dump.used, dump.max_free) == (5120, 320, 298)
    assert dump.areas[0].start == 0x20280600
    assert len(dump.areas[0].blocks) == 320
    assert dump.areas[0].blocks[:8] == "hT=L..h="


@given(st.lists(st.tuples(st.integers(1, 3000), st.booleans()), max_size=60))
def test_any_heap_reads_back(requests: list[tuple[int, bool]]) -> None:
    heap = GcHeap([(0x20280000, 7001), (0x20300000, 40000)])
    heap.auto_collect = False
    for size, keep in requests:
        address = heap.alloc(size)
        if not keep:
            heap.free(address)
    dump = dump_heap(heap)
    text = format_mem_info(dump)
    assert parse_mem_info(text) == dump
    assert diff_maps(dump, parse_mem_info(text)) == []


def test_differences_are_runs_of_blocks() -> None:
    left, right = (GcHeap([(0x20280000, 8192)]) for _ in range(2))
    for heap in (left, right):
        heap.alloc(100)
    right.alloc(40)
    (difference,) = diff_maps(dump_heap(left), dump_heap(right))
    assert (difference.area, difference.blocks) == (0, 3)
    assert difference.address == left.areas[0].pool_start + 7 * 16
    assert (difference.left, difference.right) == ("...", "h==")


def test_letters_of_heads_do_not_matter() -> None:
    one = parse_mem_info(PRINTED)
    other = parse_mem_info(PRINTED.replace("hT=L..h", "LT=h..A"))
    assert diff_maps(one, other) == []


def test_maps_of_other_areas_are_refused() -> None:
    other = parse_mem_info(PRINTED.replace("20280600", "20300000"))
    with pytest.raises(TraceError, match="different areas"):
        diff_maps(parse_mem_info(PRINTED), other)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("nothing", "no totals"),
        (PRINTED.replace("00001000", "00001400"), "jumps to 00001400"),
        (PRINTED.replace("(3 lines all free)", "(2 lines all free)"), "jumps"),
        (PRINTED[: PRINTED.index("       (3")], "lines are missing"),
        (PRINTED.replace("(3 lines", "(4194304 lines"), "more lines than 32 bits"),
        (PRINTED.replace("(3 lines", f"({'9' * 5000} lines"), "more lines than 32 bits"),
        (PRINTED.replace("used: 320", "used: 336"), "its totals say 336"),
    ],
)
def test_broken_maps(text: str, cause: str) -> None:
    with pytest.raises(TraceError, match=cause):
        parse_mem_info(text, "map.txt")


def test_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    left, right, totals = tmp_path / "left.txt", tmp_path / "right.txt", tmp_path / "totals.txt"
    left.write_text(PRINTED)
    right.write_text(PRINTED.replace("h===============.", "h===============h").replace("used: 320", "used: 336"))
    totals.write_text("\n".join(PRINTED.splitlines()[:3]))
    assert main(["trace", "diff", str(left), str(left)]) == 0
    assert capsys.readouterr().out == "0 blocks differ\n"
    assert main(["trace", "diff", str(left), str(right), "--json"]) == 1
    result = json.loads(capsys.readouterr().out)
    assert result["blocks"] == 1
    assert result["differences"] == [
        {"area": 0, "address": 0x20280600 + 22 * 16, "blocks": 1, "left": ".", "right": "h"}
    ]
    with pytest.raises(TraceError, match="no map"):
        read_heap_map(totals)
    assert main(["trace", "diff", str(left), str(totals)]) == 3
    output = tmp_path / "map.jsonl"
    assert main(["trace", "convert", str(left), str(output)]) == 0
    assert open_trace(output).header.origin == "mem_info"
