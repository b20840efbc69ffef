"""Loop trip counts of the matrix kernels: FULLY_CONNECTED, BATCH_MATMUL, SVDF and the LSTM.

Sources (structure only): ARM-software/CMSIS-NN 01dee38e ``Source/FullyConnectedFunctions``,
``Source/NNSupportFunctions/arm_nn_vec_mat_mult_t_s8.c``; tensorflow/tflite-micro a57349f0
``tensorflow/lite/kernels/internal/reference/{fully_connected,batch_matmul,transpose}.h``.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from omvsim.timing._loops_conv import mat_mult_nt_t

if TYPE_CHECKING:
    from omvsim.timing._loops_conv import Loops
    from omvsim.timing._node import Node


def dense_shape(node: Node) -> tuple[int, int, int]:
    """(vectors, outputs, depth) of a FULLY_CONNECTED."""
    weights = node.present[1]
    depth, rows = weights.last, weights.shape[0]
    return max(1, node.y.elements // max(1, rows)), rows, depth


def fully_connected(node: Node) -> Loops:
    """FULLY_CONNECTED of any type.

    int8: more than two output dimensions and a depth that is a multiple of 4 run as a 1x1 convolution
    (``cmsis_nn/fully_connected.cc``); else three outputs a turn, two when the weights have a zero point
    (``arm_nn_vec_mat_mult_t_s8.c``).
    """
    vectors, rows, depth = dense_shape(node)
    x, weights = node.x, node.present[1]
    if x.type == "f32":
        return "fully_connected_f32_f32", {
            "one": 1,
            "B": vectors,
            "no": vectors * rows,
            "macs": vectors * rows * depth,
        }
    plain = x.type == "i8" and weights.type == "i8"
    if plain and len(node.y.shape) > 2 and depth % 4 == 0:
        return "fc_matrix_i8", {"one": 1, "rows": rows, **mat_mult_nt_t(1, vectors, rows, depth)}
    offset = bool(node.params.get("filter_offset"))
    kind = f"fc_i8{'_offset' if offset else ''}" if plain else f"fully_connected_{x.type}_{weights.type}"
    unroll = 2
    groups, rest = rows // unroll, rows % unroll
    return kind, {
        "one": 1,
        "B": vectors,
        "r3": vectors * groups,
        "c4": vectors * groups * (depth // 4),
        "c1": vectors * groups * (depth % 4),
        "rr": vectors * rest,
        "rr4": vectors * rest * (depth // 4),
        "rr1": vectors * rest * (depth % 4),
    }


def batch_matmul(node: Node) -> Loops:
    """BATCH_MATMUL: the reference kernel; an operand that lies the wrong way is transposed first."""
    a, b = node.present[:2]
    batches = prod(node.y.shape[:-2])
    rows, columns = node.y.shape[-2:]
    depth = a.shape[-2] if node.params.get("adjx") else a.shape[-1]
    moved = (a.elements if node.params.get("adjx") else 0) + (0 if node.params.get("adjy") else b.elements)
    return f"batch_matmul_{a.type}_{b.type}", {
        "one": 1,
        "batch": batches,
        "col": batches * columns,
        "no": batches * rows * columns,
        "macs": batches * rows * columns * depth,
        "moved": moved,
    }


def svdf(node: Node) -> Loops:
    """SVDF: shift the state, multiply the input with the feature weights, then with the time weights."""
    x, feature, time = node.present[:3]
    return f"svdf_{x.type}_{'i16' if time.type == 'i16' else x.type}", {
        "one": 1,
        "macs": x.shape[0] * feature.shape[0] * (feature.last + time.last),
    }


def lstm(node: Node) -> Loops:
    """UNIDIRECTIONAL_SEQUENCE_LSTM: four gates a step, each of input and recurrent products."""
    x = node.x
    batches, steps = (x.shape[1], x.shape[0]) if node.params.get("time_major") else (x.shape[0], x.shape[1])
    units, depth = node.present[1].shape
    return f"unidirectional_sequence_lstm_{x.type}_{x.type}", {
        "one": 1,
        "steps": steps * batches,
        "cells": steps * batches * units,
        "macs": 4 * steps * batches * units * (units + depth),
    }
