"""A machine as a release's firmware has it: names, dialect, error texts, built-in names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn, TypeVar

from omvsim.micropython.dialect import DIALECTS
from omvsim.micropython.machine import Machine
from omvsim.micropython.memory import Memory
from omvsim.micropython.messages import error_texts
from omvsim.micropython.pools import Build, built_in_names, names_in_order
from omvsim.micropython.strings import StringPool
from omvsim.micropython.types.names import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.heap import GcHeap

Kind = TypeVar("Kind", bound=Machine)
VERSIONS: Final = {"4.8.1": "1.26", "5.0.0": "1.28"}
"""MicroPython of each release of OpenMV."""


def new_machine(
    heap: GcHeap,
    release: str,
    write: Callable[[str], None],
    build: Build = Build.FULL,
    kind: type[Kind] = Machine,  # type: ignore[assignment]  # the plain one by default
) -> Kind:
    """A machine on a heap that boot has prepared; ``kind`` is its class.

    Raises:
        KeyError: no names of that release and build were measured.
    """
    memory = Memory(heap, _not_yet)
    strings = StringPool(memory, built_in_names(release, build))
    strings.rom_order = lambda: names_in_order(release, build)
    vm = kind(memory, strings, DIALECTS[VERSIONS[release]], error_texts(release), write)
    vm.builtins.update(NAMES)
    return vm


def _not_yet(size: int) -> NoReturn:
    raise MemoryError(size)


__all__ = ["VERSIONS", "new_machine"]
