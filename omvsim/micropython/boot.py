"""What boot leaves in the main module: the names of ``_boot.py``, in the table they filled.

``_boot.py`` (scripts/libraries/_boot.py of OpenMV, the same in 4.8.1 and 5.0.0) runs as the main module and deletes
some of its names again, so the main script starts with a table of twelve entries, six of them in use. ``mimxrt`` and
``machine`` stay because ``machine.SDCard`` does not exist in the measured build.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.memory.requests import Block
from omvsim.micropython.maps import Map
from omvsim.micropython.values import Obj

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Machine

STORED: Final = (
    *("__name__", "os", "sys", "vfs", "main_py", "readme_txt", "bdev", "sdcard"),
    *("mimxrt", "machine", "create_file", "fat"),
)
"""Names in the order in which they are stored first."""
DELETED: Final = ("os", "sys", "vfs", "fat", "bdev", "sdcard")
LOADED: Final = ("machine",)
"""Modules that boot imported from files: ``sys.modules``, which has room for three from the start."""
LOADED_ROOM: Final = 3
"""``MICROPY_LOADED_MODULES_DICT_SIZE``."""


class BootValue(Obj):
    """Something that boot made and no script gets at."""

    __slots__ = ()
    type_name = "boot"


class _Still:
    """A memory that is asked for nothing: tables grow in it without a request."""

    def block(self, size: int) -> Block:
        """A block nowhere."""
        return Block(self, 0, size)  # type: ignore[arg-type]  # only its own methods are used

    def free(self, block: Block) -> None:
        """Nothing to free."""


def filled(memory: Memory, vm: Machine, names: Iterable[str], room: int, address: int) -> Map:
    """A table at ``address`` that these names were stored into, one after the other."""
    still = _Still()
    table = Map(still, room)  # type: ignore[arg-type]  # as above
    for name in names:
        table.set(vm, name, BootValue(memory))
    table.table = Block(memory, address, len(table.slots) * 8)
    return table


def adopt(vm: Machine, main_table: int, loaded_table: int) -> None:
    """Take over what boot left: the tables of the main module and of the loaded modules are at these addresses."""
    main = filled(vm.memory, vm, STORED, 1, main_table)
    main.set(vm, "__name__", "__main__")
    for name in DELETED:
        main.remove(vm, name)
    vm.main.map = main  # type: ignore[attr-defined]  # a dict
    vm.loaded.map = filled(vm.memory, vm, LOADED, LOADED_ROOM, loaded_table)  # type: ignore[attr-defined]  # a dict


__all__ = ["adopt"]
