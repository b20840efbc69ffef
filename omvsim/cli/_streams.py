"""Standard output and error of a command: whatever becomes of them, the command ends with its own exit code."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class Outlet(io.FileIO):
    """A descriptor whose first failure is kept in ``failure``; from then on what is written goes nowhere."""

    failure: OSError | None = None

    def write(self, data: ReadableBuffer, /) -> int:
        """Bytes that are dealt with; never an error."""
        if self.failure is None:
            try:
                return super().write(data)
            except OSError as error:
                self.failure = error
        return memoryview(data).nbytes


def prepare_streams() -> None:
    """A terminal that cannot show a character is no reason to stop, and neither is an output that is closed or full."""
    columns = os.environ.get("COLUMNS", "1")
    if not (columns.isascii() and columns.isdigit()) or not columns.strip("0"):
        del os.environ["COLUMNS"]  # no width, or none in which anything could be seen: as if nobody had said one
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - to the end of the process
        elif isinstance(stream, io.TextIOWrapper):
            if (
                type(getattr(stream.buffer, "raw", stream.buffer)) is io.FileIO
            ):  # itself where Python is unbuffered (-u)
                setattr(sys, name, _lasting(stream))
            else:
                stream.reconfigure(errors="replace")


def _lasting(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    stream.flush()
    raw = Outlet(stream.fileno(), "w", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=stream.encoding,
        errors="replace",
        line_buffering=stream.line_buffering or stream.write_through,
    )


def output_failure() -> OSError | None:
    """Why standard output holds less than what was printed; None also where its reader has left, as ``head`` does."""
    failure = _failure()
    return None if failure is None or failure.errno == errno.EPIPE else failure


def nobody_reads() -> bool:
    """Whether the reader of standard output has left: what only prints may end."""
    failure = _failure()
    return failure is not None and failure.errno == errno.EPIPE


def _failure() -> OSError | None:
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return raw.failure if isinstance(raw, Outlet) else None


__all__ = ["Outlet", "nobody_reads", "output_failure", "prepare_streams"]
