"""Which file systems the camera finds when it starts: those that its release has and that hold something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.runs.host_files import HostFiles

if TYPE_CHECKING:
    from omvsim.boards import Board
    from omvsim.modules.vfs.mounts import Mounts
    from omvsim.runs.files import Files

DISK_MARK: Final = ".openmv_disk"
"""What ``_boot.py`` makes where it is not there (scripts/libraries/_boot.py, from 4.6.0)."""
CARD: Final = 32 << 30
"""Bytes of a card, which only ``os.statvfs`` tells."""


def mount(mounts: Mounts, files: Files, board: Board) -> None:
    """Mount them, and make the one that the script is on the current one."""
    mounts.table.clear()
    root = not board.release.mounts_flash
    # A heap of one's own may lie where the profile's flash is: the script's file system is there all the same.
    sizes = {"flash": CARD} | {system.name: system.free or CARD for system in board.filesystems}
    for name, size in sizes.items():
        if name == "sdcard" and files.current != "/sdcard":
            continue  # no card in the slot
        path = "/" if root and name == "flash" else f"/{name}"
        made = (DISK_MARK,) if name == "flash" and not root else ()
        mounts.mount(path, HostFiles(files, name, size, writable=name != "rom", made=made))
    here = "/" if root and files.current == "/flash" else files.current
    if not any(each.path == here for each in mounts.table):  # a profile that says nothing of it
        mounts.mount(here, HostFiles(files, files.current[1:], CARD, writable=True))
    mounts.current = next(each for each in mounts.table if each.path == here)


__all__ = ["mount"]
