"""``arange``, ``linspace``, ``logspace`` (code/numpy/create.c): values are added up in single precision."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from omvsim.later import np
from omvsim.micropython.errors import Error
from omvsim.micropython.native import function
from omvsim.micropython.types import tuple_
from omvsim.micropython.values import Sentinel
from omvsim.numerals.single import power, single
from omvsim.ulab import making
from omvsim.ulab.create import type_argument
from omvsim.ulab.fused import fused_of
from omvsim.ulab.layout import BOOL, FLOATS, INT16
from omvsim.ulab.shaping import is_int

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.ulab.ndarray import NdArray


def _stepped(vm: Machine, start: float, step: float, stop: float, shape: tuple[int, str]) -> NdArray:
    """``create_linspace_arange``: the last element is ``stop``, whatever the sum."""
    length, code = shape
    made = making.new_linear(vm, length, making.code_of(vm, ord(code)))
    values, value = [], start
    for _ in range(length):
        values.append(value)
        value = single(value + step)
    if code == BOOL:
        making.fill(made, np.array(values) != 0)
    else:
        values[-1:] = [stop]
        making.fill(made, np.array(values, np.float32))
    return made


@function("arange", 1, None, keywords=True)
def arange(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """16-bit integers if all arguments are integers and none is beyond 32768."""
    given = vm.parse_keywords(args, kwargs, ("", "", "", "dtype"), 1, 3)
    numbers = list(args)
    whole = all(is_int(number) for number in numbers)
    floats = [vm.float_of(number) for number in numbers]
    start, stop, step = [(0.0, floats[0], 1.0), (*floats, 1.0), tuple(floats)][len(floats) - 1]
    code = INT16 if whole else FLOATS
    if max(abs(stop), abs(start), abs(step)) > 32768:
        code = FLOATS
    if not isinstance(given[3], Sentinel) and given[3] is not None:
        code = type_argument(vm, given[3])
    if step == 0.0:
        vm.error(Error.ZERO_DIVISION, "divide by zero")
    if not all(map(math.isfinite, (start, stop, step))):
        vm.raise_value("arange: cannot compute length")
    count = single(single(stop - start) / step)
    if count <= 0:
        return making.new_linear(vm, 0, making.code_of(vm, ord(code)))
    length = math.ceil(count)
    return _stepped(vm, start, step, fused_of(float(length - 1), step, start), (length, code))


def _points(vm: Machine, given: Value | Sentinel) -> int:
    number = 50 if isinstance(given, Sentinel) else vm.int_of(given)
    if number < 2:
        vm.raise_value("number of points must be at least 2")
    return number


@function("linspace", 2, None, keywords=True)
def linspace(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Equal steps."""
    names = ("", "", "num", "endpoint", "retstep", "dtype")
    first, last, num, endpoint, with_step, dtype = vm.parse_keywords(args, kwargs, names, 2, 3)
    assert not isinstance(first, Sentinel)
    assert not isinstance(last, Sentinel)
    code = type_argument(vm, dtype)
    length = _points(vm, num)
    start, stop = vm.float_of(first), vm.float_of(last)
    if isinstance(endpoint, Sentinel) or endpoint is True:
        step = single(single(stop - start) / (length - 1))
    else:
        step = single(single(stop - start) / length)
        stop = fused_of(step, float(length - 1), start)
    made = _stepped(vm, start, step, stop, (length, code))
    if isinstance(with_step, Sentinel) or with_step is False:
        return made
    return tuple_.new_tuple(vm, (made, vm.new_float(step)))


@function("logspace", 2, None, keywords=True)
def logspace(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Equal quotients."""
    names = ("", "", "num", "base", "endpoint", "dtype")
    first, last, num, given_base, endpoint, dtype = vm.parse_keywords(args, kwargs, names, 2, 3)
    assert not isinstance(first, Sentinel)
    assert not isinstance(last, Sentinel)
    code = type_argument(vm, dtype)
    length = _points(vm, num)
    start = vm.float_of(first)
    base = 10.0 if isinstance(given_base, Sentinel) else vm.float_of(given_base)
    steps = length - 1 if isinstance(endpoint, Sentinel) or endpoint is True else length
    quotient = power(base, single(single(vm.float_of(last) - start) / steps))
    made = making.new_linear(vm, length, making.code_of(vm, ord(code)))
    values, value = [], power(base, start)
    for _ in range(length):
        values.append(value)
        value = single(value * quotient)
    making.fill(made, np.ones(length) if code == BOOL else np.array(values, np.float32))
    return made


__all__ = ["arange", "linspace", "logspace"]
