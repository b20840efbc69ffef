"""``gctrace``: the module of the measuring firmware, so that scripts written for it run here too.

It writes down what it is told (:mod:`omvsim.world.measured`) and asks the heap for nothing, as its traces show; only an
exception's text may ask, because printing it does. ``uma_…`` call the pools of 5.0.0 and keep their blocks by number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeFunction, function
from omvsim.micropython.types.str_ import Str
from omvsim.micropython.values import PrintKind
from omvsim.world.device_errors import as_exceptions
from omvsim.world.measured import Caught, Info, Told
from omvsim.world.world import Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.heap import UmaPools
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine


@function("mark", 1)
def _mark(vm: CameraMachine, label: Value) -> Value:
    ledger = vm.world.ledger
    mark = Mark(vm.str_of(label), vm.memory.place.line, ledger.now(), ledger.largest_since_mark)
    vm.world.marks.append(mark)
    ledger.largest_since_mark = 0
    return None


@function("info", 1)
def _info(vm: CameraMachine, label: Value) -> Value:
    vm.world.measured.append(Info(vm.memory.position, vm.str_of(label), vm.memory.heap.info()))
    return None


@function("kv", 2)
def _kv(vm: CameraMachine, key: Value, value: Value) -> Value:
    told = vm.str_of(value) if isinstance(value, str | Str) else vm.int_of(value)
    vm.world.measured.append(Told(vm.memory.position, vm.str_of(key), told))
    return None


@function("exc", 1)
def _exc(vm: CameraMachine, error: Value) -> Value:
    told: list[str] = []
    vm.print(error, told.append, PrintKind.EXC)
    vm.world.measured.append(Caught(vm.memory.position, "".join(told)))
    return None


def _quiet(name: str) -> NativeFunction:
    def call(_vm: CameraMachine, _args: Sequence[Value], _kwargs: Keywords) -> Value:
        return None

    return NativeFunction(call, name, 0, None, keywords=True, is_method=False)


class _Pools:
    """Calls of the pools: the first argument is the number that the block is kept under."""

    def __init__(self) -> None:
        self.blocks: dict[int, int | None] = {}

    def malloc(self, pools: UmaPools, slot: int, size: int, flags: int = 0) -> None:
        self.blocks[slot] = pools.malloc(size, flags)

    def malign(self, pools: UmaPools, slot: int, size: int, align: int, flags: int = 0) -> None:
        self.blocks[slot] = pools.malign(size, align, flags)

    def calloc(self, pools: UmaPools, slot: int, size: int, flags: int = 0) -> None:
        self.blocks[slot] = pools.malloc(size, flags)  # cleared; the request is the same

    def realloc(self, pools: UmaPools, slot: int, size: int, flags: int = 0) -> None:
        self.blocks[slot] = pools.realloc(self.blocks.get(slot), size, flags)

    def free(self, pools: UmaPools, slot: int) -> None:
        pools.free(self.blocks.pop(slot, None))

    def avail(self, pools: UmaPools, flags: int = 0) -> None:
        pools.avail(flags)

    def collect(self, pools: UmaPools) -> None:
        pools.collect()

    def lock(self, pools: UmaPools, on: int) -> None:
        pools.collect_lock() if on else pools.collect_unlock()


def _of_pools(name: str, host: Callable[..., None]) -> NativeFunction:
    def call(vm: CameraMachine, *args: Value) -> Value:
        pools = vm.world.camera.uma
        if pools is not None:
            with as_exceptions(vm):
                host(pools, *map(vm.int_of, args))
        return None

    return NativeFunction(call, name, 0, None, keywords=False, is_method=False)


def module(vm: CameraMachine) -> NativeModule:  # every maker gets its machine
    """``gctrace``."""
    pools = _Pools()
    names: dict[str, Value] = {"mark": _mark, "info": _info, "kv": _kv, "exc": _exc}
    names |= {name: _quiet(name) for name in ("chunks", "addr", "addr_of", "uma_walk", "flush")}
    for name in ("malloc", "malign", "calloc", "realloc", "free", "avail", "collect", "lock"):
        names[f"uma_{name}"] = _of_pools(f"uma_{name}", getattr(pools, name))
    return NativeModule("gctrace", names)


__all__ = ["module"]
