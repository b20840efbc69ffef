"""``Normalization.__call__(buffer, shape, dtype)``: a picture drawn into an input tensor, and what scaling it costs.

Sources: openmv/openmv ``scripts/libraries/ml/ml/preprocessing.py`` (v4.5.6 to v4.7.0) and
``scripts/libraries/ml/ml-core/ml/preprocessing.py`` (from v4.8.0): the class ends with
``array = (array * fscale) + fadd``, since 4.8.0 with ``array *= fscale; array += fadd``. Orders and sizes measured on
4.5.8, 4.5.9, 4.6.20, 4.7.0, 4.8.1 and 5.0.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.firmware._micropython import OBJECT
from omvsim.graph import TensorType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.firmware._micropython import MicroPython
    from omvsim.graph import Tensor
    from omvsim.heap import Chunk

FLOAT = 8
NORMALIZATION_CALL_STATE = 128
ARRAY = 52
_COLOURS = (3,)
"""Shape of the arrays of one number a channel."""
GRAYSCALE_FLOATS = 5
"""Floats that ``grayscale(x)`` makes: three products and two sums."""


def normalise(py: MicroPython, tensor: Tensor) -> None:
    """Picture and array views on the tensor, then, for floats, the arithmetic."""
    with py.heap.call(), py.python_frames(1):
        state = py.malloc(NORMALIZATION_CALL_STATE, "call of Normalization")
        py.tuple_of(3, "*args")
        _views(py)
        if tensor.type == TensorType.FLOAT32:
            _scale(py, tensor)
        py.heap.free(state)


def _views(py: MicroPython) -> None:
    """``img`` and ``array`` are locals until the call returns; the rest is garbage at once."""
    sizes = {"image": py.generation.image_object, "array": ARRAY}
    with py.heap.call():
        for what in py.generation.picture_views:
            chunk = py.malloc(sizes.get(what, OBJECT), f"{what} on the input tensor")
            if what in sizes:
                py.heap.hand_back(chunk)


def _scale(py: MicroPython, tensor: Tensor) -> None:
    with py.heap.call():
        for what in ("range of the scale", "fscale"):
            py.malloc(FLOAT, what)
    py.malloc(OBJECT, "function grayscale")
    if tensor.shape[3] == 1:
        with py.heap.call():
            for what in ("fadd", "fadd", "fscale"):  # fadd - grayscale(mean); / grayscale(stdev); fscale / the same
                for _ in range(GRAYSCALE_FLOATS):
                    py.malloc(FLOAT, "grey value")
                py.malloc(FLOAT, what)
    else:
        _channel_factors(py)
    shape = None if py.generation.normalises_in_place else tensor.shape
    number = tensor.shape[3] == 1
    with py.heap.call():
        for what in ("scaled input", "normalised input"):
            _operation(py, shape, what, number=number)


def _channel_factors(py: MicroPython) -> None:
    """``fadd = (fadd - np.array(mean)) / np.array(stdev)``, ``fscale = fscale / np.array(stdev)``."""
    with py.heap.call():
        _small_array(py, "mean")
        _operation(py, _COLOURS, "difference", number=True)
        _small_array(py, "stdev")
        py.heap.hand_back(_operation(py, _COLOURS, "fadd"))
    with py.heap.call():
        _small_array(py, "stdev")
        py.heap.hand_back(_operation(py, _COLOURS, "fscale", number=True))


def _small_array(py: MicroPython, what: str) -> Chunk:
    with py.heap.call():
        return py.heap.hand_back(py.ndarray(_COLOURS, what))


def _operation(py: MicroPython, shape: Sequence[int] | None, what: str, *, number: bool = False) -> Chunk:
    """An operation of ulab on an array and another (or a ``number``, made an array first); no shape: in place."""
    with py.heap.call():
        if number:
            py.malloc(OBJECT, f"{what}: shape of the number")
            py.ndarray((1,), f"{what}: number")
        steps = [py.malloc(OBJECT, f"{what}: steps") for _ in range(3)]
        return py.heap.hand_back(steps[-1] if shape is None else py.ndarray(shape, what))
