"""What the tests of the running interpreter share: a machine on an empty heap, scripts run on it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from omvsim.boards import known_release
from omvsim.compiler.running import run_script
from omvsim.heap import GcHeap
from omvsim.memory.requests import Phase, Request
from omvsim.micropython.camera import new_machine
from omvsim.micropython.maps import Map
from omvsim.modules import install

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Obj

AREAS = [(0x20280000, 65536), (0x20300000, 278528)]
"""The two internal areas of the RT1062's heap."""


@dataclass
class Run:
    """A script's run: what it printed, what it raised, what running asked for."""

    text: str
    error: Obj | None
    requests: list[Request] = field(default_factory=list)
    machine: Machine | None = None

    @property
    def lines(self) -> list[str]:
        """Printed lines."""
        return self.text.splitlines()

    def asked(self, line: int | None = None) -> list[tuple[str, int]]:
        """Kind and bytes of what running asked for, on one line of the script or on all."""
        return [(r.kind, r.size) for r in self.requests if line is None or r.line == line]


def run(source: str, release: str = "4.8.1", areas: list[tuple[int, int]] | None = None) -> Run:
    """Run a script on an empty heap."""
    out: list[str] = []
    vm = new_machine(GcHeap(areas or AREAS), known_release(release), out.append)
    install(vm)
    vm.main.map = Map(vm.memory, 97)  # type: ignore[attr-defined]  # a dict; room enough that it does not grow
    vm.main.map.set(vm, "__name__", "__main__")
    vm.memory.tape = []
    error = run_script(vm, "main.py", textwrap.dedent(source).encode())
    requests = [request for request in vm.memory.tape if request.phase is Phase.RUN]
    return Run("".join(out), error, requests, vm)


def printed(source: str, release: str = "4.8.1") -> list[str]:
    """Lines that a script prints."""
    return run(source, release).lines
