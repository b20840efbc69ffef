"""What a frame takes besides the inference: conversions, garbage collections, loading.

None of this was ever timed on a camera for this model: every figure says whether it is modelled (from counts of work
and memory costs) or assumed (a plain estimate of cycles per element), and carries a range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.provenance import Provenance
from omvsim.records import NamedTuple
from omvsim.timing._types import Range

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.timing._profile import TimingProfile

BLOCK = 16
SWEEP_BLOCK = Range(6, 10, 16)
"""Core cycles to look at one block's two bits (``gc_sweep_free_blocks``, ``py/gc.c`` of MicroPython 1.26: a shift, a
mask, a switch and the loop, from ITCM): an estimate from the instruction count."""
MARK_BLOCK = Range(50, 90, 160)
"""Core cycles to mark one live block: its four words are each compared with the bounds of up to three areas."""
MARK_ROOTS = Range(5_000, 15_000, 40_000)
"""Core cycles for the root pointers, the stack and the registers."""
FILL_LINE_SDRAM = Range(59, 73, 110)
"""Core cycles to clear 32 bytes of SDRAM: 16 KiB were written in 62 us on a board of the same kind (264 MB/s, forum
report, SEMC clock not stated); the bus itself cannot do more than 327 MB/s at 164 MHz."""
FILL_LINE_TCM = Range(4, 5, 8)
INPUT_PIXEL = Range(8, 20, 60)
"""Core cycles per element of an image input: scaling, unpacking of RGB565 and the subtraction of the zero point."""
INPUT_ARRAY = Range(15, 40, 120)
"""Core cycles per element of an array or list input: a Python object each in the worst case."""
OUTPUT_ELEMENT = Range(8, 15, 40)
"""Core cycles per output element turned into a float of an array."""
FLASH_COPY = Range(20e6, 40e6, 62e6)
"""Bytes a second when a file is copied from flash: the bus limit of quad FlexSPI at 130.9 MHz is 65 MB/s."""
SD_COPY = Range(2e6, 10e6, 20e6)
"""Bytes a second from an SD card, 4 bits at 50 MHz (25 MB/s at the bus), FAT file system and card latency included."""


class Cost(NamedTuple):
    """One thing a frame or a load takes, in core cycles."""

    name: str
    cycles: Range
    provenance: Provenance
    reason: str
    elements: int = 0
    """Elements of tensors, of a conversion."""

    def plus(self, other: Cost) -> Cost:
        """Both, of one kind."""
        return self._replace(cycles=self.cycles + other.cycles, elements=self.elements + other.elements)

    def ms(self, profile: TimingProfile) -> Range:
        """Milliseconds at the profile's clock."""
        return self.cycles.times(1000.0 / profile.clock_hz)

    def share(self, part: float, name: str) -> Cost:
        """The ``part`` of it that falls on one frame."""
        return Cost(name, self.cycles.times(part), self.provenance, f"{part:.3g} of: {self.reason}")


class HeapArea(NamedTuple):
    """One area of the GC heap: its size and the memory (``dtcm``, ``ocram``, ``sdram``) its tables are in."""

    size: int
    memory: str


def gc_collect(areas: Iterable[HeapArea], live_blocks: int, profile: TimingProfile) -> Cost:
    """One collection: marking follows the live blocks, sweeping looks at every block of every area."""
    cycles = MARK_ROOTS + MARK_BLOCK.times(float(live_blocks))
    line = profile.cache.line
    total = 0
    for area in areas:
        blocks = area.size // BLOCK
        total += area.size
        cycles += SWEEP_BLOCK.times(float(blocks))
        cost = profile.memory(area.memory)
        tables = (blocks / 4 + blocks / 8) / line
        cycles += cost.load.times(tables) + cost.write_back.times(tables / 2)
    slowest = max((profile.memory(a.memory) for a in areas), key=lambda c: c.load.nominal, default=None)
    if slowest is not None:
        cycles += slowest.load.times(live_blocks * BLOCK / line)
    return Cost(
        "gc.collect()",
        cycles,
        Provenance.MODELLED.weakest(Provenance.ASSUMED),
        f"{live_blocks} live blocks marked, {total // BLOCK} blocks swept; cycles per block are estimates",
    )


def clear_arena(size: int, memory: str) -> Cost:
    """Zeroing an allocation: MicroPython clears what it hands out, the sizing arena of ``ml.Model()`` included."""
    per_line = FILL_LINE_SDRAM if memory == "sdram" else FILL_LINE_TCM
    reason = f"{size} bytes cleared in {memory}"
    return Cost("clear sizing arena", per_line.times(size / 32), Provenance.MODELLED, reason)


def convert_input(elements: int, *, image: bool, profile: TimingProfile, memory: str = "sdram") -> Cost:
    """An image (or array) into the input tensor."""
    per = INPUT_PIXEL if image else INPUT_ARRAY
    cost = profile.memory(memory)
    lines = elements / profile.cache.line
    cycles = per.times(float(elements)) + cost.load.times(2 * lines) + cost.store.times(lines)
    return conversion("input conversion", cycles, elements)


def convert_output(elements: int) -> Cost:
    """The output tensors into float arrays (only where there is no post-processing callback that takes references)."""
    return conversion("output conversion", OUTPUT_ELEMENT.times(float(elements)), elements)


def conversion(name: str, cycles: Range, elements: int) -> Cost:
    """Elements of tensors turned into others."""
    return Cost(name, cycles, Provenance.ASSUMED, f"{elements} elements; cycles per element are assumed", elements)


def read_file(size: int, source: str, profile: TimingProfile) -> Cost:
    """Copying a model file to the heap from ``flash`` or ``sd``; a model in ROMFS is not copied at all."""
    speed = FLASH_COPY if source == "flash" else SD_COPY
    clock = float(profile.clock_hz)
    cycles = Range(size / speed.high * clock, size / speed.nominal * clock, size / speed.low * clock)
    return Cost(f"read model from {source}", cycles, Provenance.ASSUMED, f"{size} bytes at an assumed rate")


def collections_per_frame(garbage: int, free: int) -> float:
    """Automatic collections a frame, when each frame leaves ``garbage`` bytes and ``free`` bytes are there at first."""
    if garbage <= 0:
        return 0.0
    return garbage / max(free, garbage)


def frames_per_second(frame: Range, camera_ms: float = 0.0) -> Range:
    """Frames a second of a loop that takes ``frame`` milliseconds and waits for the camera's ``camera_ms``.

    The next image is exposed and read while the loop works (double buffering), so the longer of the two counts.
    """
    return Range(
        1000.0 / max(frame.high, camera_ms, 1e-6),
        1000.0 / max(frame.nominal, camera_ms, 1e-6),
        1000.0 / max(frame.low, camera_ms, 1e-6),
    )
