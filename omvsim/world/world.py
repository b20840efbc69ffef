"""Everything around the interpreter that the camera's modules work on: camera, files, frames, time, console."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from omvsim.micropython.machine import Machine
from omvsim.records import NamedTuple, dataclass, field
from omvsim.world.spent import Times

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from omvsim.boards import Board
    from omvsim.firmware import Camera, LoadMode, ModelFile
    from omvsim.timing import Range
    from omvsim.verdict import Verdict
    from omvsim.world.clock import Clock
    from omvsim.world.files import Files
    from omvsim.world.frame_source import FrameSource
    from omvsim.world.kernels import Kernels
    from omvsim.world.ledger import Books, Ledger
    from omvsim.world.measured import Measured


class Explained(NamedTuple):
    """The last exception that a library raised for a reason its text does not give."""

    address: int
    """Of the exception; nothing here may keep it alive."""
    reason: str
    """In the user's terms."""
    remedy: str = ""
    library_message: str = ""
    """What the library's log would say; the camera prints nothing of it."""
    verdict: Verdict | None = None
    """How a run ends that this ends, where that is more than the exception's type says."""


class ModelState(NamedTuple):
    """A model that was loaded, and where things are."""

    path: str
    ram: int
    arena_address: int | None
    """None where every call takes an arena of its own (``tf`` module)."""
    arena_area: str
    data_address: int | None
    """None: in ROM."""
    data_area: str


class Boxes(NamedTuple):
    """What one call of a post-processing object found."""

    suggested: int
    """Boxes over the threshold, before suppression."""
    left: int
    """Results."""


class Mark(NamedTuple):
    """What ``gctrace.mark(label)`` of the measuring firmware wrote down: the books at that moment."""

    label: str
    line: int
    books: Books
    largest: int


ZEROS: Final = "what is found in outputs of zeros is not what the camera finds; --detections N says how many"
"""A score of zero may well be over the threshold: the logit of 0.5 is 0."""


@dataclass(slots=True)
class World:
    """One camera and its surroundings. Time is virtual: what happens takes the time it takes on the camera.

    Attributes:
        finds: results that detectors and ``find_…`` calls have, whatever they see; None: what they see.
        run_models: whether models are computed; their outputs are zeros otherwise.
    """

    board: Board
    camera: Camera
    ledger: Ledger
    files: Files
    frames: FrameSource
    kernels: Kernels
    clock: Clock
    """The interpreter's own clock, which ``time`` reads."""
    finds: int | None = None
    run_models: bool = True
    seed: int = 0
    on_output: Callable[[str], None] | None = None
    output: list[str] = field(default_factory=list)
    notes: dict[str, bool] = field(default_factory=dict)
    """What the reader must know, and whether it makes figures of memory less than exact."""
    lacking: list[str] = field(default_factory=list)
    """What to do about files that the script opened and this computer does not have."""
    marks: list[Mark] = field(default_factory=list)
    measured: list[Measured] = field(default_factory=list)
    """What the measuring firmware's module wrote down, and requests of the pools where every request is kept."""
    models: dict[str, ModelFile] = field(default_factory=dict)
    """Files that were loaded, or tried to be, by their path."""
    given: Mapping[str, ModelFile] = field(default_factory=dict)
    """Model files that are there without a file on the host, by their path."""
    loaded: list[ModelState] = field(default_factory=list)
    """Models that were loaded, in order; one whose loading may have crashed as well."""
    unstored: bool = False
    """Whether the script opened a file that its file system cannot hold, whatever came of it."""
    computed: Mapping[str, Sequence[NDArray[Any]]] = field(default_factory=dict)
    """Outputs of every inference of models, by path, where somebody has run them."""
    boxes: list[Boxes] = field(default_factory=list)
    """What every call of a post-processing object found."""
    suggested: int = 0
    """Boxes that post-processing handed to suppression, in all."""
    only_memory: bool = False
    """Whether nobody asks for outputs and times: models are not computed, an inference takes no time."""
    unmodelled: list[tuple[str, int]] = field(default_factory=list)
    """(what, line): calls whose memory is not modelled; the run went on."""
    load: LoadMode | None = None
    """Where every model is loaded from or to, whatever the script says: for ways out."""
    collect_before_load: bool = False
    """Whether a collection runs before every model is loaded: likewise."""
    frame_store: bytearray | None = None
    """Bytes of the picture that is in the main frame buffer."""
    explained: Explained | None = None
    worked_on: bool = False
    """Whether a method of a picture was called or a model ran since a loop last came round."""
    times: Times = field(default_factory=Times)
    """Where the camera's time went."""
    pictures: int = 0
    inferences: int = 0

    @property
    def now_us(self) -> int:
        """Microseconds since power-up."""
        return self.clock.now

    def write(self, text: str) -> None:
        """What the script prints."""
        self.output.append(text)
        if self.on_output is not None:
            self.on_output(text)

    def note(self, text: str, *, memory: bool = False) -> None:
        """Something the reader of the report must know, once; ``memory``: what is asked of memory may differ by it."""
        self.notes[text] = self.notes.get(text, False) or memory

    def compute(self, ms: Range) -> None:
        """Let the time pass that the time model gives something."""
        self.clock.wait(self.times.compute(ms))

    def await_picture(self, until: float, period: float) -> None:
        """Wait for the sensor, which gives a picture every ``period`` microseconds."""
        waited = max(0, round(until) - self.clock.now)
        self.times.waiting_us += waited
        self.times.camera_us = period
        self.clock.wait(waited)

    def pass_us(self, duration: int) -> None:
        """Let time pass."""
        self.clock.wait(duration)


class CameraMachine(Machine):
    """The interpreter on a camera."""

    world: World

    before_event: Callable[[bool], None]
    """Called before a picture (True) or an inference: ends the run where that would be one too many."""
    after_event: Callable[[bool], None]
    """Called after one."""

    def before_picture(self) -> None:
        """A picture is about to be taken."""
        self.before_event(True)

    def event(self, *, picture: bool) -> None:
        """A picture was taken or a model ran: the loop that comes round next ends a frame."""
        if picture:
            self.world.pictures += 1
        self.pending = True
        self.after_event(picture)


__all__ = ["CameraMachine", "Explained", "Mark", "ModelState", "World"]
