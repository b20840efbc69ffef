"""What running a script showed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.provenance import Provenance
from omvsim.records import StrEnum, dataclass
from omvsim.runs.trust import provenance_of
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from omvsim.boards import Board
    from omvsim.errors import Overlap as OverlapEvent
    from omvsim.firmware import ModelFile
    from omvsim.memory.requests import Request
    from omvsim.runs.outside import Outside
    from omvsim.runs.states import MemorySnapshot
    from omvsim.world.ledger import CollectionEvent, Frame, LineCost, Placed, RefusedEvent
    from omvsim.world.measured import Measured
    from omvsim.world.spent import FrameRate, Work
    from omvsim.world.world import Boxes, Mark, ModelState


class Outcome(StrEnum):
    """How the script ended."""

    FINISHED = "finished"
    FRAMES_DONE = "frames done"
    """It had the frames asked for."""
    STOPPED = "stopped"
    """``sys.exit()`` or ``machine.reset()``, or the camera's time asked for had passed."""
    EXCEPTION = "exception"
    NOT_MODELLED = "not modelled"
    """It asked for something that omvsim lacks and the camera has."""
    TIME_LIMIT = "time limit"
    """It had taken the time or the memory of this computer that it may."""
    INTERRUPTED = "interrupted"
    """Ctrl-C."""
    MAY_CRASH = "may crash"
    """The camera dies at a place where luck may avert it."""
    HANGS = "hangs"
    """The camera stands still until it is reset."""


_VERDICTS = {
    Outcome.MAY_CRASH: Verdict.MAY_CRASH,
    Outcome.HANGS: Verdict.HANGS,
    Outcome.NOT_MODELLED: Verdict.UNKNOWN,
    Outcome.TIME_LIMIT: Verdict.UNKNOWN,
    Outcome.INTERRUPTED: Verdict.UNKNOWN,
}
_ERRORS = {"MemoryError": Verdict.MEMORY_ERROR, "ValueError": Verdict.VALUE_ERROR}


@dataclass(frozen=True, slots=True)
class Failure:
    """What ended the script."""

    text: str
    """The last line of the camera's traceback; what was called, where that is not modelled."""
    kind: str
    """The built-in exception it is or comes from, e.g. ``MemoryError``; empty if it is no exception of the camera."""
    line: int
    """Where it was raised, in the script."""
    trace: Sequence[tuple[int, str]]
    """(line, function) from the outermost call to the innermost."""
    refused: RefusedEvent | None
    """The request without room behind it, for a MemoryError."""
    reason: str = ""
    """Why, where the text does not say it: the operator at fault of a model that does not run."""
    remedy: str = ""
    """What to change in that model, where it is known."""
    library_message: str = ""
    """What the library's log would say; the camera prints nothing of it."""
    verdict: Verdict | None = None
    """How the run ends, where that is more than the exception's type says."""
    step: str = ""
    """Which step of the script was running, where the run was told step by step."""
    overlap: OverlapEvent | None = None
    """What stands where the firmware reads what it has freed."""

    def places(self, name: str) -> list[tuple[int, str]]:
        """(line, ``name:line in function``) of :attr:`trace`; a text that cannot be read is in no function."""
        return [(line, f"{name}:{line}" + (f" in {function}" if function else "")) for line, function in self.trace]

    @property
    def is_silent(self) -> bool:
        """Whether the camera dies or stands still without a word."""
        return not self.kind


@dataclass(frozen=True, slots=True)
class FrameLoop:
    """The loop that works on frames."""

    line: int
    body: frozenset[int]
    """Lines that run in it: its own and those of functions called from it."""
    frames: Sequence[Frame]
    first_collection: int | None
    """Frame (from 0) in which the first automatic collection ran."""
    collections: Sequence[int]
    """Frames in which automatic collections ran."""
    garbage_bytes: int | None
    """Median of the bytes in whole blocks that a frame leaves for a collection."""
    held_bytes: int
    """Bytes by which what the script holds still grows, a frame; 0 where it does not."""
    full_at: int | None
    """Frame (from 0) about which what the script holds fills the heap, if it goes on growing so."""
    allocated_bytes: int | None
    """Median of the bytes in whole blocks of what a frame's requests placed."""
    grown_bytes: int | None
    """Median of what chunks grew by in place in a frame."""
    allocations: int | None
    """Median of a frame's requests."""
    frames_until_collection: int | None
    """Predicted frames between two automatic collections; until the first, where none ran yet. None: none is to
    come, or one came when the frames were over."""
    rate: FrameRate | None = None
    """Frames a second of the camera's time; Python and drawing are not counted. None for fewer than two frames."""


@dataclass(frozen=True, slots=True)
class ScriptResult:
    """One run of a script."""

    script: str
    board: Board
    outcome: Outcome
    failure: Failure | None
    output: str
    lines: Mapping[int, LineCost]
    """By line of the script; 0 is boot, and compiling the script."""
    loop: FrameLoop | None
    collections: Sequence[CollectionEvent]
    refused: Sequence[RefusedEvent]
    placed: Sequence[Placed]
    marks: Sequence[Mark]
    measured: Sequence[Measured]
    """What the measuring firmware's ``gctrace`` wrote down; requests of the pools where every request is kept."""
    snapshot: MemorySnapshot
    """The memory at the end."""
    collection_ms: float
    """Estimated time of a collection at the end, in milliseconds."""
    work: Work
    """What a frame does that the time model gives a time."""
    inferences: int
    notes: Sequence[str]
    doubted: bool
    """Whether a note says that what is asked of memory may differ from the camera's."""
    requests: Sequence[Request]
    """Every request in order, where they were asked for."""
    source_lines: Sequence[str]
    models: Sequence[ModelFile]
    """Files the script loaded, or tried to."""
    unmodelled: Sequence[tuple[str, int]]
    """(what, line): calls whose memory omvsim does not model."""
    time_limit: float | None
    """Seconds of this computer that the run was given."""
    outside: Outside
    """What was taken outside the GC heap."""
    last_step: str = ""
    """The step that ran last, where the run was told step by step."""
    loaded: tuple[ModelState, ...] = ()
    """Models that were loaded, in order; one whose loading may have crashed as well."""
    lacking: tuple[str, ...] = ()
    """What to do about files that the script opened and this computer does not have."""
    boxes: tuple[Boxes, ...] = ()
    """What every call of a post-processing object found."""
    unstored: bool = False
    """Whether the script opened a file that its file system cannot hold, whatever came of it."""

    @property
    def detections(self) -> tuple[int, ...]:
        """Results of each call of a post-processing object."""
        return tuple(each.left for each in self.boxes)

    @property
    def verdict(self) -> Verdict:
        """What omvsim promises: nothing once something was called that it does not model, whatever came of it."""
        found = _VERDICTS.get(self.outcome)
        if found is not None:
            return found
        if self.unmodelled:
            return Verdict.UNKNOWN
        if self.failure is None:
            return Verdict.OK
        return self.failure.verdict or _ERRORS.get(self.failure.kind, Verdict.OTHER_ERROR)

    @property
    def provenance(self) -> Provenance:
        """Of the figures of its memory; of what is not known there are none."""
        if self.verdict is Verdict.UNKNOWN:
            return Provenance.UNKNOWN
        return provenance_of(self.board, self.models, doubted=self.doubted)

    def __repr__(self) -> str:
        where = f"{self.script} on {self.board.name} {self.board.firmware}"
        return f"<ScriptResult {where}: {self.verdict}, {self.outcome}, {self.snapshot.free_collected} bytes free>"

    def _repr_html_(self) -> str | None:
        """For notebooks."""
        from omvsim.notebook import notebook_html  # noqa: PLC0415 - of use in a notebook only

        return notebook_html(self)


__all__ = ["Failure", "FrameLoop", "Outcome", "ScriptResult"]
