"""``ml/postprocessing/edgeimpulse.py``: ``Fomo``, a class for every cell of a grid (from 4.8.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.library.detecting import (
    NOTHING,
    add_centred,
    boxes_of,
    call_code,
    count_of,
    force_scores,
    init_code,
    is_empty,
    new_nms,
)
from omvsim.library.functions import library_body, rom_float
from omvsim.library.package import package_of
from omvsim.library.steps import HALF, Steps

if TYPE_CHECKING:
    from omvsim.frozen.body import Body
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

FIRST_CLASS: Final = 1
"""The first column is the background's."""
SIDE: Final = rom_float(1.414214)
STATE: Final = 152


def _call(vm: Machine, self: Value, model: Value, inputs: Value, outputs: Value) -> Value:
    steps = Steps(vm)
    _, rows, cols, channels = (steps.whole(number) for number in steps.numbers(model, "output_shape", 0, 4))
    scale = steps.item(steps.attr(model, "output_scale"), 0)
    limit = steps.named("quantize", model, steps.attr(self, "threshold"))
    table = steps.reshape(steps.item(outputs, 0), rows * cols, channels)
    found = steps.columns(table, FIRST_CLASS)
    force_scores(vm, found, limit, axis=1)
    found = steps.named("threshold", found, limit, scale, find_max=True, find_max_axis=1)
    if is_empty(steps, found):
        return NOTHING
    boxes = steps.named("dequantize", model, steps.np("take", table, found, axis=0))
    row = steps.floordiv(found, cols)
    col = steps.named("mod", found, cols) if package_of(vm).has_mod else steps.modulo(found, cols)
    scores = steps.np("max", steps.columns(boxes, FIRST_CLASS), axis=1)
    classes = steps.add(steps.np("argmax", steps.columns(boxes, FIRST_CLASS), axis=1), FIRST_CLASS)
    _, height, width, _ = steps.numbers(model, "input_shape", 0, 4)
    x = steps.mul(steps.div(steps.add(col, HALF), cols), width)
    y = steps.mul(steps.div(steps.add(row, HALF), rows), height)
    wide = _side(steps, col, steps.attr(self, "w_scale"), cols, width)
    high = _side(steps, row, steps.attr(self, "h_scale"), rows, height)
    nms = new_nms(steps, width, height, inputs)
    add_centred(steps, nms, count_of(steps, boxes), (x, y, wide, high), scores, classes)
    return boxes_of(steps, self, nms)


def _side(steps: Steps, cells: Value, scale: Value, count: int, pixels: Value) -> Value:
    """The same length for every box, in pixels."""
    length = steps.vm.length(cells)
    return steps.mul(steps.np("full", length, steps.div(scale, count)), pixels)


def statements(body: Body) -> None:
    """``ml/postprocessing/edgeimpulse.py``."""
    body = library_body(body)
    body.from_import("ml.utils", "*")
    body.from_import("micropython", "const")
    body.from_import("ulab", "numpy=np")
    body.define_class(
        "Fomo",
        init_code(0.4, ("w_scale", SIDE), ("h_scale", SIDE), sigma=0.001),
        call_code(_call, STATE),
    )
    body.finish()


__all__ = ["statements"]
