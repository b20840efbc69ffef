"""Buffers that have their place in the head, in an order in which the next one's place is found without all pairs.

The planner compares a new buffer with every one that is placed. What is skipped here cannot change its answer: buffers
of other times, and neighbours that all live with the new one and leave it no room.
"""

from __future__ import annotations

from bisect import bisect_right
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from omvsim.tflm._planner import Requirement

MOST: Final = 64
"""Buffers of a run."""
FEW: Final = 256
"""Buffers that are not worth telling apart by time."""
NARROWEST: Final = 64
"""Steps of the narrowest span of time."""


_START: Final = itemgetter(0)


class Buffer(NamedTuple):
    """Where a buffer is, and the first and last step of its life."""

    start: int
    end: int
    first: int
    last: int


class _Run:
    """Neighbours by offset, and what can be said of all of them at once."""

    __slots__ = ("buffers", "end", "first", "gap", "last", "latest", "soonest")

    def __init__(self, buffers: list[Buffer]) -> None:
        self.buffers = buffers
        self.end = max(each.end for each in buffers)
        firsts, lasts = [each.first for each in buffers], [each.last for each in buffers]
        self.first, self.latest = min(firsts), max(firsts)
        self.last, self.soonest = max(lasts), min(lasts)
        self.gap = _widest(buffers)
        """At least the widest room between two of them, if all live at once."""

    def insert(self, buffer: Buffer) -> None:
        """Put one in, behind those of the same offset."""
        buffers = self.buffers
        at = bisect_right(buffers, buffer.start, key=_START)
        if at == 0:
            self.gap = max(self.gap, buffers[0].start - buffer.end)
        elif at == len(buffers):
            self.gap = max(self.gap, buffer.start - self.end)
        buffers.insert(at, buffer)
        _, end, first, last = buffer
        self.end = end if end > self.end else self.end  # max() takes four times as long
        self.first = first if first < self.first else self.first
        self.latest = first if first > self.latest else self.latest
        self.last = last if last > self.last else self.last
        self.soonest = last if last < self.soonest else self.soonest


class _Span:
    """The buffers that live at some time, in runs by offset."""

    __slots__ = ("runs", "starts")

    def __init__(self, buffers: list[Buffer]) -> None:
        self.runs = [_Run(buffers[at : at + MOST]) for at in range(0, len(buffers), MOST)]
        self.starts = [run.buffers[0].start for run in self.runs[1:]]
        """Of each run but the first: what lies below it is not in it, what lies above it is not before it."""

    def buffers(self) -> Iterator[Buffer]:
        """All, by offset."""
        for run in self.runs:
            yield from run.buffers

    def insert(self, buffer: Buffer) -> None:
        """Put one in."""
        if not self.runs:
            self.runs.append(_Run([buffer]))
            return
        at = bisect_right(self.starts, buffer.start)
        run = self.runs[at]
        run.insert(buffer)
        if len(run.buffers) > 2 * MOST:
            self.runs[at : at + 1] = [_Run(run.buffers[:MOST]), _Run(run.buffers[MOST:])]
            self.starts.insert(at, run.buffers[MOST].start)

    def first_fit(self, size: int, first: int, last: int) -> int:
        """The lowest offset that is free from step ``first`` to ``last``."""
        candidate = 0
        for run in self.runs:
            if run.first > last or run.last < first:
                continue
            if run.latest <= last and run.soonest >= first:  # all of them live with it
                narrow = run.gap < size
                if not narrow:
                    run.gap = _widest(run.buffers)
                    narrow = run.gap < size
                if narrow and run.buffers[0].start - candidate < size:
                    candidate = max(candidate, run.end)
                    continue
            for start, end, other_first, other_last in run.buffers:
                if other_first > last or other_last < first:
                    continue
                if start - candidate >= size:
                    return candidate
                candidate = max(candidate, end)
        return candidate


class Placed:
    """All of them; those that live within a span of time (a power of two of steps) also by themselves."""

    def __init__(self) -> None:
        self._all = _Span([])
        self._count = 0
        self._spans: dict[int, dict[int, _Span]] = {}
        """By the power and the number of the span; each made when a buffer that lives within it is first placed."""
        self._wide: set[int] = set()
        """Powers of spans in which most of the buffers live: they are not worth it."""
        self._until = 0
        """The last step of any buffer so far that was to live within a span."""

    def insert(self, buffer: Buffer) -> None:
        """Put one in."""
        self._count += 1
        self._all.insert(buffer)
        for power, spans in self._spans.items():
            since, until = buffer.first >> power, buffer.last >> power
            if until - since < len(spans):
                numbers: Iterable[int] = range(since, until + 1)
            else:
                numbers = [number for number in spans if since <= number <= until]
            for number in numbers:
                if number in spans:
                    spans[number].insert(buffer)

    def first_fit(self, requirement: Requirement) -> int:
        """The lowest offset that is free for as long as the buffer lives."""
        size, first, last, _ = requirement
        return self._span(first, last).first_fit(size, first, last)

    def _span(self, first: int, last: int) -> _Span:
        """The narrowest span of time that they live within."""
        if self._count < FEW or first < 0 or last < 0:
            return self._all
        self._until = max(self._until, last)
        power = max(NARROWEST.bit_length() - 1, (first ^ last).bit_length())
        return self._made(power, first >> power)

    def _made(self, power: int, number: int) -> _Span:
        """The span; if it is new, out of that of twice the time: looking through all of them each time takes long."""
        spans = self._spans.setdefault(power, {})
        if number in spans:
            return spans[number]
        if power in self._wide or not self._until >> power:
            return self._all
        around = self._made(power + 1, number >> 1)
        inside = [each for each in around.buffers() if each.first >> power <= number <= each.last >> power]
        if len(inside) > self._count // 2:
            self._wide.add(power)
            return self._all
        spans[number] = _Span(inside)
        return spans[number]


def _widest(buffers: Iterable[Buffer]) -> int:
    gap = end = 0
    for number, (start, ends, _, _) in enumerate(buffers):
        gap = max(gap, start - end if number else 0)
        end = max(end, ends)
    return gap


__all__ = ["FEW", "MOST", "NARROWEST", "Buffer", "Placed"]
