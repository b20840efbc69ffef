"""Looks at a camera's memory while a run goes on, and keeps what changed since it last looked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from omvsim.capture._document import Area, Level, Moment, Standing
from omvsim.firmware import MomentKind, pool_uses
from omvsim.heap import BLOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from omvsim.capture._columns import Numbers
    from omvsim.firmware import Camera, Span
    from omvsim.heap import Area as HeapArea

MOST_MAPPED = 1000
"""Moments of which every chunk is kept; of later frames and collections only how full the areas were."""
MOST_MOMENTS = 20_000
_ALWAYS = (MomentKind.END, MomentKind.REFUSAL, MomentKind.STEP)
_MORE = 64
"""Mapped moments beyond the bound, of the kinds that a reader needs to see how it ended."""
_SIZE_BITS = 32
"""A chunk as one number: its address above, its bytes below; both are 32 bits on the device."""


class Placed(NamedTuple):
    """Whom something is for, and how many requests were made before."""

    requests: int
    bytes: int
    address: int
    area: str
    """Empty for a chunk of the heap."""
    owner: str


class Recorder:
    """A watcher (:class:`omvsim.firmware.Watcher`) that keeps moments, and the chunks that came and went between."""

    needs_requests = True

    def __init__(self) -> None:
        self.moments: list[Moment] = []
        self.placed_blocks: list[Placed] = []
        self.areas: tuple[Area, ...] = ()
        self.mapped = 0
        self.dropped = 0
        """Moments that are not kept at all."""
        self._standing: dict[tuple[int, int], str] = {}
        self._owners: dict[int, str] = {}
        """Whom what was placed beside the heap last is for, by its address."""
        self._frames = 0
        self._before: NDArray[np.uint64] = np.zeros(0, np.uint64)
        self._came: list[tuple[int, NDArray[np.uint64]]] = []
        self._went: list[tuple[int, NDArray[np.uint64]]] = []

    def started(self, camera: Camera, requests: Callable[[], int]) -> None:
        """Learn which areas there are."""
        self._camera, self._requests = camera, requests
        self.areas = (*map(self._gc_area, camera.heap.areas), *_pool_areas(camera))

    def placed(self, size: int, address: int, area: str, owner: str) -> None:
        """Note whom an allocation is for."""
        if not area.startswith("gc"):
            self._owners[address] = owner
        self.placed_blocks.append(Placed(self._requests(), size, address, "" if area.startswith("gc") else area, owner))

    def saw(self, kind: MomentKind, label: str, line: int) -> None:
        """Look at every area."""
        self._frames += kind is MomentKind.FRAME
        if len(self.moments) >= MOST_MOMENTS and kind is not MomentKind.END:
            self.dropped += 1
            return
        mapped = self.mapped < MOST_MAPPED + (_MORE if kind in _ALWAYS else 0)
        uses = pool_uses(self._camera)
        levels = [_level(area) for area in self._camera.heap.areas]
        levels += [Level(used=sum(span.size for span in use.used), longest_free=use.longest_free) for use in uses]
        if mapped:
            self.mapped += 1
            blocks = [(span.start, span.size) for use in uses for span in use.used if span.size]
            self._standing |= {
                (span.start, span.size): owner
                for use in uses
                for span in use.used
                if (owner := span.owner or self._owner_inside(span))
            }
            self._keep_changes([*map(_chunks, self._camera.heap.areas), _as_numbers(blocks)])
        self.moments.append(
            Moment(
                kind=kind.value,
                label=label,
                line=line,
                frame=self._frames,
                requests=self._requests(),
                levels=tuple(levels),
                mapped=mapped,
            )
        )

    def _owner_inside(self, span: Span) -> str:
        return next((owner for at, owner in reversed(self._owners.items()) if span.start <= at < span.end), "")

    @property
    def standing(self) -> tuple[Standing, ...]:
        """What the firmware itself held beside the heap."""
        return tuple(
            Standing(address=address, bytes=size, owner=owner)
            for (address, size), owner in self._standing.items()
            if size
        )

    @property
    def collections(self) -> list[Moment]:
        """The moments right after collections."""
        return [moment for moment in self.moments if moment.kind == "collection"]

    def refusal(self, label: str, line: int, longest_free: int) -> int | None:
        """Number of the last moment at which such a request was refused."""
        heaps = [index for index, area in enumerate(self.areas) if area.kind == "gc"]
        for number in reversed(range(len(self.moments))):
            moment = self.moments[number]
            if (moment.kind, moment.label, moment.line) == (MomentKind.REFUSAL, label, line):
                longest = max((moment.levels[index].longest_free for index in heaps), default=0)
                if longest == longest_free:
                    return number
        return None

    def changes(self) -> dict[str, Numbers]:
        """The columns ``came_…`` and ``went_…``."""
        came_moments, came = _joined(self._came)
        went_moments, went = _joined(self._went)
        mask = np.uint64((1 << _SIZE_BITS) - 1)
        return {
            "came_moment": came_moments,
            "came_address": came >> np.uint64(_SIZE_BITS),
            "came_bytes": came & mask,
            "went_moment": went_moments,
            "went_address": went >> np.uint64(_SIZE_BITS),
        }

    def _keep_changes(self, parts: Sequence[NDArray[np.uint64]]) -> None:
        now = np.sort(np.concatenate(parts))
        number = len(self.moments)
        self._came.append((number, np.setdiff1d(now, self._before, assume_unique=True)))
        self._went.append((number, np.setdiff1d(self._before, now, assume_unique=True)))
        self._before = now

    def _gc_area(self, area: HeapArea) -> Area:
        board = self._camera.board.gc_areas[area.index]
        return Area(
            name=f"gc[{area.index}]",
            kind="gc",
            memory=board.memory,
            origin=board.origin,
            length=board.length,
            start=area.pool_start,
            size=len(area.kinds) * BLOCK,
        )


def _pool_areas(camera: Camera) -> list[Area]:
    return [
        Area(
            name=use.name,
            kind="pool",
            memory=use.memory,
            origin=use.whole.start,
            length=use.whole.size,
            start=use.whole.start,
            size=use.whole.size,
        )
        for use in pool_uses(camera)
    ]


def _level(area: HeapArea) -> Level:
    return Level(used=area.used * BLOCK, longest_free=area.longest_free_run() * BLOCK)


def _chunks(area: HeapArea) -> NDArray[np.uint64]:
    """Every chunk of an area as a number."""
    kinds = np.frombuffer(area.kinds, np.uint8)
    heads = np.flatnonzero(kinds == 1)
    if not len(heads):
        return np.zeros(0, np.uint64)
    blocks = 1 + np.add.reduceat(kinds == 2, heads, dtype=np.int64)  # tails up to the next head
    places = heads.astype(np.int64)  # indices have 32 bits where this computer's addresses have
    return _numbers(area.pool_start + places * BLOCK, blocks * BLOCK)


def _as_numbers(blocks: Sequence[tuple[int, int]]) -> NDArray[np.uint64]:
    values = np.array(blocks, np.int64).reshape(-1, 2)
    return _numbers(values[:, 0], values[:, 1])


def _numbers(addresses: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.uint64]:
    return (addresses.astype(np.uint64) << np.uint64(_SIZE_BITS)) | sizes.astype(np.uint64)


def _joined(parts: list[tuple[int, NDArray[np.uint64]]]) -> tuple[NDArray[np.uint32], NDArray[np.uint64]]:
    if not parts:
        return np.zeros(0, np.uint32), np.zeros(0, np.uint64)
    moments = np.concatenate([np.full(len(values), number, np.uint32) for number, values in parts])
    return moments, np.concatenate([values for _, values in parts])


__all__ = ["MOST_MAPPED", "Placed", "Recorder"]
