"""Templates, edges and fills: results are worked out (lib/imlib/{template,edge,draw}.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.image import draw_image, formats, pixels
from omvsim.image.arguments import (
    Options,
    fixed,
    grayscale,
    mutable,
    numbers,
    os_error,
    points,
    tuples_only,
)
from omvsim.image.blobs import lifo
from omvsim.image.descriptors import LbpDescriptor
from omvsim.image.drawing import mask_of
from omvsim.image.filters import channels, store
from omvsim.image.kernels import windows
from omvsim.image.scratch import scratch
from omvsim.image.thresholds import NODE
from omvsim.later import np
from omvsim.memory import sizes
from omvsim.micropython.types.tuple_ import new_tuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.image.arguments import Methods
    from omvsim.image.pixels import Array
    from omvsim.image.value import Image
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

SEARCH_DS: Final = 1
EDGE_CANNY: Final = 0
LBP_BYTES: Final = 7 * 7 * 59


def find_template(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``find_template``: the best place, if it is like enough."""
    image, template = grayscale(vm, args[0]), grayscale(vm, args[1])
    least = vm.float_of(args[2])
    options = Options(vm, args, kwargs, 3, ("roi", "step", "search"), positional=0)
    area = options.roi(image)
    if area[2] < template.width or area[3] < template.height:
        os_error(vm, "Region of interest is smaller than template!")
    options.number("step", 2)
    quick = options.number("search", 0) == SEARCH_DS
    with scratch(vm) as work:
        held = [work.alloc(4 * image.width * image.height) for _ in range(1 if quick else 2)]
        x, y, likeness = _best(np.array(image.rows()), np.array(template.rows()), area)
        if work.fb is None:
            for address in reversed(held):
                work.free(address)
    return new_tuple(vm, (x, y, template.width, template.height)) if likeness > least else None


def _best(image: Array, template: Array, area: tuple[int, int, int, int]) -> tuple[int, int, float]:
    """Place and value of the best normalised correlation."""
    x0, y0, width, height = area
    part = image[y0 : y0 + height, x0 : x0 + width].astype(np.float64)
    wide, high = template.shape[1], template.shape[0]
    centred = template.astype(np.float64) - template.mean()
    shape = (height + high, width + wide)
    product = np.fft.irfft2(np.fft.rfft2(part, shape) * np.fft.rfft2(centred[::-1, ::-1], shape), shape)
    valid = product[high - 1 : height, wide - 1 : width]
    sums, squares = (_box(values, high, wide) for values in (part, part**2))
    spread = np.sqrt(np.maximum(squares - sums**2 / (wide * high), 0) * (centred**2).sum())
    likeness = np.where(spread > 1e-6, valid / np.maximum(spread, 1e-6), 0)
    at = np.unravel_index(int(likeness.argmax()), likeness.shape)
    return x0 + int(at[1]), y0 + int(at[0]), float(likeness[at])


def _box(values: Array, high: int, wide: int) -> Array:
    total = np.pad(values.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    found: Array = total[high:, wide:] - total[:-high, wide:] - total[high:, :-wide] + total[:-high, :-wide]
    return found


def find_edges(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``find_edges``: by differences (simple) or by gradients (Canny, without following weak edges)."""
    image = grayscale(vm, args[0])
    kind = vm.int_of(args[1])
    options = Options(vm, args, kwargs, 2, ("roi", "threshold"), positional=0)
    area = options.roi(image)
    low, high = 100, 200
    if options.obj("threshold") is not None:
        low, high = numbers(vm, fixed(vm, options.obj("threshold"), 2))
    grey = channels(image)[0]
    around = windows(grey, 1)
    with scratch(vm) as work:
        if kind == EDGE_CANNY:
            gradients = work.alloc(4 * area[2] * area[3])
            work.free(work.alloc(8 * image.width))
            work.free(gradients)
            across = around @ np.array([-1, 0, 1, -2, 0, 2, -1, 0, 1])
            down = around @ np.array([-1, -2, -1, 0, 0, 0, 1, 2, 1])
            made = np.where(abs(across) + abs(down) >= high, 255, 0)
        else:
            node = vm.memory.block(NODE)
            work.free(work.alloc(2 * image.line_size))
            bits = work.alloc(formats.size(image.width, image.height, formats.BINARY))
            if work.fb is not None:
                work.free(work.line(formats.line_size(image.width, formats.BINARY)))
            work.free(bits)
            vm.memory.free(node)
            work.free(work.alloc(2 * image.line_size))
            edge = around @ np.array([-1, -1, -1, -1, 8, -1, -1, -1, -1])
            made = np.where((edge >= low) & (edge <= high), 255, 0)
        store(image, [made])
    return image


def find_lbp(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``find_lbp``: an object and its histogram; 5.0.0 has its region by name only."""
    image = grayscale(vm, args[0])
    if tuples_only(vm):
        if len(args) == 1 and "roi" not in dict(kwargs):
            vm.raise_type("'roi' argument required")
        area = Options(vm, args, kwargs, 1, ("roi",), positional=0).roi(image)
    else:
        if len(args) == 1:
            vm.raise_type("function missing 1 required positional arguments")
        x, y, width, height = numbers(vm, fixed(vm, args[1], 4))
        area = x, y, width, height
    assert image.code == formats.GRAYSCALE
    made = vm.memory.alloc(2 * sizes.WORD)
    block = vm.memory.block(LBP_BYTES)
    return LbpDescriptor(vm.memory, made, block, _patterns(np.asarray(image.rows()), area))


_BITS: Final = ((0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1))
_KINDS: Final = 59
_REGIONS: Final = 7


def _uniform() -> Array:
    """Patterns with at most two changes around the circle have a bin each, all others the last."""
    found = np.full(256, _KINDS - 1)
    number = 0
    for pattern in range(256):
        turned = pattern >> 1 | (pattern & 1) << 7
        if (pattern ^ turned).bit_count() <= 2:  # one run of ones
            found[pattern] = number
            number += 1
    return found


def _patterns(grey: Array, area: tuple[int, int, int, int]) -> bytes:
    """``imlib_lbp_desc``: counts of local patterns, in 7 x 7 regions; what falls behind the last is left out."""
    x0, y0, width, height = area
    across, down = max(1, width // _REGIONS), max(1, height // _REGIONS)
    wide, high = max(0, min(width - 3, grey.shape[1] - x0 - 2)), max(0, min(height - 3, grey.shape[0] - y0 - 2))
    centre = grey[y0 + 1 : y0 + 1 + high, x0 + 1 : x0 + 1 + wide]
    found = np.zeros((high, wide), np.int64)
    for bit, (dx, dy) in enumerate(_BITS):
        found |= (grey[y0 + dy : y0 + dy + high, x0 + dx : x0 + dx + wide] >= centre).astype(np.int64) << bit
    places = (np.arange(high) // down * _REGIONS)[:, None] + (np.arange(wide) // across)[None, :]
    bins = (places * _KINDS + _uniform()[found]).ravel()
    counted = np.bincount(bins[bins < LBP_BYTES], minlength=LBP_BYTES)
    return bytes((counted & 255).astype(np.uint8))


def flood_fill(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``flood_fill``: pixels near the seed's colour and near their neighbour's."""
    image = mutable(vm, args[0])
    place, offset = points(vm, args, 2, exact=True)
    x, y = numbers(vm, place)
    names = ("seed_threshold", "floating_threshold", "color", "invert", "clear_background", "mask")
    options = Options(vm, args, kwargs, offset, names)
    seed, floating = options.real("seed_threshold", 0.05), options.real("floating_threshold", 0.05)
    if not 0 <= seed <= 1:
        os_error(vm, "Error: 0.0 <= seed_threshold <= 1.0!")
    if not 0 <= floating <= 1:
        os_error(vm, "Error: 0.0 <= floating_threshold <= 1.0!")
    colour = options.colour(image)
    invert, cleared, mask = options.flag("invert"), options.flag("clear_background"), options.image()
    if not (0 <= x < image.width and 0 <= y < image.height):
        with scratch(vm):
            return image
    with scratch(vm) as work:
        held = [work.alloc(formats.size(image.width, image.height, formats.BINARY)), lifo(work)[0]]
        taken = _filled(image, x, y, seed, floating)
        if mask is not None:
            taken &= ~mask_of(mask, image)
        _paint(image, taken ^ invert, colour, cleared=cleared)
        for address in reversed(held):
            work.free(address)
    return image


def _filled(image: Image, x: int, y: int, seed: float, floating: float) -> Array:
    parts = channels(image)
    tops = (31, 63, 31) if image.code == formats.RGB565 else (1,) if image.code == formats.BINARY else (255,)
    from_seed = np.ones(parts[0].shape, bool)
    for part, top in zip(parts, tops, strict=True):
        from_seed &= abs(part - part[y, x]) <= int(seed * top)
    taken = np.zeros(parts[0].shape, bool)
    todo = [(x, y)]
    taken[y, x] = True
    limits = [int(floating * top) for top in tops]
    height, width = taken.shape
    while todo:
        x, y = todo.pop()
        for nx, ny in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            if not (0 <= nx < width and 0 <= ny < height) or taken[ny, nx] or not from_seed[ny, nx]:
                continue
            near = [abs(int(part[ny, nx]) - int(part[y, x])) <= top for part, top in zip(parts, limits, strict=True)]
            if all(near):
                taken[ny, nx] = True
                todo.append((nx, ny))
    return taken


def _paint(image: Image, chosen: Array, colour: int, *, cleared: bool) -> None:
    values: Array = np.array(draw_image.values_of(image))
    most = {formats.BINARY: 1, formats.RGB565: 0xFFFF}.get(image.code, 0xFF)
    values[chosen] = colour & most
    if cleared:
        values[~chosen] = 0
    image.store[: image.size] = pixels.to_bytes(values, image.code)


METHODS: Methods = {
    "find_edges": (find_edges, 2),
    "find_lbp": (find_lbp, 1),
    "find_template": (find_template, 3),
    "flood_fill": (flood_fill, 2),
}

__all__ = ["METHODS"]
