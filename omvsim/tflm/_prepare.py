"""Runs every operator's parse, Init and Prepare rules in the library's order.

Sources: tflite-micro a57349f0, ``micro/micro_interpreter.cc``, ``micro/micro_op_resolver.cc``,
``micro/micro_interpreter_graph.cc``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.graph import TensorType
from omvsim.tflm._events import Fault, Persist, Refusal, RefusedError
from omvsim.tflm._messages import named_type
from omvsim.tflm._node import Node, Operand
from omvsim.tflm._types import PreparedOperator
from omvsim.tflm.operators import rules_for

if TYPE_CHECKING:
    from omvsim.graph import Model, Operator, Subgraph
    from omvsim.tflm._library import Library
    from omvsim.tflm._rules import Rule


class Preparation:
    """The model's operators after preparation.

    ``params``, ``inits`` and ``prepared`` list what was taken in the three passes over all subgraphs.
    """

    def __init__(self, model: Model, library: Library) -> None:
        self.model = model
        self.library = library
        self._table = rules_for(library.kernels)
        if not library.runtime.subgraph_table and len(model.subgraphs) != 1:
            raise RefusedError(
                Refusal(
                    f"it has {len(model.subgraphs)} subgraphs; the library knows one and follows a null pointer",
                    library_message="Only 1 subgraph is currently supported.",
                    fault=Fault.CRASHES,
                )
            )
        for subgraph in model.subgraphs:
            _check_tensor_types(subgraph, library.runtime.newest_type)
        self.operands = [[Operand(tensor) for tensor in subgraph.tensors] for subgraph in model.subgraphs]
        self.params: list[tuple[int, int, int, int]] = []
        """(subgraph, operator, bytes, alignment) of builtin parameters."""
        self.inits: list[tuple[int, int, int]] = []
        """(subgraph, operator, bytes) taken by Init."""
        self.prepared: list[PreparedOperator] = []
        nodes = [(self._node(s, o), self._parse(s, o)) for s, o in model.operators()]
        for node, rule in nodes:
            self._init(node, rule)
        for node, rule in nodes:
            self._prepare(node, rule)

    def _node(self, subgraph: Subgraph, operator: Operator) -> Node:
        return Node(self.model, subgraph, operator, self.operands[subgraph.index], self.library)

    def _parse(self, subgraph: Subgraph, operator: Operator) -> Rule:
        self._resolve(subgraph, operator)
        rule = self._table[operator.name]
        if rule.parse is not None:
            rule.parse(self._node(subgraph, operator))
        if rule.params:
            abi = self.library.abi
            self.params.append((subgraph.index, operator.index, abi.sizeof(rule.params), abi.alignof(rule.params)))
        return rule

    def _resolve(self, subgraph: Subgraph, operator: Operator) -> None:
        """Refuse an operator that the firmware does not register."""
        name = operator.name
        reason = message = ""
        if name not in (self.library.custom if operator.is_custom else self.library.builtins):
            kind = "custom operator" if operator.is_custom else "operator"
            reason = f"the firmware has no {kind} {name}{self._newer(operator)}"
            message = self.library.missing_operator(operator)
        elif operator.has_custom_options and not operator.is_custom:
            reason = "it carries custom options, which the library refuses for a builtin operator"
            message = f"Unsupported behavior: found builtin operator {name} with custom options."
        if reason:
            raise RefusedError(Refusal(reason, name, subgraph.index, operator.index, message))

    def _newer(self, operator: Operator) -> str:
        if self.library.knows_number(operator.code):
            return ""
        return f" (builtin operator {operator.code}; its schema ends at {self.library.runtime.newest_operator})"

    def _init(self, node: Node, rule: Rule) -> None:
        where = (node.subgraph.index, node.operator.index)
        if rule.data:
            self.inits.append((*where, self.library.abi.sizeof(rule.data)))
        if rule.init is not None:
            rule.init(node)
            taken = [event for event in node.events if isinstance(event, Persist)]
            self.inits += [(*where, event.bytes) for event in taken for _ in range(event.times)]
            node.events.clear()

    def _prepare(self, node: Node, rule: Rule) -> None:
        if rule.prepare is not None:
            rule.prepare(node)
        self.prepared.append(PreparedOperator(node.subgraph.index, node.operator.index, tuple(node.events)))


def _check_tensor_types(subgraph: Subgraph, newest: TensorType) -> None:
    for tensor in subgraph.tensors:
        if not isinstance(tensor.type, TensorType) or tensor.type > newest:
            kind = named_type(tensor.type)
            raise RefusedError(
                Refusal(
                    f"tensor {tensor.index} has element type {kind}, which the library does not know",
                    subgraph=subgraph.index,
                    library_message=f"Unsupported data type {tensor.type} in tensor",
                )
            )
