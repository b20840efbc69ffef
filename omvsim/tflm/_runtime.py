"""What the interpreter itself takes from the arena, apart from the operators: it changed between TFLM generations."""

from __future__ import annotations

from omvsim.graph import TensorType
from omvsim.records import NamedTuple
from omvsim.tflm import _abi

_ANY = -(2**31)
"""tflite-micro a57349f0, ``micro/micro_op_resolver.cc`` compares with ``BuiltinOperator_MAX`` only."""


class Runtime(NamedTuple):
    """Structs of the interpreter and its allocator (layouts of :mod:`omvsim.tflm._abi`) and rules that go with them."""

    create: tuple[tuple[str, str], ...]
    """(layout, what) of what the interpreter's constructor takes."""
    builtin_data_allocator: str = _abi.BUILTIN_DATA_ALLOCATOR
    subgraph_table: str = _abi.SUBGRAPH_ALLOCATIONS
    """One entry a subgraph; empty where the library knows one subgraph only."""
    node_record: str = _abi.NODE_AND_REGISTRATION
    scratch_request: str = _abi.SCRATCH_REQUEST
    newest_type: TensorType = TensorType.BFLOAT16
    """Last element type of the schema it was built with."""
    newest_operator: int = 206
    """``BuiltinOperator_MAX`` of that schema, here STABLEHLO_COMPOSITE."""
    oldest_operator: int = _ANY
    """The lowest number that the resolver is asked about."""
    out_of_range_hint: str = ""
    """What its message about another number says more."""
    counts_temporaries: bool = True
    """Whether AllocateTensors fails when a kernel releases a temporary tensor it never took."""
    lifetimes_by_operator: bool = False
    """Steps are operator indices (older) instead of a counter that called subgraphs advance too."""


MODERN = Runtime(
    create=(
        (_abi.SINGLE_ARENA_ALLOCATOR, "arena allocator"),
        (_abi.GREEDY_PLANNER, "memory planner"),
        (_abi.MICRO_ALLOCATOR, "MicroAllocator"),
    )
)
"""tflite-micro a57349f0 and 7a024968: every release with the ``ml`` module. Facts: tflm-arena sections 2 and 3."""

LEGACY = Runtime(
    create=((_abi.SIMPLE_ALLOCATOR, "arena allocator"), (_abi.LEGACY_MICRO_ALLOCATOR, "MicroAllocator")),
    builtin_data_allocator="",
    subgraph_table="",
    node_record=_abi.LEGACY_NODE_AND_REGISTRATION,
    scratch_request=_abi.LEGACY_SCRATCH_REQUEST,
    newest_type=TensorType.UINT32,
    newest_operator=144,  # 145 was measured to be out of range, 135 is registered; between them not known
    oldest_operator=0,
    out_of_range_hint=" Are you using old TFLite binary with newer model?",
    counts_temporaries=False,
    lifetimes_by_operator=True,
)
"""TFLM of early 2021, as in Edge Impulse's SDK that ``libtf`` was built from: one subgraph, the planner on the stack.
Source: edgeimpulse/inferencing-sdk-cpp 63d49e4, ``tensorflow/lite/micro/{micro_allocator,simple_memory_allocator}``."""

RECORDING_X86_64 = Runtime(
    create=(
        (f"{_abi.SINGLE_ARENA_ALLOCATOR}4p", "recording arena allocator"),
        (_abi.GREEDY_PLANNER, "memory planner"),
        (f"{_abi.MICRO_ALLOCATOR}p24p", "RecordingMicroAllocator"),
    ),
    subgraph_table="ppp",
    newest_operator=209,
)
"""tflite-micro of 2026 with tensor compression, as the Python package uses it: an allocator that keeps records.
Source: tensorflow/tflite-micro 90b983c2, ``micro/recording_micro_allocator.h``, ``micro/micro_allocator.h``."""
