"""``classify``, ``segment``, ``detect``, ``regression``: methods of a model, and functions of the module.

Each takes the arena from fb_alloc for the call alone; a path instead of a model is loaded to fb_alloc first
(openmv/openmv v4.5.5, ``src/omv/modules/py_tf.c``).
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from omvsim.firmware import TF_NOT_RUN, tf_arena_area
from omvsim.heap import FbHint
from omvsim.image import draw_image, formats, pixels
from omvsim.image.arguments import image_of, parsed, roi
from omvsim.image.blobs import NODE, Blob, Search, searched
from omvsim.image.converting import decoder
from omvsim.image.scratch import scratch
from omvsim.image.thresholds import NODE as THRESHOLD_NODE
from omvsim.image.thresholds import Threshold, selected, thresholds_of
from omvsim.later import np
from omvsim.micropython.errors import Fault
from omvsim.micropython.native import NativeFunction, NativeType
from omvsim.micropython.types import list_
from omvsim.modules.ml.inferring import check_held, infer
from omvsim.modules.ml.timing import pass_input
from omvsim.modules.tf.loading import load, message_buffer, said
from omvsim.modules.tf.model import TfModel, scale_of, zero_point_of
from omvsim.modules.tf.results import RANGE, SIGN, Classification, images, mean, scores
from omvsim.world.fb_stack import fb_stack, out_of_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from omvsim.image.arguments import Roi
    from omvsim.image.scratch import Scratch
    from omvsim.image.value import Image
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

_HOW: Final = draw_image.BILINEAR | draw_image.CENTER | draw_image.EXPAND | draw_image.BLACK
HISTOGRAM: Final = 4 * (RANGE + 1)


def _prepared(vm: CameraMachine, given: Value) -> TfModel:
    """``py_tf_load_alloc`` between the buffer of messages and the arena."""
    message_buffer(vm)
    model = given if isinstance(given, TfModel) else load(vm, given, to_fb=True, helping=True)
    stack = fb_stack(vm)
    with out_of_stack(vm):
        address = stack.alloc(model.ram, FbHint.PREFER_SPEED | FbHint.CACHE_ALIGN) or 0
    model.arena_area = tf_arena_area(stack, address)
    vm.world.ledger.placed(model.ram, address, model.arena_area, "tensor arena")
    check_held(model, model.inputs)
    return model


def _invoke(vm: CameraMachine, work: Scratch, model: TfModel, image: Image, area: Roi) -> None:
    """``libtf_invoke`` with ``py_tf_input_callback``: the picture is drawn into the input."""
    height, width, channels = model.input_shape
    code = formats.GRAYSCALE if channels == 1 else formats.RGB565
    if channels not in (1, 3):
        vm.raise_value("Expected model input channels to be 1 or 3!")
    kind = np.uint16 if code == formats.RGB565 else np.uint8
    target = draw_image.Target(width, height, code, np.zeros((height, width), kind))
    how = draw_image.Drawing(roi=area, hint=_HOW, decode=decoder(image))
    draw_image.draw(work, target, draw_image.source_of(image), how)
    values: NDArray[np.uint8] = target.values if channels == 1 else pixels.rgb(target.values, code, width)
    buffer = model.inputs[0]
    if buffer.values.dtype.kind == "f":
        buffer.put(values.astype(np.float32) * np.float32(1 / RANGE))
    else:
        buffer.put((values ^ np.uint8(SIGN if buffer.values.dtype.kind == "i" else 0)).view(buffer.values.dtype))
    pass_input(vm, buffer.tensor.elements, image=True)
    infer(vm, model, lambda: said(vm, TF_NOT_RUN))


@contextmanager
def _on_one_line(vm: CameraMachine) -> Iterator[None]:
    """What follows runs nothing of the script's: the line that asks is looked up once, and not for every request.

    A frame of a model with many channels makes thousands of them.
    """
    place = vm.memory.place
    place.passing = place.line, place.function
    try:
        yield
    finally:
        place.passing = None


# -- classify ----------------------------------------------------------------------------------------------------------


def _classify(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    names = ("roi", "min_scale", "scale_mul", "x_overlap", "y_overlap")
    given = parsed(vm, args[2:], kwargs, names)
    image = image_of(vm, args[1])
    area = roi(vm, image, given.get("roi"))
    defaults = (1.0, 0.5, 0.0, 0.0)
    numbers = [
        np.float32(default if given.get(name) is None else vm.float_of(given[name]))
        for name, default in zip(names[1:], defaults, strict=True)
    ]
    least, factor, *overlaps = numbers
    if not 0 < least <= 1:
        vm.raise_value("0 < min_scale <= 1")
    if not 0 <= factor < 1:
        vm.raise_value("0 <= scale_mul < 1")
    for name, overlap in zip("xy", overlaps, strict=True):
        if overlap != -1 and not 0 <= overlap < 1:
            vm.raise_value(f"0 <= {name}_overlap < 1")
    with scratch(vm) as work, _on_one_line(vm):
        model = _prepared(vm, args[0])
        found = vm.new_list(())
        for window in _windows(area, numbers):
            _invoke(vm, work, model, image, window)
            result = scores(vm, model)
            made = Classification(vm, window)
            made.value = result
            vm.list_append(found, made)
    return found


def _windows(area: Roi, numbers: Sequence[np.float32]) -> Iterator[Roi]:
    """Windows of every scale over the area, in single precision as the camera counts."""
    least, factor, x_overlap, y_overlap = numbers
    x, y, width, height = area
    scale = np.float32(1)
    while scale >= least:
        wide, high = np.float32(width) * scale, np.float32(height) * scale
        for top in _places(y, height, high, y_overlap):
            for left in _places(x, width, wide, x_overlap):
                if int(wide) and int(high):
                    yield left, top, int(wide), int(high)
        scale *= factor


def _places(start: int, room: int, length: np.float32, overlap: np.float32) -> Iterator[int]:
    apart = overlap != -1
    margin = math.fmod(room, float(length)) if apart and length else float(np.float32(room) - length)
    at = int(np.float32(start) + np.float32(margin) / np.float32(2))
    while np.float32(at) + length <= start + room:
        yield at
        step = length * (np.float32(1) - overlap) if apart else np.float32(room)
        following = int(np.float32(at) + step)
        if following == at:
            raise Fault("classify() steps by less than a pixel and goes on for ever", hangs=True)
        at = following


# -- segment, detect ---------------------------------------------------------------------------------------------------


def _segment(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    given = parsed(vm, args[2:], kwargs, ("roi",))
    image = image_of(vm, args[1])
    area = roi(vm, image, given.get("roi"))
    with scratch(vm) as work, _on_one_line(vm):
        model = _prepared(vm, args[0])
        _invoke(vm, work, model, image, area)
        return images(vm, model)


def _detect(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Blobs in the image of each channel. Without ``thresholds`` it is a TypeError after all the work is done."""
    given = parsed(vm, args[2:], kwargs, ("roi", "thresholds", "invert"))
    image = image_of(vm, args[1])
    area = roi(vm, image, given.get("roi"))
    invert = bool(vm.int_of(given.get("invert", False)))
    with scratch(vm) as work, _on_one_line(vm):
        model = _prepared(vm, args[0])
        _invoke(vm, work, model, image, area)
        channels = images(vm, model)
        thresholds = thresholds_of(vm, given.get("thresholds"))
        if not thresholds:
            thresholds.append(Threshold((SIGN, -128, -128), (RANGE, 127, 127), vm.memory.block(THRESHOLD_NODE)))
        found = list_.new_list(vm, [None] * len(channels.items))
        for at, each in enumerate(channels.items):
            found.items[at] = _detections(vm, work, image_of(vm, each), area, thresholds, invert)
    return found


def _detections(  # noqa: PLR0917  # what the loop of the camera's function has at hand
    vm: CameraMachine, work: Scratch, image: Image, area: Roi, thresholds: list[Threshold], invert: bool
) -> list_.List:
    search = Search(invert, (0, 0, image.width, image.height), 1, 1, 1, 1, False, 0, None, None, 0, 0)
    blobs = searched(work, image, thresholds, search)
    if vm.world.finds is not None:
        blobs = _forced(vm, blobs, image, vm.world.finds)
    if not blobs:
        return list_.new_list(vm, [])
    inside = np.zeros((image.height, image.width), bool)
    for threshold in thresholds:
        inside |= selected(image.rows(), image.code, threshold, invert=invert)
    scale = min(np.float32(area[2] / image.width), np.float32(area[3] / image.height))
    left = math.floor((area[2] - np.float32(image.width) * scale) / 2) + area[0]
    top = math.floor((area[3] - np.float32(image.height) * scale) / 2) + area[1]
    made = list_.new_list(vm, [None] * len(blobs))
    for at, blob in enumerate(blobs):
        if blob.node is not None:
            vm.memory.free(blob.node)
        bins = work.alloc(HISTOGRAM)
        box = (blob.x, blob.y, blob.w, blob.h)
        light = mean(image, box, inside)
        work.free(bins)
        x, y, wide, high = (math.floor(np.float32(side) * scale) for side in box)
        each = Classification(vm, (x + left, y + top, wide, high))
        each.value = vm.new_float(float(np.float32(light) * np.float32(1 / RANGE)))
        made.items[at] = each
    return made


def _forced(vm: CameraMachine, blobs: list[Blob], image: Image, count: int) -> list[Blob]:
    """As many as the user asked for, whatever the model saw."""
    vm.world.note("tf.detect() finds in each channel as many as --detections says", memory=True)
    for blob in blobs[count:]:
        if blob.node is not None:
            vm.memory.free(blob.node)
    made = blobs[:count]
    while len(made) < count:
        x = len(made) % image.width
        box = Blob(x, 0, 1, 1, 1, 4, 1, float(x), 0.0, 0.0, 0.0, [], [])
        box.node = vm.memory.block(NODE)
        made.append(box)
    return made


# -- regression --------------------------------------------------------------------------------------------------------


def _regression(vm: CameraMachine, given: Value, numbers: Value) -> Value:
    with scratch(vm):
        model = _prepared(vm, given)
        _fill(vm, model, numbers)
        infer(vm, model, lambda: said(vm, TF_NOT_RUN))
        return scores(vm, model)


def _fill(vm: CameraMachine, model: TfModel, numbers: Value) -> None:
    """``py_tf_regression_input_callback``: all elements in one list, or a list a row."""
    height, width, channels = model.input_shape
    items = vm.sequence(numbers)
    flat = list(items)
    if len(items) != height * width * channels:
        if len(items) != height:
            vm.raise_value("Row count mismatch!")
        row = vm.sequence(items[0])
        if height > 1 or len(row) not in (width * channels, height):
            # Further rows are read behind the ends of their lists; a row of another length is refused first.
            if all(len(vm.sequence(each)) not in (width * channels, height) for each in items):
                vm.raise_value("Column count mismatch!")
            raise Fault("regression() with a list of rows reads what stands behind the end of each row's list")
        flat = list(row)
    values = np.array([vm.float_of(value) for value in flat], np.float32)
    buffer = model.inputs[0]
    if buffer.values.dtype.kind != "f":
        tensor = buffer.tensor
        scaled = values / np.float32(scale_of(tensor)) + np.float32(zero_point_of(tensor))
        values = np.rint(scaled).astype(np.int64).astype(np.uint8).view(buffer.values.dtype)
    buffer.put(values)


def _named(name: str, host: Callable[..., Any], count: int, *, keywords: bool) -> NativeFunction:
    most = None if keywords else count
    return NativeFunction(host, name, count, most, keywords=keywords, is_method=False)


FUNCTIONS: Final[dict[str, Value]] = {
    "classify": _named("classify", _classify, 2, keywords=True),
    "segment": _named("segment", _segment, 2, keywords=True),
    "detect": _named("detect", _detect, 2, keywords=True),
    "regression": _named("regression", _regression, 2, keywords=False),
}
MODEL: Final = NativeType("tf_model", TfModel, constants=FUNCTIONS)

__all__ = ["FUNCTIONS", "MODEL"]
