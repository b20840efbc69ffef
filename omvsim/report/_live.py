"""A long run while it goes on: the heap as bars, frames, collections, the rate; on a terminal only."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

from omvsim.firmware import MomentKind
from omvsim.heap import BLOCK
from omvsim.units import format_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.live import Live
    from rich.text import Text

    from omvsim.firmware import Camera, Watcher
    from omvsim.heap import Area

PATIENCE = 1.0
"""Seconds of a run after which somebody wants to look at it."""
INTERVAL = 0.2
_CELLS = 64
_LEVELS = "·▁▂▃▄▅▆▇█"


class LiveRun:
    """A watcher that draws what it sees, at most every :data:`INTERVAL`, and passes everything on."""

    def __init__(self, live: Live, then: Watcher | None, clock: Callable[[], float] = perf_counter) -> None:
        self._live, self._then, self._clock = live, then, clock
        self._start = self._last = clock()
        self.frames = self.collections = self.drawn = 0
        self.camera: Camera | None = None

    @property
    def needs_requests(self) -> bool:
        """As whoever comes behind."""
        return self._then is not None and self._then.needs_requests

    def started(self, camera: Camera, requests: Callable[[], int]) -> None:
        """Keep the camera."""
        self.camera = camera
        if self._then is not None:
            self._then.started(camera, requests)

    def placed(self, size: int, address: int, area: str, owner: str) -> None:
        """Of no use here."""
        if self._then is not None:
            self._then.placed(size, address, area, owner)

    def saw(self, kind: MomentKind, label: str, line: int) -> None:
        """Count, and draw where it is time."""
        self.frames += kind is MomentKind.FRAME
        self.collections += kind is MomentKind.COLLECTION
        if self._then is not None:
            self._then.saw(kind, label, line)
        now = self._clock()
        if now - self._start < PATIENCE or now - self._last < INTERVAL:
            return
        self._last = now
        if not self._live.is_started:
            self._live.start()
        self._live.update(self.view(now - self._start), refresh=True)
        self.drawn += 1

    def view(self, seconds: float) -> Text:
        """The heap's areas, a row each, under one line of counts."""
        from rich.text import Text  # noqa: PLC0415 - rich is slow to import

        rate = self.frames / seconds if seconds else 0.0
        head = f"{self.frames} frames, {self.collections} collections, {rate:.1f} frames a second of this computer"
        text = Text(head, style="bold")
        for area in self.camera.heap.areas if self.camera is not None else ():
            free = (len(area.kinds) - area.used) * BLOCK
            text.append(f"\ngc[{area.index}] ", "not bold")
            text.append(bar(area), "not bold cyan")
            text.append(f" {format_bytes(free)} free", "not bold")
        return text


def bar(area: Area) -> str:
    """How full an area is, by address: a letter a cell."""
    blocks, cells = len(area.kinds), min(_CELLS, max(1, len(area.kinds)))
    letters = []
    for cell in range(cells):
        part = area.kinds[blocks * cell // cells : blocks * (cell + 1) // cells]
        taken = len(part) - part.count(0)
        letters.append(_LEVELS[-(-taken * (len(_LEVELS) - 1) // max(1, len(part)))])
    return "".join(letters)


@contextmanager
def live_run(then: Watcher | None) -> Iterator[Watcher | None]:
    """A watcher that shows the run on a terminal's standard error; ``then`` itself where there is none."""
    if not sys.stderr.isatty():
        yield then
        return
    from rich.console import Console  # noqa: PLC0415 - rich is slow to import
    from rich.live import Live  # noqa: PLC0415

    same = sys.stdout.isatty()  # what the script prints goes above the view then, not through it
    live = Live(console=Console(stderr=True), transient=True, auto_refresh=False, redirect_stdout=same)
    try:
        yield LiveRun(live, then)
    finally:
        live.stop()


__all__ = ["INTERVAL", "PATIENCE", "LiveRun", "bar", "live_run"]
