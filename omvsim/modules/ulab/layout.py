"""Element types of ulab, bytes of its structures, and what differs between its versions (v923z/micropython-ulab)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from omvsim.firmware import MAX_DIMENSIONS, generation_of

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.memory import Block

NDARRAY: Final = 52
"""``ndarray_obj_t`` with room for four dimensions (``ULAB_MAX_DIMS`` of OpenMV's boards)."""
DIMS: Final = 16
"""A block of shape or strides: four machine words."""
REDUCED: Final = 20
"""Shape or strides of a reduction: one word more (``ULAB_MAX_DIMS + 1``)."""
WORD: Final = 4
FLOAT: Final = 4
MAX_DIMS: Final = MAX_DIMENSIONS
FLATITER: Final = 16
"""``ndarray_flatiter_t``."""

BUFFER: Final = 128
"""``ULAB_IO_BUFFER_SIZE``."""
CLIPBOARD: Final = 32
"""``ULAB_IO_CLIPBOARD_SIZE``."""

BOOL: Final = "?"
UINT8: Final = "B"
INT8: Final = "b"
UINT16: Final = "H"
INT16: Final = "h"
FLOATS: Final = "f"
HOST_TYPES: Final[dict[str, DTypeLike]] = {
    UINT8: np.uint8,
    INT8: np.int8,
    UINT16: np.uint16,
    INT16: np.int16,
    FLOATS: np.float32,
}
"""The host's type of each type letter; booleans are kept as ``B`` and marked."""
NAMES: Final = {UINT8: "uint8", INT8: "int8", UINT16: "uint16", INT16: "int16", FLOATS: "float32"}
"""As ``print`` shows them."""
RANKS: Final = "BbHhf"
"""The order in which ``ndarray_operators.c`` tells the types apart."""

_SAME: Final = {(code, code): code for code in RANKS}
_WITH_FLOAT: Final = {pair: FLOATS for code in RANKS for pair in ((code, FLOATS), (FLOATS, code))}
_DIFFERENCE: Final = {
    **_SAME,
    **_WITH_FLOAT,
    ("B", "b"): "h",
    ("B", "H"): "H",
    ("B", "h"): "h",
    ("b", "B"): "h",
    ("b", "H"): "h",
    ("b", "h"): "h",
    ("H", "B"): "H",
    ("H", "b"): "H",
    ("H", "h"): "f",
    ("h", "B"): "h",
    ("h", "b"): "h",
    ("h", "H"): "f",
}
RESULTS: Final = {
    "+": _DIFFERENCE,
    "*": _DIFFERENCE,
    "-": _DIFFERENCE,
    "//": {**_DIFFERENCE, ("b", "H"): "H"},
    "%": {**_DIFFERENCE, ("H", "b"): "f"},
    "&": _DIFFERENCE,
    "|": _DIFFERENCE,
    "^": _DIFFERENCE,
}
"""Type of a result by the types of both sides, as each operation tells them apart."""
UPCAST: Final = {**_DIFFERENCE, ("b", "H"): "H"}
"""``ndarray_upcast_dtype`` (ulab_tools.c): ``where``, ``maximum``, ``minimum``, ``clip``."""


def item_size(code: str) -> int:
    """Bytes of an element."""
    return 1 if code in "Bb?" else 2 if code in "Hh" else 4


class Ulab(NamedTuple):
    """One version of ulab, as OpenMV's RT1062 is configured (ulab_config.h: four dimensions, no complex numbers)."""

    version: str
    scalar_low: int
    scalar_high: int
    """Whole numbers that become an array of integers of one element; others become floats (ndarray_from_mp_obj)."""
    int8_low: int
    """The least number that becomes an int8."""
    has_take: bool
    has_integrate: bool
    has_modulo: bool
    has_ndim: bool
    has_meshgrid: bool
    has_bincount: bool
    transposes_axes: bool
    """``transpose(axes=…)``, with a block for their order."""
    comments_lines: bool
    """``savetxt`` marks every line of a header; ``loadtxt`` leaves out comments that follow each other."""
    random_makes_two: bool
    """``Generator.random`` makes the array of a tuple twice, and reads an integer as one; before it made one array with
    the lengths backwards. The generator's name and refusals were misspelt then.
    """


_20F7259: Final = Ulab("6.7.3", -32767, 32767, -127, True, True, False, False, False, False, False, False, False)
_D161443: Final = Ulab("6.12.0", -32768, 65535, -128, True, True, True, True, True, True, True, True, True)
_BY_VERSION: Final = {each.version: each for each in (_20F7259, _D161443)}


def ulab_of(vm: Machine) -> Ulab:
    """The machine's ulab."""
    return _BY_VERSION[generation_of(vm.firmware).ulab]


class Scratch:
    """Blocks that a function holds until it returns, or gives back before."""

    def __init__(self, vm: Machine) -> None:
        self._vm = vm
        self._blocks: list[Block] = []

    def take(self, *sizes: int) -> None:
        """Ask for blocks of so many bytes."""
        for size in sizes:
            self._blocks.append(self._vm.memory.block(size))

    def free(self) -> None:
        """Give the blocks back, the first one first."""
        for block in self._blocks:
            self._vm.memory.free(block)
        self._blocks = []


__all__ = [
    "BOOL",
    "BUFFER",
    "CLIPBOARD",
    "DIMS",
    "FLATITER",
    "FLOAT",
    "FLOATS",
    "HOST_TYPES",
    "INT8",
    "INT16",
    "MAX_DIMS",
    "NAMES",
    "NDARRAY",
    "RANKS",
    "REDUCED",
    "RESULTS",
    "UINT8",
    "UINT16",
    "UPCAST",
    "WORD",
    "Scratch",
    "Ulab",
    "item_size",
    "ulab_of",
]
