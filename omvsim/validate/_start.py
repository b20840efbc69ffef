"""The heap as a recorded script found it when its first statement of interest ran.

What compiling a script asks of the heap depends on its text, and omvsim does not compile. The reference script's
start is known (see :mod:`omvsim.firmware`); for any other recorded script the heap at the first labelled point is
rebuilt from the recorded requests, and everything after it is predicted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim.heap import Chunk, GcReplay

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from omvsim.firmware import Recording
    from omvsim.scenario import Session


class RecordedStart:
    """Feeds recorded events to a heap and keeps track of the chunks that live."""

    def __init__(self, areas: Sequence[tuple[int, int]], boot: Recording) -> None:
        self._boot = boot
        self._count = 0
        self._replay = GcReplay(list(areas))
        self._live: dict[int, Chunk] = {}
        self._globals: Chunk | None = None
        self._latest: Chunk | None = None

    def feed(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Apply recorded events in order."""
        for event in events:
            self._replay.feed(event)
            kind = event["ev"]
            if kind == "alloc" and event["addr"] is not None:
                self._allocated(event["addr"], event["n"], moved=bool(event.get("in_realloc")))
            elif kind == "realloc" and event["how"] in ("grow", "shrink", "same") and event["in"] in self._live:
                self._live[event["in"]].size = event["n"]
            elif kind in ("free", "sweep") and not event.get("ignored"):
                self._freed(event["addr"], explicit=kind == "free")

    def _allocated(self, address: int, size: int, *, moved: bool) -> None:
        chunk = self._live[address] = Chunk(address, size, "before the prediction starts")
        if self._count == self._boot.globals_table and not moved:
            self._globals = chunk
        self._count += not moved
        self._latest = chunk

    def _freed(self, address: int | None, *, explicit: bool) -> None:
        chunk = None if address is None else self._live.pop(address, None)
        if chunk is not None and chunk is self._globals and explicit:
            self._globals = self._latest  # the larger table was made just before

    def hand_to(self, session: Session, names: Iterable[str]) -> None:
        """Give the heap to a session whose script has bound ``names`` so far."""
        session.heap.adopt(self._replay.heap, self._live.values())
        bound = [name for name in names if name not in self._boot.boot_names]
        for name in bound:
            session.py.set_global(name, None)
        if self._globals is not None:
            session.py.adopt_globals(self._globals, self._boot.globals_used + len(bound))
