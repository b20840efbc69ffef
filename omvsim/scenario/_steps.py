"""The steps a scenario is made of: what a script on the camera does, one statement or call each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from omvsim.firmware import InputKind, LoadMode, TfMethod
    from omvsim.firmware.charges import Detections


@dataclass(frozen=True, slots=True)
class Boot:
    """Power-up and the frozen ``_boot.py``."""


@dataclass(frozen=True, slots=True)
class Main:
    """Compiling ``main.py`` (the reference script) and its first statement."""


@dataclass(frozen=True, slots=True)
class Import:
    """``import ml`` or ``import image``."""

    module: str


@dataclass(frozen=True, slots=True)
class Collect:
    """``gc.collect()``."""


@dataclass(frozen=True, slots=True)
class Load:
    """``into = ml.Model(path)``; with ``may_fail`` the script catches the exception and goes on."""

    model: str | None = None
    """File of the model; None is the one the run is about."""
    into: str = "m"
    mode: LoadMode | None = None
    """None: as the run says."""
    may_fail: bool = False
    keywords: int = 0
    """Keyword arguments of the call, e.g. ``postprocess=…``."""


@dataclass(frozen=True, slots=True)
class Describe:
    """Print a model's shapes, scales and dtypes, as the reference script does."""

    model: str = "m"


@dataclass(frozen=True, slots=True)
class MakeInput:
    """Build the list handed to ``predict``."""

    model: str = "m"
    kind: InputKind | None = None
    into: str = "inp"


@dataclass(frozen=True, slots=True)
class Predict:
    """``times`` predictions; the result is bound to ``into`` when it is kept, else dropped at once."""

    model: str = "m"
    times: int | None = None
    kind: InputKind | None = None
    into: str = "o"
    keep: bool | None = None
    callback: bool | None = None
    collect: bool = False
    """``gc.collect()`` in front of each."""
    method: TfMethod | None = None
    """Up to 4.5.5: the method called; None takes the one that suits the output."""
    thresholds: int = 1
    blobs: int = 0
    """Blobs that detect() finds in each channel."""
    may_fail: bool = False
    literal: bool = False
    """Whether the list of inputs is written into the call, ``predict([fill])`` (a picture's always is)."""
    item: str | None = None
    """Name of what stands in that list."""
    slot: int | None = None
    """Slot of the script's value stack that the method is called in: behind it model and list stay, after an exception
    as well. None: not at top level."""


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
class Release:
    """``name = None``."""

    name: str


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
class Deep:
    """A statement of the script uses its value stack up to ``slots``: what earlier calls left there is overwritten."""

    slots: int


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


Step = (
    Boot
    | Main
    | Import
    | Collect
    | Load
    | Describe
    | MakeInput
    | Predict
    | Alloc
    | Fill
    | Sensor
    | Grab
    | ExtraFb
    | CopyToFb
    | Release
    | Delete
    | Repeat
    | Mark
    | Attempt
    | When
    | Call
    | TakeShape
    | Deep
    | Leave
    | FormatText
    | Raise
    | PoolAlloc
)


class Postprocess(NamedTuple):
    """A post-processing object given to ``ml.Model(path, postprocess=…)``, and what it finds in every frame."""

    name: str
    found: Detections


class Options(NamedTuple):
    """What a run may leave to the command line; a step's own value wins."""

    load: LoadMode | None = None
    """None: as the release loads a model by default."""
    input: InputKind | None = None
    """None: a frame of the camera where the model takes pictures, else an array."""
    loops: int = 5
    keep_output: bool = False
    callback: bool = False
    postprocess: Postprocess | None = None


class Scenario(NamedTuple):
    """A named list of steps with its defaults."""

    name: str
    title: str
    steps: tuple[Step, ...]
    options: Options = Options()
    board: str | None = None
    firmware: str | None = None
    models: tuple[str, ...] = ()
    """Files the steps name beside the run's own model."""
