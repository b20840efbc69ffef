"""``gc`` (py/modgc.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.heap import BLOCK
from omvsim.memory.questions import free_bytes, used_bytes
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import function

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value


@function("collect", 0)
def _collect(vm: Machine) -> Value:
    """Nothing is given back but None: ``MICROPY_PY_GC_COLLECT_RETVAL`` is for hosts."""
    vm.memory.collect()
    return None


@function("disable", 0)
def _disable(vm: Machine) -> Value:
    vm.memory.heap.auto_collect = False
    return None


@function("enable", 0)
def _enable(vm: Machine) -> Value:
    vm.memory.heap.auto_collect = True
    return None


@function("isenabled", 0)
def _isenabled(vm: Machine) -> Value:
    return vm.memory.heap.auto_collect


@function("mem_free", 0)
def _mem_free(vm: Machine) -> Value:
    return vm.memory.ask(free_bytes)


@function("mem_alloc", 0)
def _mem_alloc(vm: Machine) -> Value:
    return vm.memory.ask(used_bytes)


@function("threshold", 0, 1)
def _threshold(vm: Machine, *args: Value) -> Value:
    heap = vm.memory.heap
    if args:
        count = vm.int_of(args[0])
        heap.threshold = None if count < 0 else count // BLOCK
        return None
    return -1 if heap.threshold is None else heap.threshold * BLOCK


def module(vm: Machine) -> NativeModule:
    """``gc``."""
    functions = (_collect, _disable, _enable, _isenabled, _mem_free, _mem_alloc, _threshold)
    return NativeModule("gc", {each.name: each for each in functions})


__all__ = ["module"]
