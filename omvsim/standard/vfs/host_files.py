"""A file system of the camera: what a folder of the host holds, and over it what the script writes.

Nothing of the host is changed: what a script writes lives as long as its run, so that runs repeat.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from omvsim.micropython.errors import Unknown
from omvsim.standard.vfs.filesystem import EACCES, EEXIST, ENOENT, EROFS, FileError, MemoryFiles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from omvsim.world.files import Files


class Stock(NamedTuple):
    """A file that the firmware brings; ``content`` None: only its length is known."""

    size: int
    content: bytes | None


_NO_STOCK: Final[Mapping[str, Stock]] = MappingProxyType({})
CLUSTER = 4096
MOST_BYTES = 64 << 20
"""A larger file of the host cannot be on a camera's heap, and is not read."""


def not_given(path: str) -> Unknown:
    """A file is on every camera of the release, and its content is not in omvsim."""
    name = path.rpartition("/")[2]
    return Unknown(
        path, f"the firmware brings this file, omvsim does not: --model FILE gives it (a file called {name})"
    )


class HostFiles:
    """One mount (:class:`omvsim.standard.vfs.filesystem.FileSystem`).

    Args:
        files: the folders of the host.
        mount: ``rom``, ``flash`` or ``sdcard``.
        size: bytes it has for files.
        writable: whether a script may write there.
        made: empty files that boot has made there.
        stock: what the firmware itself has there, by path; a file of the host takes its place.
    """

    def __init__(
        self,
        files: Files,
        mount: str,
        size: int,
        *,
        writable: bool,
        made: Sequence[str] = (),
        stock: Mapping[str, Stock] = _NO_STOCK,
    ) -> None:
        self._files = files
        self._mount = mount
        self._size = size
        self._writable = writable
        self._written = MemoryFiles({f"/{name}": b"" for name in made})
        self._stock = stock
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
        if found is None:
            return "file" if path in self._stock else ""
        return "dir" if found.is_dir() else "file"

    def is_changed(self, path: str) -> bool:
        """Whether the script wrote or removed it, so that it is not what the host has there."""
        return path in self._gone or self._written.kind(path) == "file"

    def read(self, path: str) -> bytes:
        """See :class:`FileSystem`."""
        if self._written.kind(path) == "file":
            return self._written.read(path)
        found = self._below(path)
        if found is None:
            return self._of_firmware(path)
        if not found.is_file():
            raise FileError(EACCES)
        try:
            with found.open("rb") as file:
                return file.read(MOST_BYTES)
        except OSError:
            raise FileError(EACCES) from None

    def _of_firmware(self, path: str) -> bytes:
        stock = self._stock.get(path)
        if stock is None:
            raise FileError(ENOENT)
        if stock.content is None:
            raise not_given(f"/{self._mount}{path}")
        return stock.content

    def is_known(self, path: str) -> bool:
        """See :class:`FileSystem`."""
        stock = self._stock.get(path)
        return stock is None or stock.content is not None or self._below(path) is not None

    def size(self, path: str) -> int:
        """See :class:`FileSystem`."""
        return len(self.read(path)) if self.is_known(path) else self._stock[path].size

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
        stock = [name[1:] for name in self._stock] if path == "/" else []
        return list(dict.fromkeys((*stock, *below, *own)))

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


__all__ = ["HostFiles", "Stock", "not_given"]
