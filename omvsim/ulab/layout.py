"""Element types of ulab, bytes of its structures, and what differs between its versions (v923z/micropython-ulab)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.firmware import MAX_DIMENSIONS

if TYPE_CHECKING:
    from omvsim.boards import Ulab
    from omvsim.memory.requests import Block
    from omvsim.micropython.machine import Machine

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
HOST_TYPES: Final[dict[str, str]] = {code: code for code in (UINT8, INT8, UINT16, INT16, FLOATS)}
"""The host's type of each type letter, which numpy has the same letters for; booleans are kept as ``B`` and marked."""
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


def ulab_of(vm: Machine) -> Ulab:
    """The machine's ulab."""
    return vm.release.ulab


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
    "item_size",
    "ulab_of",
]
