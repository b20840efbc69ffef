"""bool, NoneType, Ellipsis, NotImplemented (py/objbool.c, objnone.c, objsingleton.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.micropython.native import NativeType
from omvsim.micropython.values import UNSUPPORTED, BinaryOp, Obj, PrintKind, Sentinel, UnaryOp, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out

WORDS: Final[dict[bool | None, int]] = {None: 6, False: 14, True: 30}
"""The words of the immediate objects (``MP_OBJ_NEW_IMMEDIATE_OBJ`` of 0, 1, 3), which ``id`` shows."""


class Bool(Obj):
    """Does what 0 and 1 do; ``self`` is a host bool."""

    __slots__ = ()
    type_name: ClassVar[str] = "bool"
    immediates: ClassVar[tuple[type, ...]] = (bool,)
    equals_other_types = True

    def unary(self: bool | Obj, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        if op is UnaryOp.LEN:
            return UNSUPPORTED
        return vm.unary_maybe(op, int(self is True))

    def binary(self: bool | Obj, vm: Machine, op: BinaryOp, rhs: Value) -> Value | Sentinel:
        return vm.binary(op, int(self is True), rhs)

    def print(self: bool | Obj, vm: Machine, out: Out, kind: PrintKind) -> None:
        text = "True" if self is True else "False"
        out(text.lower() if kind is PrintKind.JSON else text)


class NoneKind(Obj):
    """None; ``self`` is a host None."""

    __slots__ = ()
    type_name: ClassVar[str] = "NoneType"
    immediates: ClassVar[tuple[type, ...]] = (type(None),)

    def unary(self: Obj | None, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        return WORDS[None] if op is UnaryOp.HASH else UNSUPPORTED

    def print(self: Obj | None, vm: Machine, out: Out, kind: PrintKind) -> None:
        out("null" if kind is PrintKind.JSON else "None")


class Singleton(Obj):
    """A constant in ROM that prints its name."""

    __slots__ = ("name",)
    type_name: ClassVar[str] = ""

    def __init__(self, name: str) -> None:
        self.address = 0
        self.name = name

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        out(self.name)


def _new_bool(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 0, 1, keywords=False)
    return vm.truth(args[0]) if args else False


BOOL = NativeType("bool", Bool, _new_bool)
NONE_TYPE = NativeType("NoneType", NoneKind)
SINGLETON = NativeType("", Singleton)
ELLIPSIS = Singleton("Ellipsis")
NOT_IMPLEMENTED = Singleton("NotImplemented")

__all__ = ["BOOL", "ELLIPSIS", "NONE_TYPE", "NOT_IMPLEMENTED", "SINGLETON", "WORDS", "Bool", "NoneKind", "Singleton"]
