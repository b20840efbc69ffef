"""``ml/preprocessing.py``: the class ``Normalization``.

Called with a picture it makes a copy of itself that holds it; called by ``predict`` it draws the picture into a tensor
(openmv/openmv, ``scripts/libraries/ml/ml/preprocessing.py``, from v4.8.0 ``…/ml-core/ml/preprocessing.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.library.functions import Code, LibraryFunction, library_body, rom_float, rom_tuple
from omvsim.library.pictures import draw_into, is_picture
from omvsim.library.steps import ONE, ZERO, Steps
from omvsim.memory import sizes
from omvsim.micropython.errors import Raised
from omvsim.micropython.exceptions import BY_NAME
from omvsim.micropython.values import BinaryOp, Obj
from omvsim.ulab.layout import NDARRAY, item_size
from omvsim.ulab.making import dense_strides, new_on
from omvsim.ulab.ndarray import NdArray

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from omvsim.frozen.body import Body
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

CALL_STATE: Final = 108
GREY: Final = tuple(rom_float(weight) for weight in (0.299, 0.587, 0.114))
RANGE: Final = rom_float(255.0)


def raise_constant(vm: Machine, kind: str, text: str) -> NoReturn:
    """``raise kind("…")``: the text is a constant of the frozen code."""
    error = vm.call(BY_NAME[kind], (text,))
    assert isinstance(error, Obj)
    raise Raised(error)


def _init(vm: Machine, values: Sequence[Value]) -> Value:
    made, *settings = values
    for name, value in zip(("scale", "mean", "stdev", "roi"), settings, strict=True):
        vm.set_attr(made, name, value)
    vm.set_attr(made, "_image", None)
    return None


def _call(vm: CameraMachine, values: Sequence[Value]) -> Value:
    self, args = values
    given = vm.sequence(args)
    if len(given) == 1:
        return _bind(vm, self, given[0])
    buffer, shape, dtype = vm.unpack(args, 3)
    _fill(vm, self, buffer, shape, dtype)
    return None


def _bind(vm: CameraMachine, self: Value, picture: Value) -> Value:
    """``n(img)``: a copy that holds the picture."""
    steps = Steps(vm)
    if not is_picture(vm, picture):
        raise_constant(vm, "ValueError", "Expected an image input")
    if vm.attr(self, "roi") is None:
        width, height = steps.call(picture, "width"), steps.call(picture, "height")
        vm.set_attr(self, "roi", vm.new_tuple((0, 0, width, height)))
    kind = vm.globals.map.found["Normalization"].value  # type: ignore[attr-defined]  # a dict
    made = vm.call(kind, [vm.attr(self, name) for name in ("scale", "mean", "stdev", "roi")])
    vm.set_attr(made, "_image", picture)
    return made


def _fill(vm: CameraMachine, self: Value, buffer: Value, shape: Value, dtype: Value) -> None:
    """Draw the picture into the tensor, then scale floats."""
    if vm.length(shape) != 4:
        raise_constant(vm, "ValueError", "Expected input tensor with shape: (1, H, W, C)")
    batches, height, width, channels = (vm.int_of(number) for number in vm.unpack(shape, 4))
    if batches != 1:
        raise_constant(vm, "ValueError", "Expected batches to be 1")
    if channels not in (1, 3):
        raise_constant(vm, "ValueError", "Expected channels to be 1 or 3")
    code = chr(vm.int_of(dtype))
    array = _drawn(vm, self, buffer, (height, width, channels), code)
    if code == "f":
        _scale(vm, self, array, channels)


def _drawn(vm: CameraMachine, self: Value, buffer: Value, size: tuple[int, int, int], code: str) -> NdArray:
    """A picture at the end of the buffer, drawn into, and an array of the whole buffer made of it in place."""
    height, width, channels = size
    memory, generation = vm.memory, vm.release
    data = vm.buffer_of(buffer)
    views = [what for what in generation.picture_views if what not in ("array", "image", "strides")]
    held = [memory.block(sizes.ARRAY) for _ in views]
    picture = draw_into(vm, self, data, size, code)
    held.clear()
    shape = (1, height, width, channels)
    if "strides" in generation.picture_views:
        array = new_on(vm, shape, code, data, None)  # type: ignore[arg-type]  # it can be written
    else:
        strides = dense_strides(shape, item_size(code))
        array = NdArray(memory, memory.alloc(NDARRAY), code, shape, strides, data, None)  # type: ignore[arg-type]
    del picture
    return array


def _scale(vm: CameraMachine, self: Value, array: NdArray, channels: int) -> None:
    """``array * fscale + fadd``, from 4.8.0 in two steps in place."""
    steps = Steps(vm)
    scale = vm.attr(self, "scale")
    factor = steps.div(steps.sub(steps.item(scale, 1), steps.item(scale, 0)), RANGE)
    offset = steps.item(vm.attr(self, "scale"), 0)
    mean, stdev = vm.attr(self, "mean"), vm.attr(self, "stdev")
    grey = LibraryFunction(vm, GRAYSCALE)
    if channels == 1:
        offset = steps.div(steps.sub(offset, vm.call(grey, (mean,))), vm.call(grey, (stdev,)))
        factor = steps.div(factor, vm.call(grey, (stdev,)))
    else:
        offset = steps.div(steps.sub(offset, steps.np("array", mean)), steps.np("array", stdev))
        factor = steps.div(factor, steps.np("array", stdev))
    if vm.release.normalises_in_place:
        result = vm.binary(BinaryOp.INPLACE_MULTIPLY, array, factor)
        vm.binary(BinaryOp.INPLACE_ADD, result, offset)
    else:
        # ``array`` is a local: the scaled copy never reaches the tensor.
        steps.add(steps.mul(array, factor), offset)


def _grayscale(vm: Machine, values: Sequence[Value]) -> Value:
    steps, (colour,) = Steps(vm), values
    first = steps.mul(steps.item(colour, 0), GREY[0])
    second = steps.mul(steps.item(colour, 1), GREY[1])
    return steps.add(steps.add(first, second), steps.mul(steps.item(colour, 2), GREY[2]))


GRAYSCALE: Final = Code("grayscale", "x", _grayscale)
INIT: Final = Code(
    "__init__",
    "self scale mean stdev roi",
    _init,
    defaults=(rom_tuple(ZERO, ONE), rom_tuple(ZERO, ZERO, ZERO), rom_tuple(ONE, ONE, ONE), None),
)
CALL: Final = Code("__call__", "self *args", _call, CALL_STATE)


def statements(body: Body) -> None:
    """``ml/preprocessing.py``."""
    body = library_body(body)
    body.import_("image")
    body.from_import("ulab", "numpy=np")
    body.define_class("Normalization", INIT, CALL)
    body.finish()


__all__ = ["raise_constant", "statements"]
