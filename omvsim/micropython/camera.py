"""A machine as a release's firmware has it: dialect, error texts, names in ROM; no modules yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeVar

from omvsim.memory.firmware_names import Build, built_in_names, names_in_order
from omvsim.memory.requests import Memory
from omvsim.memory.strings import StringPool
from omvsim.micropython.machine import Machine

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.boards import Release
    from omvsim.heap import GcHeap

Kind = TypeVar("Kind", bound=Machine)


def new_machine(
    heap: GcHeap,
    release: Release,
    write: Callable[[str], None],
    build: Build = Build.FULL,
    kind: type[Kind] = Machine,  # type: ignore[assignment]  # the plain one by default
) -> Kind:
    """A machine on a heap that boot has prepared; ``kind`` is its class.

    Raises:
        KeyError: no names of that release and build were measured.
    """
    memory = Memory(heap, _not_yet)
    names = release.dialect.names
    strings = StringPool(memory, built_in_names(names, build))
    strings.rom_order = lambda: names_in_order(names, build)
    return kind(memory, strings, release, write)


def _not_yet(size: int) -> NoReturn:
    raise AssertionError(f"{size} bytes were asked for before there was an interpreter")


__all__ = ["new_machine"]
