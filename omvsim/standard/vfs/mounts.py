"""Mounted file systems and where the camera is in them (extmod/vfs.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.memory.strings import encode
from omvsim.micropython.types import bytes_
from omvsim.standard.streams import raise_os_error
from omvsim.standard.vfs.fat import VfsFat
from omvsim.standard.vfs.filesystem import ENODEV, EPERM, FileSystem, MemoryFiles
from omvsim.standard.vfs.rom import VfsRom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Obj, Value


class Mount:
    """``mp_vfs_mount_t``: a file system's object at a path."""

    def __init__(self, path: str, obj: Obj) -> None:
        self.path = path
        self.obj = obj

    @property
    def is_root(self) -> bool:
        """Whether it is mounted at the root itself, as the volume is up to 4.5.9."""
        return self.path == "/"


class Root:
    """``MP_VFS_ROOT``: the folder that the mounts are in."""


ROOT = Root()


class Mounts:
    """The table of mounts. A machine starts with an empty ``/flash``; :meth:`mount` gives it others."""

    def __init__(self) -> None:
        self.table: list[Mount] = []
        self.current: Mount | Root = ROOT
        self.mount("/flash", MemoryFiles())
        self.current = self.table[0]

    def mount(self, path: str, files: FileSystem) -> None:
        """Put a file system at a path, in place of one that is there; boot's objects are charged by boot."""
        made = VfsRom(files) if path == "/rom" else VfsFat(files)
        for each in self.table:
            if each.path == path:
                each.obj = made
                return
        self.table.append(Mount(path, made))

    def at_root(self) -> Mount | None:
        """What is mounted at the root itself."""
        return next((each for each in self.table if each.is_root), None)

    def find(self, path: str) -> tuple[Mount | Root | None, str]:
        """``mp_vfs_lookup_path``: the mount (None: there is none) and the path inside it."""
        if path.startswith("/") or isinstance(self.current, Root):
            absolute = path.startswith("/")
            path = path.removeprefix("/")
            if not path:
                return ROOT, ""
            for each in self.table:
                name = each.path[1:]
                if not name:
                    return each, f"/{path}" if absolute else path
                if path.startswith(name):
                    rest = path[len(name) :]
                    if rest[:1] == "/":
                        return each, rest
                    if not rest:
                        return each, "/"
            return None, ""
        return self.current, path

    def lookup(self, vm: Machine, path: Value) -> tuple[Mount | Root | None, Value]:
        """``lookup_path``: the path inside the mount is a new text of the type of ``path``."""
        mount, inside = self.find(vm.str_of(path))
        if not isinstance(mount, Mount):
            return mount, None
        return mount, vm.new_bytes(encode(inside)) if isinstance(path, bytes_.Bytes) else vm.new_str(inside)


def proxy_call(vm: Machine, mount: Mount | Root | None, name: str, args: Sequence[Value]) -> Value:
    """``mp_vfs_proxy_call``: a method of the file system's object."""
    if mount is None:
        raise_os_error(vm, ENODEV)
    if isinstance(mount, Root):
        raise_os_error(vm, EPERM)
    fun, bound = vm.method(mount.obj, name)
    return vm.call_method(fun, bound, args)


__all__ = ["ROOT", "Mount", "Mounts", "Root", "proxy_call"]
