"""What 5.0.0 has as functions instead of a blob's methods: ``image.get_solidity(blob)`` and its kind (py_image.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.image.arguments import fixed
from omvsim.image.blob_record import FIELDS, SHAPES, convexity, shapes, solidity
from omvsim.image.regression import LINE
from omvsim.micropython.errors import Unknown
from omvsim.micropython.types.namedtuple_ import new_attrtuple
from omvsim.micropython.types.tuple_ import Tuple, new_tuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.image.arguments import Method, Methods
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

    Box = list[tuple[int, int]]

_NAMES = {"enclosing_circle": ("x", "y", "r"), "major_axis_line": LINE[:4], "minor_axis_line": LINE[:4]}
"""Fields of the attrtuples."""


def _blob(vm: CameraMachine, value: Value, name: str) -> tuple[Sequence[Value], Box]:
    """Its items and the corners of its smallest rectangle."""
    if not isinstance(value, Tuple):
        vm.raise_type("object '%s' isn't a tuple or list", vm.type_name(value))
    items = value.items
    if len(items) < len(FIELDS):
        raise Unknown(f"image.get_{name}", "of what is no blob the camera reads on behind it")
    corners = fixed(vm, items[FIELDS.index("min_corners")], 4)
    points = [[vm.int_of(part) for part in fixed(vm, corner, 2)] for corner in corners]
    return items, [(x, y) for x, y in points]


def _ratio(name: str, work: Callable[[Box, int], float], field: str) -> Method:
    def call(vm: CameraMachine, args: Sequence[Value], _kwargs: Keywords) -> Value:
        items, box = _blob(vm, args[0], name)
        return vm.new_float(work(box, vm.int_of(items[FIELDS.index(field)])))

    return call


def _shape(name: str) -> Method:
    def call(vm: CameraMachine, args: Sequence[Value], _kwargs: Keywords) -> Value:
        _, box = _blob(vm, args[0], name)
        values = shapes(box)[name]
        return new_attrtuple(vm, _NAMES[name], values) if name in _NAMES else new_tuple(vm, values)

    return call


FUNCTIONS: Methods = {
    "get_convexity": (_ratio("convexity", convexity, "perimeter"), 1, 1),
    "get_solidity": (_ratio("solidity", solidity, "pixels"), 1, 1),
    **{f"get_{name}": (_shape(name), 1, 1) for name in SHAPES},
}

__all__ = ["FUNCTIONS"]
