"""Traces of allocator events with fields that are not what they should be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.errors import TraceError
from omvsim.traces import FirmwareTrace, Snapshot, open_trace

if TYPE_CHECKING:
    from collections.abc import Callable

RECORDED = Path(__file__).parents[1] / "fuzz" / "corpus" / "trace" / "firmware.jsonl"


def changed(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """The trace with its first ``info`` event changed."""
    events = [json.loads(line) for line in RECORDED.read_text(encoding="utf-8").splitlines()]
    change(next(event for event in events if event["ev"] == "info"))
    path = folder / "trace.jsonl"
    path.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("areas", 3),
        ("areas", [3]),
        ("areas", [{"used_blocks": 1}]),
        ("areas", [{"max_free_blocks": 1}]),
        ("areas", [{"used_blocks": "1", "max_free_blocks": 1}]),
        ("areas", [{"used_blocks": 1, "max_free_blocks": -1}]),
        ("max_block", "x"),
        ("num_1block", -1),
        ("num_2block", 1 << 40),
    ],
)
def test_a_field_that_is_no_number_names_its_line(tmp_path: Path, name: str, value: object) -> None:
    path = changed(tmp_path, lambda event: event.update({name: value}))
    with pytest.raises(TraceError, match=f"line 3: info event without a usable '{name}'"):
        open_trace(path)


def test_older_traces_say_less(tmp_path: Path) -> None:
    def without(event: dict[str, Any]) -> None:
        for name in ("areas", "max_block", "num_1block", "num_2block"):
            del event[name]

    trace = open_trace(changed(tmp_path, without))
    assert isinstance(trace, FirmwareTrace)
    first = next(event for event in trace.trace.events if isinstance(event, Snapshot))
    assert (first.areas, first.max_block, first.num_1block) == ((), None, None)
