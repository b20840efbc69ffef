"""Limits on what a run may take of the host. The simulated core knows no clock: it calls back now and then."""

from __future__ import annotations

import signal
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from omvsim import heap
from omvsim.interrupting import AGAIN_AFTER, importing, interrupted
from omvsim.memory import requests as micropython_memory
from omvsim.micropython.errors import LimitReached
from omvsim.world import ledger

try:  # before any look: one comes from a signal, and an import there breaks one that is under way
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from omvsim.world.world import World

_STATM: Final = Path("/proc/self/statm")
_PAGE: Final = 4096 if resource is None else resource.getpagesize()
DEFAULT_SECONDS = 60.0
IDLE_US: Final = 600_000_000
"""Microseconds of the camera after which a script that takes no picture any more is stopped: it waits for ever."""
DEFAULT_MEMORY = 2 << 30
"""Bytes of the host's memory: a script's values are of the camera's 32 MiB, so this is never reached by honest ones."""
LOOK_EVERY: Final = 0.1
"""Seconds of computing between two looks from outside."""
FRAMES_LOOKED_AT: Final = 40
"""Innermost calls of the host among which one that must not be interrupted is looked for: the heap's are not nested."""
BOOKS: Final = (
    str(Path(heap.__file__).parent),
    micropython_memory.__file__,
    ledger.__file__,
)
"""Where the heap's books are kept: whoever leaves these halfway leaves them wrong."""


def _on_main_thread() -> bool:
    """Without ``threading`` nobody has started another one."""
    threading = sys.modules.get("threading")
    return threading is None or threading.current_thread() is threading.main_thread()


class CameraTimeOver(LimitReached):
    """The camera's time asked for has passed."""


class Limits:
    """Ends a run that takes too long or too much.

    Args:
        world: its clock ends the run as well.
        seconds: of the host's time; None: no limit.
        memory: bytes of the host's memory the process may have; None: no limit.
        until_us: microseconds of the camera's time from the start of the script; None: no limit.
        frames: tells how many frames there were; None: waiting for ever is no end.
    """

    def __init__(
        self,
        world: World,
        seconds: float | None,
        memory: int | None,
        until_us: int | None,
        frames: Callable[[], int] | None = None,
    ) -> None:
        self.world = world
        self.seconds = seconds
        self.memory = memory
        self._held = host_memory()
        """What the process had before: it is not the run's."""
        self.until_us = None if until_us is None else world.now_us + until_us
        self._frames = frames
        self._last_frame = 0, 0 if frames is None else world.now_us
        """How many frames there were, and when that was first seen."""
        self.end = None if seconds is None else time.monotonic() + seconds
        self._interrupted = False
        self._outermost: FrameType | None = None
        """The call in which the run is watched."""

    def look(self) -> None:
        """See whether a limit is reached.

        Raises:
            LimitReached: it is.
            KeyboardInterrupt: the user wants it to end, and was not heard at once.
        """
        if self._interrupted:
            raise KeyboardInterrupt
        if self.end is not None and time.monotonic() > self.end:
            raise LimitReached(f"{self.seconds:g} s of time on this computer (--time-limit)")
        self.look_at_camera()
        if self._frames is not None and self.until_us is None:
            self._look_idle(self._frames())
        if self.memory is not None and host_memory() - self._held > self.memory:
            raise LimitReached(f"{self.memory >> 20} MiB of memory on this computer (--memory-limit)")

    def look_at_camera(self) -> None:
        """See whether the camera's time is over: after every frame."""
        if self.until_us is not None and self.world.now_us >= self.until_us:
            raise CameraTimeOver("the camera's time asked for (--until)")

    def _look_idle(self, frames: int) -> None:
        seen, since = self._last_frame
        if frames != seen:
            self._last_frame = frames, self.world.now_us
        elif self.world.now_us - since >= IDLE_US:
            self.world.note(
                f"stopped: {IDLE_US // 60_000_000} minutes of the camera's time without a picture or an inference "
                "(--until TIME says how long a script is to run)"
            )
            raise CameraTimeOver("minutes without a frame")

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look from outside too, where the host has a clock for that: one call may compute for minutes."""
        if not hasattr(signal, "setitimer") or not _on_main_thread():
            yield
            return
        before = signal.signal(signal.SIGVTALRM, self._ring)
        # Python drops an exception that is raised while an object dies, the user's Ctrl-C too: it is remembered.
        other = signal.getsignal(signal.SIGINT)
        listens = other in (signal.default_int_handler, interrupted)
        self._outermost = sys._getframe(2)  # of the with statement
        if listens:
            signal.signal(signal.SIGINT, self._interrupt)
        signal.setitimer(signal.ITIMER_VIRTUAL, LOOK_EVERY, LOOK_EVERY)
        try:
            yield
        finally:
            self._outermost = None
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)
            if listens:
                signal.signal(signal.SIGINT, other)

    def _interrupt(self, _signal: int, frame: FrameType | None) -> None:
        self._interrupted = True
        self._ring(_signal, frame)

    def _ring(self, _signal: int, frame: FrameType | None) -> None:
        if keeps_books(frame) or importing(frame, self._outermost):
            signal.setitimer(signal.ITIMER_VIRTUAL, AGAIN_AFTER, LOOK_EVERY)
        else:
            self.look()


def keeps_books(frame: FrameType | None) -> bool:
    """Whether the host is just changing the heap's books, or in a destructor, which swallows exceptions."""
    for _ in range(FRAMES_LOOKED_AT):
        if frame is None:
            return False
        if frame.f_code.co_name == "__del__" or frame.f_code.co_filename.startswith(BOOKS):
            return True
        frame = frame.f_back
    return False


def host_memory() -> int:
    """Bytes of memory this process has; where the host tells less, has had at most, or 0.

    Linux keeps the peak of the program that a process was before it became this one, so the peak says little there.
    """
    with suppress(OSError, ValueError, IndexError):
        return int(_STATM.read_bytes().split()[1]) * _PAGE
    if resource is None:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


__all__ = ["DEFAULT_MEMORY", "DEFAULT_SECONDS", "CameraTimeOver", "Limits", "host_memory", "keeps_books"]
