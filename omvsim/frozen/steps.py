"""What the statements of a frozen function do, one call a statement's part: each asks as the camera's bytecode asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.errors import Error, Raised
from omvsim.micropython.runtime import STACK_SLICES
from omvsim.micropython.values import BinaryOp, Obj, Sentinel

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

OPERATIONS: Final = {
    "+": BinaryOp.ADD,
    "-": BinaryOp.SUBTRACT,
    "*": BinaryOp.MULTIPLY,
    "//": BinaryOp.FLOOR_DIVIDE,
    "%": BinaryOp.MODULO,
    "|": BinaryOp.OR,
    "&": BinaryOp.AND,
    "<": BinaryOp.LESS,
    ">": BinaryOp.MORE,
    "==": BinaryOp.EQUAL,
}


class Steps:
    """The machine, in the words of statements."""

    def __init__(self, vm: Machine) -> None:
        self.vm = vm

    def name(self, name: str) -> Value:
        """A global or built-in name."""
        entry = self.vm.globals.map.found.get(name)  # type: ignore[attr-defined]  # a dict
        if entry is not None:
            found: Value = entry.value
            return found
        built_in = self.vm.builtin(name)
        if isinstance(built_in, Sentinel):
            self.vm.error(Error.NAME, "name '%q' isn't defined", name)
        return built_in

    def get(self, value: Value, name: str) -> Value:
        """``value.name``."""
        return self.vm.attr(value, name)

    def put(self, value: Value, name: str, new: Value) -> None:
        """``value.name = new``."""
        self.vm.set_attr(value, name, new)

    def puts(self, value: Value, **named: Value) -> None:
        """Several, in order."""
        for name, new in named.items():
            self.vm.set_attr(value, name, new)

    def ask(self, value: Value, name: str, *args: Value, **kwargs: Value) -> Value:
        """``value.name(…)``."""
        fun, bound = self.vm.method(value, name)
        return self.vm.call_method(fun, bound, args, tuple(kwargs.items()))

    def of(self, module: str, name: str, *args: Value) -> Value:
        """``module.name(…)``."""
        return self.ask(self.name(module), name, *args)

    def run(self, name: str, *args: Value) -> Value:
        """``name(…)``."""
        return self.vm.call(self.name(name), args)

    def op(self, left: Value, sign: str, right: Value) -> Value:
        """A binary operation."""
        return self.vm.binary(OPERATIONS[sign], left, right)

    def true(self, value: Value) -> bool:
        """Whether it is true."""
        return self.vm.truth(value)

    def at(self, value: Value, index: Value) -> Value:
        """``value[index]``."""
        return self.vm.subscr(value, index)

    def number_at(self, value: Value, index: int) -> int:
        """An item as a number."""
        return self.vm.int_of(self.vm.subscr(value, index))

    def set_at(self, value: Value, index: Value, new: Value) -> None:
        """``value[index] = new``."""
        self.vm.set_subscr(value, index, new)

    def _slice(self, value: Value, start: Value, stop: Value) -> Value:
        on_stack = self.vm.type_name(value) in STACK_SLICES
        return self.vm.new_slice(start, stop, None, on_stack=on_stack)

    def cut(self, value: Value, start: Value, stop: Value) -> Value:
        """``value[start:stop]``."""
        return self.vm.subscr(value, self._slice(value, start, stop))

    def set_cut(self, value: Value, start: Value, stop: Value, new: Value) -> None:
        """``value[start:stop] = new``."""
        self.vm.set_subscr(value, self._slice(value, start, stop), new)

    def require(self, holds: bool, text: str | None = None) -> None:
        """``assert``."""
        if not holds:
            kind = self.vm.exception_type(Error.ASSERTION)
            if text is None:
                raise Raised(self.vm.make_raise(kind))
            raise Raised(self.vm.make_raise(self.vm.call(kind, (text,))))

    def attempt(
        self, errors: tuple[Error, ...], do: Callable[[], Value], otherwise: Value = None
    ) -> tuple[bool, Value]:
        """``try: …  except errors: …``: whether it went well, and what came of it."""
        caught: Obj | None = None
        try:
            return True, do()
        except Raised as raised:
            caught = raised.value
        self.caught(caught, errors)
        return False, otherwise

    def caught(self, error: Obj, kinds: tuple[Error, ...]) -> None:
        """The frame sees an exception; it goes on if no ``except`` takes it."""
        vm = self.vm
        vm.on_handler()
        vm.add_traceback(error, vm.str_of(self.name("__file__")), 1, "")
        if not any(vm.exception_match(error, vm.exception_type(kind)) for kind in kinds):
            raise Raised(error)

    def turn(self) -> None:
        """A loop comes round: the run may be ended here."""
        self.vm.look_at_clock()


__all__ = ["Steps"]
