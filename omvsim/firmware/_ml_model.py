"""``ml.Model(path)``: what the wrapper class and the C module ask of the heap, in order.

Sources: openmv/openmv v4.8.1 ``modules/py_ml.c``, ``lib/tflm/tflm_backend.cc`` and the frozen package
``scripts/libraries/ml/ml-core/ml/model.py``; every request and its order was checked against the recorded firmware.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.errors import DeviceCrash, DeviceError, DeviceHang, DeviceValueError
from omvsim.firmware._inference import blamed
from omvsim.firmware._labels import read_labels
from omvsim.firmware._micropython import MAP_ENTRY, OBJECT, WORD
from omvsim.firmware._model_data import DataPlace, ModelData
from omvsim.firmware._sizing import SizingPass, reason
from omvsim.graph import TensorType
from omvsim.records import dataclass
from omvsim.tflm import Outcome, allocate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.firmware._camera import Camera
    from omvsim.firmware._micropython import MicroPython
    from omvsim.firmware._model_file import ModelFile
    from omvsim.graph import Model, Tensor
    from omvsim.heap import Chunk

BACKEND_STATE = 16
OP_RESOLVER = 4080
INTERPRETER = 192
FLOAT = 8
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
    data: DataPlace
    """Where the model file's bytes are."""
    native: Chunk
    """The C object behind the instance."""


class ModelLoader:
    """Runs ``ml.Model(path)`` as the camera's release does (4.5.6 and later)."""

    def __init__(self, camera: Camera) -> None:
        self.camera = camera
        self.py = camera.py
        self.rule = camera.board.release.arena
        self.generation = camera.generation
        self.crashed: LoadedModel | None = None
        """The model whose loading last ended in a crash that luck may avert."""

    def load(self, file: ModelFile, *, keywords: int = 0) -> LoadedModel:
        """``ml.Model(path, …)`` with ``keywords`` keyword arguments, called from a script's top level.

        Raises:
            DeviceError: what the camera would raise; on memory that is left behind see the session's report.
            DeviceCrash: the camera may die here.
        """
        py, heap = self.py, self.py.heap
        state_bytes = self.generation.init_code_state
        with heap.call():
            root = py.malloc(OBJECT + WORD, "ml.Model instance")
            init_args = py.malloc(WORD * (3 + 2 * keywords), "arguments of Model.__init__")
            code_state = py.malloc(state_bytes, "call of Model.__init__") if state_bytes else None
            py.tuple_of(1, "*args")
            keyword_map = py.malloc(OBJECT, "**kwargs")
            if keywords:
                keyword_map.holds(py.malloc(MAP_ENTRY * keywords, "**kwargs: table"))
            try:
                with heap.call():
                    model = self._make_native(file, root)
                if self.generation.looks_for_labels:
                    self._find_labels(file, root)
            except DeviceError:
                py.unwind()
                if code_state is not None:
                    heap.free(code_state)
                py.unwind()
                raise
            if code_state is not None:
                heap.free(code_state)
            heap.free(init_args)
            heap.hand_back(root)
        return model

    def _find_labels(self, file: ModelFile, root: Chunk) -> None:
        """``self.labels = …``, the instance's first attribute."""
        labels = read_labels(self.py, file)
        members = self.py.malloc(MAP_ENTRY * 2, "ml.Model members")
        if labels is not None:
            members.holds(labels)
        root.holds(members)

    def _make_native(self, file: ModelFile, root: Chunk) -> LoadedModel:
        """``py_ml_model_make_new``: the C object, the file, then the interpreter."""
        py, heap = self.py, self.py.heap
        super_args = py.malloc(WORD * self.generation.super_words, "arguments of super().__init__")
        native = py.malloc(self.generation.model_object, "ml.Model object", has_finaliser=True)
        data = ModelData(self.camera, native).read(file)
        if file.graph.version != SCHEMA_VERSION:
            py.exception(DeviceValueError("Unsupported model schema"))
        sizing = SizingPass(self.camera, file)
        sizing.run()
        if self.generation.describes_first:
            self._describe(file.graph, native)
        state = py.malloc(BACKEND_STATE, "backend state")
        arena = py.malloc(sizing.arena_bytes + self.rule.pad, "tensor arena")
        if not self.rule.pad:
            # The allocator object inside the arena keeps the arena's end (SingleArenaBufferAllocator::buffer_tail_).
            heap.points_behind(arena)
        resolver = py.malloc(OP_RESOLVER, "op resolver")
        interpreter = py.malloc(INTERPRETER, "interpreter")
        native.holds(state.holds(arena, resolver, interpreter))
        self._second_allocation(file, sizing.arena_bytes)
        if not self.generation.describes_first:
            self._describe(file.graph, native)
        zone = sizing.crash_zone([arena, resolver, interpreter, *native.refs])
        heap.free(super_args)
        root.holds(native)
        model = LoadedModel(file, root, sizing.arena_bytes, arena.address, data, native)
        if zone is not None:
            self.crashed = model
            raise DeviceCrash(zone)
        return model

    def _second_allocation(self, file: ModelFile, arena_size: int) -> None:
        outcome = allocate(file.plan, arena_size)
        if outcome is Outcome.HANGS:
            raise blamed(DeviceHang(reason(file.plan, arena_size)), file.plan.refusal)
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


def describe(py: MicroPython, model: LoadedModel) -> None:
    """``print("SHAPES", m.input_shape, m.input_dtype, …)`` and ``print(m)`` of the reference script.

    Every read of a dtype makes a tuple. The call's arguments stay in the slots of the script's value stack (the
    function in slot 0, the text in slot 1, then shape, dtype, scale and zero point of the inputs and of the outputs)
    until a later statement goes as deep, and the collector finds them there: measured.
    """
    main = model.file.graph.main
    with py.heap.call():
        dtypes = [_dtype_tuple(py, main.input_tensors), _dtype_tuple(py, main.output_tensors)]
        for tensors in (main.input_tensors, main.output_tensors):
            _dtype_tuple(py, tensors)
    tuples = {chunk.what: chunk for chunk in model.native.refs}
    slots = dict(zip((3, 7), dtypes, strict=True))
    for first, kind in ((2, "input"), (6, "output")):
        slots |= {first: tuples[f"{kind} shapes"], first + 2: tuples[f"{kind} scales"]}
        slots[first + 3] = tuples[f"{kind} zero points"]
    py.leave_in_stack(slots)


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
