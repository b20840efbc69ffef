"""The interpreter as a board's firmware has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from omvsim.firmware import parse_version
from omvsim.library.releases import frozen_files
from omvsim.micropython.camera import VERSIONS
from omvsim.micropython.dialect import DIALECTS
from omvsim.micropython.memory import Memory
from omvsim.micropython.messages import error_texts
from omvsim.micropython.objects import OBJECTS
from omvsim.micropython.pools import Build, built_in_names, is_measured
from omvsim.micropython.strings import StringPool
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
    older = [release for release in VERSIONS if parse_version(release) <= wanted]
    return max(older or VERSIONS, key=parse_version) if older else min(VERSIONS, key=parse_version)


def new_camera_machine(board: Board, heap: GcHeap) -> CameraMachine:
    """An interpreter on the camera's heap, before power-up."""
    release = language_release(board.firmware)
    build = Build.PLAIN if board.frozen == "ml" and is_measured(release, Build.PLAIN) else Build.FULL
    memory = Memory(heap, _no_interpreter)
    strings = StringPool(memory, built_in_names(release, build))
    vm = CameraMachine(memory, strings, DIALECTS[VERSIONS[release]], error_texts(release), _silent)
    vm.builtins.update(OBJECTS)
    install(vm)
    vm.files = ImportFiles(vm, FrozenModules(_frozen_names(vm.strings.built_in, board.firmware)))
    return vm


def _frozen_names(names: frozenset[str], release: str) -> frozenset[str]:
    """The firmware's names with the files of the release's own package ``ml``."""
    others = [name for name in names if not (name.startswith("ml/") and name.endswith(".py"))]
    return frozenset(others) | frozen_files(release)


def _no_interpreter(size: int) -> NoReturn:
    raise AssertionError(f"{size} bytes were asked for before there was an interpreter")


def _silent(text: str) -> None:
    """Until the world is there nothing is printed."""


__all__ = ["language_release", "new_camera_machine"]
