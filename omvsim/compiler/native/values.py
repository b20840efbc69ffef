"""Constants, names, attributes and items in machine code (py/emitnative.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.compiler.native.frame import MachineFrame
from omvsim.compiler.native.items import load_item, store_item
from omvsim.compiler.native.stack import LOCAL_REGISTERS, NATIVE_TO_OBJ, R0, R1, R2, Type
from omvsim.compiler.native.table import TYPES, F, not_modelled
from omvsim.compiler.scopes import IdKind
from omvsim.micropython.isa import Code

if TYPE_CHECKING:
    from omvsim.micropython.values import Value

CASTS: Final = tuple(Type)
"""Types by the number that stands for a cast on the stack."""


class MachineValues(MachineFrame):
    """What loads and stores."""

    # -- constants and names ---------------------------------------------------------------------------------------

    def emit(self, code: Code, by: int, arg: object = None, size: int = 1) -> None:
        """True and False; everything else has a method of its own."""
        if code is Code.LOAD_CONST_NONE:
            self.load_none()
        elif code in (Code.LOAD_CONST_FALSE, Code.LOAD_CONST_TRUE):
            self.s.push_constant(Type.BOOL, int(code is Code.LOAD_CONST_TRUE))
        else:
            not_modelled(code.name)

    def jump_by(self, code: Code, by: int, label: int, arg: object = None) -> None:
        not_modelled(code.name)

    def load_none(self) -> None:
        self.s.push_constant(Type.NONE, 0)

    def load_int(self, value: int) -> None:
        """A small int."""
        self.s.push_constant(Type.INT, value)

    def load_string(self, name: str) -> None:
        """A text that is a name."""
        self.s.spill(R0)
        self.code.load_number(self.numbers.text_stand_in(name))
        self.s.push(Type.OBJECT, R0)

    def load_object(self, value: Value) -> None:
        """A constant object, through the function object."""
        self.s.spill(R0)
        self.scope.uses_constants = True
        self.code.put(3 * 2)
        self.code.access(self.constants.use(value))
        self.s.push(Type.OBJECT, R0)

    def load_null(self) -> None:
        self.s.push_constant(Type.OBJECT, 0)

    def load_fast(self, number: int) -> None:
        """A local: the first three are in registers."""
        kind = self.locals[number]
        if kind is Type.UNBOUND:
            not_modelled("a local used before its type is known")
        if number < len(LOCAL_REGISTERS):
            self.s.push(kind, LOCAL_REGISTERS[number])
        else:
            self.s.spill(R0)
            self.code.put(2)
            self.s.push(kind, R0)

    def store_fast(self, number: int) -> None:
        if number < len(LOCAL_REGISTERS):
            kind = self.s.pop(LOCAL_REGISTERS[number])
        else:
            kind = self.s.pop(R0)
            self.code.put(2)
        if self.locals[number] is Type.UNBOUND:
            self.locals[number] = kind
        elif self.typed and self.locals[number] is not kind:
            not_modelled("a value of another type than its local's")

    def call_named(self, function: str, name: str) -> None:
        """``emit_call_with_qstr_arg``."""
        self.s.call_with(F[function], self.numbers.stand_in(name))

    def load_global(self, name: str) -> None:
        """A global; in viper the types are casts."""
        if self.typed and TYPES.get(name, Type.OBJECT) is not Type.OBJECT:
            self.s.push_constant(Type.CAST, CASTS.index(TYPES[name]))
            return
        self.call_named("load_global", name)
        self.s.push(Type.OBJECT, R0)

    def load_id(self, name: str) -> None:
        found = self.scope.index[name]
        if found.kind is IdKind.LOCAL:
            self.load_fast(found.number)
        elif found.kind is IdKind.GLOBAL_EXPLICIT:
            self.load_global(name)
        else:
            self.call_named("load_name", name)
            self.s.push(Type.OBJECT, R0)

    def store_id(self, name: str) -> None:
        found = self.scope.index[name]
        if found.kind is IdKind.LOCAL:
            self.store_fast(found.number)
            return
        function = "store_global" if found.kind is IdKind.GLOBAL_EXPLICIT else "store_name"
        self.pop_object(R1)
        self.call_named(function, name)

    def pop_object(self, register: int) -> None:
        """Pop to a register, as an object."""
        if self.s.type() is Type.OBJECT:
            self.s.pop(register)
        else:
            self.s.pop(R0)
            self.s.call_with(NATIVE_TO_OBJ, 1)
            self.code.put(2)

    def delete_id(self, name: str) -> None:
        found = self.scope.index[name]
        if found.kind is IdKind.LOCAL:
            self.load_none()
            self.store_fast(found.number)
        else:
            explicit = found.kind is IdKind.GLOBAL_EXPLICIT
            self.call_named("delete_global" if explicit else "delete_name", name)

    # -- attributes and items --------------------------------------------------------------------------------------

    def load_attr(self, name: str) -> None:
        self.s.pop(R0)
        self.call_named("load_attr", name)
        self.s.push(Type.OBJECT, R0)

    def store_attr(self, name: str) -> None:
        if self.s.type(1) is Type.OBJECT:
            self.s.pop(R0)
            self.s.pop(R2)
        else:
            self.s.access(2, R0)
            self.s.call_with(NATIVE_TO_OBJ, 1)
            self.code.put(2)
            self.s.pop(R0)
            self.s.adjust(-1)
        self.call_named("store_attr", name)

    def delete_attr(self, name: str) -> None:
        self.s.pop(R0)
        self.code.put(2)
        self.call_named("store_attr", name)

    def load_method(self, name: str, *, is_super: bool = False) -> None:
        if is_super:
            self.s.pointer_to_pop(3)
            self.s.pointer_to_push(2)
            self.call_named("load_super_method", name)
        else:
            self.s.pop(R0)
            self.s.pointer_to_push(2)
            self.call_named("load_method", name)

    def load_build_class(self) -> None:
        self.s.call(F["load_build_class"])
        self.s.push(Type.OBJECT, R0)

    def load_subscr(self) -> None:
        load_item(self.s)

    def store_subscr(self) -> None:
        store_item(self.s)

    def delete_subscr(self) -> None:
        self.s.pop(R1)
        self.s.pop(R0)
        self.s.call_with(F["subscr"], 0)

    def pop_checked(self, register: int) -> None:
        """Pop what the device only asserts to be an object."""
        if self.s.type() is not Type.OBJECT:
            not_modelled("a native value where an object is expected")
        self.s.pop(register)


__all__ = ["CASTS", "MachineValues"]
