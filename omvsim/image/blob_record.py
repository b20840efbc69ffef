"""What ``find_blobs`` gives: an object up to 4.8.1, an attrtuple from 5.0.0 (modules/py_image.c, ``py_blob_new``)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from omvsim.image import fmath
from omvsim.image.arguments import tuples_only
from omvsim.image.blob_shape import CORNERS, least_rectangle
from omvsim.image.fmath import divided, single
from omvsim.image.statistics import record
from omvsim.micropython.types import list_
from omvsim.micropython.types.namedtuple_ import new_attrtuple
from omvsim.micropython.types.tuple_ import new_tuple
from omvsim.numerals.floattext import format_float
from omvsim.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.memory.requests import Block
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

OBJECT: Final = 17
"""Words of ``py_blob_obj_t``."""
FIELDS: Final = (
    *("x", "y", "w", "h", "cx", "cy", "pixels", "rotation", "code", "count", "perimeter", "roundness"),
    *("x_hist_bins", "y_hist_bins", "corners", "min_corners", "cxf", "cyf", "elongation", "area", "density"),
    *("compactness", "rect"),
)
"""Of the attrtuple of 5.0.0."""


@dataclass
class Blob:
    """One found: its rectangle, its outermost points, and the sums that make a merged one's averages."""

    x: int
    y: int
    w: int
    h: int
    pixels: int
    perimeter: int
    code: int
    cx: float
    cy: float
    rotation: float
    roundness: float
    corners: list[tuple[int, int]]
    sums: list[float]
    """Of centre, direction (cosine, sine) and roundness, a pixel each."""
    x_bins: list[int] = field(default_factory=list)
    y_bins: list[int] = field(default_factory=list)
    count: int = 1
    node: Block | None = None
    bin_blocks: list[Block] = field(default_factory=list)


def _corners(vm: CameraMachine, points: Sequence[tuple[int, int]]) -> Value:
    return new_tuple(vm, [new_tuple(vm, point) for point in points])


def _int_list(vm: CameraMachine, numbers: Sequence[int]) -> Value:
    return list_.new_list(vm, list(numbers))


def new_blob(vm: CameraMachine, blob: Blob) -> Value:
    """``py_blob_new``."""
    box = least_rectangle(blob.corners)
    if tuples_only(vm):
        return _as_tuple(vm, blob, box)
    made = record(vm, "blob", OBJECT, {}, ())
    floats = [vm.new_float(value) for value in (blob.cx, blob.cy, blob.rotation, blob.roundness)]
    bins = [_int_list(vm, blob.x_bins), _int_list(vm, blob.y_bins)]
    corners, least = _corners(vm, blob.corners[:: CORNERS // 4]), _corners(vm, box)
    cx, cy = round(blob.cx), round(blob.cy)
    area = blob.w * blob.h
    plain: dict[str, Any] = {
        **{name: getattr(blob, name) for name in ("x", "y", "w", "h", "pixels", "code", "count", "perimeter")},
        **{"cx": cx, "cy": cy, "cxf": floats[0], "cyf": floats[1], "rotation": floats[2], "rotation_rad": floats[2]},
        **{"roundness": floats[3], "x_hist_bins": bins[0], "y_hist_bins": bins[1]},
        **{"corners": corners, "min_corners": least, "area": area},
        "rotation_deg": int(fmath.degrees(blob.rotation)),
    }
    made.values = plain | _worked_out(blob, box)
    order = ("x", "y", "w", "h", "pixels", "cx", "cy", "rotation", "code", "count", "perimeter", "roundness")
    made.indexed = [made.values[name] for name in order]
    made.text = lambda: _shown(blob, plain, order)
    return made


def _shown(blob: Blob, plain: dict[str, Any], order: Sequence[str]) -> str:
    shown = {name: format_float(getattr(blob, name), "f", 6) for name in ("rotation", "roundness")}
    return "{" + ", ".join(f'"{name}":{shown.get(name, plain[name])}' for name in order) + "}"


def _compactness(blob: Blob) -> float:
    return divided(single(single(blob.pixels * 4) * fmath.PI), single(blob.perimeter**2))


def _worked_out(blob: Blob, box: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Values that are made when they are asked for, out of the smallest rectangle's corners."""
    ratios: dict[str, Callable[[], float]] = {
        "compactness": lambda: _compactness(blob),
        "convexity": lambda: convexity(box, blob.perimeter),
        "density": lambda: divided(blob.pixels, single(blob.w * blob.h)),
        "elongation": lambda: single(1 - blob.roundness),
        "extent": lambda: divided(blob.pixels, single(blob.w * blob.h)),
        "solidity": lambda: solidity(box, blob.pixels),
    }
    made: dict[str, Any] = {name: (lambda vm, work=work: vm.new_float(work())) for name, work in ratios.items()}
    made |= {name: (lambda vm, name=name: new_tuple(vm, shapes(box)[name])) for name in SHAPES}
    return made | {"rect": lambda vm: new_tuple(vm, (blob.x, blob.y, blob.w, blob.h))}


def convexity(box: Sequence[tuple[int, int]], perimeter: int) -> float:
    """How far round the rectangle is, by the perimeter."""
    around = 0.0
    for one, two in zip(box, (*box[1:], box[0]), strict=True):
        around = single(around + _distance(one, two))
    return min(divided(around, perimeter), 1.0)


def solidity(box: Sequence[tuple[int, int]], count: int) -> float:
    """Pixels by the rectangle's area."""
    sides = zip(box, (*box[1:], box[0]), strict=True)
    within = single(sum(x1 * y2 - y1 * x2 for (x1, y1), (x2, y2) in sides) / 2)
    return min(divided(count, within), 1.0)


SHAPES: Final = ("enclosed_ellipse", "enclosing_circle", "major_axis_line", "minor_axis_line")


def shapes(box: Sequence[tuple[int, int]]) -> dict[str, tuple[int, ...]]:
    """Axes, circle and ellipse of a rectangle that stands askew."""
    halves = [
        (fmath.quotient(one[0] + two[0], 2), fmath.quotient(one[1] + two[1], 2))
        for one, two in zip(box, (*box[1:], box[0]), strict=True)
    ]
    lines = ((*halves[0], *halves[2]), (*halves[1], *halves[3]))
    first = _distance(halves[0], halves[2]) >= _distance(halves[1], halves[3])
    middle = fmath.quotient(sum(x for x, _ in box), 4), fmath.quotient(sum(y for _, y in box), 4)
    radius = round(max(_distance(corner, middle) for corner in box))
    reach = [_distance(half, middle) for half in halves]
    one, two = (halves[0], halves[2]) if first else (halves[1], halves[3])
    turn = fmath.atan2(one[1] - two[1], one[0] - two[0])
    turn = turn if first else single(turn + single(math.pi / 2))
    axes = int(min(reach[0], reach[2])), int(min(reach[1], reach[3]))
    return {
        "enclosed_ellipse": (*middle, *axes, int(fmath.degrees(turn))),
        "enclosing_circle": (*middle, radius),
        "major_axis_line": lines[0 if first else 1],
        "minor_axis_line": lines[1 if first else 0],
    }


def _distance(one: tuple[int, int], two: tuple[int, int]) -> float:
    return fmath.sqrt((one[0] - two[0]) ** 2 + (one[1] - two[1]) ** 2)


def _as_tuple(vm: CameraMachine, blob: Blob, box: Sequence[tuple[int, int]]) -> Value:
    """The attrtuple of 5.0.0, its parts in the order in which they are made."""
    density = vm.new_float(divided(blob.pixels, single(blob.w * blob.h)))
    bins = [_int_list(vm, blob.x_bins), _int_list(vm, blob.y_bins)]
    rotation, roundness = vm.new_float(blob.rotation), vm.new_float(blob.roundness)
    corners, least = _corners(vm, blob.corners[:: CORNERS // 4]), _corners(vm, box)
    floats = [vm.new_float(value) for value in (blob.cx, blob.cy, single(1 - blob.roundness))]
    compact = vm.new_float(_compactness(blob))
    rect = new_tuple(vm, (blob.x, blob.y, blob.w, blob.h))
    first = [blob.x, blob.y, blob.w, blob.h, round(blob.cx), round(blob.cy), blob.pixels]
    rest = [rotation, blob.code, blob.count, blob.perimeter, roundness, *bins, corners, least, *floats]
    return new_attrtuple(vm, FIELDS, [*first, *rest, blob.w * blob.h, density, compact, rect])


__all__ = ["FIELDS", "SHAPES", "Blob", "convexity", "new_blob", "shapes", "solidity"]
