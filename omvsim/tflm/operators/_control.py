"""Control flow and resource variables.

Sources: tflite-micro a57349f0, ``micro/kernels/{if,while,call_once,var_handle,assign_variable,read_variable}.cc``.
OpenMV creates its interpreters without resource variables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.tflm._messages import differ, not_true, types_as_numbers_differ
from omvsim.tflm._rules import Rule
from omvsim.tflm.operators._common import T

if TYPE_CHECKING:
    from omvsim.graph import Subgraph
    from omvsim.tflm._node import Node

_NO_RESOURCES = (
    "VAR_HANDLE requires resource variables. Please create ResourceVariables and pass it to the interpreter."
)


def _callee(node: Node, option: str) -> Subgraph:
    index: int = node.option(option)
    node.expect(index < len(node.model.subgraphs), f"its {option} {index} does not exist")
    if index < 0:
        node.crash(f"its {option} is negative")
    return node.model.subgraphs[index]


def _if(node: Node) -> None:
    node.expect(node.inputs > 0, "it has no condition", not_true("if.cc:53", "node->inputs->size > 0"))
    condition = node.input(0)
    message = types_as_numbers_differ("if.cc:61 cond->type != kTfLiteBool", condition.type, T.BOOL)
    node.expect_type(condition, (T.BOOL,), message)
    message = differ("if.cc:62 NumElements(cond) != 1", condition.elements, 1)
    node.expect(condition.elements == 1, "its condition is not a single value", message)
    then = _callee(node, "then_subgraph_index")
    _callee(node, "else_subgraph_index")
    node.expect(len(then.inputs) == node.inputs - 1, f"subgraph {then.index} takes another number of inputs")
    node.expect(len(then.outputs) == node.outputs, f"subgraph {then.index} has another number of outputs")


def _while(node: Node) -> None:
    condition, body = _callee(node, "cond_subgraph_index"), _callee(node, "body_subgraph_index")
    for called in (condition, body):
        node.expect(len(called.inputs) == node.inputs, f"subgraph {called.index} takes another number of inputs")
    node.expect(node.inputs == node.outputs, "it has not as many outputs as inputs")
    node.expect(len(body.outputs) == node.outputs, f"subgraph {body.index} has another number of outputs")


def _call_once(node: Node) -> None:
    node.expect_counts(0, 0)
    _callee(node, "init_subgraph_index")


def _var_handle(node: Node) -> None:
    node.refuse(
        "the firmware gives the interpreter no resource variables, so stateful models cannot load", _NO_RESOURCES
    )


def _assign_variable(node: Node) -> None:
    node.expect_counts(2, 0)
    handle = node.peek_input(0)
    if handle is None:
        node.crash("its resource handle is missing")
    node.expect_type(handle, (T.RESOURCE, T.INT32))
    node.expect(handle.elements == 1, "its resource handle is not a single value")
    node.input(1)
    if handle.is_constant:
        node.crash("it assigns to a resource variable, and the firmware gives the interpreter none")


def _read_variable(node: Node) -> None:
    node.input(0)


COMMON = {
    "IF": Rule(params="ii", data="ii", prepare=_if),
    "WHILE": Rule(params="ii", data="ii", prepare=_while),
    "CALL_ONCE": Rule(params="i", data="ib", prepare=_call_once),
    "VAR_HANDLE": Rule(params="pp", data="i", prepare=_var_handle),
    "ASSIGN_VARIABLE": Rule(prepare=_assign_variable),
    "READ_VARIABLE": Rule(prepare=_read_variable),
}
