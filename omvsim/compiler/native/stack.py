"""The value stack of the machine-code emitter: what is in registers, a constant, of which type (py/emitnative.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.memory import sizes
from omvsim.micropython.errors import Unknown
from omvsim.records import Enum

if TYPE_CHECKING:
    from omvsim.compiler.native.thumb import Thumb
    from omvsim.memory.requests import Memory

NATIVE_TO_OBJ: Final = 4
"""``MP_F_CONVERT_NATIVE_TO_OBJ``."""
R0, R1, R2 = range(3)
LOCAL_REGISTERS: Final = (4, 5, 6)


class Type(Enum):
    """``vtype_kind_t``: the type of a value that viper keeps; value: its name in a script."""

    OBJECT = "object"
    BOOL = "bool"
    INT = "int"
    UINT = "uint"
    PTR = "ptr"
    PTR8 = "ptr8"
    PTR16 = "ptr16"
    PTR32 = "ptr32"
    NONE = "None"
    UNBOUND = ""
    CAST = "cast"


WHOLE: Final = (Type.INT, Type.UINT)


class Kind(Enum):
    """Where a value is (``stack_info_kind_t``)."""

    STACK = 0
    REGISTER = 1
    CONSTANT = 2


class Slot:
    """``stack_info_t``; ``data``: the register, or the constant."""

    __slots__ = ("data", "kind", "type")

    def __init__(self) -> None:
        self.kind = Kind.STACK
        self.type = Type.UNBOUND
        self.data = 0


class MachineStack:
    """The stack as code is emitted. Slots above the top keep what they were.

    Args:
        memory: where the table of slots stands.
        code: the assembler.
    """

    def __init__(self, memory: Memory, code: Thumb) -> None:
        self.memory = memory
        self.code = code
        self.room = 8
        self.block = memory.block(self.room * sizes.STACK_INFO)
        self.slots: list[Slot] = []
        self.size = 0
        self.deepest = 0
        self.typed = False

    def start(self, *, typed: bool) -> None:
        """An empty stack; ``typed``: viper."""
        self.slots = [Slot() for _ in range(self.room)]
        self.size = 0
        self.typed = typed

    def ensure(self, more: int) -> None:
        """``ensure_extra_stack``."""
        if self.size + more > self.room:
            room = (self.size + more + 8) & ~3
            self.memory.resize(self.block, room * sizes.STACK_INFO)
            self.slots += [Slot() for _ in range(room - self.room)]
            self.room = room

    def adjust(self, by: int) -> None:
        """``adjust_stack``."""
        self.size += by
        self.deepest = max(self.deepest, self.size)

    def top(self, below: int = 0) -> Slot:
        """``peek_stack``."""
        return self.slots[self.size - 1 - below]

    def type(self, below: int = 0) -> Type:
        """``peek_vtype``: without viper everything is an object."""
        return self.top(below).type if self.typed else Type.OBJECT

    # -- registers -------------------------------------------------------------------------------------------------

    def spill(self, register: int, but: int = 0) -> None:
        """``need_reg_single``: a register is needed; ``but`` counts from the top (0: none is left out)."""
        for i in range(self.size):
            slot = self.slots[i]
            if i != self.size - but and slot.kind is Kind.REGISTER and slot.data == register:
                slot.kind = Kind.STACK
                self.code.put(2)

    def spill_all(self) -> None:
        """``need_reg_all``."""
        for slot in self.slots[: self.size]:
            if slot.kind is Kind.REGISTER:
                slot.kind = Kind.STACK
                self.code.put(2)

    def settle(self) -> None:
        """``need_stack_settled``: all values are where another way here expects them."""
        self.spill_all()
        for slot in self.slots[: self.size]:
            if slot.kind is Kind.CONSTANT:
                slot.kind = Kind.STACK
                slot.type = self.load_constant(slot)
                self.code.put(2)

    def load_constant(self, slot: Slot, *, as_object: bool = False) -> Type:
        """``load_reg_stack_imm``; the type that the register has then."""
        if self.typed and not as_object:
            self.code.load_number(slot.data)
            return slot.type
        if slot.type in (Type.BOOL, Type.NONE):
            self.code.put(2)  # from the table of functions
        elif slot.type is Type.OBJECT:
            self.code.load_number(slot.data)
        elif slot.type in WHOLE:
            self.code.load_number(slot.data << 1 | 1)
        else:
            raise Unknown("machine code", "a cast as an object is not modelled")
        return Type.OBJECT

    # -- pushing and popping ---------------------------------------------------------------------------------------

    def access(self, position: int, register: int) -> Type:
        """``emit_access_stack``: a value, counted from 1 at the top, to a register."""
        self.spill(register, position)
        slot = self.slots[self.size - position]
        if slot.kind is Kind.CONSTANT:
            return self.load_constant(slot)
        if slot.kind is Kind.STACK or slot.data != register:
            self.code.put(2)
        return slot.type

    def pop(self, register: int) -> Type:
        """``emit_pre_pop_reg``."""
        found = self.access(1, register)
        self.adjust(-1)
        return found

    def pop_where_it_is(self, register: int, *but: int) -> tuple[Type, int]:
        """``emit_pre_pop_reg_flexible``: left in its register, unless that is one of ``but``."""
        slot = self.top()
        if slot.kind is Kind.REGISTER and slot.data not in but:
            register = slot.data
            found = slot.type
            self.spill(register, 1)
        else:
            found = self.access(1, register)
        self.adjust(-1)
        return found, register

    def push(self, type_: Type, register: int) -> None:
        """``emit_post_push_reg``."""
        self._push(Kind.REGISTER, type_, register)

    def push_constant(self, type_: Type, value: int) -> None:
        """``emit_post_push_imm``."""
        self._push(Kind.CONSTANT, type_, value)

    def _push(self, kind: Kind, type_: Type, data: int) -> None:
        self.ensure(1)
        slot = self.slots[self.size]
        slot.kind, slot.type, slot.data = kind, type_, data
        self.adjust(1)

    def fold(self, register: int) -> None:
        """``emit_fold_stack_top``: drop the value below the top."""
        over, under = self.slots[self.size - 1], self.slots[self.size - 2]
        under.kind, under.type, under.data = over.kind, over.type, over.data
        if under.kind is Kind.STACK:
            self.code.put(2)
            under.kind, under.data = Kind.REGISTER, register
        self.adjust(-1)

    # -- values passed in memory -----------------------------------------------------------------------------------

    def pointer_to_pop(self, count: int) -> None:
        """``emit_get_stack_pointer_to_reg_for_pop``: the values are objects on the stack, then their address."""
        self.spill_all()
        slots = [self.slots[self.size - 1 - i] for i in range(count)]
        for slot in slots:
            if slot.kind is Kind.CONSTANT:
                slot.kind = Kind.STACK
                slot.type = self.load_constant(slot, as_object=True)
                self.code.put(2)
        for slot in slots:
            if slot.type is not Type.OBJECT:
                self.code.put(2)
                self.call_with(NATIVE_TO_OBJ, 1)
                self.code.put(2)
                slot.type = Type.OBJECT
        self.adjust(-count)
        self.code.put(2)

    def pointer_to_push(self, count: int) -> None:
        """``emit_get_stack_pointer_to_reg_for_push``: the address where objects will be."""
        self.spill_all()
        self.ensure(count)
        for slot in self.slots[self.size : self.size + count]:
            slot.kind, slot.type = Kind.STACK, Type.OBJECT
        self.code.put(2)
        self.adjust(count)

    # -- calls of the runtime --------------------------------------------------------------------------------------

    def call(self, function: int) -> None:
        """``emit_call``."""
        self.spill_all()
        self.code.call(function)

    def call_with(self, function: int, *numbers: int) -> None:
        """``emit_call_with_imm_arg`` and its like: constants as arguments."""
        self.spill_all()
        for number in numbers:
            self.code.load_number(number)
        self.code.call(function)


__all__ = ["LOCAL_REGISTERS", "NATIVE_TO_OBJ", "R0", "R1", "R2", "WHOLE", "Kind", "MachineStack", "Slot", "Type"]
