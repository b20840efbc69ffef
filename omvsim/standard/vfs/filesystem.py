"""What a mounted file system can do for the firmware, and one in memory."""

from __future__ import annotations

from typing import Protocol

ENOENT, EIO, EACCES, EEXIST, ENODEV, ENOTDIR, EISDIR, EINVAL, EROFS, EPERM, ENOSPC, EOPNOTSUPP = (
    2,
    5,
    13,
    17,
    19,
    20,
    21,
    22,
    30,
    1,
    28,
    95,
)


class FileError(Exception):
    """A file system refuses; ``number`` is the errno."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class FileSystem(Protocol):
    """One mounted file system. Paths begin with ``/`` and have no ``.`` or ``..``.

    Raises:
        FileError: what FatFs answers (extmod/vfs_fat_file.c, ``fresult_to_errno_table``).
    """

    def kind(self, path: str) -> str:
        """ "file", "dir" or "" for nothing."""

    def read(self, path: str) -> bytes:
        """A file's content; ends the run as not known where it is not (:meth:`is_known`)."""

    def is_known(self, path: str) -> bool:
        """Whether what is in a file is known: not of one that the firmware brings and nobody has given."""

    def size(self, path: str) -> int:
        """Bytes of a file, known or not."""

    def write(self, path: str, data: bytes) -> None:
        """Make or replace a file."""

    def names(self, path: str) -> list[str]:
        """Names in a folder, in the order the folder has them."""

    def remove(self, path: str) -> None:
        """Remove a file or an empty folder."""

    def rename(self, path: str, new: str) -> None:
        """Rename what is there; ``new`` must not exist."""

    def make_folder(self, path: str) -> None:
        """Make a folder."""

    def time_of(self, path: str) -> int:
        """Seconds since 1970 of its last change."""

    def space(self) -> tuple[int, int, int]:
        """Bytes of a cluster, clusters, free clusters."""


class MemoryFiles:
    """A FAT file system in memory: names keep their case, and are found in any."""

    CLUSTER = 4096
    CLUSTERS = 2039
    CREATED = 946684800
    """2000-01-01, as a camera without a set clock stamps (FatFs: 0x2821)."""

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        self._names: dict[str, str] = {"/": "/"}
        self._data: dict[str, bytes] = {}
        self._folders: dict[str, list[str]] = {"/": []}
        for path, data in (files or {}).items():
            parts = path.strip("/").split("/")
            for depth in range(1, len(parts)):
                folder = "/" + "/".join(parts[:depth])
                if not self.kind(folder):
                    self.make_folder(folder)
            self.write("/" + "/".join(parts), data)

    def kind(self, path: str) -> str:
        """See :class:`FileSystem`."""
        key = path.lower()
        return "dir" if key in self._folders else "file" if key in self._data else ""

    def read(self, path: str) -> bytes:
        """See :class:`FileSystem`."""
        try:
            return self._data[path.lower()]
        except KeyError:
            raise FileError(EACCES if self.kind(path) else ENOENT) from None

    def is_known(self, path: str) -> bool:
        """See :class:`FileSystem`."""
        return True

    def size(self, path: str) -> int:
        """See :class:`FileSystem`."""
        return len(self.read(path))

    def write(self, path: str, data: bytes) -> None:
        """See :class:`FileSystem`."""
        if self.kind(path) == "dir":
            raise FileError(EACCES)
        self._enter(path)
        self._data[path.lower()] = data

    def names(self, path: str) -> list[str]:
        """See :class:`FileSystem`."""
        try:
            return list(self._folders[path.lower()])
        except KeyError:
            raise FileError(ENOENT) from None

    def remove(self, path: str) -> None:
        """See :class:`FileSystem`."""
        key = path.lower()
        kind = self.kind(path)
        if not kind:
            raise FileError(ENOENT)
        if kind == "dir":
            if self._folders[key]:
                raise FileError(EACCES)
            del self._folders[key]
        else:
            del self._data[key]
        folder, name = _split(path)
        inside = self._folders[folder.lower()]
        inside[:] = [each for each in inside if each.lower() != name.lower()]

    def rename(self, path: str, new: str) -> None:
        """See :class:`FileSystem`."""
        kind = self.kind(path)
        if not kind:
            raise FileError(ENOENT)
        if self.kind(new) and path.lower() != new.lower():
            raise FileError(EEXIST)
        if self.kind(_split(new)[0]) != "dir":
            raise FileError(ENOENT)
        if kind == "file":
            data = self.read(path)
            self.remove(path)
            self.write(new, data)
            return
        old = path.lower()
        inside = self._folders.pop(old)
        moved = {key: data for key, data in self._data.items() if key.startswith(old + "/")}
        folders = {key: names for key, names in self._folders.items() if key.startswith(old + "/")}
        self._folders[old] = []
        self.remove(path)
        self.make_folder(new)
        self._folders[new.lower()] = inside
        for key, data in moved.items():
            del self._data[key]
            self._data[new.lower() + key[len(old) :]] = data
        for key, names in folders.items():
            del self._folders[key]
            self._folders[new.lower() + key[len(old) :]] = names

    def make_folder(self, path: str) -> None:
        """See :class:`FileSystem`."""
        if self.kind(path):
            raise FileError(EEXIST)
        self._enter(path)
        self._folders[path.lower()] = []

    def time_of(self, path: str) -> int:
        """See :class:`FileSystem`."""
        return self.CREATED

    def space(self) -> tuple[int, int, int]:
        """See :class:`FileSystem`."""
        used = sum(-(-len(data) // self.CLUSTER) for data in self._data.values()) + len(self._folders) - 1
        return self.CLUSTER, self.CLUSTERS, self.CLUSTERS - used

    def _enter(self, path: str) -> None:
        folder, name = _split(path)
        inside = self._folders.get(folder.lower())
        if inside is None:
            raise FileError(ENOENT)
        if not any(each.lower() == name.lower() for each in inside):
            inside.append(name)


def _split(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder or "/", name


__all__ = [
    "EACCES",
    "EEXIST",
    "EINVAL",
    "EISDIR",
    "ENODEV",
    "ENOENT",
    "ENOTDIR",
    "EOPNOTSUPP",
    "EPERM",
    "EROFS",
    "FileError",
    "FileSystem",
    "MemoryFiles",
]
