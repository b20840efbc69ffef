"""``find_displacement``: how far two pictures are shifted, by phase correlation.

Sources: lib/imlib/{phasecorrelation,fft}.c at v4.8.1.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from omvsim.image import formats
from omvsim.image.arguments import Options, mutable, os_error, tuples_only
from omvsim.image.keypoints import as_read
from omvsim.image.scratch import scratch
from omvsim.image.statistics import record
from omvsim.later import np
from omvsim.micropython.types.namedtuple_ import new_attrtuple
from omvsim.numerals.floattext import format_float

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.image.arguments import Methods, Roi
    from omvsim.image.pixels import Array
    from omvsim.image.scratch import Scratch
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

_NAMES: Final = ("roi", "template_roi", "logpolar", "fix_rotation_scale")
_VALUES: Final = ("x_translation", "y_translation", "rotation", "scale", "response")
LEFT: Final = "rotation and scale are not worked out"


def _power(length: int) -> int:
    """``int_clog2``."""
    return max(length - 1, 0).bit_length()


def find_displacement(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``find_displacement``."""
    image, template = mutable(vm, args[0]), mutable(vm, args[1])
    options = Options(vm, args, kwargs, 2, _NAMES, positional=0)
    area, other = options.roi(image), options.roi(template, "template_roi")
    if area[2:] != other[2:]:
        os_error(vm, "ROI(w,h) != TEMPLATE_ROI(w,h)")
    polar, fix = (bool(options.number(name, 0)) for name in _NAMES[2:])
    if polar or fix:
        vm.stand_in("image.Image.find_displacement", LEFT)
    wide, high = _power(area[2]), _power(area[3])
    with scratch(vm) as work:
        if fix and not polar:
            _fixed_turn(work, area, wide, high, formats.size(area[2], area[3], image.code))
        held = [work.alloc(formats.size(area[2], area[3], each.code)) for each in (image, template) if polar]
        held += _transformed(work, area[2:], wide, high)
        x, y, response = _shift(_part(as_read(image), area), _part(as_read(template), other), wide, high)
        for address in reversed(held):
            work.free(address)
    found = (0.0, 0.0, 0.0, 1.0, response) if polar else (x, y, 0.0, 0.0, response)
    if tuples_only(vm):
        return new_attrtuple(vm, _VALUES, tuple(vm.new_float(each) for each in found))
    made = record(vm, "displacement", 6, {}, ())
    floats = [vm.new_float(each) for each in found]
    made.values, made.indexed = dict(zip(_VALUES, floats, strict=True)), floats
    made.text = (
        "{" + ", ".join(f'"{n}":{format_float(each, "f", 6)}' for n, each in zip(_VALUES, found, strict=True)) + "}"
    )
    return made


def _part(grey: Array, area: Roi) -> Array:
    x, y, width, height = area
    return grey[y : y + height, x : x + width].astype(np.float64)


def _transformed(work: Scratch, size: tuple[int, int], wide: int, high: int) -> list[int | None]:
    """Two spectra; each row of a picture, its transform and a buffer of half of that, then the way back a row."""
    held = [work.alloc(8 << wide + high) for _ in range(2)]
    for _ in range(2):
        for _ in range(size[1]):
            row = [work.alloc(size[0]), work.alloc(8 << wide), work.alloc(4 << wide)]
            for address in reversed(row):
                work.free(address)
    for _ in range(1 << high):
        work.free(work.alloc(4 << wide))
    return held


def _fixed_turn(work: Scratch, area: Roi, wide: int, high: int, size: int) -> None:
    """``fix_rotation_scale``: spectra, their polar copies, rows again; then the turned picture, which stays."""
    held = [work.alloc(8 << wide + high) for _ in range(2)]
    for _ in range(2):
        row = [work.alloc(area[2]), work.alloc(8 << wide), work.alloc(4 << wide)]
        for address in reversed(row):
            work.free(address)
    for _ in range(2):
        work.free(work.alloc(8 << wide + high))
    work.free(work.alloc(4 << wide))
    for address in reversed(held):
        work.free(address)
    work.alloc(size)
    copy = work.alloc(size)
    if work.fb is not None:
        work.free(work.umm())
    work.free(copy)


def _shift(first: Array, second: Array, wide: int, high: int) -> tuple[float, float, float]:
    """Where the correlation of the phases is largest, as the weighted middle of 5 x 5."""
    shape = (1 << high, 1 << wide)
    product = np.fft.fft2(first, shape) * np.conj(np.fft.fft2(second, shape))
    size = np.abs(product)
    phases = np.fft.ifft2(np.where(size > 0, product / np.maximum(size, 1e-30), 0)).real
    y, x = (int(each) for each in np.unravel_index(int(phases.argmax()), shape))
    rows, columns = np.arange(y - 2, y + 3), np.arange(x - 2, x + 3)
    around = phases[np.ix_(rows % shape[0], columns % shape[1])]
    total = float(around.sum())
    if not math.isfinite(total) or not total:
        return 0.0, 0.0, 0.0
    found_x = float((around * columns[None, :]).sum()) / total
    found_y = float((around * rows[:, None]).sum()) / total
    found_x -= shape[1] if found_x >= shape[1] / 2 else 0
    found_y = -(found_y - shape[0] if found_y >= shape[0] / 2 else found_y)
    return found_x, found_y, float(phases.max())


METHODS: Methods = {"find_displacement": (find_displacement, 2)}

__all__ = ["METHODS"]
