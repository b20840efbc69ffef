"""The steps a scenario is made of: what a script on the camera does, one statement or call each.

Here are those of the reference script; what only stories have is in :mod:`omvsim.scenario._story_steps`, which a plain
run does not import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from omvsim.records import dataclass

if TYPE_CHECKING:
    from omvsim.firmware import InputKind, LoadMode, TfMethod
    from omvsim.firmware.charges import Detections
    from omvsim.scenario._story_steps import Step


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
class Release:
    """``name = None``."""

    name: str


@dataclass(frozen=True, slots=True)
class Deep:
    """A statement of the script uses its value stack up to ``slots``: what earlier calls left there is overwritten."""

    slots: int


PlainStep = Boot | Main | Import | Collect | Load | Describe | MakeInput | Predict | Release | Deep


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
