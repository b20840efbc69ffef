"""Which file systems the camera finds when it starts: those that its release has and that hold something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.boards import FileSystemKind
from omvsim.modelfile import ROM_LABELS
from omvsim.standard.vfs.host_files import HostFiles, Stock

if TYPE_CHECKING:
    from omvsim.boards import Board, FileSystem
    from omvsim.standard.vfs.mounts import Mounts
    from omvsim.world.files import Files

DISK_MARK: Final = ".openmv_disk"
"""What boot makes where it is not there."""
CARD: Final = 32 << 30
"""Bytes of a card, which only ``os.statvfs`` tells."""


def mount(mounts: Mounts, files: Files, board: Board) -> None:
    """Mount them, and make the one that the script is on the current one."""
    mounts.table.clear()
    root = not board.release.mounts_flash
    # A heap of one's own may lie where the profile's flash is: the script's file system is there all the same.
    sizes = {"flash": CARD} | {system.name: system.free or CARD for system in board.filesystems}
    stock = {system.name: _stock(system) for system in board.filesystems if system.kind is FileSystemKind.ROMFS}
    for name, size in sizes.items():
        if name == "sdcard" and files.current != "/sdcard":
            continue  # no card in the slot
        if root and name == "flash" and files.current == "/sdcard":
            continue  # a card takes the place of the flash
        path = "/" if root else f"/{name}"
        made = (DISK_MARK,) if board.release.marks_disk and name == ("flash" if not root else files.current[1:]) else ()
        there = stock.get(name, {})
        mounts.mount(path, HostFiles(files, name, size, writable=name != "rom", made=made, stock=there))
    here = "/" if root else files.current
    if not any(each.path == here for each in mounts.table):  # a profile that says nothing of it
        mounts.mount(here, HostFiles(files, files.current[1:], CARD, writable=True))
    mounts.current = next(each for each in mounts.table if each.path == here)


def _stock(system: FileSystem) -> dict[str, Stock]:
    """What is in a ROM file system from the factory, by path. A script cannot have changed it; of texts with labels the
    content is known too.
    """
    found: dict[str, Stock] = {}
    for file in system.stock:
        stem, _, ending = file.name.partition(".")
        text = b"".join(ROM_LABELS.get(stem, ())) if ending == "txt" else b""
        found[f"/{file.name}"] = Stock(file.bytes, text if len(text) == file.bytes else None)
    return found


__all__ = ["mount"]
