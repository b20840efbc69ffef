"""``draw_predictions``, ``draw_keypoints`` and ``draw_skeleton`` of ``ml/utils.py``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from omvsim.library.functions import Code, rom_tuple
from omvsim.library.steps import Steps
from omvsim.micropython.values import BinaryOp, Sentinel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.boards import Package
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

WHITE: Final = rom_tuple(255, 255, 255)
RED: Final = rom_tuple(255, 0, 0)
GREEN: Final = rom_tuple(0, 255, 0)


class Brush:
    """Draws on one picture as a release's package calls it: coordinates apart, or in a tuple (5.0.0)."""

    def __init__(self, steps: Steps, picture: Value, *, tuples: bool) -> None:
        self.steps = steps
        self.picture = picture
        self.tuples = tuples

    def draw(self, name: str, place: Sequence[Value], *rest: Value, **named: Value) -> None:
        """``picture.name(place, …)``."""
        at = (self.steps.vm.new_tuple(place),) if self.tuples else tuple(place)
        self.steps.call(self.picture, name, *at, *rest, **named)


def _draw_predictions(package: Package, vm: Machine, values: Sequence[Value]) -> Value:
    """A rectangle, a filled one above it for the label, the label in capitals."""
    given = list(values)
    scores = given.pop(4) if package.draws_with_tuples else None
    picture, boxes, labels, colours, format_, font_width, font_height, text_colour = given
    steps = Steps(vm)
    brush = Brush(steps, picture, tuples=package.draws_with_tuples)
    image_width, image_height = steps.call(picture, "width"), steps.call(picture, "height")
    font: list[Value] = [font_width, font_height]
    options: dict[str, Value] = {}
    thickness: dict[str, Value] = {}
    if package.draws_with_tuples:
        scale = steps.builtin("min", 4, steps.builtin("max", 1, steps.floordiv(image_width, 320)))
        thickness["thickness"] = steps.builtin("min", 3, steps.builtin("max", 1, steps.floordiv(image_width, 480)))
        font = [steps.mul(side, scale) for side in font]
        options["scale"] = scale
    numbered = vm.iterate(steps.builtin("enumerate", boxes), on_stack=True)
    while True:
        pair = vm.next(numbered)
        if isinstance(pair, Sentinel):
            break
        at, box = vm.unpack(pair, 2)
        sides = vm.unpack(box, 4)
        label, colour = steps.item(labels, at), steps.item(colours, at)
        if scores is not None:
            text = vm.new_tuple((label, steps.item(scores, at)))
            label = vm.binary(BinaryOp.MODULO, "%s %.2f", text)
            del text
        if vm.equal(format_, "pascal_voc"):
            sides = _in_pixels(steps, sides, image_width, image_height)
        if package.draws_with_tuples and vm.equal(format_, "point"):
            _draw_point(brush, sides, label, colour, (image_width, *font), text_colour, {**thickness}, options)
            continue
        brush.draw("draw_rectangle", sides, color=colour, **thickness)
        top = steps.sub(sides[1], font[1])
        wide = steps.mul(vm.length(label), font[0])
        brush.draw("draw_rectangle", (sides[0], top, wide, font[1]), fill=True, color=colour)
        _write(brush, (sides[0], top), label, text_colour, options)
        del pair, box, sides, label
    return None


def _write(brush: Brush, place: Sequence[Value], label: Value, colour: Value, options: dict[str, Value]) -> None:
    steps = brush.steps
    at: tuple[Value, ...] = (steps.vm.new_tuple(place),) if brush.tuples else tuple(place)
    steps.call(brush.picture, "draw_string", *at, steps.call(label, "upper"), colour, **options)


def _in_pixels(steps: Steps, sides: Sequence[Value], width: Value, height: Value) -> list[Value]:
    """Shares of the picture to left, top, width and height in pixels."""
    left = steps.builtin("int", steps.mul(sides[0], width))
    top = steps.builtin("int", steps.mul(sides[1], height))
    wide = steps.sub(steps.builtin("int", steps.mul(sides[2], width)), left)
    high = steps.sub(steps.builtin("int", steps.mul(sides[3], height)), top)
    return [left, top, wide, high]


def _draw_point(  # noqa: PLR0917 -- the parts of one marker
    brush: Brush,
    sides: Sequence[Value],
    label: Value,
    colour: Value,
    measures: Sequence[Value],
    text_colour: Value,
    thickness: dict[str, Value],
    options: dict[str, Value],
) -> None:
    """A filled circle in the box's middle, the label above it."""
    steps = brush.steps
    image_width, font_width, font_height = measures
    middle = [steps.add(sides[side], steps.floordiv(sides[2 + side], 2)) for side in (0, 1)]
    radius = steps.builtin("min", 16, steps.builtin("max", 4, steps.floordiv(image_width, 60)))
    brush.draw("draw_circle", (*middle, radius), color=colour, **thickness, fill=True)
    top = steps.builtin("max", 0, steps.sub(steps.sub(middle[1], radius), font_height))
    wide = steps.mul(steps.vm.length(label), font_width)
    brush.draw("draw_rectangle", (middle[0], top, wide, font_height), fill=True, color=colour)
    _write(brush, (middle[0], top), label, text_colour, options)


def _draw_keypoints(package: Package, vm: Machine, values: Sequence[Value]) -> Value:
    """A circle a keypoint, or a pixel where the radius is 0."""
    picture, points, radius, colour, thickness, fill = values
    steps = Steps(vm)
    brush = Brush(steps, picture, tuples=package.draws_with_tuples)
    size = vm.int_of(radius)
    for point in vm.items(points) if size >= 0 else ():
        x = steps.builtin("int", steps.item(point, 0))
        y = steps.builtin("int", steps.item(point, 1))
        if size:
            brush.draw("draw_circle", (x, y, radius), color=colour, thickness=thickness, fill=fill)
        else:
            brush.draw("set_pixel", (x, y), colour)
    return None


def _draw_skeleton(package: Package, vm: Machine, values: Sequence[Value]) -> Value:
    """The keypoints, then a line for each pair of their numbers."""
    picture, points, lines, radius, colour, thickness, fill, line_colour, line_thickness = values
    steps = Steps(vm)
    brush = Brush(steps, picture, tuples=package.draws_with_tuples)
    names = vm.globals.map.found  # type: ignore[attr-defined]  # a dict
    options = (("radius", radius), ("color", colour), ("thickness", thickness), ("fill", fill))
    vm.call(names["draw_keypoints"].value, (picture, points), options)
    for line in vm.items(lines):
        ends: list[Value] = [
            steps.builtin("int", steps.item(steps.item(points, steps.item(line, end)), side))
            for end in (0, 1)
            for side in (0, 1)
        ]
        brush.draw("draw_line", ends, color=line_colour, thickness=line_thickness)
    return None


def drawing_codes(package: Package) -> tuple[Code, ...]:
    """The functions of a release, in order."""
    host: Any = partial(_draw_predictions, package)
    scores = ("scores ", (None,)) if package.draws_with_tuples else ("", ())
    first = Code(
        "draw_predictions",
        f"image boxes labels colors {scores[0]}format font_width font_height text_color",
        host,
        package.draw_predictions_state,
        (*scores[1], "pascal_voc", 8, 10, WHITE),
    )
    if not package.has_detectors:
        return (first,)
    points = Code(
        "draw_keypoints",
        "image keypoints radius color thickness fill",
        partial(_draw_keypoints, package),
        package.draw_keypoints_state,
        (4, RED, 1, False),
    )
    skeleton = Code(
        "draw_skeleton",
        "image keypoints lines kp_radius kp_color kp_thickness kp_fill line_color line_thickness",
        partial(_draw_skeleton, package),
        package.draw_skeleton_state,
        (4, RED, 1, False, GREEN, 1),
    )
    return first, points, skeleton


__all__ = ["drawing_codes"]
