"""Functions of each element (code/numpy/vector.c)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.later import np
from omvsim.micropython.native import NativeFunction, NativeType, function
from omvsim.micropython.types.items import write_item
from omvsim.micropython.values import Obj, Sentinel
from omvsim.numerals.single import single
from omvsim.standard.math_ import evaluate
from omvsim.ulab import making, ndarray, operators
from omvsim.ulab.compare import is_number
from omvsim.ulab.layout import DIMS, FLOATS, HOST_TYPES, Scratch
from omvsim.ulab.shaping import is_int

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.ulab.ndarray import NdArray

    One = Callable[[float], float]

_PI: Final = single(math.pi)
_VECTORIZED: Final = 16
"""``vectorized_function_obj_t``."""


def element_function(name: str, host: One) -> NativeFunction:
    """``vector_generic_vector``: a float array of the same shape, then a block; ``out`` is filled side by side."""

    @function(name, 1, None, keywords=True)
    def call(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        value, out, _ = vm.parse_keywords(args, kwargs, ("", "out", "dtype"), 1, 1)
        assert not isinstance(value, Sentinel)
        if is_number(value):
            return vm.new_float(evaluate(host, vm.float_of(value)))
        if not isinstance(value, ndarray.NdArray):
            made = making.from_value(vm, value)
            if made.code == FLOATS and made.size:
                made.values[...] = _each(host, made)
            return made
        if isinstance(out, Sentinel) or out is None:
            target = making.new_dense(vm, value.shape, FLOATS)
        else:
            target = _checked_out(vm, value, out)
        scratch = Scratch(vm)
        scratch.take(DIMS)
        if value.size:
            data = _each(host, value).tobytes()
            room = len(target.store) - target.offset
            target.store[target.offset : target.offset + len(data)] = data[:room]
        return target

    return call


def _checked_out(vm: Machine, source: NdArray, out: Value) -> NdArray:
    if not isinstance(out, ndarray.NdArray):
        vm.raise_value("out must be an ndarray")
    if out.code != FLOATS:
        vm.raise_value("out must be of float dtype")
    if out.ndim != source.ndim:
        vm.raise_value("input and output dimensions differ")
    if out.shape != source.shape:
        vm.raise_value("input and output shapes differ")
    return out


def _each(host: One, array: NdArray) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Every element in turn, each different value once."""
    values, places = np.unique(array.values.astype(np.float32), return_inverse=True)
    found = np.array([evaluate(host, value) for value in values.tolist()], np.float32)
    return np.asarray(found[places].reshape(array.shape), np.float32)


def _degrees(x: float) -> float:
    return single(single(x * 180.0) / _PI)


def _radians(x: float) -> float:
    return single(single(x * _PI) / 180.0)


def _sinc(x: float) -> float:
    if x == 0.0:
        return 1.0
    x = single(x * _PI)
    return single(math.sin(x)) / x


def _log(x: float) -> float:
    return math.log(x) if x else -math.inf


def _log10(x: float) -> float:
    return math.log10(x) if x else -math.inf


def _log2(x: float) -> float:
    """``log2f`` of the C library: the natural logarithm over that of two."""
    return single(math.log(x)) / single(math.log(2.0)) if x else -math.inf


def _sqrt(x: float) -> float:
    return math.sqrt(x)


def _whole(host: Callable[[float], int]) -> One:
    def call(x: float) -> float:
        return math.copysign(float(host(x)), x) if math.isfinite(x) else x

    return call


def _atanh(x: float) -> float:
    return math.copysign(math.inf, x) if abs(x) == 1.0 else math.atanh(x)


def _gamma(x: float) -> float:
    return math.copysign(math.inf, x) if x == 0.0 else math.gamma(x)


def _lgamma(x: float) -> float:
    return math.inf if x <= 0 and x == math.floor(x) else math.lgamma(x)


@function("around", 1, None, keywords=True)
def around(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Rounded to decimals, half away from zero."""
    value, given, out = vm.parse_keywords(args, kwargs, ("", "decimals", "out"), 1, 1)
    decimals = 0 if isinstance(given, Sentinel) else vm.int_of(given)
    if not isinstance(value, ndarray.NdArray):
        vm.raise_type("first argument must be an ndarray")
    if not isinstance(out, Sentinel) and out is not None:
        vm.raise_value("out keyword is not supported for function")
    factor = np.float32(10.0**decimals)
    made = making.new_dense(vm, value.shape, FLOATS)
    if made.size:
        with np.errstate(all="ignore"):
            scaled = (value.values.astype(np.float32) * factor).astype(np.float64)
            away = np.trunc(scaled + np.copysign(0.5, scaled))
            made.values[...] = np.where(np.isfinite(scaled), away, scaled).astype(np.float32) / factor
    return made


@function("arctan2", 2)
def arctan2(vm: Machine, y: Value, x: Value) -> Value:
    """Of two numbers a number."""
    if is_number(y) and is_number(x):
        return vm.new_float(math.atan2(vm.float_of(y), vm.float_of(x)))
    right, left = making.from_value(vm, x), making.from_value(vm, y)
    scratch = Scratch(vm)
    scratch.take(DIMS, DIMS, DIMS)
    shape = operators.broadcast(right, left)
    if shape is None:
        vm.raise_value("operands could not be broadcast together")
    made = making.new_dense(vm, shape, FLOATS)
    if made.size:
        found = np.arctan2(left.cells.astype(np.float64), right.cells.astype(np.float64))
        making.fill(made, making.spread(found.astype(np.float32), made.shape))
    return made


class Vectorized(Obj):
    """What ``vectorize`` gives."""

    __slots__ = ("code", "fun")
    type_name: ClassVar[str] = ""

    def __init__(self, vm: Machine, fun: Value, code: str) -> None:
        super().__init__(vm.memory, vm.memory.alloc(_VECTORIZED))
        self.fun = fun
        self.code = code

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value | Sentinel:
        """Call the function for each element of an array, tuple, list or range, or for a number."""
        value = args[0] if args else None
        if isinstance(value, ndarray.NdArray):
            made = making.new_dense(vm, value.shape, self.code)
            for place, offset in enumerate(_offsets(value)):
                boolean, value.boolean = value.boolean, False
                item = value.item(vm, offset)
                value.boolean = boolean
                write_item(vm, self.code, made.store, place, vm.call(self.fun, (item,)))
            return made
        if making.array_like(value):
            made = making.new_linear(vm, vm.length(value), self.code)
            for place, item in enumerate(vm.items(value)):
                write_item(vm, self.code, made.store, place, vm.call(self.fun, (item,)))
            return made
        if not is_number(value):
            vm.raise_value("wrong input type")
        made = making.new_linear(vm, 1, self.code)
        write_item(vm, self.code, made.store, 0, vm.call(self.fun, (value,)))
        return made


def _offsets(array: NdArray) -> list[int]:
    return [
        sum(index * step for index, step in zip(place, array.strides, strict=True))
        for place in (np.ndindex(array.shape) if array.size else ())
    ]


VECTORIZED_TYPE: Final = NativeType("", Vectorized)


@function("vectorize", 1, None, keywords=True)
def vectorize(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """A function of arrays made of one of numbers."""
    fun, otypes = vm.parse_keywords(args, kwargs, ("", "otypes"), 1, 1)
    assert not isinstance(fun, Sentinel)
    if not isinstance(fun, Obj) or type(fun).call is Obj.call:
        vm.raise_type("first argument must be a callable")
    code = FLOATS
    if not isinstance(otypes, Sentinel) and otypes is not None:
        code = chr(vm.int_of(otypes) & 0xFF) if is_int(otypes) else ""
        if code not in HOST_TYPES:
            vm.raise_value("wrong output type")
    return Vectorized(vm, fun, code)


_HOSTS: Final[dict[str, One]] = {
    "acos": math.acos,
    "acosh": math.acosh,
    "asin": math.asin,
    "asinh": math.asinh,
    "atan": math.atan,
    "atanh": _atanh,
    "ceil": _whole(math.ceil),
    "cos": math.cos,
    "cosh": math.cosh,
    "degrees": _degrees,
    "exp": math.exp,
    "expm1": math.expm1,
    "floor": _whole(math.floor),
    "log": _log,
    "log10": _log10,
    "log2": _log2,
    "radians": _radians,
    "sin": math.sin,
    "sinc": _sinc,
    "sinh": math.sinh,
    "tan": math.tan,
    "tanh": math.tanh,
}


@function("sqrt", 1, None, keywords=True)
def _sqrt_function(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """The same, without ``dtype``."""
    vm.parse_keywords(args, kwargs, ("", "out"), 1, 1)
    return vm.call(_SQRT, args, kwargs)


_SQRT: Final = element_function("sqrt", _sqrt)
FUNCTIONS: Final = (
    *(element_function(name, host) for name, host in _HOSTS.items()),
    _sqrt_function,
    around,
    arctan2,
    vectorize,
)
SPECIAL: Final = (
    element_function("erf", math.erf),
    element_function("erfc", math.erfc),
    element_function("gamma", _gamma),
    element_function("gammaln", _lgamma),
)
"""``scipy.special``."""

__all__ = ["FUNCTIONS", "SPECIAL", "VECTORIZED_TYPE", "Vectorized", "element_function"]
