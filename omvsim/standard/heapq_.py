"""``heapq`` (extmod/modheapq.c): asks for nothing but what the list and the comparisons do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.errors import Error
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import function
from omvsim.micropython.types.list_ import List
from omvsim.micropython.values import BinaryOp

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value


def _heap(vm: Machine, value: Value) -> List:
    if type(value) is not List:
        vm.raise_type("heap must be a list")
    return value


def _sift_down(vm: Machine, items: list[Value], start: int, at: int) -> None:
    item = items[at]
    while at > start:
        parent = (at - 1) >> 1
        if vm.binary(BinaryOp.LESS, item, items[parent]) is not True:
            break
        items[at] = items[parent]
        at = parent
    items[at] = item


def _sift_up(vm: Machine, items: list[Value], at: int) -> None:
    start = at
    item = items[at]
    while (child := 2 * at + 1) < len(items):
        if child + 1 < len(items) and vm.binary(BinaryOp.LESS, items[child], items[child + 1]) is False:
            child += 1
        items[at] = items[child]
        at = child
    items[at] = item
    _sift_down(vm, items, start, at)


@function("heappush", 2)
def _heappush(vm: Machine, heap: Value, item: Value) -> Value:
    target = _heap(vm, heap)
    vm.list_append(target, item)
    _sift_down(vm, target.items, 0, len(target.items) - 1)
    return None


@function("heappop", 1)
def _heappop(vm: Machine, heap: Value) -> Value:
    """The list's table keeps its room."""
    items = _heap(vm, heap).items
    if not items:
        vm.error(Error.INDEX, "empty heap")
    item = items[0]
    last = items.pop()
    if items:
        items[0] = last
        _sift_up(vm, items, 0)
    return item


@function("heapify", 1)
def _heapify(vm: Machine, heap: Value) -> Value:
    items = _heap(vm, heap).items
    for at in range(len(items) // 2 - 1, -1, -1):
        _sift_up(vm, items, at)
    return None


def module(vm: Machine) -> NativeModule:
    """``heapq``."""
    return NativeModule("heapq", {each.name: each for each in (_heappush, _heappop, _heapify)})


__all__ = ["module"]
