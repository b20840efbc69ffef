"""What kernels that allocate then make of their operands: each corner by a model of one operator.

Texts and rules: tflite-micro a57349f0, ``micro/kernels/`` files named after the operators.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest

from omvsim.graph import TensorType, parse_model
from omvsim.tflm import LIBRARIES, Fault, Status, plan_arena
from tests.tflm._one_operator import one_operator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.tflm import Refusal

T = TensorType
F, I8, I16, I32, I64, B = T.FLOAT32, T.INT8, T.INT16, T.INT32, T.INT64, T.BOOL
Spec: TypeAlias = "tuple[Sequence[int], TensorType]"
Case: TypeAlias = "tuple[str, list[Spec], Spec, dict[int, list[int]], dict[str, int]]"
KERNELS = "tensorflow/lite/micro/kernels/"
TABLE = [((2,), I32), ((3, 4), F)]

RUN: list[Case] = [
    ("MIRROR_PAD", [((4,), F), ((1, 2), I32)], ((6,), F), {1: [1, 1]}, {}),
    ("SLICE", [((4,), F), ((1,), I32), ((1,), I32)], ((3,), F), {1: [1], 2: [-1]}, {}),
    ("SLICE", [((4,), F), ((1,), I64), ((1,), I64)], ((2,), F), {1: [1], 2: [-1]}, {}),  # not known: it is 64 bits
    ("SPLIT", [((1,), I32), ((2, 4), F)], ((2, 4), F), {0: [-1]}, {"num_splits": 1}),
    ("PACK", [((4,), F)], ((1, 4), F), {}, {"values_count": 1, "axis": -2}),
    ("UNPACK", [((1, 4), F)], ((4,), F), {}, {"num": 1, "axis": -2}),
    ("GATHER", [((4,), F), ((2,), I32)], ((2,), F), {1: [0, 3]}, {"axis": -1}),
    ("GATHER", [((4,), F), ((2,), I32)], ((2,), F), {}, {"axis": 0}),
    ("GATHER_ND", [((2, 3), F), ((1, 2), I32)], ((1,), F), {1: [1, 2]}, {}),
    ("GATHER_ND", [((2, 3), F), ((1, 2), I32)], ((1,), F), {}, {}),
    ("EMBEDDING_LOOKUP", TABLE, ((2, 4), F), {0: [0, 2]}, {}),
    ("EMBEDDING_LOOKUP", TABLE, ((2, 4), F), {}, {}),
    ("RESIZE_BILINEAR", [((1, 2, 2, 1), F), ((2,), I32)], ((1, 4, 4, 1), F), {1: [4, 4]}, {}),
    ("SHAPE", [((1, 2, 3), F)], ((3,), I32), {}, {"out_type": 2}),
    ("FILL", [((1,), I32), ((), I32)], ((2,), I32), {0: [2]}, {}),
    ("FILL", [((1,), I32), ((), I32)], ((2,), I32), {}, {}),
    ("BROADCAST_ARGS", [((2,), I32), ((2,), I32)], ((2,), I32), {0: [2, 3], 1: [2, 1]}, {}),
    ("BROADCAST_ARGS", [((2,), I32), ((2,), I32)], ((2,), I32), {0: [2, 3]}, {}),
    ("ARG_MAX", [((2, 3), F), ((1,), I32)], ((2,), I32), {1: [-1]}, {}),
    ("ARG_MAX", [((2, 3), F), ((1,), I32)], ((2,), I32), {}, {}),
    ("CUMSUM", [((2, 3), F), ((1,), I32)], ((2, 3), F), {1: [-2]}, {}),
    ("CUMSUM", [((2, 3), F), ((1,), I32)], ((2, 3), F), {}, {}),
    ("SELECT_V2", [((1,), B), ((1,), F), ((1,), F)], ((1,), F), {}, {}),
    ("PRELU", [((1, 2, 2, 3), F), ((1, 1, 3), F)], ((1, 2, 2, 3), F), {1: [0, 0, 0]}, {}),
    ("SUM", [((2, 3), F), ((1,), I32)], ((2,), F), {1: [1]}, {"keep_dims": 0}),
    ("SUM", [((2, 3), F), ((1,), I32)], ((2,), F), {}, {"keep_dims": 0}),
    ("SUM", [((2, 3), I8), ((1,), I32)], ((2,), I8), {1: [9]}, {"keep_dims": 0}),  # it forgets to look
]

FAIL: list[tuple[Case, str]] = [
    (
        ("SQUEEZE", [((1, 4), F)], ((4,), I8), {}, {}),
        f"{KERNELS}squeeze.cc:107 input_byte_size != output_byte_size (16 != 4)",
    ),
    (
        ("MIRROR_PAD", [((4,), I16), ((1, 2), I32)], ((6,), I16), {1: [1, 1]}, {}),
        "Node MIRROR_PAD (number 0) failed to invoke with status 1",
    ),
    (
        ("SLICE", [((4,), F), ((1,), I16), ((1,), I16)], ((4,), F), {}, {}),
        "Begin tensor type FLOAT32 (1) not supported.",  # the kernel prints the input's
    ),
    (
        ("SLICE", [((4,), I64), ((1,), I32), ((1,), I32)], ((2,), I64), {1: [0], 2: [2]}, {}),
        "Input tensor type INT64 (4) not supported.",
    ),
    (
        ("SPLIT", [((1,), I32), ((2, 4), F)], ((2, 2), F), {0: [-3]}, {"num_splits": 1}),
        f"{KERNELS}split.cc:94 axis_value >= 0 was not true.",
    ),
    (
        ("SPLIT", [((1,), I32), ((2, 4), F)], ((2, 4), F), {0: [2]}, {"num_splits": 1}),
        f"{KERNELS}split.cc:95 axis_value < input->dims->size was not true.",
    ),
    (("GATHER_ND", [((2, 3), F), ((1, 2), I32)], ((1,), F), {1: [1, 3]}, {}), "gather_nd index out of bounds"),
    (
        ("EMBEDDING_LOOKUP", TABLE, ((2, 4), F), {0: [0, 3]}, {}),
        "EMBEDDING_LOOKUP: index out of bounds. Got 3, and bounds are [0, 2]",
    ),
    (("SHAPE", [((1, 2, 3), F)], ((3,), I64), {}, {"out_type": 4}), "Output type INT64 (4) not supported."),
    (
        ("FILL", [((1,), I32), ((), I16)], ((2,), I16), {0: [2]}, {}),
        "Fill only currently supports float32 for input 1, got ",
    ),
    (
        ("ARG_MAX", [((2, 3), I16), ((1,), I32)], ((2,), I32), {1: [1]}, {}),
        "Only float32, uint8_t and int8_t are supported currently, got INT16.",
    ),
    (("CUMSUM", [((2, 3), F), ((1,), I32)], ((2, 3), F), {1: [2]}, {}), "CUMSUM Invalid axis: 2"),
    (("CUMSUM", [((2, 3), F), ((1,), I32)], ((2, 3), F), {1: [-3]}, {}), "CUMSUM Invalid axis: -1"),
    (("MEAN", [((2, 3), F), ((1,), I32)], ((2,), F), {1: [2]}, {"keep_dims": 0}), ""),
    (("REDUCE_MAX", [((2, 3), I8), ((1,), I32)], ((2,), I8), {1: [5]}, {"keep_dims": 0}), ""),
]

CRASH: list[tuple[Case, str]] = [
    (("SQUEEZE", [((1, 4), F)], ((2,), F), {}, {}), "smaller than the squeezed input"),
    (
        ("SLICE", [((4,), F), ((1,), I32), ((1,), I32)], ((2,), F), {1: [0], 2: [3]}, {}),
        "it writes 3 values into tensor 3, which has room for 2",
    ),
    (
        ("SPLIT", [((1,), I32), ((2, 4), F)], ((8,), F), {0: [1]}, {"num_splits": 1}),
        "its output tensor 2 has no dimension 1",
    ),
    (
        ("PACK", [((4,), F)], ((1, 4), F), {}, {"values_count": 1, "axis": 2}),
        "its axis 2 is none of its output's 2 dimensions",
    ),
    (("PACK", [((4,), F)], ((1, 4), F), {}, {"values_count": 2, "axis": 0}), "its input 1 is missing"),
    (("UNPACK", [((2, 4), F)], ((4,), F), {}, {"num": 1, "axis": 2}), "its axis 2 is none of its input's 2 dimensions"),
    (("UNPACK", [((1, 4), F)], ((4,), F), {}, {"num": 2, "axis": 0}), "its output 1 is missing"),
    (("GATHER", [((4,), F), ((2,), I32)], ((2,), F), {1: [0, 4]}, {"axis": 0}), "it reads outside its input"),
    (
        ("RESIZE_BILINEAR", [((1, 2, 2, 1), F), ((2,), I32)], ((1, 3, 4, 1), F), {1: [4, 4]}, {}),
        "it writes 16 values into tensor 2, which has room for 12",
    ),
    (
        ("BROADCAST_ARGS", [((2,), I32), ((2,), I32)], ((2,), I32), {0: [2, 3], 1: [2, 4]}, {}),
        "its shapes do not broadcast (3 and 4)",
    ),
    (("ARG_MAX", [((2, 3), F), ((1,), I32)], ((2,), I32), {1: [2]}, {}), "its axis 2 is none of its input's 2"),
    (("ARG_MAX", [((2, 3), F), ((1,), I32)], ((2,), I32), {1: [0]}, {}), "it writes 3 values into tensor 2"),
    (("SELECT_V2", [((2,), B), ((2,), F), ((2,), F)], ((1,), F), {}, {}), "it writes 2 values into tensor 3"),
    (
        ("SELECT_V2", [((1, 1, 1, 1, 1, 2), B), ((2,), F), ((2,), F)], ((1, 1, 1, 1, 1, 2), F), {}, {}),
        "tensor 0 has 6 dimensions, and this kernel loops over 5 at most",
    ),
    (
        ("PRELU", [((1, 2, 2, 3), F), ((1, 1, 3), F)], ((1, 2, 2, 4), F), {1: [0, 0, 0]}, {}),
        "is not that of its input and its slopes together",
    ),
    (
        ("SUM", [((2, 3), F), ((1,), I32)], ((2,), F), {1: [0]}, {"keep_dims": 0}),
        "it writes 3 values into tensor 2, which has room for 2",
    ),
    (("ADD_N", [((4,), F), ((4,), F)], ((2,), F), {}, {}), "it writes 4 values into tensor 2, which has room for 2"),
    (("CONCATENATION", [((4,), F), ((4,), F)], ((7,), F), {}, {"axis": 0}), "it writes 8 values into tensor 2"),
]


def ended(case: Case) -> Refusal | None:
    """How the first inference ends, or the load."""
    name, inputs, output, constants, options = case
    data = one_operator(name, inputs, output, constants=constants, options=dict(options) or None)
    plan = plan_arena(parse_model(data, "m"), LIBRARIES["73eb1aa"])
    return plan.run_fault if plan.status is Status.OK else plan.refusal


@pytest.mark.parametrize("case", RUN, ids=lambda case: case[0])
def test_it_runs(case: Case) -> None:
    assert ended(case) is None


@pytest.mark.parametrize(("case", "text"), FAIL, ids=lambda each: each[0] if isinstance(each, tuple) else "")
def test_the_kernel_returns_an_error(case: Case, text: str) -> None:
    fault = ended(case)
    assert fault is not None
    assert (fault.fault, fault.operator, fault.library_message) == (Fault.ERROR, case[0], text)


@pytest.mark.parametrize(("case", "reason"), CRASH, ids=lambda each: each[0] if isinstance(each, tuple) else "")
def test_the_kernel_aborts_or_leaves_its_tensors(case: Case, reason: str) -> None:
    fault = ended(case)
    assert fault is not None
    aborts = "abort" in fault.reason
    assert (fault.fault, reason in fault.reason) == (Fault.HANGS if aborts else Fault.CRASHES, True), fault
