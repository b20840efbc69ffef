"""What tuples and lists answer together (``mp_obj_get_array``, py/obj.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.types import bytes_, list_, str_, tuple_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value


def sequence(vm: Machine, value: Value) -> Sequence[Value]:
    """The items of a tuple or list; TypeError for anything else (an attrtuple is of its own type)."""
    if type(value) is tuple_.Tuple or type(value) is list_.List:
        return value.items
    if isinstance(value, tuple_.Tuple | list_.List) and vm.is_subclass_fast(vm.type_of(value), tuple_.TUPLE):
        return value.items
    vm.raise_type("object '%s' isn't a tuple or list", vm.type_name(value))


def fixed(vm: Machine, value: Value, count: int) -> Sequence[Value]:
    """``mp_obj_get_array_fixed_n``: a tuple or list of so many."""
    items = vm.sequence(value)
    if len(items) != count:
        vm.raise_value("requested length %d but object has length %d", count, len(items))
    return items


def repeats(value: Value) -> bool:
    """Whether ``int * value`` is ``value * int``: str, bytes, tuple, list."""
    return str_.is_str(value) or isinstance(value, bytes_.Bytes | list_.List) or type(value) is tuple_.Tuple


__all__ = ["fixed", "repeats", "sequence"]
