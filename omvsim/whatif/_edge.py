"""``what-if min`` and ``max``: the smallest or largest value that works, islands and crash zones included."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING

from omvsim.errors import InputError
from omvsim.firmware import LoadMode
from omvsim.heap import BLOCK, AreaGeometry
from omvsim.tflm import ArenaPlan, allocate, minimum_arena
from omvsim.tflm import Outcome as ArenaOutcome
from omvsim.units import align_up
from omvsim.verdict import Verdict
from omvsim.whatif._configuration import GC_SIZE, RUN_KEYS
from omvsim.whatif._search import Curve, Stretch, refine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from omvsim.boards import Board
    from omvsim.whatif._configuration import Configuration
    from omvsim.whatif._evaluate import Evaluator, Outcome

KIB = 1024
DEFAULT_CEILING = 8 << 20
HIGHEST_CEILING = 64 << 20
MOST_SIZINGS = 4096
MAY_CRASH = str(Verdict.MAY_CRASH)
_NO_SIZE = "is not a size, so it has no smallest value: use --vary"


@dataclass(frozen=True, slots=True)
class Range:
    """Values in steps, both ends included, that end alike; sizes in bytes at those ends."""

    from_bytes: int
    to_bytes: int
    works: bool
    verdict: str
    stage: str
    error: str
    arena_area: str
    data_area: str
    provenance: str | None


@dataclass(frozen=True, slots=True)
class Edge:
    """What was found along one value."""

    key: str
    step: int
    """Bytes between two tried values."""
    smallest: int | None
    """Smallest value that works, to the block; None if none does in the range."""
    smallest_step: int | None
    """The same among the multiples of ``step``."""
    largest: int | None
    """Largest multiple of ``step`` in the range that works."""
    always_from: int | None
    """From here on everything in the range works; None if the end of the range fails."""
    ranges: tuple[Range, ...]
    may_crash: tuple[int, ...]
    """Multiples of ``step`` at which the camera may die."""
    evaluations: int

    @property
    def islands(self) -> tuple[Range, ...]:
        """Ranges that are out of order: what fails above a value that works, and what works below one that fails."""
        first_good = next((n for n, r in enumerate(self.ranges) if r.works), len(self.ranges))
        last_bad = max((n for n, r in enumerate(self.ranges) if not r.works), default=-1)
        return self.ranges[first_good : last_bad + 1]


class EdgeSearch:
    """Searches along one size.

    Args:
        evaluator: runs configurations.
        base: everything but the value.
        key: a board value that is a size, e.g. ``gc[2].size``.
        low, high: bounds in bytes; ``high`` None finds one by itself.
        step: distance of tried values in bytes.
        place: how the base takes a size; by default its key is set to it.
    """

    def __init__(
        self,
        evaluator: Evaluator,
        base: Configuration,
        key: str,
        *,
        low: int = 0,
        high: int | None = None,
        step: int = KIB,
        place: Callable[[Configuration, int], Configuration] | None = None,
    ) -> None:
        if step < 1 or low < 0 or (high is not None and high < low):
            raise InputError(key, "the range must go up from 0 or more, by a step of 1 or more")
        self.evaluator = evaluator
        self.base = base
        self.key = key
        self.step = step
        self.low = low
        self.high = high
        self.evaluations = 0
        self._place = place or (lambda start, size: start.with_value(key, str(size)))
        self._area = GC_SIZE.fullmatch(key)

    def run(self) -> Edge:
        """Search.

        Raises:
            InputError: the key is not a size, or model, board or scenario cannot be used.
        """
        # An address is a number too, of gigabytes: in steps of a K the search would not end.
        if self.key in RUN_KEYS or self.key.endswith(".origin"):
            raise InputError(self.key, _NO_SIZE)
        curve = Curve(lambda value: self._probe(value * self.step))
        first, last = -(-self.low // self.step), (self._ceiling() if self.high is None else self.high) // self.step
        curve.explore(first, last, self._landmarks())
        crashes = self._crashes(curve)
        whole = _merged(self._range(stretch, curve, last) for stretch in curve.stretches())
        ranges = _merged(part for entry in whole for part in self._without_zones(entry, crashes))
        good = [value for value, outcome in sorted(curve.points.items()) if outcome.works]
        smallest_step = good[0] if good else None
        return Edge(
            key=self.key,
            step=self.step,
            smallest=None if smallest_step is None else self._refined(curve, smallest_step, first),
            smallest_step=None if smallest_step is None else smallest_step * self.step,
            largest=good[-1] * self.step if good else None,
            always_from=_always_from(ranges),
            ranges=tuple(ranges),
            may_crash=tuple(sorted(crashes)),
            evaluations=self.evaluations,
        )

    # -- probing ------------------------------------------------------------------------------------------------

    def _probe(self, size: int) -> Outcome:
        self.evaluations += 1
        return self.evaluator.evaluate(self._place(self.base, size))

    def _ceiling(self) -> int:
        """The present value or 8M; more while nothing works and the memory has room."""
        present = self._present()
        high = max(present, DEFAULT_CEILING)
        if self._probe(high).verdict == "impossible":
            high = present
        while high < HIGHEST_CEILING and not (outcome := self._probe(high)).works:
            if outcome.verdict == "refused" or self._probe(high * 2).verdict == "impossible":
                break
            high *= 2
        return high

    def _present(self) -> int:
        value = self.evaluator.camera(self.base).values().get(self.key, 0)
        if not isinstance(value, int) or isinstance(value, bool):
            raise InputError(self.key, _NO_SIZE)
        return value

    def _refined(self, curve: Curve, smallest: int, first: int) -> int:
        if smallest == first or self.step <= BLOCK:
            return smallest * self.step
        below = max((value for value in curve.points if value < smallest), default=None)
        if below is None:  # the bounds of the search are closer together than its step
            return smallest * self.step
        return refine(lambda size: self._probe(size).works, below * self.step, smallest * self.step, BLOCK)

    def _landmarks(self) -> Iterator[int]:
        """Sizes at which something of the model just fits: its data, its arena, its inputs and outputs."""
        plan = self.evaluator.plan(self.base)
        smallest = minimum_arena(plan)
        if smallest is None:
            return
        model = self.evaluator.model(self.base)
        arena = plan.arena_used_bytes
        in_place = self.evaluator.mode(self.base) is LoadMode.ROM
        data = 0 if in_place else align_up(model.size, 32) + 32
        outputs = sum(4 * prod(tensor.shape) for tensor in plan.outputs)
        inputs = sum(4 * prod(tensor.shape) for tensor in plan.inputs)
        for extra in {0, data}:
            for need in (
                0,
                smallest,
                arena + 512,
                arena + 4800,
                arena + outputs,
                arena + inputs,
                inputs + outputs + arena,
            ):
                yield (extra + need) * (512 + 12) // 512 // self.step + 1

    # -- crash zones --------------------------------------------------------------------------------------------

    def _crashes(self, curve: Curve) -> set[int]:
        found = {value * self.step for value, outcome in curve.points.items() if outcome.may_crash}
        for stretch in curve.stretches():
            if stretch.outcome.may_crash:
                found |= {value * self.step for value in range(stretch.first, stretch.last + 1)}
            else:
                found |= self._undefined_sizings(stretch)
        return found

    def _undefined_sizings(self, stretch: Stretch) -> set[int]:
        """Values inside a stretch of failing sizing passes in whose arena the library writes through a null pointer.

        Where that arena is the rest of the varied area, its size follows from the area's geometry, so that the
        library's checks can be asked for every step without running the whole script.
        """
        outcome = stretch.outcome
        if self._area is None or outcome.verdict != "value_error" or outcome.stage != "load":
            return set()
        index = int(self._area[1])
        if outcome.sizing_area != f"gc[{index}]" or stretch.last - stretch.first > MOST_SIZINGS:
            return set()
        plan, board = self.evaluator.plan(self.base), self.evaluator.camera(self.base)
        taken = _pool(board, index, stretch.first * self.step) - outcome.sizing_bytes
        return {
            value * self.step
            for value in range(stretch.first, stretch.last + 1)
            if _undefined(plan, _pool(board, index, value * self.step) - taken)
        }

    def _without_zones(self, entry: Range, crashes: set[int]) -> Iterator[Range]:
        """A range with the crash zones inside it as ranges of their own, each as a run in it ends."""
        start = entry.from_bytes
        for first, last in () if entry.verdict == MAY_CRASH else _zones(entry, crashes, self.step):
            outcome = self._probe(first)
            if not outcome.may_crash:
                continue
            if start < first:
                yield replace(entry, from_bytes=start, to_bytes=first - self.step)
            yield _range_of(outcome, first, last)
            start = last + self.step
        if start <= entry.to_bytes:
            yield replace(entry, from_bytes=start)

    def _range(self, stretch: Stretch, curve: Curve, last: int) -> Range:
        following = min((value for value in curve.points if value > stretch.last), default=last + 1)
        end = max(stretch.last, following - 1) * self.step
        return _range_of(stretch.outcome, stretch.first * self.step, end)


def _range_of(outcome: Outcome, first: int, last: int) -> Range:
    return Range(
        first,
        last,
        outcome.works,
        outcome.verdict,
        outcome.stage,
        outcome.error,
        outcome.arena_area,
        outcome.data_area,
        outcome.provenance,
    )


def _zones(entry: Range, crashes: set[int], step: int) -> list[tuple[int, int]]:
    """Runs of neighbouring crash values inside a range."""
    zones: list[tuple[int, int]] = []
    for value in sorted(value for value in crashes if entry.from_bytes <= value <= entry.to_bytes):
        if zones and value == zones[-1][1] + step:
            zones[-1] = (zones[-1][0], value)
        else:
            zones.append((value, value))
    return zones


def _pool(board: Board, index: int, size: int) -> int:
    """Bytes of the pool of an area of ``size`` bytes."""
    present = board.gc_areas[index].origin if index < len(board.gc_areas) else 0
    try:
        return AreaGeometry.of(present, size, added=index > 0).blocks * BLOCK
    except ValueError:
        return 0


def _undefined(plan: ArenaPlan, size: int) -> bool:
    return size > 0 and allocate(plan, size) is ArenaOutcome.UNDEFINED


def _merged(ranges: Iterable[Range]) -> list[Range]:
    """Neighbours that differ only in where the sizing arena was are one to a user."""
    merged: list[Range] = []
    for entry in ranges:
        if merged and replace(merged[-1], from_bytes=0, to_bytes=0) == replace(entry, from_bytes=0, to_bytes=0):
            merged[-1] = replace(merged[-1], to_bytes=entry.to_bytes)
        else:
            merged.append(entry)
    return merged


def _always_from(ranges: list[Range]) -> int | None:
    if not ranges or not ranges[-1].works:
        return None
    start = ranges[-1].from_bytes
    for entry in reversed(ranges):
        if not entry.works:
            break
        start = entry.from_bytes
    return start
