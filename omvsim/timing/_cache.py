"""How many lines of a loop's data miss in a set-associative cache.

A loop touches some blocks of memory once a turn. Whether a line is still there at the next turn depends on how many
lines of all blocks fall into its set: under LRU a set that holds more lines than ways misses on every one of them,
under random replacement on a share that a small simulation of one set gives. Where a block lies relative to the
others is not known (or changes with placement), so the number of lines in a set is a distribution: N lines in a row
put N // S or one more into each of S sets.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp
from typing import TYPE_CHECKING

from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

LRU, RANDOM = "lru", "random"
_LONGEST = 4096
"""Misses of the longest simulation of one set: 28 turns of 40 lines, or 48 times the settling of up to 8 ways."""
FILL = 0.6
"""Share of an LRU cache that a walk can use before some set overflows (four ways, intervals at any place)."""


class Cache(NamedTuple):
    """A data cache: ``size`` and ``line`` in bytes, ``policy`` ``lru`` or ``random``."""

    size: int = 32768
    ways: int = 4
    line: int = 32
    policy: str = RANDOM

    @property
    def sets(self) -> int:
        """Number of sets."""
        return self.size // (self.ways * self.line)

    @property
    def lines(self) -> int:
        """Number of lines."""
        return self.size // self.line

    def span(self, size: float) -> float:
        """Lines that ``size`` bytes in a row take, on average over alignments of 16 bytes (the arena's)."""
        if size <= 0:
            return 0.0
        return size / self.line + (0.0 if size % self.line == 0 and size >= self.line else 0.5)


class Block(NamedTuple):
    """Lines touched once a turn; ``share`` is the share of sets they can fall into (strided accesses: below 1)."""

    lines: float
    share: float = 1.0
    pattern: tuple[tuple[int, float], ...] = ()
    """(lines in a set, share of the sets) where the layout is known; else N lines in a row."""

    def spread(self, sets: int) -> list[tuple[int, float]]:
        """(lines in a set, probability) over all sets."""
        if self.pattern:
            return list(self.pattern)
        usable = max(1.0, self.share * sets)
        per_set = self.lines / usable
        whole = int(per_set)
        part = per_set - whole
        inside = usable / sets
        found = [(whole, inside * (1 - part)), (whole + 1, inside * part), (0, 1 - inside)]
        merged: dict[int, float] = {}
        for count, probability in found:
            if probability > 1e-9:
                merged[count] = merged.get(count, 0.0) + probability
        return list(merged.items())


@lru_cache(maxsize=4096)
def rows_block(cache: Cache, rows: int, size: int, pitch: int) -> Block:
    """``rows`` runs of ``size`` bytes, ``pitch`` bytes apart: a window of an image. Runs may share sets."""
    sets, line = cache.sets, cache.line
    counts = [0] * sets
    run = -(-size // line)
    for row in range(rows):
        start = row * pitch // line
        whole, rest = divmod(run, sets)
        for i in range(rest):
            counts[(start + i) % sets] += 1
        if whole:
            counts = [c + whole for c in counts]
    pattern = tuple((c, counts.count(c) / sets) for c in sorted(set(counts)))
    return Block(float(rows * run), 1.0, pattern)


@lru_cache(maxsize=4096)
def _per_set(cache: Cache, blocks: tuple[Block, ...]) -> list[list[tuple[int, int, float]]]:
    """For each block (its lines in a set, all lines in the set, probability)."""
    spreads = [b.spread(cache.sets) for b in blocks]
    found = []
    for i, own in enumerate(spreads):
        others: dict[int, float] = {0: 1.0}
        for j, other in enumerate(spreads):
            if j != i:
                mixed: dict[int, float] = {}
                for a, p in others.items():
                    for b, q in other:
                        mixed[a + b] = mixed.get(a + b, 0.0) + p * q
                others = mixed
        found.append([(n, n + rest, p * q) for n, p in own if n for rest, q in others.items()])
    return found


def miss_shares(cache: Cache, blocks: Sequence[Block]) -> tuple[float, ...]:
    """For each block the share of its lines that miss in every turn, once the loop has settled."""
    return _miss_shares(cache, tuple(blocks))


@lru_cache(maxsize=4096)
def _miss_shares(cache: Cache, blocks: tuple[Block, ...]) -> tuple[float, ...]:
    shares = []
    for sets in _per_set(cache, blocks):
        lines = missed = 0.0
        for own, total, probability in sets:
            lines += own * probability
            missed += own * probability * set_misses(total, cache.ways, cache.policy)
        shares.append(missed / lines if lines else 0.0)
    return tuple(shares)


def settling(cache: Cache, blocks: Sequence[Block], turns: float) -> tuple[float, ...]:
    """For each block the misses per line, beyond the first, until the lines that fit have found their places.

    Random replacement throws out lines of the loop itself although there would be room; LRU does not.
    """
    if cache.policy == LRU or turns <= 1:
        return (0.0,) * len(blocks)
    return _settling(cache, tuple(blocks), int(min(turns, 32)))


@lru_cache(maxsize=4096)
def _settling(cache: Cache, blocks: tuple[Block, ...], passes: int) -> tuple[float, ...]:
    extra = []
    for sets in _per_set(cache, blocks):
        lines = sum(n * p for n, _, p in sets)
        more = sum(n * p * (_settle_set(t, cache.ways, passes) / t - 1.0) for n, t, p in sets if t <= cache.ways)
        extra.append(more / lines if lines else 0.0)
    return tuple(extra)


def set_misses(lines: int, ways: int, policy: str) -> float:
    """Misses per access when ``lines`` lines of one set are touched in turn, again and again."""
    if lines <= ways:
        return 0.0
    return 1.0 if policy == LRU else _random_set(min(lines, 40), ways)


@lru_cache(maxsize=512)
def _random_set(lines: int, ways: int) -> float:
    """Random replacement, by running one set for a while with a fixed sequence of pseudo-random victims."""
    victims, missed, settled = _victims(ways), 0, 0
    present = list(range(ways))
    turns = 24
    for turn in range(turns + 4):
        if turn == 4:
            settled = missed
        for line in range(lines):
            if line not in present:
                present[victims[missed]] = line
                missed += 1
    return (missed - settled) / (turns * lines)


class _Victims:
    """The ways that one miss after the other throws out: xorshift32, as far as a simulation runs."""

    def __init__(self, ways: int) -> None:
        self._ways = ways
        self._state = 2463534242
        self._found: list[int] = []

    def __getitem__(self, missed: int) -> int:
        found = self._found
        while len(found) <= missed:
            state = self._state
            state ^= state << 13 & 0xFFFFFFFF
            state ^= state >> 17
            state ^= state << 5 & 0xFFFFFFFF
            self._state = state
            found.append(state % self._ways)
        return found[missed]


@lru_cache(maxsize=8)
def _victims(ways: int) -> _Victims:
    return _Victims(ways)


@lru_cache(maxsize=512)
def _settle_set(lines: int, ways: int, passes: int) -> float:
    """Misses of ``lines`` (at most ``ways``) lines of one set in ``passes`` turns, the set full of others at first."""
    victims, missed, trials = _victims(ways), 0, 48
    for _ in range(trials):
        present = [-1] * ways
        for _ in range(passes):
            before = missed
            for line in range(lines):
                if line not in present:
                    present[victims[missed % _LONGEST]] = line
                    missed += 1
            if missed == before:  # all of them have found their places
                break
    return missed / trials


_Entry = tuple[int, int, float, float]
"""An interval that was touched: start, end, count of misses when its walk began and when it ended."""


def _without(entries: list[_Entry], start: int, end: int) -> list[_Entry]:
    """What is left of the entries outside [start, end)."""
    kept: list[_Entry] = []
    for entry in entries:
        low, high, first, last = entry
        if high <= start or low >= end:
            kept.append(entry)
            continue
        if low < start:
            kept.append((low, start, first, last))
        if high > end:
            kept.append((end, high, first, last))
    return kept


class Residency:
    """Which intervals of memory are probably still in the cache, by when they were last touched.

    LRU: an interval is evicted once other intervals of the cache's size have been touched since. Random: each miss
    evicts each line with probability one over the number of lines.
    """

    def __init__(self, cache: Cache) -> None:
        self.cache = cache
        self._recent: list[_Entry] = []
        self._misses = 0.0
        self._before = 0.0
        self._foreign = 0

    def resident(self, start: int, end: int) -> float:
        """Expected share of [start, end) in the cache now."""
        if end <= start:
            return 0.0
        found, newer, size = 0.0, 0, self.cache.size
        lru = self.cache.policy == LRU
        for low, high, first, last in reversed(self._recent):
            # Entries are in the order of their last use: nothing older can still be there.
            if (newer >= size) if lru else (self._misses - last > 8 * self.cache.lines):
                break
            if high > start and low < end:
                overlap = min(high, end) - max(low, start)
                found += min(overlap, max(0, size - newer)) if lru else overlap * self._alive(first, last)
            newer += high - low
        return min(1.0, found / (end - start))

    def warm(self, start: int, end: int, passing: int) -> float:
        """Share of [start, end) still there when a walk through it, which touches ``passing`` bytes, gets to it.

        The walk starts at the front. Under LRU what it loads first pushes out the rest, unless all of it fits.
        """
        share = self.resident(start, end)
        if not share:
            return 0.0
        if self.cache.policy == LRU:
            missing = (1 - share) * passing
            return share if missing + share * (end - start) <= FILL * self.cache.size else 0.0
        pressure = passing / self.cache.size
        return share * (1.0 - exp(-pressure)) / pressure if pressure else share

    def _alive(self, first: float, last: float) -> float:
        """Random: share of an interval that was walked through while the miss count went from ``first`` to ``last``."""
        lines = self.cache.lines
        if last - first < 1.0:
            return exp(-(self._misses - last) / lines)
        return lines / (last - first) * (exp(-(self._misses - last) / lines) - exp(-(self._misses - first) / lines))

    def touch(self, start: int, end: int) -> None:
        """[start, end) was walked through during the last step."""
        recent = self._recent[-48:]
        kept = [entry for entry in recent if entry[1] <= start or entry[0] >= end]
        if len(kept) != len(recent):
            kept = _without(recent, start, end)
        kept.append((start, end, self._before, self._misses))
        self._recent = kept

    def pass_by(self, size: int) -> None:
        """``size`` bytes that will not be asked for again were used."""
        if self.cache.policy == LRU and size:
            self._foreign -= size
            self._recent.append((self._foreign, self._foreign + size, self._misses, self._misses))

    def missed(self, lines: float) -> None:
        """A step loaded ``lines`` lines."""
        self._before = self._misses
        self._misses += lines
