"""``find_keypoints`` and what is done with descriptors (lib/imlib/{orb,lbp}.c, modules/py_image.c).

Corners are found as on the camera, so that each costs what it costs there. What describes one is not the camera's
pattern of points but one of omvsim's own: matches are a stand-in, and the report says so.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from omvsim.image import formats, picture_files, pixels
from omvsim.image.arguments import Options, mutable, os_error
from omvsim.image.arrays import PointerArray
from omvsim.image.corners import AGAST, CORNER_BYTES, FAST, MOST, detected, strongest
from omvsim.image.descriptors import Keypoint, KeypointDescriptor, LbpDescriptor
from omvsim.image.scratch import Scratch, scratch
from omvsim.image.statistics import record
from omvsim.later import np
from omvsim.memory import sizes
from omvsim.micropython.errors import Error
from omvsim.micropython.types import list_
from omvsim.micropython.types.tuple_ import new_tuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.heap import GcHeap
    from omvsim.image.arguments import Methods, Roi
    from omvsim.image.corners import Detector
    from omvsim.image.pixels import Array
    from omvsim.image.value import Image
    from omvsim.memory.questions import Extent
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

PATCH: Final = 31
KEYPOINT: Final = 44
"""``sizeof(kp_t)``."""
DESCRIBED: Final = 32
LEAST_HEAP: Final = 10 * 1024
"""``MIN_MEM``: with less heap free it is collected, and if that does not help no more are kept."""
CORNER_FAST: Final = 0
QUANTUM: Final = 15
LBP, ORB = 0, 1
LBP_BYTES: Final = 7 * 7 * 59
NO_TYPE: Final = "Descriptor type is not supported"
STAND_IN: Final = "what describes a keypoint is a stand-in, so matches are too"
_NAMES: Final = ("roi", "threshold", "normalized", "scale_factor", "max_keypoints", "corner_detector")


def _round(value: float | np.floating[Any]) -> int:
    """``roundf`` of single precision."""
    return math.floor(np.float32(value) + np.float32(0.5))


def as_read(image: Image) -> Array:
    """``IM_TO_GS_PIXEL``: what has not one byte a pixel is read as words, so a bitmap's end lies behind it (zeros)."""
    if image.code == formats.BINARY:
        words = np.zeros(image.width * image.height, np.uint16)
        data = image.bytes_()
        words[: data.size // 2] = data[: data.size // 2 * 2].view(np.uint16)
        return pixels.luma(words.reshape(image.height, image.width))
    rows: Array = image.rows()
    return pixels.luma(rows) if image.code == formats.RGB565 else rows


def _smaller(grey: Array, width: int, height: int) -> Array:
    """``image_scale``: the nearest pixel up and left."""
    across = np.arange(width) * ((grey.shape[1] << 16) // width + 1) >> 16
    down = np.arange(height) * ((grey.shape[0] << 16) // height + 1) >> 16
    found: Array = grey[down][:, across]
    return found


def _smooth(grey: Array) -> Array:
    """``imlib_sepconv3`` with 1 2 1: three rows and columns at the far edges stay."""
    wide = grey.astype(np.int32)
    lines = wide[:-2] + 2 * wide[1:-1] + wide[2:]
    both = lines[:, :-2] + 2 * lines[:, 1:-1] + lines[:, 2:]
    height, width = grey.shape
    made = grey.copy()
    made[1 : height - 3, 1 : width - 2] = (both[: height - 4, : width - 3] // 16).astype(np.uint8)
    return made


def find_keypoints(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``find_keypoints``: corners of the picture and of smaller and smaller ones; None without any."""
    image = mutable(vm, args[0])
    options = Options(vm, args, kwargs, 1, _NAMES, positional=0)
    area = options.roi(image)
    threshold, normalized = options.number("threshold", 20), bool(options.number("normalized", 0))
    factor, most = options.real("scale_factor", 1.5), options.number("max_keypoints", 100)
    detector = FAST if options.number("corner_detector", 1) == CORNER_FAST else AGAST
    with scratch(vm) as work:
        points = PointerArray(vm)
        scale = np.float32(1)
        octave = 1
        while True:
            inner = _inner(area, scale)
            if inner[2] <= 2 * PATCH or inner[3] <= 2 * PATCH:
                break
            _octave(vm, work, image, points, inner, scale=float(scale), octave=octave, about=(threshold, detector))
            if normalized:
                break
            scale = np.float32(scale * np.float32(factor))
            octave += 1
        points.items.sort(key=lambda item: -item[0].score)
        if len(points.items) > most:
            points.cut(most)
    if not points.items:
        return None
    vm.stand_in("image.Image.find_keypoints", STAND_IN)
    return KeypointDescriptor(vm.memory, vm.memory.alloc(4 * sizes.WORD), points, threshold, normalized)


def _inner(area: Roi, scale: float | np.floating[Any]) -> Roi:
    """The scaled region less a patch on each side."""
    x, y, width, height = (_round(part / scale) for part in area)
    return x + PATCH, y + PATCH, width - 2 * PATCH, height - 2 * PATCH


def _octave(
    vm: CameraMachine,
    work: Scratch,
    image: Image,
    points: PointerArray,
    inner: Roi,
    *,
    scale: float,
    octave: int,
    about: tuple[int, Detector],
) -> None:
    """One size of the picture: its copy, smoothed with two lines of sums; its corners; what is left of them."""
    width, height = _round(image.width / scale), _round(image.height / scale)
    copy = work.alloc(width * height)
    grey = _smaller(as_read(image), width, height)
    work.free(work.alloc(8 * width))
    grey = _smooth(grey)
    threshold, detector = about
    room = min(MOST, work.avail() // CORNER_BYTES)
    table = work.alloc(room * CORNER_BYTES)
    corners = detected(grey, inner, threshold, detector, room)
    if corners:
        rows = work.alloc(2 * (corners[-1].y + 1))
        for corner in strongest(corners):
            if not _heap_left(vm):
                break
            point = Keypoint(corner.x, corner.y, corner.score, octave, *_described(grey, corner.x, corner.y))
            point.x, point.y = math.floor(corner.x * scale), math.floor(corner.y * scale)
            points.push(point, vm.memory.block(KEYPOINT))
        work.free(rows)
    work.free(table)
    work.free(copy)


def _heap_left(vm: CameraMachine) -> bool:
    if not vm.memory.ask(_enough):
        vm.memory.collect()
        return vm.memory.ask(_enough)
    return True


def _enough(heap: GcHeap, _chunks: Sequence[Extent]) -> bool:
    return heap.free_bytes >= LEAST_HEAP


@cache
def _spots() -> Array:
    """Pairs of points of omvsim's own, within the patch: (256, 2, 2)."""
    return np.random.default_rng(1).integers(-10, 11, (8 * DESCRIBED, 2, 2))


def _described(grey: Array, x: int, y: int) -> tuple[int, bytes]:
    """Its angle in steps of 15 degrees by the moments around it, and which of two points is brighter, 256 times."""
    half = PATCH // 2
    patch = grey[y - half : y + half + 1, x - half : x + half + 1].astype(np.int64)
    offsets = np.arange(-half, half + 1)
    inside = offsets[:, None] ** 2 + offsets[None, :] ** 2 <= (half + 0.5) ** 2
    patch = np.where(inside, patch, 0)
    angle = math.degrees(math.atan2((patch.sum(axis=1) * offsets).sum(), (patch.sum(axis=0) * offsets).sum()))
    whole = int(angle) + (360 if angle < 0 else 0)
    whole -= whole % QUANTUM
    turn = math.radians(whole)
    across = np.rint(_spots()[..., 0] * math.cos(turn) - _spots()[..., 1] * math.sin(turn)).astype(np.int64)
    down = np.rint(_spots()[..., 0] * math.sin(turn) + _spots()[..., 1] * math.cos(turn)).astype(np.int64)
    found = grey[y + down, x + across]
    return whole, np.packbits(found[:, 0] > found[:, 1]).tobytes()


# -- matching ------------------------------------------------------------------------------------------------------


def _best(point: Keypoint, others: list[Keypoint]) -> tuple[Keypoint | None, int, int]:
    """``find_best_match``: the nearest that is not taken, how far it and the one before it are."""
    found, first, second = None, 8 * DESCRIBED, 8 * DESCRIBED
    for other in others:
        if not other.matched:
            far = (int.from_bytes(point.bits) ^ int.from_bytes(other.bits)).bit_count()
            if far < first:
                found, first, second = other, far, first
    return found, first, second


def _far(first: int, second: int, threshold: int) -> bool:
    """Whether the two best are too alike; a division by zero is zero on the device."""
    return (first * 100 // second if second else 0) > threshold


def _pairs(ours: list[Keypoint], theirs: list[Keypoint], threshold: int) -> list[tuple[int, int]]:
    """``orb_match_keypoints``."""
    pairs = []
    for number, point in enumerate(ours):
        other, first, second = _best(point, theirs)
        if other is None or _far(first, second, threshold):
            continue
        back, first, second = _best(other, ours)
        if back is None or _far(first, second, threshold):
            continue
        if back is point:
            other.matched = True
            pairs.append((number, next(at for at, each in enumerate(theirs) if each is other)))
    return pairs


def match_descriptor(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``match_descriptor``."""
    first, second = args[:2]
    if type(first) is not type(second):
        os_error(vm, "Descriptors have different types!")
    if isinstance(first, LbpDescriptor) and isinstance(second, LbpDescriptor):
        return _distance(first.counts, second.counts)
    if not isinstance(first, KeypointDescriptor) or not isinstance(second, KeypointDescriptor):
        os_error(vm, NO_TYPE)
    options = Options(vm, args, kwargs, 2, ("threshold", "filter_outliers"))
    threshold, filters = options.number("threshold", 85), options.number("filter_outliers", 0) == 1
    if not 0 <= threshold <= 100:  # per cent
        os_error(vm, "Expected threshold between 0 and 100")
    pairs_list = list_.new_list(vm, ())
    ours, theirs = first.found(), second.found()
    with scratch(vm) as work:
        held = work.alloc(8 * len(ours))
        pairs = _pairs(ours, theirs, threshold)
        for pair in pairs:
            vm.list_append(pairs_list, new_tuple(vm, pair))
        if work.fb is None:
            work.free(held)
    matched = [theirs[pair[1]] for pair in pairs]
    if filters and matched:
        with scratch(vm) as work:
            work.free(work.alloc(4 * len(theirs)))
        matched = _without_outliers(matched)
    return _match(vm, pairs_list, matched, [ours[pair[0]] for pair in pairs], [theirs[pair[1]] for pair in pairs])


def _without_outliers(matched: list[Keypoint]) -> list[Keypoint]:
    """``orb_filter_keypoints``: those whose distance from the middle is not usual go."""
    x, y = (sum(getattr(each, name) for each in matched) // len(matched) for name in "xy")
    far = np.array([math.hypot(x - each.x, y - each.y) for each in matched], np.float32)
    kept = abs(far - far.mean()) <= far.std()
    for point, stays in zip(matched, kept, strict=True):
        point.matched = bool(stays)
    return [point for point in matched if point.matched]


def _match(
    vm: CameraMachine, pairs: Value, matched: list[Keypoint], ours: list[Keypoint], theirs: list[Keypoint]
) -> Value:
    """``kptmatch``: ten words."""
    names = ("cx", "cy", "x", "y", "w", "h", "count", "theta")
    numbers = [0] * len(names)
    if matched:
        xs, ys = ([getattr(each, name) for each in matched] for name in "xy")
        numbers[:2] = sum(xs) // len(xs), sum(ys) // len(ys)
        numbers[2:6] = min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
        turns = [abs(b.angle - a.angle) for a, b in zip(ours, theirs, strict=True)]
        numbers[6:] = len(matched), min(turns, key=lambda turn: (-turns.count(turn), turn))
    values: dict[str, Value] = dict(zip(names, numbers, strict=True))
    made = record(vm, "kptmatch", 10, values, [*numbers, pairs])
    values["match"] = pairs
    made.text = "{" + ", ".join(f'"{name}":{values[name]}' for name in names) + "}"
    made.values = values
    box: Any = lambda vm: new_tuple(vm, tuple(numbers[2:6]))  # noqa: E731  # made when asked for
    values["rect"] = box
    return made


_RINGS: Final = (
    *((2, 1, 1, 1, 1, 1, 2), (2, 4, 4, 1, 4, 4, 2), (1, 1, 1, 0, 1, 1, 1), (0, 1, 1, 0, 1, 1, 0)),
    *((0, 1, 1, 1, 1, 1, 0), (0, 1, 1, 2, 1, 1, 0), (0, 1, 1, 1, 1, 1, 0)),
)


def _distance(first: bytes, second: bytes) -> int:
    """Weighted difference of two histograms."""
    a, b = (np.frombuffer(each, np.uint8).astype(np.int64).reshape(49, 59) for each in (first, second))
    parts = (a - b) ** 2 // np.maximum(a + b, 1)
    return int((parts * np.array(_RINGS).reshape(49, 1)).sum())


# -- files ---------------------------------------------------------------------------------------------------------


def save_descriptor(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``save_descriptor``: its kind, then the histogram, or a count and so many keypoints."""
    path = vm.str_of(args[1])
    file = picture_files.open_file(vm, path, "wb")
    value = args[0]
    if isinstance(value, LbpDescriptor):
        content = LBP.to_bytes(4, "little") + value.counts
    elif isinstance(value, KeypointDescriptor):
        points = value.found()
        content = ORB.to_bytes(4, "little") + len(points).to_bytes(4, "little")
        content += b"".join(_packed(point) for point in points)
    else:
        vm.error(Error.OS, NO_TYPE)
    file.push(vm, content)
    picture_files.close_file(vm, file)
    return True


_WIDTHS: Final = (("x", 2), ("y", 2), ("score", 2), ("octave", 2), ("angle", 2))
_PACKED: Final = sum(width for _, width in _WIDTHS) + DESCRIBED


def _packed(point: Keypoint) -> bytes:
    return b"".join(getattr(point, name).to_bytes(width, "little") for name, width in _WIDTHS) + point.bits


def _unpacked(data: bytes) -> Keypoint:
    numbers: dict[str, Any] = {}
    at = 0
    for name, width in _WIDTHS:
        numbers[name] = int.from_bytes(data[at : at + width], "little")
        at += width
    return Keypoint(**numbers, bits=data[at : at + DESCRIBED])


def load_descriptor(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``load_descriptor``."""
    file = picture_files.open_file(vm, vm.str_of(args[0]), "rb")
    data = bytes(file.data)
    kind = int.from_bytes(data[:4], "little")
    made: Value
    if kind == LBP:
        address = vm.memory.alloc(2 * sizes.WORD)
        made = LbpDescriptor(vm.memory, address, vm.memory.block(LBP_BYTES), data[4 : 4 + LBP_BYTES])
    elif kind == ORB:
        points = PointerArray(vm)
        for number in range(int.from_bytes(data[4:8], "little")):
            block = vm.memory.block(KEYPOINT)
            start = 8 + number * _PACKED
            points.push(_unpacked(data[start : start + _PACKED]), block)
        made = KeypointDescriptor(vm.memory, vm.memory.alloc(4 * sizes.WORD), points, 10, normalized=False)
    else:
        picture_files.close_file(vm, file)
        vm.error(Error.OS, NO_TYPE)
    picture_files.close_file(vm, file)
    return made


METHODS: Methods = {"find_keypoints": (find_keypoints, 1)}
FUNCTIONS: Methods = {
    "load_descriptor": (load_descriptor, 1),
    "match_descriptor": (match_descriptor, 2),
    "save_descriptor": (save_descriptor, 2),
}

__all__ = ["FUNCTIONS", "METHODS"]
