"""UMA pools under random requests: which pool serves, what its books say, and what a collection leaves."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from omvsim.errors import DeviceMemoryError, DeviceRuntimeError
from omvsim.heap import UmaFlag, UmaPools, UmaRegion

LINE = 32
FLAGS = (0, 1, 2, 4, 5, 6, 3, 8, 64)
_PLACES = (
    (UmaRegion(0x8000_0000, 24 << 10), UmaRegion(0x2000_0000, 8 << 10, 4), UmaRegion(0x2020_0000, 12 << 10, 5)),
    (UmaRegion(0x2020_0000, 9 << 10, 1), UmaRegion(0x8000_0000, 16 << 10)),
    (UmaRegion(0x2000_0000, 7 << 10, 4), UmaRegion(0x2020_0000, 7 << 10, 1, dirty=True)),
)


def serving(uma: UmaPools, size: int, flags: int) -> int | None:
    """Number of the pool, by the rule in words: exact flags first, then any in common, then none at all."""
    wanted = flags & 0xFF
    room = [number for number, pool in enumerate(uma.pools) if pool.alloc_size_max >= size]
    exact = [number for number in room if uma.pools[number].flags == wanted]
    common = [number for number in room if uma.pools[number].flags & wanted]
    plain = [number for number in room if uma.pools[number].flags == 0]
    order = exact if flags & UmaFlag.STRICT else exact + common + plain
    return order[0] if order else None


class UmaMachine(RuleBasedStateMachine):
    """Books of our own: who is alive, as what, and the most that each pool ever held."""

    @initialize(regions=st.sampled_from(_PLACES))
    def power_up(self, regions):
        self.uma = UmaPools(regions)
        self.blocks: dict[int, tuple[int, int]] = {}
        """Bytes asked for and pool, by address."""
        self.persistent: set[int] = set()
        self.locked = 0

    def came(self, address, size, flags, pool, align):
        if pool is None:
            assert address is None
            return
        if address is None:  # room at the head of a list, but none at a multiple of ``align``
            assert align > 4
            return
        region = self.uma.pools[pool].region
        assert region.base <= address
        assert address + size <= region.base + region.size
        assert address % max(4, align) == 0
        assert all(address + size <= other or other + old <= address for other, (old, _) in self.blocks.items())
        self.blocks[address] = size, pool
        if self.uma.pools[pool].heap.is_persistent(address):
            self.persistent.add(address)
            # Otherwise only the first block of a pool in dirty RAM is born so.
            assert flags & UmaFlag.PERSIST or region.dirty
        else:
            assert not flags & UmaFlag.PERSIST

    @rule(
        size=st.integers(1, 200) | st.integers(1, 9000),
        kind=st.sampled_from(FLAGS),
        more=st.sampled_from((0, 0, int(UmaFlag.CACHE), int(UmaFlag.PERSIST), int(UmaFlag.STRICT))),
    )
    def malloc(self, size, kind, more):
        flags = kind | more | UmaFlag.MAYBE
        whole, align = (-(-size // LINE) * LINE, LINE) if flags & UmaFlag.CACHE else (size, 1)
        pool = serving(self.uma, whole, flags)
        self.came(self.uma.malloc(size, flags), whole, flags, pool, align)

    @rule(size=st.integers(1, 3000), power=st.integers(0, 8), kind=st.sampled_from(FLAGS))
    def malign(self, size, power, kind):
        align, flags = 1 << power, kind | UmaFlag.MAYBE
        whole = -(-size // min(align, 4)) * min(align, 4)
        pool = serving(self.uma, whole, flags)
        self.came(self.uma.malign(size, align, flags), whole, flags, pool, align)

    @rule(size=st.integers(70_000, 80_000), kind=st.sampled_from(FLAGS))
    def too_much(self, size, kind):
        with pytest.raises(DeviceMemoryError):
            self.uma.malloc(size, kind)
        assert self.uma.malloc(size, kind | UmaFlag.MAYBE) is None

    @precondition(lambda self: self.blocks)
    @rule(data=st.data())
    def free(self, data):
        address = data.draw(st.sampled_from(sorted(self.blocks)))
        self.uma.free(address)
        del self.blocks[address]
        self.persistent.discard(address)

    @precondition(lambda self: self.blocks)
    @rule(data=st.data(), size=st.integers(1, 4000))
    def realloc(self, data, size):
        address = data.draw(st.sampled_from(sorted(self.blocks)))
        pool = self.blocks[address][1]
        if address in self.persistent:
            with pytest.raises(DeviceRuntimeError, match="can't realloc a persistent block"):
                self.uma.realloc(address, size)
            return
        flags = self.uma.pools[pool].flags | UmaFlag.MAYBE
        fits = self.uma.pools[pool].heap.can_resize(address, size)
        other = serving(self.uma, size, flags)
        moved = self.uma.realloc(address, size, flags)
        if fits:
            assert moved == address
            self.blocks[address] = size, pool
        elif other is None:
            assert moved is None
        else:
            del self.blocks[address]
            self.came(moved, size, flags, other, 1)

    @rule()
    def collect(self):
        freed = self.uma.collect()
        if self.locked:
            assert freed == ()
            return
        for number, each in enumerate(freed):
            gone = [at for at, (_, pool) in self.blocks.items() if pool == number and at not in self.persistent]
            assert each.blocks == len(gone)
            assert each.freed >= sum(self.blocks[at][0] for at in gone)
        self.blocks = {at: self.blocks[at] for at in self.persistent}

    @rule(lock=st.booleans())
    def lock(self, lock):
        if lock:
            self.uma.collect_lock()
            self.locked += 1
        elif self.locked:
            self.uma.collect_unlock()
            self.locked -= 1

    @invariant()
    def books(self):
        for number, pool in enumerate(self.uma.pools):
            walked = self.uma.walk(number)
            used = {block.address: block for block in walked if not block.free}
            assert set(used) == {at for at, (_, of) in self.blocks.items() if of == number}
            assert all(used[at].size >= self.blocks[at][0] for at in used)
            assert {at for at in used if used[at].persistent} == self.persistent & used.keys()
            assert pool.size - pool.free == sum(block.size for block in used.values())
            assert pool.peak >= pool.size - pool.free
            # No two free blocks side by side, nothing between two blocks but a header.
            for below, above in itertools.pairwise(walked):
                assert below.address + below.size + 4 == above.address
                assert not (below.free and above.free)
            stats = self.uma.stats(number)
            assert stats.used_bytes == pool.size - pool.free
            assert stats.free_bytes == pool.free
            if not pool.flags & UmaFlag.TRANSIENT:
                assert stats.used_count + stats.persist_count == len(used)
                assert stats.persist_count == len(self.persistent & used.keys())
        whole = self.uma.stats()
        assert whole.used_bytes == sum(pool.size - pool.free for pool in self.uma.pools)
        for kind in FLAGS:
            pool = serving(self.uma, 0, kind)
            expected = 0 if pool is None else self.uma.pools[pool].alloc_size_max // LINE * LINE
            assert self.uma.avail(kind) == expected


TestUmaMachine = UmaMachine.TestCase
TestUmaMachine.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
