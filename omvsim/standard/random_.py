"""``random`` (extmod/modrandom.c): the Yasmarang generator. The camera seeds it from its noise source at the first
import; here that seed is the run's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.errors import Error
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import function
from omvsim.micropython.types import float_
from omvsim.numerals.single import from_bits, single

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

WORD: Final = 0xFFFFFFFF


class Generator:
    """The generator's state."""

    def __init__(self) -> None:
        self.noise = 0
        """What stands for the camera's noise source (``trng_random_u32``)."""
        self.seed(0)

    def seed(self, value: int) -> None:
        """Start over."""
        self.pad, self.n, self.d, self.dat = value & WORD, 69, 233, 0

    def seed_from_noise(self) -> None:
        """Start over with a new word of noise: any other will do."""
        self.noise = (self.noise * 69069 + 1) & WORD
        self.seed(self.noise)

    def next(self) -> int:
        """32 bits."""
        self.pad = (self.pad + self.dat + self.d * self.n) & WORD
        self.pad = ((self.pad << 3) + (self.pad >> 29)) & WORD
        self.n = self.pad | 2
        self.d ^= ((self.pad << 31) + (self.pad >> 1)) & WORD
        self.dat = (self.dat ^ self.pad ^ (self.d >> 8) ^ 1) & 0xFF
        return (self.pad ^ (self.d << 5) ^ (self.pad >> 18) ^ (self.dat << 1)) & WORD

    def below(self, count: int) -> int:
        """Less than ``count``: bits until they are."""
        mask = 1
        while count & mask < count:
            mask = mask << 1 | 1
        while True:
            found = self.next() & mask
            if found < count:
                return found

    def fraction(self) -> float:
        """From 0 up to 1: 23 bits of a float."""
        return from_bits(0x3F800000 | self.next() & 0x7FFFFF) - 1.0


@function("getrandbits", 1)
def _getrandbits(vm: Machine, count: Value) -> Value:
    bits = vm.int_of(count)
    if not 0 <= bits <= 32:
        vm.raise_value("bits must be 32 or less")
    return vm.new_int(vm.part(Generator).next() & (1 << bits) - 1) if bits else 0


@function("seed", 0, 1)
def _seed(vm: Machine, *args: Value) -> Value:
    made = vm.part(Generator)
    if args and args[0] is not None:
        made.seed(vm.small_of(args[0]))
    else:
        made.seed_from_noise()
    return None


@function("randrange", 1, 3)
def _randrange(vm: Machine, *args: Value) -> Value:
    start, stop, step = vm.int_of(args[0]), 0, 1
    if len(args) == 1:
        start, stop = 0, start
    else:
        stop = vm.int_of(args[1])
    if len(args) == 3:
        step = vm.int_of(args[2])
    if step == 0:
        vm.raise_value()
    count = (abs(stop - start) + abs(step) - 1) // abs(step) if (stop - start) * step > 0 else 0
    if count <= 0:
        vm.raise_value()
    return vm.new_int(start + step * vm.part(Generator).below(count))


@function("randint", 2)
def _randint(vm: Machine, low: Value, high: Value) -> Value:
    a, b = vm.int_of(low), vm.int_of(high)
    if a > b:
        vm.raise_value()
    return vm.new_int(a + vm.part(Generator).below(b - a + 1))


@function("choice", 1)
def _choice(vm: Machine, source: Value) -> Value:
    count = vm.length(source)
    if count <= 0:
        vm.error(Error.INDEX)
    return vm.subscr(source, vm.part(Generator).below(count))


@function("random", 0)
def _random(vm: Machine) -> Value:
    return float_.new_float(vm, vm.part(Generator).fraction())


@function("uniform", 2)
def _uniform(vm: Machine, low: Value, high: Value) -> Value:
    a, b = vm.float_of(low), vm.float_of(high)
    return float_.new_float(vm, single(a + single(single(b - a) * vm.part(Generator).fraction())))


def module(vm: Machine) -> NativeModule:
    """``random``, seeded."""
    made = vm.part(Generator)
    made.seed(made.noise)
    functions = (_getrandbits, _seed, _randrange, _randint, _choice, _random, _uniform)
    return NativeModule("random", {each.name: each for each in functions})


__all__ = ["Generator", "module"]
