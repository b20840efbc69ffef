"""``ml.Model(path)``: what the wrapper class and the C module ask of the heap, in order.

Sources: openmv/openmv v4.8.1 ``modules/py_ml.c``, ``lib/tflm/tflm_backend.cc`` and the frozen package
``scripts/libraries/ml/ml-core/ml/model.py``; every request and its order was checked against the recorded firmware.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omvsim.errors import DeviceCrash, DeviceError, DeviceValueError
from omvsim.firmware._crash_zone import crash_zone
from omvsim.firmware._labels import read_labels
from omvsim.firmware._micropython import MAP_ENTRY, OBJECT, WORD, MicroPython
from omvsim.firmware._model_file import FAT_FILE, ROM_FILE, LoadMode, ModelFile
from omvsim.graph import TensorType
from omvsim.heap import BLOCK, Chunk
from omvsim.tflm import Outcome, allocate, explain_allocation
from omvsim.units import align_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.boards import ArenaRule
    from omvsim.graph import Model, Tensor
    from omvsim.tflm import ArenaPlan

MODEL_OBJECT = 76
BACKEND_STATE = 16
OP_RESOLVER = 4080
INTERPRETER = 192
INIT_CODE_STATE = 84
FLOAT = 8
MODEL_ALIGN = 32
"""``IMLIB_ML_MODEL_ALIGN``: a model's data in RAM starts on a cache line."""
SCHEMA_VERSION = 3

_DTYPES = {
    TensorType.UINT8: "B",
    TensorType.INT8: "b",
    TensorType.UINT16: "H",
    TensorType.INT16: "h",
    TensorType.FLOAT32: "f",
}
_TFLITE_NUMBERS = {0: 1, 1: 10, 2: 2, 4: 4, 5: 5, 6: 6, 8: 8, 10: 11, 11: 12, 12: 13, 15: 16}
"""``TfLiteType`` (``tensorflow/lite/core/c/c_api_types.h``) of the schema's types the module may name in an error."""


@dataclass(slots=True)
class LoadedModel:
    """An ``ml.Model`` object that exists."""

    file: ModelFile
    root: Chunk
    """The instance; everything else hangs on it."""
    ram: int
    """``model.ram``."""
    arena_address: int
    data_address: int | None
    native: Chunk
    """The C object behind the instance."""


class ModelLoader:
    """Runs ``ml.Model(path)`` of the releases that size the arena on the GC heap (4.5.9 and later)."""

    def __init__(self, py: MicroPython, rule: ArenaRule) -> None:
        self.py = py
        self.rule = rule
        self.crashed: LoadedModel | None = None
        """The model whose loading last ended in a crash that luck may avert."""
        self._sizing = (0, 0)

    def load(self, file: ModelFile, *, keywords: int = 0) -> LoadedModel:
        """``ml.Model(path, …)`` with ``keywords`` keyword arguments, called from a script's top level.

        Raises:
            DeviceError: what the camera would raise; on memory that is left behind see the session's report.
            DeviceCrash: the camera may die here.
        """
        py, heap = self.py, self.py.heap
        with heap.call():
            root = py.malloc(OBJECT + WORD, "ml.Model instance")
            init_args = py.malloc(WORD * (3 + 2 * keywords), "arguments of Model.__init__")
            code_state = py.malloc(INIT_CODE_STATE, "call of Model.__init__")
            py.tuple_of(1, "*args")
            keyword_map = py.malloc(OBJECT, "**kwargs")
            if keywords:
                keyword_map.holds(py.malloc(MAP_ENTRY * keywords, "**kwargs: table"))
            try:
                with heap.call():
                    model = self._make_native(file, root)
                labels = read_labels(py, file)
            except DeviceError:
                py.unwind()
                heap.free(code_state)
                py.unwind()
                raise
            members = py.malloc(MAP_ENTRY * 2, "ml.Model members")
            if labels is not None:
                members.holds(labels)
            root.holds(members)
            heap.free(code_state)
            heap.free(init_args)
            heap.hand_back(root)
        return model

    def _make_native(self, file: ModelFile, root: Chunk) -> LoadedModel:
        """``py_ml_model_make_new``: the C object, the file, then the interpreter."""
        py, heap = self.py, self.py.heap
        super_args = py.malloc(WORD * 4, "arguments of super().__init__")
        native = py.malloc(MODEL_OBJECT, "ml.Model object", has_finaliser=True)
        data = self._open(file)
        if data is not None:
            native.holds(data)
        if file.graph.version != SCHEMA_VERSION:
            py.exception(DeviceValueError("Unsupported model schema"))
        arena_size = self._sizing_pass(file)
        state = py.malloc(BACKEND_STATE, "backend state")
        arena = py.malloc(arena_size, "tensor arena")
        resolver = py.malloc(OP_RESOLVER, "op resolver")
        interpreter = py.malloc(INTERPRETER, "interpreter")
        # The allocator object inside the arena keeps the arena's end (SingleArenaBufferAllocator::buffer_tail_).
        heap.points_behind(arena)
        native.holds(state.holds(arena, resolver, interpreter))
        self._second_allocation(file, arena_size)
        self._describe(file.graph, native)
        zone = crash_zone(file.plan, self._sizing, [arena, resolver, interpreter, *native.refs])
        heap.free(super_args)
        root.holds(native)
        address = None if data is None else align_up(data.address, MODEL_ALIGN)
        model = LoadedModel(file, root, arena_size, arena.address, address, native)
        if zone is not None:
            self.crashed = model
            raise DeviceCrash(zone)
        return model

    def _open(self, file: ModelFile) -> Chunk | None:
        """Open the file; returns the copy of its data if one is made."""
        py = self.py
        with py.heap.call():
            py.string(len(file.name), "path in the file system")
            if file.mode is LoadMode.ROM:
                py.heap.hand_back(py.malloc(ROM_FILE, "open ROM file"))
                return None
            py.heap.hand_back(py.malloc(FAT_FILE, "open file", has_finaliser=True))
        return py.malloc(align_up(file.graph.size, MODEL_ALIGN) + MODEL_ALIGN - 1, "model file data")

    def _sizing_pass(self, file: ModelFile) -> int:
        """A throw-away interpreter in the longest free run; returns the size of the real arena.

        When AllocateTensors fails, the exception jumps over the free: the run stays taken until a collection.
        """
        py = self.py
        size = py.heap.gc.max_free() * BLOCK
        run = py.malloc(size, "sizing arena")
        self._sizing = (run.address, size)
        outcome = allocate(file.plan, size)
        if outcome is Outcome.UNDEFINED:
            raise DeviceCrash(f"AllocateTensors in the sizing arena of {size} bytes: {reason(file.plan, size)}")
        if outcome is Outcome.ERROR:
            py.exception(DeviceValueError("Failed to allocate tensors"))
        py.heap.free(run)
        return align_up(file.plan.arena_used_bytes, self.rule.align) + self.rule.extra

    def _second_allocation(self, file: ModelFile, arena_size: int) -> None:
        outcome = allocate(file.plan, arena_size)
        if outcome is Outcome.UNDEFINED:
            raise DeviceCrash(f"the second AllocateTensors, in {arena_size} bytes: {reason(file.plan, arena_size)}")
        if outcome is Outcome.ERROR:
            self.py.exception(DeviceValueError("Failed to allocate tensors"))

    def _describe(self, graph: Model, native: Chunk) -> None:
        """Shapes, scales, zero points and dtypes of the inputs, then of the outputs."""
        for kind, tensors in (("input", graph.main.input_tensors), ("output", graph.main.output_tensors)):
            tuples = [
                self.py.tuple_of(len(tensors), f"{kind} {what}")
                for what in ("shapes", "scales", "zero points", "dtypes")
            ]
            native.holds(*tuples)
            for tensor in tensors:
                self._check_type(kind, tensor)
                tuples[0].holds(self.py.tuple_of(len(tensor.shape), f"{kind} shape"))
                tuples[1].holds(self.py.malloc(FLOAT, f"{kind} scale"))

    def _check_type(self, kind: str, tensor: Tensor) -> None:
        if tensor.type not in _DTYPES:
            number = _TFLITE_NUMBERS.get(int(tensor.type), int(tensor.type))
            self.py.exception(DeviceValueError(f"Unsupported {kind} data type {number}"))


def reason(plan: ArenaPlan, arena_size: int) -> str:
    """What runs out in an arena of that size."""
    return explain_allocation(plan, arena_size).reason


def describe(py: MicroPython, model: LoadedModel) -> None:
    """``print(m.input_shape, m.input_dtype, …)`` and ``print(m)`` of the reference script.

    Every read of a dtype makes a tuple. The call's arguments stay in dead slots of the script's stack, where the
    collector finds them: measured.
    """
    main = model.file.graph.main
    with py.heap.call():
        slots = [_dtype_tuple(py, main.input_tensors), _dtype_tuple(py, main.output_tensors)]
        for tensors in (main.input_tensors, main.output_tensors):
            _dtype_tuple(py, tensors)
    output_tuples = [
        chunk for chunk in model.native.refs if chunk.what in ("output shapes", "output scales", "output zero points")
    ]
    py.leave_in_stack(*slots, *output_tuples)


def _dtype_tuple(py: MicroPython, tensors: Sequence[Tensor]) -> Chunk:
    """A tuple of one-letter strings; all but ``B`` are constants of the firmware."""
    header = py.tuple_of(len(tensors), "dtypes")
    for tensor in tensors:
        if dtype_char(tensor) == "B":
            header.holds(py.string(1, "dtype"))
    return header


def dtype_char(tensor: Tensor) -> str:
    """The camera's one-letter dtype of an input or output tensor."""
    return _DTYPES[TensorType(tensor.type)]
