"""The exit codes, documented in the README; scripts and CI rely on them."""

from __future__ import annotations

from omvsim.records import IntEnum
from omvsim.verdict import Verdict


class ExitCode(IntEnum):
    """What ``omvsim`` returns to the shell."""

    OK = 0
    """The model loads and runs (or the command did what it was asked)."""
    ERROR = 1
    """omvsim itself could not do it, e.g. an optional package is missing; or a comparison found differences."""
    USAGE = 2
    """Wrong command line (argparse's own code)."""
    BAD_INPUT = 3
    """A file or value cannot be used; the line on stderr names it and the cause."""
    MEMORY_ERROR = 10
    """The camera would raise MemoryError."""
    VALUE_ERROR = 11
    """The camera would raise ValueError, e.g. ``Failed to allocate tensors``."""
    MAY_CRASH = 12
    """The camera may die with a HardFault or corrupt its memory."""
    REFUSED = 13
    """The firmware's library refuses the model whatever the memory."""
    OTHER_EXCEPTION = 14
    """The camera would raise another exception."""
    UNKNOWN = 15
    """An operator or release omvsim has no facts for: no promise either way."""
    HANGS = 16
    """The camera would stand still until it is reset: no exception reaches the script."""
    NO_SPACE = 17
    """The model's file does not fit the file system it is loaded from, or the release has none of that kind."""
    GATE_BUDGET = 20
    """``omvsim gate``: a figure is over its budget, worse than the baseline, or not exact where that is required."""
    GATE_FAILURE = 21
    """``omvsim gate``: a model would not load or run, or nothing is known about it."""
    INTERNAL = 70
    """A fault of omvsim itself: the line on stderr says what to report, ``--debug`` shows the traceback."""
    INTERRUPTED = 130
    """Stopped with Ctrl-C."""


OF_VERDICT = {
    Verdict.OK: ExitCode.OK,
    Verdict.MEMORY_ERROR: ExitCode.MEMORY_ERROR,
    Verdict.VALUE_ERROR: ExitCode.VALUE_ERROR,
    Verdict.MAY_CRASH: ExitCode.MAY_CRASH,
    Verdict.HANGS: ExitCode.HANGS,
    Verdict.REFUSED: ExitCode.REFUSED,
    Verdict.OTHER_ERROR: ExitCode.OTHER_EXCEPTION,
    Verdict.NO_SPACE: ExitCode.NO_SPACE,
    Verdict.UNKNOWN: ExitCode.UNKNOWN,
}
"""The same for whatever ran: a model, a script."""
