"""The camera's file systems, ``/rom``, ``/flash`` and ``/sdcard``, backed by folders of the host.

A path of the camera never leads outside its folder: it is resolved, links included, and refused when it ends
elsewhere. ``/rom`` cannot be written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

MOUNTS = ("rom", "flash", "sdcard")


class Files:
    """Maps paths on the camera to files of the host.

    Args:
        folder: holds ``rom/``, ``flash/`` and ``sdcard/``; a file in none of them is found in the folder itself.
        extra: files by their name that are on every file system (models given on the command line).
        main: the script, which is ``/flash/main.py``.
    """

    def __init__(self, folder: Path, extra: Mapping[str, Path] | None = None, main: Path | None = None) -> None:
        self.main = main
        self.folder = folder.resolve()
        self.extra = dict(extra or {})
        self.current = "/sdcard" if (self.folder / "sdcard").is_dir() else "/flash"

    def absolute(self, path: str) -> str:
        """The path from the root, without ``.`` and ``..``."""
        whole = path if path.startswith("/") else f"{self.current}/{path}"
        parts: list[str] = []
        for part in whole.split("/"):
            if part == "..":
                parts = parts[:-1]
            elif part not in ("", "."):
                parts.append(part)
        return "/" + "/".join(parts)

    def mount(self, path: str) -> tuple[str, str]:
        """(file system, path below it); the file system is empty for a path in none."""
        first, _, rest = self.absolute(path)[1:].partition("/")
        return (first, rest) if first in MOUNTS else ("", self.absolute(path)[1:])

    def find(self, path: str) -> Path | None:
        """The host's file or folder for a path on the camera, if there is one."""
        mount, rest = self.mount(path)
        if not mount:
            return None
        if self.main is not None and mount == "flash" and rest == "main.py":
            return self.main
        if rest in self.extra:
            return self.extra[rest]
        candidates: Sequence[Path] = (self.folder / mount / rest,)
        if rest.partition("/")[0] not in MOUNTS:  # those are other file systems, no folders of this one
            candidates = (*candidates, self.folder / rest)
        return next((found for each in candidates if (found := self._inside(each)) is not None), None)

    def _inside(self, path: Path) -> Path | None:
        try:
            resolved = path.resolve()
            return resolved if resolved.exists() and resolved.is_relative_to(self.folder) else None
        except (OSError, ValueError):  # a name that the host cannot have
            return None

    def names(self, path: str) -> list[str]:
        """Names in a folder of the camera."""
        if self.absolute(path) == "/":
            return [name for name in MOUNTS if name != "sdcard" or (self.folder / name).is_dir()]
        found = self.find(path)
        names = {each.name for each in found.iterdir()} if found is not None and found.is_dir() else set()
        if found == self.folder:
            names.difference_update(MOUNTS)  # file systems of their own
        return sorted(names | ({"main.py"} if self.absolute(path) == "/flash" else set()))
