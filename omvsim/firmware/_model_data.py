"""Where the bytes of a model file go when ``ml.Model`` opens it.

Sources: openmv/openmv, ``src/omv/modules/py_ml.c`` at v4.5.6 to v4.6.20, ``modules/py_ml.c`` at v4.7.0 to v5.0.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.boards import DataFallback
from omvsim.errors import DeviceMemoryError
from omvsim.firmware._model_file import FAT_FILE, ROM_FILE, LoadMode, ModelFile
from omvsim.heap import FbHint, UmaFlag
from omvsim.records import NamedTuple
from omvsim.units import align_up

if TYPE_CHECKING:
    from omvsim.firmware._camera import Camera
    from omvsim.heap import Chunk

ALIGN = 32
"""``IMLIB_ML_MODEL_ALIGN``: from 4.6.0 a model's data in RAM starts on a cache line."""


class DataPlace(NamedTuple):
    """Where a model file's bytes are; ``address`` is None for a file that is used in place."""

    area: str
    """``rom``, ``gc``, ``fb_alloc`` or ``uma[N]``."""
    address: int | None


class ModelData:
    """Opens a model file for the model object ``native``."""

    def __init__(self, camera: Camera, native: Chunk) -> None:
        self.camera = camera
        self.py = camera.py
        self.native = native

    def read(self, file: ModelFile) -> DataPlace:
        """Open the file and copy it where the release puts it.

        Raises:
            DeviceMemoryError: no room for the copy.
        """
        if self.camera.generation.opens_through_vfs:
            self._open(file)
        if file.mode is LoadMode.ROM:
            if not self.camera.generation.opens_through_vfs:
                self._built_in_labels(file)
            return DataPlace("rom", None)
        if file.mode is LoadMode.FB and self.camera.generation.load_to_fb:
            return self._on_fb_alloc(file.graph.size)
        return self._on_heap(file.graph.size)

    def _open(self, file: ModelFile) -> None:
        with self.py.heap.call():
            self.py.string(len(file.name), "path in the file system")
            if file.mode is LoadMode.ROM:
                opened = self.py.malloc(ROM_FILE, "open ROM file")
            else:
                opened = self.py.malloc(FAT_FILE, "open file", has_finaliser=True)
            self.py.heap.hand_back(opened)

    def _built_in_labels(self, file: ModelFile) -> None:
        """A built-in model's labels become a list of strings (openmv/openmv v4.6.20, ``src/omv/modules/py_ml.c``)."""
        if not file.labels:
            return
        labels = self.py.list_of((), "labels", slots=len(file.labels))
        for line in file.labels:
            labels.refs[0].holds(self.py.string(len(line.strip()), "label"))
        self.native.holds(labels)

    def _on_heap(self, size: int) -> DataPlace:
        generation = self.camera.generation
        request = align_up(size, ALIGN) + ALIGN - 1 if generation.aligns_data else size
        what = "model file data"
        if generation.fallback is DataFallback.UMA:
            data = self.py.heap.alloc_maybe(request, what)
            if data is None:
                return self._in_uma(size)
        else:
            data = self.py.malloc(request, what)
        self.native.holds(data)
        return DataPlace("gc", align_up(data.address, ALIGN) if generation.aligns_data else data.address)

    def _in_uma(self, size: int) -> DataPlace:
        pools = self.camera.uma
        try:
            address = None if pools is None else pools.malign(size, ALIGN, UmaFlag.FAST | UmaFlag.PERSIST)
        except DeviceMemoryError as error:
            largest = max(pool.alloc_size_max for pool in pools.pools) if pools is not None else 0
            self.camera.refused(size, "model file data", largest)
            self.py.exception(error)
        if pools is None or address is None:
            self.py.exception(DeviceMemoryError("Out of memory"))
        pool = pools.pool_of(address)
        area = f"uma[{pools.pools.index(pool)}]" if pool is not None else "uma"
        self.camera.placed(size, address, area, "model file data")
        self.py.heap.on_finalise(self.native, lambda: pools.free(address))
        return DataPlace(area, address)

    def _on_fb_alloc(self, size: int) -> DataPlace:
        stack = self.camera.fb_alloc
        if stack is None:
            self.py.exception(DeviceMemoryError("Out of fast frame buffer stack memory"))
        aligned = self.camera.generation.aligns_data
        hints = FbHint.PREFER_SPEED | FbHint.CACHE_ALIGN if aligned else FbHint.PREFER_SIZE
        try:
            stack.mark()
            address = stack.alloc(size, hints)
            stack.mark_permanent()
        except DeviceMemoryError as error:
            self.py.exception(error)
        self.camera.placed(size, address or 0, "fb_alloc", "model file data")
        self.py.heap.on_finalise(self.native, stack.free_till_mark_past_permanent)
        return DataPlace("fb_alloc", address)
