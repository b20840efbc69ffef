"""The steps that stories have beside the reference script's: control flow, the sensor, buffers of the script's own."""

from __future__ import annotations

from typing import Any

from omvsim.records import dataclass
from omvsim.scenario._steps import PlainStep


@dataclass(frozen=True, slots=True)
class Alloc:
    """The script makes ``count`` objects of ``bytes`` each (a bytearray's buffer, say); bound to ``into`` or not."""

    bytes: int
    count: int = 1
    into: str | None = None
    what: str = "object of the script"
    may_fail: bool = False
    before: tuple[int, ...] = ()
    """Smaller requests of each object made before that one, e.g. the 16 bytes of a bytearray object."""
    after: tuple[int, ...] = ()
    """And after it, e.g. the 28 bytes of the image object that its pixels hang on."""


@dataclass(frozen=True, slots=True)
class Fill:
    """The script holds objects until ``gc.mem_free()`` is ``free_bytes``, all of it in one run."""

    free_bytes: int
    may_fail: bool = False


@dataclass(frozen=True, slots=True)
class Sensor:
    """Set the camera up: ``sensor.set_pixformat``, ``set_framesize`` and so on, in the order of the fields."""

    pixformat: str | None = None
    framesize: str | None = None
    windowing: tuple[int, ...] | None = None
    framebuffers: int | None = None
    may_fail: bool = False


@dataclass(frozen=True, slots=True)
class Grab:
    """``into = sensor.snapshot()``."""

    into: str | None = "img"
    may_fail: bool = False


@dataclass(frozen=True, slots=True)
class ExtraFb:
    """``into = sensor.alloc_extra_fb(width, height, pixformat)`` (up to 4.8.1)."""

    width: int
    height: int
    pixformat: str = "GRAYSCALE"
    into: str = "extra"
    may_fail: bool = False


@dataclass(frozen=True, slots=True)
class CopyToFb:
    """``image.Image(…, copy_to_fb=True)``: one picture takes over the frame buffer."""

    width: int
    height: int
    pixformat: str = "RGB565"
    into: str = "img"
    may_fail: bool = False


@dataclass(frozen=True, slots=True)
class Delete:
    """``del name``, as the end of an ``except … as name`` does."""

    name: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """The steps of a loop."""

    times: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A point where the script reports the heap: the result keeps a snapshot under this label."""

    label: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """``try:`` the steps; the first exception ends them, is reported, and ``otherwise`` runs."""

    steps: tuple[Step, ...]
    otherwise: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class When:
    """``if name is not None:``; with ``picture`` also only if that model takes a picture as its single input."""

    name: str
    steps: tuple[Step, ...]
    picture: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the script's own function. Its names are written ``function.name``: they last as long as the call."""

    function: str
    steps: tuple[Step, ...]
    frame: int = 0
    """Bytes of the heap block that holds the call's state; 0 where it fits the C stack."""
    returns: str | None = None
    """Which of its names it returns (None: nothing)."""
    into: str | None = None


@dataclass(frozen=True, slots=True)
class TakeShape:
    """``into = model.input_shape[index]``."""

    into: str
    model: str = "m"
    index: int = 0


@dataclass(frozen=True, slots=True)
class Leave:
    """``model.predict([…])`` leaves the model and its list in the value stack, behind slot ``slot`` (the method)."""

    model: str
    slot: int


@dataclass(frozen=True, slots=True)
class FormatText:
    """The script makes a text of ``length`` characters with ``%``; nothing holds it."""

    length: int


@dataclass(frozen=True, slots=True)
class Raise:
    """``raise ValueError("text")`` with a constant text; ``error`` is the line the camera would print."""

    error: str


@dataclass(frozen=True, slots=True)
class PoolAlloc:
    """Something takes ``bytes`` from the UMA pools (5.0.0)."""

    bytes: int
    flags: int = 0


StoryStep = (
    Alloc
    | Fill
    | Sensor
    | Grab
    | ExtraFb
    | CopyToFb
    | Delete
    | Repeat
    | Mark
    | Attempt
    | When
    | Call
    | TakeShape
    | Leave
    | FormatText
    | Raise
    | PoolAlloc
)
Step = PlainStep | StoryStep

STORY_STEPS: dict[str, type[Any]] = {
    "alloc": Alloc,
    "fill": Fill,
    "sensor": Sensor,
    "snapshot": Grab,
    "extra_fb": ExtraFb,
    "copy_to_fb": CopyToFb,
    "delete": Delete,
    "repeat": Repeat,
    "mark": Mark,
    "try": Attempt,
    "when": When,
    "call": Call,
    "shape": TakeShape,
    "leave": Leave,
    "format": FormatText,
    "raise": Raise,
    "pool_alloc": PoolAlloc,
}
"""Step classes by the value of ``do``."""


def inner_steps(step: StoryStep) -> tuple[Step, ...]:
    """The steps inside a step."""
    match step:
        case Repeat() | When() | Call():
            return step.steps
        case Attempt():
            return (*step.steps, *step.otherwise)
    return ()
