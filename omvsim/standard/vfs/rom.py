"""``VfsRom``: the file system in ROM (extmod/vfs_rom.c). There is no folder to be in but its root, and no writing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.boards import StoredFile, romfs_contents
from omvsim.memory.strings import encode
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types import str_
from omvsim.micropython.types.common import Iterator, small
from omvsim.micropython.values import STOP, Sentinel
from omvsim.standard.streams import raise_os_error
from omvsim.standard.vfs.files import open_rom_file
from omvsim.standard.vfs.filesystem import ENOENT, EOPNOTSUPP, EPERM
from omvsim.standard.vfs.mounted import FILE, FOLDER, Mounted

if TYPE_CHECKING:
    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value
    from omvsim.standard.vfs.filesystem import FileSystem

DIR_ITERATOR: Final = 24
"""``vfs_rom_ilistdir_it_t``: base, iternext, vfs_rom, is_str, index, index_top."""
NAME_LONGEST: Final = 32767
NOWHERE: Final = "/\0"
"""A path that no file has."""


class VfsRom(Mounted):
    """Records that are searched one after the other; a path is compared with their names as it is."""

    __slots__ = ()
    type_name: ClassVar[str] = "VfsRom"

    def absolute(self, path: str) -> str:
        """``mp_vfs_rom_search_filesystem``: one slash in front may be there and one behind a folder; ``.``, ``..`` and
        further slashes are names that nothing has.
        """
        rest = path.removeprefix("/")
        whole = rest.removesuffix("/")
        if whole and not {"", ".", ".."}.isdisjoint(whole.split("/")):
            return NOWHERE
        return NOWHERE if rest != whole and self.files.kind(f"/{whole}") != "dir" else f"/{whole}"

    def _found(self, vm: Machine, path: Value) -> tuple[str, str]:
        """Kind and place of what is there."""
        place = self.absolute(vm.str_of(path))
        kind = self.files.kind(place)
        if not kind:
            raise_os_error(vm, ENOENT)
        return kind, place

    @method("mount", 3)
    def mount(self, vm: Machine, readonly: Value, mkfs: Value) -> Value:
        """Nothing is left to do."""
        if vm.truth(mkfs):
            raise_os_error(vm, EPERM)
        return None

    @method("umount", 1)
    def umount(self, vm: Machine) -> Value:
        """``mp_identity``."""
        return self

    @method("open", 3)
    def open(self, vm: Machine, path: Value, mode: Value) -> Value:
        """A file, read where it is."""
        letters = vm.str_of(mode)
        return open_rom_file(vm, self.files, self.absolute(vm.str_of(path)), letters)

    @method("chdir", 2)
    def chdir(self, vm: Machine, path: Value) -> Value:
        """Only to the root."""
        if vm.str_of(path) != "/":
            raise_os_error(vm, EOPNOTSUPP)
        return None

    @method("getcwd", 1)
    def getcwd(self, vm: Machine) -> Value:
        """Always the root."""
        return ""

    @method("ilistdir", 2)
    def ilistdir(self, vm: Machine, path: Value) -> Value:
        """Tuples of name, type, 0 and size; the iterator stays as garbage where there is no such folder."""
        made = DirIterator(vm.memory, vm.memory.alloc(DIR_ITERATOR), self.files, as_text=str_.is_str(path))
        kind, place = self._found(vm, path)
        if kind != "dir":
            raise_os_error(vm, ENOENT)
        made.open(place)
        return made

    @method("stat", 2)
    def stat(self, vm: Machine, path: Value) -> Value:
        """Ten numbers; no time."""
        kind, place = self._found(vm, path)
        return vm.new_tuple((FILE if kind == "file" else FOLDER, *(0,) * 5, small(_size(self.files, place)), *(0,) * 3))

    @method("statvfs", 2)
    def statvfs(self, vm: Machine, path: Value) -> Value:
        """Ten numbers: blocks of one byte, none of them free."""
        made = vm.new_tuple((None,) * 10)
        made.items = (1, 0, vm.new_int(_size(self.files, "/")), *(0,) * 6, NAME_LONGEST)
        return made


class DirIterator(Iterator):
    """``vfs_rom_ilistdir_it_t``."""

    __slots__ = ("as_text", "at", "entries", "files", "path")

    def __init__(self, memory: Memory, address: int, files: FileSystem, *, as_text: bool) -> None:
        super().__init__(memory, address)
        self.files = files
        self.as_text = as_text
        self.path = ""
        self.entries: list[str] = []
        self.at = 0

    def open(self, path: str) -> None:
        """Begin with the first entry of a folder."""
        self.path = path.rstrip("/")
        self.entries = self.files.names(path)

    def next(self, vm: Machine) -> Value | Sentinel:
        if self.at >= len(self.entries):
            return STOP
        name = self.entries[self.at]
        self.at += 1
        place = f"{self.path}/{name}"
        made = vm.new_tuple((None,) * 4)
        text: Value = vm.new_str(name) if self.as_text else vm.new_bytes(encode(name))
        kind = FOLDER if self.files.kind(place) == "dir" else FILE
        made.items = (text, kind, 0, vm.new_int(_size(self.files, place)))
        return made


def _size(files: FileSystem, place: str) -> int:
    """Bytes of a file, or of the records in a folder. ``tools/mkromfs.py`` makes no folders: what is in one that a user
    has is laid out as at the root.
    """
    kind = files.kind(place)
    if kind != "dir":  # of what cannot be read there is only the entry
        return files.size(place) if kind else 0
    inside = [(name, f"{place.rstrip('/')}/{name}") for name in files.names(place)]
    return romfs_contents(StoredFile.in_rom(name, _size(files, each)) for name, each in inside)


VFS_ROM: Final = NativeType("VfsRom", VfsRom, protocol=True)
"""Its type, as ``print`` and ``type`` show it."""

__all__ = ["VFS_ROM", "VfsRom"]
