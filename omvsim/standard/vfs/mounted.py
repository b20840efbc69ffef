"""What the objects of all mounted file systems have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.values import Obj

if TYPE_CHECKING:
    from omvsim.standard.vfs.filesystem import FileSystem

FOLDER = 0x4000
FILE = 0x8000


class Mounted(Obj):
    """The object of a mount: made by boot, so that a script sees it at no cost."""

    __slots__ = ("files",)

    def __init__(self, files: FileSystem) -> None:
        self.address = 0
        self.files = files

    def absolute(self, path: str) -> str:
        """The path of :class:`FileSystem` that is meant by one inside this file system."""
        raise NotImplementedError


__all__ = ["FILE", "FOLDER", "Mounted"]
