"""Predicting a recorded trace's UMA events and counting where prediction and record differ.

The pools get the calls alone (operation, size, alignment, flags); every address, size and total they answer is
theirs. A recorded address serves only to say which earlier block a ``free`` or ``realloc`` means. Events other than
UMA's pass by, so the same iteration can feed the replay of the GC heap.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from omvsim.errors import DeviceError, TraceError
from omvsim.heap._uma import UmaCollected, UmaPool, UmaPools, UmaRegion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.heap._recorded import Recorded

_MAX_EXAMPLES = 5


@dataclass
class UmaCounts:
    """How many answers were checked and how many differ; ``examples`` are the first differences, one line each."""

    allocations: int = 0
    failures: int = 0
    frees: int = 0
    reallocs: int = 0
    collections: int = 0
    walks: int = 0
    avails: int = 0
    address_mismatches: int = 0
    block_mismatches: int = 0
    total_mismatches: int = 0
    alloc_max_mismatches: int = 0
    collect_mismatches: int = 0
    walk_mismatches: int = 0
    geometry_mismatches: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def mismatches(self) -> int:
        """All differences together."""
        return (
            self.address_mismatches
            + self.block_mismatches
            + self.total_mismatches
            + self.alloc_max_mismatches
            + self.collect_mismatches
            + self.walk_mismatches
            + self.geometry_mismatches
        )

    @property
    def exact(self) -> bool:
        """Whether nothing differed."""
        return not self.mismatches


class UmaReplay:
    """Feed events in order with ``feed``, then call ``finish``; ``counts`` and ``pools`` are the result.

    ``dirty``: the pools' memory held set bits before boot. None takes it from the header, whose configuration name
    says so.
    """

    def __init__(self, *, dirty: bool | None = None) -> None:
        self.counts = UmaCounts()
        self.pools: UmaPools | None = None
        self._dirty = dirty
        self._regions: list[UmaRegion] = []
        self._geometry: list[Recorded] = []
        self._addresses: dict[int, int] = {}
        self._moving: Recorded | None = None
        self._collected: tuple[UmaCollected, ...] = ()

    def feed(self, event: Recorded) -> None:
        """Predict one event and compare.

        Raises:
            TraceError: a call before the pools were set up, or on a block the trace never showed.
        """
        kind = event["ev"]
        if kind == "header":
            if self._dirty is None:
                self._dirty = "dirty" in str(event.get("config", ""))
        elif kind == "uma_pool":
            self._feed_pool(event)
        elif kind == "uma":
            self._feed_call(event)
        elif kind == "uma_collect":
            self._feed_collect(event)
        elif kind == "uma_walk":
            self._feed_walk(event)

    def finish(self) -> UmaCounts:
        """Apply what is still pending and return the counts."""
        if self._moving is not None:
            pending, self._moving = self._moving, None
            self._free(pending)
        return self.counts

    def _feed_pool(self, event: Recorded) -> None:
        if event["idx"] == 0:  # the first uma_init, or umalloc.init() later on
            self._regions, self._geometry = [], []
        self._regions.append(UmaRegion(event["base"], event["bytes"], event["flags"], bool(self._dirty)))
        self._geometry.append(event)

    def _settle(self) -> UmaPools:
        """The pools, built or built anew once all of them have been announced."""
        if self._regions:
            if self.pools is None:
                self.pools = UmaPools(self._regions)
            else:
                self.pools.init()
            self._addresses.clear()
            for pool, event in zip(self.pools.pools, self._geometry, strict=True):
                expected = (event["base"], event["end"], event["usable"], event["alloc_size_max"])
                got = (pool.region.base, pool.region.base + pool.region.size, pool.size, pool.alloc_size_max)
                self._check("geometry_mismatches", event, expected, got)
            self._regions = []
        if self.pools is None:
            raise TraceError("trace", "a UMA call before any uma_pool event")
        return self.pools

    def _feed_call(self, event: Recorded) -> None:
        self._settle()
        operation = event["op"]
        if operation == "realloc":
            self._moving = None
            self._realloc(event)
            return
        self.finish()
        if operation == "free":
            # A block that moves is freed before its realloc is logged; a realloc to 0 bytes has no line of its own.
            if event.get("caller") == "uma_realloc":
                self._moving = event
            else:
                self._free(event)
        elif operation == "avail":
            self._avail(event)
        else:
            self._allocate(event)

    def _allocate(self, event: Recorded) -> None:
        pools = self._settle()
        size, flags = event["size"], event["flags"]
        try:
            address = (
                pools.malign(size, event["align"], flags) if event["op"] == "malign" else pools.malloc(size, flags)
            )
        except DeviceError:
            address = None
        self.counts.allocations += 1
        self.counts.failures += address is None
        self._compare_block(event, address)

    def _realloc(self, event: Recorded) -> None:
        pools = self._settle()
        old = self._known(event)
        self.counts.reallocs += 1
        try:
            address = pools.realloc(old, event["size"], event["flags"])
        except DeviceError:
            address = None
        if address is not None or event["size"] == 0:
            del self._addresses[event["in"]]
        self._compare_block(event, address)

    def _free(self, event: Recorded) -> None:
        pools = self._settle()
        address = self._known(event)
        pool = pools.pool_of(address)
        self.counts.frees += 1
        self._check("block_mismatches", event, event["in_block"], pool.heap.block_size(address))
        pools.free(address)
        del self._addresses[event["in"]]
        self._compare_totals(event, pool)

    def _avail(self, event: Recorded) -> None:
        self.counts.avails += 1
        expected = event["avail"] if "avail" in event else event["pool_alloc_max"]
        self._check("alloc_max_mismatches", event, expected, self._settle().avail(event["flags"]))

    def _compare_block(self, event: Recorded, address: int | None) -> None:
        pools = self._settle()
        self._check("address_mismatches", event, event["addr"], address)
        if address is None:
            return
        pool = pools.pool_of(address)
        if event["addr"] is not None:
            self._addresses[event["addr"]] = address
        if "block" in event:
            expected = (event["block"], bool(event["persist"]), event["pool"])
            got = (pool.heap.block_size(address), pool.heap.is_persistent(address), pools.pools.index(pool))
            self._check("block_mismatches", event, expected, got)
            self._compare_totals(event, pool)

    def _compare_totals(self, event: Recorded, pool: UmaPool) -> None:
        expected = (event["pool_free"], event["pool_peak"], event["pool_persist"])
        self._check("total_mismatches", event, expected, (pool.free, pool.peak, pool.persist))
        self._check("alloc_max_mismatches", event, event["pool_alloc_max"], pool.alloc_size_max)

    def _feed_collect(self, event: Recorded) -> None:
        """One event a pool, the first of them after all pools were collected; pool -1 is a refusal while locked."""
        pools = self._settle()
        self.finish()
        index = self._pool_index(pools, event["pool"], lowest=-1)
        if index == 0:
            self.counts.collections += 1
            self._collected = pools.collect()
        if index >= 0:
            result = self._collected[index]
            expected = (event["freed"], event["pool_free"], event.get("nblocks", result.blocks))
            self._check("collect_mismatches", event, expected, (result.freed, pools.pools[index].free, result.blocks))

    @staticmethod
    def _pool_index(pools: UmaPools, index: int, lowest: int = 0) -> int:
        if not lowest <= index < len(pools.pools):
            raise TraceError("trace", f"an event of pool {index}, and there are {len(pools.pools)}")
        return index

    def _feed_walk(self, event: Recorded) -> None:
        pools = self._settle()
        self.finish()
        index = self._pool_index(pools, event["pool"])
        self.counts.walks += 1
        got = [[b.address, b.size, 0 if b.free else 2 if b.persistent else 1] for b in pools.walk(index)]
        self._check("walk_mismatches", event, event["blocks"], got)
        self._compare_totals(event, pools.pools[index])

    def _known(self, event: Recorded) -> int:
        address = self._addresses.get(event["in"])
        if address is None:
            raise TraceError("trace", f"event {event.get('i', '?')}: no block was allocated at {event['in']:#010x}")
        return address

    def _check(self, counter: str, event: Recorded, expected: object, got: object) -> None:
        if expected == got:
            return
        setattr(self.counts, counter, getattr(self.counts, counter) + 1)
        if len(self.counts.examples) < _MAX_EXAMPLES:
            name = event.get("op", event["ev"])
            self.counts.examples.append(f"event {event.get('i', '?')} {name}: recorded {expected}, predicted {got}")


def replay_uma(events: Iterable[Recorded], *, dirty: bool | None = None) -> UmaCounts:
    """Predict all UMA events of a trace; the counts of what was checked and what differs.

    Raises:
        TraceError: the trace is cut off in front or not of this kind.
    """
    replay = UmaReplay(dirty=dirty)
    for event in events:
        replay.feed(event)
    return replay.finish()
