"""The file systems of a camera: how large, what the firmware itself has put there, what is left for a user's files.

Sources: openmv/openmv ``tools/mkromfs.py`` (v5.0.0) for the ROM file system's records, the boards' ``romfs.json``,
``romfs_config.json`` and ``lib/models`` for what is in it; micropython/micropython v1.25.0 ``lib/oofatfs/ff.c``
(``f_mkfs``) and ``ports/mimxrt/mimxrt_flash.c`` for the FAT of the flash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.records import NamedTuple, StrEnum
from omvsim.units import align_up

if TYPE_CHECKING:
    from collections.abc import Iterable

_ROMFS_HEADER = 16
_ROMFS_RECORD = 8
"""A file record's kind and length, padded (``ROMFS_FILEREC_ALIGN``)."""
_ROMFS_ALIGN = 16
"""Where the data of a model starts (``"alignment"`` in the boards' configuration)."""
_ROMFS_PLAIN_ALIGN = 4
"""The same of any other file."""
_NUMBER_BITS = 7
"""Bits of a number that one of its bytes holds."""


class FileSystemKind(StrEnum):
    """How files are stored."""

    ROMFS = "romfs"
    """Records one behind the other, used in place."""
    FAT = "fat"
    """Whole clusters, copied when they are read."""


class StoredFile(NamedTuple):
    """A file that a release's firmware puts there itself."""

    name: str
    bytes: int
    align: int = 1

    @classmethod
    def in_rom(cls, name: str, size: int) -> StoredFile:
        """One that a user puts into the ROM file system, aligned as the boards' own are."""
        return cls(name, size, _ROMFS_ALIGN if name.endswith(".tflite") else _ROMFS_PLAIN_ALIGN)


class BuiltInModel(NamedTuple):
    """A model linked into the firmware, opened by its name (4.5.0 to 4.6.20)."""

    name: str
    bytes: int


class FileSystem(NamedTuple):
    """One file system of one release. Sizes are bytes."""

    name: str
    """``rom``, ``flash`` or ``sdcard``: it is mounted at ``/name``."""
    kind: FileSystemKind
    size: int | None
    """None: as large as the card that is put in."""
    tables: int = 0
    """What the file system's own tables take (boot sector, FAT, root directory)."""
    cluster: int = 1
    stock: tuple[StoredFile, ...] = ()
    """What the firmware puts there."""

    @property
    def mount(self) -> str:
        """Where scripts find it."""
        return f"/{self.name}"

    @property
    def taken(self) -> int:
        """Bytes that tables and stock files take."""
        return self._taken(self.stock)

    @property
    def free(self) -> int | None:
        """Bytes that are left beside the stock files; None where that is as much as the card has."""
        return None if self.size is None else max(0, self.size - self.taken)

    def holds(self, name: str, size: int) -> bool:
        """Whether a file fits beside the stock files; one of the same name takes that one's place."""
        if self.size is None:
            return True
        others = [file for file in self.stock if file.name != name]
        return self._taken((*others, StoredFile.in_rom(name, size))) <= self.size

    def _taken(self, files: tuple[StoredFile, ...]) -> int:
        if self.kind is FileSystemKind.FAT:
            return self.tables + sum(align_up(file.bytes, self.cluster) for file in files)
        return _ROMFS_HEADER + romfs_contents(files)


def romfs_contents(files: Iterable[StoredFile]) -> int:
    """Bytes of the records of a ROM file system's files, without its own header."""
    end = _ROMFS_HEADER
    for file in files:
        # Kind and length of the record; length and text of the name; kind and length of the data, then the data.
        start = end + _ROMFS_RECORD + _number_bytes(len(file.name)) + len(file.name) + 1 + _number_bytes(file.bytes)
        end = align_up(start, file.align) + file.bytes
    return end - _ROMFS_HEADER


def _number_bytes(value: int) -> int:
    return max(1, -(-value.bit_length() // _NUMBER_BITS))
