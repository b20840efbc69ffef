"""Where the files that ship with omvsim are: board profiles and scenarios.

A wheel carries them as ``omvsim/_data/NAME`` (see ``force-include`` in ``pyproject.toml``); a checkout and an editable
install have them as ``NAME`` next to the package. ``importlib.resources`` is not used: it costs several milliseconds
of start-up, and wheels are always unpacked.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_folder(name: str) -> Path:
    """The folder of shipped files called ``name``, e.g. ``boards``."""
    packaged = _PACKAGE / "_data" / name
    return packaged if packaged.is_dir() else _PACKAGE.parent / name


def shown(path: Path) -> str:
    """A file's path for people: of one that ships with omvsim without the folder that it is installed in."""
    for name in ("boards", "scenarios"):
        if path.is_relative_to(data_folder(name)):
            return f"{name}/{path.relative_to(data_folder(name)).as_posix()}"
    return str(path)


def shipped_files(name: str, suffix: str = ".toml") -> dict[str, Path]:
    """Shipped files of folder ``name`` by their stem, sorted."""
    return dict(sorted((path.stem, path) for path in data_folder(name).glob(f"*{suffix}")))
