"""``VfsFat``: a mounted file system as an object (extmod/vfs_fat.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory.strings import encode
from omvsim.micropython.errors import Unknown
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types import bytes_, int_
from omvsim.micropython.types.common import Iterator
from omvsim.micropython.values import STOP, Sentinel
from omvsim.standard.streams import raise_os_error
from omvsim.standard.vfs.files import open_file
from omvsim.standard.vfs.filesystem import EEXIST, EISDIR, ENOENT, ENOTDIR, FileError, FileSystem
from omvsim.standard.vfs.mounted import FILE, FOLDER, Mounted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Value

DIR_ITERATOR: Final = 96
"""``mp_vfs_fat_ilistdir_it_t`` with its ``FF_DIR`` (measured)."""
NAME_LONGEST: Final = 255
"""``FF_MAX_LFN``."""


class VfsFat(Mounted):
    """A volume with FAT."""

    __slots__ = ("folder",)
    type_name: ClassVar[str] = "VfsFat"

    def __init__(self, files: FileSystem) -> None:
        super().__init__(files)
        self.folder = "/"

    def absolute(self, path: str) -> str:
        """A path from the root of this file system, without ``.`` and ``..`` (``follow_path`` of FatFs)."""
        whole = path if path.startswith("/") else f"{self.folder}/{path}"
        parts: list[str] = []
        for part in whole.split("/"):
            if part == "..":
                parts = parts[:-1]
            elif part not in ("", "."):
                parts.append(part)
        return "/" + "/".join(parts)

    def _do(self, vm: Machine, action: Callable[[], object]) -> None:
        try:
            action()
        except FileError as error:
            number = error.number
        else:
            return
        raise_os_error(vm, number)

    @method("open", 3)
    def open(self, vm: Machine, path: Value, mode: Value) -> Value:
        """A file."""
        letters = vm.str_of(mode)
        return open_file(vm, self.files, self.absolute(vm.str_of(path)), letters)

    @method("ilistdir", 1, 2)
    def ilistdir(self, vm: Machine, *args: Value) -> Value:
        """Tuples of name, type, 0 and size."""
        path = self.absolute(vm.str_of(args[0]) if args else "")
        as_bytes = bool(args) and isinstance(args[0], bytes_.Bytes)
        address = vm.memory.alloc(DIR_ITERATOR, finaliser=True)
        made = DirIterator(vm.memory, address, self.files, path, as_bytes=as_bytes)
        self._do(vm, made.open)
        return made

    @method("mkdir", 2)
    def mkdir(self, vm: Machine, path: Value) -> Value:
        """A new folder."""
        self._do(vm, lambda: self.files.make_folder(self.absolute(vm.str_of(path))))
        return None

    def _remove(self, vm: Machine, path: Value, kind: str) -> None:
        place = self.absolute(vm.str_of(path))
        found = self.files.kind(place)
        if not found:
            raise_os_error(vm, ENOENT)
        if found != kind:
            raise_os_error(vm, ENOTDIR if kind == "dir" else EISDIR)
        self._do(vm, lambda: self.files.remove(place))

    @method("remove", 2)
    def remove(self, vm: Machine, path: Value) -> Value:
        """A file goes."""
        self._remove(vm, path, "file")
        return None

    @method("rmdir", 2)
    def rmdir(self, vm: Machine, path: Value) -> Value:
        """An empty folder goes."""
        self._remove(vm, path, "dir")
        return None

    @method("rename", 3)
    def rename(self, vm: Machine, path: Value, new: Value) -> Value:
        """A file of the new name is replaced."""
        old_place, place = self.absolute(vm.str_of(path)), self.absolute(vm.str_of(new))
        try:
            self.files.rename(old_place, place)
        except FileError as error:
            number = error.number
        else:
            return None
        if number != EEXIST:
            raise_os_error(vm, number)
        self._remove(vm, new, "file")
        self._do(vm, lambda: self.files.rename(old_place, place))
        return None

    @method("chdir", 2)
    def chdir(self, vm: Machine, path: Value) -> Value:
        """Where relative paths begin."""
        place = self.absolute(vm.str_of(path))
        if self.files.kind(place) != "dir":
            raise_os_error(vm, ENOENT)
        self.folder = place
        return None

    @method("getcwd", 1)
    def getcwd(self, vm: Machine) -> Value:
        """Where relative paths begin."""
        return vm.new_str(self.folder)

    @method("stat", 2)
    def stat(self, vm: Machine, path: Value) -> Value:
        """Ten numbers."""
        text = vm.str_of(path)
        place = self.absolute(text)
        kind = "dir" if text in ("", "/") else self.files.kind(place)
        if not kind:
            raise_os_error(vm, ENOENT)
        size = self.files.size(place) if kind == "file" else 0
        made = vm.new_tuple((0,) * 10)
        seconds = self.files.time_of(place)
        times = [int_.from_word(vm, seconds) for _ in range(3)]
        mode = FOLDER if kind == "dir" else FILE
        made.items = (mode, 0, 0, 0, 0, 0, size, *times)
        return made

    @method("statvfs", 2)
    def statvfs(self, vm: Machine, path: Value) -> Value:
        """Ten numbers: size and count of clusters."""
        cluster, count, free = self.files.space()
        return vm.new_tuple((cluster, cluster, count, free, free, 0, 0, 0, 0, NAME_LONGEST))

    @method("mount", 3)
    def mount(self, vm: Machine, readonly: Value, mkfs: Value) -> Value:
        """Nothing is left to do."""
        return None

    @method("umount", 1)
    def umount(self, vm: Machine) -> Value:
        """The file system stays usable by this object."""
        return None


class DirIterator(Iterator):
    """``mp_vfs_fat_ilistdir_it_t``."""

    __slots__ = ("as_bytes", "at", "entries", "files", "path")

    def __init__(self, memory: Memory, address: int, files: FileSystem, path: str, *, as_bytes: bool) -> None:
        super().__init__(memory, address)
        self.files = files
        self.path = path
        self.as_bytes = as_bytes
        self.entries: list[str] = []
        self.at = 0

    def open(self) -> None:
        """``f_opendir``.

        Raises:
            FileError: there is no such folder.
        """
        self.entries = self.files.names(self.path)

    def next(self, vm: Machine) -> Value | Sentinel:
        if self.at >= len(self.entries):
            return STOP
        name = self.entries[self.at]
        self.at += 1
        place = f"{self.path.rstrip('/')}/{name}"
        made = vm.new_tuple((None,) * 4)
        text: Value = vm.new_bytes(encode(name)) if self.as_bytes else vm.new_str(name)
        is_folder = self.files.kind(place) == "dir"
        size = 0 if is_folder else vm.new_int(self._size(place))
        made.items = (text, FOLDER if is_folder else FILE, 0, size)
        return made

    def _size(self, place: str) -> int:
        """Of what cannot be read there is only the entry."""
        try:
            return self.files.size(place)
        except FileError:
            return 0


def _new_fat(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 1, 1, keywords=False)
    raise Unknown("vfs.VfsFat", "file systems on a script's own block device are not modelled")


VFS_FAT: Final = NativeType("VfsFat", VfsFat, _new_fat, protocol=True)

__all__ = ["VFS_FAT", "DirIterator", "VfsFat"]
