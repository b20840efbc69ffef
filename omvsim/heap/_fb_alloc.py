"""fb_alloc: the stack behind the frame buffer, firmware 4.5.0 to 4.8.1.

It grows down from the end of its region and may use whatever the frame buffer in front of it leaves free. Rules from
openmv/openmv ``src/omv/alloc/fb_alloc.c`` (v4.5.0, v4.5.5, v4.5.9, v4.6.20), later ``common/fb_alloc.c`` (v4.7.0,
v4.8.1): the text changed, the allocation rules did not. Sizes are bytes.

Each entry has a 4-byte size word under it; a mark is the word alone. With an overlay (512K OCRAM on the RT1062) an
entry's data may lie there; the stack entry in SDRAM is made all the same.
"""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING

from omvsim.errors import DeviceCrash, DeviceMemoryError
from omvsim.records import NamedTuple
from omvsim.units import align_down, align_up

if TYPE_CHECKING:
    from collections.abc import Callable

OUT_OF_STACK = "Out of fast frame buffer stack memory"

_WORD = 4
_MASK = 0xFFFF_FFFF


class FbHint(IntFlag):
    """``FB_ALLOC_*`` of ``fb_alloc.h``. Speed is what happens without ``PREFER_SIZE``; its own bit changes nothing."""

    NO_HINT = 0
    PREFER_SPEED = 1
    PREFER_SIZE = 2
    CACHE_ALIGN = 4


_PREFER_SIZE, _CACHE_ALIGN = int(FbHint.PREFER_SIZE), int(FbHint.CACHE_ALIGN)


class FbSpan(NamedTuple):
    """What ``alloc_all`` gave: where and how much; ``(None, 0)`` if nothing was left."""

    address: int | None
    size: int


class FbEntry(NamedTuple):
    """An entry of the stack; ``size`` includes the word under it, ``address`` is that of the data (None for a mark)."""

    size: int
    address: int | None
    overlay: bool
    permanent: bool

    @property
    def is_mark(self) -> bool:
        """Whether this is a mark, not an allocation."""
        return self.size == _WORD


class FbOverlay(NamedTuple):
    """Fast memory for entries' data, filled from its end down."""

    base: int
    size: int


class FbAlloc:
    """The stack that ends at ``end``; ``floor()`` is the first address behind the frame buffers at the time of a call.

    Failures raise ``DeviceMemoryError`` with the firmware's text. A failed ``alloc`` first frees to the last mark,
    because MicroPython's raise hook (``MICROPY_NLR_RAISE_HOOK``) does; for any *other* exception raised from C the
    caller has to call ``free_till_mark`` itself.
    """

    def __init__(
        self, end: int, *, floor: Callable[[], int], overlay: FbOverlay | None = None, cache_line: int = 32
    ) -> None:
        self.end = end
        self.floor = floor
        self.overlay = overlay
        self.cache_line = cache_line
        self._stack: list[FbEntry] = []
        self.pointer = end
        self.overlay_pointer = overlay.base + overlay.size if overlay else 0
        self.peak = self.overlay_peak = 0
        """Most bytes of the stack and of the overlay that were taken; requests for everything are not counted."""
        self.took_all = 0
        """How often everything was asked for."""

    @property
    def entries(self) -> tuple[FbEntry, ...]:
        """The stack, oldest first."""
        return tuple(self._stack)

    @property
    def overlay_free(self) -> int:
        """Bytes left in the overlay."""
        return self.overlay_pointer - self.overlay.base if self.overlay else 0

    def reset(self) -> None:
        """Forget everything (``fb_alloc_init0``, at every start of the interpreter)."""
        self._stack.clear()
        self.pointer = self.end
        self.overlay_pointer = self.overlay.base + self.overlay.size if self.overlay else 0

    def avail(self) -> int:
        """``fb_avail``: what is left for one entry.

        The firmware's arithmetic is unsigned: with the stack touching the frame buffers it answers 4 294 967 292.
        """
        left = (self.pointer - self.floor() - _WORD) & _MASK
        return 0 if left < _WORD else left

    def mark(self) -> None:
        """Open a region that ``free_till_mark`` closes.

        Raises:
            DeviceMemoryError: no room for the word; nothing is freed (this raise bypasses the hook).
        """
        if self.pointer - _WORD < self.floor():
            raise DeviceMemoryError(OUT_OF_STACK)
        self._push(FbEntry(_WORD, None, overlay=False, permanent=False))

    def alloc(self, size: int, hints: int = 0) -> int | None:
        """``fb_alloc``: the data's address, None for 0 bytes.

        The size is rounded up to 4; with ``CACHE_ALIGN`` to whole cache lines plus what aligning the start may cost.

        Raises:
            DeviceMemoryError: it would reach into the frame buffers, whether or not the overlay has room.
        """
        if not size:
            return None
        size = align_up(size, _WORD)
        if hints & _CACHE_ALIGN:
            size = align_up(size, self.cache_line) + self.cache_line - _WORD
        if self.pointer - size - _WORD < self.floor():
            self.free_till_mark()
            raise DeviceMemoryError(OUT_OF_STACK)
        fast = self.overlay is not None and not hints & _PREFER_SIZE and self.overlay_free >= size
        address = self._take(size, fast)
        self._note_peak()
        return align_up(address, self.cache_line) if hints & _CACHE_ALIGN else address

    def alloc_all(self, hints: int = 0) -> FbSpan:
        """``fb_alloc_all``: everything left; without ``PREFER_SIZE`` the smaller of that and the overlay's rest, there.

        Raises:
            DeviceCrash: nothing is left at all; the firmware's unsigned size wraps and it writes over itself.
        """
        left = self.pointer - self.floor() - _WORD
        if left < 0:
            raise DeviceCrash("fb_alloc_all with nothing left writes over the frame buffer stack")
        if left < _WORD:
            return FbSpan(None, 0)
        fast = self.overlay is not None and not hints & _PREFER_SIZE
        size = align_down(min(left, self.overlay_free) if fast else left, _WORD)
        self.took_all += 1
        address = self._take(size, fast)
        if hints & _CACHE_ALIGN:
            skipped = -address % self.cache_line
            if size < skipped:
                raise DeviceCrash("fb_alloc_all of less than a cache line: its size wraps below zero")
            address += skipped
            size = align_down(size - skipped, self.cache_line)
        return FbSpan(address, size)

    def free(self) -> None:
        """``fb_free``: pop one entry, permanent or not."""
        if self._stack:
            self._pop()

    def free_till_mark(self) -> None:
        """Pop to the last mark and that mark; stop in front of a permanent entry."""
        self._free_till_mark(permanent_too=False)

    def mark_permanent(self) -> None:
        """Make the newest entry permanent: exceptions no longer free it, nor what lies under it."""
        if self._stack:
            self._stack[-1] = self._stack[-1]._replace(permanent=True)

    def free_till_mark_past_permanent(self) -> None:
        """``fb_alloc_free_till_mark_past_mark_permanent``: pop to the last mark whatever lies on the way."""
        self._free_till_mark(permanent_too=True)

    def _free_till_mark(self, *, permanent_too: bool) -> None:
        while self._stack and (permanent_too or not self._stack[-1].permanent):
            if self._pop().is_mark:
                break

    def _note_peak(self) -> None:
        self.peak = max(self.peak, self.end - self.pointer)
        if self.overlay is not None:
            self.overlay_peak = max(self.overlay_peak, self.overlay.size - self.overlay_free)

    def _take(self, size: int, fast: bool) -> int:
        address = self.pointer - size
        if fast:
            self.overlay_pointer -= size
            address = self.overlay_pointer
        self._push(FbEntry(size + _WORD, address, overlay=fast, permanent=False))
        return address

    def _push(self, entry: FbEntry) -> None:
        self._stack.append(entry)
        self.pointer -= entry.size

    def _pop(self) -> FbEntry:
        entry = self._stack.pop()
        self.pointer += entry.size
        if entry.overlay:
            self.overlay_pointer += entry.size - _WORD
        return entry
