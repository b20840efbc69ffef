"""A file system of the camera: what a folder of the host holds, and over it what the script writes.

Nothing of the host is changed: what a script writes lives as long as its run, so that runs repeat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.modules.vfs.filesystem import EACCES, EEXIST, ENOENT, EROFS, FileError, MemoryFiles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from omvsim.runs.files import Files

CLUSTER = 4096
MOST_BYTES = 64 << 20
"""A larger file of the host cannot be on a camera's heap, and is not read."""


class HostFiles:
    """One mount (:class:`omvsim.modules.vfs.filesystem.FileSystem`).

    Args:
        files: the folders of the host.
        mount: ``rom``, ``flash`` or ``sdcard``.
        size: bytes it has for files.
        writable: whether a script may write there.
        made: empty files that boot has made there.
    """

    def __init__(self, files: Files, mount: str, size: int, *, writable: bool, made: Sequence[str] = ()) -> None:
        self._files = files
        self._mount = mount
        self._size = size
        self._writable = writable
        self._written = MemoryFiles({f"/{name}": b"" for name in made})
        self._gone: set[str] = set()
        """Paths of the host that the script removed."""

    def _below(self, path: str) -> Path | None:
        return None if path in self._gone else self._files.find(f"/{self._mount}{path}")

    def _may_write(self) -> None:
        if not self._writable:
            raise FileError(EROFS)

    def kind(self, path: str) -> str:
        """See :class:`FileSystem`."""
        own = self._written.kind(path)
        if own or path == "/":
            return own or "dir"
        found = self._below(path)
        return "" if found is None else "dir" if found.is_dir() else "file"

    def read(self, path: str) -> bytes:
        """See :class:`FileSystem`."""
        if self._written.kind(path) == "file":
            return self._written.read(path)
        found = self._below(path)
        if found is None:
            raise FileError(ENOENT)
        if not found.is_file():
            raise FileError(EACCES)
        try:
            with found.open("rb") as file:
                return file.read(MOST_BYTES)
        except OSError:
            raise FileError(EACCES) from None

    def write(self, path: str, data: bytes) -> None:
        """See :class:`FileSystem`."""
        self._may_write()
        if self.kind(path) == "dir":
            raise FileError(EACCES)
        self._make_way(path)
        self._written.write(path, data)

    def _make_way(self, path: str) -> None:
        """Folders that the host has and what is written does not."""
        folder = path.rpartition("/")[0]
        if not folder or self._written.kind(folder) == "dir":
            return
        if self.kind(folder) != "dir":
            raise FileError(ENOENT)
        self._make_way(folder)
        self._written.make_folder(folder)

    def names(self, path: str) -> list[str]:
        """See :class:`FileSystem`."""
        if self.kind(path) != "dir":
            raise FileError(ENOENT)
        inside = path.rstrip("/")
        below = [name for name in self._files.names(f"/{self._mount}{path}") if f"{inside}/{name}" not in self._gone]
        own = self._written.names(path) if self._written.kind(path) == "dir" else []
        return below + [name for name in own if name not in below]

    def remove(self, path: str) -> None:
        """See :class:`FileSystem`."""
        self._may_write()
        kind = self.kind(path)
        if not kind:
            raise FileError(ENOENT)
        if kind == "dir" and self.names(path):
            raise FileError(EACCES)
        if self._written.kind(path):
            self._written.remove(path)
        self._gone.add(path)

    def rename(self, path: str, new: str) -> None:
        """See :class:`FileSystem`."""
        kind = self.kind(path)
        if not kind:
            raise FileError(ENOENT)
        if self.kind(new):
            raise FileError(EEXIST)
        if kind == "dir":
            self.make_folder(new)
            for name in self.names(path):
                self.rename(f"{path}/{name}", f"{new}/{name}")
        else:
            self.write(new, self.read(path))
        self.remove(path)

    def make_folder(self, path: str) -> None:
        """See :class:`FileSystem`."""
        self._may_write()
        if self.kind(path):
            raise FileError(EEXIST)
        self._make_way(path)
        self._written.make_folder(path)

    def time_of(self, path: str) -> int:
        """See :class:`FileSystem`."""
        return self._written.time_of(path) if self._written.kind(path) else MemoryFiles.CREATED

    def space(self) -> tuple[int, int, int]:
        """See :class:`FileSystem`."""
        clusters = self._size // CLUSTER
        return CLUSTER, clusters, clusters


__all__ = ["HostFiles"]
