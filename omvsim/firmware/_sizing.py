"""The throw-away interpreter that finds out how large a model's arena must be.

From 4.5.9 it runs in the longest free run of the GC heap, before in everything that fb_alloc has left
(openmv/openmv, ``tflm_backend.cc`` at the tags). When AllocateTensors fails there, the exception jumps over the free:
a run of the GC heap then stays taken until the next collection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.errors import DeviceCrash, DeviceHang, DeviceMemoryError, DeviceValueError
from omvsim.firmware._crash_zone import crash_zone
from omvsim.firmware._inference import blamed
from omvsim.heap import BLOCK, FbHint
from omvsim.tflm import Outcome, allocate, explain_allocation
from omvsim.units import align_up

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.firmware._camera import Camera
    from omvsim.firmware._model_file import ModelFile
    from omvsim.heap import Chunk
    from omvsim.tflm import ArenaPlan


def reason(plan: ArenaPlan, arena_size: int) -> str:
    """What runs out in an arena of that size."""
    return explain_allocation(plan, arena_size).reason


class SizingPass:
    """One sizing pass; ``arena_bytes`` is ``model.ram`` afterwards."""

    def __init__(self, camera: Camera, file: ModelFile) -> None:
        self.camera = camera
        self.py = camera.py
        self.file = file
        self.rule = camera.board.release.arena
        self.arena_bytes = 0
        self._freed_run: tuple[int, int] | None = None

    def run(self) -> None:
        """Size the arena.

        Raises:
            DeviceError: what the camera would raise.
        """
        used = self._on_fb_alloc() if self.rule.sizing == "fb_alloc" else self._on_heap()
        self.arena_bytes = align_up(used, self.rule.align) + self.rule.extra

    def crash_zone(self, allocated: Iterable[Chunk]) -> str | None:
        """Why the throw-away interpreter's destructor may read overwritten records, or None."""
        return None if self._freed_run is None else crash_zone(self.file.plan, self._freed_run, allocated)

    def _on_heap(self) -> int:
        size = self.py.heap.gc.max_free() * BLOCK
        run = self.py.malloc(size, "sizing arena")
        address = run.address
        self._check(size, 0)
        self.py.heap.free(run)
        self._freed_run = (address, size)
        return self.file.plan.arena_used_bytes

    def _on_fb_alloc(self) -> int:
        stack = self.camera.fb_alloc
        if stack is None:
            self.py.exception(DeviceMemoryError("Out of fast frame buffer stack memory"))
        try:
            stack.mark()
            span = stack.alloc_all(FbHint.PREFER_SIZE | FbHint.CACHE_ALIGN)
        except DeviceMemoryError as error:
            self.py.exception(error)
        self.camera.placed(span.size, span.address or 0, "fb_alloc", "sizing arena")
        used = self._check(span.size, (span.address or 0) % BLOCK)
        stack.free_till_mark()
        return used

    def _check(self, size: int, address_mod16: int) -> int:
        plan = self.file.plan
        if not address_mod16 and allocate(plan, size) is Outcome.OK:
            return plan.arena_used_bytes
        allocation = explain_allocation(plan, size, address_mod16)
        if allocation.outcome is Outcome.HANGS:
            raise blamed(DeviceHang(allocation.reason), plan.refusal)
        if allocation.outcome is Outcome.UNDEFINED:
            raise DeviceCrash(f"AllocateTensors in the sizing arena of {size} bytes: {allocation.reason}")
        if allocation.outcome is Outcome.ERROR:
            self.py.exception(DeviceValueError("Failed to allocate tensors"))
        return allocation.used_bytes
