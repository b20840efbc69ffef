"""Bytes of the firmware's structures and the growth rules of its tables: one table, each with its source.

Words are 4 bytes, pointers and ``qstr`` as well (object representation A, 32 bits). Paths are those of MicroPython.
"""

from __future__ import annotations

from typing import Final

WORD: Final = 4

BLOCK: Final = 16  # MICROPY_BYTES_PER_GC_BLOCK

# -- names (py/qstr.c, py/mpconfig.h) ----------------------------------------------------------------------------------

NAME_CHUNK: Final = 128
"""``MICROPY_ALLOC_QSTR_CHUNK_INIT``: characters of names are put into chunks of so many bytes."""
NAME_POOL_HEAD: Final = 24
"""``qstr_pool_t``: prev, total_prev_len and is_sorted, alloc, len, hashes, lengths."""
NAME_POOL_ENTRY: Final = 7
"""A pointer, a hash of two bytes (``MICROPY_QSTR_BYTES_IN_HASH``), a length of one."""
NAME_POOL_FIRST: Final = 20
"""Entries of the first pool: twice ``MICROPY_ALLOC_QSTR_ENTRIES_INIT``; each further pool has twice the last."""
NAME_LENGTH_MAX: Final = 255
"""``MICROPY_QSTR_BYTES_IN_LEN`` is 1: a longer name is RuntimeError "name too long"."""

# -- reading (extmod/vfs_fat_file.c, extmod/vfs_reader.c, py/reader.c, py/lexer.c) -------------------------------------

FILE_OBJECT: Final = 88
"""``pyb_file_obj_t`` with its ``FIL``, without the buffer of a sector (measured: every script's opening)."""
ROM_FILE_OBJECT: Final = BLOCK
"""``mp_obj_vfs_rom_file_t`` (extmod/vfs_rom_file.c; measured): type, offset, length and place of the data."""
FILE_READER: Final = 2 * BLOCK
"""``mp_reader_vfs_t`` with its buffer: ``MICROPY_READER_VFS_DEFAULT_BUFFER_SIZE`` fills two blocks."""
TEXT_READER: Final = 16
"""``mp_reader_mem_t``."""
LEXER: Final = 116
"""``mp_lexer_t``, with either version's f-string state."""
INDENT_LEVEL: Final = 2
"""``uint16_t`` each."""
INDENTS_FIRST: Final = 10
"""``MICROPY_ALLOC_LEXER_INDENT_INIT``."""
INDENTS_MORE: Final = 8
"""``MICROPY_ALLOC_LEXEL_INDENT_INC``."""
TOKEN_TEXT: Final = 32
"""``vstr_init(&lex->vstr, 32)``."""

# -- parsing (py/parse.c, py/mpconfig.h) -------------------------------------------------------------------------------

RULE: Final = 8
"""``rule_stack_t``."""
RULES_FIRST: Final = 64
"""``MICROPY_ALLOC_PARSE_RULE_INIT``."""
RULES_MORE: Final = 16
"""``MICROPY_ALLOC_PARSE_RULE_INC``."""
RESULTS_FIRST: Final = 32
"""``MICROPY_ALLOC_PARSE_RESULT_INIT``; a result is a word."""
RESULTS_MORE: Final = 16
"""``MICROPY_ALLOC_PARSE_RESULT_INC``."""
TREE_CHUNK_HEAD: Final = 8
"""``mp_parse_chunk_t``."""
TREE_CHUNK: Final = 128
"""``MICROPY_ALLOC_PARSE_CHUNK_INIT``: bytes for nodes in a new chunk."""
NODE_HEAD: Final = 8
"""``mp_parse_node_struct_t``; a child is a word."""
INTERNED_TEXT_MAX: Final = 10
"""``MICROPY_ALLOC_PARSE_INTERN_STRING_LEN``: a literal of at most so many bytes becomes a name."""

# -- compiling (py/compile.c, py/scope.c, py/emitbc.c, py/emitglue.h, py/bc.h) -----------------------------------------

NAME_SHORT: Final = 2
"""``qstr_short_t``: a name in the table of names."""
SCOPE: Final = 48
"""``scope_t`` (11 half words, 6 words; measured)."""
SCOPE_ID: Final = 8
"""``id_info_t``."""
SCOPE_IDS_FIRST: Final = 4
"""``MICROPY_ALLOC_SCOPE_ID_INIT``."""
SCOPE_IDS_MORE: Final = 6
"""``MICROPY_ALLOC_SCOPE_ID_INC``."""
RAW_CODE: Final = 16
"""``mp_raw_code_t`` with inline assembler: kind, code, children, arguments of machine code."""
EMITTER: Final = 68
"""``emit_t`` of the bytecode emitter (measured)."""
MACHINE_EMITTER: Final = 92
"""``emit_t`` of the emitter of machine code (py/emitnative.c; measured)."""
STACK_INFO: Final = 8
"""``stack_info_t``: type, kind, register or constant."""
MACHINE_HANDLER: Final = 4
"""``exc_stack_entry_t``."""
ASSEMBLER: Final = 32
"""``asm_thumb_t`` (py/asmbase.h, py/asmthumb.h)."""

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
NAMEDTUPLE_TYPE: Final = 56  # py/objnamedtuple.h: a type with 8 slots, n_fields, then the names
OBJECT: Final = 4  # py/objobject.c
ITERATOR: Final = 16  # py/obj.h, mp_obj_iter_buf_t
INT_BUFFER: Final = 16  # py/objint.c, py/mpprint.c: digits that need no chunk, sizeof(mp_int_t) * 4

# -- the language -----------------------------------------------------------------------------------------------------
INSTANCE: Final = 16  # py/objtype.h, mp_obj_instance_t: base, members (12), then the native base's value
CLASS: Final = 60  # py/objtype.c, mp_obj_new_type: 5 words and 10 slots; one more each for bases and protocol
SET_NAME: Final = 16  # py/objtype.c, setname_list_t
SUPER: Final = 12  # py/objtype.c, mp_obj_super_t
STATIC_METHOD: Final = 8  # py/obj.h, mp_obj_static_class_method_t, class methods likewise
PROPERTY: Final = 16  # py/objproperty.c
BOUND_METHOD: Final = 12  # py/objboundmeth.c
CHECKED_FUNCTION: Final = 12  # py/runtime.c, mp_obj_checked_fun_t
FUNCTION: Final = 16  # py/objfun.h, mp_obj_fun_bc_t: base, context, child_table, bytecode, then defaults
CLOSURE: Final = 12  # py/objclosure.c: base, fun, n_closed, then the cells
CELL: Final = 8  # py/objcell.c
CODE_STATE: Final = 20  # py/bc.h, mp_code_state_t up to its state
EXCEPTION_HANDLER: Final = 12  # py/bc.h, mp_exc_stack_t
STATE_ON_STACK: Final = 44  # py/objfun.c, VM_MAX_STATE_ON_STACK: 11 words
CALL_ON_STACK: Final = 220
"""Bytes of the C stack that one call of a script's function takes besides its frame (``fun_bc_call`` and
``mp_execute_bytecode``; measured: 123 nested calls with a frame of 36 bytes fit, trace exc_recursion)."""
STACK_LIMIT: Final = 31_600
"""Bytes of the C stack that calls may hold: 32 KB in ITCM less ``MICROPY_STACK_CHECK_MARGIN`` (1 KB) and what ``main``
holds. Built-in functions in between are not counted: the bound is exact for nested calls of functions only."""
PRINT_ON_STACK: Final = 96
"""Bytes of the C stack that printing one value inside another takes (``mp_obj_print_helper`` and a type's ``print``; an
estimate from the functions' frames: only how deep a nesting may be printed depends on it)."""
GENERATOR: Final = 8  # py/objgenerator.c, mp_obj_gen_instance_t up to its code state
EXCEPTION: Final = 16  # py/objexcept.h, mp_obj_exception_t
TRACEBACK_ENTRY: Final = 12  # py/objexcept.c, TRACEBACK_ENTRY_LEN words
MODULE_CONTEXT: Final = 16  # py/bc.h, mp_module_context_t: module, constants (qstr_table, obj_table)


_HASH_SIZES: Final = (
    *(0, 2, 4, 6, 8, 10, 12, 17, 23, 29, 37, 47, 59, 73, 97, 127, 167, 223, 293, 389, 521, 691, 919, 1223, 1627, 2161),
    *(3229, 4831, 7243, 10861, 16273, 24407, 36607, 54907),
)
"""Sizes of hash tables (py/map.c, ``hash_allocation_sizes``; measured up to 7243 in facts of the language traces)."""


def hash_size(at_least: int) -> int:
    """Entries of a dict's or set's table that has room for ``at_least`` (``get_hash_alloc_greater_or_equal_to``)."""
    for size in _HASH_SIZES:
        if size >= at_least:
            return size
    return (at_least + at_least // 2) | 1


def vstr_grown(length: int, more: int) -> int:
    """Bytes of a text buffer that must hold ``length + more`` (py/vstr.c, vstr_ensure_extra and ROUND_ALLOC)."""
    return ((length + more + 16) & ~7) + 8


def name_pool_size(entries: int) -> int:
    """Bytes of a pool of names."""
    return NAME_POOL_HEAD + NAME_POOL_ENTRY * entries


def node_size(children: int) -> int:
    """Bytes of a node of the parse tree."""
    return NODE_HEAD + WORD * children
