"""The ``tf`` module of 4.5.0 to 4.5.5: models run from fb_alloc, results are built on the heap.

Sources: openmv/openmv v4.5.5 ``src/omv/modules/py_tf.c``; openmv/tensorflow-lib 738f73e ``libtf.cc`` for the library's
own messages and shape rules. Sizes of the objects were measured by ``sizeof``; what detect() asks of the heap was
measured on MicroPython 1.22 with the firmware's output callback.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.errors import DeviceCrash, DeviceHang, DeviceMemoryError, DeviceOSError
from omvsim.firmware._inference import blamed, invoke
from omvsim.firmware._model_data import DataPlace
from omvsim.firmware._model_file import LoadMode, ModelFile
from omvsim.firmware._tf_results import TfMethod, TfOutput, build_result, output_of
from omvsim.graph import TensorType
from omvsim.heap import BLOCK, FbHint
from omvsim.records import NamedTuple
from omvsim.tflm import Outcome, explain_allocation

if TYPE_CHECKING:
    from omvsim.firmware._camera import Camera
    from omvsim.graph import Model, Tensor
    from omvsim.heap import Chunk, FbAlloc

MODEL_OBJECT = 72
TF_MESSAGES = 1024
"""Scratch for the library's messages (``PY_TF_PUTCHAR_BUFFER_LEN`` + 1)."""
TF_ARENA_EXTRA = 1024
"""What ``libtf_get_parameters`` adds to ``arena_used_bytes()``."""
TF_SCHEMA_VERSION = 3
TF_WRONG_VERSION = "Model provided is schema version is not equal to supported version!"
TF_NOT_ALLOCATED = "AllocateTensors() failed!"
TF_NOT_RUN = "Invoke() failed!"
_TYPES = (TensorType.UINT8, TensorType.INT8, TensorType.FLOAT32)
_TYPE_MESSAGE = "model data type should be 8-bit quantized!"


class TfModel(NamedTuple):
    """A loaded ``tf_model``: its arena figure and the output as the module sees it."""

    file: ModelFile
    root: Chunk
    ram: int
    data: DataPlace
    output: TfOutput


def tf_shape_refusal(graph: Model) -> str:
    """What ``libtf_get_parameters`` says against the first input or output; empty where it takes both."""
    return _input_refusal(graph.main.input_tensors[0]) or _output_refusal(graph.main.output_tensors[0])


def _input_refusal(tensor: Tensor) -> str:
    shape = tensor.shape
    if tensor.type not in _TYPES:
        return f"Input {_TYPE_MESSAGE}"
    if len(shape) not in (2, 3, 4):
        return "Input dimensions should be [h][w](c=1), [h][w][c==1||c==3], or [n==1][h][w][c==1||c==3]!"
    if len(shape) == 4 and shape[0] != 1:
        return "Input dimension [n] should be 1!"
    if len(shape) > 2 and shape[-1] not in (1, 3):
        return "Input dimension [c] should be 1 or 3!"
    return ""


def _output_refusal(tensor: Tensor) -> str:
    shape = tensor.shape
    if tensor.type not in _TYPES:
        return f"Output {_TYPE_MESSAGE}"
    if len(shape) not in (1, 2, 3, 4):
        return "Output dimensions should be [c], [n==1][c], [h][w][c], or [n==1][h][w][c]!"
    if len(shape) in (2, 4) and shape[0] != 1:
        return "Output dimension [n] should be 1!"
    return ""


def tf_arena_area(stack: FbAlloc, address: int) -> str:
    """The ledger's name of where an arena in fb_alloc is."""
    overlay = stack.overlay
    inside = overlay is not None and overlay.base <= address < overlay.base + overlay.size
    return "overlay" if inside else "fb_alloc"


class TfModule:
    """``tf.load`` and a model's methods on one camera."""

    def __init__(self, camera: Camera) -> None:
        self.camera = camera
        self.py = camera.py

    @property
    def _stack(self) -> FbAlloc:
        stack = self.camera.fb_alloc
        if stack is None:
            raise DeviceMemoryError("Out of fast frame buffer stack memory")
        return stack

    def load(self, file: ModelFile) -> TfModel:
        """``tf.load(path, load_to_fb=…)``.

        Raises:
            DeviceError: what the camera would raise.
        """
        with self.py.heap.call():
            try:
                self._stack.mark()
                root = self.py.malloc(MODEL_OBJECT, "tf model object")
                data = self._read(file, root)
                self._stack.alloc(TF_MESSAGES, FbHint.NO_HINT)
                ram = self._size_arena(file)
                self._stack.free()
                if file.mode is LoadMode.FB:
                    self._stack.mark_permanent()
                else:
                    self._stack.free_till_mark()
            except DeviceMemoryError as error:
                self._raise(error)
            self.py.heap.hand_back(root)
            return TfModel(file, root, ram, data, output_of(file.graph.main.output_tensors[0].shape))

    def _raise(self, error: DeviceMemoryError) -> None:
        """fb_alloc's own error becomes an exception object; the heap's has already."""
        if "frame buffer" in error.text:
            self.py.exception(error)
        raise error

    def _read(self, file: ModelFile, root: Chunk) -> DataPlace:
        size = file.graph.size
        if file.mode is LoadMode.ROM:
            return DataPlace("rom", None)
        if file.mode is LoadMode.FB:
            address = self._stack.alloc(size, FbHint.PREFER_SIZE)
            self.camera.placed(size, address or 0, "fb_alloc", "model file data")
            return DataPlace("fb_alloc", address)
        data = self.py.malloc(size, "model file data")
        root.holds(data)
        return DataPlace("gc", data.address)

    def _size_arena(self, file: ModelFile) -> int:
        """AllocateTensors once in everything fb_alloc has left; the model's checks; the figure of the library."""
        span = self._stack.alloc_all(FbHint.PREFER_SIZE)
        self.camera.placed(span.size, span.address or 0, "fb_alloc", "sizing arena")
        if file.graph.version != TF_SCHEMA_VERSION:
            self._library_error(TF_WRONG_VERSION)
        allocation = explain_allocation(file.plan, span.size, (span.address or 0) % BLOCK)
        if allocation.outcome is Outcome.HANGS:
            raise blamed(DeviceHang(allocation.reason), file.plan.refusal)
        if allocation.outcome is Outcome.UNDEFINED:
            raise DeviceCrash(f"AllocateTensors in the {span.size} bytes of fb_alloc: {allocation.reason}")
        if allocation.outcome is Outcome.ERROR:
            self._library_error(TF_NOT_ALLOCATED)
        refusal = tf_shape_refusal(file.graph)
        if refusal:
            self._library_error(refusal)
        self._stack.free()
        return allocation.used_bytes + TF_ARENA_EXTRA

    def _library_error(self, message: str) -> None:
        """The library's message becomes an OSError's text; the text itself is in the putchar buffer."""
        self.py.exception(DeviceOSError(message))

    def invoke(self, model: TfModel, method: TfMethod, *, thresholds: int = 1, blobs: int = 0) -> Chunk:
        """``net.classify(img)``, ``segment``, ``detect`` or ``regression``; returns the list it builds.

        ``thresholds`` and ``blobs`` (found in each channel) are those of detect().

        Raises:
            DeviceError: what the camera would raise.
        """
        with self.py.heap.call():
            try:
                self._stack.mark()
                self._stack.alloc(TF_MESSAGES, FbHint.NO_HINT)
                address = self._stack.alloc(model.ram, FbHint.PREFER_SPEED | FbHint.CACHE_ALIGN)
            except DeviceMemoryError as error:
                self._raise(error)
            self.camera.placed(model.ram, address or 0, tf_arena_area(self._stack, address or 0), "tensor arena")
            invoke(self.py, model.file, DeviceOSError(TF_NOT_RUN))
            result = build_result(self.py, model.output, method, thresholds=thresholds, blobs=blobs)
            self._stack.free_till_mark()
            return self.py.heap.hand_back(result)
