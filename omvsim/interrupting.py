"""Ctrl-C while modules are imported waits until they are.

An exception that is raised there comes out of an import, or is dropped: what is imported then is half a module, and
Python wraps or swallows the exception. Names are imported when they are first used, so that may be at any time.
"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import FrameType

_IMPORTER: Final = "<frozen importlib."
AGAIN_AFTER: Final = 0.002
"""Seconds until the next try."""


def importing(frame: FrameType | None, outermost: FrameType | None = None) -> bool:
    """Whether a module is just being imported, by a call within ``outermost``."""
    while frame is not None and frame is not outermost:
        if frame.f_code.co_filename.startswith(_IMPORTER):
            return True
        frame = frame.f_back
    return False


def interrupted(number: int, frame: FrameType | None) -> None:
    """A handler of SIGINT, and of the alarm that it sets.

    Raises:
        KeyboardInterrupt: nothing is being imported.
    """
    if importing(frame) and hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, interrupted)
        signal.setitimer(signal.ITIMER_REAL, AGAIN_AFTER)
        return
    signal.default_int_handler(number, frame)


__all__ = ["AGAIN_AFTER", "importing", "interrupted"]
