"""Whatever a file says, planning ends with a status: never with another exception, never after minutes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omvsim.errors import InputError
from omvsim.graph import Quantization, TensorType, parse_model
from omvsim.models.builder import ABSENT, ModelBuilder
from omvsim.tflm import LIBRARIES, LIBTFLM_73EB1AA, TFLITE_MICRO_PYTHON, Status, allocate, minimum_arena, plan_arena
from omvsim.tflm._node import Operand
from omvsim.tflm.operators import rules_for

_LIBRARIES = (LIBTFLM_73EB1AA, LIBRARIES["libtf-4.5.5"], TFLITE_MICRO_PYTHON)
_TYPES = st.sampled_from(list(TensorType))
_SHAPES = st.lists(st.sampled_from([-1, 0, 1, 1, 2, 3, 4, 5, 70000]), max_size=6).map(tuple)
_QUANTIZATION = st.one_of(
    st.none(),
    st.builds(
        Quantization,
        st.lists(st.sampled_from([0.0, 1.0, 0.5, 2.0**-8, 2.0**-15, 1e30, -1.0]), max_size=4).map(tuple),
        st.lists(st.sampled_from([0, -128, 127, 2**40]), max_size=4).map(tuple),
        st.integers(-1, 4),
    ),
)
_OPTIONS = {
    "CONV_2D": (
        "stride_w",
        "stride_h",
        "padding",
        "dilation_w_factor",
        "dilation_h_factor",
        "fused_activation_function",
    ),
    "DEPTHWISE_CONV_2D": ("stride_w", "stride_h", "padding", "dilation_w_factor", "fused_activation_function"),
    "TRANSPOSE_CONV": ("stride_w", "stride_h", "padding"),
    "AVERAGE_POOL_2D": ("stride_w", "stride_h", "padding", "filter_width", "filter_height"),
    "L2_POOL_2D": ("stride_w", "stride_h", "padding", "filter_width", "filter_height"),
    "SVDF": ("rank",),
    "GATHER": ("axis", "batch_dims"),
    "IF": ("then_subgraph_index", "else_subgraph_index"),
    "WHILE": ("cond_subgraph_index", "body_subgraph_index"),
    "CALL_ONCE": ("init_subgraph_index",),
    "BATCH_MATMUL": ("adj_x", "adj_y"),
    "DEPTH_TO_SPACE": ("block_size",),
    "SPACE_TO_DEPTH": ("block_size",),
    "STRIDED_SLICE": ("begin_mask", "end_mask", "shrink_axis_mask"),
}


@st.composite
def any_operator(draw: st.DrawFn, name: str) -> bytes:
    builder = ModelBuilder()
    graph = builder.subgraph()
    quantization = draw(st.one_of(st.none(), _QUANTIZATION))
    kind = draw(_TYPES)

    def tensor() -> int:
        element = draw(st.sampled_from([kind, kind, kind, TensorType.INT32, draw(_TYPES)]))
        shape = draw(_SHAPES)
        if draw(st.integers(0, 3)) == 0:
            data = draw(st.binary(min_size=1, max_size=48))
            return graph.constant(shape, element, data, quantization=draw(_QUANTIZATION))
        variable = draw(st.integers(0, 4)) == 0
        return graph.tensor(shape, element, quantization=quantization, variable=variable)

    inputs = [tensor() if draw(st.integers(0, 7)) else ABSENT for _ in range(draw(st.integers(0, 7)))]
    outputs = [tensor() for _ in range(draw(st.integers(0, 3)))]
    small = st.integers(-2, 6)
    options = {option: draw(st.booleans() if option.startswith("adj") else small) for option in _OPTIONS.get(name, ())}
    if name.startswith("Signal") or name == "CIRCULAR_BUFFER":
        graph.custom_operator(name, inputs, outputs, draw(st.binary(max_size=24)))
    else:
        graph.operator(name, inputs, outputs, options if draw(st.booleans()) else None)
    graph.inputs.extend(i for i in inputs[:2] if i != ABSENT)
    graph.output(*outputs)
    builder.subgraph()
    return builder.build()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(rules_for("cmsis_nn")))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_operator_on_any_tensors(name: str, data: st.DataObject) -> None:
    try:
        model = parse_model(data.draw(any_operator(name)), "any")
    except InputError:
        return
    for library in _LIBRARIES:
        plan = plan_arena(model, library)
        if plan.status is Status.OK:
            for size in (0, 200, plan.arena_used_bytes):
                allocate(plan, size)
            assert (minimum_arena(plan) or 0) >= plan.arena_used_bytes - 15
        else:
            assert "\n" not in str(plan.refusal)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_subgraphs_that_call_each_other(data: st.DataObject) -> None:
    """Circles and deep chains end too."""
    builder = ModelBuilder()
    count = data.draw(st.integers(1, 30))
    for _ in range(count):
        graph = builder.subgraph()
        condition = graph.input((1,), TensorType.BOOL)
        for _ in range(data.draw(st.integers(1, 2))):
            called = {f"{branch}_subgraph_index": data.draw(st.integers(0, count - 1)) for branch in ("then", "else")}
            graph.operator("IF", [condition], [], called)
    plan = plan_arena(parse_model(builder.build(), "calls"))
    assert plan.status in set(Status)


def test_calls_that_double_at_every_level_end() -> None:
    builder = ModelBuilder()
    for level in range(40):
        graph = builder.subgraph()
        condition = graph.input((1,), TensorType.BOOL)
        if level < 39:
            graph.operator("IF", [condition], [], {"then_subgraph_index": level + 1, "else_subgraph_index": level + 1})
    plan = plan_arena(parse_model(builder.build(), "tower"))
    assert plan.status is Status.REFUSED  # its branches take one input and IF hands over none


def _nested(count: int) -> bytes:
    """Subgraphs that each call the next twice."""
    builder = ModelBuilder()
    for level in range(count):
        graph = builder.subgraph()
        condition = graph.input((1,), TensorType.BOOL)
        x, y, z = graph.input((1, 4)), graph.tensor((1, 4)), graph.tensor((1, 4))
        if level < count - 1:
            called = {"then_subgraph_index": level + 1, "else_subgraph_index": level + 1}
            graph.operator("IF", [condition, condition, x], [y], called)
            graph.operator("IF", [condition, condition, x], [z], called)
        graph.output(y)
    return builder.build()


def test_subgraphs_a_thousand_deep_are_not_known() -> None:
    """Python's own stack once decided."""
    plan = plan_arena(parse_model(_nested(1000), "deep"))
    assert plan.status is Status.UNKNOWN
    assert "100 deep" in str(plan.refusal)


@pytest.mark.slow
def test_subgraphs_that_call_each_other_a_million_times_end() -> None:
    plan = plan_arena(parse_model(_nested(60), "doubling"))
    assert plan.status is Status.CRASHES


@pytest.mark.parametrize("length", [1, -1, 2**31 - 1, -(2**31)])
def test_a_hundred_thousand_dimensions_are_multiplied_as_c_does(length: int) -> None:
    rank = 100_000
    builder = ModelBuilder()
    graph = builder.subgraph()
    x, y = graph.input((length,) * rank), graph.tensor((length,) * rank)
    graph.operator("RELU", [x], [y])
    graph.output(y)
    model = parse_model(builder.build(), "rank")
    elements = model.main.tensors[0].elements
    assert elements > 0  # an even number of equal dimensions
    assert elements == 1 if abs(length) == 1 else elements >= 2**128
    assert Operand(model.main.tensors[0]).elements == pow(length, rank, 2**32)
    assert plan_arena(model).status is Status.OK


@pytest.mark.parametrize(
    ("shape", "elements"),
    [((3,) * 9, 3**9), ((-2,) + (3,) * 300, None), ((0,) + (9,) * 300, 0), ((9,) * 300 + (0,), 0)],
)
def test_elements_of_many_dimensions(shape: tuple[int, ...], elements: int | None) -> None:
    builder = ModelBuilder()
    graph = builder.subgraph()
    graph.output(graph.input(shape))
    found = parse_model(builder.build(), "rank").main.tensors[0].elements
    assert found <= -(2**128) if elements is None else found == elements
