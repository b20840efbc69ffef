"""Filters: a ring of lines of the picture as scratch memory, and the tables of some (lib/imlib/{filter,binary}.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from omvsim.later import np
from omvsim.modules.image import draw_image, formats, pixels
from omvsim.modules.image.arguments import Options, mutable, numbers, os_error
from omvsim.modules.image.drawing import mask_of
from omvsim.modules.image.scratch import Scratch, scratch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.modules.image.value import Image
    from omvsim.runs.world import CameraMachine

    Window = Any
    Reduce = Callable[[Window], Any]

LARGEST_KERNEL: Final = 31
GREYS: Final = 256
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


def channels(image: Image) -> list[Any]:
    """An image's values, a channel at a time, as they are stored."""
    values: Any = draw_image.values_of(image)
    if image.code != formats.RGB565:
        return [values.astype(np.int32)]
    wide = values.astype(np.int32)
    return [wide >> 11, wide >> 5 & 63, wide & 31]


def store(image: Image, parts: Sequence[Any], mask: Image | None = None) -> None:
    """Put channels back, where a mask is set."""
    most = (31, 63, 31) if image.code == formats.RGB565 else (1,) if image.code == formats.BINARY else (255,)
    cut = [np.clip(part, 0, top) for part, top in zip(parts, most, strict=True)]
    made = cut[0] << 11 | cut[1] << 5 | cut[2] if image.code == formats.RGB565 else cut[0]
    if mask is not None:
        made = np.where(mask_of(mask, image), made, draw_image.values_of(image))
    image.store[: image.size] = pixels.to_bytes(made, image.code)


def windows(part: Any, size: int) -> Any:
    """The (2k+1) x (2k+1) pixels around each, the border repeated: (height, width, n)."""
    around = 2 * size + 1
    padded = np.pad(part, size, mode="edge")
    view = np.lib.stride_tricks.sliding_window_view(padded, (around, around))
    return view.reshape(*part.shape, around * around)


def swept(part: Any, size: int, combine: Any) -> Any:
    """What ``combine`` makes of the (2k+1) x (2k+1) pixels around each: of columns, then of rows of that."""
    height, width = part.shape
    padded = np.pad(part, size, mode="edge")
    down = padded[:height]
    for step in range(1, 2 * size + 1):
        down = combine(down, padded[step : step + height])
    across = down[:, :width]
    for step in range(1, 2 * size + 1):
        across = combine(across, down[:, step : step + width])
    return across


def ring(work: Scratch, image: Image, size: int) -> int | None:
    """k + 1 lines of the picture."""
    return work.alloc(image.line_size * (size + 1))


def _thresholded(image: Image, made: list[Any], options: Options) -> list[Any]:
    """``threshold``: brighter than the filtered pixel (less ``offset``) or not."""
    if not options.flag("threshold"):
        options.number("offset", 0)
        return made
    offset, invert = options.number("offset", 0), options.flag("invert")
    if image.code == formats.RGB565:
        old = pixels.luma(np.array(image.rows()).astype(np.uint16)).astype(np.int32)
        new = pixels.luma((made[0] << 11 | made[1] << 5 | made[2]).astype(np.uint16)).astype(np.int32)
    else:
        old, new = channels(image)[0], made[0]
    chosen = ((old - offset) > new) ^ invert
    tops = (31, 63, 31) if image.code == formats.RGB565 else (1,) if image.code == formats.BINARY else (255,)
    return [np.where(chosen, top, 0) for top in tops]


def filtered(  # noqa: PLR0917  # as many as the camera's own function has
    vm: CameraMachine,
    args: Sequence[Value],
    kwargs: Keywords,
    names: tuple[str, ...],
    reduce: Callable[[Options, int], Reduce],
    kind: str = "",
) -> Value:
    """A filter over windows, with its lines and tables."""
    image = mutable(vm, args[0])
    size = ksize(vm, args[1])
    options = Options(vm, args, kwargs, 2, (*names, "threshold", "offset", "invert", "mask"), positional=0)
    function = reduce(options, size)
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
        made = [function(windows(part, size)) for part in channels(image)]
        store(image, _thresholded(image, made, options), mask)
        if work.fb is None:
            for address in reversed(held):
                work.free(address)
    return image


def mean(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``mean``."""
    return filtered(
        vm, args, kwargs, (), lambda _options, _size: lambda window: window.sum(axis=-1) // window.shape[-1]
    )


_NINE: Final = (
    *((0, 3), (1, 7), (2, 5), (4, 8), (0, 7), (2, 4), (3, 8), (5, 6), (0, 2), (1, 3), (4, 5), (7, 8)),
    *((1, 4), (3, 6), (5, 7), (0, 1), (2, 4), (3, 5), (6, 8), (2, 3), (4, 5), (6, 7), (1, 2), (3, 4), (5, 6)),
)
"""Which two of nine values are compared, one pair after the other, until all are in order."""


def ranked(window: Window, place: int) -> Any:
    """The value at a place of each window's order; of nine values by comparing whole pictures, which is quick."""
    if window.shape[-1] != 9:
        return np.partition(window, place, axis=-1)[..., place]
    values = [np.ascontiguousarray(window[..., at]) for at in range(9)]
    for low, high in _NINE:
        values[low], values[high] = np.minimum(values[low], values[high]), np.maximum(values[low], values[high])
    return values[place]


def median(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``median``: a percentile of the window."""

    def reduce(options: Options, size: int) -> Reduce:
        share = options.real("percentile", 0.5)
        if not 0 <= share <= 1:
            os_error(vm, "Error: 0 <= percentile <= 1!")
        place = min(int(share * (2 * size + 1) ** 2), (2 * size + 1) ** 2 - 1)
        return lambda window: ranked(window, place)

    return filtered(vm, args, kwargs, ("percentile",), reduce, "median")


def mode(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``mode``: the value that is there most often."""

    def most(window: Window) -> Any:
        ordered = np.sort(window, axis=-1)
        times = (ordered[..., :, None] == ordered[..., None, :]).sum(axis=-1)
        return np.take_along_axis(ordered, times.argmax(axis=-1)[..., None], axis=-1)[..., 0]

    return filtered(vm, args, kwargs, (), lambda _options, _size: most, "mode")


def midpoint(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``midpoint``: between the least and the largest."""

    def reduce(options: Options, _size: int) -> Reduce:
        bias = options.real("bias", 0.5)
        if not 0 <= bias <= 1:
            os_error(vm, "Error: 0 <= bias <= 1!")
        part = int(bias * 256)
        return lambda window: (window.min(axis=-1) * (256 - part) + window.max(axis=-1) * part) >> 8

    return filtered(vm, args, kwargs, ("bias",), reduce, "midpoint")


def bilateral(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``bilateral``: weights by how near and how alike."""

    def reduce(options: Options, size: int) -> Reduce:
        colour, space = options.real("color_sigma", 0.1), options.real("space_sigma", 1.0)
        reach = np.arange(-size, size + 1)
        near = np.exp(-(reach[:, None] ** 2 + reach[None, :] ** 2) / (2 * space * space or 1)).reshape(-1)

        def weigh(window: Window) -> Any:
            middle = window[..., window.shape[-1] // 2, None]
            top = max(1, int(window.max()))
            alike = np.exp(-(((window - middle) / top / (colour or 1)) ** 2) / 2)
            weight = near * alike
            return (window * weight).sum(axis=-1) // weight.sum(axis=-1)

        return lambda window: weigh(window).astype(np.int32)

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
    if kind != "morph":
        kernel = _pascal(
            size, sharp=options.flag("sharpen" if kind == "laplacian" else "unsharp"), edges=kind != "gaussian"
        )
    total = sum(kernel) or 1
    scale, add = options.real("mul", 1.0) / total, options.real("add", 0.0)
    mask = options.image()
    weights = np.array(kernel, np.int64)
    with scratch(vm) as work:
        held = ring(work, image, size)
        made = [((windows(part, size) @ weights) * scale + add).astype(np.int64) for part in channels(image)]
        store(image, _thresholded(image, made, options), mask)
        if work.fb is None:
            work.free(held)
    return image


def _pascal(size: int, *, sharp: bool, edges: bool) -> list[int]:
    """A kernel of a row of Pascal's triangle by itself; its middle made so that it sharpens or finds edges."""
    row = [1]
    for at in range(2 * size):
        row.append(row[at] * (2 * size - at) // (at + 1))
    kernel = [a * b for a in row for b in row]
    middle = len(kernel) // 2
    if edges:
        kernel = [-each for each in kernel]
        kernel[middle] += -sum(kernel)
        if sharp:
            kernel[middle] += 1 if size == 0 else -sum(kernel) + 1
    elif sharp:
        total = sum(kernel)
        kernel = [-each for each in kernel]
        kernel[middle] += 2 * total
    return kernel


def _convolution(kind: str) -> Any:
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
            store(image, [_morph(part, size, threshold, dilates=step == "d") for part in channels(image)], mask)
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


def _morph(part: Any, size: int, threshold: int, *, dilates: bool) -> Any:
    """A pixel that is dark (set) among at most (more than) so many others of its kind changes."""
    is_set = part > 0
    set_around = swept(is_set.astype(np.uint16), size, np.add) - is_set
    if dilates:
        return np.where(~is_set & (set_around > threshold), swept(part, size, np.maximum), part)
    fewest = (2 * size + 1) ** 2 - 1 - threshold
    return np.where(is_set & (set_around < fewest), swept(part, size, np.minimum), part)


def _morphology(steps: str) -> Any:
    def method(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
        return morphed(vm, args, kwargs, steps)

    return method


def histeq(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``histeq``; adaptive: pixels are left as they are."""
    image = mutable(vm, args[0])
    options = Options(vm, args, kwargs, 1, ("adaptive", "clip_limit", "mask"), positional=0)
    adaptive = options.flag("adaptive")
    options.real("clip_limit", -1.0)
    options.image()
    with scratch(vm) as work:
        if adaptive:
            across, down = _tiles(image.width), _tiles(image.height)
            whole = _up(image.width, across) * _up(image.height, down)
            held = [work.alloc(whole), work.alloc(4 * GREYS * across * down)]
            vm.stand_in("image.Image.histeq", "an adaptive equalisation leaves the pixels")
        else:
            held = [work.alloc(8 if image.code == formats.BINARY else 1024)]
            _equalise(image)
        if work.fb is None:
            for address in reversed(held):
                work.free(address)
    return image


def _tiles(length: int) -> int:
    """``uiMAX_REG_X >> (10 - log2)``: 32 for 1024 pixels, at least 2 (lib/imlib/clahe.c)."""
    return max(32 >> (10 - min(length.bit_length() - 1, 10)), 2)


def _up(length: int, step: int) -> int:
    return -(-length // step) * step


def _equalise(image: Image) -> None:
    """By the share of darker pixels."""
    if image.code == formats.RGB565:
        values = np.array(image.rows()).astype(np.uint16)
        y = pixels.luma(values)
        table = np.cumsum(np.bincount(y.reshape(-1), minlength=256)) * 255 // y.size
        wanted = table[y]
        ratio = wanted / np.maximum(y, 1)
        parts = [np.clip(part * ratio, 0, 255).astype(np.int32) for part in pixels.split(values)]
        image.rows()[:] = pixels.join(parts[0], parts[1], parts[2])
    elif image.code == formats.GRAYSCALE:
        values = np.array(image.rows())
        table = np.cumsum(np.bincount(values.reshape(-1), minlength=256)) * 255 // values.size
        image.rows()[:] = table[values]


METHODS: dict[str, tuple[Any, int]] = {
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
