"""``micropython`` (py/modmicropython.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.compiler.running import print_exception_to
from omvsim.heap import BLOCK, blocks_for
from omvsim.memory.strings import size_of
from omvsim.micropython.errors import Raised, Unknown
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import function
from omvsim.world.unknown import unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.heap import GcHeap, GcInfo
    from omvsim.memory.questions import Extent
    from omvsim.memory.requests import Block
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

STACK_OF_MAIN: Final = 236
"""Bytes of the C stack below the first frame's own when a function of this module is called (measured: 492 of the whole
at module level, trace mem_info, where that frame takes 256)."""
STACK: Final = 31744
"""32 KB in ITCM less the margin of 1 KB."""


class EmergencyBuffer:
    """The chunk for exceptions when nothing else is left."""

    def __init__(self) -> None:
        self.block: Block | None = None


@function("const", 1)
def _const(vm: Machine, value: Value) -> Value:
    return value


@function("opt_level", 0, 1)
def _opt_level(vm: Machine, *level: Value) -> Value:
    if not level:
        return vm.opt_level
    vm.opt_level = vm.int_of(level[0])
    return None


def _stack_use(vm: Machine) -> int:
    return STACK_OF_MAIN + vm.depth


@function("stack_use", 0)
def _stack_use_told(vm: Machine) -> Value:
    return _stack_use(vm)


def _heap_info(heap: GcHeap, _chunks: Sequence[Extent]) -> GcInfo:
    return heap.info()


@function("mem_info", 0, 1)
def _mem_info(vm: Machine, *dump: Value) -> Value:
    """``gc_dump_info``. The dump of the table tells types of chunks by what is in them, which we do not have."""
    info = vm.memory.ask(_heap_info)
    vm.write(f"stack: {_stack_use(vm)} out of {STACK}\n")
    vm.write(f"GC: total: {info.total}, used: {info.used}, free: {info.free}\n")
    vm.write(
        f" No. of 1-blocks: {info.num_1block}, 2-blocks: {info.num_2block}, max blk sz: {info.max_block},"
        f" max free sz: {info.max_free}\n"
    )
    if dump:
        raise Unknown("micropython.mem_info(1)", "the contents of chunks are not modelled")
    return None


@function("qstr_info", 0, 1)
def _qstr_info(vm: Machine, *dump: Value) -> Value:
    """``qstr_pool_info``: pools on the heap, their names, bytes of their texts, blocks they are in."""
    strings = vm.strings
    data = sum(size_of(name) + 1 for name in strings.added)
    pools = strings.pools()
    total = data + sum(blocks_for(pool.size) * BLOCK for pool in pools)
    vm.write(
        f"qstr pool: n_pool={len(pools)}, n_qstr={len(strings.added)}, n_str_data_bytes={data}, n_total_bytes={total}\n"
    )
    for name in strings.added if dump else ():
        vm.write(f"Q({name})\n")
    return None


@function("heap_lock", 0)
def _heap_lock(vm: Machine) -> Value:
    vm.memory.heap.lock_depth += 1
    return None


@function("heap_unlock", 0)
def _heap_unlock(vm: Machine) -> Value:
    heap = vm.memory.heap
    heap.lock_depth -= 1
    return heap.lock_depth


@function("alloc_emergency_exception_buf", 1)
def _alloc_emergency(vm: Machine, size: Value) -> Value:
    """``mp_alloc_emergency_exception_buf``: the new one is asked for before the old one is given back."""
    count = vm.int_of(size)
    kept = vm.part(EmergencyBuffer)
    old, kept.block = kept.block, vm.memory.block(count) if count > 0 else None
    if old is not None:
        vm.memory.free(old)
    return None


@function("schedule", 2)
def _schedule(vm: Machine, fun: Value, arg: Value) -> Value:
    """``mp_sched_schedule``. The camera runs it at the next jump of the script; here it runs at once."""
    try:
        vm.call(fun, (arg,))
    except Raised as raised:
        print_exception_to(vm, raised.value, vm.write)
    return None


def module(vm: Machine) -> NativeModule:
    """``micropython``."""
    functions = (
        _const,
        _opt_level,
        _mem_info,
        _qstr_info,
        _stack_use_told,
        _alloc_emergency,
        _heap_lock,
        _heap_unlock,
        unknown("micropython.kbd_intr"),
        unknown("micropython.RingIO"),
        _schedule,
    )
    return NativeModule("micropython", {each.name: each for each in functions})


__all__ = ["module"]
