"""Sizes of the firmware's structures, laid out here as a 32-bit compiler lays out MicroPython's (v1.26, paths below).

A letter a field: ``p`` a pointer, ``n`` a word (``size_t``, ``mp_int_t``, bit fields of one word, enums), ``h`` a half
word, ``b`` a byte, ``V`` a ``vstr_t``; alignment is the compiler's.
"""

from __future__ import annotations

import ctypes
from itertools import pairwise
from typing import Final

import pytest

from omvsim.memory import sizes

_WORDS: Final = {"p": ctypes.c_uint32, "n": ctypes.c_uint32, "h": ctypes.c_uint16, "b": ctypes.c_uint8}


class _Vstr(ctypes.Structure):
    """``vstr_t`` (py/misc.h): alloc, len, buf, fixed_buf."""

    _fields_ = (
        ("alloc", ctypes.c_uint32),
        ("len", ctypes.c_uint32),
        ("buf", ctypes.c_uint32),
        ("fixed_buf", ctypes.c_bool),
    )


def laid_out(fields: str) -> int:
    """Bytes of a structure of those fields."""
    types = {**_WORDS, "V": _Vstr}
    listed = [(f"f{at}", types[field]) for at, field in enumerate(fields.replace(" ", ""))]
    return ctypes.sizeof(type("Laid", (ctypes.Structure,), {"_fields_": listed}))


STRUCTURES = [
    ("STR", "p nn p"),  # py/objstr.h, mp_obj_str_t: base, hash, len, data
    ("INT", "p n n p"),  # py/objint.h: base; py/mpz.h: flags and alloc, len, dig
    ("MPZ", "n n p"),
    ("FLOAT", "p n"),  # py/objfloat.c: base, value (single precision)
    ("COMPLEX", "p n n"),  # py/objcomplex.c: base, real, imag
    ("LIST", "p nn p"),  # py/objlist.h: base, alloc, len, items
    ("TUPLE", "p n"),  # py/objtuple.h: base, len
    ("DICT", "p n n p"),  # py/obj.h: base; mp_map_t: flags and used, alloc, table
    ("MAP_ENTRY", "p p"),  # py/obj.h, mp_map_elem_t: key, value
    ("SET", "p n n p"),  # py/objset.c: base; mp_set_t: alloc, used, table
    ("DICT_VIEW", "p p n"),  # py/objdict.c: base, dict, kind
    ("RANGE", "p nnn"),  # py/objrange.c: base, start, stop, step
    ("SLICE", "p ppp"),  # py/objslice.c: base, start, stop, step
    ("ARRAY", "p n n p"),  # py/objarray.h: base, typecode and free, len, items
    ("DEQUE", "p nnn p n"),  # py/objdeque.c: base, alloc, i_get, i_put, items, flags
    ("ENUMERATE", "p p n"),  # py/objenumerate.c: base, iter, cur
    ("ZIP", "p n"),  # py/objzip.c: base, n_iters
    ("MAP", "p n p"),  # py/objmap.c: base, n_iters, fun
    ("FILTER", "p p p"),  # py/objfilter.c: base, fun, iter
    ("REVERSED", "p p n"),  # py/objreversed.c: base, seq, cur_index
    ("NAMEDTUPLE_TYPE", "p hh bbbbbbbbbbbb pppppppp n"),  # py/objnamedtuple.h: an empty type, 8 slots, n_fields
    ("OBJECT", "p"),  # py/objobject.c: base
    ("ITERATOR", "p ppp"),  # py/obj.h, mp_obj_iter_buf_t: base, buf[3]
    ("INSTANCE", "p n n p"),  # py/objtype.h: base, members
    ("CLASS", "p hh bbbbbbbbbbbb pppppppppp"),  # py/obj.h, mp_obj_type_t: base, flags, name, 12 indices; 10 slots
    ("SUPER", "p p p"),  # py/objtype.c: base, type, obj
    ("STATIC_METHOD", "p p"),  # py/obj.h, mp_obj_static_class_method_t: base, fun
    ("PROPERTY", "p ppp"),  # py/objproperty.c: base, getter, setter, deleter
    ("BOUND_METHOD", "p p p"),  # py/objboundmeth.c: base, meth, self
    ("CHECKED_FUNCTION", "p p p"),  # py/objgenerator.c and runtime.c: base, fun, type
    ("FUNCTION", "p p p p"),  # py/objfun.h: base, context, child_table, bytecode
    ("CLOSURE", "p p n"),  # py/objclosure.c: base, fun, n_closed
    ("CELL", "p p"),  # py/objcell.c: base, obj
    ("CODE_STATE", "p p p hh p"),  # py/bc.h: fun_bc, ip, sp, n_state, exc_sp_idx, old_globals
    ("EXCEPTION_HANDLER", "p p p"),  # py/bc.h: handler, val_sp, prev_exc
    ("GENERATOR", "p p"),  # py/objgenerator.c: base, pend_exc
    ("EXCEPTION", "p hh p p"),  # py/objexcept.h: base, traceback_alloc and _len, traceback_data, args
    ("TRACEBACK_ENTRY", "nnn"),  # py/objexcept.c: file, line, block
    ("MODULE_CONTEXT", "p p p p"),  # py/bc.h: module (base, globals), qstr_table, obj_table
    ("NAME_POOL_HEAD", "p n nn p p"),  # py/qstr.h: prev, total_prev_len and is_sorted, alloc, len, hashes, lengths
    ("NAME_POOL_ENTRY", "p"),  # its qstr pointer; hash and length are arrays of their own (see below)
    ("ROM_FILE_OBJECT", "p nn p"),  # extmod/vfs_rom_file.c: base, file_size, file_offset, file_data
    ("TEXT_READER", "n ppp"),  # py/reader.c, mp_reader_mem_t: free_len, beg, cur, end
    ("LEXER", "n ppp nnn nnn nn nn nn p nn n V V n"),  # py/lexer.h, with f-strings
    ("RULE", "n n"),  # py/parse.c, rule_stack_t: src_line and rule_id, arg_i
    ("TREE_CHUNK_HEAD", "n n"),  # py/parse.c, mp_parse_chunk_t: alloc, used or next
    ("NODE_HEAD", "n n"),  # py/parse.h, mp_parse_node_struct_t: source_line, kind_num_nodes
    ("SCOPE", "n p p n p hhh hhhh hh hh p"),  # py/scope.h: kind … id_info
    ("SCOPE_ID", "b b h n"),  # py/scope.h, id_info_t: kind, flags, local_num, qst
    ("RAW_CODE", "bb b b p p n"),  # py/emitglue.h: indicator, kind, is_generator, fun_data, children, asm types
    ("EMITTER", "n b b n p p nn n p nnnn p b nn"),  # py/emitbc.c: dummy_data, pass, suppress … n_cell
    ("MACHINE_EMITTER", "p p p nn b n p n p n nn p nnnn hh n hh p p"),  # py/emitnative.c
    ("STACK_INFO", "b b n"),  # py/emitnative.c: vtype, kind (packed enums), register or constant
    ("MACHINE_HANDLER", "hh"),  # py/emitnative.c, exc_stack_entry_t
    ("ASSEMBLER", "b b nn p n p nn"),  # py/asmbase.h; py/asmthumb.h: push_reglist, stack_adjust
]


@pytest.mark.parametrize(("name", "fields"), STRUCTURES)
def test_a_structure_is_as_large_as_its_fields(name: str, fields: str) -> None:
    expected = laid_out(fields)
    if name == "NAME_POOL_ENTRY":
        expected += 2 + 1  # MICROPY_QSTR_BYTES_IN_HASH, MICROPY_QSTR_BYTES_IN_LEN
    assert getattr(sizes, name) == expected


def _is_prime(number: int) -> bool:
    return number > 1 and all(number % divisor for divisor in range(2, int(number**0.5) + 1))


def test_small_tables_fill_blocks_and_larger_ones_have_a_prime_number_of_entries() -> None:
    """py/map.c: two entries of 8 bytes fill a block; then primes, each 1.25, 1.33 or 1.5 times the last."""
    listed = sorted({sizes.hash_size(count) for count in range(54_908)})
    assert listed[:7] == list(range(0, 14, 2))
    assert all(_is_prime(number) for number in listed[7:])
    steps = [after / before for before, after in pairwise(listed[8:])]
    assert all(1.23 < step < 1.36 for step in steps[:16])
    assert all(1.49 < step < 1.51 for step in steps[17:])


@pytest.mark.parametrize("count", [0, 1, 2, 3, 12, 13, 17, 18, 54_907])
def test_a_table_has_room_for_what_it_was_asked_for(count: int) -> None:
    assert sizes.hash_size(count) >= count
    assert sizes.hash_size(sizes.hash_size(count)) == sizes.hash_size(count)


@pytest.mark.parametrize(("count", "entries"), [(54_908, 82_363), (60_000, 90_001), (100_001, 150_001)])
def test_beyond_the_listed_sizes_half_as_much_again_made_odd(count: int, entries: int) -> None:
    """``(x + x / 2) | 1``."""
    assert sizes.hash_size(count) == entries
