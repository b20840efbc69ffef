"""Special methods behind operators, and how operators turn into one another (py/objtype.c, py/runtime.c)."""

from __future__ import annotations

from typing import Final

from omvsim.micropython.values import BinaryOp

COMPARISONS: Final = {
    BinaryOp.LESS: "__lt__",
    BinaryOp.MORE: "__gt__",
    BinaryOp.EQUAL: "__eq__",
    BinaryOp.LESS_EQUAL: "__le__",
    BinaryOp.MORE_EQUAL: "__ge__",
    BinaryOp.NOT_EQUAL: "__ne__",
    BinaryOp.CONTAINS: "__contains__",
}
_STEMS: Final = {
    "OR": "or",
    "XOR": "xor",
    "AND": "and",
    "LSHIFT": "lshift",
    "RSHIFT": "rshift",
    "ADD": "add",
    "SUBTRACT": "sub",
    "MULTIPLY": "mul",
    "MAT_MULTIPLY": "matmul",
    "FLOOR_DIVIDE": "floordiv",
    "TRUE_DIVIDE": "truediv",
    "MODULO": "mod",
    "POWER": "pow",
}
METHOD_OF: Final[dict[BinaryOp, str]] = {
    **COMPARISONS,
    BinaryOp.INPLACE_ADD: "__iadd__",
    BinaryOp.INPLACE_SUBTRACT: "__isub__",
    BinaryOp.DIVMOD: "__divmod__",
    **{BinaryOp[name]: f"__{stem}__" for name, stem in _STEMS.items()},
    **{BinaryOp[f"REVERSE_{name}"]: f"__r{stem}__" for name, stem in _STEMS.items()},
}
"""``mp_binary_op_method_name`` without MICROPY_PY_ALL_INPLACE_SPECIAL_METHODS: other in-place ones have none."""
NORMAL_OF: Final = {BinaryOp[f"INPLACE_{name}"]: BinaryOp[name] for name in _STEMS}
"""What an in-place operator falls back to."""
REVERSE_OF: Final = {BinaryOp[name]: BinaryOp[f"REVERSE_{name}"] for name in _STEMS}
"""What is asked of the right operand next."""
REVERSED: Final = {reverse: normal for normal, reverse in REVERSE_OF.items()}

__all__ = ["METHOD_OF", "NORMAL_OF", "REVERSED", "REVERSE_OF"]
