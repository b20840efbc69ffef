"""Classes of a script and their instances (py/objtype.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory import sizes
from omvsim.micropython.bound import call_with_self
from omvsim.micropython.errors import Error
from omvsim.micropython.maps import Map
from omvsim.micropython.native import NativeFunction, NativeType
from omvsim.micropython.operators import METHOD_OF
from omvsim.micropython.static_methods import ClassMethod, StaticMethod
from omvsim.micropython.values import NULL, UNSUPPORTED, BinaryOp, Obj, PrintKind, Sentinel, UnaryOp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Out, Value

NATIVE: Final = Sentinel("NATIVE")
"""``MP_OBJ_SENTINEL`` of a look-up: the native base has the slot."""
Found = tuple["Value | Sentinel", "Value | Sentinel"]
"""What a look-up gives: value or function (NULL: nothing), and its self (NULL: none)."""
NOTHING: Final[Found] = (NULL, NULL)
ACCESSORS: Final = ("__get__", "__set__", "__delete__")
NOT_DELEGATED: Final = frozenset({"__get__", "__set__", "__delete__", "__set_name__", "__setattr__", "__delattr__"})
"""Names that ``__getattr__`` is not asked for."""


class Class(Obj):
    """``mp_obj_type_t`` made by a script. ``kept``: the tuple of bases, which stays where there are two or more."""

    __slots__ = ("bases", "body", "kept", "name", "special", "subclassed")
    type_name: ClassVar[str] = "type"
    equals_other_types = True

    def __init__(self, vm: Machine, address: int, name: str, bases: tuple[Type, ...], body: Obj) -> None:
        super().__init__(vm.memory, address)
        self.name = name
        self.bases = bases
        self.kept: Value = None
        self.body = body
        self.special = False
        """``MP_TYPE_FLAG_HAS_SPECIAL_ACCESSORS``."""
        self.subclassed = False

    @property
    def members(self) -> Map:
        """The class body's table."""
        table: Map = self.body.map  # type: ignore[attr-defined]  # a dict, checked by new_class
        return table

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value | Sentinel:
        """Make an instance."""
        return new_instance(vm, self, args, kwargs)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """``<class 'name'>``."""
        out("<class '")
        out(self.name)
        out("'>")


Type = Class | NativeType


class Object(Obj):
    """``object()`` (py/objobject.c)."""

    __slots__ = ()
    type_name: ClassVar[str] = "object"


class Instance(Obj):
    """``mp_obj_instance_t``: members, and the value of the native base if there is one."""

    __slots__ = ("klass", "members", "native")
    type_name: ClassVar[str] = "instance"
    equals_other_types = True
    equals_itself = False
    has_not_equal = True

    def __init__(self, vm: Machine, address: int, klass: Class, native: Value | Sentinel) -> None:
        super().__init__(vm.memory, address)
        self.klass = klass
        self.members = Map(vm.memory)
        self.native = native

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        """``instance_unary_op``."""
        if op is UnaryOp.SIZEOF:
            return sizes.INSTANCE + sizes.WORD * (self.native is not NULL) + len(self.members.slots) * sizes.MAP_ENTRY
        fun, _ = lookup(vm, self, op.value, "unary", self.klass)
        if fun is NATIVE:
            inner = self.inner(vm)
            return vm.unary(op, inner) if op is UnaryOp.HASH else vm.unary_maybe(op, inner)
        if isinstance(fun, Sentinel):
            if op is UnaryOp.HASH and lookup(vm, self, "__eq__", "", self.klass)[0] is NULL:
                return vm.word_of_address(self.address)
            return UNSUPPORTED
        value = vm.call(fun, (self,))
        if op is UnaryOp.HASH:
            return vm.small_of(value)
        if op is UnaryOp.INT and vm.type_name(value) != "int":
            vm.raise_type()
        return value

    def binary(self, vm: Machine, op: BinaryOp, rhs: Value) -> Value | Sentinel:
        """``instance_binary_op``."""
        fun, bound = lookup(vm, self, METHOD_OF.get(op, ""), "binary", self.klass)
        if fun is NATIVE:
            result = vm.binary(op, self.inner(vm), rhs)
        elif isinstance(fun, Sentinel):
            return UNSUPPORTED
        else:
            result = vm.call_method(fun, bound, (rhs,))
            if op is BinaryOp.CONTAINS:
                result = vm.truth(result)
        return UNSUPPORTED if result is vm.not_implemented else result

    def subscr(self, vm: Machine, index: Value) -> Value | Sentinel:
        """``instance_subscr``, loading."""
        fun, bound = lookup(vm, self, "__getitem__", "subscr", self.klass)
        if fun is NATIVE:
            return vm.subscr(self.inner(vm), index)
        return UNSUPPORTED if isinstance(fun, Sentinel) else vm.call_method(fun, bound, (index,))

    def set_subscr(self, vm: Machine, index: Value, value: Value | Sentinel) -> bool:
        """``instance_subscr``, storing and deleting."""
        fun, bound = lookup(vm, self, "__delitem__" if value is NULL else "__setitem__", "subscr", self.klass)
        if fun is NATIVE:
            vm.set_subscr(self.inner(vm), index, value)
            return True
        if isinstance(fun, Sentinel):
            return False
        vm.call_method(fun, bound, (index,) if isinstance(value, Sentinel) else (index, value))
        return True

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value | Sentinel:
        """``mp_obj_instance_call``."""
        fun, bound = lookup(vm, self, "__call__", "call", self.klass)
        if fun is NATIVE:
            return vm.call(self.inner(vm), args, kwargs)
        if isinstance(fun, Sentinel):
            vm.raise_type("'%s' object isn't callable", self.klass.name)
        return call_with_self(vm, fun, bound, args, kwargs)

    def iterate(self, vm: Machine, *, on_stack: bool) -> Value | Sentinel:
        """``mp_obj_instance_getiter``."""
        fun, bound = lookup(vm, self, "__iter__", "iterate", self.klass)
        if fun is NATIVE:
            return vm.iterate(self.inner(vm), on_stack=on_stack)
        return UNSUPPORTED if isinstance(fun, Sentinel) else vm.call_method(fun, bound)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """``instance_print``."""
        fun, _ = lookup(vm, self, "__str__" if kind is PrintKind.STR else "__repr__", "print", self.klass)
        if fun is NULL and kind is PrintKind.STR:
            fun, _ = lookup(vm, self, "__repr__", "", self.klass)
        if fun is NATIVE:
            inner = self.inner(vm)
            if vm.is_native_exception(inner):
                vm.print_exception_of_subclass(self.klass.name, inner, out, kind)
            else:
                vm.print(inner, out, kind)
        elif isinstance(fun, Sentinel):
            for piece in ("<", self.klass.name, " object at ", f"{self.address:x}", ">"):
                out(piece)
        else:
            vm.print(vm.call(fun, (self,)), out, PrintKind.STR)

    def inner(self, vm: Machine) -> Value:
        """The value of the native base."""
        assert not isinstance(self.native, Sentinel)
        return self.native


def native_bases(klass: Type) -> list[NativeType]:
    """``instance_count_native_bases``, the last one found being the one that counts."""
    if isinstance(klass, NativeType):
        return [] if klass is OBJECT else [klass]
    return [native for base in klass.bases for native in native_bases(base)]


def has_slot(native: NativeType, slot: str) -> bool:
    """Whether a native type has what a slot of ``mp_obj_type_t`` is for: its host class defines the method."""
    host = native.host_class
    if slot in host.without_slots:
        return False
    if slot == "make_new":
        return native.make_new is not None
    if slot == "subscr":
        return host.subscr is not Obj.subscr or host.set_subscr is not Obj.set_subscr
    if slot == "iterate":
        return host.iterate is not Obj.iterate or host.next is not Obj.next
    return bool(getattr(host, slot) is not getattr(Obj, slot))


def lookup(vm: Machine, owner: Obj | None, name: str, slot: str, klass: Type, *, of_type: bool = False) -> Found:
    """``mp_obj_class_lookup``: depth first, left to right. ``slot`` names what a native base may have instead."""
    if isinstance(klass, NativeType):
        return _lookup_native(vm, owner, name, slot, klass, of_type=of_type)
    entry = klass.members.found.get(name)
    if entry is not None:
        if of_type:
            assert owner is not None
            return convert(vm, NULL, owner, entry.value)
        return convert(vm, NULL if owner is None else owner, klass, entry.value)
    for base in klass.bases:
        if base is OBJECT:
            continue
        found = lookup(vm, owner, name, slot, base, of_type=of_type)
        if found[0] is not NULL:
            return found
    return NOTHING


def _lookup_native(vm: Machine, owner: Obj | None, name: str, slot: str, klass: NativeType, *, of_type: bool) -> Found:
    if slot and has_slot(klass, slot):
        return NATIVE, NULL
    member = klass.locals.get(name, NULL)
    if not isinstance(member, Sentinel):
        if of_type:
            assert owner is not None
            return convert(vm, NULL, owner, member)
        if not isinstance(owner, Instance) or klass is OBJECT:
            return convert(vm, NULL if owner is None else owner, klass, member)
        if owner.native is INIT_NATIVE:
            vm.error(Error.ATTRIBUTE, "call super().__init__() first")
        return convert(vm, owner.native, klass, member)
    if isinstance(owner, Instance) and not of_type and klass is not OBJECT:
        found = vm.method_maybe(owner.inner(vm), name)
        if found[0] is not NULL:
            return found
    if klass.parent is not None and klass.parent is not OBJECT:
        return lookup(vm, owner, name, slot, klass.parent, of_type=of_type)
    return NOTHING


def convert(vm: Machine, owner: Value | Sentinel, klass: Obj, member: Value) -> Found:
    """``mp_convert_member_lookup``: bind functions to ``owner`` (NULL: looked up on the class itself)."""
    if not isinstance(member, Obj):
        return member, NULL
    if isinstance(member, NativeFunction):
        if isinstance(klass, Class):
            return member, NULL
        if owner is NULL and klass is not OBJECT:
            return vm.checked_function(klass, member), NULL
        return member, owner
    if member.binds_self:
        return member, owner
    if isinstance(member, StaticMethod):
        return member.fun, NULL
    if isinstance(member, ClassMethod):
        if not isinstance(owner, Sentinel):
            own = vm.type_of(owner)
            klass = owner if isinstance(owner, Class | NativeType) else own
        return member.fun, klass
    return member, NULL


def new_instance(vm: Machine, klass: Class, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``mp_obj_instance_make_new``."""
    fun, _ = lookup(vm, None, "__new__", "make_new", klass)
    if isinstance(fun, Sentinel):
        instance = blank_instance(vm, klass)
    else:
        made = _with_copied_args(vm, 1, fun, NULL, (klass, *args), kwargs)
        if vm.type_of(made) is not klass:
            return made
        assert isinstance(made, Instance)
        instance = made
    fun, bound = lookup(vm, instance, "__init__", "", klass)
    if not isinstance(fun, Sentinel):
        answer = _with_copied_args(vm, 2, fun, bound, args, kwargs)
        if answer is not None:
            vm.raise_type("__init__() should return None, not '%s'", vm.type_name(answer))
    if instance.native is INIT_NATIVE:
        instance.native = make_native(vm, klass, args, kwargs)
    return instance


def _with_copied_args(
    vm: Machine, head: int, fun: Value, bound: Value | Sentinel, args: Sequence[Value], kwargs: Keywords
) -> Value:
    """Call with the arguments in a chunk of their own, as constructors do where there are any."""
    given = len(args) + 2 * len(kwargs) - (head == 1)
    if not given:
        return vm.call_method(fun, bound, args)
    block = vm.memory.block((head + given) * sizes.WORD)
    answer = vm.call_method(fun, bound, args, kwargs)
    vm.memory.free(block)
    return answer


def blank_instance(vm: Machine, klass: Class) -> Instance:
    """``mp_obj_new_instance``."""
    natives = native_bases(klass)
    address = vm.memory.alloc(sizes.INSTANCE + sizes.WORD * bool(natives), finaliser=False)
    return Instance(vm, address, klass, INIT_NATIVE if natives else NULL)


def make_native(vm: Machine, klass: Class, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Construct the value of the native base."""
    native = native_bases(klass)[-1]
    assert native.make_new is not None
    return native.make_new(vm, args, kwargs)


def _init_native(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``native_base_init_wrapper``."""
    instance = args[0]
    assert isinstance(instance, Instance)
    instance.native = make_native(vm, instance.klass, args[1:], kwargs)
    return None


INIT_NATIVE: Final = NativeFunction(_init_native, "__init__", 1, None, keywords=True, is_method=False)
"""Stands in for the native base's value until that is constructed."""


def _new_object(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 0, 0, keywords=False)
    return Object(vm.memory, vm.memory.alloc(sizes.OBJECT))


OBJECT: Final = NativeType("object", Object, _new_object)

__all__ = [
    "INIT_NATIVE",
    "NATIVE",
    "NOTHING",
    "NOT_DELEGATED",
    "OBJECT",
    "Class",
    "Found",
    "Instance",
    "Object",
    "Type",
    "blank_instance",
    "lookup",
    "native_bases",
    "new_instance",
]
