"""``HaarCascade`` and ``find_features`` (lib/imlib/{haar,integral_mw,rectangle}.c): cascades are run for real."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.image import picture_files
from omvsim.image.arguments import Options, mutable, os_error, tuples_only
from omvsim.image.arrays import PointerArray
from omvsim.image.keypoints import as_read
from omvsim.image.scratch import scratch
from omvsim.later import np
from omvsim.micropython.errors import Fault, Unknown
from omvsim.micropython.native import NativeType
from omvsim.micropython.types import list_
from omvsim.micropython.types.tuple_ import new_tuple
from omvsim.micropython.values import Obj
from omvsim.records import dataclass
from omvsim.standard.vfs.files import FileIO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.image.arguments import Methods, Roi
    from omvsim.image.pixels import Array
    from omvsim.image.scratch import Scratch
    from omvsim.memory.requests import Block, Memory
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Out, PrintKind, Value
    from omvsim.world.world import CameraMachine

OBJECT: Final = 84
RECTANGLE: Final = 8
BUILT_IN: Final = ("frontalface", "eye")
"""Up to 4.6.20 these two names stand for tables in the firmware, which omvsim does not have."""
LEAST_VARIANCE: Final = 50 * 50
_HEAD: Final = 12
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Feature:
    """Up to three rectangles with weights; a threshold; what it adds above and below that."""

    boxes: tuple[tuple[Box, int], ...]
    threshold: int
    below: int
    above: int


@dataclass(frozen=True)
class Stage:
    """Features and what they have to add up to."""

    features: tuple[Feature, ...]
    threshold: int


class Cascade(Obj):
    """``Cascade``: the struct in the object, its tables in chunks of their own or in a mapped file."""

    __slots__ = ("counts", "kept", "stages", "window")
    type_name: ClassVar[str] = "Cascade"

    def __init__(  # noqa: PLR0917  # what the struct has
        self,
        memory: Memory,
        address: int,
        window: tuple[int, int],
        stages: list[Stage],
        counts: tuple[int, int],
        kept: list[Block],
    ) -> None:
        super().__init__(memory, address)
        self.window, self.stages, self.counts, self.kept = window, stages, counts, kept

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        names = ("width", "height", "n_stages", "n_features", "n_rectangles")
        numbers = (*self.window, len(self.stages), *self.counts)
        out("{" + ", ".join(f'"{name}":{number}' for name, number in zip(names, numbers, strict=True)) + "}")


CASCADE = NativeType("Cascade", Cascade)


@dataclass
class Tables:
    """A cascade's file, cut up; ``sizes`` of what is read into chunks, in order."""

    window: tuple[int, int]
    stages: list[Stage]
    counts: tuple[int, int]
    sizes: list[int]


def _tables(data: bytes) -> Tables:
    """The camera skips to a whole word behind the stages whether or not the file has the filling: one without it is
    read shifted, counts of rectangles below zero included.
    """
    width, height, count = (int(each) for each in np.frombuffer(data, np.int32, 3))
    at = _HEAD

    def take(kind: str, number: int) -> Array:
        nonlocal at
        part = np.frombuffer(data, kind, number, at)
        at += part.nbytes
        return part

    in_stage = take("u1", count)
    at += -count % 4
    features = int(in_stage.sum())
    tops = take("<i2", count)
    thresholds, below, above = (take("<i2", features) for _ in range(3))
    boxes_of = take("i1", features)
    boxes = int(boxes_of.sum())
    weights, places = take("i1", boxes), take("i1", 4 * boxes).reshape(boxes, 4)
    starts = np.concatenate([[0], np.cumsum(boxes_of)])
    made = []
    for number in range(features):
        span = range(int(starts[number]), min(int(starts[number + 1]), boxes))
        pairs = tuple((tuple(int(v) for v in places[box]), int(weights[box])) for box in span)
        made.append(Feature(pairs, int(thresholds[number]), int(below[number]), int(above[number])))  # type: ignore[arg-type]  # four each
    ends = np.cumsum(in_stage.astype(int))
    stages = [
        Stage(tuple(made[int(end - own) : int(end)]), int(top))
        for end, own, top in zip(ends, in_stage, tops, strict=True)
    ]
    sizes = [count, 2 * count, 2 * features, 2 * features, 2 * features, features, boxes, 4 * boxes]
    return Tables((width, height), stages, (features, boxes), sizes)


def load_cascade(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``HaarCascade``: tables of a file, each in a chunk unless the file is mapped; ``stages`` may leave some out."""
    path = vm.str_of(args[0])
    if not vm.release.opens_through_vfs and path in BUILT_IN:
        raise Unknown(f"image.HaarCascade({path!r})", "the firmware's own table is not in omvsim")
    file = picture_files.open_file(vm, path, "rb")
    tables = _tables(bytes(file.data))
    kept = [] if not isinstance(file, FileIO) else [vm.memory.block(size) for size in tables.sizes]
    picture_files.close_file(vm, file)
    stages = Options(vm, args, kwargs, 1, ("stages",)).number("stages", len(tables.stages))
    most = stages if 0 < stages < len(tables.stages) else len(tables.stages)
    address = vm.memory.alloc(OBJECT)
    return Cascade(vm.memory, address, tables.window, tables.stages[:most], tables.counts, kept)


def find_features(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``find_features``: 8 bytes each time that one is seen, then those that overlap are merged."""
    image, cascade = mutable(vm, args[0]), args[1]
    if not isinstance(cascade, Cascade):
        vm.raise_type("Can't convert %s to %s", vm.type_name(cascade), "Cascade")
    strict = tuples_only(vm)
    scale = "scale" if strict else "scale_factor"
    options = Options(vm, args, kwargs, 2, ("threshold", scale, "roi"), positional=0)
    threshold, factor = options.real("threshold", 0.5), options.real(scale, 1.5)
    area = options.roi(image)
    if area[2] <= cascade.window[0] or area[3] <= cascade.window[1]:
        os_error(vm, "Region of interest is smaller than detector window!")
    found = PointerArray(vm)
    with scratch(vm) as work:
        lines = _lines(cascade) if strict else cascade.window[1]
        held = _windows(work, area[2], lines + 1)
        for box in _detected(as_read(image), cascade, area, factor, threshold, lines):
            found.push(list(box), vm.memory.block(RECTANGLE))
        for address in reversed(held):
            work.free(address)
    if len(found.items) > 1:
        found = _merged(vm, found)
    made = list_.new_list(vm, ())
    for box, _ in found.items:
        vm.list_append(made, new_tuple(vm, tuple(box)))
    found.free()
    return made


def _lines(cascade: Cascade) -> int:
    """From 5.0.0 on the moving window is as high as the highest feature, not only as the cascade's window."""
    tops = [y + height for stage in cascade.stages for each in stage.features for (_, y, _, height), _ in each.boxes]
    return max([cascade.window[1], *tops])


def _windows(work: Scratch, width: int, height: int) -> list[int | None]:
    """``imlib_integral_mw_alloc``, twice: two tables of pointers and the lines."""
    return [work.alloc(size) for _ in range(2) for size in (4 * height, 4 * height, *[4 * width] * height)]


def _detected(  # noqa: PLR0917  # a search's settings
    grey: Array, cascade: Cascade, area: Roi, factor: float, threshold: float, lines: int
) -> Iterator[Box]:
    """Windows that pass all stages, from the full size down."""
    wide, high = cascade.window
    step = min(area[2] * 50 // 1000, high)
    scale = np.float32(1)
    while True:
        width, height = int(np.float32(area[2]) / scale), int(np.float32(area[3]) / scale)
        if width < wide or height < high:
            return
        step = int(np.float32(step) / scale) or 1
        sums, squares = _integrals(grey, area, width, height)
        ys, xs = np.arange(0, height - high, step), np.arange(0, width - wide, step)
        rows, columns = (each.ravel() for each in np.meshgrid(ys, xs, indexing="ij"))
        passed = _passed(sums, squares, rows, columns, cascade, threshold, lines)
        for y, x in zip(rows[passed], columns[passed], strict=True):
            left, top = _near(float(np.float32(x) * scale)) + area[0], _near(float(np.float32(y) * scale)) + area[1]
            yield left, top, _near(float(wide * scale)), _near(float(high * scale))
        scale = np.float32(scale * np.float32(factor))


def _near(value: float) -> int:
    """``fast_roundf``: to the even neighbour of two."""
    return round(value)


def _integrals(grey: Array, area: Roi, width: int, height: int) -> tuple[Array, Array]:
    """Sums of pixels and of their squares up to each place of the scaled region."""
    x, y, full_width, full_height = area
    across = x + (np.arange(width) * ((full_width << 16) // width + 1) >> 16)
    down = y + (np.arange(height) * ((full_height << 16) // height + 1) >> 16)
    values = grey[np.minimum(down, grey.shape[0] - 1)][:, np.minimum(across, grey.shape[1] - 1)].astype(np.int64)
    return values.cumsum(axis=0).cumsum(axis=1), (values**2).cumsum(axis=0).cumsum(axis=1)


def _sum(table: Array, rows: Array, columns: Array, box: Box) -> Array:
    x, y, width, height = box
    left, top = columns + x, rows + y
    right, bottom = np.minimum(left + width, table.shape[1] - 1), np.minimum(top + height, table.shape[0] - 1)
    found: Array = table[bottom, right] + table[top, left] - table[top, right] - table[bottom, left]
    return found


def _passed(  # noqa: PLR0917  # a search's settings
    sums: Array, squares: Array, rows: Array, columns: Array, cascade: Cascade, threshold: float, lines: int
) -> Array:
    """Numbers of the windows that pass every stage, in 32 bits as on the camera."""
    wide, high = cascade.window
    count = wide * high
    total = _sum(sums, rows, columns, (0, 0, wide, high))
    square = _sum(squares, rows, columns, (0, 0, wide, high))
    alive = np.nonzero((square // count - (total // count) ** 2) % (1 << 32) >= LEAST_VARIANCE)[0]
    spread = np.sqrt(((square * count - total * total) % (1 << 32)).astype(np.float32)).astype(np.int64)
    for stage in cascade.stages:
        if not alive.size:
            break
        ours = rows[alive], columns[alive]
        reached = np.zeros(alive.size, np.int64)
        for feature in stage.features:
            if any(box[1] + box[3] > lines for box, _ in feature.boxes):
                raise Fault("find_features reads a line behind its window through a pointer that is none")
            found: Array | int = sum(_sum(sums, *ours, box) * (weight << 12) for box, weight in feature.boxes)
            found = (found + (1 << 31)) % (1 << 32) - (1 << 31)
            reached += np.where(found >= feature.threshold * spread[alive], feature.above, feature.below)
        alive = alive[reached.astype(np.float32) >= np.float32(threshold) * np.float32(stage.threshold)]
    return alive


def _merged(vm: CameraMachine, found: PointerArray) -> PointerArray:
    """``rectangle_merge``: each takes those that it overlaps, and becomes their middle."""
    objects, overlap = PointerArray(vm), PointerArray(vm)
    while found.items:
        box, block = found.items.pop(0)
        for item in list(found.items):
            if _overlap(box, item[0]):
                found.items.remove(item)
                overlap.push(*item)
        count = len(overlap.items) + 1
        while overlap.items:
            other, other_block = overlap.items.pop()
            box = [a + b for a, b in zip(box, other, strict=True)]
            if other_block is not None:
                vm.memory.free(other_block)
        objects.push([math.trunc(part / count) for part in box], block)
    found.free()
    overlap.free()
    return objects


def _overlap(a: Sequence[int], b: Sequence[int]) -> bool:
    return a[0] < b[0] + b[2] and a[1] < b[1] + b[3] and a[0] + a[2] > b[0] and a[1] + a[3] > b[1]


METHODS: Methods = {"find_features": (find_features, 2)}
FUNCTIONS: Methods = {"HaarCascade": (load_cascade, 1)}

__all__ = ["CASCADE", "FUNCTIONS", "METHODS", "Cascade", "load_cascade"]
