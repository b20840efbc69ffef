"""Which functions with ``@micropython.viper`` can be run as if they were bytecode (py/emitnative.c, py/nativeglue.c).

Viper reckons with machine words. As long as there are only whole numbers and truths, and no number leaves the range of
small ints, that is what bytecode does, too. Everything else (pointers, objects, calls) is said to be not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.isa import Code
from omvsim.micropython.values import SMALL_INT_MAX, SMALL_INT_MIN

if TYPE_CHECKING:
    from omvsim.micropython.isa import CodeObject

_TYPES: Final = frozenset({"int", "bool"})
_CODES: Final = frozenset(
    {
        *(Code.LOAD_CONST_SMALL_INT, Code.LOAD_CONST_FALSE, Code.LOAD_CONST_TRUE, Code.LOAD_CONST_NONE),
        *(Code.LOAD_FAST, Code.STORE_FAST, Code.DUP_TOP, Code.DUP_TOP_TWO, Code.POP_TOP, Code.ROT_TWO, Code.ROT_THREE),
        *(Code.JUMP, Code.POP_JUMP_IF_TRUE, Code.POP_JUMP_IF_FALSE),
        *(Code.JUMP_IF_TRUE_OR_POP, Code.JUMP_IF_FALSE_OR_POP),
        *(Code.UNARY_OP, Code.BINARY_OP, Code.RETURN_VALUE),
    }
)


def not_run(code: CodeObject) -> str:
    """Why a function cannot be run; empty: it can."""
    other = next((kind for kind in code.viper_types if kind not in _TYPES), None)
    if other is not None:
        return f"values of type {other} are not modelled"
    if any(instr.code not in _CODES for instr in code.instrs):
        return "what is more than reckoning is not modelled"
    return ""


def wrapped(value: int) -> int:
    """``mp_obj_get_int_truncated``: the lower 32 bits, signed."""
    return (value + (1 << 31)) % (1 << 32) - (1 << 31)


def in_range(value: int) -> bool:
    """Whether a word is a small int."""
    return SMALL_INT_MIN <= value <= SMALL_INT_MAX


__all__ = ["in_range", "not_run", "wrapped"]
