"""Coroutines of frozen modules: the host's generators in the camera's chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.frozen.body import FrozenFunction
from omvsim.memory import sizes
from omvsim.micropython.errors import Error, Raised
from omvsim.micropython.frames import RETURNED
from omvsim.micropython.generators import resume_any
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.values import NULL, STOP, Obj, PrintKind, Sentinel

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out, Value

    Steps = Generator[Value, None, Value]


class FrozenCoroutine(Obj):
    """A generator object whose frame is a generator of the host."""

    __slots__ = ("fun", "steps")
    type_name: ClassVar[str] = "generator"

    def __init__(self, vm: Machine, fun: FrozenCoroutineFunction) -> None:
        super().__init__(vm.memory, vm.memory.alloc(sizes.GENERATOR + fun.frame))
        self.fun = fun
        self.steps: Steps | None = None

    def _resume(self, vm: Machine, error: Obj | None) -> tuple[bool, Value]:
        """Go on: whether it ended, and what it gave."""
        if self.steps is None:
            if error is not None:
                raise Raised(error)
            return True, None
        raised: Obj | None = None
        outer, vm.globals = vm.globals, self.fun.module_names
        try:
            value = next(self.steps) if error is None else self.steps.throw(Raised(error))
        except StopIteration as stop:
            self.steps = None
            return True, stop.value
        except Raised as exception:
            raised = exception.value
        else:
            return False, value
        finally:
            vm.globals = outer
        self.steps = None
        vm.add_traceback(raised, self.fun.file, 1, self.fun.name)
        raise Raised(raised)

    def next(self, vm: Machine) -> Value | Sentinel:
        """``gen_instance_iternext``."""
        ended, value = self._resume(vm, None)
        if ended:
            vm.stop_value = NULL if value is None else value
            return STOP
        return value

    def _or_stop(self, vm: Machine, error: Obj | None) -> Value:
        ended, value = self._resume(vm, error)
        if ended:
            vm.stop_value = NULL if value is None else value
            vm.raise_stop()
        return value

    @method("send", 2)
    def send(self, vm: Machine, value: Value) -> Value:
        """Resume; no coroutine here looks at what is sent."""
        return self._or_stop(vm, None)

    @method("throw", 2, 4)
    def throw(self, vm: Machine, *args: Value) -> Value:
        """Resume by raising."""
        error = args[1] if len(args) > 1 and args[1] is not None else args[0]
        return self._or_stop(vm, vm.make_raise(error))

    @method("close", 1)
    def close(self, vm: Machine) -> Value:
        """End it."""
        self.steps = None
        return None

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """As any generator object."""
        for piece in ("<generator object '", self.fun.name, "' at ", f"{self.address:x}", ">"):
            out(piece)


class FrozenCoroutineFunction(FrozenFunction):
    """``async def`` of a frozen module; ``frame`` bytes are part of the object that a call makes."""

    __slots__ = ()
    type_name: ClassVar[str] = "generator"

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value | Sentinel:
        """Only bind the arguments."""
        made = FrozenCoroutine(vm, self)
        made.steps = self.host(vm, self.bound(vm, args, kwargs))  # type: ignore[assignment]  # a generator
        return made


def awaited(vm: Machine, value: Value) -> Steps:
    """``await value``: what it yields goes on to the event loop; its result."""
    iterator = vm.iterate(value)
    error: Obj | None = None
    while True:
        try:
            kind, found = (
                resume_any(vm, iterator, None, NULL) if error is None else resume_any(vm, iterator, NULL, error)
            )
        except Raised as raised:
            stop = raised.value
        else:
            if kind == RETURNED:
                return found
            error = None
            try:
                yield found
            except Raised as thrown:
                error = thrown.value
            continue
        if not vm.exception_match(stop, vm.exception_type(Error.STOP_ITERATION)):
            raise Raised(stop)
        return vm.exception_value(stop)


FROZEN_COROUTINE: Final = NativeType("generator", FrozenCoroutine)
FROZEN_COROUTINE_FUNCTION: Final = NativeType("generator", FrozenCoroutineFunction)

__all__ = ["FrozenCoroutine", "FrozenCoroutineFunction", "Steps", "awaited"]
