"""``pid.py`` (openmv/openmv scripts/libraries/pid.py of v4.8.1 and v5.0.0): a controller; its steps are floats."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from omvsim.micropython.values import BinaryOp, UnaryOp
from omvsim.standard.time_ import ticks_ms_now

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

LONGEST_MS: Final = 1000
"""A pause longer than this starts it anew."""
TIMES, PLUS, MINUS, OVER = BinaryOp.MULTIPLY, BinaryOp.ADD, BinaryOp.SUBTRACT, BinaryOp.TRUE_DIVIDE


def _time_constant(vm: Machine, values: Sequence[Value]) -> Value:
    """``_RC``: of a filter of 20 Hz."""
    (names,) = values
    turn = vm.binary(TIMES, vm.binary(TIMES, 2, vm.subscr(vm.globals, "pi")), 20)
    vm.dict_store(names, "_RC", vm.binary(OVER, 1, turn))
    return None


def _real(vm: Machine, value: Value) -> Value:
    """``float(value)``."""
    kind = vm.builtin("float")
    return vm.call(kind, (value,))  # type: ignore[arg-type]  # a type


def _init(vm: Machine, values: Sequence[Value]) -> Value:
    this, *gains, most = values
    for name, gain in zip(("_kp", "_ki", "_kd"), gains, strict=True):
        vm.set_attr(this, name, _real(vm, gain))
    vm.set_attr(this, "_imax", vm.unary(UnaryOp.ABS, most))
    vm.set_attr(this, "_last_derivative", _real(vm, "nan"))
    return None


def _acts(vm: Machine, this: Value, gain: str, passed: int) -> bool:
    """Whether a part with that gain does anything."""
    return vm.truth(vm.binary(BinaryOp.MORE, vm.unary(UnaryOp.ABS, vm.attr(this, gain)), 0)) and passed > 0


def _get(vm: Machine, values: Sequence[Value]) -> Value:
    """The answer to an error: proportional, then differential, scaled, then integral."""
    this, error, scaler = values
    now = ticks_ms_now(vm)
    last = vm.small_of(vm.attr(this, "_last_t"))
    passed = now - last
    if last == 0 or passed > LONGEST_MS:
        passed = 0
        fun, bound = vm.method(this, "reset_I")
        vm.call_method(fun, bound)
    vm.set_attr(this, "_last_t", now)
    seconds = vm.binary(OVER, _real(vm, passed), _real(vm, LONGEST_MS))
    output = vm.binary(PLUS, 0, vm.binary(TIMES, error, vm.attr(this, "_kp")))
    if _acts(vm, this, "_kd", passed):
        slope = _slope(vm, this, error, seconds)
        output = vm.binary(PLUS, output, vm.binary(TIMES, vm.attr(this, "_kd"), slope))
    output = vm.binary(TIMES, output, scaler)
    if _acts(vm, this, "_ki", passed):
        output = vm.binary(PLUS, output, _sum(vm, this, vm.binary(TIMES, error, vm.attr(this, "_ki")), scaler, seconds))
    return output


def _slope(vm: Machine, this: Value, error: Value, seconds: Value) -> Value:
    """The filtered derivative."""
    slope: Value = 0
    if math.isnan(vm.float_of(vm.attr(this, "_last_derivative"))):
        vm.set_attr(this, "_last_derivative", 0)
    else:
        slope = vm.binary(OVER, vm.binary(MINUS, error, vm.attr(this, "_last_error")), seconds)
    before = vm.attr(this, "_last_derivative")
    share = vm.binary(OVER, seconds, vm.binary(PLUS, vm.attr(this, "_RC"), seconds))
    slope = vm.binary(PLUS, before, vm.binary(TIMES, share, vm.binary(MINUS, slope, before)))
    vm.set_attr(this, "_last_error", error)
    vm.set_attr(this, "_last_derivative", slope)
    return slope


def _sum(vm: Machine, this: Value, part: Value, scaler: Value, seconds: Value) -> Value:
    """The integral, within its limits."""
    step = vm.binary(TIMES, vm.binary(TIMES, part, scaler), seconds)
    vm.set_attr(this, "_integrator", vm.binary(PLUS, vm.attr(this, "_integrator"), step))
    lowest = vm.unary(UnaryOp.NEGATIVE, vm.attr(this, "_imax"))
    if vm.truth(vm.binary(BinaryOp.LESS, vm.attr(this, "_integrator"), lowest)):
        vm.set_attr(this, "_integrator", vm.unary(UnaryOp.NEGATIVE, vm.attr(this, "_imax")))
    elif vm.truth(vm.binary(BinaryOp.MORE, vm.attr(this, "_integrator"), vm.attr(this, "_imax"))):
        vm.set_attr(this, "_integrator", vm.attr(this, "_imax"))
    return vm.attr(this, "_integrator")


def _reset(vm: Machine, values: Sequence[Value]) -> Value:
    vm.set_attr(values[0], "_integrator", 0)
    vm.set_attr(values[0], "_last_derivative", _real(vm, "nan"))
    return None


FUNCTIONS: Final[dict[str, Callable[..., Value]]] = {
    "special _RC": _time_constant,
    "PID.__init__": _init,
    "PID.get_pid": _get,
    "PID.reset_I": _reset,
}

__all__ = ["FUNCTIONS"]
