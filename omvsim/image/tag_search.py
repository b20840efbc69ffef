"""What 5.0.0 asks of the pools to look for tags and rectangles: the AprilTag library on every second pixel.

Sources: lib/imlib/apriltag.c at v5.0.0; openmv/apriltag, the submodule (apriltag.c, apriltag_quad_thresh.c,
common/{zarray,unionfind,image_u8}.h), at the version nearest to the tag that is stored in public. The picture's edges
decide how much there is: areas of one side of a local threshold are joined, and the points between a dark and a bright
one are a cluster. Rectangles that are fitted and tags that are read need less than the clusters did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.heap import UmaFlag
from omvsim.later import np
from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.image.pixels import Array
    from omvsim.image.scratch import Scratch

DECIMATED: Final = 2
"""``quad_decimate``."""
ALIGNMENT: Final = 96
"""Rows of a smaller picture (``DEFAULT_ALIGNMENT_U8``)."""
TILE: Final = 4
FLAT: Final = 127
LEAST_CONTRAST: Final = 5
LEAST_AREA: Final = 25
"""Pixels that an area has at least to be looked at."""
TASKS: Final = 10
"""``APRILTAG_TASKS_PER_THREAD_TARGET``."""
DETECTOR, ARRAY, POOL, PICTURE, FOREST = 80, 16, 24, 16, 12
"""``sizeof`` of ``apriltag_detector``, ``zarray``, ``workerpool``, ``image_u8`` and ``unionfind``."""
TASK: Final = {"minmax": 16, "blur": 24, "threshold": 24, "cluster": 36, "quad": 40}
ENTRY, HASH, POINT, FIT = 16, 24, 12, 48
"""Of ``uint64_zarray_entry``, ``cluster_hash``, ``pt`` and ``line_fit_pt``."""
ENTRIES: Final = 2048
LEAST_CLUSTER: Final = 24
FAMILY: Final = 44
DECODER: Final = 72


class Family(NamedTuple):
    """Codes and bits of a family of tags (tag*.c)."""

    codes: int
    bits: int


FAMILIES: Final = {
    "TAG16H5": Family(30, 16),
    "TAG25H9": Family(35, 25),
    "TAG36H10": Family(2320, 36),
    "TAG36H11": Family(587, 36),
}


class _Held:
    """Chunks of the call, taken and given back."""

    def __init__(self, work: Scratch) -> None:
        self.work = work
        self.kept: dict[int, None] = {}

    def take(self, size: int) -> int | None:
        address = self.work.alloc(size, 0, UmaFlag.DTCM) if size else None
        if address is not None:
            self.kept[address] = None
        return address

    def drop(self, *addresses: int | None) -> None:
        for address in addresses:
            if address is not None:
                del self.kept[address]
                self.work.free(address)

    def passing(self, size: int) -> None:
        self.drop(self.take(size))


class Cluster:
    """Points between two areas and the chunks that hold them."""

    __slots__ = ("data", "head", "room", "size")

    def __init__(self, held: _Held, size: int) -> None:
        self.head = held.take(ARRAY)
        self.size, self.room = size, _room(size)
        self.data = held.take(POINT * self.room)

    def grow(self, held: _Held, other: Cluster) -> None:
        self.size += other.size
        if _room(self.size) > self.room:
            self.room = _room(self.size)
            old, self.data = self.data, held.take(POINT * self.room)
            held.drop(old)
        held.drop(other.data, other.head)


def _room(count: int) -> int:
    """``zarray_ensure_capacity``: 8, doubled."""
    room = 8
    while room < count:
        room *= 2
    return room if count else 0


def prepare(work: Scratch, families: Sequence[Family]) -> _Held:
    """The detector, and what each family needs to be recognised."""
    held = _Held(work)
    for size in (DETECTOR, ARRAY, POOL, ARRAY):
        held.take(size)
    for family in families:
        for size in (FAMILY, 4 * family.bits, 4 * family.bits):
            held.take(size)
    for number, family in enumerate(families):
        if not number:
            held.take(4 * 8)
        held.take(DECODER)
        for _ in range(4):
            held.take(2 * (chunk_of(family) + 1))
            held.take(2 * family.codes)
        held.drop(*[held.take(2 * (chunk_of(family) + 1)) for _ in range(4)])
    return held


def chunk_of(family: Family) -> int:
    """Values of a quarter of a code."""
    return 1 << -(-family.bits // 4)


def search(work: Scratch, held: _Held, grey: Array) -> None:
    """``apriltag_quad_thresh`` on the region, made smaller."""
    small = grey[::DECIMATED, ::DECIMATED]
    height, width = small.shape
    stride = -(-width // ALIGNMENT) * ALIGNMENT
    picture = [held.take(height * stride), held.take(PICTURE)]
    edges = [held.take(height * stride), held.take(PICTURE)]
    _tiles(held, height // TILE, width // TILE)
    forest = [held.take(FOREST), held.take(8 * (width * height + 1))]
    clusters = _clusters(held, thresholded(small))
    held.drop(*reversed(edges))
    quads = held.take(ARRAY)
    _fit(held, clusters, width, height)
    held.drop(*reversed(forest))
    for cluster in clusters:
        held.drop(cluster.data, cluster.head)
    held.drop(quads, *reversed(picture))


def _tiles(held: _Held, rows: int, columns: int) -> None:
    first = [held.take(rows * columns) for _ in range(2)]
    held.passing(TASK["minmax"] * rows)
    second = [held.take(rows * columns) for _ in range(2)]
    held.passing(TASK["blur"] * rows)
    held.drop(*first)
    held.passing(TASK["threshold"] * rows)
    held.drop(*second)


def _around(tiles: Array, pick: np.ufunc, beyond: int) -> Array:
    """The extreme of each tile and its neighbours."""
    wide = np.pad(tiles, 1, constant_values=beyond)
    rows, columns = tiles.shape
    found: Array = pick.reduce([wide[y : y + rows, x : x + columns] for y in range(3) for x in range(3)])
    return found


def thresholded(grey: Array) -> Array:
    """0, 255, or 127 where there is no contrast; pixels beyond whole tiles take the last tile's threshold."""
    height, width = grey.shape
    rows, columns = height // TILE, width // TILE
    if not rows or not columns:
        return np.full(grey.shape, FLAT, np.uint8)
    tiles = grey[: rows * TILE, : columns * TILE].reshape(rows, TILE, columns, TILE).astype(np.int32)
    high, low = _around(tiles.max((1, 3)), np.maximum, 0), _around(tiles.min((1, 3)), np.minimum, 255)
    y = np.minimum(np.arange(height) // TILE, rows - 1)[:, None]
    x = np.minimum(np.arange(width) // TILE, columns - 1)[None, :]
    high, low = high[y, x], low[y, x]
    found = np.where(grey > low + (high - low) // 2, 255, 0).astype(np.uint8)
    flat = high - low < LEAST_CONTRAST
    flat[rows * TILE :], flat[:, columns * TILE :] = False, False
    found[flat] = FLAT
    return found


def components(edges: Array) -> tuple[Array, Array]:
    """A number for each pixel's area, and each area's size; pixels of the last column stand alone.

    Areas are runs of a row and what of the row above has the same value; the first column joins nothing above.
    """
    width = edges.shape[1]
    inner = edges[:, : width - 1]
    starts = np.ones(inner.shape, bool)
    starts[:, 1:] = (inner[:, 1:] != inner[:, :-1]) | (inner[:, 1:] == FLAT)
    run = np.cumsum(starts.reshape(-1)).reshape(inner.shape) - 1
    same = (inner[1:, 1:] == inner[:-1, 1:]) & (inner[1:, 1:] != FLAT)
    above, below = run[:-1, 1:][same], run[1:, 1:][same]
    label = np.arange(int(run[-1, -1]) + 1 if run.size else 0)
    while True:
        one, two = label[above], label[below]
        apart = one != two
        if not apart.any():
            break
        one, two = one[apart], two[apart]
        np.minimum.at(label, np.maximum(one, two), np.minimum(one, two))
        while True:
            shorter = label[label]
            if (shorter == label).all():
                break
            label = shorter
    found = np.full(edges.shape, -1, np.int64)
    found[:, : width - 1] = label[run]
    sizes = np.bincount(found[found >= 0], minlength=label.size)
    return found, sizes


def _borders(edges: Array, first: int, last: int, area: Array, sizes: Array) -> dict[tuple[int, int], int]:
    """How many points lie between each two areas in the rows from ``first`` to before ``last``."""
    here = np.s_[first:last, 1 : edges.shape[1] - 1]
    right = np.s_[first:last, 2:]
    below = np.s_[first + 1 : last + 1, 1 : edges.shape[1] - 1]
    keys = []
    for there in (right, below):
        beside = (edges[here].astype(np.int32) + edges[there] == 2 * FLAT + 1) & (area[here] >= 0) & (area[there] >= 0)
        one, two = area[here][beside], area[there][beside]
        large = (sizes[one] >= LEAST_AREA) & (sizes[two] >= LEAST_AREA)
        one, two = one[large], two[large]
        keys.append(np.stack([np.minimum(one, two), np.maximum(one, two)], axis=1))
    pairs, counts = np.unique(np.concatenate(keys), axis=0, return_counts=True)
    return {(int(one), int(two)): int(count) for (one, two), count in zip(pairs, counts, strict=True)}


def _clusters(held: _Held, edges: Array) -> list[Cluster]:
    """``gradient_clusters``: a part of the picture after the other, then all in one."""
    height, width = edges.shape
    span = height - 1
    step = 1 + span // TASKS
    firsts = range(1, span, step)
    tasks = held.take(TASK["cluster"] * (span // step + 1))
    buckets = int(0.2 * width * height) // (span // step + 1)
    area, sizes = components(edges)
    lists = [held.take(ARRAY) for _ in firsts]
    parts = []
    for first in firsts:
        found = _borders(edges, first, min(span, first + step), area, sizes)
        maps = [held.take(4 * buckets), held.take(4 * (1 + 2 * buckets // ENTRIES))]
        maps += [held.take(ENTRIES * ENTRY) for _ in range(max(1, -(-len(found) // ENTRIES)))]
        made = {pair: Cluster(held, count) for pair, count in found.items()}
        hashes = {pair: held.take(HASH) for pair in made}
        parts.append((made, hashes, held.take(4 * _room(len(made)))))
        held.drop(*maps)
    whole, names, index = parts[0] if parts else ({}, {}, None)
    for made, hashes, other in parts[1:]:
        for pair, cluster in made.items():
            if pair in whole:
                whole[pair].grow(held, cluster)
                held.drop(hashes[pair])
            else:
                whole[pair], names[pair] = cluster, hashes[pair]
        merged = held.take(4 * _room(len(whole)))
        held.drop(index, other)
        index = merged
    if parts:
        held.drop(*names.values(), index)
    held.drop(*lists, tasks)
    return list(whole.values())


def _fit(held: _Held, clusters: list[Cluster], width: int, height: int) -> None:
    """The largest cluster that may be a quad: sums of its points, and the errors of lines through them."""
    span = len(clusters)
    step = 1 + span // TASKS
    tasks = held.take(TASK["quad"] * (span // step + 1))
    most = 4 * (width + height)
    count = max((each.size for each in clusters if LEAST_CLUSTER <= each.size <= most), default=0)
    if count:
        sums, errors, smooth = held.take(FIT * count), held.take(8 * count), held.take(8 * count)
        held.drop(smooth, errors, sums)
    held.drop(tasks)


def release(held: _Held) -> None:
    """All that is left, the newest first."""
    held.drop(*reversed(list(held.kept)))


__all__ = ["FAMILIES", "Cluster", "Family", "components", "prepare", "release", "search", "thresholded"]
