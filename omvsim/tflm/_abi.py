"""Sizes of the C structs TFLM puts into the arena, computed from their fields for a given ABI.

A layout is a string of field codes in declaration order, as the C compiler lays them out (natural alignment):

``b`` bool, int8 or a C++ ``enum class : uint8_t`` · ``h`` int16 · ``i`` int32 or float · ``d`` double or int64 ·
``p`` pointer or size_t · ``e`` C enum (the ABI decides: OpenMV's library is built with short enums) ·
``5i`` five of them · ``(…)`` a nested struct.

Source of the fields: tensorflow/tflite-micro a57349f0; the tests compare every size
with a measured one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from omvsim.records import NamedTuple
from omvsim.units import align_up

_TOKEN = re.compile(r"(\d*)([bhidpe()])")

SINGLE_ARENA_ALLOCATOR = "9p"
GREEDY_PLANNER = "piippppiipb"
MICRO_ALLOCATOR = "pppppbppp"
BUILTIN_DATA_ALLOCATOR = "pp"
SUBGRAPH_ALLOCATIONS = "pp"
NODE_AND_REGISTRATION = "(ppppppi)p"
EVAL_TENSOR = "ppe"
TENSOR = "(ep)(ii)pppeeb"
AFFINE_QUANTIZATION = "ppi"
SCRATCH_HANDLE = "p"
SCRATCH_REQUEST = "pii"
ALLOCATION_INFO = "ppiiib"
SIMPLE_ALLOCATOR = "7p"
LEGACY_MICRO_ALLOCATOR = "pppbpp"
LEGACY_NODE_AND_REGISTRATION = "(pppppi)p"
LEGACY_SCRATCH_REQUEST = "pi"
PLANNER_ENTRY_BYTES = 40
"""The greedy planner's bookkeeping a buffer: requirements 16, size 4, id 4, list entry 12, offset 4 (plain ints)."""
MAX_SCRATCH_PER_OPERATOR = 12
ARENA_ALIGNMENT = 16


class Abi(NamedTuple):
    """How a compiler lays structs out: bytes of a pointer and of a C enum."""

    name: str
    pointer: int
    enum: int

    def sizeof(self, layout: str) -> int:
        """Bytes of the struct ``layout``; 0 for an empty one (no struct)."""
        return _measure(layout, self.pointer, self.enum)[0]

    def alignof(self, layout: str) -> int:
        """Alignment of the struct ``layout``."""
        return _measure(layout, self.pointer, self.enum)[1]


CORTEX_M = Abi("arm-none-eabi, short enums", pointer=4, enum=1)
"""OpenMV's build (measured: every ``sizeof`` of facts section 2)."""
X86_64 = Abi("x86-64 Linux", pointer=8, enum=4)
"""The build inside the ``tflite-micro`` Python package."""


def int_array_bytes(count: int) -> int:
    """``TfLiteIntArray`` of ``count`` elements."""
    return 4 + 4 * count


@lru_cache(maxsize=512)
def _measure(layout: str, pointer: int, enum: int) -> tuple[int, int]:
    sizes = {"b": 1, "h": 2, "i": 4, "d": 8, "p": pointer, "e": enum}
    ends, widest = [0], [1]
    for count, code in _TOKEN.findall(layout):
        if code == "(":
            ends.append(0)
            widest.append(1)
            continue
        if code == ")":
            alignment = widest.pop()
            size, repeat = align_up(ends.pop(), alignment), 1
        else:
            alignment = size = sizes[code]
            repeat = int(count or 1)
        ends[-1] = align_up(ends[-1], alignment) + size * repeat
        widest[-1] = max(widest[-1], alignment)
    return align_up(ends[0], widest[0]), widest[0]
