"""What the compiler hands to the machine: instructions and code objects, as MicroPython's emitbc.c makes them.

The instructions are MicroPython's own bytecodes (py/bc0.h, v1.26.0), one object each, with the line they belong to and
the depth of the value stack before them. Their encoded size matters to the heap (the bytecode is a chunk), so the
compiler computes it; what runs is generated from the instructions (:mod:`omvsim.micropython.codegen`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omvsim.micropython.memory import Block
    from omvsim.micropython.values import Value


class Code(Enum):
    """Bytecodes. Arguments are given behind each; L is a label (index of an instruction)."""

    LOAD_CONST_FALSE = auto()
    LOAD_CONST_NONE = auto()
    LOAD_CONST_TRUE = auto()
    LOAD_CONST_SMALL_INT = auto()  # int
    LOAD_CONST_STRING = auto()  # name
    LOAD_CONST_OBJ = auto()  # Value (a constant object)
    LOAD_NULL = auto()
    LOAD_FAST = auto()  # local number
    LOAD_DEREF = auto()  # local number
    LOAD_NAME = auto()  # name
    LOAD_GLOBAL = auto()  # name
    LOAD_ATTR = auto()  # name
    LOAD_METHOD = auto()  # name
    LOAD_SUPER_METHOD = auto()  # name
    LOAD_BUILD_CLASS = auto()
    LOAD_SUBSCR = auto()
    STORE_FAST = auto()  # local number
    STORE_DEREF = auto()  # local number
    STORE_NAME = auto()  # name
    STORE_GLOBAL = auto()  # name
    STORE_ATTR = auto()  # name
    STORE_SUBSCR = auto()
    DELETE_FAST = auto()  # local number
    DELETE_DEREF = auto()  # local number
    DELETE_NAME = auto()  # name
    DELETE_GLOBAL = auto()  # name
    DUP_TOP = auto()
    DUP_TOP_TWO = auto()
    POP_TOP = auto()
    ROT_TWO = auto()
    ROT_THREE = auto()
    JUMP = auto()  # L
    POP_JUMP_IF_TRUE = auto()  # L
    POP_JUMP_IF_FALSE = auto()  # L
    JUMP_IF_TRUE_OR_POP = auto()  # L
    JUMP_IF_FALSE_OR_POP = auto()  # L
    UNWIND_JUMP = auto()  # (L, number of exception handlers to unwind, whether a for-iterator is popped too)
    SETUP_WITH = auto()  # L
    WITH_CLEANUP = auto()
    SETUP_EXCEPT = auto()  # L
    SETUP_FINALLY = auto()  # L
    POP_EXCEPT_JUMP = auto()  # L
    END_FINALLY = auto()
    GET_ITER = auto()
    GET_ITER_STACK = auto()
    FOR_ITER = auto()  # L
    BUILD_TUPLE = auto()  # n
    BUILD_LIST = auto()  # n
    BUILD_MAP = auto()  # n
    BUILD_SET = auto()  # n
    BUILD_SLICE = auto()  # n
    STORE_MAP = auto()
    STORE_COMP = auto()  # n as encoded: kind of comprehension and depth
    UNPACK_SEQUENCE = auto()  # n
    UNPACK_EX = auto()  # n left | n right << 8
    RAISE_LAST = auto()
    RAISE_OBJ = auto()
    RAISE_FROM = auto()
    YIELD_VALUE = auto()
    YIELD_FROM = auto()
    RETURN_VALUE = auto()
    MAKE_FUNCTION = auto()  # child number
    MAKE_FUNCTION_DEFARGS = auto()  # child number
    MAKE_CLOSURE = auto()  # (child number, closed over)
    MAKE_CLOSURE_DEFARGS = auto()  # (child number, closed over)
    CALL_FUNCTION = auto()  # n positional | n keyword << 8
    CALL_FUNCTION_VAR_KW = auto()  # likewise
    CALL_METHOD = auto()  # likewise
    CALL_METHOD_VAR_KW = auto()  # likewise
    IMPORT_NAME = auto()  # name
    IMPORT_FROM = auto()  # name
    IMPORT_STAR = auto()
    UNARY_OP = auto()  # UnaryOp
    BINARY_OP = auto()  # BinaryOp


@dataclass(slots=True)
class Instr:
    """One instruction. ``depth``: what the emitter counts on the value stack before it. Labels are indices into the
    instructions. (Where values really stand is worked out by the code generator: inside ``try`` and ``finally`` the
    emitter's count keeps room for an unwinding jump.)
    """

    code: Code
    arg: object
    line: int
    depth: int


@dataclass(slots=True, eq=False)
class CodeObject:
    """A compiled function, module body, class body, lambda or comprehension (``mp_raw_code_t`` and its bytecode).

    ``n_state`` counts locals and the deepest value stack; locals stand at its end, number i at ``n_state - 1 - i``.
    ``blocks`` are the chunks that live as long as the code: raw code, bytecode, tables of children and constants.
    """

    name: str
    file: str
    instrs: list[Instr]
    n_state: int
    n_exc_stack: int
    is_generator: bool
    has_varargs: bool
    has_varkeywords: bool
    has_default_kwargs: bool
    n_pos_args: int
    n_kwonly_args: int
    n_default_pos_args: int
    arg_names: tuple[str, ...]
    cells: tuple[int, ...]
    """Numbers of the locals that are cells from the start (closed over by an inner function)."""
    children: list[CodeObject] = field(default_factory=list)
    constants: list[Value] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


__all__ = ["Code", "CodeObject", "Instr"]
