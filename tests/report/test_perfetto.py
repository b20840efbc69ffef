"""The trace: its events are those the format allows, and they add up to the run."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.capture import HeapMaps, write_capture
from omvsim.cli import main
from omvsim.report import trace_json
from tests.capture.captures import NAMES, capture_of

if TYPE_CHECKING:
    from pathlib import Path

PROCESSOR = os.environ.get("OMVSIM_TRACE_PROCESSOR") or shutil.which("trace_processor_shell")
KEYS = {  # Trace Event Format: what each phase must have
    "X": {"name", "cat", "ph", "ts", "dur", "pid", "tid", "args"},
    "C": {"name", "ph", "ts", "pid", "tid", "args"},
    "M": {"name", "ph", "pid", "tid", "args"},
    "s": {"name", "cat", "ph", "ts", "pid", "tid", "id"},
    "f": {"name", "cat", "ph", "ts", "pid", "tid", "id", "bp"},
}
METADATA = {"process_name", "thread_name", "thread_sort_index"}


@lru_cache(maxsize=16)
def trace_of(name: str) -> dict[str, Any]:
    trace: dict[str, Any] = json.loads(trace_json(capture_of(name)))
    return trace


def events(run: str, phase: str, **wanted: object) -> list[dict[str, Any]]:
    found = (event for event in trace_of(run)["traceEvents"] if event["ph"] == phase)
    return [event for event in found if all(event.get(key) == value for key, value in wanted.items())]


@pytest.mark.parametrize("name", NAMES)
def test_every_event_is_one_of_the_format(name: str) -> None:
    trace = trace_of(name)
    assert set(trace) == {"traceEvents", "displayTimeUnit", "otherData"}
    assert trace["displayTimeUnit"] in ("ms", "ns")
    for event in trace["traceEvents"]:
        assert set(event) == KEYS[event["ph"]]
        assert isinstance(event["name"], str)
        assert isinstance(event["pid"], int)
        assert isinstance(event["tid"], int)
        assert event["ph"] == "M" or event["ts"] >= 0
        assert event["ph"] != "X" or event["dur"] > 0
        assert event["ph"] != "M" or event["name"] in METADATA
        assert event["ph"] != "C" or all(isinstance(value, int) for value in event["args"].values())


@pytest.mark.parametrize("name", NAMES)
def test_slices_of_a_thread_lie_in_one_another_or_apart(name: str) -> None:
    threads: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for event in events(name, "X"):
        threads.setdefault((event["pid"], event["tid"]), []).append((event["ts"], -event["dur"]))
    for spans in threads.values():
        ends: list[float] = []
        for start, length in sorted(spans):
            while ends and ends[-1] <= start + 1e-6:
                ends.pop()
            assert not ends or start - length <= ends[-1] + 1e-6
            ends.append(start - length)


@pytest.mark.parametrize("name", NAMES)
def test_flows_go_from_an_allocation_forward_to_where_it_is_gone(name: str) -> None:
    starts = {event["id"]: event for event in events(name, "s")}
    ends = {event["id"]: event for event in events(name, "f")}
    assert set(starts) == set(ends)
    requests = {event["ts"]: event for event in events(name, "X", tid=4, pid=1)}
    freed = events(name, "X", cat="gone")
    assert len(freed) == len(ends)
    for number, start in starts.items():
        assert start["ts"] < ends[number]["ts"]
        request = requests[start["ts"] - 4]
        assert request["cat"] in ("allocation", "moved")
        slice_ = freed[number]
        assert slice_["ts"] < ends[number]["ts"] < slice_["ts"] + slice_["dur"]
        assert slice_["args"]["address"] == request["args"]["address"]


@pytest.mark.parametrize("name", ["runs", "pools", "leak", "frames"])
def test_counters_are_the_levels_of_every_moment(name: str) -> None:
    document = capture_of(name).document
    for number, area in enumerate(document.areas):
        counter = events(name, "C", name=f"{area.name} {area.memory}")
        assert [event["args"]["used"] for event in counter] == [
            moment.levels[number].used for moment in document.moments
        ]
        times = [event["ts"] for event in counter]
        assert times == sorted(set(times))


def test_a_leak_frees_nothing_of_what_it_keeps() -> None:
    assert "picture" not in {event["name"] for event in events("leak", "X", cat="gone")}
    assert len(events("leak", "X", cat="frame")) == sum(m.kind == "frame" for m in capture_of("leak").document.moments)
    assert len(events("leak", "X", cat="refusal")) >= 1


def test_what_is_gone_is_what_a_map_no_longer_has() -> None:
    """Every chunk that a request is behind and a later map has not."""
    capture = capture_of("leak")
    gone, expected, before = events("leak", "X", cat="gone"), 0, {}
    for _, addresses, _, requests in HeapMaps(capture).blocks():
        now = dict(zip(addresses.tolist(), requests.tolist(), strict=True))
        expected += sum(request >= 0 and now.get(address) != request for address, request in before.items())
        before = now
    assert len(gone) == expected > 0


def test_operators_take_the_time_models_time() -> None:
    timing = capture_of("runs").document.timing
    assert timing is not None
    operators = events("runs", "X", cat="operator")
    assert [event["name"] for event in operators] == [operator.name for operator in timing.operators]
    whole = sum(operator.nominal for operator in timing.operators) * 1000
    assert abs(operators[-1]["ts"] + operators[-1]["dur"] - whole) < 0.001 * len(operators)
    arena = capture_of("runs").document.arenas[0]
    assert max(event["args"]["alive"] for event in events("runs", "C", name="arena")) == arena.peak


def test_calls_hold_every_request_once() -> None:
    calls = events("leak", "X", cat="call")
    assert sum(call["args"]["requests"] for call in calls) == len(capture_of("leak").column("request_kind"))


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept, out = tmp_path / "a.omv", tmp_path / "a.json"
    write_capture(kept, capture_of("runs"))
    assert main(["report", "perfetto", str(kept), "-o", str(out)]) == 0
    assert json.loads(out.read_text(encoding="utf-8")) == trace_of("runs")


@pytest.mark.skipif(
    PROCESSOR is None or importlib.util.find_spec("perfetto") is None,
    reason="needs perfetto and its trace_processor_shell (OMVSIM_TRACE_PROCESSOR)",
)
@pytest.mark.parametrize("name", ["runs", "leak"])
def test_perfettos_own_processor_reads_it(name: str, tmp_path: Path) -> None:
    path = tmp_path / "trace.json"
    path.write_text(trace_json(capture_of(name)), encoding="utf-8")
    processing = importlib.import_module("perfetto.trace_processor")
    config = processing.TraceProcessorConfig(bin_path=PROCESSOR)
    with processing.TraceProcessor(trace=str(path), config=config) as processor:
        count = {
            row.name: row.n
            for row in processor.query(
                "select 'slice' as name, count(*) as n from slice union all "
                "select 'flow', count(*) from flow union all select 'counter', count(*) from counter"
            )
        }
        errors = list(processor.query("select * from stats where severity = 'error' and value > 0"))
    assert errors == []
    assert count["slice"] == len(events(name, "X"))
    assert count["flow"] == len(events(name, "s"))
