"""Open files of a FAT file system (extmod/vfs_fat_file.c), and of the one in ROM."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory import sizes
from omvsim.micropython.native import NativeType, method
from omvsim.standard.streams import SEEK_CUR, SEEK_END, StreamMethods, raise_os_error, read_line
from omvsim.standard.vfs.filesystem import EACCES, EEXIST, EINVAL, EISDIR, ENOENT, EROFS, FileError, FileSystem

if TYPE_CHECKING:
    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Out, PrintKind, Value


class FileIO(StreamMethods):
    """A binary file: ``pyb_file_obj_t``. What is written is in the file system when it is flushed or closed."""

    __slots__ = ("_data", "at", "changed", "files", "path", "readable", "writable")
    type_name: ClassVar[str] = "FileIO"

    def __init__(self, memory: Memory, address: int, files: FileSystem, path: str, mode: str) -> None:
        super().__init__(memory, address)
        self.files: FileSystem | None = files
        self.path = path
        self.readable = "r" in mode or "+" in mode
        self.writable = any(letter in mode for letter in "wxa+")
        self._data: bytearray | None = bytearray()
        self.at = 0
        self.changed = False

    @property
    def data(self) -> bytearray:
        """What is in it, shared.

        Raises:
            Unknown: nobody knows.
        """
        if self._data is None:
            assert self.files is not None
            self._data = bytearray(self.files.read(self.path))
        return self._data

    @property
    def length(self) -> int:
        """Its bytes."""
        if self._data is None and self.files is not None:
            return self.files.size(self.path)
        return len(self.data)

    def open(self, mode: str) -> None:
        """``f_open``.

        Raises:
            FileError: there is no such file, or it is a folder.
        """
        assert self.files is not None
        kind = self.files.kind(self.path)
        if kind == "dir":
            raise FileError(EACCES)
        if "x" in mode and kind:
            raise FileError(EEXIST)
        if kind and "w" not in mode:
            self._data = bytearray(self.files.read(self.path)) if self.files.is_known(self.path) else None
        elif kind or any(letter in mode for letter in "wxa"):
            self.files.write(self.path, b"")
        else:
            self.files.read(self.path)
        if "a" in mode:
            self.at = self.length

    def _opened(self, vm: Machine) -> FileSystem:
        if self.files is None:
            raise_os_error(vm, EINVAL)
        return self.files

    def pull(self, vm: Machine, count: int) -> bytes | None:
        self._opened(vm)
        if not self.readable:
            raise_os_error(vm, EACCES)
        found = bytes(self.data[self.at : self.at + count])
        self.at += len(found)
        return found

    def push(self, vm: Machine, data: bytes) -> int | None:
        self._opened(vm)
        if not self.writable:
            raise_os_error(vm, EACCES)
        self.data[self.at : self.at + len(data)] = data
        self.at += len(data)
        self.changed = True
        return len(data)

    def place(self, vm: Machine, offset: int, whence: int) -> int:
        """``f_lseek``: a file open for writing grows to the position, another one ends where it ends."""
        if self.files is None:
            return self.at
        start = {SEEK_CUR: self.at, SEEK_END: self.length}.get(whence, 0)
        at = (start + offset) & 0xFFFFFFFF
        if at > self.length:
            if self.writable and at < 1 << 31:
                self.data.extend(bytes(at - len(self.data)))
                self.changed = True
            at = self.length
        self.at = at
        return at

    def sync(self, vm: Machine) -> None:
        self._opened(vm)
        self.store()

    def store(self) -> None:
        """Put what was written where others see it."""
        if self.changed and self.files is not None:
            self.files.write(self.path, bytes(self.data))
            self.changed = False

    def shut(self, vm: Machine) -> None:
        self.store()
        self.files = None

    @method("readlines", 1)
    def readlines(self, vm: Machine) -> Value:
        """Every line that is left."""
        lines = vm.new_list(())
        while vm.truth(line := read_line(vm, self, -1)):
            vm.list_append(lines, line)
        return lines

    @method("__del__", 1)
    def delete(self, vm: Machine) -> Value:
        """Close, from the collector."""
        self.shut(vm)
        return None

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """``<io.FileIO address>``."""
        for piece in ("<io.", self.type_name, " ", f"{self.address:x}", ">"):
            out(piece)


class TextIOWrapper(FileIO):
    """A text file."""

    __slots__ = ()
    type_name: ClassVar[str] = "TextIOWrapper"
    is_text: ClassVar[bool] = True


FILE_IO: Final = NativeType("FileIO", FileIO, protocol=True)
TEXT_IO: Final = NativeType("TextIOWrapper", TextIOWrapper, protocol=True)


def open_file(vm: Machine, files: FileSystem, path: str, mode: str) -> FileIO:
    """``fat_vfs_open``: 88 bytes with a finaliser, given back if the file cannot be opened."""
    kind: type[FileIO] = TextIOWrapper
    for letter in mode:
        kind = {"b": FileIO, "t": TextIOWrapper}.get(letter, kind)
    memory = vm.memory
    made = kind(memory, memory.alloc(sizes.FILE_OBJECT, finaliser=True), files, path, mode)
    number = 0
    try:
        made.open(mode)
    except FileError as error:
        number = error.number
    if number:
        memory.free(made)
        raise_os_error(vm, number)
    return made


def open_rom_file(vm: Machine, files: FileSystem, path: str, mode: str) -> FileIO:
    """``mp_vfs_rom_file_open`` (extmod/vfs_rom_file.c): its object stays as garbage when there is no such file."""
    kind: type[FileIO] = TextIOWrapper
    for letter in mode:
        if letter in "wa+":
            raise_os_error(vm, EROFS)
        kind = {"b": FileIO, "t": TextIOWrapper}.get(letter, kind)
    made = kind(vm.memory, vm.memory.alloc(sizes.ROM_FILE_OBJECT), files, path, "r")
    found = files.kind(path)
    if found != "file":
        raise_os_error(vm, EISDIR if found else ENOENT)
    made.open("r")
    return made


__all__ = ["FILE_IO", "TEXT_IO", "FileIO", "TextIOWrapper", "open_file", "open_rom_file"]
