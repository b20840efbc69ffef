"""Frames and what runs them (py/vm.c): value stack, exception stack, unwinding, the loop over blocks.

The value stack of a frame is a host list of ``n_state`` slots used as the device uses its array: the stack from 0 up,
locals from the end down, and a slot that was popped keeps what it held until something else is put there, because the
collector marks from all of it. The same goes for the exception stack.

A *block* is a host function made by :mod:`omvsim.micropython.codegen`: it runs from one instruction on and gives the
next block, or None where the frame is left (:attr:`Frame.kind` says how). Where an exception left a block is told by
the line of the generated text, which belongs to one instruction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.errors import Error, Raised
from omvsim.micropython.isa import Code
from omvsim.micropython.values import NULL, Obj, Sentinel

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from omvsim.memory.requests import Block
    from omvsim.micropython.functions import Function
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.maps import Entry
    from omvsim.micropython.values import Value

    Slot = Value | Sentinel
    Step = Callable[["Frame", list[Slot]], "Step | None"]

RETURNED: Final = 0
YIELDED: Final = 1
TICKS: Final = range(64)
"""Blocks run between two looks at the clock."""
ITERATOR_SLOTS: Final = 4
"""``MP_OBJ_ITER_BUF_NSLOTS``."""
POP_ITERATOR: Final = 0x80
"""Bit of UNWIND_JUMP's count: the iterator of a for loop is popped too."""


class Handler:
    """One entry of the exception stack: ``mp_exc_stack_t``."""

    __slots__ = ("extra", "is_finally", "previous", "sp", "target")

    def __init__(self) -> None:
        self.target = 0
        self.sp = 0
        self.extra = 0
        self.is_finally = False
        self.previous: Obj | None = None


class Frame:
    """``mp_code_state_t``. ``sp`` counts objects on the stack where the frame was left by a yield."""

    __slots__ = (
        "block",
        "fun",
        "globals",
        "handled",
        "handlers",
        "inject",
        "kind",
        "locals",
        "result",
        "resume",
        "slots",
        "sp",
        "vm",
    )

    def __init__(self, vm: Machine, fun: Function, slots: list[Slot]) -> None:
        self.vm = vm
        self.fun = fun
        self.slots = slots
        self.block: Block | None = None
        self.globals: dict[object, Entry] = fun.globals
        self.locals: dict[object, Entry] = vm.locals_found
        self.handlers: list[Handler] = []
        self.handled = 0
        """Entries of ``handlers`` in use; those above are stale."""
        self.kind = RETURNED
        self.result: Slot = NULL
        self.resume: tuple[int, int] | None = (0, 0)
        """Instruction and extra objects on the stack where it goes on; None: finished."""
        self.sp = 0
        self.inject: Slot = NULL

    # -- the exception stack -------------------------------------------------------------------------------------------

    def push(self, target: int, sp: int, extra: int, *, is_finally: bool) -> None:
        """``PUSH_EXC_BLOCK``."""
        if self.handled == len(self.handlers):
            self.handlers.append(Handler())
        entry = self.handlers[self.handled]
        self.handled += 1
        entry.target = target
        entry.sp = sp
        entry.extra = extra
        entry.is_finally = is_finally
        entry.previous = None

    def handle(self, value: Obj, at: int) -> Step:
        """Where an exception raised by instruction ``at`` is caught; raised on if nowhere (``exception_handler``)."""
        translation = self.fun.translation
        instr = translation.instrs[at]
        vm = self.vm
        vm.on_handler()
        if instr.code in (Code.FOR_ITER, Code.YIELD_FROM) and vm.exception_match(value, vm.stop_iteration):
            extra = translation.extra_of_last(self)
            if instr.code is Code.FOR_ITER:
                assert isinstance(instr.arg, int)
                return translation.step(instr.arg, extra)
            self.slots[instr.depth + extra - 2] = vm.exception_value(value)
            return translation.step(at + 1, extra)
        code = self.fun.code
        leaves_entry = instr.code not in (Code.END_FINALLY, Code.RAISE_LAST) and not code.machine_code
        if value is not vm.generator_exit and leaves_entry:
            place = vm.memory.place
            place.passing = instr.line, code.name
            vm.native_exception(value).add_traceback((code.file, instr.line, code.name))
            place.passing = None
        while self.handled and self.handlers[self.handled - 1].target <= at:
            self.handled -= 1
        if not self.handled:
            self.slots[0] = value
            vm.throw(value)
        entry = self.handlers[self.handled - 1]
        entry.previous = value
        self.locals = vm.locals_found
        self.slots[entry.sp] = value
        return translation.step(entry.target, entry.extra)

    # -- leaving through finally ---------------------------------------------------------------------------------------

    def leave(self, after: int, top: int) -> Step | None:
        """``unwind_return``: run finally handlers that are not active, then return what stands at ``top``."""
        slots = self.slots
        while self.handled:
            entry = self.handlers[self.handled - 1]
            if entry.is_finally:
                if entry.target >= after:
                    slots[entry.sp] = slots[top]
                    slots[entry.sp + 1] = -1
                    return self.fun.translation.step(entry.target, entry.extra + 1)
                top = self._cancel(top)
            self.handled -= 1
        self.result = slots[top]
        self.kind = RETURNED
        self.sp = top + 1
        return None

    def jump(self, after: int, top: int, count: int) -> Step:
        """``unwind_jump``: the destination stands at ``top``; ``count`` handlers are to be unwound."""
        slots = self.slots
        while count & 0x7F:
            count -= 1
            entry = self.handlers[self.handled - 1]
            if entry.is_finally:
                if entry.target >= after:
                    slots[top + 1] = count
                    return self.fun.translation.step(entry.target, entry.extra + 1)
                top = self._cancel(top)
            self.handled -= 1
        target = slots[top]
        assert isinstance(target, int)
        if count:
            top -= ITERATOR_SLOTS
        translation = self.fun.translation
        return translation.step(target, top - translation.instrs[target].depth)

    def _cancel(self, top: int) -> int:
        """``CANCEL_ACTIVE_FINALLY``."""
        slots = self.slots
        below = 2 if type(slots[top - 1]) is int else 1
        slots[top - below] = slots[top]
        return top - below

    def end_finally(self, at: int, top: int) -> Step | None:
        """END_FINALLY with something else than None at ``top``."""
        self.handled -= 1
        cause = self.slots[top]
        if type(cause) is int:
            if cause < 0:
                return self.leave(at + 1, top - 1)
            return self.jump(at + 1, top - 1, cause)
        assert isinstance(cause, Obj)
        raise Raised(cause)

    def reraise(self) -> Obj:
        """RAISE_LAST: the innermost exception under way."""
        for at in range(self.handled - 1, -1, -1):
            previous = self.handlers[at].previous
            if previous is not None:
                return previous
        return self.vm.new_message(self.vm.exception_type(Error.RUNTIME), "no active exception to reraise")

    # -- with ----------------------------------------------------------------------------------------------------------

    def enter(self, top: int) -> None:
        """SETUP_WITH up to the call of ``__enter__``: the manager at ``top`` is replaced by ``__exit__`` and itself."""
        slots, vm = self.slots, self.vm
        manager = slots[top]
        assert not isinstance(manager, Sentinel)
        slots[top], slots[top + 1] = vm.method(manager, "__exit__")
        slots[top + 2], slots[top + 3] = vm.method(manager, "__enter__")
        fun = slots[top + 2]
        assert not isinstance(fun, Sentinel)
        slots[top + 2] = vm.call_method(fun, slots[top + 3])

    def cleanup(self, top: int) -> None:
        """WITH_CLEANUP: call ``__exit__`` and take it off the stack."""
        slots, vm = self.slots, self.vm
        cause = slots[top]
        if cause is None:
            self._exit(top - 2, (None, None, None))
            slots[top - 2] = None
        elif type(cause) is int:
            data = slots[top - 1]
            slots[top - 1] = slots[top] = None
            self._exit(top - 3, (None, None, None))
            slots[top - 3] = data
            slots[top - 2] = cause
        else:
            assert isinstance(cause, Obj)
            answer = self._exit(top - 2, (vm.type_of(cause), cause, None))
            slots[top - 2] = None if vm.truth(answer) else cause

    def _exit(self, at: int, args: tuple[Value, Value, Value]) -> Value:
        fun, bound = self.slots[at], self.slots[at + 1]
        assert not isinstance(fun, Sentinel)
        answer = self.vm.call_method(fun, bound, args)
        self.slots[at] = answer
        return answer


def execute(vm: Machine, frame: Frame, inject: Slot = NULL) -> None:
    """``mp_execute_bytecode``: run a frame until it is left; ``inject`` is raised where it was left."""
    translation = frame.fun.translation
    slots = frame.slots
    assert frame.resume is not None
    at, extra = frame.resume
    step: Step | None
    value: Obj | None
    vm.ticks -= 1
    if vm.ticks < 0:
        vm.look_at_clock()
    if isinstance(inject, Sentinel):
        step = translation.step(at, extra)
    elif translation.instrs[at].code is Code.YIELD_FROM:
        frame.inject = inject
        step = translation.step(at, extra)
    else:
        step = frame.handle(vm.make_raise(inject), at)
    while True:
        try:
            while True:
                for _ in TICKS:
                    step = step(frame, slots)
                    if step is None:
                        return
                vm.look_at_clock()
        except Raised as raised:
            value = raised.value
            at = translation.instruction_of(raised.__traceback__)
        except RecursionError as deep:
            trace = deep.__traceback__
            if trace is None or trace.tb_next is None:
                raise  # this frame was not entered: the one outside tells where it was
            at = translation.instruction_of(trace)
            value = None
        step = frame.handle(vm.too_deep() if value is None else value, at)


def where(traceback: TracebackType | None) -> tuple[dict[str, object], int]:
    """Names and line of the block that an exception came through: called by :func:`execute` itself."""
    assert traceback is not None
    inner = traceback.tb_next
    assert inner is not None
    return inner.tb_frame.f_globals, inner.tb_lineno


__all__ = [
    "ITERATOR_SLOTS",
    "POP_ITERATOR",
    "RETURNED",
    "TICKS",
    "YIELDED",
    "Frame",
    "execute",
    "where",
]
