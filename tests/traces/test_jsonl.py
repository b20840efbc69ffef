"""The format omvsim.trace: what is written reads back, and every kind of broken file is one clear line."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from omvsim.errors import InputError, TraceError
from omvsim.traces import (
    Allocation,
    AreaUse,
    Crash,
    End,
    HeapMap,
    Loaded,
    MemoryArea,
    ModelIdentity,
    Probe,
    Raised,
    Snapshot,
    Timing,
    Trace,
    TraceHeader,
    open_trace,
    read_jsonl,
    trace_lines,
    write_trace,
)

if TYPE_CHECKING:
    from pathlib import Path

HEADER = TraceHeader(
    origin="firmware",
    firmware="5.0.0",
    board="openmv-rt1062-qemu",
    areas=(MemoryArea(0x20280000, 65536), MemoryArea(0x20300000, 208896)),
    pools=(MemoryArea(0x20200000, 524288, 5),),
    models=(ModelIdentity("person_detect", 300568, "ab" * 32),),
    load="file",
    script='print("hällo")\n',
)
EVENTS = (
    Snapshot("start", 5024, 8527456, 512276, 266, 25, 3, (AreaUse(314, 3686),)),
    Allocation(82832, 0x20301940, "tensor arena"),
    Allocation(3_000_000, None),
    Raised("MemoryError: memory allocation failed, allocating 3000000 bytes"),
    Loaded(82832, 0x20301940, 0x60800040),
    Timing("predict", 123456),
    Probe("end", (81920, 16)),
    HeapMap("end", "GC: total: 1\n"),
    End(),
)


@pytest.mark.parametrize("name", ["trace.jsonl", "trace.jsonl.gz"])
def test_reads_back(tmp_path: Path, name: str) -> None:
    trace = Trace(str(tmp_path / name), HEADER, EVENTS)
    write_trace(trace, tmp_path / name)
    assert read_jsonl(tmp_path / name) == trace
    assert open_trace(tmp_path / name) == trace
    assert trace.complete


def test_equal_traces_are_equal_files(tmp_path: Path) -> None:
    for name in ("a.gz", "b.gz"):
        write_trace(Trace("x", HEADER, EVENTS), tmp_path / name)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()


def test_a_crash_is_an_end() -> None:
    assert Trace("x", HEADER, (Crash("HardFault"),)).complete
    assert not Trace("x", HEADER, (EVENTS[0],)).complete
    assert not Trace("x", HEADER, ()).complete


def test_a_last_line_cut_off_leaves_an_incomplete_trace(tmp_path: Path) -> None:
    text = "".join(f"{line}\n" for line in trace_lines(Trace("x", HEADER, EVENTS)))
    path = tmp_path / "cut.jsonl"
    path.write_text(text[: text.rindex('{"ev"') + 9])
    trace = read_jsonl(path)
    assert trace.events == EVENTS[:-1]
    assert not trace.complete
    assert trace.notes == ("line 10 is cut off and was dropped",)


def lines() -> list[str]:
    return list(trace_lines(Trace("x", HEADER, EVENTS)))


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "the file is empty"),
        ("\n\n", "not a trace"),
        ("hello\nworld\n", "not a trace"),
        ('{"a": 1}\n', "not a trace: its first line is JSON"),
        ("\n".join(reversed(lines())), "an event where the header belongs"),
        (lines()[0].replace('"version": 1', '"version": 7'), "version 7"),
        (lines()[0].replace('"firmware": "5.0.0"', '"firmwere": "5.0.0"'), "line 1: firm"),
        (lines()[0] + '\n{"ev": "snapshot", "label": "x"}\n{"ev": "end"}\n', "line 2: snapshot.used: field required"),
        (lines()[0] + '\n{"ev": "nonsense"}\n{"ev": "end"}\n', "line 2"),
        (lines()[0] + '\n{"ev": "end", "more": 1}\n', "line 2: end.more"),
        (lines()[0] + '\n{"ev": "snapshot", "la\n{"ev": "end"}\n', "line 2: not JSON"),
    ],
)
def test_broken_files(tmp_path: Path, text: str, cause: str) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text(text)
    with pytest.raises(TraceError) as caught:
        open_trace(path)
    assert cause in str(caught.value).lower() or cause in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        open_trace(tmp_path / "nothing")
    with pytest.raises(TraceError, match="Is a directory"):
        open_trace(tmp_path)
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(b"x" * 10_000)[:-20])
    with pytest.raises(TraceError, match="cut off"):
        open_trace(cut)
    damaged = tmp_path / "damaged.gz"
    damaged.write_bytes(b"\x1f\x8b" + bytes(range(3, 200)))
    with pytest.raises(TraceError, match=r"damaged|cut off"):
        open_trace(damaged)
    with pytest.raises(InputError, match="No such file"):
        write_trace(Trace("x", HEADER, EVENTS), tmp_path / "no" / "folder.jsonl")
