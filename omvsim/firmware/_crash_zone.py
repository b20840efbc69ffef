"""When loading a model may kill the camera: a use after free in ``ml_backend_init_model``.

The throw-away interpreter that sizes the arena lives on the C stack; its arena is freed before the real one is
allocated, but its destructor runs at the very end (openmv/openmv v4.8.1 ``lib/tflm/tflm_backend.cc``). The destructor,
``MicroInterpreterGraph::FreeSubgraphs`` (tensorflow/tflite-micro a57349f0 ``micro_interpreter_graph.cc``), walks the
subgraph table and reads the registration pointer of every node record. Both stand at the end of the freed arena. A new
allocation over them has been cleared by the collector (``MICROPY_GC_CONSERVATIVE_CLEAR``) and filled anew, so the
destructor calls through whatever stands there now: measured as HardFault, hang, or luck. A registration that reads as
null is skipped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from omvsim.errors import Overlap
from omvsim.heap import BLOCK
from omvsim.units import align_up

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.tflm import ArenaPlan

NODE_RECORD = "node record"


class Allocated(Protocol):
    """A chunk: its address, its bytes as asked for, and what it is."""

    @property
    def address(self) -> int:
        """Where it is."""

    @property
    def size(self) -> int:
        """Bytes as asked for."""

    @property
    def what(self) -> str:
        """What it is."""


def crash_zone(plan: ArenaPlan, sizing: tuple[int, int], allocated: Iterable[Allocated]) -> Overlap | None:
    """What lies over records that the destructor reads, or None if nothing does.

    ``sizing`` is (address, bytes) of the freed arena, ``allocated`` what was allocated since.
    """
    end = sizing[0] + sizing[1]
    for chunk in allocated:
        first, last = chunk.address, chunk.address + align_up(chunk.size, BLOCK)
        if last == end and chunk.what == "tensor arena":
            continue  # the same arena over again: every record stands where it stood
        for record in plan.destructor_reads:
            start = end - record.tail_offset
            if record.what.startswith(NODE_RECORD) and start - first >= chunk.size:
                continue  # behind what was asked for the block is still cleared, and no registration is no call
            if first < start + record.bytes and start < last:
                read = tuple((end - each.tail_offset, each.bytes) for each in plan.destructor_reads)
                return Overlap(chunk.what, chunk.address, chunk.size, sizing, read)
    return None
