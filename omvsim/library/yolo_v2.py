"""``ml/postprocessing/darknet.py``: ``YoloV2`` and ``YoloLC``, five anchors a cell (from 4.8.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.library.detecting import (
    NOTHING,
    TENTH,
    add_centred,
    boxes_of,
    call_code,
    count_of,
    force_scores,
    is_empty,
    new_nms,
)
from omvsim.library.functions import CLASS, Code, LibraryFunction, library_body, rom_float
from omvsim.library.package import package_of
from omvsim.library.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.frozen.body import Body
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

V2_ANCHORS: Final = ((0.98830, 3.36060), (2.11940, 5.37590), (3.05200, 9.13360), (5.55170, 9.30660), (9.72600, 11.1422))
LC_ANCHORS: Final = (
    (0.076023, 0.258508),
    (0.163031, 0.413531),
    (0.234769, 0.702585),
    (0.427054, 0.715892),
    (0.748154, 0.857092),
)
SCORE, FIRST_CLASS = 4, 5
INIT_STATE, LC_INIT_STATE, CALL_STATE, SOFTMAX_STATE = 52, 56, 168, 48
SIX_TENTHS: Final = rom_float(0.6)
ARGUMENTS: Final = "threshold anchors nms_threshold nms_sigma"
DEFAULTS: Final = (SIX_TENTHS, None, TENTH, TENTH)


def anchors_array(steps: Steps, anchors: Sequence[tuple[float, float]]) -> Value:
    """``np.array([[…], …])``."""
    vm = steps.vm
    pairs = [vm.new_list([rom_float(side) for side in pair]) for pair in anchors]
    return steps.np("array", vm.new_list(pairs))


def store_settings(vm: Machine, values: Sequence[Value]) -> Value:
    """``YoloV2.__init__``."""
    self, threshold, anchors, nms_threshold, nms_sigma = values
    steps = Steps(vm)
    stored = (
        ("threshold", threshold),
        ("anchors", anchors),
        ("nms_threshold", nms_threshold),
        ("nms_sigma", nms_sigma),
    )
    for name, value in stored:
        vm.set_attr(self, name, value)
    if vm.attr(self, "anchors") is None:
        vm.set_attr(self, "anchors", anchors_array(steps, V2_ANCHORS))
    vm.set_attr(self, "anchors_len", vm.length(vm.attr(self, "anchors")))
    return None


def init_lc(vm: Machine, values: Sequence[Value]) -> Value:
    """``YoloLC.__init__``: other anchors."""
    cell, self, threshold, anchors, nms_threshold, nms_sigma = values
    del values
    if anchors is None:
        anchors = anchors_array(Steps(vm), LC_ANCHORS)
    base = cell.value.bases[0]  # type: ignore[union-attr]  # the cell of the class
    fun = base.members.found["__init__"].value
    vm.call(fun, (self, threshold, anchors, nms_threshold, nms_sigma))
    return None


def softmax(vm: Machine, values: Sequence[Value]) -> Value:
    """Shares along the classes."""
    steps, (logits,) = Steps(vm), values
    powers = steps.np("exp", steps.sub(logits, steps.np("max", logits, axis=1, keepdims=True)))
    return steps.div(powers, steps.np("sum", powers, axis=1, keepdims=True))


SOFTMAX: Final = Code("softmax", "x", softmax, SOFTMAX_STATE)


def _call(vm: Machine, self: Value, model: Value, inputs: Value, outputs: Value) -> Value:
    steps = Steps(vm)
    shares = LibraryFunction(vm, SOFTMAX)
    _, rows, cols, channels = (steps.whole(number) for number in steps.numbers(model, "output_shape", 0, 4))
    scale = steps.item(steps.attr(model, "output_scale"), 0)
    limit = steps.named("quantize", model, steps.named("logit", steps.attr(self, "threshold")))
    anchors = steps.whole(steps.attr(self, "anchors_len"))
    table = steps.reshape(steps.item(outputs, 0), rows * cols * anchors, channels // anchors)
    found = steps.column(table, SCORE)
    force_scores(vm, found, limit)
    found = steps.named("threshold", found, limit, scale)
    if is_empty(steps, found):
        return NOTHING
    boxes = steps.named("dequantize", model, steps.np("take", table, found, axis=0))
    return decode(steps, self, (model, inputs), found, boxes, (rows, cols, anchors), shares)


def _mod(steps: Steps, left: Value, right: Value) -> Value:
    return steps.named("mod", left, right) if package_of(steps.vm).has_mod else steps.modulo(left, right)


def decode(  # noqa: PLR0917 -- the locals of one function
    steps: Steps,
    self: Value,
    call: tuple[Value, Value],
    found: Value,
    boxes: Value,
    grid: tuple[int, int, int],
    shares: Value,
) -> Value:
    """From candidates to boxes."""
    model, inputs = call
    rows, cols, anchors = grid
    row = steps.floordiv(found, cols * anchors)
    col = _mod(steps, steps.floordiv(found, anchors), cols)
    which = _mod(steps, found, anchors)
    sides = steps.np("take", steps.attr(self, "anchors"), which, axis=0)
    scores = steps.named("sigmoid", steps.column(boxes, SCORE))
    classes = steps.np("argmax", steps.vm.call(shares, (steps.columns(boxes, FIRST_CLASS),)), axis=1)
    x = steps.div(steps.add(col, steps.named("sigmoid", steps.column(boxes, 0))), cols)
    y = steps.div(steps.add(row, steps.named("sigmoid", steps.column(boxes, 1))), rows)
    wide = steps.div(steps.mul(steps.column(sides, 0), steps.np("exp", steps.column(boxes, 2))), cols)
    high = steps.div(steps.mul(steps.column(sides, 1), steps.np("exp", steps.column(boxes, 3))), rows)
    _, height, width, _ = steps.numbers(model, "input_shape", 0, 4)
    x = steps.mul(x, width)
    y = steps.mul(y, height)
    wide = steps.mul(wide, width)
    high = steps.mul(high, height)
    nms = new_nms(steps, width, height, inputs)
    add_centred(steps, nms, count_of(steps, boxes), (x, y, wide, high), scores, classes)
    return boxes_of(steps, self, nms)


V2_INIT: Final = Code("__init__", f"self {ARGUMENTS}", store_settings, INIT_STATE, DEFAULTS)
LC_INIT: Final = Code("__init__", f"{CLASS} self {ARGUMENTS}", init_lc, LC_INIT_STATE, DEFAULTS)


def statements(body: Body) -> None:
    """``ml/postprocessing/darknet.py``."""
    body = library_body(body)
    body.from_import("ml.utils", "*")
    body.from_import("micropython", "const")
    body.from_import("ulab", "numpy=np")
    body.define_class("YoloV2", V2_INIT, call_code(_call, CALL_STATE))
    body.define_class("YoloLC", LC_INIT, bases=(body.load("YoloV2"),))
    body.finish()


__all__ = [
    "ARGUMENTS",
    "DEFAULTS",
    "LC_INIT",
    "SOFTMAX",
    "V2_ANCHORS",
    "V2_INIT",
    "anchors_array",
    "decode",
    "init_lc",
    "statements",
]
