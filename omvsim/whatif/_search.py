"""Where along one value outcomes change: a grid, landmarks, bisection between neighbours that differ.

Outcomes are not monotonic: a model's data may fit a larger area and push its arena out of it, and just below the size
that works lies a crash zone. So no single bisection: every pair of neighbours that ended differently is bisected to
the step, and the surroundings of every edge are looked at one by one.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from omvsim.whatif._evaluate import Outcome

GRID = 64
NEIGHBOURHOOD = 4


@dataclass(frozen=True, slots=True)
class Stretch:
    """Values from ``first`` to ``last`` (in steps) that end alike."""

    first: int
    last: int
    outcome: Outcome
    """At ``first``."""


class Curve:
    """Outcomes along a value, in steps of whatever the caller counts in."""

    def __init__(self, probe: Callable[[int], Outcome]) -> None:
        self._probe = probe
        self.points: dict[int, Outcome] = {}

    def at(self, value: int) -> Outcome:
        """The outcome at ``value``, evaluated once."""
        if value not in self.points:
            self.points[value] = self._probe(value)
        return self.points[value]

    def explore(self, low: int, high: int, landmarks: Iterable[int] = ()) -> None:
        """Find every edge between ``low`` and ``high`` that the grid, the landmarks and their bisection show."""
        spacing = max(1, (high - low) // GRID)
        starts = {low, high, *range(low, high, spacing)}
        starts |= {mark + shift for mark in landmarks for shift in (-1, 0, 1) if low <= mark + shift <= high}
        for value in sorted(starts):
            self.at(value)
        self._bisect_all()
        edges = [stretch.first for stretch in self.stretches()[1:]]
        for edge in edges:
            for value in range(edge - NEIGHBOURHOOD, edge + NEIGHBOURHOOD):
                if low <= value <= high:
                    self.at(value)
        self._bisect_all()

    def _bisect_all(self) -> None:
        known = sorted(self.points)
        pending = list(itertools.pairwise(known))
        while pending:
            low, high = pending.pop()
            if high - low > 1 and self.at(low).kind != self.at(high).kind:
                middle = (low + high) // 2
                self.at(middle)
                pending += [(low, middle), (middle, high)]

    def stretches(self) -> list[Stretch]:
        """The known points as stretches that end alike, without gaps, in order."""
        found: list[Stretch] = []
        for value in sorted(self.points):
            outcome = self.points[value]
            if found and found[-1].outcome.kind == outcome.kind:
                found[-1] = Stretch(found[-1].first, value, found[-1].outcome)
            else:
                found.append(Stretch(value, value, outcome))
        return found


def refine(works: Callable[[int], bool], fails: int, fine: int, step: int) -> int:
    """The smallest multiple of ``step`` above ``fails`` that works, given that ``fine`` does."""
    low, high = fails // step, -(-fine // step)
    while high - low > 1:
        middle = (low + high) // 2
        if works(middle * step):
            high = middle
        else:
            low = middle
    return high * step
