"""Reductions: MEAN, SUM, REDUCE_MAX. Source: tflite-micro a57349f0, ``micro/kernels/reduce_common.cc``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.tflm._messages import differ, types_differ
from omvsim.tflm._rules import Rule
from omvsim.tflm.operators._common import T

if TYPE_CHECKING:
    from omvsim.tflm._node import Node


def _check(node: Node) -> None:
    """What every reduction checks (``PrepareSimple``), with tensors of its own."""
    input_ = node.unchecked_input(0)
    wrong = f"it has {node.inputs} inputs instead of 2"
    node.expect(node.inputs == 2, wrong, differ("reduce_common.cc:47 node->inputs->size != 2", node.inputs, 2))
    node.expect_counts(None)
    axis = node.input(1)
    message = types_differ("reduce_common.cc:53 axis->type != kTfLiteInt32", axis.type, T.INT32)
    node.expect_type(axis, (T.INT32,), message)
    if input_.is_type(T.INT8):
        node.unchecked_output()


def _mean_or_sum(node: Node) -> None:
    input_, output = node.unchecked_input(0), node.unchecked_output()
    node.unchecked_input(1)
    if input_.is_type(T.INT8, T.INT16):
        node.scratch(4 * output.elements)
    _check(node)


def _mean_or_sum_libtf(node: Node) -> None:
    input_, output = node.unchecked_input(0), node.unchecked_output()
    if input_.is_type(T.INT8, T.UINT8):
        node.scratch(4 * output.elements)
    _check(node)


def reduce_max(node: Node) -> None:
    _check(node)
    input_ = node.unchecked_input(0)
    node.unchecked_output()
    axis = node.unchecked_input(1)
    node.scratch(4 * input_.rank)
    node.scratch(4 * axis.elements)


LIBTF = {
    "MEAN": Rule(params="b", data="9i", prepare=_mean_or_sum_libtf),
    "SUM": Rule(params="b", data="9i", prepare=_mean_or_sum_libtf),
    "REDUCE_MAX": Rule(params="b", data="9i", prepare=reduce_max),
    "REDUCE_MIN": Rule(params="b", data="9i", prepare=reduce_max),
}
COMMON = {
    "MEAN": Rule(params="b", data="10i", prepare=_mean_or_sum),
    "SUM": Rule(params="b", data="10i", prepare=_mean_or_sum),
    "REDUCE_MAX": Rule(params="b", data="10i", prepare=reduce_max),
}
