"""The types and constants of this room by their built-in names (py/modbuiltins.c, mp_module_builtins_globals_table)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.types import (
    array_,
    bytes_,
    complex_,
    dict_,
    float_,
    int_,
    iterators,
    list_,
    memoryview_,
    range_,
    set_,
    singletons,
    slice_,
    str_,
    tuple_,
)

if TYPE_CHECKING:
    from omvsim.micropython.native import NativeType
    from omvsim.micropython.values import Value

_TYPES: Final[tuple[NativeType, ...]] = (
    singletons.BOOL,
    bytes_.BYTES,
    array_.BYTEARRAY,
    complex_.COMPLEX,
    dict_.DICT,
    iterators.ENUMERATE,
    iterators.FILTER,
    float_.FLOAT,
    set_.FROZENSET,
    int_.INT,
    list_.LIST,
    iterators.MAP,
    memoryview_.MEMORYVIEW,
    range_.RANGE,
    iterators.REVERSED,
    set_.SET,
    slice_.SLICE,
    str_.STR,
    tuple_.TUPLE,
    iterators.ZIP,
)
NAMES: Final[dict[str, Value]] = {
    **{native.name: native for native in _TYPES},
    "Ellipsis": singletons.ELLIPSIS,
    "NotImplemented": singletons.NOT_IMPLEMENTED,
}

__all__ = ["NAMES"]
