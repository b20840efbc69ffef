"""What the post-processing classes share: their settings, candidates, the hand-over to suppression, forced results."""

from __future__ import annotations

from functools import partial
from math import ceil, sqrt
from typing import TYPE_CHECKING, Final

from omvsim.later import np
from omvsim.library.functions import Code, rom_float, rom_tuple
from omvsim.micropython.types.tuple_ import EMPTY
from omvsim.ulab.ndarray import NdArray
from omvsim.world.world import ZEROS, Boxes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.library.functions import Host
    from omvsim.library.steps import Steps
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

NOTHING: Final = EMPTY
"""What a class returns where nothing is over its threshold: a constant."""
SETTINGS: Final = ("threshold", "nms_threshold", "nms_sigma")
TENTH: Final = rom_float(0.1)
FORCED_SCORE: Final = rom_float(0.9)


def _store(names: Sequence[str], vm: Machine, values: Sequence[Value]) -> Value:
    self, *settings = values
    for name, value in zip(names, settings, strict=True):
        vm.set_attr(self, name, value)
    return None


def init_code(threshold: float, *more: tuple[str, Value], sigma: float = 0.1) -> Code:
    """``__init__`` that stores its arguments: threshold, ``more``, and those of suppression."""
    names = ("threshold", *(name for name, _ in more), "nms_threshold", "nms_sigma")
    defaults = (rom_float(threshold), *(value for _, value in more), TENTH, rom_float(sigma))
    return Code("__init__", f"self {' '.join(names)}", partial(_store, names), defaults=defaults)


def call_code(host: Callable[[Machine, Value, Value, Value, Value], Value], state: int) -> Code:
    """``__call__(self, model, inputs, outputs)``; how many boxes it gives is written down."""

    def call(vm: Machine, values: Sequence[Value]) -> Value:
        self, model, inputs, outputs = values
        world = getattr(vm, "world", None)
        before = 0 if world is None else world.suggested
        result = host(vm, self, model, inputs, outputs)
        if world is not None:
            world.boxes.append(Boxes(world.suggested - before, _left(vm, result)))
            if world.finds is None and ZEROS in world.notes:
                world.note(ZEROS, memory=True)
        return result

    made: Host = call
    return Code("__call__", "self model inputs outputs", made, state)


def _left(vm: Machine, result: Value) -> int:
    """Results, in one list or a list a class."""
    items = vm.sequence(result)
    lists = [item for item in items if getattr(item, "type_name", "") == "list"]
    return sum(len(vm.sequence(each)) for each in lists) if lists else len(items)


def new_nms(steps: Steps, width: Value, height: Value, inputs: Value) -> Value:
    """``NMS(w, h, inputs[0].roi)``."""
    return steps.named("NMS", width, height, steps.attr(steps.item(inputs, 0), "roi"))


def boxes_of(steps: Steps, self: Value, nms: Value) -> Value:
    """``nms.get_bounding_boxes(…)`` with the object's settings."""
    threshold, sigma = steps.attr(self, "nms_threshold"), steps.attr(self, "nms_sigma")
    return steps.call(nms, "get_bounding_boxes", threshold=threshold, sigma=sigma)


# -- forced results ----------------------------------------------------------------------------------------------------


def forced(vm: Machine) -> int | None:
    """How many boxes every detector gives, whatever it sees; None: what it sees."""
    world = getattr(vm, "world", None)
    return None if world is None else world.finds


def force_scores(vm: Machine, scores: Value, limit: Value, axis: int | None = None, most: int | None = None) -> None:
    """Let as many candidates be over the threshold as are forced: their scores are written into the model's output.

    Args:
        scores: a view on the output: one a candidate, or (with ``axis`` the classes') one a class.
        limit: the threshold in the output's units.
        most: not more than these.
    """
    count = forced(vm) if most is None else most
    if count is None or not isinstance(scores, NdArray):
        return
    values = scores.values
    if axis is not None:
        values = values[:, :].T if axis == 1 else values
    if values.dtype.kind == "f":
        edge = vm.float_of(limit)
        low, high = edge - 1, edge + 1
    else:
        kind = np.iinfo(str(values.dtype))
        low, high = kind.min, kind.max
    values[...] = low
    best = values if axis is None else values[0]
    best[: min(count, len(best))] = high


def forced_box(number: int, count: int, width: int, height: int) -> list[Value]:
    """Corners and score of one of ``count`` boxes that do not touch, in the model's window."""
    columns = max(1, ceil(sqrt(count)))
    wide, high = max(1, width // columns), max(1, height // columns)
    left, top = number % columns * wide, number // columns * high
    return [*(rom_float(float(side)) for side in (left, top, left + wide, top + high)), FORCED_SCORE]


def add_box(steps: Steps, nms: Value, number: int, box: Sequence[Value], label: Value, **named: Value) -> None:
    """``nms.add_bounding_box(…)`` of corners and score; what is forced stands in for them."""
    world = getattr(steps.vm, "world", None)
    if world is not None:
        world.suggested += 1
    count = forced(steps.vm)
    if count is not None:
        width, height = (steps.whole(steps.attr(nms, side)) for side in ("window_w", "window_h"))
        box = forced_box(number, count, width, height)
    steps.call(nms, "add_bounding_box", *box, label, **named)


def add_corners(  # noqa: PLR0917 -- the columns of one table
    steps: Steps, nms: Value, count: int, corners: Sequence[Value], scores: Value, labels: Value
) -> None:
    """Every candidate: its corners, score and class by number."""
    for number in range(count):
        box = [*(steps.item(corner, number) for corner in corners), steps.item(scores, number)]
        add_box(steps, nms, number, box, steps.item(labels, number))


def add_centred(  # noqa: PLR0917 -- likewise
    steps: Steps, nms: Value, count: int, box: Sequence[Value], scores: Value, labels: Value
) -> None:
    """Every candidate by the middle and the size of its box."""
    x, y, width, height = box

    def corner(middle: Value, size: Value, number: int, *, end: bool) -> Value:
        centre = steps.item(middle, number)
        half = steps.div(steps.item(size, number), 2)
        return steps.add(centre, half) if end else steps.sub(centre, half)

    for number in range(count):
        corners: list[Value] = [
            corner(x, width, number, end=False),
            corner(y, height, number, end=False),
            corner(x, width, number, end=True),
            corner(y, height, number, end=True),
        ]
        add_box(steps, nms, number, [*corners, steps.item(scores, number)], steps.item(labels, number))


def count_of(steps: Steps, array: Value, axis: int = 0) -> int:
    """``array.shape[axis]``."""
    return steps.whole(steps.item(steps.attr(array, "shape"), axis))


def scaled_corners(steps: Steps, middle: Sequence[Value], half: Sequence[Value], size: Sequence[Value]) -> list[Value]:
    """Left, top, right, bottom in the window's pixels from middles and half sizes."""
    ends = [steps.mul(steps.sub(middle[side], half[side]), size[side]) for side in (0, 1)]
    return ends + [steps.mul(steps.add(middle[side], half[side]), size[side]) for side in (0, 1)]


def is_empty(steps: Steps, array: Value) -> bool:
    """``not len(array)``."""
    return not steps.vm.truth(steps.vm.length(array))


__all__ = [
    "NOTHING",
    "TENTH",
    "add_box",
    "add_centred",
    "add_corners",
    "boxes_of",
    "call_code",
    "count_of",
    "force_scores",
    "forced",
    "init_code",
    "is_empty",
    "new_nms",
    "rom_tuple",
    "scaled_corners",
]
