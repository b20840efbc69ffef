"""The interpreter as a board's firmware has it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from omvsim.compiler.stale import StaleWords
from omvsim.frozen import FrozenModules
from omvsim.library.package import BODIES, frozen_files
from omvsim.memory.firmware_names import Build
from omvsim.micropython.camera import new_machine
from omvsim.modules import install
from omvsim.world.world import CameraMachine

if TYPE_CHECKING:
    from omvsim.boards import Board, Release
    from omvsim.heap import GcHeap


def new_camera_machine(board: Board, heap: GcHeap) -> CameraMachine:
    """An interpreter on the camera's heap, before power-up."""
    build = Build.PLAIN if board.frozen == "ml" else Build.FULL
    vm = new_machine(heap, board.release, _silent, build, CameraMachine)
    vm.port = board.port
    # Addresses of every recorded loop agree with it; those of the language traces, of the whole build, without it.
    vm.part(StaleWords).module_code = build is Build.PLAIN
    unknown = frozenset((*board.port.absent, *board.port.unmodelled))
    install(vm, _frozen(vm.strings.built_in, board.release, unknown))
    return vm


@lru_cache(maxsize=8)
def _frozen(names: frozenset[str], release: Release, unknown: frozenset[str]) -> FrozenModules:
    """Of the firmware's names, with the files of the release's own package ``ml``.

    A frozen file around a module that is not simulated on the board is not taken for it: its names would be missing.
    """
    others = [name for name in names if not (name.startswith("ml/") and name.endswith(".py"))]
    found = (*others, *frozen_files(release))
    there = frozenset(name for name in found if name.partition("/")[0].removesuffix(".py") not in unknown)
    return FrozenModules(there, BODIES)


def _silent(text: str) -> None:
    """Until the world is there nothing is printed."""


__all__ = ["new_camera_machine"]
