"""``model.predict(inputs)``: what one prediction asks of the heap, in order.

The inference itself allocates nothing there. Sources: openmv/openmv v4.8.1 ``modules/py_ml.c`` and
``scripts/libraries/ml/ml-core/ml/{model,preprocessing}.py``; orders and sizes measured on that firmware.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from omvsim.errors import DeviceTypeError, DeviceValueError
from omvsim.firmware._arrays import MAX_DIMENSIONS
from omvsim.firmware._inference import invoke
from omvsim.firmware._micropython import MAP_ENTRY, OBJECT, WORD, MicroPython
from omvsim.firmware._normalise import NORMALIZATION_CALL_STATE, normalise
from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.firmware._ml_model import LoadedModel
    from omvsim.graph import Model, Tensor
    from omvsim.heap import Chunk


class InputKind(enum.StrEnum):
    """What a script hands to ``predict`` for each input."""

    CAMERA = "camera"
    """A frame of the camera: the object is on the heap, its pixels are in the frame buffer."""
    IMAGE = "image"
    """An ``image.Image`` that the script made on the heap, of the input's size."""
    NDARRAY = "ndarray"
    """A float array of the input's shape."""
    CALLABLE = "callable"
    """A function that fills the tensor in place."""


class Prediction(NamedTuple):
    """The returned outputs, as the list that holds their arrays."""

    outputs: Chunk


def invoke_failed() -> DeviceValueError:
    """What ``predict`` raises where the library returns an error."""
    return DeviceValueError("Invoke failed")


def image_input_possible(tensor: Tensor) -> bool:
    """Whether ``Normalization`` takes this input: (1, H, W, 1 or 3)."""
    shape = tensor.shape
    return len(shape) == 4 and shape[0] == 1 and shape[3] in (1, 3)


def fitting_input(graph: Model) -> InputKind:
    """A frame of the camera where the model takes one picture; else arrays, where ulab has such; else a function."""
    inputs = graph.main.input_tensors
    if len(inputs) == 1 and image_input_possible(inputs[0]):
        return InputKind.CAMERA
    return InputKind.NDARRAY if all(len(tensor.shape) <= MAX_DIMENSIONS for tensor in inputs) else InputKind.CALLABLE


def make_inputs(py: MicroPython, graph: Model, kind: InputKind) -> Chunk:
    """What the script hands over: zero arrays, a picture of the input's size, a camera's frame, or one function."""
    inputs = graph.main.input_tensors
    with py.heap.call():
        if kind is InputKind.CALLABLE:
            function = py.malloc(OBJECT, "input function")
            py.list_of((function,), "list of one function")
            return py.heap.hand_back(py.list_of((function,), "list of inputs", len(inputs)))
        if kind is InputKind.CAMERA:
            return py.heap.hand_back(py.malloc(py.generation.image_object, "frame of the camera"))
        if kind is InputKind.IMAGE:
            with py.python_frames(1):
                return py.heap.hand_back(_image(py, inputs[0]))
        with py.python_frames(2):
            py.malloc(OBJECT, "list comprehension")
            header = py.list_of((), "list of inputs")
            for count, tensor in enumerate(inputs):
                py.malloc(OBJECT, "call of np.zeros")
                if len(tensor.shape) > MAX_DIMENSIONS:
                    py.exception(DeviceTypeError("too many dimensions"))
                py.append(header, count, py.ndarray(tensor.shape, "input array"))
            return py.heap.hand_back(header)


def _image(py: MicroPython, tensor: Tensor) -> Chunk:
    """``image.Image(w, h, GRAYSCALE or RGB565)``: the pixels, then the object."""
    _, height, width, channels = tensor.shape
    size = width * height * (1 if channels == 1 else 2)
    pixels = py.malloc(py.generation.pixels_request(size), "input picture")
    return py.malloc(py.generation.image_object, "image.Image").holds(pixels)


def predict(
    py: MicroPython,
    model: LoadedModel,
    kind: InputKind,
    *,
    callback: bool = False,
    processed: bool = False,
    literal: bool = False,
    item: Chunk | None = None,
) -> Prediction:
    """One ``model.predict([…])`` from a script's top level.

    ``callback`` passes one and ``processed`` that the model has a post-processing object; either gets views of the
    outputs or float copies as the release does. ``literal`` says that the script writes the list of inputs,
    ``[item]``, into the call (a picture's always).

    Raises:
        DeviceError: what the camera would raise.
    """
    inputs = model.file.graph.main.input_tensors
    picture = kind in (InputKind.CAMERA, InputKind.IMAGE)
    with py.heap.call(), py.python_frames(2):
        py.argument = py.list_of(() if item is None else (item,), "list of one input") if picture or literal else None
        keywords = py.malloc(OBJECT, "**kwargs")
        if callback:
            keywords.holds(py.malloc(MAP_ENTRY, "**kwargs: table"))
        _arguments(py, len(inputs), picture=picture)
        super_args = py.malloc(WORD * (4 if callback else 2), "arguments of super().predict")
        for tensor in inputs:
            if kind is not InputKind.NDARRAY:
                py.malloc(OBJECT, "bytearray on the input tensor")
            if picture:
                normalise(py, tensor)
        invoke(py, model.file, invoke_failed())
        outputs = _outputs(
            py,
            model.file.graph.main.output_tensors,
            by_reference=(callback or processed) and py.generation.by_reference,
        )
        py.heap.free(super_args)
        return Prediction(py.heap.hand_back(outputs))


def _arguments(py: MicroPython, count: int, *, picture: bool) -> None:
    """``[Normalization()(arg) if isinstance(arg, image.Image) else arg for arg in args]``."""
    with py.heap.call():
        py.malloc(OBJECT, "list comprehension")
        arguments = py.list_of((), "list of inputs")
        for number in range(count):
            py.append(arguments, number, _bind_normalization(py) if picture else None)
        py.heap.hand_back(arguments)


def _outputs(py: MicroPython, tensors: Sequence[Tensor], *, by_reference: bool) -> Chunk:
    """A float array of each output; with a callback, views of the tensors that copy nothing."""
    header = py.list_of((), "list of outputs", len(tensors))
    for tensor in tensors:
        if len(tensor.shape) > MAX_DIMENSIONS:
            py.exception(DeviceValueError("Output shape has too many dimensions"))
        if by_reference:
            array = py.malloc(52, "output view")
            py.malloc(OBJECT, "output view: strides")
        else:
            array = py.ndarray(tensor.shape, "output array")
        header.refs[0].holds(array)
    return header


def _members(py: MicroPython) -> Chunk:
    """The table of an instance's five attributes growing entry by entry: new table, old one freed."""
    table = py.malloc(MAP_ENTRY * 2, "Normalization members")
    for count in (4, 6):
        larger = py.malloc(MAP_ENTRY * count, "Normalization members")
        py.heap.free(table)
        table = larger
    return table


def _bind_normalization(py: MicroPython) -> Chunk:
    """``Normalization()(img)``: a copy of the settings that holds the picture."""
    with py.heap.call():
        py.malloc(OBJECT, "Normalization")
        _members(py)
        state = py.malloc(NORMALIZATION_CALL_STATE, "call of Normalization")
        py.tuple_of(1, "*args")
        region = py.tuple_of(4, "region of interest")
        bound = py.malloc(OBJECT, "Normalization with picture")
        init_args = py.malloc(WORD * 6, "arguments of Normalization.__init__")
        bound.holds(_members(py).holds(region))
        py.heap.free(init_args)
        py.heap.free(state)
        return py.heap.hand_back(bound)
