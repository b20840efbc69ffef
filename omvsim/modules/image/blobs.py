"""``find_blobs`` (lib/imlib/blob.c): connected pixels within thresholds, found for real."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from omvsim.micropython.types import list_
from omvsim.modules.image import draw_image, formats
from omvsim.modules.image.arguments import Options, mutable, os_error
from omvsim.modules.image.blob_record import Blob, new_blob
from omvsim.modules.image.scratch import scratch
from omvsim.modules.image.thresholds import Threshold, release, selected, thresholds_of
from omvsim.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.modules.image.scratch import Scratch
    from omvsim.modules.image.value import Image
    from omvsim.runs.world import CameraMachine

NODE: Final = 160
"""``find_blobs_list_lnk_data_t`` and the links."""
STACK_ENTRY: Final = 12
OPTIONS: Final = (
    *("invert", "roi", "x_stride", "y_stride", "area_threshold", "pixels_threshold", "merge", "margin"),
    *("threshold_cb", "merge_cb", "x_hist_bins_max", "y_hist_bins_max"),
)


@dataclass
class Search:
    """The options of one call."""

    invert: bool
    roi: tuple[int, int, int, int]
    x_stride: int
    y_stride: int
    area: int
    pixels: int
    merge: bool
    margin: int
    threshold_cb: Value
    merge_cb: Value
    x_bins: int
    y_bins: int


def _search(vm: CameraMachine, image: Image, args: Sequence[Value], kwargs: Keywords) -> Search:
    options = Options(vm, args, kwargs, 2, OPTIONS, positional=0)
    invert, area = options.flag("invert"), options.roi(image)
    x_stride, y_stride = options.number("x_stride", 2), options.number("y_stride", 1)
    if x_stride <= 0:
        os_error(vm, "x_stride must not be zero.")
    if y_stride <= 0:
        os_error(vm, "y_stride must not be zero.")
    least = [options.number(name, 10) for name in ("area_threshold", "pixels_threshold")]
    merge, margin = options.flag("merge"), options.number("margin", 0)
    callbacks = [options.obj(name) for name in ("threshold_cb", "merge_cb")]
    bins = [options.number(name, 0) for name in ("x_hist_bins_max", "y_hist_bins_max")]
    own, other = callbacks
    return Search(invert, area, x_stride, y_stride, least[0], least[1], merge, margin, own, other, bins[0], bins[1])


def _neighbours(ok: Any, image_mask: Any, left: int, right: int, y: int, edge: bool) -> int:  # noqa: PLR0917  # as many as the camera's own function has
    """What a run adds to the perimeter on one side: pixels beside it that do not belong, its ends left out."""
    if edge:
        return right - left + 1
    inner = ~ok[y, left + 1 : right] & ~image_mask[y, left + 1 : right]
    return int(inner.sum())


class _Filler:
    """Fills components of one threshold on a picture, run by run.

    ``rows`` has a byte for each pixel of a row: 1 where it is wanted and not taken, 0 outside the region.
    """

    def __init__(self, ok: Any, visited: Any, roi: tuple[int, int, int, int]) -> None:
        self.ok, self.visited = ok, visited
        self.before = visited.copy()
        self.left, self.top = roi[0], roi[1]
        self.right, self.bottom = roi[0] + roi[2] - 1, roi[1] + roi[3] - 1
        inside = np.zeros(ok.shape, np.uint8)
        region = slice(self.top, self.bottom + 1), slice(self.left, self.right + 1)
        inside[region] = ok[region] & ~visited[region]
        self.rows = [bytearray(row.tobytes()) for row in inside]

    def starts(self, y: int, first: int, step: int) -> Iterator[int]:
        """Columns of a row at which something is wanted that nothing before has taken."""
        row = self.rows[y]
        x = row.find(1, first)
        while x >= 0:
            if (x - first) % step == 0:
                yield x
                x += 1
            else:
                x += step - (x - first) % step
            x = row.find(1, x)

    def fill(self, x: int, y: int) -> list[tuple[int, int, int]]:
        """Runs (row, left, right) of the component at a pixel."""
        runs, todo = [], [(x, y)]
        while todo:
            x, y = todo.pop()
            row = self.rows[y]
            if not row[x]:
                continue
            left, right = row.rfind(0, 0, x) + 1, row.find(0, x) - 1
            if right < 0:
                right = len(row) - 1
            row[left : right + 1] = bytes(right + 1 - left)
            self.visited[y, left : right + 1] = True
            runs.append((y, left, right))
            for beside in (y - 1, y + 1):
                if self.top <= beside <= self.bottom and self.rows[beside].find(1, left, right + 1) >= 0:
                    todo += _runs(self.rows[beside], left, right, beside)
        return runs

    def perimeter(self, runs: list[tuple[int, int, int]]) -> int:
        """Ends of runs and what lies bare above and below."""
        total = 0
        for y, left, right in runs:
            total += 2
            total += _neighbours(self.ok, self.before, left, right, y - 1, y <= self.top)
            total += _neighbours(self.ok, self.before, left, right, y + 1, y >= self.bottom)
        return total


def _runs(row: bytearray, left: int, right: int, y: int) -> list[tuple[int, int]]:
    """A pixel of each run that a row has between two columns."""
    found = []
    at = row.find(1, left, right + 1)
    while at >= 0:
        found.append((at, y))
        end = row.find(0, at, right + 1)
        at = row.find(1, end, right + 1) if end >= 0 else -1
    return found


def _large_enough(runs: list[tuple[int, int, int]], search: Search) -> bool:
    """Whether area and pixels reach what was asked for: most components of a noisy picture do not."""
    pixels = len(runs)
    for _, left, right in runs:
        pixels += right - left
    if pixels < search.pixels:
        return False
    rows = [run[0] for run in runs]
    wide = max(run[2] for run in runs) - min(run[1] for run in runs) + 1
    return wide * (max(rows) - min(rows) + 1) >= search.area


def _measured(runs: list[tuple[int, int, int]], perimeter: int, code: int) -> Blob:
    pixels = sum(right - left + 1 for _, left, right in runs)
    xs = np.concatenate([np.arange(left, right + 1) for _, left, right in runs]).astype(np.float64)
    ys = np.concatenate([np.full(right - left + 1, y) for y, left, right in runs]).astype(np.float64)
    left, top, right, bottom = int(xs.min()), int(ys.min()), int(xs.max()), int(ys.max())
    cx, cy = float(xs.mean()), float(ys.mean())
    mx, my = math.floor(cx + 0.5), math.floor(cy + 0.5)
    a, b, c = ((xs - mx) ** 2).sum(), ((xs - mx) * (ys - my)).sum(), ((ys - my) ** 2).sum()
    rotation = math.atan2(2 * b, a - c) / 2 if a != c else 0.0
    spread = math.hypot(b, a - c)
    sine, cosine = (b / spread, (a - c) / spread) if spread else (0.0, 0.0)
    around = [(a + c) / 2 + sx * cosine * (a - c) / 2 + sy * sine * b / 2 for sx in (1, -1) for sy in (1, -1)]
    roundness = min(around) / max(around) if max(around) else 0.0
    corners = []
    for side, values in ((left, xs), (top, ys), (right, xs), (bottom, ys)):
        at = values == side
        corners.append((int(xs[at].mean()), int(ys[at].mean())))
    return Blob(
        left, top, right - left + 1, bottom - top + 1, pixels, perimeter, code, cx, cy, rotation, roundness, corners
    )


def _bins(counts: Any, most: int) -> list[int]:
    """``bin_up``: the first stretch without a gap, in at most so many bins."""
    found = np.flatnonzero(counts)
    if not found.size:
        return []
    start = int(found[0])
    stretch = counts[start:]
    gap = np.flatnonzero(stretch == 0)
    stretch = stretch[: int(gap[0])] if gap.size else stretch
    size = min(most, stretch.size)
    bins = [0] * size
    for at, value in enumerate(stretch):
        bins[int(at * size / stretch.size)] += int(value)
    return bins


def find_blobs(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``find_blobs``."""
    image = mutable(vm, args[0])
    thresholds = thresholds_of(vm, args[1])
    if not thresholds:
        return vm.new_list(())
    search = _search(vm, image, args, kwargs)
    with scratch(vm) as work:
        found = searched(work, image, thresholds, search)
    release(vm, thresholds)
    made = list_.new_list(vm, [None] * len(found))
    for number, blob in enumerate(found):
        if blob.node is not None:
            vm.memory.free(blob.node)
        made.items[number] = new_blob(vm, blob)
        for block in blob.bin_blocks:
            vm.memory.free(block)
    return made


def searched(work: Scratch, image: Image, thresholds: list[Threshold], search: Search) -> list[Blob]:
    """``imlib_find_blobs``: a node on the heap for each that is found."""
    held = [work.alloc(formats.size(image.width, image.height, formats.BINARY))]
    if search.x_bins:
        held.append(work.alloc(2 * image.width))
    if search.y_bins:
        held.append(work.alloc(2 * image.height))
    held.append(lifo(work))
    found = _found(work.vm, image, thresholds, search)
    for address in reversed(held):
        work.free(address)
    return _merged(work.vm, found, search) if search.merge else found


def lifo(work: Scratch) -> int | None:
    """``lifo_alloc_all``: what is left, fast first."""
    if work.fb is not None:
        return work.all()[0]
    size = work.avail() // STACK_ENTRY * STACK_ENTRY
    return work.alloc(size)


def _found(vm: CameraMachine, image: Image, thresholds: list[Threshold], search: Search) -> list[Blob]:
    values: Any = draw_image.values_of(image)
    visited = np.zeros(values.shape, bool)
    found: list[Blob] = []
    x0, y0, _, height = search.roi
    for number, threshold in enumerate(thresholds):
        filler = _Filler(selected(values, image.code, threshold, invert=search.invert), visited, search.roi)
        for y in range(y0, y0 + height, search.y_stride):
            for x in filler.starts(y, x0 + y % search.x_stride, search.x_stride):
                runs = filler.fill(x, y)
                if _large_enough(runs, search):
                    _keep(vm, image, _measured(runs, filler.perimeter(runs), 1 << number), runs, search, found)
    return found


def _keep(  # noqa: PLR0917  # as many as the camera's own function has
    vm: CameraMachine, image: Image, blob: Blob, runs: list[tuple[int, int, int]], search: Search, found: list[Blob]
) -> None:
    """Bins, the script's own test, and a node of the list."""
    if search.x_bins or search.y_bins:
        across, down = np.zeros(image.width, np.int64), np.zeros(image.height, np.int64)
        for y, left, right in runs:
            down[y] += right - left + 1
            across[left : right + 1] += 1
        blob.x_bins = _bins(across, search.x_bins) if search.x_bins else []
        blob.y_bins = _bins(down, search.y_bins) if search.y_bins else []
        blob.bin_blocks = [vm.memory.block(2 * len(bins)) for bins in (blob.x_bins, blob.y_bins) if bins]
    if search.threshold_cb is not None and not _asked(vm, search.threshold_cb, blob):
        for block in blob.bin_blocks:
            vm.memory.free(block)
        return
    blob.node = vm.memory.block(NODE)
    found.append(blob)


def _asked(vm: CameraMachine, callback: Value, *blobs: Blob) -> bool:
    """What the script's own test says; its exceptions leave the scratch memory below a permanent mark."""
    stack = vm.world.camera.fb_alloc
    if stack is None:
        return vm.truth(vm.call(callback, [new_blob(vm, blob) for blob in blobs]))
    stack.mark()
    stack.mark_permanent()
    answer = vm.truth(vm.call(callback, [new_blob(vm, blob) for blob in blobs]))
    stack.free_till_mark_past_permanent()
    return answer


def _push(vm: CameraMachine, target: list[Blob], blob: Blob) -> None:
    blob.node = vm.memory.block(NODE)
    target.append(blob)


def _pop(vm: CameraMachine, source: list[Blob]) -> Blob:
    blob = source.pop(0)
    assert blob.node is not None
    vm.memory.free(blob.node)
    return blob


def _merged(vm: CameraMachine, found: list[Blob], search: Search) -> list[Blob]:
    """Overlapping ones become one, until nothing overlaps."""
    while True:
        again = False
        rest: list[Blob] = []
        while found:
            blob = _pop(vm, found)
            for _ in range(len(found)):
                other = _pop(vm, found)
                if _overlap(blob, other, search.margin) and _wanted(vm, blob, other, search):
                    _join(blob, other)
                    again = True
                else:
                    _push(vm, found, other)
            _push(vm, rest, blob)
        found = rest
        if not again:
            return found


def _wanted(vm: CameraMachine, blob: Blob, other: Blob, search: Search) -> bool:
    if search.merge_cb is None:
        return True
    return vm.truth(vm.call(search.merge_cb, (new_blob(vm, blob), new_blob(vm, other))))


def _overlap(blob: Blob, other: Blob, margin: int) -> bool:
    x, y, w, h = other.x - margin, other.y - margin, other.w + 2 * margin, other.h + 2 * margin
    return blob.x < x + w and blob.y < y + h and x < blob.x + blob.w and y < blob.y + blob.h


def _join(blob: Blob, other: Blob) -> None:
    total = blob.pixels + other.pixels
    blob.cx = (blob.cx * blob.pixels + other.cx * other.pixels) / total
    blob.cy = (blob.cy * blob.pixels + other.cy * other.pixels) / total
    sine = math.sin(blob.rotation) * blob.pixels + math.sin(other.rotation) * other.pixels
    cosine = math.cos(blob.rotation) * blob.pixels + math.cos(other.rotation) * other.pixels
    blob.rotation = math.atan2(sine, cosine)
    blob.roundness = (blob.roundness * blob.pixels + other.roundness * other.pixels) / total
    right, bottom = max(blob.x + blob.w, other.x + other.w), max(blob.y + blob.h, other.y + other.h)
    sides = ((0, 0, min), (1, 1, min), (2, 0, max), (3, 1, max))
    blob.corners = [
        (other if pick(blob.corners[at][axis], other.corners[at][axis]) == other.corners[at][axis] else blob).corners[
            at
        ]
        for at, axis, pick in sides
    ]
    blob.x, blob.y = min(blob.x, other.x), min(blob.y, other.y)
    blob.w, blob.h = right - blob.x, bottom - blob.y
    blob.pixels, blob.perimeter = total, blob.perimeter + other.perimeter
    blob.code, blob.count = blob.code | other.code, blob.count + other.count


METHODS: dict[str, tuple[Any, int]] = {"find_blobs": (find_blobs, 2)}

__all__ = ["METHODS", "NODE", "Blob", "Search", "lifo", "new_blob", "searched"]
