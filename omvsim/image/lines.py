"""``find_lines`` and ``find_circles``: their scratch memory, nodes and results (lib/imlib/hough.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from omvsim.heap import UmaFlag
from omvsim.image import hough
from omvsim.image.arguments import Options, mutable, os_error
from omvsim.image.finders import NODES, done, kept, new_circle, values_in_grey
from omvsim.image.regression import Line, new_line
from omvsim.image.scratch import scratch
from omvsim.micropython.types import list_

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.image.arguments import Methods
    from omvsim.memory.requests import Block
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

    Roi = tuple[int, int, int, int]

_CIRCLES: Final = (
    *("roi", "x_stride", "y_stride", "threshold", "x_margin", "y_margin", "r_margin", "r_min", "r_max", "r_step"),
)


def _nodes(vm: CameraMachine, kind: str) -> hough.Nodes:
    return hough.Nodes(lambda: vm.memory.block(NODES[kind]), vm.memory.free)


def _listed(vm: CameraMachine, kind: str, found: Sequence[tuple[Any, Any]]) -> Value:
    """The list of results; each node is given back before its result is made."""
    made = list_.new_list(vm, [None] * len(found))
    for number, (values, node) in enumerate(found):
        vm.memory.free(node)
        made.items[number] = new_line(vm, values) if kind == "line" else new_circle(vm, values)
    return made


def find_lines(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``find_lines``: an accumulator of angles and distances, coarser where there is less memory."""
    image = mutable(vm, args[0])
    names = ("roi", "x_stride", "y_stride", "threshold", "theta_margin", "rho_margin")
    options = Options(vm, args, kwargs, 1, names, positional=0)
    area = options.roi(image)
    strides = _strides(vm, options)
    threshold, *margins = (options.number(name, usual) for name, usual in zip(names[3:], (1000, 25, 25), strict=True))
    with scratch(vm) as work:
        for shape in hough.line_tables(area):
            if shape.size <= work.avail():
                break
        held = work.alloc(shape.size)
        found: list[hough.Found] = []
        if vm.world.finds is None:
            pixels_ = hough.gradients(values_in_grey(image, (0, 0, image.width, image.height)), area, *strides)
            found = hough.line_candidates(pixels_, area, shape, threshold)
        done(work, [held])
    if vm.world.finds is not None:
        return kept(vm, "find_lines", "line")
    nodes = _nodes(vm, "line")
    merged = hough.merged(found, hough.join_lines(*margins), nodes)
    return _listed(vm, "line", list(_lines(merged, area, nodes)))


def _lines(merged: Sequence[tuple[hough.Found, Block]], area: Roi, nodes: hough.Nodes) -> Iterator[tuple[Line, Block]]:
    """Lines with their ends in the picture, and their nodes."""
    x, y, width, height = area
    for (place, magnitude), node in merged:
        nodes.free(node)
        theta, rho = place
        ends = hough.ends_of(theta, rho, width, height)
        if ends is None:
            continue
        x1, y1, x2, y2 = ends
        line = Line((x1 + x, y1 + y, x2 + x, y2 + y), magnitude, theta, hough.moved_rho(theta, rho, x, y))
        yield line, nodes.new()


def find_circles(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``find_circles``: directions and strengths, then an accumulator a radius."""
    image = mutable(vm, args[0])
    options = Options(vm, args, kwargs, 1, _CIRCLES, positional=0)
    area = options.roi(image)
    strides = _strides(vm, options)
    threshold, margins = options.number("threshold", 2000), [options.number(name, 10) for name in _CIRCLES[4:7]]
    least = max(options.number("r_min", 2), 2)
    half = min(area[2] // 2, area[3] // 2)
    most = min(options.number("r_max", half), half)
    step = max(1, options.number("r_step", 2))
    found: list[hough.Found] = []
    nodes = _nodes(vm, "circle")
    looks = vm.world.finds is None
    with scratch(vm) as work:
        held = [work.alloc(2 * area[2] * area[3], 0, UmaFlag.FAST) for _ in range(2)]
        pixels = hough.gradients(values_in_grey(image, (0, 0, image.width, image.height)), area, *strides)
        steep = hough.steep(pixels, area) if looks else None
        for radius in range(least, most, step):
            for shape in hough.circle_tables(area, radius):
                if shape.size <= work.avail():
                    break
            inner = [work.alloc(shape.size), work.alloc(720, 0, UmaFlag.DTCM), work.alloc(720, 0, UmaFlag.DTCM)]
            if steep is not None:
                found += hough.circle_candidates(steep, area, radius, shape, threshold)
            for address in reversed(inner):
                work.free(address)
        done(work, held)
    if not looks:
        return kept(vm, "find_circles", "circle")
    return _listed(vm, "circle", hough.merged(found, hough.join_circles(margins), nodes))


def _strides(vm: CameraMachine, options: Options) -> tuple[int, int]:
    strides = options.number("x_stride", 2), options.number("y_stride", 1)
    for name, stride in zip(("x_stride", "y_stride"), strides, strict=True):
        if stride <= 0:
            os_error(vm, f"{name} must not be zero.")
    return strides


METHODS: Methods = {"find_circles": (find_circles, 1), "find_lines": (find_lines, 1)}

__all__ = ["METHODS"]
