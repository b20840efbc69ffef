"""Instructions and accesses of single operators against measured counts."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from omvsim.provenance import Provenance
from omvsim.timing import Cache, Node, Place, Value, count, misses
from omvsim.timing._families import loops
from omvsim.timing._instructions import accesses
from omvsim.timing._node import node_from_record

HERE = Path(__file__).parent
DATA_DEPENDENT = {"LOGISTIC", "TANH", "SOFTMAX", "LOG_SOFTMAX"}


@cache
def measured() -> list[dict[str, Any]]:
    """Counts of synthetic shapes (the first line of the file says where they are from)."""
    lines = (HERE / "measured.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines[1:]]


@pytest.mark.parametrize("op", sorted({row["op"] for row in measured()}))
def test_instructions_of_every_measured_operator(op: str) -> None:
    rows = [row for row in measured() if row["op"] == op]
    errors = []
    for row in rows:
        counted = count(node_from_record(row))
        assert counted is not None, row["model"]
        errors.append(abs(counted.instructions.nominal / row["instructions"] - 1))
    mean = sum(errors) / len(errors)
    assert mean <= (0.15 if op in DATA_DEPENDENT | {"SVDF"} else 0.05), [r["model"] for r in rows]


@pytest.mark.parametrize("op", ["CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "ADD", "MUL", "AVERAGE_POOL_2D"])
def test_the_big_kernels_are_within_three_percent(op: str) -> None:
    rows = [row for row in measured() if row["op"] == op]
    errors = [abs(count(node_from_record(r)).instructions.nominal / r["instructions"] - 1) for r in rows]  # type: ignore[union-attr]
    assert sum(errors) / len(errors) <= 0.03


def test_accesses_follow_the_loops() -> None:
    for row in measured():
        if row["op"] not in {"CONV_2D", "DEPTHWISE_CONV_2D"} or row["instructions"] < 20_000:
            continue
        counted = count(node_from_record(row))
        assert counted is not None
        for name, kind, where in (("weights_loads", "loads", "weights"), ("arena_loads", "loads", "head")):
            recorded = row[kind][where]
            assert accesses(counted)[name] == pytest.approx(recorded, rel=0.15, abs=200), (row["model"], name)


def test_issue_cycles_lie_between_half_a_cycle_and_three_an_instruction() -> None:
    for row in measured():
        counted = count(node_from_record(row))
        assert counted is not None
        assert 0.5 <= counted.issue.nominal / counted.instructions.nominal <= 3.0


def image(*shape: int, kind: str = "i8") -> Value:
    return Value(kind, (1, *shape))


def conv(size: int, depth: int, rows: int, kernel: int) -> Node:
    weights = Value("i8", (rows, kernel, kernel, depth), constant=True)
    bias = Value("i32", (rows,), constant=True)
    params = {"k": (kernel, kernel), "s": (1, 1), "d": (1, 1), "pad": "SAME"}
    return Node("CONV_2D", (image(size, size, depth), weights, bias), (image(size, size, rows),), params)


def test_which_kernel_runs() -> None:
    assert loops(conv(8, 16, 16, 1))[0] == "conv1x1_i8"  # type: ignore[index]
    assert loops(conv(8, 16, 16, 3))[0] == "conv_i8"  # type: ignore[index]
    weights = Value("i8", (1, 3, 3, 16), constant=True)
    params = {"k": (3, 3), "s": (1, 1), "d": (1, 1), "pad": "SAME"}
    plain = Node("DEPTHWISE_CONV_2D", (image(8, 8, 16), weights), (image(8, 8, 16),), params)
    assert loops(plain)[0] == "dw3x3_i8"  # type: ignore[index]
    dilated = Node("DEPTHWISE_CONV_2D", plain.inputs, plain.outputs, {**params, "d": (2, 2)})
    assert loops(dilated)[0] == "dw_generic_i8"  # type: ignore[index]


def test_same_shapes_of_different_rank_do_not_broadcast() -> None:
    node = Node("MUL", (Value("i8", (1, 1, 4, 756)), Value("i8", (1, 4, 756))), (Value("i8", (1, 1, 4, 756)),))
    assert loops(node)[0] == "mul_i8_same"  # type: ignore[index]


def test_quantize_between_int8_and_uint8_has_a_fast_path() -> None:
    def node(rescale: bool) -> Node:
        shape = (1, 192, 192, 3)
        return Node("QUANTIZE", (Value("u8", shape),), (Value("i8", shape),), {"rescale": rescale})

    fast, slow = count(node(False)), count(node(True))
    assert fast is not None
    assert slow is not None
    assert fast.instructions.nominal / (192 * 192 * 3) == pytest.approx(5.0, abs=0.1)
    assert slow.instructions.nominal / (192 * 192 * 3) == pytest.approx(48.0, abs=0.5)


def logistic(**params: Any) -> Node:
    shape = (1, 12, 12, 64)
    return Node("LOGISTIC", (Value("i8", shape),), (Value("i8", shape),), params)


def test_saturation_widens_the_range_and_known_values_close_it() -> None:
    sure = count(logistic(radius=480, zero_point=0))
    open_ = count(logistic(radius=60, zero_point=0))
    known = count(logistic(radius=60, zero_point=0, live=0.25))
    assert sure is not None
    assert open_ is not None
    assert known is not None
    assert sure.instructions.high / sure.instructions.low < 1.1
    assert open_.instructions.low < 0.5 * open_.instructions.nominal
    assert 0.9 * open_.instructions.low < known.instructions.nominal < open_.instructions.nominal
    assert known.instructions.high / known.instructions.low < 1.1


def test_an_operator_without_facts_is_unknown_not_zero() -> None:
    assert count(Node("CUSTOM:Nobody", (image(4, 4, 4),), (image(4, 4, 4),))) is None
    assert count(Node("POW", (image(4, 4, 4),), (image(4, 4, 4),))) is None


def test_an_unmeasured_type_is_an_assumption_with_a_wide_range() -> None:
    counted = count(Node("CAST", (image(4, 4, 4, kind="i16"),), (image(4, 4, 4, kind="i32"),)))
    assert counted is not None
    assert counted.provenance is Provenance.ASSUMED
    assert counted.instructions.high > 5 * counted.instructions.low > 0
    assert "not measured" in counted.note


def test_negative_dimensions_are_unknown_and_miss_nothing() -> None:
    broken = conv(8, 16, 16, 3)
    for shape in ((1, -8, -8, 16), (1, 8, -8, 16)):
        node = Node("CONV_2D", broken.inputs, (Value("i8", shape),), broken.params)
        assert not node.is_sized
        assert count(node) is None
        assert misses(node, Place(Cache(policy="random"))) == (0, 0, 0, 0)
    assert broken.is_sized


def test_shapes_no_kernel_could_run_with_are_unknown() -> None:
    broken = conv(8, 16, 16, 3)
    assert count(Node("CONV_2D", broken.inputs[:1], broken.outputs, {})) is None
    assert count(Node("CONV_2D", broken.inputs, broken.outputs, {**broken.params, "k": (10**9, 1)})) is None
    assert count(Node("CONV_2D", broken.inputs, broken.outputs, {**broken.params, "s": (0, 1)})) is None
