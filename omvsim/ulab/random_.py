"""``ulab.numpy.random`` (code/numpy/random): a PCG generator of 32 bits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.later import np
from omvsim.micropython.errors import Unknown
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types import tuple_
from omvsim.micropython.values import Obj, PrintKind, Sentinel
from omvsim.numerals.single import single
from omvsim.ulab import making, ndarray
from omvsim.ulab.fused import fused_of
from omvsim.ulab.layout import DIMS, FLOATS, MAX_DIMS, WORD, Scratch, ulab_of
from omvsim.ulab.shaping import TOO_MANY_DIMENSIONS, is_int

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Out, Value
    from omvsim.ulab.ndarray import NdArray

_GENERATOR: Final = 16
"""``random_generator_obj_t``: the type, then 64 bits aligned."""
_MULTIPLIER: Final = 6364136223846793005
_INCREMENT: Final = 1442695040888963407
_WORDS: Final = (1 << 64) - 1
_PI: Final = single(math.pi)
_NO_SHAPE: Final = {
    False: "shape must be None, and integer or a tuple of integers",
    True: "shape must be None, an integer or a tuple of integers",
}
"""By whether it is a newer version (:attr:`Ulab.random_makes_two`)."""


class Generator(Obj):
    """``Generator(seed)``."""

    __slots__ = ("state",)
    type_name: ClassVar[str] = "generator"

    def __init__(self, vm: Machine, seed: int) -> None:
        super().__init__(vm.memory, vm.memory.alloc(_GENERATOR))
        self.state = seed & 0xFFFFFFFF

    def number(self) -> float:
        """The next number from 0 up to 1, of 24 bits."""
        old = self.state
        self.state = (old * _MULTIPLIER + _INCREMENT) & _WORDS
        value = ((old ^ (old >> 18)) >> 27) & 0xFFFFFFFF
        turn = old >> 59
        value = ((value >> turn) | (value << (32 - turn))) & 0xFFFFFFFF if turn else value
        return (value >> 8) * 2.0**-24

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """Straight to the terminal, whoever asked."""
        name = "Generator" if ulab_of(vm).random_makes_two else "Gnerator"
        vm.write(f"{name}() at 0x{self.address:x}")

    @method("normal", 1, None, keywords=True)
    def normal(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Box and Muller's pairs."""
        _, given, width, size = vm.parse_keywords((self, *args), kwargs, ("", "loc", "scale", "size"), 0, 4)
        loc = 0.0 if isinstance(given, Sentinel) else vm.float_of(given)
        scale = 1.0 if isinstance(width, Sentinel) else vm.float_of(width)
        if isinstance(size, Sentinel) or size is None:
            return vm.new_float(fused_of(scale, self._pair()[0], loc))
        made = _array(vm, size) if not is_int(size) else making.new_linear(vm, vm.int_of(size) & 0xFFFFFFFF, FLOATS)
        numbers: list[float] = []
        while len(numbers) < made.size:
            numbers.extend(fused_of(scale, value, loc) for value in self._pair())
        making.fill(made, np.array(numbers[: made.size], np.float32))
        return made

    def _pair(self) -> tuple[float, float]:
        first, second = self.number(), self.number()
        logarithm = single(math.log(first)) if first else -math.inf
        radius = single(math.sqrt(single(-2.0 * logarithm)))
        angle = single(single(2.0 * _PI) * second)
        return single(radius * single(math.cos(angle))), single(radius * single(math.sin(angle)))

    @method("random", 1, None, keywords=True)
    def random(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Numbers from 0 up to 1; newer versions make the array of a size twice."""
        _, size, out = vm.parse_keywords((self, *args), kwargs, ("", "size", "out"), 0, 2)
        scratch = Scratch(vm)
        scratch.take(DIMS)
        wanted = None if isinstance(size, Sentinel) else size
        twice = ulab_of(vm).random_makes_two
        lengths: tuple[int, ...] = (0,) * MAX_DIMS
        shape: tuple[int, ...] = ()
        if is_int(wanted):
            assert wanted is not None
            shape = (vm.int_of(wanted) & 0xFFFFFFFF,)
            lengths = (0, 0, 0, *shape)
        elif wanted is not None and twice:
            _array(vm, wanted)
        elif wanted is not None:
            shape = _lengths(vm, wanted)[::-1]
            lengths = (0,) * (MAX_DIMS - len(shape)) + shape
        if not isinstance(out, Sentinel) and out is not None:
            made = _checked_out(vm, out, None if wanted is None else lengths)
        elif wanted is None:
            return vm.new_float(self.number())
        elif not twice:
            made = making.new_dense(vm, shape, FLOATS)
        elif is_int(wanted):
            raise Unknown("numpy.random.Generator.random", "the camera reads an integer size as a tuple")
        else:
            made = _array(vm, wanted)
        making.fill(made, np.array([self.number() for _ in range(made.size)], np.float32))
        return made

    @method("uniform", 1, None, keywords=True)
    def uniform(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Numbers between two bounds; a single one is always from 0 up to 1."""
        _, given, top, size = vm.parse_keywords((self, *args), kwargs, ("", "low", "high", "size"), 0, 4)
        low = 0.0 if isinstance(given, Sentinel) else vm.float_of(given)
        high = 1.0 if isinstance(top, Sentinel) else vm.float_of(top)
        if isinstance(size, Sentinel) or size is None:
            return vm.new_float(self.number())
        made = _array(vm, size)
        span = single(high - low)
        numbers = [fused_of(span, self.number(), low) for _ in range(made.size)]
        making.fill(made, np.array(numbers, np.float32))
        return made


def _array(vm: Machine, size: Value) -> NdArray:
    """``ndarray_new_ndarray_from_tuple``."""
    shape = _lengths(vm, size)
    scratch = Scratch(vm)
    scratch.take(DIMS)
    return making.new_dense(vm, shape, FLOATS)


def _lengths(vm: Machine, size: Value) -> tuple[int, ...]:
    if not isinstance(size, tuple_.Tuple):
        vm.raise_type(_NO_SHAPE[ulab_of(vm).random_makes_two])
    if len(size.items) > MAX_DIMS:
        vm.raise_value(TOO_MANY_DIMENSIONS)
    return tuple(vm.int_of(item) & 0xFFFFFFFF for item in size.items)


def _checked_out(vm: Machine, out: Value, lengths: tuple[int, ...] | None) -> NdArray:
    if not isinstance(out, ndarray.NdArray):
        vm.raise_type("out has wrong type")
    if out.code != FLOATS:
        vm.raise_type("output array has wrong type")
    if lengths is not None and out.lengths != lengths:
        vm.raise_value("size must match out.shape when used together")
    if not out.is_dense():
        vm.raise_value("output array must be contiguous")
    return out


def _make_generator(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 0, 1, keywords=True)
    seed = vm.parse_keywords(args, kwargs, ("",), 0, 1)[0]
    if isinstance(seed, Sentinel) or seed is None:
        raise Unknown("numpy.random.Generator", "the seed of the camera's hardware")
    if is_int(seed):
        return Generator(vm, vm.int_of(seed))
    if not isinstance(seed, tuple_.Tuple):
        vm.raise_type("argument must be None, an integer or a tuple of integers")
    scratch = Scratch(vm)
    scratch.take(WORD * len(seed.items))
    return tuple_.new_tuple(vm, [Generator(vm, vm.int_of(item)) for item in seed.items])


GENERATOR_TYPE: Final = NativeType("generator", Generator, _make_generator)


def random(vm: Machine) -> NativeModule:
    """The module."""
    return NativeModule("random", {"Generator": GENERATOR_TYPE})


__all__ = ["GENERATOR_TYPE", "Generator", "random"]
