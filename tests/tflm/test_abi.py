"""Struct sizes on OpenMV's ABI, as measured by ``sizeof`` on the target (facts: tflm-arena section 2)."""

from __future__ import annotations

import pytest

from omvsim.tflm import CORTEX_M, X86_64, _abi


@pytest.mark.parametrize(
    ("layout", "size"),
    [
        (_abi.SINGLE_ARENA_ALLOCATOR, 36),
        (_abi.GREEDY_PLANNER, 44),
        (_abi.MICRO_ALLOCATOR, 36),
        (_abi.BUILTIN_DATA_ALLOCATOR, 8),
        (_abi.SUBGRAPH_ALLOCATIONS, 8),
        (_abi.NODE_AND_REGISTRATION, 32),
        (_abi.EVAL_TENSOR, 12),
        (_abi.TENSOR, 32),
        (_abi.AFFINE_QUANTIZATION, 12),
        (_abi.SCRATCH_HANDLE, 4),
        (_abi.SCRATCH_REQUEST, 12),
        (_abi.ALLOCATION_INFO, 24),
    ],
)
def test_measured_sizes(layout: str, size: int) -> None:
    assert CORTEX_M.sizeof(layout) == size
    assert CORTEX_M.alignof(layout) == 4


def test_layout_rules() -> None:
    assert CORTEX_M.sizeof("") == 0
    assert CORTEX_M.sizeof("bi") == 8
    assert CORTEX_M.sizeof("5i") == 20
    assert (CORTEX_M.sizeof("3h"), CORTEX_M.sizeof("bh"), CORTEX_M.alignof("h")) == (6, 4, 2)
    assert CORTEX_M.sizeof("b(bd)b") == 32
    assert CORTEX_M.alignof("b(bd)b") == 8
    assert (CORTEX_M.sizeof("ep"), X86_64.sizeof("ep")) == (8, 16)
    assert _abi.int_array_bytes(3) == 16


def test_enums_are_bytes_on_the_camera_and_ints_on_a_pc() -> None:
    assert [(abi.sizeof("e"), abi.alignof("e"), abi.sizeof("be")) for abi in (CORTEX_M, X86_64)] == [
        (1, 1, 2),
        (4, 4, 8),
    ]
    assert [abi.sizeof("bp") for abi in (CORTEX_M, X86_64)] == [8, 16]
