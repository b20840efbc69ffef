"""The timeline against the planner's own figures, and how it prints."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from omvsim.errors import ModelError
from omvsim.graph import parse_model, read_model
from omvsim.report._timeline import peak_lines, timeline_to_dict, timeline_to_rich
from omvsim.runtime import make_timeline
from omvsim.tflm import plan_arena

from .tiny import TinyModel, two_relus

if TYPE_CHECKING:
    from pathlib import Path


def printed(timeline: object, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(timeline_to_rich(timeline))  # type: ignore[arg-type]
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_two_operators_by_hand() -> None:
    model = parse_model(two_relus(), "two.tflite")
    plan = plan_arena(model)
    timeline = make_timeline(model, plan, arena_bytes=plan.arena_used_bytes + 512)
    first, second = timeline.steps
    # x and h live at RELU, h and y at ADD; four floats are 16 bytes.
    assert (first.step, first.name, first.live_bytes, first.read_bytes, first.written_bytes) == (1, "RELU", 32, 16, 16)
    assert (second.live_bytes, second.read_bytes, second.scratch_bytes) == (32, 32, 0)
    assert first.headroom == plan.head_bytes + 512 - 32
    assert timeline.peak.live_bytes == 32
    assert timeline.peak.steps == (0, 1)
    assert "To lower it, shrink 0 RELU, 1 ADD (all of them)." in peak_lines(timeline)


def test_every_step_agrees_with_the_plan(shared: Path) -> None:
    models = 0
    for path in sorted((shared / "models").glob("*/*.tflite")):
        model = read_model(path)
        plan = plan_arena(model)
        if not plan.is_ok:
            continue
        timeline = make_timeline(model, plan)
        models += 1
        scratch_at_owner = all(
            any((s.subgraph, s.operator) == (b.subgraph, b.owner) and i in s.live for s in timeline.steps)
            for i, b in enumerate(timeline.buffers)
            if b.kind == "scratch" and b.first >= 0
        )
        assert scratch_at_owner, path.name
        for step in timeline.steps:
            planned = [b for b in plan.buffers if b.first <= step.step <= b.last]
            assert step.live_bytes == sum(b.bytes for b in planned), path.name
            assert step.headroom == timeline.arena_bytes - plan.tail_bytes - step.live_bytes
            assert step.live_bytes <= step.extent <= plan.head_bytes or any(b.offline for b in planned)
            subgraph = model.subgraphs[step.subgraph]
            alive = {b.owner for b in planned if b.kind == "tensor" and b.subgraph == step.subgraph}
            outputs = {i for i in subgraph.operators[step.operator].outputs if not subgraph.tensors[i].is_variable}
            planned_ever = {b.owner for b in plan.buffers if b.kind == "tensor" and b.subgraph == step.subgraph}
            assert outputs & planned_ever <= alive, path.name
        assert timeline.peak.gap_bytes == plan.head_bytes - timeline.peak.live_bytes
    assert models > 600


def test_peak_of_yolov8n(shared: Path) -> None:
    model = read_model(shared / "models/real/yolov8n_192.tflite")
    timeline = make_timeline(model, plan_arena(model))
    peak = timeline.peak
    # The first activation: conv output, its sigmoid and their product, 96 x 96 x 16 each.
    assert [(timeline.buffers[i].bytes, timeline.buffers[i].owner) for i in peak.holders] == [
        (147456, 160),
        (147456, 161),
        (147456, 159),
    ]
    assert [(timeline.steps[i].operator, timeline.steps[i].name) for i in peak.steps] == [(4, "MUL")]
    assert (peak.live_bytes, peak.gap_bytes, timeline.head_bytes) == (442368, 6208, 448576)
    assert peak_lines(timeline)[1:3] == [
        "Peak 442 368 bytes alive at 4 MUL, held by:",
        "      147 456 at 0        tensor 160 model_1/tf.math.sigmoid/Sigmoid",
    ]


@pytest.mark.parametrize("width", [90, 140])
def test_the_table_is_readable(shared: Path, width: int) -> None:
    model = read_model(shared / "models/real/yolov8n_192.tflite")
    text = printed(make_timeline(model, plan_arena(model)), width)
    assert all(len(line) <= width for line in text.splitlines())
    row = next(line for line in text.splitlines() if line.strip().startswith("4 MUL"))
    assert "442 368" in row
    assert "6 208" in row
    assert "294 912" in row


def test_json(shared: Path) -> None:
    model = read_model(shared / "models/real/person_detect.tflite")
    data = json.loads(json.dumps(timeline_to_dict(make_timeline(model, plan_arena(model)))))
    assert data["arena_bytes"] == data["head_bytes"] + data["tail_bytes"] == 82308
    assert len(data["operators"]) == 31
    first = data["operators"][0]
    assert {"name", "live_bytes", "headroom", "read_bytes", "written_bytes", "scratch_bytes"} <= first.keys()
    assert data["peak"]["operators"][0]["step"] in [op["step"] for op in data["operators"]]


def test_called_subgraphs_follow_their_caller(shared: Path) -> None:
    model = read_model(shared / "models/synthetic/sg_if_scratch.tflite")
    timeline = make_timeline(model, plan_arena(model))
    callers = [i for i, step in enumerate(timeline.steps) if step.name == "IF"]
    assert timeline.steps[callers[0] + 1].subgraph == 1
    assert [step.step for step in timeline.steps] == sorted(step.step for step in timeline.steps)
    assert "1:0 " in printed(timeline)


def test_no_operators() -> None:
    model = TinyModel()
    x = model.tensor([4])
    parsed = parse_model(model.build([x], [x]), "empty.tflite")
    timeline = make_timeline(parsed, plan_arena(parsed))
    assert timeline.steps == ()
    assert "No operators." in printed(timeline)


def test_a_refused_model_has_no_timeline(shared: Path) -> None:
    model = read_model(shared / "models/synthetic/sp_u16_io.tflite")
    with pytest.raises(ModelError, match=r"sp_u16_io\.tflite: no timeline, its arena cannot be planned: "):
        make_timeline(model, plan_arena(model))
