"""Attributes: loading, binding, storing (py/runtime.c, py/objtype.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory import sizes
from omvsim.micropython.classes import (
    NOT_DELEGATED,
    NOTHING,
    OBJECT,
    Class,
    Found,
    Instance,
    Type,
    convert,
    lookup,
)
from omvsim.micropython.descriptors import Property, Super
from omvsim.micropython.errors import Error, Raised
from omvsim.micropython.native import NativeFunction, NativeType, function
from omvsim.micropython.values import NULL, Obj, Sentinel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value


VARYING: Final = frozenset({Instance, Class, NativeType, Super})
"""Host classes whose values do not all have the same methods."""


def attr(vm: Machine, value: Value, name: str) -> Value:
    """``mp_load_attr``: a method comes back bound."""
    fun, bound = method(vm, value, name)
    return fun if isinstance(bound, Sentinel) else vm.bind(fun, bound)


def attr_maybe(vm: Machine, value: Value, name: str) -> Value | Sentinel:
    """:func:`attr`, NULL where there is none (``getattr`` with a default)."""
    fun, bound = method_maybe(vm, value, name)
    if isinstance(fun, Sentinel) or isinstance(bound, Sentinel):
        return fun
    return vm.bind(fun, bound)


def method(vm: Machine, value: Value, name: str) -> tuple[Value, Value | Sentinel]:
    """``mp_load_method``: function and self (NULL if none)."""
    kind = type(value)
    native = vm.native_methods.get((kind, name))
    if native is not None:
        return native, value
    fun, bound = method_maybe(vm, value, name)
    if not isinstance(fun, Sentinel):
        if bound is value and isinstance(fun, NativeFunction) and kind not in VARYING:
            own = vm.immediate.get(kind) or kind
            if own.attr is Obj.attr:  # type: ignore[union-attr]  # a class of values
                vm.native_methods[kind, name] = fun
        return fun, bound
    if isinstance(value, Class | NativeType):
        vm.error(Error.ATTRIBUTE, "type object '%q' has no attribute '%q'", value.name, name)
    if vm.dialect.names_modules_in_errors and isinstance(value, Obj) and value.type_name == "module":
        module_name = method_maybe(vm, value, "__name__")[0]
        known = module_name if isinstance(module_name, str) else ""
        vm.error(Error.ATTRIBUTE, "module '%q' has no attribute '%q'", known, name)
    vm.error(Error.ATTRIBUTE, "'%s' object has no attribute '%q'", vm.type_name(value), name)


def method_maybe(vm: Machine, value: Value, name: str) -> Found:
    """``mp_load_method_maybe``: NULL where there is nothing of that name."""
    if name == "__class__":
        return vm.type_of(value), NULL
    if isinstance(value, Instance):
        return _of_instance(vm, value, name)
    if isinstance(value, Class | NativeType):
        return _of_type(vm, value, name)
    if isinstance(value, Super):
        return value.find(vm, name)
    kind = vm.immediate.get(type(value)) or type(value)
    assert issubclass(kind, Obj)
    if name == "__next__" and kind.next is not Obj.next:
        return NEXT, value
    found = kind.attr(value, vm, name)  # type: ignore[arg-type]  # an immediate is its class's self
    if not isinstance(found, Sentinel):
        return found, NULL
    native = vm.type_of(value)
    assert isinstance(native, NativeType)
    member = native.locals.get(name, NULL)
    return NOTHING if isinstance(member, Sentinel) else convert(vm, value, native, member)


@function("next", 1)
def _next(vm: Machine, iterator: Value) -> Value:
    item = vm.next(iterator)
    if isinstance(item, Sentinel):
        vm.raise_stop()
    return item


NEXT: Final[NativeFunction] = _next


def _of_instance(vm: Machine, instance: Instance, name: str) -> Found:
    """``mp_obj_instance_load_attr``."""
    entry = instance.members.found.get(name)
    if entry is not None:
        return entry.value, NULL
    if name == "__dict__":
        return vm.copy_of_map(instance.members, fixed=True), NULL
    klass = instance.klass
    found = lookup(vm, instance, name, "", klass)
    member = found[0]
    if not isinstance(member, Sentinel):
        return _accessed(vm, instance, member) or found if klass.special else found
    if name == "__getattr__" or name in NOT_DELEGATED:
        return NOTHING
    fun, bound = method_maybe(vm, instance, "__getattr__")
    if isinstance(fun, Sentinel):
        return NOTHING
    return vm.call_method(fun, bound, (name,)), NULL


def _accessed(vm: Machine, instance: Instance, member: Value) -> Found | None:
    """What a property or a descriptor gives; None for anything else."""
    if isinstance(member, Property):
        if member.getter is None:
            vm.error(Error.ATTRIBUTE, "unreadable attribute")
        return vm.call(member.getter, (instance,)), NULL
    fun, bound = method_maybe(vm, member, "__get__")
    if isinstance(fun, Sentinel):
        return None
    return vm.call_method(fun, bound, (instance, instance.klass)), NULL


def _of_type(vm: Machine, klass: Type, name: str) -> Found:
    """``type_attr``, loading."""
    if name == "__name__":
        return klass.name, NULL
    if name == "__dict__":
        return vm.dict_of_type(klass), NULL
    if name == "__bases__":
        return _bases(vm, klass), NULL
    return lookup(vm, klass, name, "", klass, of_type=True)


def _bases(vm: Machine, klass: Type) -> Value:
    if klass is OBJECT:
        return vm.new_tuple(())
    if isinstance(klass, Class):
        if len(klass.bases) > 1:
            return klass.kept
        return vm.new_tuple(klass.bases or (OBJECT,))
    return vm.new_tuple((klass.parent or OBJECT,))


def set_attr(vm: Machine, value: Value, name: str, new: Value | Sentinel) -> None:
    """``mp_store_attr``; NULL deletes."""
    if isinstance(value, Instance):
        done = _set_of_instance(vm, value, name, new)
    elif isinstance(value, Class):
        done = _set_of_class(vm, value, name, new)
    else:
        kind = vm.immediate.get(type(value)) or type(value)
        assert issubclass(kind, Obj)
        done = kind.set_attr(value, vm, name, new)  # type: ignore[arg-type]  # as above
    if not done:
        vm.error(Error.ATTRIBUTE, "'%s' object has no attribute '%q'", vm.type_name(value), name)


def _set_of_instance(vm: Machine, instance: Instance, name: str, new: Value | Sentinel) -> bool:
    """``mp_obj_instance_store_attr``."""
    if instance.klass.special:
        done = _set_specially(vm, instance, name, new)
        if done is not None:
            return done
    if isinstance(new, Sentinel):
        return instance.members.remove(vm, name) is not None
    instance.members.set(vm, name, new)
    return True


def _set_specially(vm: Machine, instance: Instance, name: str, new: Value | Sentinel) -> bool | None:
    """By property, descriptor or ``__setattr__``; None: none of them."""
    member = lookup(vm, instance, name, "", instance.klass)[0]
    deletes = isinstance(new, Sentinel)
    if isinstance(member, Property):
        fun: Value | Sentinel = member.deleter if deletes else member.setter
        if fun is None or isinstance(fun, Sentinel):
            return False
        vm.call(fun, (instance,) if isinstance(new, Sentinel) else (instance, new))
        return True
    if not isinstance(member, Sentinel):
        fun, bound = method_maybe(vm, member, "__delete__" if deletes else "__set__")
        if not isinstance(fun, Sentinel):
            vm.call_method(fun, bound, (instance,) if isinstance(new, Sentinel) else (instance, new))
            return True
    fun, bound = method_maybe(vm, instance, "__delattr__" if deletes else "__setattr__")
    if isinstance(fun, Sentinel):
        return None
    vm.call_method(fun, bound, (name,) if isinstance(new, Sentinel) else (name, new))
    return True


def _set_of_class(vm: Machine, klass: Class, name: str, new: Value | Sentinel) -> bool:
    """``type_attr``, storing."""
    if klass.members.fixed:
        return False
    if isinstance(new, Sentinel):
        return klass.members.remove(vm, name) is not None
    if not klass.special and is_special(vm, name, new):
        if klass.subclassed:
            vm.error(Error.ATTRIBUTE, "can't add special method to already-subclassed class")
        klass.special = True
    klass.members.set(vm, name, new)
    return True


def is_special(vm: Machine, name: Value, member: Value) -> bool:
    """``check_for_special_accessors``."""
    if name in ("__setattr__", "__delattr__") or isinstance(member, Property):
        return True
    return any(vm.method_quietly(member, accessor) for accessor in ("__get__", "__set__", "__delete__"))


def new_class(vm: Machine, name: str, bases: Value, body: Value) -> Class:
    """``mp_obj_new_type``."""
    if not (isinstance(bases, Obj) and bases.type_name == "tuple" and isinstance(body, Obj)):
        vm.raise_type()
    if body.type_name not in ("dict", "OrderedDict"):
        vm.raise_type()
    types: list[Type] = []
    special = False
    for base in vm.sequence(bases):
        if not isinstance(base, Class | NativeType):
            vm.raise_type()
        if isinstance(base, NativeType) and base.make_new is None:
            vm.raise_type("type '%q' isn't an acceptable base type", base.name)
        if isinstance(base, Class):
            base.subclassed = True
            special = special or base.special
        types.append(base)
    size = sizes.CLASS + sizes.WORD * (bool(types) + bool(types and vm.has_protocol(types[0])))
    klass = Class(vm, vm.memory.alloc(size), name, tuple(types), body)
    klass.kept = bases if len(types) > 1 else None
    klass.special = special
    setters = _scan_body(vm, klass)
    if len(vm.native_bases(klass)) > 1:
        vm.raise_type("multiple bases have instance lay-out conflict")
    new = klass.members.found.get("__new__")
    if new is not None and vm.is_function(new.value):
        new.value = vm.static_method(new.value)
    for fun, bound, attribute in setters:
        vm.call_method(fun, bound, (klass, attribute))
    return klass


def _scan_body(vm: Machine, klass: Class) -> list[tuple[Value, Value, Value]]:
    """Look for special accessors and ``__set_name__`` (16 bytes for each one found but the first's place)."""
    setters: list[tuple[Value, Value, Value]] = []
    for entry in klass.members.entries():
        if not klass.special and is_special(vm, entry.key, entry.value):
            klass.special = True
        fun, bound = method_maybe(vm, entry.value, "__set_name__")
        if not isinstance(fun, Sentinel) and not isinstance(bound, Sentinel):
            vm.memory.alloc(sizes.SET_NAME)
            setters.append((fun, bound, entry.key))
    return setters


def is_callable(vm: Machine, value: Value) -> bool:
    """``mp_obj_is_callable``."""
    if isinstance(value, Instance):
        return lookup(vm, value, "__call__", "call", value.klass)[0] is not NULL
    return isinstance(value, Obj) and type(value).call is not Obj.call


def method_quietly(vm: Machine, value: Value, name: str) -> bool:
    """``mp_load_method_protected``: whether there is such a method, whatever is raised on the way."""
    try:
        return vm.method_maybe(value, name)[0] is not NULL
    except Raised:
        return False


def attribute_quietly(vm: Machine, value: Value, name: str) -> Value | Sentinel:
    """An attribute or method; NULL if there is none, or looking for it raises AttributeError."""
    try:
        return vm.method_maybe(value, name)[0]
    except Raised as raised:
        error = raised.value
    if vm.is_subclass_fast(vm.type_of(error), vm.exception_type(Error.ATTRIBUTE)):
        return NULL
    raise Raised(error)


class CheckedFunction(Obj):
    """A method of a built-in type taken from the type itself: checks what it gets as ``self`` (py/runtime.c)."""

    __slots__ = ("fun", "klass")
    type_name: ClassVar[str] = "function"
    binds_self = True

    def __init__(self, vm: Machine, klass: Obj, fun: Value) -> None:
        super().__init__(vm.memory, vm.memory.alloc(sizes.CHECKED_FUNCTION))
        self.klass = klass
        self.fun = fun

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value | Sentinel:
        """Refuse a first argument of another type, then call."""
        if args and vm.type_of(args[0]) is not self.klass:
            assert isinstance(self.klass, NativeType)
            vm.raise_type("argument should be a '%q' not a '%q'", self.klass.name, vm.type_name(args[0]))
        return vm.call(self.fun, args, kwargs)


CHECKED_FUNCTION: Final = NativeType("function", CheckedFunction)
"""``mp_type_checked_fun``."""
