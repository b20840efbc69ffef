"""``set_printoptions``, ``get_printoptions``, ``ndinfo`` (code/ndarray.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.native import function
from omvsim.micropython.values import Sentinel
from omvsim.ulab import ndarray
from omvsim.ulab.layout import FLOATS, NAMES
from omvsim.ulab.printing import PrintOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value

_TYPE_NAMES: Final = {**NAMES, FLOATS: "float"}


@function("set_printoptions", 0, None, keywords=True)
def set_options(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """From how many elements on a row is shortened, and to how many at each end."""
    threshold, edge = vm.parse_keywords(args, kwargs, ("threshold", "edgeitems"), 0, 0)
    options = vm.part(PrintOptions)
    if not isinstance(threshold, Sentinel) and threshold is not None:
        options.threshold = vm.int_of(threshold) & 0xFFFFFFFF
    if not isinstance(edge, Sentinel) and edge is not None:
        options.edge_items = vm.int_of(edge) & 0xFFFFFFFF
    return None


@function("get_printoptions", 0)
def get_options(vm: Machine) -> Value:
    """A dict of both."""
    options = vm.part(PrintOptions)
    made = vm.new_dict(2)
    vm.dict_store(made, "threshold", vm.new_int(options.threshold))
    vm.dict_store(made, "edgeitems", vm.new_int(options.edge_items))
    return made


@function("ndinfo", 1)
def ndinfo(vm: Machine, value: Value) -> Value:
    """What an array is, printed: of several dimensions the first ones of four, which may be none of its own."""
    if not isinstance(value, ndarray.NdArray):
        vm.raise_type("function is defined for ndarrays only")
    for text in (
        "class: ndarray\n",
        f"shape: ({_shown(value.lengths, value.ndim)})\n",
        f"strides: ({_shown(value.full_strides, value.ndim)})\n",
        f"itemsize: {value.itemsize}\n",
        f"data pointer: 0x{getattr(value.block, 'address', 0) + value.offset:x}\n",
        f"type: {'bool' if value.boolean else _TYPE_NAMES[value.code]}\n",
    ):
        vm.write(text)
    return None


def _shown(numbers: tuple[int, ...], ndim: int) -> str:
    if ndim == 1:
        return f"{numbers[-1]},"
    return "".join(f"{number}, " for number in numbers[: max(ndim - 1, 0)]) + str(numbers[-1])


__all__ = ["get_options", "ndinfo", "set_options"]
