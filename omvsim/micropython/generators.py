"""Generator objects (py/objgenerator.c) and what ``yield from`` does with any iterator (``mp_resume``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory import sizes
from omvsim.micropython.binding import bind_arguments
from omvsim.micropython.errors import Error, Raised
from omvsim.micropython.exceptions import BY_NAME, ExceptionValue
from omvsim.micropython.frames import RETURNED, YIELDED, Frame, execute
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.values import NULL, STOP, Obj, PrintKind, Sentinel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.frames import Slot
    from omvsim.micropython.functions import GeneratorFunction
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Out, Value


class Generator(Obj):
    """A frame on the heap that is run piece by piece. ``pending``: NULL while running, None or what to throw next."""

    __slots__ = ("frame", "pending")
    type_name: ClassVar[str] = "generator"

    def __init__(self, vm: Machine, address: int, fun: GeneratorFunction, slots: list[Slot]) -> None:
        super().__init__(vm.memory, address)
        self.frame = Frame(vm, fun, slots)
        self.pending: Slot = None

    def next(self, vm: Machine) -> Value | Sentinel:
        """``gen_instance_iternext``."""
        kind, value = resume(vm, self, None, NULL)
        if kind == YIELDED:
            return value
        vm.stop_value = NULL if value is None else value
        return STOP

    @method("send", 2)
    def send(self, vm: Machine, value: Value) -> Value:
        """Resume with a value."""
        return _resume_or_stop(vm, self, value, NULL)

    @method("throw", 2, 4)
    def throw(self, vm: Machine, *args: Value) -> Value:
        """Resume by raising: an instance given as second argument counts."""
        return _resume_or_stop(vm, self, None, args[1] if len(args) > 1 and args[1] is not None else args[0])

    @method("close", 1)
    def close(self, vm: Machine) -> Value:
        """``gen_instance_close``."""
        try:
            kind, _ = resume(vm, self, None, vm.generator_exit)
        except Raised as raised:
            error = raised.value
        else:
            if kind == YIELDED:
                vm.error(Error.RUNTIME, "generator ignored GeneratorExit")
            return None
        if vm.is_subclass_fast(vm.type_of(error), vm.exception_type(Error.GENERATOR_EXIT)):
            return None
        raise Raised(error)

    @method("pend_throw", 2)
    def pend_throw(self, vm: Machine, error: Value) -> Value:
        """What is raised when it is resumed next; gives what was pending."""
        if isinstance(self.pending, Sentinel):
            vm.raise_value("generator already executing")
        previous, self.pending = self.pending, error
        return previous

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """``<generator object 'name' at address>``."""
        for piece in ("<generator object '", self.frame.fun.code.name, "' at ", f"{self.address:x}", ">"):
            out(piece)


def new_generator(vm: Machine, fun: GeneratorFunction, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``gen_wrap_call``: object and frame are one chunk."""
    address = vm.memory.alloc(sizes.GENERATOR + fun.translation.frame_bytes)
    slots: list[Slot] = [NULL] * fun.code.n_state
    made = Generator(vm, address, fun, slots)
    bind_arguments(vm, fun, slots, args, kwargs)
    return made


def resume(vm: Machine, generator: Generator, send: Slot, throw: Slot) -> tuple[int, Value]:
    """``mp_obj_gen_resume``: how it was left and with what; raises what it raises."""
    vm.check_stack()
    frame = generator.frame
    if frame.resume is None:
        return RETURNED, None
    if isinstance(generator.pending, Sentinel):
        vm.raise_value("generator already executing")
    if generator.pending is not None:
        throw = generator.pending
    if not frame.sp:
        if send is not None:
            vm.raise_type("can't send non-None value to a just-started generator")
    else:
        frame.slots[frame.sp - 1] = send
    generator.pending = NULL
    outer, vm.globals = vm.globals, frame.fun.module_globals
    vm.depth += frame.fun.translation.stack_bytes
    error: Obj | None = None
    try:
        execute(vm, frame, throw)
    except Raised as raised:
        error = raised.value
    vm.depth -= frame.fun.translation.stack_bytes
    vm.globals = outer
    generator.pending = None
    if error is not None:
        frame.resume = None
        if vm.is_subclass_fast(vm.type_of(error), vm.stop_iteration):
            vm.error(Error.RUNTIME, "generator raised StopIteration")
        raise Raised(error)
    if frame.kind == YIELDED:
        value = frame.slots[frame.sp - 1]
        frame.slots[frame.sp - 1] = None
    else:
        frame.resume = None
        value = frame.result
    assert not isinstance(value, Sentinel)
    return frame.kind, value


def _resume_or_stop(vm: Machine, generator: Generator, send: Slot, throw: Slot) -> Value:
    """``gen_resume_and_raise``: an end is StopIteration."""
    kind, value = resume(vm, generator, send, throw)
    if kind == YIELDED:
        return value
    vm.stop_value = NULL if value is None else value
    vm.raise_stop()


def resume_any(vm: Machine, iterator: Value, send: Slot, throw: Slot) -> tuple[int, Value]:
    """``mp_resume``: a generator, an iterator, or an instance with its methods."""
    if isinstance(iterator, Generator):
        return resume(vm, iterator, send, throw)
    if isinstance(iterator, Obj) and type(iterator).next is not Obj.next and send is None:
        vm.stop_value = NULL
        item = iterator.next(vm)
        if not isinstance(item, Sentinel):
            return YIELDED, item
        return RETURNED, None if isinstance(vm.stop_value, Sentinel) else vm.stop_value
    if send is None:
        fun, bound = vm.method_maybe(iterator, "__next__")
        if not isinstance(fun, Sentinel):
            return YIELDED, vm.call_method(fun, bound)
    if not isinstance(send, Sentinel):
        fun, bound = vm.method(iterator, "send")
        return YIELDED, vm.call_method(fun, bound, (send,))
    assert not isinstance(throw, Sentinel)
    return _throw_into(vm, iterator, throw)


def _throw_into(vm: Machine, iterator: Value, error: Value) -> tuple[int, Value]:
    if vm.is_subclass_fast(vm.type_of(error), vm.exception_type(Error.GENERATOR_EXIT)):
        fun, bound = vm.method_maybe(iterator, "close")
        if not isinstance(fun, Sentinel):
            return RETURNED, vm.call_method(fun, bound)
    else:
        fun, bound = vm.method_maybe(iterator, "throw")
        if not isinstance(fun, Sentinel):
            return YIELDED, vm.call_method(fun, bound, (error,))
    if vm.exception_match(error, vm.stop_iteration):
        vm.error(Error.RUNTIME, "generator raised StopIteration")
    raise Raised(vm.make_raise(error))


def yield_from(frame: Frame, at: int, top: int) -> bool:
    """YIELD_FROM at instruction ``at``: whether the frame is left; else the result stands below ``top``."""
    vm, slots = frame.vm, frame.slots
    throw, frame.inject = frame.inject, NULL
    send = slots[top]
    iterator = slots[top - 1]
    assert not isinstance(iterator, Sentinel)
    if isinstance(throw, Sentinel):
        kind, value = resume_any(vm, iterator, send, NULL)
    else:
        kind, value = resume_any(vm, iterator, NULL, throw)
    if kind == YIELDED:
        slots[top] = value
        frame.kind = YIELDED
        frame.sp = top + 1
        frame.resume = (at, top + 1 - frame.fun.translation.instrs[at].depth)
        return True
    slots[top - 1] = value
    if not isinstance(throw, Sentinel) and vm.exception_match(throw, vm.exception_type(Error.GENERATOR_EXIT)):
        raise Raised(vm.make_raise(throw))
    return False


GENERATOR: Final = NativeType("generator", Generator)
_EXIT_TYPE: Final = BY_NAME["GeneratorExit"]


def generator_exit(vm: Machine) -> ExceptionValue:
    """``mp_const_GeneratorExit_obj``: in ROM."""
    return ExceptionValue(vm, 0, _EXIT_TYPE, vm.empty_tuple())


__all__ = ["GENERATOR", "Generator", "generator_exit", "new_generator", "resume", "resume_any", "yield_from"]
