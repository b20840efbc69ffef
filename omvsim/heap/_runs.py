"""The free runs of a heap, indexed so that first fit needs no walk over the blocks.

The device finds room by walking its allocation table from the start (``gc_alloc``, micropython/micropython v1.26.0
``py/gc.c``): the first run of free blocks that is long enough, area by area, lowest address first. Its marks
(``gc_last_free_atb_index``, ``gc_last_free_area``) only skip what is full: a request of one block moves a mark behind
the first free block of all, and whatever frees a block before a mark pulls it back, so no free block ever lies before
one. They change what a search costs and never what it finds; they are not kept here.

Blocks of all areas stand on one line, in the order of the areas, with a position between two areas that is never free.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SHORTEST = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256, 512)
"""Runs of at least so many blocks are of a class, and of every class before it. Classes count from 1."""
_LAST = len(_SHORTEST) - 1
_LONG = _SHORTEST[-1]
_CLASS = bytes(bisect_right(_SHORTEST, length) - 1 for length in range(_LONG))
"""The last class of a run of so many blocks, the one to look in for so many; from ``_LONG`` on it is ``_LAST``."""
_MOST, _KEPT, _WINDOW, _TIDY = 128, 64, 4096, 1024
"""A class keeps so many ends in order before it forgets the higher ones, which ``marks`` still has."""


class FreeRuns:
    """Runs of free blocks on one line, by start, end and length.

    A run goes by its end, which stays while requests take from its front. Of each class the lowest ends are kept in
    order (``near``), the last of them the class's frontier: ends from there on are found in ``marks``, a byte a block,
    with a search at the speed of memory. So neither a few long runs nor 100 000 short ones cost more than a few steps a
    request. An end stays in the list of a class for which its run has become too short until a search comes by it.
    Frontiers rise with the classes.

    Args:
        spans: (first position, blocks) of every area, ascending, with at least a position between two.
    """

    __slots__ = (
        "_end",
        "_limits",
        "_marks",
        "_near",
        "_reached",
        "_tidy_from",
        "begins",
        "given",
        "grown",
        "lengths",
        "taken",
    )

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        spans = tuple(spans)
        self._end = end = sum(spans[-1]) + 1
        self.lengths: dict[int, int] = {}
        """Blocks of every free run, by its start."""
        self.begins: dict[int, int] = {}
        """Start of every free run, by the position behind it."""
        self.taken = 0
        """Blocks that :meth:`take` ever gave."""
        self.grown = 0
        """Blocks that :meth:`take_at` ever gave."""
        self.given = -sum(blocks for _, blocks in spans)
        """Blocks that ever came back."""
        self._tidy_from = _TIDY
        self._marks = bytearray(end)
        self._near = [[end] for _ in range(_LAST + 1)]
        self._limits = {base + blocks for base, blocks in spans}
        self._reached: dict[int, int] = {}
        for base, blocks in spans:
            self.give(base, blocks)
        self.forget()

    def take(self, count: int) -> int:
        """Make the first ``count`` free blocks a chunk's; their position, or -1 where there is no such run."""
        class_ = _CLASS[count] if count < _LONG else _LAST
        begins, near = self.begins, self._near[class_]
        end = near[0]
        start = begins.get(end, end)
        while end - start < count:
            if end - start < _SHORTEST[class_] and len(near) > 1:
                del near[0]
                end = near[0]
                start = begins.get(end, end)
                continue
            end = self._find(class_, count)
            start = begins.get(end, -1)
            if start < 0:
                return -1
        new = start + count
        del self.lengths[start]
        if new < end:
            begins[end] = new
            self.lengths[new] = end - new
        else:
            self._used_up(end)
        self.taken += count
        return start

    def _used_up(self, end: int) -> None:
        del self.begins[end]
        self._marks[end] = 0
        if end in self._limits:
            self._reached[end] = end

    def _find(self, class_: int, count: int) -> int:
        """End of the first run of ``count`` blocks; the end of the line: none. What it passes is looked through."""
        near, begins, shortest = self._near[class_], self.begins, _SHORTEST[class_]
        while True:
            kept: list[int] = []
            for at, end in enumerate(near):
                length = end - begins.get(end, end)
                if length >= count:
                    near[:at] = kept
                    return end
                if length >= shortest:
                    kept.append(end)
            if near[-1] == self._end:
                near[:-1] = kept
                return self._end
            if length < shortest:
                kept.append(end)
            near[:] = kept
            self._look_further(class_)

    def _look_further(self, class_: int) -> None:
        """Find the next runs of the class behind its frontier, which goes behind them, as do those of longer runs."""
        start, window, ends = self._near[class_][-1], _WINDOW, list[int]()
        while start < self._end and len(ends) < _KEPT:
            ends += self._marked(class_, start, start + window)
            start, window = min(start + window, self._end), 2 * window
        ends.sort()
        if len(ends) > _MOST:
            start = ends[_KEPT]
            del ends[_KEPT:]
        for near, shortest in zip(self._near[class_:], _SHORTEST[class_:], strict=True):
            if (frontier := near[-1]) < start:
                near[-1:] = [at for at in ends if at >= frontier and at - self.begins[at] >= shortest]
                near.append(start)

    def _marked(self, class_: int, start: int, limit: int) -> Iterator[int]:
        """Ends of the runs of the class from ``start`` to ``limit``; marks of shortened runs are put right."""
        begins, marks = self.begins, self._marks
        for mark in range(class_, _LAST + 1):
            at = marks.find(mark, start, limit)
            while at >= 0:
                length = at - begins[at]
                marks[at] = last = _CLASS[length] if length < _LONG else _LAST
                if last >= class_:
                    yield at
                at = marks.find(mark, at + 1, limit)

    def give(self, start: int, count: int) -> None:
        """Make ``count`` blocks free, one run with the free ones around them."""
        lengths, begins = self.lengths, self.begins
        self.given += count
        end = start + count
        right = lengths.pop(end, 0)
        if right:
            known = _CLASS[right] if right < _LONG else _LAST
            if end + right in self._limits:
                self._reached[end + right] = max(self._reached.get(end + right, 0), end)
            end += right
        else:
            known = 0
        left = begins.pop(start, -1)
        if left >= 0:
            self._marks[start] = 0
            start = left
        begins[end] = start
        length = lengths[start] = end - start
        self._marks[end] = class_ = _CLASS[length] if length < _LONG else _LAST
        if class_ > known:
            for near in self._near[known + 1 : class_ + 1]:
                if end < near[-1]:
                    insort(near, end)
            if self.given > self._tidy_from:
                self._tidy()

    def _tidy(self) -> None:
        """Keep the lowest ends only of each class that has many, and of those before it, whose frontiers are lower."""
        self._tidy_from = self.given + _TIDY
        lowest = self._end
        for near in self._near[:0:-1]:
            if len(near) > _MOST:
                lowest = min(lowest, near[_KEPT])
            if near[-1] > lowest:
                near[bisect_left(near, lowest) :] = [lowest]

    def take_at(self, start: int, count: int) -> bool:
        """Take the first ``count`` blocks of the run that starts just there; False where there is none as long."""
        length = self.lengths.get(start, 0)
        if length < count:
            return False
        del self.lengths[start]
        end = start + length
        if length > count:
            self.lengths[start + count] = length - count
            self.begins[end] = start + count
        else:
            self._used_up(end)
        self.grown += count
        return True

    def begin_as(self, other: FreeRuns) -> None:
        """Be in the state of a line of the first of these areas; those behind it were asked for nothing yet."""
        end, whole = other._end, self._end
        behind = [(start, count) for start, count in self.lengths.items() if start >= end]
        self.lengths, self.begins = dict(other.lengths), dict(other.begins)
        self._marks = bytearray(whole)
        self._marks[:end] = other._marks
        self._near = [[*near[:-1], whole if near[-1] == end else near[-1]] for near in other._near]
        self._reached = dict(other._reached)
        for start, count in behind:
            self.give(start, count)
        self.count_as(other)

    def count_as(self, other: FreeRuns) -> None:
        """Have given and got as many blocks as another line."""
        self.taken, self.grown, self.given, self._tidy_from = other.taken, other.grown, other.given, other._tidy_from

    # -- how far an area was ever used --------------------------------------------------------------------------

    def reached(self, base: int, blocks: int) -> int:
        """Blocks from the area's start on that were in use at any time since the last :meth:`forget`."""
        limit = base + blocks
        return max(self._reached.get(limit, 0), self.begins.get(limit, limit)) - base

    def forget(self) -> None:
        """Look from now on only: an area that is in use to its end now has reached it."""
        self._reached = {limit: limit for limit in self._limits if limit not in self.begins}
