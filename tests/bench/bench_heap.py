"""Events a second on the simulated GC heap: ``python tests/bench/bench_heap.py``.

Target: at least 1 M events a second in every one of the workloads. An event is one call of ``alloc`` or ``free``, made
one by one from Python as the simulators make them; the loop around the calls is part of the time, which is CPU time.
The heap is that of the RT1062 (64 KB, 272 KB and a third area), every figure the median of some rounds.
"""

from __future__ import annotations

import random
import statistics
import time
from typing import TYPE_CHECKING

from omvsim.heap import GcHeap

if TYPE_CHECKING:
    from collections.abc import Callable

_ROUNDS = 3
_EVENTS = 200_000
_SMALL = ((0x20000000, 64 << 10), (0x20010000, 272 << 10))
_LARGE = (*_SMALL, (0x81000000, 8 << 20))


def small_objects() -> tuple[int, float]:
    """16-byte objects into an empty heap until it is full, a collection that frees them all, again."""
    heap = GcHeap(_SMALL, collector=lambda: heap.retain(()))
    start = time.process_time()
    for _ in range(_EVENTS):
        heap.alloc(16)
    return _EVENTS, time.process_time() - start


def many_live(live: int = 60_000, size: int = 32) -> tuple[int, float]:
    """So many objects of two blocks, none of which dies."""
    heap = GcHeap(_LARGE)
    start = time.process_time()
    for _ in range(live):
        heap.alloc(size)
    return live, time.process_time() - start


def replaced_live(live: int = 60_000, size: int = 32) -> tuple[int, float]:
    """So many objects of two blocks, one after the other replaced by a new one."""
    heap = GcHeap(_LARGE)
    chunks = [heap.alloc(size) for _ in range(live)]
    picks = [random.Random(1).randrange(live) for _ in range(_EVENTS // 2)]
    start = time.process_time()
    for pick in picks:
        heap.free(chunks[pick])
        chunks[pick] = heap.alloc(size)
    return 2 * len(picks), time.process_time() - start


def churn(
    areas: tuple[tuple[int, int], ...], full: float, smallest: int, largest: int
) -> Callable[[], tuple[int, float]]:
    """Objects of random sizes; a random one dies whenever the heap is as full as that."""

    def run() -> tuple[int, float]:
        chance = random.Random(7)
        heap = GcHeap(areas)
        heap.auto_collect = False
        limit = int(full * heap.info().total)
        chunks: list[int] = []
        while heap.used < limit:
            address = heap.alloc(chance.randint(smallest, largest))
            if address is None:
                break
            chunks.append(address)
        program: list[tuple[int, int]] = []
        while len(program) < _EVENTS:
            place = chance.randrange(len(chunks))
            program.append((0, place))
            heap.free(chunks[place])
            chunks[place] = chunks[-1]
            chunks.pop()
            while heap.used < limit:
                size = chance.randint(smallest, largest)
                address = heap.alloc(size)
                if address is None:
                    break
                program.append((size, 0))
                chunks.append(address)
        return _play(heap, chunks, program)

    return run


def _play(heap: GcHeap, chunks: list[int], program: list[tuple[int, int]]) -> tuple[int, float]:
    """The recorded program again, on the heap as it is now: requests of a size, or the chunk at a place is freed."""
    alloc, free = heap.alloc, heap.free
    start = time.process_time()
    for size, place in program:
        if size:
            address = alloc(size)
            if address is not None:
                chunks.append(address)
        elif place < len(chunks):
            free(chunks[place])
            chunks[place] = chunks[-1]
            chunks.pop()
    return len(program), time.process_time() - start


WORKLOADS: dict[str, Callable[[], tuple[int, float]]] = {
    "16-byte objects": small_objects,
    "60 000 live 32-byte objects": many_live,
    "60 000 live 32-byte objects, replaced": replaced_live,
    "churn 1-64 B at 50 %, 336 KB": churn(_SMALL, 0.5, 1, 64),
    "churn 1-64 B at 50 %, 8.3 MB": churn(_LARGE, 0.5, 1, 64),
    "churn 16-2048 B at 90 %, 336 KB": churn(_SMALL, 0.9, 16, 2048),
    "churn 16-2048 B at 90 %, 8.3 MB": churn(_LARGE, 0.9, 16, 2048),
}


def main() -> None:
    """Print a line a workload."""
    for name, workload in WORKLOADS.items():
        rates = []
        for _ in range(_ROUNDS):
            events, seconds = workload()
            rates.append(events / seconds)
        print(f"{name:<40}{statistics.median(rates) / 1e6:6.2f} M events/s  (worst {min(rates) / 1e6:.2f})")


if __name__ == "__main__":
    main()
