"""``omvsim replay``: every recorded trace comes out exact, and a file that is no whole trace is named in one line."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.cli.exit_codes import ExitCode
from omvsim.heap import GcHeap
from omvsim.traces._firmware_events import replay_trace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Outcome

    Run = Callable[..., Outcome]

AREAS = [["0x20280000", 65536], [0x20300000, 278528]]


def event(number: int, kind: str, **fields: Any) -> dict[str, Any]:
    return {"i": number, "ev": kind, **fields}


def small_trace() -> list[dict[str, Any]]:
    """A trace as the firmware would write it, recorded from the simulated heap."""
    heap = GcHeap([(0x20280000, 65536), (0x20300000, 278528)])
    events: list[dict[str, Any]] = []

    def alloc(size: int) -> int:
        address = heap.alloc(size)
        assert address is not None
        events.append(event(len(events), "alloc", n=size, addr=address))
        return address

    first, second, third = alloc(24), alloc(5000), alloc(70000)
    events.append(event(len(events), "free", addr=second, blocks=heap.free(second)))
    alloc(16)
    grown = heap.realloc(first, 40)
    events.append(event(len(events), "alloc", n=40, addr=grown, in_realloc=1))
    events.append(event(len(events), "free", addr=first, blocks=2, in_realloc=1))
    moved = {"in": first, "n": 40, "allow_move": 1, "addr": grown, "how": "move", "old_blocks": 2}
    events.append(event(len(events), "realloc", **moved))
    events.append(event(len(events), "collect_start", used=0, free=0, max_free=0))
    events.append(event(len(events), "sweep", addr=third))
    heap.collector = lambda: heap.release([third])
    heap.collect()
    info = heap.info()
    after = {"used": info.used, "free": info.free, "max_free": info.max_free}
    events.append(event(len(events), "collect_end", **after))
    events.append(event(len(events), "info", label="end", total=info.total, **after))
    return [{"ev": "header", "areas_arg": AREAS, "script": "…"}, *events]


def write(path: Path, events: list[dict[str, Any]], *, packed: bool = False) -> Path:
    data = "".join(json.dumps(entry) + "\n" for entry in events).encode()
    path.write_bytes(gzip.compress(data) if packed else data)
    return path


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", ["trace.jsonl", "trace.jsonl.gz", "trace"])
def test_exact_trace_under_any_name(omvsim: Run, tmp_path: Path, name: str, packed: bool) -> None:
    path = write(tmp_path / name, small_trace(), packed=packed)
    done = omvsim("replay", path, "--json")
    row = json.loads(done.out)
    assert (done.code, done.err) == (ExitCode.OK, "")
    assert row["path"] == str(path)
    assert (row["allocations"], row["address_mismatches"], row["info_mismatches"]) == (5, 0, 0)
    assert row["first_mismatch"] is None


def test_a_changed_address_is_counted_once_and_named(omvsim: Run, tmp_path: Path) -> None:
    events = small_trace()
    events[2]["addr"] += 16
    done = omvsim("replay", write(tmp_path / "t.jsonl", events), "--json")
    row = json.loads(done.out)
    assert done.code == ExitCode.ERROR
    assert row["address_mismatches"] >= 1
    assert "event 1 alloc" in row["first_mismatch"]


def test_the_replay_goes_on_with_its_own_address(tmp_path: Path) -> None:
    """A record that calls the chunk by a wrong address throughout differs once, not in all that follows."""
    events = small_trace()
    right, wrong = events[2]["addr"], events[2]["addr"] + 32
    for entry in events[1:]:
        if entry.get("addr") == right and entry["i"] < 4:
            entry["addr"] = wrong
    assert replay_trace(write(tmp_path / "t.jsonl", events)).address_mismatches == 1


def test_a_changed_total_is_an_info_mismatch(omvsim: Run, tmp_path: Path) -> None:
    events = small_trace()
    events[-1]["used"] += 16
    done = omvsim("replay", write(tmp_path / "t.jsonl", events))
    assert done.code == ExitCode.ERROR
    assert "1 info mismatches" in done.out


def test_freeing_what_was_never_allocated_is_a_mismatch(tmp_path: Path) -> None:
    events = small_trace()
    events[4]["addr"] += 160
    assert not replay_trace(write(tmp_path / "t.jsonl", events)).exact


def lines(*entries: object) -> bytes:
    return b"".join(json.dumps(entry).encode() + b"\n" for entry in entries)


HEADER = {"ev": "header", "areas_arg": AREAS}
ALLOC = {"i": 0, "ev": "alloc", "n": 16, "addr": 1}
BROKEN = {
    "empty": (b"", "empty"),
    "only-header": (lines(HEADER), "cut off"),
    "no-header": (lines(ALLOC), "line 1"),
    "not-json": (b"hello\n", "line 1: not JSON"),
    "not-utf-8": (b"\xff\xfe{}\n", "line 1"),
    "number": (b"17\n", "line 1"),
    "half-line": (lines(HEADER, ALLOC) + b'{"i": 1, "ev": "fre', "line 3: cut off"),
    "foreign": (lines({"file": "m.tflite", "status": 0}), "line 1"),
    "no-areas": (lines({"ev": "header"}, ALLOC), "areas"),
    "odd-areas": (lines({"ev": "header", "areas_arg": [["here", 5]]}, ALLOC), "line 1"),
    "tiny-area": (lines({"ev": "header", "areas_arg": [[16, 16]]}, ALLOC), "area"),
    "overlap": (lines({"ev": "header", "areas_arg": [[0, 65536], [4096, 65536]]}, ALLOC), "overlap"),
    "huge-area": (lines({"ev": "header", "areas_arg": [[0, 2**40]]}, ALLOC), "32 bits"),
    "no-size": (lines(HEADER, {"i": 0, "ev": "alloc", "addr": 1}), "line 2: alloc event without a usable 'n'"),
    "odd-size": (lines(HEADER, {"i": 0, "ev": "alloc", "n": 10**30, "addr": 1}), "line 2"),
    "shuffled": (lines(HEADER, {**ALLOC, "i": 1}, ALLOC), "line 2: event 1 where event 0 belongs"),
    "gap": (lines(HEADER, ALLOC, {**ALLOC, "i": 5}), "line 3: event 5 where event 1 belongs"),
    "uma-first": (lines(HEADER, {"i": 0, "ev": "uma", "op": "malloc", "size": 4, "flags": 0, "addr": 8}), "line 2"),
    "uma-odd": (lines(HEADER, {"i": 0, "ev": "uma", "op": "swap"}), "swap"),
    "nested": (b"[" * 200_000 + b"\n", "line 1"),
    "gzip-cut": (gzip.compress(lines(HEADER, ALLOC))[:-12], "cut off"),
    "gzip-bad": (b"\x1f\x8b" + bytes(40), "gzip"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_no_whole_trace(omvsim: Run, tmp_path: Path, name: str) -> None:
    content, named = BROKEN[name]
    path = tmp_path / f"{name}.jsonl"
    path.write_bytes(content)
    done = omvsim("replay", path, "--json")
    assert (done.code, done.out) == (ExitCode.BAD_INPUT, "")
    assert done.err.count("\n") == 1
    assert f"{name}.jsonl: " in done.err
    assert named in done.err


def test_other_files_are_replayed_all_the_same(omvsim: Run, tmp_path: Path) -> None:
    good = write(tmp_path / "good.jsonl", small_trace())
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(b"")
    done = omvsim("replay", good, bad, tmp_path / "gone.jsonl", good, "--json")
    assert [json.loads(line)["path"] for line in done.out.splitlines()] == [str(good), str(good)]
    assert done.code == ExitCode.BAD_INPUT
    assert done.err.count("\n") == 2


@pytest.mark.slow
@pytest.mark.shared
def test_every_recorded_trace_is_exact(shared: Path) -> None:
    paths = sorted(
        path
        for folder in ("firmware", "uma", "scripts/traces")
        for path in (shared / "oracle" / folder).rglob("*.jsonl.gz")
    )
    assert len(paths) > 300
    wrong = {path.name: result.first_mismatch for path in paths if not (result := replay_trace(path)).exact}
    assert wrong == {}
