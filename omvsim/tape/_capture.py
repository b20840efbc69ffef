"""Running a script once so that its course can be foreseen on other heaps."""

from __future__ import annotations

import gc as host_gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

from omvsim.boards import RegionKind
from omvsim.firmware import Camera
from omvsim.runs import Outcome
from omvsim.tape._recording import RecordingHeap, TapeRecorder
from omvsim.tape._tape import Outside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from omvsim.boards import Board, Region
    from omvsim.firmware import FrameBuffer
    from omvsim.heap import FbAlloc, UmaPools
    from omvsim.runs import ScriptSession
    from omvsim.tape._tape import Tape

    Started = Callable[[Camera], ScriptSession]
    """Makes the session of a run on a camera."""

_OUTSIDE = (
    *(RegionKind.FRAME_BUFFER, RegionKind.FB_ALLOC, RegionKind.OVERLAY, RegionKind.UMA),
    *(RegionKind.STREAMING, RegionKind.LINE_BUFFER),
)
ALIGNMENT = 64
"""Nothing outside the heap is placed by more than this (a cache line has 32 bytes)."""
_CUT_SHORT = {Outcome.TIME_LIMIT: "it ran into a limit of this computer", Outcome.INTERRUPTED: "it was interrupted"}


def outside(board: Board) -> Outside:
    """What there is beside the GC heap."""
    return Outside(
        tuple(area.memory for area in board.gc_areas),
        tuple((str(each.kind), each.size, int(each.flags), each.origin % ALIGNMENT) for each in regions_outside(board)),
    )


def regions_outside(board: Board) -> list[Region]:
    """What is not GC heap and holds what scripts work on."""
    return [each for each in board.regions if each.kind in _OUTSIDE]


class RecordedCamera(Camera):
    """A camera whose heap is recorded, and that tells when something else of it is used."""

    def __init__(self, board: Board) -> None:
        self.recorder: TapeRecorder | None = None
        super().__init__(board)
        self.recorded = RecordingHeap([(area.origin, area.length) for area in board.gc_areas])
        self.heap = self.recorded

    def timed(self) -> None:
        """As :meth:`Camera.timed`."""
        if self.recorder is not None:
            self.recorder.outside(regions=False)

    def _noticed(self) -> None:
        if self.recorder is not None:
            self.recorder.outside(regions=True)

    @contextmanager
    def _unnoticed(self) -> Iterator[None]:
        recorder, self.recorder = self.recorder, None
        try:
            yield
        finally:
            self.recorder = recorder

    @property
    def uma(self) -> UmaPools | None:
        """The UMA pools."""
        self._noticed()
        return self._uma

    @uma.setter
    def uma(self, pools: UmaPools | None) -> None:
        self._uma = pools

    @property
    def fb_alloc(self) -> FbAlloc | None:
        """The fb_alloc stack."""
        self._noticed()
        return self._fb_alloc

    @fb_alloc.setter
    def fb_alloc(self, stack: FbAlloc | None) -> None:
        self._fb_alloc = stack

    @property
    def frame_buffer(self) -> FrameBuffer | None:
        """The frame buffer."""
        self._noticed()
        return self._frame_buffers

    @frame_buffer.setter
    def frame_buffer(self, buffer: FrameBuffer | None) -> None:
        self._frame_buffers = buffer

    def exception_raised(self) -> None:
        """What the hook does is no use of the stack that a script sees the result of."""
        with self._unnoticed():
            super().exception_raised()

    def exception_seen(self) -> None:
        """Likewise."""
        with self._unnoticed():
            super().exception_seen()


def capture(board: Board, started: Started) -> Tape:
    """The course of a run on this board.

    Args:
        board: its heap decides the course.
        started: makes the session, with that camera.
    """
    tape, late = _capture(board, started, thorough=False)
    if late and not tape.unrepeatable:
        tape, _ = _capture(board, started, thorough=True)
    return tape


def _capture(board: Board, started: Started, *, thorough: bool) -> tuple[Tape, bool]:
    camera = RecordedCamera(board)
    session = started(camera)
    with recorded(camera, session, thorough=thorough) as recorder:
        result = session.run()
    tape = recorder.tape
    tape.result = result
    tape.unrepeatable = tape.unrepeatable or _CUT_SHORT.get(result.outcome, "")
    return tape, recorder.late


@contextmanager
def recorded(camera: RecordedCamera, session: ScriptSession, *, thorough: bool) -> Iterator[TapeRecorder]:
    """Let a session that runs inside be recorded; its tape is complete afterwards."""
    memory = session.vm.memory
    recorder = TapeRecorder(memory, outside(session.board), thorough=thorough)
    memory.recorder = camera.recorder = camera.recorded.recorder = recorder
    # Collections and loading take a time that depends on the heap.
    session.world.clock.watched = lambda: recorder.unrepeatable("the script goes by the clock")
    if session.options.until_us is not None:
        recorder.unrepeatable("it ends by the clock")
    # What refers to itself must wait for a collection of the host that somebody asked for.
    automatic = host_gc.isenabled()
    host_gc.disable()
    try:
        yield recorder
    finally:
        recorder.close()
        memory.recorder = None
        if automatic:
            host_gc.enable()


__all__ = ["RecordedCamera", "capture", "outside", "recorded", "regions_outside"]
