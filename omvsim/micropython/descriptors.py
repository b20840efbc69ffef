"""``property``, ``super``, and who is a subclass of whom (py/objproperty.c, py/objtype.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory import sizes
from omvsim.micropython.classes import INIT_NATIVE, NATIVE, NOTHING, OBJECT, Class, Found, lookup
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.values import NULL, Obj, PrintKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Out, Value


class Property(Obj):
    """Getter, setter and deleter; None where there is none."""

    __slots__ = ("deleter", "getter", "setter")
    type_name: ClassVar[str] = "property"

    def __init__(self, vm: Machine, address: int, getter: Value, setter: Value, deleter: Value) -> None:
        super().__init__(vm.memory, address)
        self.getter = getter
        self.setter = setter
        self.deleter = deleter

    @method("getter", 2)
    def with_getter(self, vm: Machine, fun: Value) -> Value:
        """A copy with another getter."""
        return Property(vm, vm.memory.alloc(sizes.PROPERTY), fun, self.setter, self.deleter)

    @method("setter", 2)
    def with_setter(self, vm: Machine, fun: Value) -> Value:
        """A copy with another setter."""
        return Property(vm, vm.memory.alloc(sizes.PROPERTY), self.getter, fun, self.deleter)

    @method("deleter", 2)
    def with_deleter(self, vm: Machine, fun: Value) -> Value:
        """A copy with another deleter."""
        return Property(vm, vm.memory.alloc(sizes.PROPERTY), self.getter, self.setter, fun)


def _new_property(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``property_make_new``: the first three have no names; ``doc`` is taken and dropped."""
    unknown = [name for name, _ in kwargs if name not in ("doc", "")]
    if len(args) > 4:
        vm.raise_type("extra positional arguments given")
    if unknown or len(args) + len(kwargs) > 4:
        vm.raise_type("extra keyword arguments given")
    getter, setter, deleter = (*args[:3], None, None, None)[:3]
    return Property(vm, vm.memory.alloc(sizes.PROPERTY), getter, setter, deleter)


class Super(Obj):
    """``super(klass, owner)``; one that only serves a method call lives on the stack."""

    __slots__ = ("klass", "owner")
    type_name: ClassVar[str] = "super"

    def __init__(self, vm: Machine, address: int, klass: Value, owner: Value) -> None:
        super().__init__(vm.memory, address)
        self.klass = klass
        self.owner = owner

    def find(self, vm: Machine, name: str) -> Found:
        """``super_attr``."""
        klass, owner = self.klass, self.owner
        if not isinstance(owner, Obj):
            return NOTHING
        found = NOTHING
        slot = "make_new" if name == "__init__" else ""
        if isinstance(klass, Class):
            bases = klass.bases
        else:
            assert isinstance(klass, NativeType)
            bases = () if klass.parent is None else (klass.parent,)
        for base in bases:
            if base is not OBJECT:
                found = lookup(vm, owner, name, slot, base)
                if found[0] is not NULL:
                    break
        if found[0] is NATIVE:
            return INIT_NATIVE, owner
        return lookup(vm, owner, name, "", OBJECT) if found[0] is NULL else found

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """``<super: class, object>``."""
        out("<super: ")
        vm.print(self.klass, out, PrintKind.STR)
        out(", ")
        vm.print(self.owner, out, PrintKind.STR)
        out(">")


def _new_super(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 2, 2, keywords=False)
    own = vm.type_of(args[1])
    second = args[1] if isinstance(args[1], Class | NativeType) else own
    if not vm.is_subclass(second, args[0]):
        vm.raise_type()
    return Super(vm, vm.memory.alloc(sizes.SUPER), args[0], args[1])


def is_subclass(vm: Machine, klass: Value, of: Value) -> bool:
    """``mp_obj_is_subclass``: of a class, or of any in a tuple."""
    if isinstance(of, Class | NativeType):
        return of is OBJECT or vm.is_subclass_fast(klass, of)
    if isinstance(of, Obj) and of.type_name == "tuple":
        return any(one is OBJECT or vm.is_subclass_fast(klass, one) for one in vm.sequence(of))
    vm.raise_type("issubclass() arg 2 must be a class or a tuple of classes")


def is_subclass_fast(vm: Machine, klass: Value, of: Value) -> bool:
    """``mp_obj_is_subclass_fast``: false for what is no class."""
    if klass is of:
        return True
    if isinstance(klass, Class):
        return any(vm.is_subclass_fast(base, of) for base in klass.bases)
    return isinstance(klass, NativeType) and klass.parent is not None and vm.is_subclass_fast(klass.parent, of)


PROPERTY: Final = NativeType("property", Property, _new_property)
SUPER: Final = NativeType("super", Super, _new_super)

__all__ = ["PROPERTY", "SUPER", "Property", "Super", "is_subclass", "is_subclass_fast"]
