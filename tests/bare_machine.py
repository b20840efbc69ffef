"""A machine with the camera's modules, on an empty heap of the RT1062's geometry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.boards import known_release
from omvsim.compiler.running import run_script
from omvsim.heap import GcHeap
from omvsim.memory.requests import Phase
from omvsim.micropython.camera import new_machine
from omvsim.modules import install

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.micropython.machine import Machine

AREAS = ((0x20280000, 65536), (0x20300000, 278528), (0x60000000, 8388608))
Asked = list[tuple[str, int]]


class Run:
    """A script's run: what it printed and what its run part asked for (kind and bytes); ``prepare`` gets the machine
    before.
    """

    def __init__(
        self, text: str, release: str = "4.8.1", prepare: Callable[[Machine], None] = lambda _vm: None
    ) -> None:
        printed: list[str] = []
        self.vm: Machine = new_machine(GcHeap(AREAS), known_release(release), printed.append)
        install(self.vm)
        self.vm.dict_store(self.vm.main, "__name__", "__main__")
        self.vm.memory.tape = []
        prepare(self.vm)
        self.error = run_script(self.vm, "main.py", text.encode())
        self.printed = "".join(printed)
        self.asked: Asked = [(each.kind, each.size) for each in self.vm.memory.tape if each.phase is Phase.RUN]
