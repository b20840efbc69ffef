"""What looks for shapes and codes: its scratch memory; results only as many as the run is told (``--finds``).

Sources: lib/imlib/{hough,lsd,apriltag,dmtx,zbar,qrcode}.c at v4.8.1. Without ``--finds`` nothing is found, and the
report says so; on the camera each thing found costs the chunks that are charged here for a forced one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from omvsim.heap import UmaFlag
from omvsim.image import draw_image, formats, hough, pixels, tag_search
from omvsim.image.arguments import Options, os_error, tuples_only, uncompressed
from omvsim.image.quirc import sees_a_finder
from omvsim.image.regression import LINE
from omvsim.image.scratch import Scratch, scratch
from omvsim.image.statistics import Record, record
from omvsim.later import np
from omvsim.micropython.errors import Error, Unknown
from omvsim.micropython.types import list_
from omvsim.micropython.types.namedtuple_ import new_attrtuple
from omvsim.micropython.types.tuple_ import new_tuple
from omvsim.world.camera_names import has_tag_family, table
from omvsim.world.unknown import NOTHING_FOUND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.image.arguments import Method, Methods
    from omvsim.image.pixels import Array
    from omvsim.image.value import Image
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

    Roi = tuple[int, int, int, int]

NO_CIRCLE: Final = hough.Found((0, 0, 0), 0)
MOST_TAG_PIXELS: Final = 65536
QUIRC: Final = 7516
"""``sizeof(struct quirc)``."""
FAMILY_POINTER: Final = 4
TILE: Final = 4
NODES: Final = {"line": 24, "circle": 16, "rect": 36, "apriltag": 76}
"""Bytes of a node of each kind's list, its links included."""
TUPLES: Final = {
    "line": LINE,
    "circle": ("x", "y", "r", "magnitude"),
    "rect": ("x", "y", "w", "h", "magnitude", "corners"),
    "apriltag": (
        *("x", "y", "w", "h", "cx", "cy", "id", "family", "name", "cxf", "cyf", "rotation", "decision_margin"),
        *("hamming", "goodness", "x_translation", "y_translation", "z_translation", "x_rotation", "y_rotation"),
        *("z_rotation", "corners", "area", "rect"),
    ),
}
"""Fields of results in 5.0.0."""
TAG_INTS: Final = ("x", "y", "w", "h", "id", "family", "cx", "cy", "hamming")
TAG_FLOATS: Final = (
    *("rotation", "decision_margin", "goodness", "x_translation", "y_translation", "z_translation"),
    *("x_rotation", "y_rotation", "z_rotation"),
)
TAG_WORDS: Final = 20
NO_MEMORY: Final = "Out of fast frame buffer stack memory"
SEGMENT_BYTES: Final = 17
"""LSD's arrays for a pixel: angle and gradient (2 each), list (8), whether it is used (1), region (4)."""
SEGMENT_BINS: Final = 2 * 4 * 1024
UMM_BLOCK: Final = 260
ANCHOR_AREA, LEAST_ANCHORS = 16, 256
BARCODE_OBJECTS: Final = (192, 420, 32, 32, 48, 16)
"""zbar's scanner, decoder with its buffer and segments, line scanner, and set of symbols (5.0.0)."""
MATRIX_OBJECTS: Final = (72, 116)
"""libdmtx's image and decoder (5.0.0); ``HOUGH`` beside an edge that is looked at."""
HOUGH: Final = (2160, 180)


def kept(vm: CameraMachine, method: str, kind: str) -> Value:
    """The list of results: empty, or as many as the run is told."""
    count = vm.world.finds
    if count is None:
        vm.stand_in(f"image.Image.{method}", NOTHING_FOUND)
        count = 0
    if count and (kind not in NODES or (tuples_only(vm) and kind not in TUPLES)):
        raise Unknown(f"image.Image.{method}", "what a result costs is not modelled")
    nodes = [vm.memory.block(NODES[kind]) for _ in range(count)]
    made = list_.new_list(vm, [None] * count)
    for number in range(count):
        vm.memory.free(nodes[number])
        made.items[number] = _result(vm, kind)
    return made


def _result(vm: CameraMachine, kind: str) -> Value:
    """A result whose numbers are zeros."""
    if tuples_only(vm):
        values: dict[str, Value] = dict.fromkeys(TUPLES[kind], 0)
        if "corners" in values:
            values["corners"] = _corners(vm)
        if kind == "apriltag":
            values |= {"name": None} | {name: vm.new_float(0.0) for name in ("cxf", "cyf", *TAG_FLOATS)}
            values["rect"] = new_tuple(vm, (0, 0, 0, 0))
        return new_attrtuple(vm, TUPLES[kind], list(values.values()))
    return _RECORDS[kind](vm)


def _corners(vm: CameraMachine) -> Value:
    return new_tuple(vm, [new_tuple(vm, (0, 0)) for _ in range(4)])


def _new_rect(vm: CameraMachine) -> Value:
    values: dict[str, Value] = dict.fromkeys(("x", "y", "w", "h", "magnitude"), 0)
    found = record(vm, "rect", 7, values, ())
    values["corners"] = _corners(vm)
    return _filled(found, values, "rect")


def new_circle(vm: CameraMachine, found: hough.Found = NO_CIRCLE) -> Value:
    """``py_circle_obj``, in 5.0.0 an attrtuple."""
    x, y, r = found.place
    if tuples_only(vm):
        return new_attrtuple(vm, TUPLES["circle"], [*found.place, found.magnitude])
    values: dict[str, Value] = {"x": x, "y": y, "r": r, "magnitude": found.magnitude}
    made = record(vm, "circle", 5, values, ())
    made.text = "{" + ", ".join(f'"{name}":{value}' for name, value in values.items()) + "}"
    made.indexed = list(values.values())
    circle: Any = lambda vm: new_tuple(vm, found.place)  # noqa: E731  # made when asked for
    made.values = {**values, "circle": circle}
    return made


def _new_line(vm: CameraMachine) -> Value:
    values: dict[str, Value] = dict.fromkeys(LINE, 0)
    return _filled(record(vm, "line", 9, values, ()), values, "line")


def _new_tag(vm: CameraMachine) -> Value:
    values: dict[str, Value] = dict.fromkeys(TAG_INTS, 0)
    found = record(vm, "apriltag", TAG_WORDS, values, ())
    values["corners"] = _corners(vm)
    values |= {name: vm.new_float(0.0) for name in TAG_FLOATS}
    values |= {"cxf": 0, "cyf": 0, "area": 0, "name": None}
    return _filled(found, values, "rect")


def _filled(found: Record, values: dict[str, Value], shape: str) -> Value:
    """``shape``: the tuple of coordinates that is made when it is asked for."""
    made: Any = lambda vm: new_tuple(vm, (0, 0, 0, 0))  # noqa: E731  # one a result
    found.indexed = list(values.values())[:8]
    found.values = {**values, shape: made}
    return found


_RECORDS: Final = {"rect": _new_rect, "circle": new_circle, "line": _new_line, "apriltag": _new_tag}


def _grey(work: Scratch, image: Image, area: Roi) -> int | None:
    """A copy of the region in grey, drawn line by line."""
    address = work.alloc(area[2] * area[3], 0, UmaFlag.CACHE)
    if work.fb is not None or image.code != formats.GRAYSCALE or area[0]:
        work.free(work.line(formats.line_size(area[2], image.code)))
    return address


def done(work: Scratch, held: list[int | None]) -> None:
    """Give back what 5.0.0 gives back itself."""
    if work.fb is None:
        for address in reversed(held):
            work.free(address)


def _umm_finder(method: str, kind: str, names: tuple[str, ...], *, copies_grey: bool) -> Method:
    """Codes and segments: a grey copy, then a heap of their own in what is left."""

    def find(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
        image = uncompressed(vm, args[0])
        options = Options(vm, args, kwargs, 1, names, positional=0)
        area = options.roi(image)
        for name in names[1:]:
            options.number(name, 0)
        with scratch(vm) as work:
            copy = _grey(work, image, area) if copies_grey or image.code != formats.GRAYSCALE else None
            if work.fb is None:
                _POOLS[method](work, area)
                work.free(copy)
            else:
                heap = work.umm_size()
                work.umm()
                if method == "find_line_segments" and _segments_need(area) > heap:
                    vm.error(Error.MEMORY, NO_MEMORY)
        return kept(vm, method, kind)

    return find


def _segments_need(area: Roi) -> int:
    """What LSD holds of its own heap, in whole blocks."""
    count = area[2] * area[3]
    first = (2 * count, 2 * count, 8 * count)
    parts = max((*first, SEGMENT_BINS // 2, SEGMENT_BINS // 2), (*first, count, 4 * count), key=sum)
    return sum(-(-(part + 4) // UMM_BLOCK) * UMM_BLOCK for part in parts)


def _taken(work: Scratch, requests: Sequence[tuple[int, int]]) -> None:
    """Held together, given back the other way round."""
    for address in reversed([work.alloc(size, 0, flags) for size, flags in requests]):
        work.free(address)


def _edges(work: Scratch, area: Roi) -> None:
    """Edge drawing (edl.c): lines of sums, then gradients, anchors on a grid of 4 x 4 pixels, and a chain."""
    width, height = area[2:]
    work.free(work.alloc(4 * width, 0, UmaFlag.DTCM))
    count, fast = width * height, UmaFlag.FAST
    chain = 4 * (width + height)
    anchors = 4 * max(count // ANCHOR_AREA, LEAST_ANCHORS)
    tables = [(2 * count, fast), (count, fast), (anchors, UmaFlag.DTCM), (chain, UmaFlag.DTCM)]
    _taken(work, tables)


def _matrices(work: Scratch, area: Roi) -> None:
    _taken(work, [(size, 0) for size in (*MATRIX_OBJECTS, area[2] * area[3], *HOUGH)])


def _barcodes(work: Scratch, _area: Roi) -> None:
    _taken(work, [(size, 0) for size in BARCODE_OBJECTS])


_POOLS: Final = {"find_line_segments": _edges, "find_datamatrices": _matrices, "find_barcodes": _barcodes}
"""What 5.0.0 asks of the pools instead of a heap of its own."""


def _tags(work: Scratch, image: Image, area: Roi, arrays: int) -> None:
    """The quad detector: heap, picture, threshold image, its tiles, the union-find."""
    count = area[2] * area[3]
    work.umm(kept=count * arrays, step=count)
    _grey(work, image, area)
    work.alloc(16)
    work.alloc(count)
    tiles = [work.alloc((area[2] // TILE) * (area[3] // TILE)) for _ in range(4)]
    for address in reversed(tiles):
        work.free(address)
    work.alloc(4)
    work.alloc(4 * (count + 1))
    work.free(work.all(1)[0])


def find_rects(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``find_rects``."""
    image = uncompressed(vm, args[0])
    options = Options(vm, args, kwargs, 1, ("roi", "threshold"), positional=0)
    area = options.roi(image)
    options.number("threshold", 1000)
    with scratch(vm) as work:
        if work.fb is None:
            held = tag_search.prepare(work, ())
            held.take(2 * FAMILY_POINTER * 4)
            copy = _grey(work, image, area)
            tag_search.search(work, held, values_in_grey(image, area))
            length = 4 * 2 * round(math.hypot(area[2], area[3]))
            _taken(work, [(length, UmaFlag.DTCM)] * 3)
            tag_search.release(held)
            work.free(copy)
        else:
            _tags(work, image, area, 6)
    return kept(vm, "find_rects", "rect")


def find_apriltags(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``find_apriltags``."""
    image = uncompressed(vm, args[0])
    options = Options(vm, args, kwargs, 1, ("roi", "families", "fx", "fy", "cx", "cy"), positional=0)
    area = options.roi(image)
    numbers = table("image", vm.release.base)
    wanted = options.number("families", int(numbers["TAG36H11"]))
    for name in ("fx", "fy", "cx", "cy"):
        options.real(name, 0.0)
    if not (vm.release.large_tags and not vm.port.small_tags) and area[2] * area[3] >= MOST_TAG_PIXELS:
        os_error(vm, "The maximum supported resolution for find_apriltags() is < 64K pixels.")
    if min(area[2:]) < TILE:
        return vm.new_list(())
    with scratch(vm) as work:
        if work.fb is None:
            families = [
                each
                for name, each in tag_search.FAMILIES.items()
                if wanted & int(numbers[name]) and has_tag_family(vm.port, name)
            ]
            held = tag_search.prepare(work, families)
            copy = _grey(work, image, area)
            if families:
                tag_search.search(work, held, values_in_grey(image, area))
            tag_search.release(held)
            work.free(copy)
        else:
            _tags(work, image, area, 5)
    return kept(vm, "find_apriltags", "apriltag")


def find_qrcodes(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``find_qrcodes``."""
    image = uncompressed(vm, args[0])
    area = Options(vm, args, kwargs, 1, ("roi",), positional=0).roi(image)
    with scratch(vm) as work:
        held = [work.alloc(QUIRC)]
        held.append(_grey(work, image, area))
        if work.fb is not None and sees_a_finder(values_in_grey(image, area)):
            work.free(work.all()[0])  # a flood fill of the region
        done(work, held)
    return kept(vm, "find_qrcodes", "qrcode")


def values_in_grey(image: Image, area: Roi) -> Array:
    """A region's brightness."""
    x, y, width, height = area
    values: Array = draw_image.values_of(image)
    if image.code == formats.BINARY:
        grey = values * np.uint8(255)
    else:
        grey = pixels.converted(values, image.code, image.width, formats.GRAYSCALE)
    return grey[y : y + height, x : x + width]


def _method(find: Method) -> tuple[Method, int]:
    return find, 1


METHODS: Methods = {
    "find_apriltags": _method(find_apriltags),
    "find_barcodes": _method(_umm_finder("find_barcodes", "barcode", ("roi",), copies_grey=False)),
    "find_datamatrices": _method(_umm_finder("find_datamatrices", "datamatrix", ("roi", "effort"), copies_grey=False)),
    "find_line_segments": _method(
        _umm_finder("find_line_segments", "line", ("roi", "merge_distance", "max_theta_diff"), copies_grey=True)
    ),
    "find_qrcodes": _method(find_qrcodes),
    "find_rects": _method(find_rects),
}

__all__ = ["METHODS", "NODES", "done", "kept", "new_circle", "values_in_grey"]
