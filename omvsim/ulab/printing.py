"""How arrays are printed (``ndarray_print``), in the device's pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.values import PrintKind
from omvsim.ulab.layout import NAMES

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Out
    from omvsim.ulab.ndarray import NdArray


class PrintOptions:
    """``set_printoptions``: one set a machine, and it outlives a soft reset."""

    def __init__(self) -> None:
        self.threshold = 10
        self.edge_items = 3


def print_array(vm: Machine, array: NdArray, out: Out) -> None:
    """``array([...], dtype=...)``."""
    out("array(")
    if array.size == 0:
        out("[]")
        if array.ndim > 1:
            out(", shape=(")
            for length in array.shape[:-1]:
                vm.write(f"{length},")
            vm.write(f"{array.shape[-1]})")
    else:
        _print_blocks(vm, array, out)
    out(", dtype=")
    out("bool)" if array.boolean else NAMES[array.code] + ")")


def _print_blocks(vm: Machine, array: NdArray, out: Out) -> None:
    """Rows, two, three, four deep: brackets only where there is such a dimension."""
    first, second, third, _ = array.lengths
    steps = array.full_strides
    _bracket(out, 0, first, "[")
    for i in range(max(first, 1)):
        _bracket(out, 0, second, "[")
        for j in range(max(second, 1)):
            _bracket(out, 0, third, "[")
            for k in range(max(third, 1)):
                _print_row(vm, array, out, i * steps[0] + j * steps[1] + k * steps[2])
                _bracket(out, k + 1, third, ",\n       ")
            _bracket(out, 0, third, "]")
            _bracket(out, j + 1, second, ",\n\n       ")
        _bracket(out, 0, second, "]")
        _bracket(out, i + 1, first, ",\n\n       ")
    _bracket(out, 0, first, "]")


def _bracket(out: Out, number: int, length: int, text: str) -> None:
    if number < length:
        out(text)


def _print_row(vm: Machine, array: NdArray, out: Out, offset: int) -> None:
    step, length = array.full_strides[-1], array.lengths[-1]
    options = vm.part(PrintOptions)
    edge = options.edge_items
    places: list[int | None] = list(range(length))
    if length > options.threshold and length > 2 * edge:
        places = [*range(max(edge, 1)), None, *range(length - edge, max(length - edge + 1, length))]
    out("[")
    separated = True
    for place in places:
        if place is None:
            out(", ..., ")
            separated = True
            continue
        if not separated:
            out(", ")
        separated = False
        vm.print(array.item(vm, offset + place * step), out, PrintKind.REPR)
    out("]")


__all__ = ["PrintOptions", "print_array"]
