"""The library of OpenMV 4.5.5 against its own figures, and the forum's models on both libraries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.graph import parse_model, read_model
from omvsim.models.builder import ModelBuilder
from omvsim.tflm import LIBRARIES, Outcome, Status, allocate, explain_allocation, plan_arena

if TYPE_CHECKING:
    from pathlib import Path

LIBTF = LIBRARIES["libtf-4.5.5"]
_RETURNED_EXTRA = 1024  # libtf returns arena_used_bytes + 1024


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_every_measured_model(shared: Path) -> None:
    wrong = []
    for row in rows(shared / "oracle" / "tflm" / "v455_libtf.jsonl"):
        plan = plan_arena(read_model(shared / row["path"]), LIBTF)
        loads = row["libtf_ret"] == 0
        figure = plan.arena_used_bytes + _RETURNED_EXTRA
        if (plan.status is Status.OK) != loads or (loads and figure != row["libtf_tensor_arena_size"]):
            wrong.append((row["file"], plan.status, figure, row["libtf_tensor_arena_size"], row["messages"]))
    assert wrong == []


def test_refusals_in_the_librarys_words(shared: Path) -> None:
    for row in rows(shared / "oracle" / "tflm" / "v455_libtf.jsonl"):
        plan = plan_arena(read_model(shared / row["path"]), LIBTF)
        if row["libtf_ret"] == 1 and row["messages"][-1].startswith(("Input ", "Output ")):
            assert plan.refusal is not None
            assert plan.refusal.library_message == row["messages"][-1], row["file"]


def test_forum_models_on_4_5_5(shared: Path) -> None:
    """At every remainder of the arena's end modulo 16; the library runs in an arena of exactly its own figure."""
    for row in rows(shared / "oracle" / "forum" / "v455.jsonl"):
        path = shared / "oracle" / "forum" / "models" / row["file"]
        if not path.exists():
            continue
        plan = plan_arena(read_model(path), LIBTF)
        ends = {end: explain_allocation(plan, 2**24 + int(end)).used_bytes + 1024 for end in row["by_arena_end_mod16"]}
        assert ends == row["by_arena_end_mod16"]
        assert allocate(plan, row["libtf_tensor_arena_size"]) is Outcome.OK


def test_forum_models_on_4_8_1(shared: Path) -> None:
    for row in rows(shared / "oracle" / "forum" / "arena.jsonl"):
        path = shared / "oracle" / "forum" / "models" / row["file"]
        if not path.exists():
            continue
        plan = plan_arena(read_model(path))
        assert (plan.head_bytes, plan.tail_bytes) == (row["head"], row["tail"])
        measured = [tuple(entry[:4]) for entry in row["plan"]["buffers_offset_size_first_last_offline"]]
        assert [(b.offset, b.bytes, b.first, b.last) for b in plan.buffers] == measured
        stage = row["openmv_second_stage"]
        assert allocate(plan, stage["arena"]) is Outcome.OK


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((1, 4, 4, 2), "Input dimension [c] should be 1 or 3!"),
        ((4, 4, 5), "Input dimension [c] should be 1 or 3!"),
        ((2, 4, 4, 1), "Input dimension [n] should be 1!"),
        ((4,), "Input dimensions should be [h][w](c=1), [h][w][c==1||c==3], or [n==1][h][w][c==1||c==3]!"),
    ],
)
def test_only_pictures_are_taken(shape: tuple[int, ...], message: str) -> None:
    builder = ModelBuilder()
    graph = builder.subgraph()
    x = graph.input(shape)
    y = graph.tensor(shape)
    graph.operator("NEG", [x], [y])
    graph.output(y)
    plan = plan_arena(parse_model(builder.build(), "m"), LIBTF)
    assert plan.status is Status.REFUSED
    assert plan.refusal is not None
    assert plan.refusal.library_message == message


def test_one_subgraph_only() -> None:
    builder = ModelBuilder()
    graph = builder.subgraph()
    x = graph.input((4, 4))
    graph.output(x)
    builder.subgraph()
    plan = plan_arena(parse_model(builder.build(), "m"), LIBTF)
    assert plan.refusal is not None
    assert plan.refusal.library_message == "Only 1 subgraph is currently supported."
