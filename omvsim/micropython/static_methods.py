"""Functions of a class that are called without an instance (``staticmethod``, ``classmethod``; py/objtype.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory import sizes
from omvsim.micropython.native import NativeFunction, NativeType
from omvsim.micropython.values import Obj

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value


class _Wrapping(Obj):
    """``mp_obj_static_class_method_t``."""

    __slots__ = ("fun",)

    def __init__(self, vm: Machine, address: int, fun: Value) -> None:
        super().__init__(vm.memory, address)
        self.fun = fun


class StaticMethod(_Wrapping):
    """``staticmethod(f)``."""

    __slots__ = ()
    type_name: ClassVar[str] = "staticmethod"


class ClassMethod(_Wrapping):
    """``classmethod(f)``."""

    __slots__ = ()
    type_name: ClassVar[str] = "classmethod"


def rom_class_method(fun: NativeFunction) -> ClassMethod:
    """A class method of a built-in type, in ROM (``MP_DEFINE_CONST_CLASSMETHOD_OBJ``)."""
    made = ClassMethod.__new__(ClassMethod)
    made.address = 0
    made.fun = fun
    return made


def rom_static_method(fun: NativeFunction) -> StaticMethod:
    """A static method in ROM (``MP_DEFINE_CONST_STATICMETHOD_OBJ``)."""
    made = StaticMethod.__new__(StaticMethod)
    made.address = 0
    made.fun = fun
    return made


def _wrap(kind: type[_Wrapping], vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 1, 1, keywords=False)
    return kind(vm, vm.memory.alloc(sizes.STATIC_METHOD), args[0])


STATIC_METHOD: Final = NativeType("staticmethod", StaticMethod, lambda vm, args, kw: _wrap(StaticMethod, vm, args, kw))
CLASS_METHOD: Final = NativeType("classmethod", ClassMethod, lambda vm, args, kw: _wrap(ClassMethod, vm, args, kw))

__all__ = ["CLASS_METHOD", "STATIC_METHOD", "ClassMethod", "StaticMethod", "rom_class_method", "rom_static_method"]
