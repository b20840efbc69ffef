"""What ``Invoke`` does with a loaded model whatever the input: runs, returns an error, hangs or is undefined.

Kernels check in Eval what their Prepare let pass: element types above all. Sources: tflite-micro a57349f0,
``micro/micro_interpreter_graph.cc`` (``InvokeSubgraph``) and each kernel's ``Eval``; facts: tflm-found sections 1 to 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from omvsim.graph import TensorType
from omvsim.tflm._events import Fault, Refusal, RefusedError
from omvsim.tflm._node import Operands, read_constant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.graph import Model, Operator
    from omvsim.tflm._library import Library
    from omvsim.tflm._node import Operand
    from omvsim.tflm.operators import Check

_MAX_CALLS = 1000
_BRANCHES = {
    "IF": ("then_subgraph_index", "else_subgraph_index"),
    "WHILE": ("cond_subgraph_index", "body_subgraph_index"),
    "CALL_ONCE": ("init_subgraph_index",),
}


class Invocation(Operands):
    """One operator as its kernel's Eval sees it: shapes as Prepare left them, constants of the file."""

    def __init__(self, model: Model, subgraph: int, operator: Operator, operands: list[Operand]) -> None:
        super().__init__(model, operator, operands)
        self.subgraph = subgraph

    def input(self, position: int) -> Operand:
        """An input the kernel needs; without it, it reads through a null pointer."""
        operand = self.optional_input(position)
        if operand is None:
            self.crash(f"its input {position} is missing, and the kernel reads through a null pointer")
        return operand

    def optional_input(self, position: int) -> Operand | None:
        """An input, if it is there."""
        return self._at(self.operator.inputs, position)

    def output(self, position: int = 0) -> Operand:
        """An output the kernel needs."""
        operand = self._at(self.operator.outputs, position)
        if operand is None:
            self.crash(f"its output {position} is missing, and the kernel writes through a null pointer")
        return operand

    def all_inputs(self) -> Iterator[Operand]:
        """Every input; each must be there."""
        return (self.input(position) for position in range(self.inputs))

    def has_type(self, element: TensorType) -> bool:
        """Whether an input or output has that element type."""
        indices = (*self.operator.inputs, *self.operator.outputs)
        return any(self._operands[index].type == element for index in indices if index >= 0)

    def constant(self, operand: Operand, *, at_least: int = 1) -> tuple[int, ...] | None:
        """The int32 values of a constant operand; None for one that is computed, or that is too short."""
        if not operand.is_constant:
            return None
        values = read_constant(self.model, operand)
        return values if len(values) >= at_least else None

    # -- what becomes of it -----------------------------------------------------------------------------------------

    def fail(self, reason: str, library_message: str = "", remedy: str = "") -> NoReturn:
        """Eval returns an error: ``ValueError: Invoke failed``."""
        raise RefusedError(self._because(reason, library_message, Fault.ERROR, remedy))

    def hang(self, reason: str, remedy: str = "") -> NoReturn:
        """The library calls ``abort``, or loops without an end."""
        raise RefusedError(self._because(reason, "", Fault.HANGS, remedy))

    def crash(self, reason: str) -> NoReturn:
        """What Eval does is undefined in C."""
        raise RefusedError(self._because(reason, "", Fault.CRASHES, ""))

    def _because(self, reason: str, library_message: str, fault: Fault, remedy: str) -> Refusal:
        operator = self.operator
        return Refusal(reason, operator.name, self.subgraph, operator.index, library_message, fault, remedy)


def run_fault(model: Model, library: Library, operands: list[list[Operand]]) -> Refusal | None:
    """The first operator, in the order of execution, whose Eval does not work whatever the input; None if all do.

    Called subgraphs count as executed, both branches of an IF too. Failures that depend on computed values, such as a
    division by zero, are not among them.
    """
    try:
        _Run(model, library, operands).invoke(0, ())
    except RefusedError as stop:
        return stop.refusal
    return None


class _Run:
    def __init__(self, model: Model, library: Library, operands: list[list[Operand]]) -> None:
        from omvsim.tflm.operators import checks_for  # noqa: PLC0415 - the checks' signatures name this module's class

        self._model = model
        self._library = library
        self._operands = operands
        self._checks = checks_for()
        self._done: set[int] = set()

    def invoke(self, index: int, callers: tuple[int, ...]) -> None:
        self._done.add(index)
        for operator in self._model.subgraphs[index].operators:
            node = Invocation(self._model, index, operator, self._operands[index])
            check = self._checks.get(operator.name)
            if check is not None:
                self._ask(check, node)
            for option in _BRANCHES.get(operator.name, ()):
                self._call(node, operator.called(option), (*callers, index))

    def _ask(self, check: Check, node: Invocation) -> None:
        try:
            check(node)
        except RefusedError as stop:
            fault = stop.refusal
            if (
                fault.fault is Fault.ERROR
                and not self._library.measured_at_run_time
                and node.has_type(TensorType.UINT8)
            ):
                reason = "whether this library's kernel runs with uint8 values was not measured"
                raise RefusedError(fault._replace(reason=reason, library_message="", fault=Fault.UNKNOWN)) from None
            raise

    def _call(self, node: Invocation, called: int | None, callers: tuple[int, ...]) -> None:
        if called is None or not 0 <= called < len(self._model.subgraphs):
            return  # Prepare has refused it.
        if called in callers:
            node.crash("it calls a subgraph it is in: the library recurses until the stack overflows")
        if called not in self._done:
            try:
                self.invoke(called, callers)
            except RefusedError as stop:
                where = f"{stop.refusal.reason} (in subgraph {stop.refusal.subgraph}, called from {node.operator.name})"
                nested = stop.refusal.subgraph != called
                raise RefusedError(stop.refusal if nested else stop.refusal._replace(reason=where)) from None
