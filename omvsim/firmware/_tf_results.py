"""What the results of the ``tf`` module's methods take on the heap.

``segment`` and ``detect`` make one grayscale image per output *channel*. So an output of [1, 6, 8400] becomes 8400
images of 6 x 1 pixels: a list of 8400 slots and, for each channel, a pixel buffer and an image object
(openmv/openmv v4.5.5 ``src/omv/modules/py_tf.c``, ``py_tf_segment_output_callback``).
"""

from __future__ import annotations

from omvsim.firmware._objects import CLASSIFICATION
from omvsim.heap import BLOCK, blocks_for
from omvsim.memory import sizes
from omvsim.records import NamedTuple, StrEnum


class TfMethod(StrEnum):
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


def result_needs(
    output: TfOutput, method: TfMethod, image_object: int, *, thresholds: int = 1, blobs: int = 0
) -> ResultNeeds:
    """What one call asks for, summed up (for blobs, without the nodes that are freed again); ``image_object``: bytes of
    the release's image object.
    """
    channels = output.channels
    if method in (TfMethod.SEGMENT, TfMethod.DETECT):
        images = 1 + blocks_for(sizes.WORD * max(channels, sizes.LIST_MIN_ALLOC))
        images += channels * (blocks_for(output.width * output.height) + blocks_for(image_object))
        if method is TfMethod.SEGMENT:
            return ResultNeeds(images * BLOCK, images * BLOCK)
        lists = 1 + blocks_for(sizes.WORD * max(channels, sizes.LIST_MIN_ALLOC)) + thresholds
        each = 1 + blocks_for(sizes.WORD * max(blobs, sizes.LIST_MIN_ALLOC))
        each += blobs * (blocks_for(CLASSIFICATION) + blocks_for(sizes.FLOAT))
        return ResultNeeds(images * BLOCK, (images + lists + channels * each) * BLOCK)
    scores = 1 + blocks_for(sizes.WORD * max(channels, sizes.LIST_MIN_ALLOC)) + channels * blocks_for(sizes.FLOAT)
    extra = 2 + blocks_for(CLASSIFICATION) if method is TfMethod.CLASSIFY else 0
    return ResultNeeds(scores * BLOCK, (scores + extra) * BLOCK)
