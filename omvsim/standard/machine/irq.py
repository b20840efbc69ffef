"""Handlers of interrupts (shared/runtime/mpirq.c): one object a source, made when a handler is first set."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Protocol

from omvsim.compiler.running import print_exception
from omvsim.micropython.errors import Raised
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.values import Obj
from omvsim.world.clock import call_protected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Sentinel, Value


class Source(Protocol):
    """What interrupts (``mp_irq_methods_t``)."""

    def triggers(self, vm: Machine) -> int:
        """On what it does."""

    def set_trigger(self, vm: Machine, trigger: int) -> None:
        """From now on on that; 0: no more."""


class Irq(Obj):
    """``mp_irq_obj_t``: base, methods, parent, handler, whether it is hard."""

    __slots__ = ("handler", "hard", "parent", "source")
    type_name: ClassVar[str] = "irq"

    def __init__(self, memory: Memory, address: int, parent: Obj, source: Source) -> None:
        super().__init__(memory, address)
        self.parent = parent
        self.source = source
        self.handler: Value = None
        self.hard = False

    def ring(self, vm: Machine) -> None:
        """``mp_irq_handler``: a hard one may not ask for memory, and what it raises is its end."""
        if self.handler is None:
            return
        if not self.hard:
            call_protected(vm, self.handler, self.parent)
            return
        vm.memory.heap.lock_depth += 1
        try:
            vm.call(self.handler, (self.parent,))
        except Raised as raised:
            self.source.set_trigger(vm, 0)
            self.handler = None
            vm.write("Uncaught exception in IRQ callback handler\n")
            print_exception(vm, raised.value)
        finally:
            vm.memory.heap.lock_depth -= 1

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value | Sentinel:
        """As if it had happened."""
        vm.check_args(len(args), len(kwargs), 0, 0, keywords=False)
        self.ring(vm)
        return None

    @method("flags", 1)
    def flags(self, vm: Machine) -> Value:
        """What triggered it last: nothing did."""
        return 0

    @method("trigger", 1, 2)
    def trigger(self, vm: Machine, *new: Value) -> Value:
        """On what it rang until now."""
        before = self.source.triggers(vm)
        if new:
            self.source.set_trigger(vm, vm.int_of(new[0]))
        return before


IRQ: Final = NativeType("irq", Irq)

__all__ = ["IRQ", "Irq", "Source"]
