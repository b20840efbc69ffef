"""What ``find_blobs`` gives: an object up to 4.8.1, an attrtuple from 5.0.0 (modules/py_image.c, ``py_blob_new``)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from omvsim.micropython.types import list_
from omvsim.micropython.types.namedtuple_ import new_attrtuple
from omvsim.micropython.types.tuple_ import new_tuple
from omvsim.modules.image.arguments import tuples_only
from omvsim.modules.image.statistics import record
from omvsim.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.memory import Block
    from omvsim.micropython.values import Value
    from omvsim.runs.world import CameraMachine

OBJECT: Final = 17
"""Words of ``py_blob_obj_t``."""
_FIELDS: Final = (
    *("x", "y", "w", "h", "cx", "cy", "pixels", "rotation", "code", "count", "perimeter", "roundness"),
    *("x_hist_bins", "y_hist_bins", "corners", "min_corners", "cxf", "cyf", "elongation", "area", "density"),
    *("compactness", "rect"),
)


@dataclass
class Blob:
    """One found: its rectangle and sums."""

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
    box = [(blob.x, blob.y), (blob.x + blob.w - 1, blob.y)]
    box += [(blob.x + blob.w - 1, blob.y + blob.h - 1), (blob.x, blob.y + blob.h - 1)]
    if tuples_only(vm):
        return _as_tuple(vm, blob, box)
    made = record(vm, "blob", OBJECT, {}, ())
    floats = [vm.new_float(value) for value in (blob.cx, blob.cy, blob.rotation, blob.roundness)]
    bins = [_int_list(vm, blob.x_bins), _int_list(vm, blob.y_bins)]
    corners, least = _corners(vm, blob.corners), _corners(vm, box)
    cx, cy = math.floor(blob.cx + 0.5), math.floor(blob.cy + 0.5)
    area = blob.w * blob.h
    plain: dict[str, Any] = {
        **{name: getattr(blob, name) for name in ("x", "y", "w", "h", "pixels", "code", "count", "perimeter")},
        **{"cx": cx, "cy": cy, "cxf": floats[0], "cyf": floats[1], "rotation": floats[2], "rotation_rad": floats[2]},
        **{"roundness": floats[3], "x_hist_bins": bins[0], "y_hist_bins": bins[1]},
        **{"corners": corners, "min_corners": least, "area": area},
        "rotation_deg": int(math.degrees(blob.rotation)),
    }
    made.values = plain | _worked_out(blob, box)
    order = ("x", "y", "w", "h", "pixels", "cx", "cy", "rotation", "code", "count", "perimeter", "roundness")
    made.indexed = [made.values[name] for name in order]
    shown = {"rotation": f"{blob.rotation:f}", "roundness": f"{blob.roundness:f}"}
    made.text = "{" + ", ".join(f'"{name}":{shown.get(name, plain[name])}' for name in order) + "}"
    return made


def _worked_out(blob: Blob, box: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Values that are made when they are asked for."""
    area = blob.w * blob.h
    compact = blob.pixels * 4 * math.pi / (blob.perimeter**2 or 1)
    ratios = {
        "compactness": compact,
        "convexity": min(1.0, 2 * (blob.w + blob.h - 2) / (blob.perimeter or 1)),
        "density": blob.pixels / area,
        "elongation": 1 - blob.roundness,
        "extent": blob.pixels / area,
        "solidity": min(1.0, blob.pixels / (((blob.w - 1) * (blob.h - 1)) or 1)),
    }
    made: dict[str, Any] = {name: (lambda vm, value=value: vm.new_float(value)) for name, value in ratios.items()}
    middle_x, middle_y = (box[0][0] + box[1][0]) // 2, (box[1][1] + box[2][1]) // 2
    upright = (middle_x, box[0][1], middle_x, box[2][1])
    lying = (box[0][0], middle_y, box[1][0], middle_y)
    major, minor = (upright, lying) if blob.h >= blob.w else (lying, upright)
    radius = math.floor(math.hypot(blob.w / 2, blob.h / 2))
    tuples = {
        "enclosed_ellipse": (middle_x, middle_y, blob.w // 2, blob.h // 2, int(math.degrees(blob.rotation))),
        "enclosing_circle": (middle_x, middle_y, radius),
        "major_axis_line": major,
        "minor_axis_line": minor,
        "rect": (blob.x, blob.y, blob.w, blob.h),
    }
    made |= {name: (lambda vm, value=value: new_tuple(vm, value)) for name, value in tuples.items()}
    return made


def _as_tuple(vm: CameraMachine, blob: Blob, box: Sequence[tuple[int, int]]) -> Value:
    """The attrtuple of 5.0.0, its parts in the order in which they are made."""
    density = vm.new_float(blob.pixels / (blob.w * blob.h))
    bins = [_int_list(vm, blob.x_bins), _int_list(vm, blob.y_bins)]
    rotation, roundness = vm.new_float(blob.rotation), vm.new_float(blob.roundness)
    corners, least = _corners(vm, blob.corners), _corners(vm, box)
    floats = [vm.new_float(value) for value in (blob.cx, blob.cy, 1 - blob.roundness)]
    compact = vm.new_float(blob.pixels * 4 * math.pi / (blob.perimeter**2 or 1))
    rect = new_tuple(vm, (blob.x, blob.y, blob.w, blob.h))
    first = [blob.x, blob.y, blob.w, blob.h, math.floor(blob.cx + 0.5), math.floor(blob.cy + 0.5), blob.pixels]
    rest = [rotation, blob.code, blob.count, blob.perimeter, roundness, *bins, corners, least, *floats]
    return new_attrtuple(vm, _FIELDS, [*first, *rest, blob.w * blob.h, density, compact, rect])


__all__ = ["Blob", "new_blob"]
