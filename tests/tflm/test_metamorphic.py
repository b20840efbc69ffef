"""What must not change when a model or a board changes in a way that does not matter."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omvsim import api, models
from omvsim.graph import Quantization, TensorType, parse_model
from omvsim.models.builder import ModelBuilder
from omvsim.tflm import LIBRARIES, plan_arena
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

EVAL_TENSOR = 12
"""``sizeof(TfLiteEvalTensor)`` of 32 bits: every tensor has one in the tail, whether it is used or not."""


def model(widths: list[int], unused: list[int]) -> bytes:
    """Dense layers; constants of so many bytes that nothing reads."""
    built = ModelBuilder()
    graph = built.subgraph()
    q = Quantization((0.1,), (0,))
    x = graph.input((1, widths[0]), quantization=q)
    for before, after in itertools.pairwise(widths):
        w = graph.constant((after, before), TensorType.INT8, bytes(after * before), quantization=q)
        y = graph.tensor((1, after), quantization=q)
        graph.operator("FULLY_CONNECTED", [x, w], [y])
        x = y
    for count in unused:
        graph.constant((count,), TensorType.INT8, bytes(count), quantization=q)
    graph.output(x)
    return built.build()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(1, 64), min_size=2, max_size=6),
    st.lists(st.integers(1, 5000), min_size=1, max_size=4),
    st.sampled_from(sorted(LIBRARIES)),
)
def test_an_unused_constant_changes_no_buffer(widths: list[int], unused: list[int], name: str) -> None:
    plain, more = (plan_arena(parse_model(model(widths, which), "m"), LIBRARIES[name]) for which in ([], unused))
    assert (more.status, more.refusal) == (plain.status, plain.refusal)
    assert (more.head_bytes, more.buffers, more.scratch) == (plain.head_bytes, plain.buffers, plain.scratch)
    grown = more.tail_bytes - plain.tail_bytes
    assert EVAL_TENSOR * len(unused) <= grown + 15
    assert grown <= EVAL_TENSOR * len(unused) + 15  # whole lines of 16 bytes


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("metamorphic") / "tiny-conv.tflite"
    path.write_bytes(models.make("tiny-conv"))
    return path


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_larger_last_area_breaks_no_load(tiny: Path, data: st.DataObject) -> None:
    """It may crash where the heap's rest falls into the zone in which the library overruns its arena; nothing else."""
    size = data.draw(st.integers(30, 60), label="KiB") * 1024
    more = data.draw(st.sampled_from((16, 1024, 5000, 100 << 10)), label="more")
    small, large = (api.run(tiny, loops=1, gc=[(32 << 10, None), (length, None)]) for length in (size, size + more))
    if small.verdict is Verdict.OK:
        assert large.verdict in (Verdict.OK, Verdict.MAY_CRASH)
        assert large.model_ram == small.model_ram
    else:
        assert small.failure is not None
