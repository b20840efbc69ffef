"""Bytes of the firmware's structures and the growth rules of its tables: one table, each with its source.

Words are 4 bytes, pointers and ``qstr`` as well (object representation A, 32 bits). Paths are those of MicroPython.
"""

from __future__ import annotations

from typing import Final

WORD: Final = 4

# -- values -----------------------------------------------------------------------------------------------------------
STR: Final = 16  # py/objstr.h, mp_obj_str_t: base, hash, len, data; bytes likewise
INT: Final = 16  # py/objint.h, mp_obj_int_t: base and mpz_t
MPZ: Final = 12  # py/mpz.h, mpz_t: flags and alloc, len, dig
DIGIT: Final = 2  # py/mpz.h, mpz_dig_t: 16 bits on a 32-bit machine
DIGIT_BITS: Final = 16
MPZ_MIN_DIGITS: Final = 2  # py/mpz.c, MIN_ALLOC
MPZ_DIGITS_FOR_INT: Final = 2  # py/mpz.h
MPZ_DIGITS_FOR_LL: Final = 4  # py/mpz.h
FLOAT: Final = 8  # py/objfloat.c, mp_obj_float_t, single precision
COMPLEX: Final = 12  # py/objcomplex.c, mp_obj_complex_t
LIST: Final = 16  # py/objlist.h, mp_obj_list_t: base, alloc, len, items
LIST_MIN_ALLOC: Final = 4  # py/objlist.c
LIST_EXTEND_SPARE: Final = 4  # py/objlist.c, list_extend
TUPLE: Final = 8  # py/objtuple.h, mp_obj_tuple_t: base, len, then items
DICT: Final = 16  # py/obj.h, mp_obj_dict_t: base and mp_map_t
MAP_ENTRY: Final = 8  # py/obj.h, mp_map_elem_t
ORDERED_MAP_GROWTH: Final = 4  # py/map.c, mp_map_lookup, is_ordered
SET: Final = 16  # py/objset.c, mp_obj_set_t: base, alloc, used, table
DICT_VIEW: Final = 12  # py/objdict.c, mp_obj_dict_view_t
RANGE: Final = 16  # py/objrange.c, mp_obj_range_t
SLICE: Final = 16  # py/objslice.c, mp_obj_slice_t
ARRAY: Final = 16  # py/objarray.h, mp_obj_array_t: base, typecode and free, len, items; memoryview likewise
ARRAY_GROWTH: Final = 8  # py/objarray.c, array_append: spare items
DEQUE: Final = 24  # py/objdeque.c, mp_obj_deque_t
ENUMERATE: Final = 12  # py/objenumerate.c
ZIP: Final = 8  # py/objzip.c, then the iterators
MAP: Final = 12  # py/objmap.c, then the iterators
FILTER: Final = 12  # py/objfilter.c
REVERSED: Final = 12  # py/objreversed.c
OBJECT: Final = 4  # py/objobject.c
ITERATOR: Final = 16  # py/obj.h, mp_obj_iter_buf_t
INT_BUFFER: Final = 16  # py/objint.c, py/mpprint.c: digits that need no chunk, sizeof(mp_int_t) * 4


def vstr_grown(length: int, more: int) -> int:
    """Bytes of a text buffer that must hold ``length + more`` (py/vstr.c, vstr_ensure_extra and ROUND_ALLOC)."""
    return ((length + more + 16) & ~7) + 8
