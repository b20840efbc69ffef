"""What boot, compiling ``main.py`` and importing ask of the heap: recorded once, replayed on any heap.

These requests are made by the firmware's own code and do not depend on the model, so they are data: measured on the
complete OpenMV firmware of five releases (all traces of the reference script agree). The heap decides the addresses.
Only the length of the model's path shows: the script holds it as a string.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.boards import Release
    from omvsim.firmware._micropython import MicroPython
    from omvsim.heap import Chunk

SECTIONS = ("boot", "main", "import ml", "import image")
LEXER_BUFFER_BYTES = 32
_FOLDER = Path(__file__).with_name("_recordings")


class Recording(NamedTuple):
    """Requests by section: ``["a", bytes, ("finaliser")]`` allocate, ``["f", id]`` free, ``["r", id, bytes, how]``
    resize, ``["g", name]`` bind a global name."""

    sections: dict[str, Sequence[Sequence[Any]]]
    garbage: frozenset[int]
    """Allocations that nothing holds any more when their section ends."""
    path_request: int | None
    """Which request of "main" is the text of the model's path; None when the firmware knows that string already."""
    lexer_buffer: int
    globals_table: int
    """Which allocation of "boot" is the table of the script's globals (from 0) …"""
    globals_used: int
    """… how many of its entries are taken when the script starts …"""
    boot_names: frozenset[str]
    """… and which of the names that scripts use are among them: up to 4.5.9 there is no ``_boot.py``, hence none."""


@lru_cache(maxsize=8)
def _stored(name: str) -> dict[str, Any]:
    text = (_FOLDER / f"{name}.json").read_text(encoding="utf-8")
    stored: dict[str, Any] = json.loads(text)
    return stored


def recording(path: str, release: Release, *, to_fb: bool = False) -> Recording:
    """The recording of the reference script for a model at ``path`` on the camera, with ``load_to_fb`` or without."""
    stored = _stored(f"reference-{release.start}")
    interned = path == stored.get("interned_path")
    suffix = ", interned path" if interned else ", load_to_fb" if to_fb else ""
    return Recording(
        sections={name: stored.get(name + suffix, stored[name]) for name in SECTIONS},
        garbage=frozenset(stored.get("garbage" + suffix, stored["garbage"])),
        path_request=None if interned else stored["path_request"],
        lexer_buffer=stored["lexer_buffer"],
        globals_table=stored["globals_table"],
        globals_used=stored["globals_used"],
        boot_names=frozenset(stored["boot_names"]),
    )


class Player:
    """Replays a recording's sections in order on one heap."""

    def __init__(self, py: MicroPython, recorded: Recording, path: str) -> None:
        self.py = py
        self.recorded = recorded
        self.path = path
        self._chunks: list[Chunk] = []
        self._shift = 0
        """How far a recorded number of a chunk is from ours: sections may be left out."""
        self._played: set[str] = set()

    def play(self, section: str) -> None:
        """Make the section's requests; what survives it stays for good. Importing again costs nothing.

        Raises:
            DeviceMemoryError: the heap is too small even for this.
        """
        if section in self._played:
            return
        self._played.add(section)
        first = len(self._chunks)
        self._shift = first - self._recorded_before(section)
        with self.py.heap.call():
            for position, request in enumerate(self.recorded.sections[section]):
                if section == "main" and position + 1 == self.recorded.path_request:
                    self._grow_lexer_buffer()
                self._request(section, request)
        held = self.py.heap.permanent
        held += [
            chunk
            for number, chunk in enumerate(self._chunks[first:], first)
            if chunk.address and number - self._shift not in self.recorded.garbage
        ]
        if section == "boot":
            self.py.adopt_globals(self._chunks[self.recorded.globals_table + self._shift], self.recorded.globals_used)

    def _recorded_before(self, section: str) -> int:
        """Chunks that the recording has made before a section."""
        count = 0
        for name, requests in self.recorded.sections.items():
            if name == section:
                break
            count += sum(request[0] == "a" for request in requests)
        return count

    def _request(self, section: str, request: Sequence[Any]) -> None:
        kind, first = request[0], request[1]
        heap = self.py.heap
        if kind == "a":
            size = len(self.path) + 1 if first == "path" else first
            if len(request) > 2:
                self._chunks.append(self.py.malloc(size, f"{section}: file", has_finaliser=True))
            else:
                self._chunks.append(self.py.malloc(size, section))
        elif kind == "g":
            self.py.set_global(first, None)
        elif kind == "f":
            chunk = self._chunks[first + self._shift]
            heap.free(chunk)
            if chunk in heap.permanent:
                heap.permanent.remove(chunk)
        elif request[3] != "nomove":  # recorded as refused: the parser then began a new chunk, which is recorded too
            chunk, size, how = self._chunks[first + self._shift], request[2], request[3]
            heap.realloc(chunk, size, allow_move=how == "move") or heap.realloc(chunk, size)

    def _grow_lexer_buffer(self) -> None:
        """A token longer than the lexer's buffer makes it grow (``vstr_ensure_extra`` in ``py/vstr.c``)."""
        capacity = LEXER_BUFFER_BYTES
        for length in range(1, len(self.path) + 2):
            if length > capacity:
                capacity = (length & ~7) + 8 + 16
                self.py.heap.realloc(self._chunks[self.recorded.lexer_buffer + self._shift], capacity)
