"""Everything around the interpreter that the script's modules work on: camera, files, frames, time, console."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from omvsim.firmware import parse_version
from omvsim.runs.kernels import Kernels
from omvsim.script._unmodelled import Unmodelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.boards import Board
    from omvsim.firmware import Camera, LoadMode, ModelFile
    from omvsim.runs.files import Files
    from omvsim.runs.frame_source import FrameSource
    from omvsim.script._loops import Snapshot

START_MS = 1_000
"""Milliseconds on the clock when the script starts."""
FRAME_US = 33_333
"""A frame of a camera that gives 30 a second."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What ``gctrace.mark(label)`` wrote down: the books at that moment."""

    label: str
    line: int
    books: Snapshot
    largest: int


@dataclass(slots=True)
class World:
    """One camera and its surroundings.

    Time is virtual: it passes when the script sleeps, takes a picture or runs a model, so that runs repeat.
    """

    board: Board
    camera: Camera
    files: Files
    frames: FrameSource
    forced_detections: int | None = None
    run_models: bool = True
    kernels: Kernels = Kernels.AUTO
    echo: bool = False
    seed: int = 0
    now_us: int = START_MS * 1000
    output: list[str] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    unmodelled: Unmodelled = field(default_factory=Unmodelled)
    line: Callable[[], int] = field(default=lambda: 0)
    """The line of the script that is running."""
    marks: list[Mark] = field(default_factory=list)
    detections: list[int] = field(default_factory=list)
    inferences: int = 0
    load: LoadMode | None = None
    """Where every model is loaded from or to, whatever the script says."""
    collect_before_load: bool = False
    models: dict[str, ModelFile] = field(default_factory=dict)
    """Files that the script loaded, or tried to, by the path it gave."""
    images: Any = None
    """The maker of images (:class:`omvsim.script._image.Images`)."""

    @property
    def release(self) -> tuple[int, ...]:
        """The firmware's release as numbers."""
        return parse_version(self.board.firmware)

    def write(self, text: str) -> None:
        """What the script prints."""
        self.output.append(text)
        if self.echo:
            print(text, end="")

    def note(self, text: str) -> None:
        """Something the reader of the report must know, once."""
        self.notes.setdefault(text)

    def lacks(self, what: str) -> None:
        """The script called something whose memory is not modelled: whatever follows, omvsim promises nothing."""
        self.unmodelled.add(what, self.line())

    def sleep_us(self, duration: Any) -> None:
        """Let time pass."""
        self.now_us += max(0, int(duration))
