"""``omvsim --version``: omvsim's own version, and of what its answers depend on."""

from __future__ import annotations

import platform
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version

from omvsim._version import __version__
from omvsim.boards import list_boards
from omvsim.runtime import BACKENDS


def versions() -> str:
    """A line each: omvsim, Python, the TFLite runtime that computes outputs, and the releases of every profile."""
    lines = [f"omvsim {__version__}", f"Python {platform.python_version()}", f"TFLite runtime: {_runtime()}"]
    lines.extend(
        f"{board.name}: {len(board.releases)} releases, {board.releases[0]} to {board.releases[-1]}"
        f" ({board.default_firmware} unless told)"
        for board in list_boards()
    )
    return "\n".join(lines)


def _runtime() -> str:
    """What is installed; whether it works is found out when it is used."""
    found = []
    for name in BACKENDS:
        with suppress(PackageNotFoundError):
            found.append(f"{name} {version(name)}")
    return ", ".join(found) or "none; needed only for what a model computes"
