"""The free runs of a heap, indexed so that first fit needs no walk over the blocks.

The device finds room by walking its allocation table from the start (``gc_alloc``, micropython/micropython v1.26.0
``py/gc.c``): the first run of free blocks that is long enough, area by area, lowest address first. Its marks
(``gc_last_free_atb_index``, ``gc_last_free_area``) only skip what is full: a request of one block moves a mark behind
the first free block of all, and whatever frees a block before a mark pulls it back, so no free block ever lies before
one. They change what a search costs and never what it finds; they are not kept here.

Blocks of all areas stand on one line, in the order of the areas, with a position between two areas that is never free.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHORTEST = (1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 257, 513)
"""The shortest run of each class, in blocks; a class ends where the next begins. Classes count from 1."""
_LAST = len(_SHORTEST)
_LONG = _SHORTEST[-1]
_CLASS = bytes(sum(shortest <= length for shortest in _SHORTEST) for length in range(_LONG))
"""Class of a run of so many blocks; from ``_LONG`` on it is the last."""
_WITHIN = bytes(0 if length in (0, *_SHORTEST) else _CLASS[length] for length in range(_LONG))
"""The class that has runs too short for a request and others long enough; 0 if none has."""
_WHOLE = bytes(_CLASS[length] + (length not in _SHORTEST) for length in range(_LONG))
"""From this class on every run is long enough."""
_MOST, _KEPT = 32, 16
"""A class keeps so many starts in order before it forgets the higher ones, which ``marks`` still has."""


class FreeRuns:
    """Runs of free blocks on one line, by start, end and length.

    Of each class the lowest starts are kept in order (``near``, all below ``frontier``); those from the frontier on are
    found in ``marks``, a byte a block, with a search at the speed of memory. So neither a few long runs nor 100 000
    short ones cost more than a few steps a request. ``first`` is a lower bound of the first start in a class or above.

    Args:
        spans: (first position, blocks) of every area, ascending, with at least a position between two.
    """

    __slots__ = ("_end", "_first", "_frontier", "_limits", "_marks", "_near", "_reached", "_tops", "begins", "lengths")

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        spans = tuple(spans)
        self._end = sum(spans[-1]) + 1
        self.lengths: dict[int, int] = {}
        """Blocks of every free run, by its start."""
        self.begins: dict[int, int] = {}
        """Start of every free run, by the position behind it."""
        self._marks = bytearray(self._end)
        self._near: list[list[int]] = [[] for _ in range(_LAST + 2)]
        self._frontier = [self._end] * (_LAST + 2)
        self._tops = [self._end] * (_LAST + 2)
        self._first = [self._end] * (_LAST + 2)
        self._limits = {base + blocks for base, blocks in spans}
        self._reached: dict[int, int] = {}
        for base, blocks in spans:
            self.give(base, blocks)
        self.forget()

    def take(self, count: int) -> int:
        """Make the first ``count`` free blocks a chunk's; their position, or -1 where there is no such run."""
        lengths, tops = self.lengths, self._tops
        whole, within = (_WHOLE[count], _WITHIN[count]) if count < _LONG else (_LAST + 1, _LAST)
        start = self._first[whole]
        if lengths.get(start, 0) < count or (within and tops[within] < start):
            start = self._find(count, whole, within)
        length = lengths.pop(start, 0)
        if not length:
            return -1
        class_ = self._marks[start]
        new, rest = start + count, length - count
        if rest:
            lengths[new] = rest
            self.begins[start + length] = new
            other = _CLASS[rest] if rest < _LONG else _LAST
            if other == class_ and tops[class_] == start and new < self._frontier[class_]:
                self._marks[start], self._marks[new] = 0, class_  # most of all requests: written here, not called
                self._near[class_][0] = tops[class_] = new
            elif other == class_:
                self._move(start, new, class_)
            else:
                self._remove(start, class_)
                self._insert(new, other)
            if other >= whole:
                self._first[whole] = new
        else:
            del self.begins[new]
            if new in self._limits:
                self._reached[new] = new
            self._remove(start, class_)
        return start

    def _find(self, count: int, whole: int, within: int) -> int:
        """Start of the first run of ``count`` blocks; the end of the line: none."""
        lengths = self.lengths
        start = self._first[whole]
        if lengths.get(start, 0) < count:
            start = self._first[whole] = min(self._tops[whole:])
        if within and self._tops[within] < start:
            start = self._first_within(within, count, start)
        return start

    def _first_within(self, class_: int, count: int, limit: int) -> int:
        """The first run of the class that has ``count`` blocks, if it lies before ``limit``; else ``limit``."""
        lengths = self.lengths
        for start in self._near[class_]:
            if start >= limit:
                return limit
            if lengths[start] >= count:
                return start
        find = self._marks.find
        start = find(class_, self._frontier[class_], limit)
        while start >= 0:
            if lengths[start] >= count:
                return start
            start = find(class_, start + 1, limit)
        return limit

    def give(self, start: int, count: int) -> None:
        """Make ``count`` blocks free, one run with the free ones around them."""
        lengths, begins, end = self.lengths, self.begins, start + count
        left, right = begins.pop(start, -1), lengths.pop(end, 0)
        if right:
            self._remove(end, _CLASS[right] if right < _LONG else _LAST)
            if end + right in self._limits:
                self._reached[end + right] = max(self._reached.get(end + right, 0), end)
            end += right
        if left >= 0:
            old = lengths[left]
            lengths[left] = end - left
            begins[end] = left
            before = _CLASS[old] if old < _LONG else _LAST
            after = _CLASS[end - left] if end - left < _LONG else _LAST
            if before != after:
                self._remove(left, before)
                self._insert(left, after)
        else:
            lengths[start] = end - start
            begins[end] = start
            self._insert(start, _CLASS[end - start] if end - start < _LONG else _LAST)

    def take_at(self, start: int, count: int) -> bool:
        """Take the first ``count`` blocks of the run that starts just there; False where there is none as long."""
        length = self.lengths.get(start, 0)
        if length < count:
            return False
        del self.lengths[start]
        self._remove(start, self._marks[start])
        end = start + length
        if length > count:
            self.lengths[start + count] = length - count
            self.begins[end] = start + count
            self._insert(start + count, _CLASS[length - count] if length - count < _LONG else _LAST)
        else:
            del self.begins[end]
            if end in self._limits:
                self._reached[end] = end
        return True

    def begin_as(self, other: FreeRuns) -> None:
        """Be in the state of a line of the first of these areas; those behind it were asked for nothing yet."""
        end, whole = other._end, self._end
        behind = [(start, count) for start, count in self.lengths.items() if start >= end]
        self.lengths, self.begins = dict(other.lengths), dict(other.begins)
        self._marks = bytearray(whole)
        self._marks[:end] = other._marks
        self._near = [list(near) for near in other._near]
        for own, theirs in (
            (self._frontier, other._frontier),
            (self._tops, other._tops),
            (self._first, other._first),
        ):
            own[:] = [whole if at == end else at for at in theirs]
        self._reached = dict(other._reached)
        for start, count in behind:
            self.give(start, count)

    # -- how far an area was ever used --------------------------------------------------------------------------

    def reached(self, base: int, blocks: int) -> int:
        """Blocks from the area's start on that were in use at any time since the last :meth:`forget`."""
        limit = base + blocks
        return max(self._reached.get(limit, 0), self.begins.get(limit, limit)) - base

    def forget(self) -> None:
        """Look from now on only: an area that is in use to its end now has reached it."""
        self._reached = {limit: limit for limit in self._limits if limit not in self.begins}

    # -- the order of each class --------------------------------------------------------------------------------

    def _insert(self, start: int, class_: int) -> None:
        self._marks[start] = class_
        if start >= self._frontier[class_]:
            return
        near = self._near[class_]
        if start < self._tops[class_]:
            self._tops[class_] = start
            near.insert(0, start)
            first = self._first
            for lower in range(1, class_ + 1):
                if first[lower] > start:  # noqa: PLR1730 (min() takes four times as long)
                    first[lower] = start
        else:
            insort(near, start)
        if len(near) > _MOST:
            self._frontier[class_] = near[_KEPT]
            del near[_KEPT:]

    def _remove(self, start: int, class_: int) -> None:
        self._marks[start] = 0
        if start >= self._frontier[class_]:
            return
        near = self._near[class_]
        if near[0] != start:
            del near[bisect_left(near, start)]
            return
        del near[0]
        if not near and self._frontier[class_] < self._end:
            self._refill(class_)
        self._tops[class_] = near[0] if near else self._end

    def _move(self, start: int, new: int, class_: int) -> None:
        """The run at ``start`` begins at ``new`` now, with no other between them, and stays in its class."""
        marks, near = self._marks, self._near[class_]
        marks[start], marks[new] = 0, class_
        if self._tops[class_] == start:
            near[0] = self._tops[class_] = new
        elif start < self._frontier[class_]:
            near[bisect_left(near, start)] = new
        else:
            return
        if new >= self._frontier[class_]:
            self._frontier[class_] = new + 1

    def _refill(self, class_: int) -> None:
        near, find, start = self._near[class_], self._marks.find, self._frontier[class_] - 1
        for _ in range(_KEPT):
            start = find(class_, start + 1)
            if start < 0:
                break
            near.append(start)
        self._frontier[class_] = start + 1 if start >= 0 else self._end
