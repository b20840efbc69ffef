"""GNU ld's map file: memories, output sections with address and length, and symbols."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from omvsim.boards.importing.files import text_of
from omvsim.errors import BoardError
from omvsim.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MEMORY = re.compile(r"^(\S+)\s+(0x[0-9a-f]+)\s+(0x[0-9a-f]+)(?:\s+[rwxail!]+)?\s*$")
_SECTION = re.compile(r"^(\.[\w.$]+)(?:\s+(0x[0-9a-f]+)\s+(0x[0-9a-f]+)(?:\s+load address.*)?)?\s*$")
_CONTINUED = re.compile(r"^\s+(0x[0-9a-f]+)\s+(0x[0-9a-f]+)(?:\s+load address.*)?\s*$")
_SYMBOL = re.compile(r"^\s+(0x[0-9a-f]+)\s+(?:PROVIDE \()?([A-Za-z_]\w*)(?:\)?$|\s*=|, )")


@dataclass(frozen=True, slots=True)
class LinkedMap:
    """Addresses and lengths in bytes."""

    source: str
    memories: Mapping[str, tuple[int, int]]
    sections: Mapping[str, tuple[int, int]]
    """Output sections that are not empty."""
    symbols: Mapping[str, int]


def read_map(path: str | Path) -> LinkedMap:
    """Read a linker map.

    Raises:
        BoardError: the file cannot be read, or is no map of GNU ld.
    """
    return parse_map(text_of(path), str(path))


def parse_map(text: str, source: str) -> LinkedMap:
    """As :func:`read_map`, of a text."""
    head, found, rest = text.partition("Memory Configuration")
    table, script, body = rest.partition("Linker script and memory map")
    if not found or not script:
        raise BoardError(
            source, "is no linker map: it has no 'Memory Configuration' and 'Linker script and memory map'"
        )
    del head
    memories = {
        row[1]: (int(row[2], 16), int(row[3], 16))
        for line in table.splitlines()
        if (row := _MEMORY.match(line)) and row[1] != "*default*"
    }
    sections: dict[str, tuple[int, int]] = {}
    symbols: dict[str, int] = {}
    waiting = ""
    for line in body.splitlines():
        symbol = _SYMBOL.match(line)
        if symbol:
            symbols.setdefault(symbol[2], int(symbol[1], 16))
            continue
        place = _CONTINUED.match(line) if waiting else None
        section = _SECTION.match(line)
        if place:
            _note(sections, waiting, place[1], place[2])
        elif section and section[2]:
            _note(sections, section[1], section[2], section[3])
        waiting = section[1] if section and not section[2] else ""
    return LinkedMap(source, memories, sections, symbols)


def _note(sections: dict[str, tuple[int, int]], name: str, start: str, length: str) -> None:
    if int(length, 16):
        sections.setdefault(name, (int(start, 16), int(length, 16)))


__all__ = ["LinkedMap", "parse_map", "read_map"]
