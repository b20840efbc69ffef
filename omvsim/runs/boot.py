"""Power-up: what the firmware asks of the heap before ``main.py`` is opened, and what it leaves for it.

The requests are made by the firmware's own code and do not depend on the script, so they are data, measured once for
each start of a release and each set of frozen modules. The heap decides the addresses. A table that lives on (the names
of ``__main__``, the loaded modules, ``sys.path``) is handed to the interpreter, which grows it when the script does.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from omvsim.frozen.at_boot import BootValue, ImportedAtBoot
from omvsim.memory import sizes
from omvsim.records import NamedTuple, dataclass
from omvsim.world.unknown import UnknownModule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from omvsim.boards import Board, Release
    from omvsim.memory.requests import Block
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.maps import Map
    from omvsim.micropython.values import Obj, Value

LOADED_TABLE: Final = 0
"""Which request of boot is the table of loaded modules (``mp_init`` in py/runtime.c asks for it first)."""
PATH_TABLE: Final = 3
"""Which one holds the items of ``sys.path`` (likewise)."""
OF_MAIN: Final = {"__name__": "__main__", "__file__": "main.py"}
"""Names of the main script that the firmware sets itself (``parse_compile_execute`` in shared/runtime/pyexec.c)."""


FEWEST: Final = "ml"
"""The set of frozen modules that every start was measured with."""


class Boot(NamedTuple):
    """Requests as ``["a", bytes, (finaliser)]``, ``["f", chunk]`` and ``["r", chunk, bytes]``; what they leave."""

    requests: Sequence[Sequence[Any]]
    garbage: frozenset[int]
    globals_table: int
    names: Sequence[str]
    """Names of ``__main__`` that boot leaves behind."""
    loaded: Sequence[str]
    """Frozen modules that boot has imported."""


@lru_cache(maxsize=8)
def boot_of(release: Release, frozen: str) -> Boot:
    """Boot of a release's start; with fewer frozen modules where it was not measured with these."""
    path = _file(release, frozen)
    stored = json.loads((path if path.is_file() else _file(release, FEWEST)).read_text(encoding="utf-8"))
    # Names that nobody wrote down take their place under names that no script can have.
    names = stored["names"] + [f" {number}" for number in range(len(stored["names"]), stored.get("globals_used", 0))]
    return Boot(stored["requests"], frozenset(stored["garbage"]), stored["globals_table"], names, stored["loaded"])


def is_measured(release: Release, frozen: str) -> bool:
    """Whether this boot was measured for this very set of frozen modules."""
    return frozen != "full" or _file(release, frozen).is_file()


def _file(release: Release, frozen: str) -> Path:
    return Path(__file__).with_name("data") / f"boot-{release.start}-{frozen}.json"


@dataclass(slots=True)
class Booted:
    """What boot left on the heap."""

    kept: list[Block]
    """Chunks that the firmware keeps for good."""
    path_table: Block
    """The items of ``sys.path``."""


def boot(vm: Machine, board: Board) -> Booted:
    """Make boot's requests and hand its tables to the interpreter.

    Raises:
        Raised: the heap is too small even for this.
    """
    data = boot_of(board.release, board.frozen)
    blocks: list[Block] = []
    for request in data.requests:
        kind, first = request[0], request[1]
        if kind == "a":
            blocks.append(vm.memory.block(first, finaliser=len(request) > 2))
        elif kind == "f":
            vm.memory.free(blocks[first])
        else:
            vm.memory.resize(blocks[first], request[2])
    of_main = {name: OF_MAIN.get(name) or BootValue(vm, name) for name in data.names}
    _adopt(vm, vm.main, blocks[data.globals_table], of_main)
    unmodelled, reasons = board.port.unmodelled, dict(board.port.reasons)
    loaded = {
        name: UnknownModule(name, {}, reasons.get(name, "")) if name in unmodelled else ImportedAtBoot(vm, name)
        for name in data.loaded
    }
    _adopt(vm, vm.loaded, blocks[LOADED_TABLE], loaded)
    tables = {data.globals_table, LOADED_TABLE, PATH_TABLE}
    kept = [block for number, block in enumerate(blocks) if number not in data.garbage | tables and block.address]
    return Booted(kept, blocks[PATH_TABLE])


def _adopt(vm: Machine, names: Obj, table: Block, filled: Mapping[str, Value]) -> None:
    """Let a dict of the interpreter have a table that boot made."""
    held: Map = names.map  # type: ignore[attr-defined]  # main and loaded are dicts
    held.table = table
    held.slots = [None] * (table.size // sizes.MAP_ENTRY)
    for name, value in filled.items():
        held.set(vm, name, value)


__all__ = ["Boot", "Booted", "boot", "boot_of", "is_measured"]
