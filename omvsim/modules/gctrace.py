"""``gctrace``: the module of the measuring firmware, so that scripts written for it run here too.

Its marks go into the result; the other functions only measure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeFunction, function
from omvsim.runs.world import Mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.runs.world import CameraMachine


@function("mark", 1)
def _mark(vm: CameraMachine, label: Value) -> Value:
    ledger = vm.world.ledger
    mark = Mark(vm.str_of(label), vm.memory.place.line, ledger.snapshot(), ledger.largest_since_mark)
    vm.world.marks.append(mark)
    ledger.largest_since_mark = 0
    return None


def _quiet(name: str) -> NativeFunction:
    def call(_vm: CameraMachine, _args: Sequence[Value], _kwargs: Keywords) -> Value:
        return None

    return NativeFunction(call, name, 0, None, keywords=True, is_method=False)


def module(vm: CameraMachine) -> NativeModule:  # every maker gets its machine
    """``gctrace``."""
    names: dict[str, Value] = {name: _quiet(name) for name in ("info", "kv", "chunks", "addr_of", "uma_walk")}
    return NativeModule("gctrace", {"mark": _mark, **names})


__all__ = ["module"]
