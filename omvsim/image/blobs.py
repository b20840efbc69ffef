"""``find_blobs`` (lib/imlib/blob.c): connected pixels within thresholds, found for real."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from omvsim.image import draw_image, fmath, formats
from omvsim.image.arguments import Options, mutable, os_error
from omvsim.image.blob_filling import Filler
from omvsim.image.blob_record import Blob, new_blob
from omvsim.image.blob_shape import DIRECTIONS, corners_of, moments_of, rect_of
from omvsim.image.scratch import scratch
from omvsim.image.thresholds import Threshold, release, selected, selects_nothing, thresholds_of
from omvsim.later import np
from omvsim.micropython.types import list_
from omvsim.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.image.arguments import Methods
    from omvsim.image.blob_filling import Run
    from omvsim.image.pixels import Array
    from omvsim.image.scratch import Scratch
    from omvsim.image.value import Image
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

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


def _large_enough(runs: Sequence[Run], search: Search) -> bool:
    """Whether area and pixels reach what was asked for: most components of a noisy picture do not."""
    pixels = len(runs)
    for _, left, right in runs:
        pixels += right - left
    if pixels < search.pixels:
        return False
    rows = [run[0] for run in runs]
    wide = max(run[2] for run in runs) - min(run[1] for run in runs) + 1
    return wide * (max(rows) - min(rows) + 1) >= search.area


def _measured(runs: Sequence[Run], perimeter: int, code: int, search: Search) -> Blob:
    x, y, width, height = search.roi
    corners = corners_of(runs, x + width - 1, y + height - 1)
    pixels = sum(right - left + 1 for _, left, right in runs)
    cx, cy, rotation, roundness = moments_of(runs)
    turn = fmath.single(math.cos(rotation)), fmath.single(math.sin(rotation))
    sums = [fmath.single(part * pixels) for part in (cx, cy, *turn, roundness)]
    return Blob(*rect_of(corners), pixels, perimeter, code, cx, cy, rotation, roundness, corners, sums)


def _bins(counts: Array, most: int) -> list[int]:
    """``bin_up``: the first stretch without a gap, in at most so many bins."""
    found = np.flatnonzero(counts)
    start = int(found[0])
    stretch = counts[start:]
    gap = np.flatnonzero(stretch == 0)
    stretch = stretch[: int(gap[0])] if gap.size else stretch
    bins = [0] * min(most, stretch.size)
    for at, value in zip(_places(stretch.size, len(bins)), stretch.tolist(), strict=True):
        bins[at] = bins[at] + value & 0xFFFF
    return bins


def _places(length: int, bins: int) -> list[int]:
    """The bin of each number of a stretch."""
    part = fmath.single(bins / length)
    return [math.floor(fmath.single(at * part)) for at in range(length)]


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
    address, size = lifo(work)
    held.append(address)
    found = _found(work.vm, image, thresholds, search, size // STACK_ENTRY)
    for address in reversed(held):
        work.free(address)
    return _merged(work.vm, found, search) if search.merge else found


def lifo(work: Scratch) -> tuple[int | None, int]:
    """``lifo_alloc_all``: what is left, fast first."""
    if work.fb is not None:
        return work.all()
    size = work.avail() // STACK_ENTRY * STACK_ENTRY
    return work.alloc(size), size


def _found(vm: CameraMachine, image: Image, thresholds: list[Threshold], search: Search, deepest: int) -> list[Blob]:
    values: Array = draw_image.values_of(image)
    taken = np.zeros(values.shape, bool)
    found: list[Blob] = []
    x0, y0, _, height = search.roi
    for number, threshold in enumerate(thresholds):
        if not search.invert and selects_nothing(image, threshold):
            continue  # as in nearly every channel of what tf.detect() looks through
        wanted = selected(values, image.code, threshold, invert=search.invert)
        if not wanted.any():
            continue
        filler = Filler(wanted, taken, search.roi, deepest)
        for y in range(y0, y0 + height, search.y_stride):
            for x in filler.starts(y, x0 + y % search.x_stride, search.x_stride):
                runs, perimeter = filler.fill(x, y)
                if _large_enough(runs, search):
                    _keep(vm, image, _measured(runs, perimeter, 1 << number, search), runs, search, found)
        taken |= filler.taken()
    return found


def _keep(  # noqa: PLR0917  # as many as the camera's own function has
    vm: CameraMachine, image: Image, blob: Blob, runs: Sequence[Run], search: Search, found: list[Blob]
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
                    _join(vm, blob, other, search)
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


def _joined_bins(spans: Sequence[tuple[int, int]], bins: Sequence[list[int]], most: int) -> list[int]:
    """``merge_bins``: both in one, each bin where its first pixel lies."""
    start, end = min(first for first, _ in spans), max(first + size for first, size in spans)
    made = [0] * min(most, end - start)
    targets = _places(end - start, len(made))
    left = [list(each) for each in bins]
    places = [_places(size, min(len(own), size)) for (_, size), own in zip(spans, bins, strict=True)]
    for number in range(end - start):
        for (first, size), own, at in zip(spans, left, places, strict=True):
            inside = number + start - first
            if 0 <= inside < size:
                made[targets[number]] = made[targets[number]] + own[at[inside]] & 0xFFFF
                own[at[inside]] = 0
    return made


def _join_bins(vm: CameraMachine, blob: Blob, other: Blob, search: Search) -> None:
    blocks = []
    for number, most in enumerate(each for each in (search.x_bins, search.y_bins) if each):
        across = search.x_bins and not number
        spans = [(each.x, each.w) if across else (each.y, each.h) for each in (blob, other)]
        bins = [each.x_bins if across else each.y_bins for each in (blob, other)]
        made = _joined_bins(spans, bins, most)
        blocks.append(vm.memory.block(2 * len(made)))
        vm.memory.free(blob.bin_blocks[number])
        vm.memory.free(other.bin_blocks[number])
        if across:
            blob.x_bins = made
        else:
            blob.y_bins = made
    blob.bin_blocks, other.bin_blocks = blocks, []


def _join(vm: CameraMachine, blob: Blob, other: Blob, search: Search) -> None:
    """The second into the first. The camera looks how far out the second's corners are with cosines alone."""
    _join_bins(vm, blob, other, search)
    pairs = zip(blob.corners, other.corners, DIRECTIONS, strict=True)
    blob.corners = [
        theirs
        if fmath.fused(theirs[0], cosine, fmath.single(theirs[1] * cosine))
        < fmath.fused(own[0], cosine, fmath.single(own[1] * sine))
        else own
        for own, theirs, (cosine, sine) in pairs
    ]
    right, bottom = max(blob.x + blob.w, other.x + other.w), max(blob.y + blob.h, other.y + other.h)
    blob.x, blob.y = min(blob.x, other.x), min(blob.y, other.y)
    blob.w, blob.h = right - blob.x, bottom - blob.y
    blob.pixels, blob.perimeter = blob.pixels + other.pixels, blob.perimeter + other.perimeter
    blob.code, blob.count = blob.code | other.code, blob.count + other.count
    blob.sums = [fmath.single(own + theirs) for own, theirs in zip(blob.sums, other.sums, strict=True)]
    blob.cx, blob.cy, turn_x, turn_y, blob.roundness = (fmath.single(each / blob.pixels) for each in blob.sums)
    blob.rotation = fmath.atan2(turn_y, turn_x)


METHODS: Methods = {"find_blobs": (find_blobs, 2)}

__all__ = ["METHODS", "NODE", "Blob", "Search", "lifo", "new_blob", "searched"]
