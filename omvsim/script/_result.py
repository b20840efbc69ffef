"""What running a script showed."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omvsim.scenario import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.boards import Board
    from omvsim.firmware import ModelFile
    from omvsim.script._loops import Frame
    from omvsim.script._memory import CollectionEvent, LineCost, RefusedEvent
    from omvsim.script._world import Mark


class Outcome(enum.StrEnum):
    """How the script ended."""

    FINISHED = "finished"
    FRAMES_DONE = "frames done"
    """Its endless loop had the frames asked for."""
    STOPPED = "stopped"
    """``sys.exit()`` or ``machine.reset()``."""
    EXCEPTION = "exception"
    NOT_MODELLED = "not modelled"
    """It asked for something that omvsim lacks and the camera may have."""
    TIME_LIMIT = "time limit"
    """It had taken the seconds of this computer that it may."""
    INTERRUPTED = "interrupted"
    """Ctrl-C."""
    MAY_CRASH = "may crash"
    """The camera dies at a place where luck may avert it."""
    HANGS = "hangs"
    """The camera stands still until it is reset."""


_VERDICTS = {"MemoryError": Verdict.MEMORY_ERROR, "ValueError": Verdict.VALUE_ERROR}


@dataclass(frozen=True, slots=True)
class Failure:
    """The exception that ended the script."""

    text: str
    """The last line of the camera's traceback."""
    kind: str
    """The exception's class by its name on the camera."""
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
    """Median of the bytes in whole blocks that a frame leaves behind."""
    allocated_bytes: int | None
    """Median of the bytes in whole blocks that a frame asks for."""
    allocations: int | None
    """Median of a frame's requests."""
    frames_until_collection: int | None
    """Predicted frames between two automatic collections."""


@dataclass(frozen=True, slots=True)
class ScriptResult:
    """One run of a script."""

    script: str
    board: Board
    outcome: Outcome
    failure: Failure | None
    output: str
    lines: dict[int, LineCost]
    """By line of the script; 0 is boot and compiling."""
    loop: FrameLoop | None
    collections: Sequence[CollectionEvent]
    refused: Sequence[RefusedEvent]
    marks: Sequence[Mark]
    high_water: int
    used_at_start: int
    """Bytes in use when the script's first line runs."""
    used_at_end: int
    collection_ms: float
    """Estimated time of a collection at the end, in milliseconds."""
    live_at_end: int
    """Bytes that a collection would leave at the end."""
    detections: Sequence[int]
    inferences: int
    notes: Sequence[str]
    cut_loops: Sequence[int]
    """Lines of loops that were ended."""
    source_lines: Sequence[str]
    models: Sequence[ModelFile] = ()
    """Files the script loaded, or tried to."""
    free_at_end: int = 0
    """Bytes of the heap, garbage not counted as free."""
    longest_free_at_end: int = 0
    unmodelled: Sequence[tuple[str, int]] = ()
    """(what, line): calls whose memory omvsim does not model."""
    time_limit: float | None = None
    """Seconds of this computer that the run was given."""

    @property
    def verdict(self) -> Verdict:
        """What omvsim promises: nothing once something was called that it does not model, whatever came of it."""
        if self.outcome is Outcome.MAY_CRASH:
            return Verdict.MAY_CRASH
        if self.outcome is Outcome.HANGS:
            return Verdict.HANGS
        if self.unmodelled or self.outcome in (Outcome.NOT_MODELLED, Outcome.TIME_LIMIT, Outcome.INTERRUPTED):
            return Verdict.UNKNOWN
        if self.failure is None:
            return Verdict.OK
        return _VERDICTS.get(self.failure.kind, Verdict.OTHER_ERROR)
