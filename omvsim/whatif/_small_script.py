"""The start of a small script, for what-if questions: how much heap is taken when ``ml.Model()`` is called.

A threshold for the last of several areas hardly depends on the script, one for a single small area does. The measured
thresholds came from a script that is not recorded; their group with a single area (seven models, each step a KiB) pins
down what it left on the heap: ``ml.Model()`` is called without ``gc.collect()`` before it, every hole of four blocks
or more is taken by then, and the first free block is the 600th (the 597th for a path the firmware already knows as a
string). A script of those properties stands in for it here. It is shorter than the reference script.
"""

from __future__ import annotations

from omvsim.firmware import Player
from omvsim.heap import BLOCK, Chunk

STRINGS_AND_CODE = (128, 164)
"""First requests of every compiled script: a pool of names and the table of names in it."""
LIVE_BYTES = 1888
"""Code, constants and functions."""
FIRST_OBJECTS = 48
"""Small ones that fill every hole the firmware's start left."""
HOLES = 24
"""Short holes that the compiler's freed parse tree leaves between the last of those objects."""
HOLE_BLOCKS = 3


class SmallScript(Player):
    """Plays the recorded boot and imports, with a small script in place of the recorded one."""

    holes: tuple[Chunk, ...] = ()
    """What the compiler frees once the imports are done."""

    def play(self, section: str) -> None:
        """As :meth:`Player.play`."""
        if section == "main":
            self._compile()
            return
        super().play(section)
        if section == "import image":
            for hole in self.holes:
                self.py.heap.free(hole)

    def _compile(self) -> None:
        recorded_requests = sum(request[0] == "a" for request in self.recorded.sections["main"])
        with self.py.heap.call():
            for size in STRINGS_AND_CODE:
                self._hold(size)
            if self.recorded.path_request is not None:
                self._hold(BLOCK)
                self._hold(len(self.path) + 1)
            for _ in range(FIRST_OBJECTS):
                self._hold(BLOCK)
            self._hold(LIVE_BYTES - (FIRST_OBJECTS + HOLES) * BLOCK)
            holes = []
            for _ in range(HOLES):
                self._hold(BLOCK)
                holes.append(self.py.malloc(HOLE_BLOCKS * BLOCK, "parse tree"))
            self._hold(BLOCK)
        self.holes = tuple(holes)
        # The recording counts requests from the start, so the ones that were not made here keep their numbers.
        self._chunks += [Chunk(0, 0, "not requested")] * recorded_requests

    def _hold(self, size: int) -> None:
        self.py.heap.permanent.append(self.py.malloc(size, "main"))
