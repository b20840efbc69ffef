"""What the compiler hands to the machine: instructions and code objects, as MicroPython's emitbc.c makes them.

The instructions are MicroPython's own bytecodes (py/bc0.h, v1.26.0), one object each, with the line they belong to and
the depth of the value stack before them. Their encoded size matters to the heap (the bytecode is a chunk), so the
compiler computes it; what runs is generated from the instructions (:mod:`omvsim.micropython.codegen`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.records import Enum, auto, dataclass, field

if TYPE_CHECKING:
    from omvsim.memory.requests import Block
    from omvsim.micropython.codegen import Translation
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
    SETUP_EXCEPT = auto()  # L
    SETUP_FINALLY = auto()  # L
    WITH_CLEANUP = auto()
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
    """One instruction. ``depth``: objects on the value stack before it. Labels are indices into the instructions.

    Where a ``finally`` (or the end of a ``with``) is entered by a ``return`` or a jump instead of an exception or by
    falling into it, one object more is on the stack (value and -1, or destination and count) until its END_FINALLY:
    there every depth is one higher than ``depth`` says, per such entry under way.
    """

    code: Code
    arg: object
    line: int
    depth: int


@dataclass(slots=True, eq=False)
class Context:
    """What all code of one module shares (``mp_module_context_t``): every function of it holds it.

    ``constants`` stand in ``tables``, behind the module's names (None where there is neither).
    """

    file: str
    block: Block
    tables: Block | None = None
    constants: list[Value] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class RawCode:
    """``mp_raw_code_t``: what the table of children points at. A function holds its :class:`CodeObject`, not this.

    ``code`` is None until the code is compiled, and in code that had an error.
    """

    block: Block
    code: CodeObject | None = None


@dataclass(slots=True, eq=False)
class Children:
    """The table of a function's inner functions, comprehensions and classes, by child number."""

    block: Block
    codes: list[RawCode]


@dataclass(slots=True, eq=False)
class CodeObject:
    """A compiled function, module body, class body, lambda or comprehension: what a function object points at.

    ``n_state`` counts locals and the deepest value stack; locals stand at its end, number i at ``n_state - 1 - i``.
    ``bytecode`` and ``children`` are chunks of their own, which live as long as a function made of them.
    ``n_pos_args`` counts the names closed over, which come first among the locals.
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
    """Of positional, then keyword-only arguments; ``*`` where the local is no argument (it is closed over)."""
    cells: tuple[int, ...]
    """Numbers of the locals that are cells from the start (closed over by an inner function)."""
    loops: dict[int, tuple[int, int]]
    """Instructions where a turn of a loop ends, its first instruction, and the line of its statement."""
    context: Context
    bytecode: Block
    children: Children | None
    machine_code: str = ""
    """``native`` or ``viper`` where the chunk is machine code (its instructions are what bytecode would be): its frame
    takes no heap, its calls leave no entry in a traceback."""
    viper_types: tuple[str, ...] = ()
    """Of viper: types of the arguments, then of what it returns; values of other than ``object`` are machine words."""
    translation: Translation | None = None
    """The host functions made of it, once it was called."""


__all__ = ["Children", "Code", "CodeObject", "Context", "Instr", "RawCode"]
