"""What library code is made of: arithmetic, subscripts, calls of ``numpy`` and of built-in functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.library.functions import Line, rom_float
from omvsim.micropython.errors import Error
from omvsim.micropython.types import slice_
from omvsim.micropython.values import BinaryOp, Sentinel, UnaryOp

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

ZERO: Final = rom_float(0.0)
ONE: Final = rom_float(1.0)
HALF: Final = rom_float(0.5)


class Steps:
    """The steps of one machine. Every method asks for what the expression asks for."""

    __slots__ = ("numpy", "vm")

    def __init__(self, vm: Machine) -> None:
        self.vm = vm
        ulab = vm.modules.get("ulab")
        if ulab is None:
            vm.error(Error.IMPORT, "no module named '%q'", "ulab")
        self.numpy = ulab.names["numpy"]

    def at(self, line: int) -> None:
        """The function is at a line now: a traceback tells it."""
        self.vm.part(Line).now = line

    # -- operators -----------------------------------------------------------------------------------------------------

    def add(self, left: Value, right: Value) -> Value:
        """``left + right``."""
        return self.vm.binary(BinaryOp.ADD, left, right)

    def sub(self, left: Value, right: Value) -> Value:
        """``left - right``."""
        return self.vm.binary(BinaryOp.SUBTRACT, left, right)

    def mul(self, left: Value, right: Value) -> Value:
        """``left * right``."""
        return self.vm.binary(BinaryOp.MULTIPLY, left, right)

    def div(self, left: Value, right: Value) -> Value:
        """``left / right``."""
        return self.vm.binary(BinaryOp.TRUE_DIVIDE, left, right)

    def floordiv(self, left: Value, right: Value) -> Value:
        """``left // right``."""
        return self.vm.binary(BinaryOp.FLOOR_DIVIDE, left, right)

    def modulo(self, left: Value, right: Value) -> Value:
        """``left % right``."""
        return self.vm.binary(BinaryOp.MODULO, left, right)

    def neg(self, value: Value) -> Value:
        """``-value``."""
        return self.vm.unary(UnaryOp.NEGATIVE, value)

    def less(self, left: Value, right: Value) -> Value:
        """``left < right``."""
        return self.vm.binary(BinaryOp.LESS, left, right)

    def more(self, left: Value, right: Value) -> Value:
        """``left > right``."""
        return self.vm.binary(BinaryOp.MORE, left, right)

    def is_(self, op: BinaryOp, left: Value, right: Value) -> bool:
        """Whether a comparison holds."""
        return self.vm.truth(self.vm.binary(op, left, right))

    # -- parts ---------------------------------------------------------------------------------------------------------

    def item(self, value: Value, index: Value) -> Value:
        """``value[index]``."""
        return self.vm.subscr(value, index)

    def slice(self, start: Value = None, stop: Value = None, step: Value = None) -> Value:
        """``start:stop:step``."""
        return slice_.new_slice(self.vm, start, stop, step)

    def column(self, array: Value, number: int) -> Value:
        """``array[:, number]``."""
        return self.vm.subscr(array, self.vm.new_tuple((self.slice(), number)))

    def columns(self, array: Value, start: int, step: Value = None) -> Value:
        """``array[:, start::step]``."""
        rows = self.slice()
        return self.vm.subscr(array, self.vm.new_tuple((rows, self.slice(start, None, step))))

    def row(self, array: Value, number: int) -> Value:
        """``array[number, :]``."""
        return self.vm.subscr(array, self.vm.new_tuple((number, self.slice())))

    def rows(self, array: Value, start: int) -> Value:
        """``array[start:, :]``."""
        some = self.slice(start)
        return self.vm.subscr(array, self.vm.new_tuple((some, self.slice())))

    def attr(self, value: Value, name: str) -> Value:
        """``value.name``."""
        return self.vm.attr(value, name)

    def numbers(self, value: Value, name: str, index: int, count: int) -> list[Value]:
        """``… = value.name[index]`` with so many targets."""
        return self.vm.unpack(self.vm.subscr(self.vm.attr(value, name), index), count)

    # -- calls ---------------------------------------------------------------------------------------------------------

    def np(self, name: str, *args: Value, **named: Value) -> Value:
        """``np.name(…)``."""
        return self.vm.call(self.vm.attr(self.numpy, name), args, tuple(named.items()))

    def call(self, owner: Value, name: str, *args: Value, **named: Value) -> Value:
        """``owner.name(…)``."""
        fun, bound = self.vm.method(owner, name)
        assert not isinstance(fun, Sentinel)
        return self.vm.call_method(fun, bound, args, tuple(named.items()))

    def builtin(self, name: str, *args: Value, **named: Value) -> Value:
        """A built-in function or type, as the script may have replaced it."""
        fun = self.vm.builtin(name)
        if isinstance(fun, Sentinel):
            self.vm.error(Error.NAME, "name '%q' isn't defined", name)
        return self.vm.call(fun, args, tuple(named.items()))

    def named(self, name: str, *args: Value, **named: Value) -> Value:
        """A function of the module whose code runs, or one that it imported."""
        fun = self.vm.globals.map.found[name].value  # type: ignore[attr-defined]  # a dict
        return self.vm.call(fun, args, tuple(named.items()))

    def reshape(self, array: Value, *shape: int) -> Value:
        """``array.reshape((…))``; one number is in no tuple."""
        wanted: Value = shape[0] if len(shape) == 1 else self.vm.new_tuple(shape)
        return self.call(array, "reshape", wanted)

    def whole(self, value: Value) -> int:
        """A whole number that a shape has."""
        return self.vm.int_of(value)


def steps_of(vm: Machine) -> Steps:
    """The steps of a machine."""
    return Steps(vm)


__all__ = ["HALF", "ONE", "ZERO", "Steps", "steps_of"]
