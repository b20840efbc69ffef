"""Which kernel family runs an operator, and its loop trip counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.timing import _loops_conv as conv
from omvsim.timing import _loops_dense as dense
from omvsim.timing import _loops_pool as pool
from omvsim.timing import _loops_simple as simple

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.timing._node import Node

    Rule = Callable[[Node], conv.Loops]

_BINARY = (
    "ADD SUB MUL DIV MAXIMUM MINIMUM FLOOR_DIV FLOOR_MOD SQUARED_DIFFERENCE EQUAL NOT_EQUAL GREATER GREATER_EQUAL "
    "LESS LESS_EQUAL LOGICAL_AND LOGICAL_OR"
)
_UNARY = (
    "ABS CEIL COS ELU EXP FLOOR HARD_SWISH LEAKY_RELU LOG LOGICAL_NOT LOGISTIC NEG RELU RELU6 ROUND RSQRT SIN SQRT "
    "SQUARE TANH ZEROS_LIKE"
)
_MOVED = (
    "BATCH_TO_SPACE_ND BROADCAST_ARGS BROADCAST_TO CUMSUM DEPTH_TO_SPACE EMBEDDING_LOOKUP FILL GATHER GATHER_ND "
    "SPACE_TO_BATCH_ND SPACE_TO_DEPTH"
)


def _table() -> dict[str, Rule]:
    rules: dict[str, Rule] = {
        "CONV_2D": conv.conv,
        "DEPTHWISE_CONV_2D": conv.depthwise,
        "TRANSPOSE_CONV": conv.transpose_conv,
        "FULLY_CONNECTED": dense.fully_connected,
        "BATCH_MATMUL": dense.batch_matmul,
        "SVDF": dense.svdf,
        "UNIDIRECTIONAL_SEQUENCE_LSTM": dense.lstm,
        "AVERAGE_POOL_2D": pool.pool,
        "MAX_POOL_2D": pool.pool,
        "L2_POOL_2D": pool.pool,
        "QUANTIZE": simple.requantize,
        "DEQUANTIZE": simple.convert,
        "CAST": simple.convert,
        "PRELU": simple.prelu,
        "SOFTMAX": simple.softmax,
        "LOG_SOFTMAX": simple.softmax,
        "L2_NORMALIZATION": simple.l2_norm,
        "CONCATENATION": simple.concat,
        "SPLIT": simple.split,
        "SPLIT_V": simple.split,
        "PAD": simple.pad,
        "PADV2": simple.pad,
        "MIRROR_PAD": simple.mirror_pad,
        "TRANSPOSE": simple.transpose,
        "ADD_N": simple.many,
        "PACK": simple.many,
        "UNPACK": simple.unpack,
        "SELECT_V2": simple.select,
    }
    groups: tuple[tuple[str, Rule], ...] = (
        (_BINARY, simple.binary),
        (_UNARY, simple.unary),
        (_MOVED, simple.moved),
        ("RESHAPE EXPAND_DIMS SQUEEZE", simple.copy),
        ("MEAN SUM REDUCE_MAX", simple.reduce),
        ("RESIZE_BILINEAR RESIZE_NEAREST_NEIGHBOR", simple.resize),
        ("SLICE STRIDED_SLICE", simple.slices),
        ("ARG_MAX ARG_MIN", simple.argument),
        ("SHAPE CALL_ONCE IF WHILE", simple.fixed),
    )
    for names, rule in groups:
        rules |= dict.fromkeys(names.split(), rule)
    return rules


_RULES = _table()


def loops(node: Node) -> conv.Loops | None:
    """(family, trip counts) of ``node``, or None when no kernel of that operator is known."""
    rule = _RULES.get(node.op)
    if rule is None:
        rule = simple.custom if node.op.startswith("CUSTOM:") and node.outputs else None
    if rule is None:
        return None
    return rule(node)
