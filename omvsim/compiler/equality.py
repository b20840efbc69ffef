"""When two constants are one (``strictly_equal`` in py/emitcommon.c)."""

from __future__ import annotations

from math import copysign
from typing import TYPE_CHECKING, ClassVar

from omvsim.micropython.values import Obj

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value


class FunctionTable(Obj):
    """``mp_fun_table``: machine code finds the runtime through a constant that is this table, in ROM."""

    __slots__ = ()
    type_name: ClassVar[str] = "function table"


def strictly_equal(vm: Machine, a: Value, b: Value) -> bool:
    """Equal and of the same type, down to the items of tuples and the sign of a zero."""
    if a is b:
        return True
    if isinstance(a, FunctionTable) or isinstance(b, FunctionTable):
        return False
    if vm.type_of(a) is not vm.type_of(b):
        return False
    kind = vm.type_name(a)
    if kind == "tuple":
        items, others = vm.sequence(a), vm.sequence(b)
        return len(items) == len(others) and all(
            strictly_equal(vm, one, other) for one, other in zip(items, others, strict=True)
        )
    if not vm.equal(a, b):
        return False
    if kind == "float":
        return copysign(1.0, vm.float_of(a)) == copysign(1.0, vm.float_of(b))
    return True


__all__ = ["FunctionTable", "strictly_equal"]
