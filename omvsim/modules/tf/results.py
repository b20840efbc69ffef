"""What the methods of a model build on the heap: scores, images a channel, detections (``py_tf_…_output_callback``)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar, Final

from omvsim.firmware import CLASSIFICATION
from omvsim.image import formats
from omvsim.image.arguments import os_error
from omvsim.image.value import wrap
from omvsim.later import np
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types import list_
from omvsim.micropython.types.common import index_of
from omvsim.micropython.types.slice_ import Slice, bounds
from omvsim.micropython.types.tuple_ import new_tuple
from omvsim.micropython.values import Obj, PrintKind, Sentinel
from omvsim.modules.tf.model import scale_of, zero_point_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omvsim.image.value import Image
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Out, Value
    from omvsim.modules.tf.model import TfModel
    from omvsim.world.world import CameraMachine

RANGE: Final = 255
"""``GRAYSCALE_RANGE``."""
SIGN: Final = 0x80


class Classification(Obj):
    """A rectangle, and its scores or its score."""

    __slots__ = ("box", "value")
    type_name: ClassVar[str] = "tf_classification"

    def __init__(self, vm: Machine, box: Sequence[int]) -> None:
        super().__init__(vm.memory, vm.memory.alloc(CLASSIFICATION))
        self.box = tuple(box)
        self.value: Value = None

    @property
    def items(self) -> tuple[Value, ...]:
        """As ``[…]`` numbers them."""
        return (*self.box, self.value)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        for name, number in zip("xywh", self.box, strict=True):
            out(f'{"{" if name == "x" else ", "}"{name}":{number}')
        out(', "output":')
        vm.print(self.value, out, kind)
        out("}")

    def subscr(self, vm: CameraMachine, index: Value) -> Value | Sentinel:  # type: ignore[override]  # a camera's
        if not isinstance(index, Slice):
            return self.items[index_of(vm, self.type_name, len(self.items), index)]
        start, stop, step = bounds(vm, index, len(self.items))
        if step != 1:
            os_error(vm, "only slices with step=1 (aka None) are supported")
        return new_tuple(vm, self.items[start : max(start, stop)])

    @method("rect", 1)
    def rect(self, vm: Machine) -> Value:
        """A new tuple."""
        return new_tuple(vm, self.box)

    @method("x", 1)
    def x(self, vm: Machine) -> Value:
        """Left."""
        return self.box[0]

    @method("y", 1)
    def y(self, vm: Machine) -> Value:
        """Top."""
        return self.box[1]

    @method("w", 1)
    def w(self, vm: Machine) -> Value:
        """Width."""
        return self.box[2]

    @method("h", 1)
    def h(self, vm: Machine) -> Value:
        """Height."""
        return self.box[3]

    @method("output", 1)
    def output(self, vm: Machine) -> Value:
        """The list of scores, or the score."""
        return self.value


NativeType("tf_classification", Classification)


def scores(vm: CameraMachine, model: TfModel) -> Value:
    """``py_tf_classify_output_callback``: a list of floats."""
    shape = model.output_shape
    if shape.height != 1:
        vm.raise_value("Expected model output height to be 1!")
    if shape.width != 1:
        vm.raise_value("Expected model output width to be 1!")
    made = vm.new_list([None] * shape.channels)
    for at, value in enumerate(_real(model)[: shape.channels]):
        vm.set_subscr(made, at, vm.new_float(float(value)))
    return made


def _real(model: TfModel) -> NDArray[Any]:
    values = model.outputs[0].values.reshape(-1)
    if values.dtype.kind == "f":
        return values
    tensor = model.outputs[0].tensor
    return (values.astype(np.int32) - zero_point_of(tensor)).astype(np.float32) * np.float32(scale_of(tensor))


def images(vm: CameraMachine, model: TfModel) -> list_.List:
    """``py_tf_segment_output_callback``: one grayscale image a channel, its pixels first, then its object."""
    shape = model.output_shape
    made = list_.new_list(vm, [None] * shape.channels)
    size = shape.height * shape.width
    grey = _grey(model).reshape(size, shape.channels).T.tobytes()  # a channel after the other
    for at in range(shape.channels):
        with vm.memory.asking_for("pixels of a channel"):
            pixels = vm.memory.block(size)
        store = bytearray(grey[at * size : (at + 1) * size])
        with vm.memory.asking_for("image of a channel"):
            made.items[at] = wrap(vm, (shape.width, shape.height, formats.GRAYSCALE), store, pixels)
        del pixels
    return made


def _grey(model: TfModel) -> NDArray[np.uint8]:
    """Output values as pixels: of 0 to 1, or bytes (signed ones with the sign turned)."""
    values = model.outputs[0].values
    if values.dtype.kind == "f":
        whole = np.clip(np.nan_to_num(values * np.float32(RANGE)), 0, 0xFFFFFF00)  # vcvt.u32.f32, then a byte is stored
        return whole.astype(np.uint32).astype(np.uint8)
    return values.view(np.uint8) ^ np.uint8(SIGN if values.dtype.kind == "i" else 0)


def mean(image: Image, box: tuple[int, int, int, int], inside: NDArray[np.bool_]) -> int:
    """``LMean`` of the pixels in a box that thresholds select: summed up bin by bin in single precision."""
    x, y, width, height = box
    chosen = image.rows()[y : y + height, x : x + width][inside[y : y + height, x : x + width]]
    share = np.float32(1 / chosen.size) if chosen.size else np.float32(0)
    total = np.float32(0)
    for value, count in enumerate(np.bincount(chosen.reshape(-1), minlength=RANGE + 1)):
        total += np.float32(value) * (np.float32(count) * share)
    return math.floor(total)


__all__ = ["RANGE", "SIGN", "Classification", "images", "mean", "scores"]
