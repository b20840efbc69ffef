"""``ml/utils.py``: thresholds, quantisation, and the helpers that draw.

Facts: openmv/openmv v4.5.6 to v4.7.0 ``scripts/libraries/ml/ml/utils.py``, v4.8.1 and v5.0.0 ``…/ml-core/ml/utils.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.library.drawing import drawing_codes
from omvsim.library.functions import Code, library_body
from omvsim.library.nms import nms_codes
from omvsim.library.package import package_of
from omvsim.library.steps import ONE, Steps
from omvsim.micropython.values import BinaryOp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.frozen.body import Body
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value


def logit(vm: Machine, values: Sequence[Value]) -> Value:
    """``log(x / (1 - x))``."""
    (value,) = values
    steps = Steps(vm)
    return steps.np("log", steps.div(value, steps.sub(ONE, value)))


def sigmoid(vm: Machine, values: Sequence[Value]) -> Value:
    """``1 / (1 + exp(-x))``."""
    steps = Steps(vm)
    return steps.div(ONE, steps.add(ONE, steps.np("exp", steps.neg(values[0]))))


def mod(vm: Machine, values: Sequence[Value]) -> Value:
    """The remainder, for arrays without ``%``."""
    left, right = values
    steps = Steps(vm)
    return steps.sub(left, steps.mul(right, steps.floordiv(left, right)))


def threshold(vm: Machine, values: Sequence[Value]) -> Value:
    """Places of the scores over a limit; under it where the scale is negative."""
    scores, limit, scale, find_max, axis = values
    del values
    steps = Steps(vm)
    over = steps.is_(BinaryOp.MORE, scale, 0)
    if vm.truth(find_max):
        scores = steps.np("max" if over else "min", scores, axis=axis)
    mask = steps.more(scores, limit) if over else steps.less(scores, limit)
    return steps.item(steps.np("nonzero", mask), 0)


def _is_float(steps: Steps, model: Value, index: Value) -> bool:
    return steps.vm.equal(steps.item(steps.attr(model, "output_dtype"), index), "f")


def quantize(vm: Machine, values: Sequence[Value]) -> Value:
    """A real value in the units of an output."""
    model, value, index = values
    steps = Steps(vm)
    if _is_float(steps, model, index):
        return value
    scaled = steps.div(value, steps.item(steps.attr(model, "output_scale"), index))
    return steps.add(scaled, steps.item(steps.attr(model, "output_zero_point"), index))


def dequantize(vm: Machine, values: Sequence[Value]) -> Value:
    """An output's units as real values."""
    model, value, index = values
    steps = Steps(vm)
    if _is_float(steps, model, index):
        return value
    point = steps.builtin("float", steps.item(steps.attr(model, "output_zero_point"), index))
    moved = steps.sub(value, point)
    return steps.mul(moved, steps.item(steps.attr(model, "output_scale"), index))


LOGIT: Final = Code("logit", "x", logit)
SIGMOID: Final = Code("sigmoid", "x", sigmoid)
MOD: Final = Code("mod", "a b", mod)
THRESHOLD: Final = Code("threshold", "scores threshold scale find_max find_max_axis", threshold, 0, (False, 1))
QUANTIZE: Final = Code("quantize", "model value index", quantize, 0, (0,))
DEQUANTIZE: Final = Code("dequantize", "model value index", dequantize, 0, (0,))


def statements(body: Body) -> None:
    """``ml/utils.py``."""
    body = library_body(body)
    package = package_of(body.vm)
    body.import_("math")
    if package.has_detectors:
        body.from_import("ulab", "numpy=np")
        for code in (LOGIT, SIGMOID, *((MOD,) if package.has_mod else ()), THRESHOLD, QUANTIZE, DEQUANTIZE):
            body.define(code)
    body.define_class("NMS", *nms_codes(package))
    for code in drawing_codes(package):
        body.define(code)
    body.finish()


__all__ = ["DEQUANTIZE", "LOGIT", "MOD", "QUANTIZE", "SIGMOID", "THRESHOLD", "statements"]
