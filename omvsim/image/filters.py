"""Filters: a ring of lines of the picture as scratch memory, and the tables of some (lib/imlib/{filter,binary}.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.image import draw_image, fmath, formats, kernels, pixels
from omvsim.image.arguments import Options, mutable, numbers, os_error
from omvsim.image.drawing import mask_of
from omvsim.image.scratch import Scratch, scratch
from omvsim.later import np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.image.arguments import Method, Methods
    from omvsim.image.pixels import Array
    from omvsim.image.value import Image
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

    Reduce = Callable[[Array, int], Array]
    """Of a channel and the most that it can hold."""

LARGEST_KERNEL: Final = 31
GREYS: Final = 256
_LUMA: Final = (313, 305, 124)
"""Brightness of 5 and 6 bits, where ``morph`` takes two pixels at once (3 x 3, no mask)."""
_TABLES: Final = {
    "median": {formats.GRAYSCALE: (64,), formats.RGB565: (32, 64, 32)},
    "mode": {formats.GRAYSCALE: (256,), formats.RGB565: (32, 64, 32)},
    "bilateral": {formats.BINARY: (16,), formats.GRAYSCALE: (2048,), formats.RGB565: (256, 512)},
}
"""Tables behind the lines, by format."""


def ksize(vm: CameraMachine, value: Value) -> int:
    """``py_helper_arg_to_ksize``."""
    size = vm.int_of(value)
    if size < 0:
        os_error(vm, "KernelSize must be >= 0!")
    return size


def channels(image: Image) -> list[Array]:
    """An image's values, a channel at a time, as they are stored."""
    values: Array = draw_image.values_of(image)
    if image.code != formats.RGB565:
        return [values.astype(np.int32)]
    wide = values.astype(np.int32)
    return [wide >> 11, wide >> 5 & 63, wide & 31]


def store(image: Image, parts: Sequence[Array], mask: Image | None = None) -> None:
    """Put channels back, where a mask is set."""
    cut = [np.clip(part, 0, top) for part, top in zip(parts, tops(image), strict=True)]
    made = cut[0] << 11 | cut[1] << 5 | cut[2] if image.code == formats.RGB565 else cut[0]
    if mask is not None:
        made = np.where(mask_of(mask, image), made, draw_image.values_of(image))
    image.store[: image.size] = pixels.to_bytes(made, image.code)


def ring(work: Scratch, image: Image, size: int) -> int | None:
    """k + 1 lines of the picture."""
    return work.alloc(image.line_size * (size + 1))


def _thresholded(image: Image, made: list[Array], options: Options, *, quick: bool = False) -> list[Array]:
    """``threshold``: brighter than the filtered pixel (less ``offset``) or not; ``quick`` by 5 and 6 bits."""
    if not options.flag("threshold"):
        options.number("offset", 0)
        return made
    offset, invert = options.number("offset", 0), options.flag("invert")
    old: Array | int
    new: Array | int
    if image.code == formats.RGB565:
        old = pixels.luma(np.array(image.rows()).astype(np.uint16)).astype(np.int32)
        new = pixels.luma((made[0] << 11 | made[1] << 5 | made[2]).astype(np.uint16)).astype(np.int32)
        if quick:
            old, new = (
                sum(np.multiply(part, by) for part, by in zip(each, _LUMA, strict=True)) >> 7 & 0xFF
                for each in (channels(image), made)
            )
    else:
        old, new = channels(image)[0], made[0]
    chosen = (new - offset < old) ^ invert
    return [np.where(chosen, top, 0) for top in tops(image)]


def tops(image: Image) -> tuple[int, ...]:
    """What each channel can hold."""
    return (31, 63, 31) if image.code == formats.RGB565 else (1,) if image.code == formats.BINARY else (255,)


def filtered(  # noqa: PLR0917  # as many as the camera's own function has
    vm: CameraMachine,
    args: Sequence[Value],
    kwargs: Keywords,
    names: tuple[str, ...],
    reduce: Callable[[Options, Image, int], Reduce],
    kind: str = "",
) -> Value:
    """A filter over windows, with its lines and tables."""
    image = mutable(vm, args[0])
    size = ksize(vm, args[1])
    options = Options(vm, args, kwargs, 2, (*names, "threshold", "offset", "invert", "mask"), positional=0)
    function = reduce(options, image, size)
    mask = options.image()
    with scratch(vm) as work:
        held = []
        if kind == "midpoint":
            held.append(work.alloc(256))
        held.append(ring(work, image, size))
        for table in _TABLES.get(kind, {}).get(image.code, ()):
            held.append(work.alloc(table))
        if kind == "bilateral":
            held.append(work.alloc(4 * (2 * size + 1) ** 2))
        made = [function(part, most) for part, most in zip(channels(image), tops(image), strict=True)]
        store(image, _thresholded(image, made, options), mask)
        if work.fb is None:
            for address in reversed(held):
                work.free(address)
    return image


def mean(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``mean``."""
    return filtered(vm, args, kwargs, (), lambda _options, _image, size: lambda part, _most: kernels.mean(part, size))


def _share(options: Options, name: str) -> float:
    share = options.real(name, 0.5)
    if not 0 <= share <= 1:
        os_error(options.vm, f"Error: 0 <= {name} <= 1!")
    return share


def median(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``median``: a percentile of the window; grey pixels count by their upper six bits."""

    def reduce(options: Options, image: Image, size: int) -> Reduce:
        share = _share(options, "percentile")
        bits, coarse = image.code == formats.BINARY, 2 if image.code == formats.GRAYSCALE else 0
        return lambda part, _most: kernels.median(part, size, share, bits=bits, coarse=coarse)

    return filtered(vm, args, kwargs, ("percentile",), reduce, "median")


def mode(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``mode``: the value that is there most often."""

    def reduce(options: Options, image: Image, size: int) -> Reduce:
        bits, masked = image.code == formats.BINARY, options.obj("mask") is not None
        return lambda part, _most: kernels.mode(part, size, bits=bits, masked=masked)

    return filtered(vm, args, kwargs, (), reduce, "mode")


def midpoint(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``midpoint``: between the least and the largest."""

    def reduce(options: Options, image: Image, size: int) -> Reduce:
        bias, bits = _share(options, "bias"), image.code == formats.BINARY
        return lambda part, most: kernels.midpoint(part, size, bias, bits=bits, most=most)

    return filtered(vm, args, kwargs, ("bias",), reduce, "midpoint")


def bilateral(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``bilateral``: weights by how near and how alike."""

    def reduce(options: Options, _image: Image, size: int) -> Reduce:
        colour, space = options.real("color_sigma", 0.1), options.real("space_sigma", 1.0)
        return lambda part, most: kernels.bilateral(part, size, colour, space, most)

    return filtered(vm, args, kwargs, ("color_sigma", "space_sigma"), reduce, "bilateral")


def _kernel(vm: CameraMachine, value: Value, side: int) -> list[int]:
    """A kernel in rows or in one."""
    items = vm.sequence(value)
    if len(items) == side:
        rows = [vm.sequence(row) for row in items]
        if any(len(row) != side for row in rows):
            vm.raise_value("Unexpected kernel dimensions!")
        return [vm.int_of(each) for row in rows for each in row]
    if len(items) != side * side:
        vm.raise_value("Unexpected kernel dimensions!")
    return numbers(vm, items)


def convolved(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords, kind: str) -> Value:
    """``morph``, ``gaussian`` and ``laplacian``: one convolution."""
    image = mutable(vm, args[0])
    size = ksize(vm, args[1])
    side = 2 * size + 1
    if side > LARGEST_KERNEL:
        vm.raise_value("Kernel size too large!")
    own = {"gaussian": ("unsharp",), "laplacian": ("sharpen",)}.get(kind, ())
    offset = 3 if kind == "morph" else 2
    kernel = _kernel(vm, args[2], side) if kind == "morph" else []
    names = (*own, "mul", "add", "threshold", "offset", "invert", "mask")
    options = Options(vm, args, kwargs, offset, names, positional=0, strict=True)
    total = sum(kernel) or 1
    if kind != "morph":
        kernel, total = _pascal(size, kind, extra=options.flag("sharpen" if kind == "laplacian" else "unsharp"))
    factor, add = fmath.single(fmath.single(options.real("mul", 1.0)) / total), options.real("add", 0.0)
    mask = options.image()
    quick = size == 1 and mask is None
    with scratch(vm) as work:
        held = ring(work, image, size)
        made = [
            kernels.morph(part, size, kernel, (factor, add), most)
            for part, most in zip(channels(image), tops(image), strict=True)
        ]
        store(image, _thresholded(image, made, options, quick=quick), mask)
        if work.fb is None:
            work.free(held)
    return image


def _pascal(size: int, kind: str, *, extra: bool) -> tuple[list[int], int]:
    """A kernel of a row of Pascal's triangle by itself, and what it is divided by; its middle made so that it finds
    edges (laplacian) or, with ``extra``, sharpens.
    """
    row = [1]
    for at in range(2 * size):
        row.append(row[at] * (2 * size - at) // (at + 1))
    kernel = [a * b for a in row for b in row]
    total, middle = sum(kernel), len(kernel) // 2
    if kind == "laplacian":
        kernel = [-each for each in kernel]
        kernel[middle] += 2 * total if extra else total
        return kernel, total
    if extra:
        kernel[middle] -= 2 * total
        total = -total
    return kernel, total


def _convolution(kind: str) -> Method:
    def method(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
        return convolved(vm, args, kwargs, kind)

    return method


def morphed(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords, steps: str) -> Value:
    """``erode`` (e), ``dilate`` (d), and both in turn; hats take a copy and what differs from it."""
    image = mutable(vm, args[0])
    size = ksize(vm, args[1])
    options = Options(vm, args, kwargs, 2, ("threshold", "mask"), positional=0, strict=True)
    threshold, mask = options.number("threshold", 0), options.image()
    hat = steps.endswith("h")
    with scratch(vm) as work:
        held = [work.line(image.size)] if hat else []
        before = channels(image)
        for step in steps.removesuffix("h"):
            lines = ring(work, image, size)
            _morph(image, size, threshold, mask, dilates=step == "d")
            work.free(lines)
        if hat:
            held.append(work.line(image.line_size))
            row = work.line(image.line_size) if work.fb is not None else None
            store(image, [abs(old - new) for old, new in zip(before, channels(image), strict=True)])
            work.free(row)
        if work.fb is None:
            for address in reversed(held):
                work.free(address)
    return image


def _morph(image: Image, size: int, threshold: int, mask: Image | None, *, dilates: bool) -> None:
    values: Array = draw_image.values_of(image)
    white = {formats.BINARY: 1, formats.RGB565: 0xFFFF}.get(image.code, 0xFF)
    made = kernels.dilated(values, size, threshold, white) if dilates else kernels.eroded(values, size, threshold)
    if mask is not None:
        made = np.where(mask_of(mask, image), made, values)
    image.store[: image.size] = pixels.to_bytes(made, image.code)


def _morphology(steps: str) -> Method:
    def method(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
        return morphed(vm, args, kwargs, steps)

    return method


def histeq(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``histeq``; adaptive: pixels are left as they are."""
    image = mutable(vm, args[0])
    options = Options(vm, args, kwargs, 1, ("adaptive", "clip_limit", "mask"), positional=0)
    adaptive = options.flag("adaptive")
    options.real("clip_limit", -1.0)
    mask = options.image()
    with scratch(vm) as work:
        if adaptive:
            across, down = _tiles(image.width), _tiles(image.height)
            whole = _up(image.width, across) * _up(image.height, down)
            held = [work.alloc(whole), work.alloc(4 * GREYS * across * down)]
            vm.stand_in("image.Image.histeq", "an adaptive equalisation leaves the pixels")
        else:
            held = [work.alloc(8 if image.code == formats.BINARY else 1024)]
            _equalise(image, mask)
        if work.fb is None:
            for address in reversed(held):
                work.free(address)
    return image


def _tiles(length: int) -> int:
    """``uiMAX_REG_X >> (10 - log2)``: 32 for 1024 pixels, at least 2 (lib/imlib/clahe.c)."""
    return max(32 >> (10 - min(length.bit_length() - 1, 10)), 2)


def _up(length: int, step: int) -> int:
    return -(-length // step) * step


def _equalise(image: Image, mask: Image | None) -> None:
    """By the share of pixels that are no brighter; of colours the brightness (imlib_histeq)."""
    values: Array = draw_image.values_of(image)
    coloured = image.code == formats.RGB565
    grey = pixels.luma(values) if coloured else values
    most = 1 if image.code == formats.BINARY else 255
    counts = np.cumsum(np.bincount(grey.reshape(-1), minlength=most + 1))
    table = np.floor(np.float32(most / values.size) * counts.astype(np.float32)).astype(np.int32)
    if coloured:
        red, green, blue = pixels.split(values)
        y = red * 9770 + green * 19182 + blue * 3736 >> 15
        u = (blue << 14) - red * 5529 - green * 10855 >> 15
        v = (red << 14) - green * 13682 - blue * 2664 >> 15
        made = pixels.join_yuv(table[y & 0xFF], u, v)
    else:
        made = table[values]
    if mask is not None:
        made = np.where(mask_of(mask, image), made, values)
    image.store[: image.size] = pixels.to_bytes(made, image.code)


METHODS: Methods = {
    "bilateral": (bilateral, 2),
    "black_hat": (_morphology("deh"), 2),
    "blur": (_convolution("gaussian"), 2),
    "close": (_morphology("de"), 2),
    "dilate": (_morphology("d"), 2),
    "erode": (_morphology("e"), 2),
    "gaussian": (_convolution("gaussian"), 2),
    "gaussian_blur": (_convolution("gaussian"), 2),
    "histeq": (histeq, 1),
    "laplacian": (_convolution("laplacian"), 2),
    "mean": (mean, 2),
    "median": (median, 2),
    "midpoint": (midpoint, 2),
    "mode": (mode, 2),
    "morph": (_convolution("morph"), 3),
    "open": (_morphology("ed"), 2),
    "top_hat": (_morphology("edh"), 2),
}

__all__ = ["METHODS", "channels", "ksize", "store"]
