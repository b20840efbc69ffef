"""First and last step at which each tensor and scratch buffer is used.

Source: tflite-micro a57349f0, ``micro/micro_allocation_info.cc``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from omvsim.tflm._events import Fault, Refusal, RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omvsim.graph import Model, Operator
    from omvsim.tflm._types import ScratchRequest

UNUSED = -1
_MAX_STEPS = 1_000_000
_MOST_DEEP = 100
"""Subgraphs within subgraphs that are followed: each takes some of the camera's stack, how much was not measured."""
_CALLS = {
    # By builtin code: the options that name called subgraphs.
    118: ("then_subgraph_index", "else_subgraph_index"),
    119: ("cond_subgraph_index", "body_subgraph_index"),
    129: ("init_subgraph_index",),
}


class LifetimesByOperator:
    """As :class:`Lifetimes`, of libraries whose steps are operator indices and which know one subgraph only.

    Source: edgeimpulse/inferencing-sdk-cpp 63d49e4, ``tensorflow/lite/micro/micro_allocator.cc``.
    """

    def __init__(self, model: Model, scratch: list[ScratchRequest]) -> None:
        subgraph = model.main
        lives = [[UNUSED, UNUSED] for _ in subgraph.tensors]
        for tensor in subgraph.inputs:
            lives[tensor][0] = 0
        for tensor in subgraph.outputs:
            lives[tensor][1] = len(subgraph.operators) - 1
        for operator in subgraph.operators:
            for tensor in operator.inputs:
                if tensor >= 0:
                    lives[tensor][1] = max(lives[tensor][1], operator.index)
            for tensor in operator.outputs:
                if lives[tensor][0] == UNUSED or lives[tensor][0] > operator.index:
                    lives[tensor][0] = operator.index
        self.tensors = [lives]
        self.scratch = [[request.operator, request.operator] for request in scratch]


class Lifetimes:
    """``tensors[subgraph][tensor]`` and ``scratch[request]`` are ``[first, last]``, -1 for what is never visited."""

    def __init__(self, model: Model, scratch_of: Mapping[tuple[int, int], list[int]]) -> None:
        self._model = model
        self._scratch_of = scratch_of
        self._step = 0
        self._visits = 0
        self.tensors = [[[UNUSED, UNUSED] for _ in subgraph.tensors] for subgraph in model.subgraphs]
        self.scratch = [[UNUSED, UNUSED] for _ in range(sum(map(len, scratch_of.values())))]
        self._visit(0, ())

    def _visit(self, index: int, callers: tuple[int, ...]) -> None:
        subgraph = self._model.subgraphs[index]
        lives = self.tensors[index]
        for tensor in subgraph.inputs:
            self._create(lives[tensor])
            lives[tensor][1] = self._step
        for operator in subgraph.operators:
            self._step += 1
            self._visits += 1
            for tensor in operator.outputs:
                self._create(lives[tensor])
            start = self._step
            # The field alone, not the deprecated byte: an old file's called subgraphs are not visited.
            if operator.code_field in _CALLS:
                self._call(index, operator, (*callers, index))
            now = self._step
            for tensor in operator.inputs:
                if tensor >= 0:
                    lives[tensor][1] = now
            for tensor in operator.outputs:
                lives[tensor][1] = now
            for request in self._scratch_of.get((index, operator.index), ()):
                life = self.scratch[request]
                life[:] = [start if life[0] == UNUSED else life[0], now]
        for tensor in subgraph.outputs:
            self._create(lives[tensor])
            lives[tensor][1] = self._step

    def _create(self, life: list[int]) -> None:
        if life[0] == UNUSED:
            life[0] = self._step

    def _call(self, index: int, operator: Operator, callers: tuple[int, ...]) -> None:
        for option in _CALLS[operator.code_field]:
            called = operator.called(option)
            if called is None:
                self._stop(index, operator, "it has no options, and the library reads them through a null pointer")
            if called == UNUSED:
                continue
            if not 0 <= called < len(self._model.subgraphs):
                self._stop(index, operator, f"its {option} {called} does not exist")
            if called in callers:
                self._stop(
                    index, operator, "it calls a subgraph it is in: the library recurses until the stack overflows"
                )
            if len(callers) > _MOST_DEEP:
                deep = f"its subgraphs call each other more than {_MOST_DEEP} deep"
                reason = f"{deep}: what that takes of the camera's stack is not known"
                self._stop(index, operator, reason, Fault.UNKNOWN)
            if self._visits > _MAX_STEPS:
                self._stop(index, operator, f"its subgraphs call each other more than {_MAX_STEPS} operators deep")
            self._step += 1
            self._visit(called, callers)

    @staticmethod
    def _stop(index: int, operator: Operator, reason: str, fault: Fault = Fault.CRASHES) -> NoReturn:
        raise RefusedError(Refusal(reason, operator.name, index, operator.index, fault=fault))
