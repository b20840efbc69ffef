"""Shipped profiles as JSON beside the TOML, which takes longer to read: ``python -m tools.parsed_toml``."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

from omvsim._data_files import shipped_files
from omvsim.shipped_toml import checksum, parsed_file
from omvsim.timing import BASE_PROFILE

if TYPE_CHECKING:
    from pathlib import Path


def files() -> list[Path]:
    """The files that every command reads one of: the boards, and what a Cortex-M7 costs."""
    return [*shipped_files("boards").values(), BASE_PROFILE]


def parsed(path: Path) -> str:
    """What the file of a profile holds."""
    text = path.read_text(encoding="utf-8")
    return json.dumps({checksum(text): tomllib.loads(text)}, separators=(",", ":")) + "\n"


def main() -> None:
    """Write ``parsed/*.json``."""
    for path in files():
        parsed_file(path).parent.mkdir(exist_ok=True)
        parsed_file(path).write_text(parsed(path), encoding="utf-8")


if __name__ == "__main__":
    main()
