"""What the types share: indices, slices, names of types (py/obj.c, py/sequence.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from omvsim.micropython.errors import Error
from omvsim.micropython.values import UNSUPPORTED, Obj, Sentinel, Value
from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import BinaryOp


def word(value: int) -> int:
    """A host int as a signed machine word of 32 bits."""
    value &= 0xFFFFFFFF
    return value - 0x100000000 if value & 0x80000000 else value


def small(value: int) -> int:
    """What is left of a machine word in a small int: 31 bits, signed (``MP_OBJ_NEW_SMALL_INT`` and back)."""
    value &= 0x7FFFFFFF
    return value - 0x80000000 if value & 0x40000000 else value


class Bounds(NamedTuple):
    """A slice applied to a length; ``stop`` of a backward one is inclusive (``mp_bound_slice_t`` in a sequence)."""

    start: int
    stop: int
    step: int


def index_of(vm: Machine, type_name: str, length: int, index: Value) -> int:
    """``mp_get_index``: a host index within ``length``; TypeError or IndexError of ``type_name`` otherwise."""
    i = _integer(vm, type_name, index)
    if i < 0:
        i += length
    if i < 0 or i >= length:
        vm.error(Error.INDEX, "%q index out of range", type_name)
    return i


def slice_index_of(vm: Machine, type_name: str, length: int, index: Value) -> int:
    """``mp_get_index`` with ``is_slice``: clamped to ``length``."""
    i = _integer(vm, type_name, index)
    if i < 0:
        i = max(i + length, 0)
    return min(i, length)


def _integer(vm: Machine, type_name: str, index: Value) -> int:
    if type(index) is int:
        return index
    integer = vm.int_of_maybe(index)
    if integer is None:
        vm.raise_type("%q indices must be integers, not %s", type_name, vm.type_name(index))
    return integer


def compare_sequences(vm: Machine, op: BinaryOp, left: Sequence[Value], right: Sequence[Value]) -> bool:
    """``mp_seq_cmp_objs`` for the five orders and ``==``."""
    from omvsim.micropython.values import BinaryOp

    if op is BinaryOp.EQUAL and len(left) != len(right):
        return False
    if op in (BinaryOp.LESS, BinaryOp.LESS_EQUAL):
        left, right = right, left
        op = BinaryOp.MORE if op is BinaryOp.LESS else BinaryOp.MORE_EQUAL
    for mine, other in zip(left, right, strict=False):
        if vm.equal(mine, other):
            continue
        return op is not BinaryOp.EQUAL and vm.binary(op, mine, other) is True
    if len(left) != len(right):
        return len(left) > len(right)
    return op is not BinaryOp.MORE


def compare_bytes(op: BinaryOp, left: bytes, right: bytes) -> bool | Sentinel:
    """``mp_seq_cmp_bytes``; :data:`UNSUPPORTED` for another operator."""
    from omvsim.micropython.values import BinaryOp

    orders: dict[BinaryOp, Callable[[bytes, bytes], bool]] = {
        BinaryOp.EQUAL: bytes.__eq__,
        BinaryOp.LESS: bytes.__lt__,
        BinaryOp.LESS_EQUAL: bytes.__le__,
        BinaryOp.MORE: bytes.__gt__,
        BinaryOp.MORE_EQUAL: bytes.__ge__,
    }
    order = orders.get(op)
    return UNSUPPORTED if order is None else order(left, right)


def index_in(vm: Machine, type_name: str, items: Sequence[Value], args: Sequence[Value]) -> int:
    """``mp_seq_index_obj``: where ``args[1]`` is, between ``args[2]`` and ``args[3]``; ValueError if nowhere."""
    start = slice_index_of(vm, type_name, len(items), args[2]) if len(args) >= 3 else 0
    stop = slice_index_of(vm, type_name, len(items), args[3]) if len(args) >= 4 else len(items)
    for i in range(start, stop):
        if vm.equal(items[i], args[1]):
            return i
    vm.raise_value("object not in sequence")


def count_in(vm: Machine, items: Sequence[Value], value: Value) -> int:
    """``mp_seq_count_obj``."""
    return sum(vm.equal(item, value) for item in items)


def bad_implicit_conversion(vm: Machine, value: Value) -> NoReturn:
    """``bad_implicit_conversion`` of py/objstr.c."""
    name = vm.type_name(value)
    vm.raise_type("can't convert '%q' object to %q implicitly", name, "bytes" if name == "str" else "str")


def one_step_only(vm: Machine) -> NoReturn:
    """The refusal of str, bytes, tuple and array for slices with a step."""
    vm.error(Error.NOT_IMPLEMENTED, "only slices with step=1 (aka None) are supported")


class Iterator(Obj):
    """An iterator of a native type: 16 bytes of its own, or in the frame (address 0)."""

    __slots__ = ()
    type_name = "iterator"

    def iterate(self, vm: Machine, *, on_stack: bool) -> Value | Sentinel:
        return self


__all__ = [
    "Bounds",
    "Iterator",
    "bad_implicit_conversion",
    "compare_bytes",
    "compare_sequences",
    "count_in",
    "index_in",
    "index_of",
    "one_step_only",
    "slice_index_of",
    "small",
    "word",
]
