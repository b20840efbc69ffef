"""Built-in functions and types of the object model (py/modbuiltins.c, py/objtype.c): classes, attributes, names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.attributes import is_callable
from omvsim.micropython.classes import (
    OBJECT,
    Class,
    Instance,
    blank_instance,
)
from omvsim.micropython.descriptors import PROPERTY, SUPER
from omvsim.micropython.errors import Error, Raised
from omvsim.micropython.exceptions import BY_NAME
from omvsim.micropython.functions import Cell
from omvsim.micropython.importing import import_module
from omvsim.micropython.native import NativeFunction, NativeType, function
from omvsim.micropython.operations import GetItemIterator
from omvsim.micropython.static_methods import CLASS_METHOD, STATIC_METHOD, rom_static_method
from omvsim.micropython.types.texts import name_of_str
from omvsim.micropython.values import NULL, Obj, PrintKind, Sentinel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value


def _new_type(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``type_make_new``: the type of a value, or a new class of name, bases and body."""
    vm.check_args(len(args), len(kwargs), 1, 3, keywords=False)
    if len(args) == 1:
        return vm.type_of(args[0])
    if len(args) == 2:
        vm.raise_type("type takes 1 or 3 arguments")
    return vm.new_class(vm.name_of(args[0]), args[1], args[2])


TYPE: Final = NativeType("type", Class, _new_type)
NativeType.native_type = TYPE
GET_ITEM_ITERATOR: Final = NativeType("iterator", GetItemIterator)
"""``mp_type_it`` of py/objgetitemiter.c."""


@function("__build_class__", 2, None)
def build_class(vm: Machine, fun: Value, name: Value, *bases: Value) -> Value:
    """Run a class body in a dict of its own and make the class.

    Nothing puts the outer names back when the body raises (py/modbuiltins.c): names set from then on go to that dict.
    """
    outer = vm.locals
    body = vm.new_dict(0)
    assert isinstance(body, Obj)
    vm.locals = body
    cell = vm.call(fun)
    vm.locals = outer
    meta: Value = vm.type_of(bases[0]) if bases else TYPE
    made = vm.call(meta, (name, vm.new_tuple(bases), body))
    if cell is not None:
        assert isinstance(cell, Cell)
        cell.value = made
    return made


@function("isinstance", 2)
def _isinstance(vm: Machine, value: Value, klass: Value) -> Value:
    return vm.is_instance(value, klass)


@function("issubclass", 2)
def _issubclass(vm: Machine, klass: Value, of: Value) -> Value:
    if not isinstance(klass, Class | NativeType):
        vm.raise_type("issubclass() arg 1 must be a class")
    return vm.is_subclass(klass, of)


def _quietly(vm: Machine, value: Value, name: str) -> Value | Sentinel:
    """An attribute, NULL where looking for it raises AttributeError (``mp_load_method_protected``)."""
    try:
        return vm.attr_maybe(value, name)
    except Raised as raised:
        error = raised.value
    if vm.is_subclass_fast(vm.type_of(error), vm.exception_type(Error.ATTRIBUTE)):
        return NULL
    raise Raised(error)


@function("getattr", 2, 3)
def _getattr(vm: Machine, value: Value, name: Value, *default: Value) -> Value:
    attribute = name_of_str(vm, name)
    if not default:
        return vm.attr(value, attribute)
    found = _quietly(vm, value, attribute)
    return default[0] if isinstance(found, Sentinel) else found


@function("setattr", 3)
def _setattr(vm: Machine, value: Value, name: Value, new: Value) -> Value:
    vm.set_attr(value, name_of_str(vm, name), new)
    return None


@function("delattr", 2)
def _delattr(vm: Machine, value: Value, name: Value) -> Value:
    vm.set_attr(value, name_of_str(vm, name), NULL)
    return None


@function("hasattr", 2)
def _hasattr(vm: Machine, value: Value, name: Value) -> Value:
    attribute = name_of_str(vm, name)
    try:
        return vm.method_maybe(value, attribute)[0] is not NULL
    except Raised as raised:
        error = raised.value
    if vm.is_subclass_fast(vm.type_of(error), vm.exception_type(Error.ATTRIBUTE)):
        return False
    raise Raised(error)


@function("callable", 1)
def _callable(vm: Machine, value: Value) -> Value:
    return is_callable(vm, value)


@function("iter", 1)
def _iter(vm: Machine, value: Value) -> Value:
    return vm.iterate(value)


@function("next", 1, 2)
def _next(vm: Machine, iterator: Value, *default: Value) -> Value:
    if default:
        item = vm.next(iterator)
        return default[0] if isinstance(item, Sentinel) else item
    item = vm.next_or_raise(iterator)
    if isinstance(item, Sentinel):
        vm.raise_stop()
    return item


@function("print", 0, None, keywords=True)
def _print(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    separator, end = vm.parse_keywords((), kwargs, ("sep", "end"), 0, 0)
    between = " " if isinstance(separator, Sentinel) else vm.str_of(separator)
    last = "\n" if isinstance(end, Sentinel) else vm.str_of(end)
    for at, arg in enumerate(args):
        if at:
            vm.write(between)
        vm.print(arg, vm.write, PrintKind.STR)
    vm.write(last)
    return None


@function("globals", 0)
def _globals(vm: Machine) -> Value:
    return vm.globals


@function("locals", 0)
def _locals(vm: Machine) -> Value:
    return vm.locals


@function("__import__", 1, 5)
def _import(vm: Machine, name: Value, *rest: Value) -> Value:
    names = rest[2] if len(rest) > 2 else None
    level = rest[3] if len(rest) > 3 else 0
    assert isinstance(level, int)
    return import_module(vm, vm.str_of(name), names, level)


# -- object's own methods (py/objobject.c) -----------------------------------------------------------------------------


def _user_instance(vm: Machine, value: Value, name: Value) -> tuple[Instance, str]:
    if not isinstance(value, Instance):
        vm.raise_type("arg must be user-type")
    if vm.type_name(name) != "str":
        vm.raise_type()
    return value, name_of_str(vm, name)


@function("__init__", 1)
def _object_init(vm: Machine, value: Value) -> Value:
    return None


@function("__new__", 1)
def _object_new(vm: Machine, klass: Value) -> Value:
    if not isinstance(klass, Class):
        vm.raise_type("arg must be user-type")
    return blank_instance(vm, klass)


@function("__setattr__", 3)
def _object_setattr(vm: Machine, value: Value, name: Value, new: Value) -> Value:
    instance, attribute = _user_instance(vm, value, name)
    instance.members.set(vm, attribute, new)
    return None


@function("__delattr__", 2)
def _object_delattr(vm: Machine, value: Value, name: Value) -> Value:
    instance, attribute = _user_instance(vm, value, name)
    if instance.members.remove(vm, attribute) is None:
        vm.error(Error.ATTRIBUTE, "no such attribute")
    return None


for _native in (_object_init, _object_setattr, _object_delattr):
    OBJECT.locals[_native.name] = _native
OBJECT.locals["__new__"] = rom_static_method(_object_new)

_FUNCTIONS: Final[tuple[NativeFunction, ...]] = (
    build_class,
    _isinstance,
    _issubclass,
    _getattr,
    _setattr,
    _delattr,
    _hasattr,
    _callable,
    _iter,
    _next,
    _print,
    _globals,
    _locals,
    _import,
)
OBJECTS: Final[dict[str, Value]] = {
    **{native.name: native for native in _FUNCTIONS},
    **BY_NAME,
    "classmethod": CLASS_METHOD,
    "object": OBJECT,
    "property": PROPERTY,
    "staticmethod": STATIC_METHOD,
    "super": SUPER,
    "type": TYPE,
}
"""Built-in names of the object model."""

__all__ = ["OBJECTS", "TYPE"]
