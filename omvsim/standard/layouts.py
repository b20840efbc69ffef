"""Descriptors of ``uctypes``: what their numbers say and how large what they describe is (extmod/moductypes.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.errors import Unknown
from omvsim.micropython.maps import Entry
from omvsim.micropython.types.dict_ import Dict
from omvsim.micropython.types.tuple_ import Tuple

if TYPE_CHECKING:
    from typing import NoReturn

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

LITTLE, BIG, NATIVE = 0, 1, 2
VALUE_BITS: Final = 4
AGGREGATE_BITS: Final = 2
OFFSET_BITS: Final = 17
LENGTH_BITS: Final = OFFSET_BITS + 5
STRUCT, PTR, ARRAY = 0, 1, 2
SCALARS: Final = (
    *("UINT8", "INT8", "UINT16", "INT16", "UINT32", "INT32", "UINT64", "INT64"),
    *("BFUINT8", "BFINT8", "BFUINT16", "BFINT16", "BFUINT32", "BFINT32", "FLOAT32", "FLOAT64"),
)
"""The types by number."""
CODES: Final = "BbHhIiQq------fd"
"""``type2char``."""
BITFIELDS: Final = range(SCALARS.index("BFUINT8"), SCALARS.index("BFINT32") + 1)
_FLOAT32: Final = SCALARS.index("FLOAT32")
POINTER: Final = 4


def constant(kind: int, bits: int) -> int:
    """``TYPE2SMALLINT``: the type in the highest bits of a small int of 31 bits."""
    value = kind << (31 - bits)
    return value - (1 << 31) if value >> 30 else value


def type_of(number: int, bits: int) -> int:
    """``GET_TYPE``."""
    return (number >> (31 - bits)) & ((1 << bits) - 1)


def rest_of(number: int, bits: int) -> int:
    """What stands below the type."""
    return number & ((1 << (31 - bits)) - 1)


def scalar_size(kind: int) -> int:
    """``uctypes_struct_scalar_size``: bytes."""
    return 4 if kind == _FLOAT32 else 1 << ((kind & 7) >> 1)


def number_at(desc: Tuple, at: int) -> int:
    """A small int of a descriptor; the firmware takes whatever is there for one."""
    value = desc.items[at] if at < len(desc.items) else None
    if type(value) is not int:
        raise Unknown("uctypes", "a descriptor whose offset or type is no number")
    return value


def item_at(desc: Tuple, at: int) -> Value:
    """Part of a descriptor; the firmware reads beyond its end where it has none."""
    if at >= len(desc.items):
        raise Unknown("uctypes", "a descriptor that is too short")
    return desc.items[at]


def is_tuple(value: Value) -> bool:
    """Whether it is a tuple itself, not a named one."""
    return type(value) is Tuple


def syntax_error(vm: Machine) -> NoReturn:
    """TypeError."""
    vm.raise_type("syntax error in uctypes descriptor")


class Measure:
    """The size of descriptors of one layout; ``widest`` is the largest field so far (``max_field_size``)."""

    def __init__(self, vm: Machine, layout: int) -> None:
        self.vm = vm
        self.layout = layout
        self.widest = 0

    def size(self, desc: Value) -> int:
        """``uctypes_struct_size``: bytes; TypeError for what is no descriptor of a structure."""
        if isinstance(desc, Tuple) and is_tuple(desc):
            return self.aggregate(desc)
        if not isinstance(desc, Dict):
            if type(desc) is int:
                self.vm.raise_type("can't unambiguously get sizeof scalar")
            syntax_error(self.vm)
        assert isinstance(desc, Dict)
        total = 0
        for entry in list(desc.map.slots):
            if isinstance(entry, Entry):
                total = max(total, self._end(entry.value))
        if self.layout == NATIVE:
            total = (total + self.widest - 1) & ~(self.widest - 1)
        return total

    def _end(self, field: Value) -> int:
        if type(field) is int:
            kind = type_of(field, VALUE_BITS)
            offset = rest_of(field, VALUE_BITS)
            if kind in BITFIELDS:
                offset &= (1 << OFFSET_BITS) - 1
            return offset + self._wide(scalar_size(kind))
        if not isinstance(field, Tuple) or not is_tuple(field):
            syntax_error(self.vm)
        assert isinstance(field, Tuple)
        size = self.aggregate(field)
        return rest_of(number_at(field, 0), AGGREGATE_BITS) + size

    def aggregate(self, desc: Tuple) -> int:
        """``uctypes_struct_agg_size``."""
        length = len(desc.items)
        if length not in {2, 3}:
            syntax_error(self.vm)
        kind = type_of(number_at(desc, 0), AGGREGATE_BITS)
        if kind == ARRAY:
            number = number_at(desc, 1)
            item = self._wide(scalar_size(type_of(number, VALUE_BITS))) if length == 2 else self.size(desc.items[2])
            return item * rest_of(number, VALUE_BITS)
        if kind not in {STRUCT, PTR} or length != 2:
            syntax_error(self.vm)
        return self.size(desc.items[1]) if kind == STRUCT else self._wide(POINTER)

    def _wide(self, size: int) -> int:
        self.widest = max(self.widest, size)
        return size


__all__ = [
    "AGGREGATE_BITS",
    "ARRAY",
    "BIG",
    "BITFIELDS",
    "CODES",
    "LENGTH_BITS",
    "LITTLE",
    "NATIVE",
    "OFFSET_BITS",
    "POINTER",
    "PTR",
    "SCALARS",
    "STRUCT",
    "VALUE_BITS",
    "Measure",
    "constant",
    "is_tuple",
    "item_at",
    "number_at",
    "rest_of",
    "scalar_size",
    "syntax_error",
    "type_of",
]
