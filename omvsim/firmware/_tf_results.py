"""What the ``tf`` module's methods build on the heap from an output tensor.

``segment`` and ``detect`` make one grayscale image per output *channel*. So an output of [1, 6, 8400] becomes 8400
images of 6 x 1 pixels: a list of 8400 slots and, for each channel, a pixel buffer and an image object
(openmv/openmv v4.5.5 ``src/omv/modules/py_tf.c``, ``py_tf_segment_output_callback``).
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from omvsim.errors import DeviceValueError
from omvsim.firmware._micropython import MIN_LIST_SLOTS, WORD
from omvsim.heap import BLOCK, blocks_for
from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from omvsim.firmware._micropython import MicroPython
    from omvsim.heap import Chunk

IMAGE_OBJECT = 24
CLASSIFICATION_OBJECT = 24
FLOAT = 8
THRESHOLD_NODE = 14
BLOB_NODE = 160


class TfMethod(enum.StrEnum):
    """A method of a ``tf`` model."""

    CLASSIFY = "classify"
    SEGMENT = "segment"
    DETECT = "detect"
    REGRESSION = "regression"


class TfOutput(NamedTuple):
    """An output tensor as the module reads it."""

    height: int
    width: int
    channels: int

    @property
    def method(self) -> TfMethod:
        """The method that suits it: classify for a vector, detect for anything with an extent."""
        return TfMethod.CLASSIFY if self.height == self.width == 1 else TfMethod.DETECT


def output_of(shape: tuple[int, ...]) -> TfOutput:
    """A 3-D output [d0, d1, d2] is read as height d0, width d1, channels d2; 1-D and 2-D ones as channels. One of no
    dimensions is refused when the model is loaded (``libtf_get_parameters``): nothing of it is read.
    """
    if not shape:
        return TfOutput(1, 1, 0)
    return TfOutput(1, 1, shape[-1]) if len(shape) < 3 else TfOutput(*shape[-3:])


def tf_input_of(shape: tuple[int, ...]) -> tuple[int, int, int]:
    """Height, width and channels of an input tensor of two, three or four dimensions."""
    height, width, channels = (*shape, 1) if len(shape) == 2 else shape[-3:]
    return height, width, channels


class ResultNeeds(NamedTuple):
    """Bytes of heap, in whole blocks, that a call's result takes."""

    callback: int
    """Until the library's output callback has returned."""
    total: int
    """Until the method has returned."""


def result_needs(output: TfOutput, method: TfMethod, *, thresholds: int = 1, blobs: int = 0) -> ResultNeeds:
    """What :func:`build_result` asks for, summed up (for blobs, without the nodes that are freed again)."""
    channels = output.channels
    if method in (TfMethod.SEGMENT, TfMethod.DETECT):
        images = 1 + blocks_for(WORD * max(channels, MIN_LIST_SLOTS))
        images += channels * (blocks_for(output.width * output.height) + blocks_for(IMAGE_OBJECT))
        if method is TfMethod.SEGMENT:
            return ResultNeeds(images * BLOCK, images * BLOCK)
        lists = 1 + blocks_for(WORD * max(channels, MIN_LIST_SLOTS)) + thresholds
        each = 1 + blocks_for(WORD * max(blobs, MIN_LIST_SLOTS))
        each += blobs * (blocks_for(CLASSIFICATION_OBJECT) + blocks_for(FLOAT))
        return ResultNeeds(images * BLOCK, (images + lists + channels * each) * BLOCK)
    scores = 1 + blocks_for(WORD * max(channels, MIN_LIST_SLOTS)) + channels * blocks_for(FLOAT)
    extra = 2 + blocks_for(CLASSIFICATION_OBJECT) if method is TfMethod.CLASSIFY else 0
    return ResultNeeds(scores * BLOCK, (scores + extra) * BLOCK)


def build_result(py: MicroPython, output: TfOutput, method: TfMethod, *, thresholds: int, blobs: int) -> Chunk:
    """Build the result of one call.

    Raises:
        DeviceError: what the camera would raise.
    """
    if method is TfMethod.SEGMENT:
        return _images(py, output)
    if method is TfMethod.DETECT:
        return _detections(py, _images(py, output), output.channels, thresholds, blobs)
    found = py.list_of((), "list of classifications") if method is TfMethod.CLASSIFY else None
    _check_vector(py, output)
    scores = py.list_of((), "list of scores", output.channels)
    for _ in range(output.channels):
        scores.refs[0].holds(py.malloc(FLOAT, "score"))
    if found is None:
        return scores
    py.append(found, 0, py.malloc(CLASSIFICATION_OBJECT, "classification").holds(scores))
    return found


def _check_vector(py: MicroPython, output: TfOutput) -> None:
    if output.height != 1:
        py.exception(DeviceValueError("Expected model output height to be 1!"))
    if output.width != 1:
        py.exception(DeviceValueError("Expected model output width to be 1!"))


def _images(py: MicroPython, output: TfOutput) -> Chunk:
    """A list of one image per channel: pixels, then the object."""
    images = py.list_of((), "list of channel images", output.channels)
    slots = images.refs[0]
    pixels = output.width * output.height
    for _ in range(output.channels):
        buffer = py.malloc(pixels, "pixels of a channel")
        slots.holds(py.malloc(IMAGE_OBJECT, "image of a channel").holds(buffer))
    return images


def _detections(py: MicroPython, images: Chunk, channels: int, thresholds: int, blobs: int) -> Chunk:
    """A list per channel, a classification per blob; the images are held until the end."""
    images.holds(*(py.malloc(THRESHOLD_NODE, "threshold") for _ in range(thresholds)))
    found = py.list_of((), "list of detections", channels)
    slots = found.refs[0]
    for _ in range(channels):
        nodes = [py.malloc(BLOB_NODE, "blob") for _ in range(blobs)]
        objects = py.list_of((), "list of a channel's detections", blobs)
        for node in nodes:
            py.heap.free(node)
            blob = py.malloc(CLASSIFICATION_OBJECT, "detection")
            objects.refs[0].holds(blob.holds(py.malloc(FLOAT, "score")))
        slots.holds(objects)
    return found
