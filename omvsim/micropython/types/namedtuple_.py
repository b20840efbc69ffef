"""namedtuple and attrtuple: tuples with names (py/objnamedtuple.c, py/objattrtuple.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from omvsim.memory import sizes
from omvsim.micropython.errors import Error
from omvsim.micropython.native import NativeType
from omvsim.micropython.types import sequences, splitting, str_
from omvsim.micropython.types.texts import name_of_str
from omvsim.micropython.types.tuple_ import TUPLE, Tuple
from omvsim.micropython.values import NULL, UNSUPPORTED, PrintKind, Sentinel, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out


class _Named(Tuple):
    """What both print and find."""

    __slots__ = ("fields",)

    def __init__(self, memory: Memory, address: int, items: tuple[Value, ...], fields: tuple[str, ...]) -> None:
        super().__init__(memory, address, items)
        self.fields = fields

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        return self.items[self.fields.index(name)] if name in self.fields else UNSUPPORTED

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        out("(")
        for at, (field, item) in enumerate(zip(self.fields, self.items, strict=True)):
            if at:
                out(", ")
            out(field)
            out("=")
            vm.print(item, out, PrintKind.REPR)
        out(")")


class AttrTuple(_Named):
    """The camera's own records: a word more for the names, which are in ROM. Its type is called tuple."""

    __slots__ = ()


class NamedTuple(_Named):
    """A value of a type that :func:`new_namedtuple_type` made."""

    __slots__ = ("native_type",)
    equals_other_types = True

    def __init__(self, memory: Memory, address: int, items: tuple[Value, ...], kind: NamedTupleType) -> None:
        super().__init__(memory, address, items, kind.fields)
        self.native_type = kind  # type: ignore[misc]  # each value has the type that made it

    def set_attr(self, vm: Machine, name: str, value: Value | Sentinel) -> bool:
        vm.error(Error.ATTRIBUTE, "can't set attribute")

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        out(self.native_type.name)
        super().print(vm, out, kind)


class NamedTupleType(NativeType):
    """A type on the heap: 56 bytes and a word a field."""

    __slots__ = ("fields",)
    type_name: ClassVar[str] = "type"

    def __init__(self, memory: Memory, address: int, name: str, fields: tuple[str, ...]) -> None:
        super().__init__(name, NamedTuple, self._make, parent=TUPLE)
        self.locals.clear()  # its values have their fields and nothing else: the type's own slot finds attributes
        self.memory = memory
        self.address = address
        self.fields = fields

    def _make(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """``namedtuple_make_new``."""
        given, wanted = len(args) + len(kwargs), len(self.fields)
        if given != wanted:
            text = "%q() takes %d positional arguments but %d were given"
            vm.raise_type(text, self.name, wanted, given)
        address = vm.memory.alloc(sizes.TUPLE + sizes.WORD * wanted)
        made = NamedTuple(vm.memory, address, tuple(args), self)
        items: list[Value | Sentinel] = [*args, *((NULL,) * len(kwargs))]
        for name, value in kwargs:
            if name not in self.fields:
                vm.raise_type("unexpected keyword argument '%q'", name)
            at = self.fields.index(name)
            if not isinstance(items[at], Sentinel):
                vm.raise_type("function got multiple values for argument '%q'", name)
            items[at] = value
        made.items = tuple(item for item in items if not isinstance(item, Sentinel))
        return made


def new_attrtuple(vm: Machine, fields: tuple[str, ...], items: Sequence[Value]) -> AttrTuple:
    """``mp_obj_new_attrtuple``."""
    address = vm.memory.alloc(sizes.TUPLE + sizes.WORD * (len(items) + 1))
    return AttrTuple(vm.memory, address, tuple(items), fields)


def new_namedtuple_type(vm: Machine, name: Value, fields: Value) -> Value:
    """``namedtuple(name, fields)``; fields as one text are split first."""
    type_name = name_of_str(vm, name)
    if str_.is_str(fields):
        fields = splitting.split(vm, fields, ())
    found = sequences.sequence(vm, fields)
    address = vm.memory.alloc(sizes.NAMEDTUPLE_TYPE + sizes.WORD * len(found))
    return NamedTupleType(vm.memory, address, type_name, tuple(name_of_str(vm, field) for field in found))


ATTRTUPLE = NativeType("tuple", AttrTuple)
ATTRTUPLE.locals.clear()

__all__ = ["ATTRTUPLE", "AttrTuple", "NamedTuple", "NamedTupleType", "new_attrtuple", "new_namedtuple_type"]
