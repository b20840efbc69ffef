"""``gctrace``: the module of the measuring firmware, so that scripts written for it run here too.

Its marks go into the result; ``info`` and ``kv`` only measure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim.script._loops import Snapshot
from omvsim.script._memory import Watcher
from omvsim.script._values import Module, Native
from omvsim.script._world import Mark

if TYPE_CHECKING:
    from omvsim.script._runtime import Runtime
    from omvsim.script._world import World


def gctrace_module(rt: Runtime, world: World) -> Module:
    """The module on one runtime."""

    watcher = Watcher()
    rt.memory.watchers.append(watcher)

    def mark(label: Any) -> None:
        memory = rt.memory
        world.marks.append(Mark(str(label), memory.line(), Snapshot.of(memory), watcher.largest))
        watcher.largest = 0

    quiet = lambda *_values, **_names: None  # noqa: E731
    names = {"mark": mark, "info": quiet, "kv": quiet, "chunks": quiet, "addr_of": quiet, "uma_walk": quiet}
    return Module("gctrace", {name: Native(name, function) for name, function in names.items()})
