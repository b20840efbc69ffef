"""Models of converters newer than what reads them: operators, element types and fields that were added since."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import pytest
import tflite

from omvsim.graph import Quantization, TensorType, parse_model
from omvsim.graph._names import operator_name
from omvsim.models.builder import ModelBuilder
from omvsim.tflm import LIBRARIES, Status, plan_arena

if TYPE_CHECKING:
    from omvsim.tflm import Refusal

MODERN, LEGACY = LIBRARIES["73eb1aa"], LIBRARIES["libtf-4.5.5"]


def one_operator(name: str, element: TensorType = TensorType.INT8) -> bytes:
    builder = ModelBuilder()
    graph = builder.subgraph()
    x, y = (graph.tensor((1, 4, 4, 1), element, quantization=Quantization((1.0,), (0,))) for _ in range(2))
    graph.inputs.append(x)
    graph.operator(name, [x], [y], version=1)
    graph.output(y)
    return builder.build()


def numbered(code: int, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A model whose only operator has number ``code``."""
    monkeypatch.setattr(tflite.BuiltinOperator, "ADDED_SINCE", code, raising=False)
    return one_operator("ADDED_SINCE")


def refused(data: bytes, library: Any = MODERN) -> Refusal:
    plan = plan_arena(parse_model(data, "newer"), library)
    assert plan.status is Status.REFUSED
    assert plan.refusal is not None
    return plan.refusal


def schema() -> Any:
    pytest.importorskip("ai_edge_litert", reason="ai-edge-litert is not installed")
    return importlib.import_module("ai_edge_litert.schema_py_generated")


def enumerated(kind: type) -> dict[int, str]:
    return {value: name for name, value in vars(kind).items() if isinstance(value, int) and not name.startswith("_")}


def test_operators_have_the_names_that_litert_gives_them() -> None:
    theirs = enumerated(schema().BuiltinOperator)
    assert len(theirs) > 200
    assert {code: operator_name(code) for code in theirs} == theirs
    assert operator_name(max(theirs) + 1) == f"BUILTIN_{max(theirs) + 1}"


def test_element_types_have_the_names_that_litert_gives_them() -> None:
    assert {int(kind): kind.name for kind in TensorType} == enumerated(schema().TensorType)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (3, "CONV_2D"),
        (206, "STABLEHLO_COMPOSITE"),
        (208, "STABLEHLO_CBRT"),
        (209, "STABLEHLO_CASE"),
        (254, "BUILTIN_254"),
    ],
)
def test_operators_have_names(code: int, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where ai-edge-litert is not installed."""
    (operator,) = parse_model(numbered(code, monkeypatch), "newer").main.operators
    assert (operator.name, operator.code, operator.code_field) == (name, code, code)


@pytest.mark.parametrize(
    ("code", "name", "library", "reason", "said"),
    [
        (
            206,
            "STABLEHLO_COMPOSITE",
            MODERN,
            "the firmware has no operator STABLEHLO_COMPOSITE",
            "Didn't find op for builtin opcode 'STABLEHLO_COMPOSITE'\n"
            "Failed to get registration from op code STABLEHLO_COMPOSITE",
        ),
        (
            207,
            "STABLEHLO_SHIFT_LEFT",
            MODERN,
            "the firmware has no operator STABLEHLO_SHIFT_LEFT (builtin operator 207; its schema ends at 206)",
            "Op builtin_code out of range: 207.\nFailed to get registration from op code ",
        ),
        (
            209,
            "STABLEHLO_CASE",
            MODERN,
            "the firmware has no operator STABLEHLO_CASE (builtin operator 209; its schema ends at 206)",
            "Op builtin_code out of range: 209.\nFailed to get registration from op code ",
        ),
        (
            4000,
            "BUILTIN_4000",
            MODERN,
            "the firmware has no operator BUILTIN_4000 (builtin operator 4000; its schema ends at 206)",
            "Op builtin_code out of range: 4000.\nFailed to get registration from op code ",
        ),
        (
            145,
            "BROADCAST_ARGS",
            LEGACY,
            "the firmware has no operator BROADCAST_ARGS (builtin operator 145; its schema ends at 144)",
            # as measured with this library
            "Op builtin_code out of range: 145. Are you using old TFLite binary with newer model?\n"
            "Failed to get registration from op code ",
        ),
    ],
)
def test_what_the_camera_says_about_them(
    code: int, name: str, library: Any, reason: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = refused(numbered(code, monkeypatch), library)
    assert (refusal.operator, refusal.reason, refusal.library_message) == (name, reason, said)


@pytest.mark.parametrize(
    ("kind", "library", "named"),
    [
        (TensorType.INT4, LEGACY, "int4 (17)"),
        (TensorType.BFLOAT16, LEGACY, "bfloat16 (18)"),
        (TensorType.INT2, MODERN, "int2 (19)"),
        (TensorType.UINT4, MODERN, "uint4 (20)"),
        (TensorType.FLOAT8_E4M3FN, MODERN, "float8_e4m3fn (21)"),
        (TensorType.FLOAT8_E5M2, MODERN, "float8_e5m2 (22)"),
        (99, MODERN, "type 99"),
    ],
)
def test_element_types_that_the_library_does_not_know(kind: Any, library: Any, named: str) -> None:
    refusal = refused(one_operator("RESHAPE", kind), library)
    assert refusal.reason == f"tensor 0 has element type {named}, which the library does not know"
    assert refusal.library_message == f"Unsupported data type {int(kind)} in tensor"


@pytest.mark.parametrize("kind", [TensorType.INT4, TensorType.BFLOAT16])
def test_element_types_that_the_library_knows(kind: TensorType) -> None:
    plan = plan_arena(parse_model(one_operator("RESHAPE", kind), "newer"), MODERN)
    assert "does not know" not in str(plan.refusal)


_TABLES = (
    "Model",
    "SubGraph",
    "Tensor",
    "Operator",
    "OperatorCode",
    "Buffer",
    "QuantizationParameters",
    "Conv2DOptions",
)


@pytest.mark.parametrize("table", _TABLES)
def test_a_field_added_to_a_table_changes_nothing(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flatbuffers' rule: a reader leaves out what its schema does not have."""
    builder = ModelBuilder()
    graph = builder.subgraph()
    x = graph.input((1, 8, 8, 2), quantization=Quantization((0.5,), (0,)))
    w = graph.constant((4, 3, 3, 2), TensorType.INT8, bytes(72), quantization=Quantization((1.0,) * 4, (0,) * 4))
    b = graph.constant((4,), TensorType.INT32, [0] * 4, quantization=Quantization((0.5,) * 4, (0,) * 4))
    y = graph.tensor((1, 8, 8, 4), quantization=Quantization((0.25,), (7,)))
    graph.operator("CONV_2D", [x, w, b], [y], {"stride_w": 1, "stride_h": 1})
    graph.output(y)
    before = builder.build()
    end = getattr(tflite, f"{table}End")

    def ends(out: Any) -> int:
        out.PrependUint64Slot(40, 0xABCD_EF01_2345, 0)
        return int(end(out))

    monkeypatch.setattr(tflite, f"{table}Start", lambda out: out.StartObject(41))
    monkeypatch.setattr(tflite, f"{table}End", ends)
    after = builder.build()
    assert len(after) > len(before)
    known, newer = (parse_model(data, "one name") for data in (before, after))
    assert newer.subgraphs == known.subgraphs
    assert newer.metadata == known.metadata
    plans = [plan_arena(model, MODERN) for model in (known, newer)]
    assert plans[0].status is Status.OK
    assert plans[1].buffers == plans[0].buffers
    assert plans[1].tail_bytes == plans[0].tail_bytes
