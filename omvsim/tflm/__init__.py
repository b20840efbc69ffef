"""TensorFlow Lite Micro's tensor arena: what a library build takes for a model, and whether an arena is large enough.

>>> plan = plan_arena(read_model("model.tflite"))
>>> plan.arena_used_bytes, allocate(plan, plan.arena_used_bytes + 512)
"""

from __future__ import annotations

from omvsim.tflm._abi import CORTEX_M, X86_64, Abi
from omvsim.tflm._allocate import Allocation, allocate, explain_allocation, minimum_arena, second_allocation
from omvsim.tflm._events import Event, Fault, Persist, Refusal, Scratch, Temp
from omvsim.tflm._library import LIBRARIES, LIBTFLM_73EB1AA, TFLITE_MICRO_PYTHON, Library, find_library
from omvsim.tflm._plan import plan_arena
from omvsim.tflm._types import (
    ArenaPlan,
    BufferKind,
    Outcome,
    Phase,
    PlannedBuffer,
    PreparedOperator,
    ScratchRequest,
    Status,
    TailAllocation,
    TailRecord,
    TensorInfo,
    at_fault,
)

__all__ = [
    # planning
    "plan_arena",
    "at_fault",
    "ArenaPlan",
    "Status",
    "Refusal",
    "PlannedBuffer",
    "BufferKind",
    "TailAllocation",
    "Phase",
    "TailRecord",
    "ScratchRequest",
    "PreparedOperator",
    "Event",
    "Temp",
    "Persist",
    "Scratch",
    "TensorInfo",
    "Fault",
    # a given arena
    "allocate",
    "explain_allocation",
    "second_allocation",
    "minimum_arena",
    "Allocation",
    "Outcome",
    # libraries
    "Library",
    "LIBRARIES",
    "LIBTFLM_73EB1AA",
    "TFLITE_MICRO_PYTHON",
    "find_library",
    "Abi",
    "CORTEX_M",
    "X86_64",
]
