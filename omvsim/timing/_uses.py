"""What an operator's data costs in cache lines: one :class:`Use` a block of memory, and how they add up."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from omvsim.records import NamedTuple
from omvsim.timing._cache import RANDOM, Block, Cache

if TYPE_CHECKING:
    from omvsim.timing._node import Node


class Misses(NamedTuple):
    """Lines: weights loaded, arena loaded, arena written without being there, and written back."""

    weights: float = 0.0
    arena_loads: float = 0.0
    arena_stores: float = 0.0
    write_backs: float = 0.0


class Place(NamedTuple):
    """What of an operator's data goes through the cache, and what is there already when it starts."""

    cache: Cache
    arena: bool = True
    weights: bool = True
    warm_weights: float = 0.0
    """Share of the weights still in the cache from the previous inference."""
    warm_input: float = 0.0
    warm_output: float = 0.0
    abreast: int = 1
    """Streams of the operator that run through the same sets at the same time (tensors a multiple of the cache's way
    apart): under random replacement each new line may throw out the others' current ones."""

    def blocks(self, arena: list[Block], weights: list[Block]) -> tuple[list[Block], list[Block]]:
        """The blocks that compete for the cache."""
        return (arena if self.arena else []), (weights if self.weights else [])


WEIGHTS, LOADS, STORES = 0, 1, 2
PASSING, TURN, INNER, CROSSED = 0, 1, 2, 3


class Use(NamedTuple):
    """What one block of an operator's data costs.

    ``base`` misses follow from the loops; ``kept`` lines stay from turn to turn if nothing else evicts them, and are
    asked for again in each of ``turns`` turns.
    """

    kind: int
    base: float
    kept: float = 0.0
    turns: float = 1.0
    rewritten: float = 0.0
    """How often the lines kept are written anew (scratch memory): the first eviction after that writes back."""
    level: int = 0
    """0: passes by once. 1: competes in the turn's own miss shares, so other uses of level 1 are already counted
    against it. 2: an inner loop's, which all others disturb. 3: two walks that cross (no miss share of their own):
    everything disturbs, as far as it does not land where a line is missing anyway."""
    exposure: float = 1.0
    """Share of a turn's misses that fall between two uses of a line."""


def settle(uses: list[Use], place: Place) -> Misses:
    """Sum the uses; under random replacement every miss also evicts lines that were meant to stay.

    A line that M misses pass over is gone with probability 1 - exp(-M / lines); what is fetched again evicts in turn,
    hence the few rounds to a fixed point.
    """
    uses = [u for u in uses if (place.weights if u.kind == WEIGHTS else place.arena)]
    base = passing = 0.0
    for use in uses:
        base += use.base
        if use.level == PASSING:
            passing += use.base
    extra = _fetched_again(uses, place.cache, base, passing) if place.cache.policy == RANDOM else [0.0] * len(uses)
    sums = [0.0, 0.0, 0.0]
    for use, more in zip(uses, extra, strict=True):
        sums[use.kind] += use.base + more
    total = base + sum(extra)
    written = sums[STORES] + sum(
        u.rewritten * u.kept * (1.0 - exp(-total / (u.rewritten * place.cache.lines))) for u in uses if u.rewritten
    )
    return Misses(sums[WEIGHTS], sums[LOADS], sums[STORES], written if place.cache.policy == RANDOM else sums[STORES])


def _fetched_again(uses: list[Use], cache: Cache, base: float, passing: float) -> list[float]:
    """Random replacement: for each use the lines it had and has to fetch again."""
    extra = [0.0] * len(uses)
    staying = [number for number, use in enumerate(uses) if use.kept and use.turns > 0]
    if not staying:
        return extra
    again, chain = 0.0, _chain(sum(u.kept for u in uses), cache)
    for _ in range(12):
        disturbing = (passing, passing + chain * again, base + again, base + chain * again)  # by level
        for number in staying:
            extra[number] = _evicted(uses[number], disturbing[uses[number].level], cache)
        before, again = again, sum(extra)
        if again - before < 0.01 * (base + again):
            break
    return extra


def _chain(kept: float, cache: Cache) -> float:
    """How much a line that is fetched again disturbs the others: it can land on the place it lost.

    With c of w ways in use a disturbance costs c / (w - c + 1) lines on average until it has died out.
    """
    density = kept / cache.lines
    return max(0.0, 1.0 - 1.0 / (cache.ways * density)) if density > 0 else 0.0


def _evicted(use: Use, disturbing: float, cache: Cache) -> float:
    return use.turns * use.kept * (1.0 - exp(-use.exposure * disturbing / (max(1.0, use.turns) * cache.lines)))


def stays(share: float, lines: float) -> float:
    return lines * (1.0 - share)


def constants(node: Node) -> tuple[float, float]:
    """(activation inputs, constants) in bytes."""
    moving, fixed = -node.params.get("repeated", 0), 0
    for value in node.inputs:
        if value is not None and value.constant:
            fixed += value.bytes
        elif value is not None:
            moving += value.bytes
    return moving, fixed


def cold_uses(
    node: Node, place: Place, weights: float | None = None, image: int = PASSING, level: int | None = None
) -> list[Use]:
    """Everything read and written once: what is not in the cache already.

    Weights that come back in every turn (``weights`` given) compete there; so does an ``image`` of level TURN.
    """
    line = place.cache.line
    moving, fixed = constants(node)
    out = sum(v.bytes for v in node.outputs) / line
    clash = 1.0
    if weights is None and place.cache.policy == RANDOM:
        clash += (min(place.abreast, place.cache.ways) - 1) / place.cache.ways
    return [
        Use(
            WEIGHTS,
            (fixed / line if weights is None else weights) * (1 - place.warm_weights),
            level=level if level is not None else PASSING if weights is None else TURN,
        ),
        Use(LOADS, moving / line * (1 - place.warm_input) * clash, level=image),
        Use(STORES, out * (1 - place.warm_output)),
    ]
