"""The interpreter as a board's firmware has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.firmware import parse_version
from omvsim.library.package import frozen_files
from omvsim.micropython.camera import new_machine
from omvsim.micropython.dialect import DIALECTS
from omvsim.micropython.pools import Build
from omvsim.micropython.stale import StaleWords
from omvsim.modules import install
from omvsim.modules.frozen import FrozenModules
from omvsim.modules.vfs.opening import ImportFiles
from omvsim.runs.world import CameraMachine

if TYPE_CHECKING:
    from omvsim.boards import Board
    from omvsim.heap import GcHeap


def language_release(firmware: str) -> str:
    """The measured release whose interpreter a release is taken to have: its own, else the newest one before it."""
    wanted = parse_version(firmware)
    older = [known for known in DIALECTS if parse_version(known) <= wanted]
    return older[-1] if older else next(iter(DIALECTS))


def new_camera_machine(board: Board, heap: GcHeap) -> CameraMachine:
    """An interpreter on the camera's heap, before power-up."""
    release = language_release(board.firmware)
    build = Build.PLAIN if board.frozen == "ml" else Build.FULL
    vm = new_machine(heap, release, _silent, build, CameraMachine)
    vm.firmware = board.firmware
    # Addresses of every recorded loop agree with it; those of the language traces, of the whole build, without it.
    vm.part(StaleWords).module_code = build is Build.PLAIN
    install(vm)
    vm.files = ImportFiles(vm, FrozenModules(_frozen_names(vm.strings.built_in, board.firmware)))
    return vm


def _frozen_names(names: frozenset[str], release: str) -> frozenset[str]:
    """The firmware's names with the files of the release's own package ``ml``."""
    others = [name for name in names if not (name.startswith("ml/") and name.endswith(".py"))]
    return frozenset(others) | frozen_files(release)


def _silent(text: str) -> None:
    """Until the world is there nothing is printed."""


__all__ = ["language_release", "new_camera_machine"]
