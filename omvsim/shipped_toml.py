"""TOML files of omvsim's own, kept as JSON beside them: that takes 0.3 ms to read, TOML 20 ms with its reader.

``python -m tools.parsed_toml`` writes ``parsed/NAME.json``; a file that was changed since is read itself.
"""

from __future__ import annotations

import json
from binascii import crc32
from typing import TYPE_CHECKING, Any

from omvsim.reading import read_text

if TYPE_CHECKING:
    from pathlib import Path


def parsed_file(path: Path) -> Path:
    """Where what a file says is kept, by the file's checksum."""
    return path.parent / "parsed" / f"{path.stem}.json"


def checksum(text: str) -> str:
    """Which text a file has."""
    data = text.encode()
    return f"{len(data)} bytes, CRC {crc32(data):08x}"


def kept(path: Path) -> dict[str, Any] | None:
    """What a file says; None where it has to be read."""
    try:
        trees: dict[str, dict[str, Any]] = json.loads(read_text(parsed_file(path)))
        return trees.get(checksum(read_text(path)))
    except (OSError, ValueError):
        return None  # there is no such file: whoever reads it says why it cannot be


__all__ = ["checksum", "kept", "parsed_file"]
