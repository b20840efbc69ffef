"""A recording on a camera: however it ends, what the camera has said is kept."""

from __future__ import annotations

import signal
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.cli.exit_codes import ExitCode
from omvsim.errors import InputError, TraceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.traces import Trace

_STOPS = ("SIGTERM", "SIGHUP")


def recorded(port: str, script: str, output: str, *, timeout: float, via: str) -> ExitCode:
    """Run ``script`` on the camera at ``port`` and write the trace to ``output``.

    Raises:
        InputError: no camera, no trace in what it said, or the trace could not be written; a log then lies elsewhere.
    """
    from rich.console import Console

    from omvsim.recorder import Way, open_camera, record

    console = Console(stderr=True, highlight=False)
    with _stopping(), open_camera(port, Way(via)) as camera, console.status("waiting for the camera") as status:
        log = record(
            camera,
            script,
            timeout=timeout,
            progress=lambda seen: status.update(f"{seen.count(chr(10))} lines, last: {_last(seen)}"),
        )
    trace = _keep(port, log.text, output)
    reason = log.reason if not log.complete else "" if trace.complete else "; ".join(trace.notes)
    print(f"{output}: {f'incomplete: {reason}' if reason else 'complete'}", file=sys.stderr)
    if log.interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.ERROR if reason else ExitCode.OK


@contextmanager
def _stopping() -> Iterator[None]:
    """A request to end is Ctrl-C: the recording stops, and what it has is written."""
    before = {}
    for name in _STOPS:
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            before[number] = signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _keep(port: str, text: str, output: str) -> Trace:
    from omvsim.traces import parse_serial_log, write_trace
    from omvsim.writing import write_text

    try:
        trace = parse_serial_log(port, text)
        write_trace(trace, output)
    except InputError as error:
        if not text:
            raise
        log = Path(output + ".log") if isinstance(error, TraceError) else Path(tempfile.mkdtemp(), "recording.log")
        write_text(log, text)
        raise InputError(error.source, f"{error.cause}; what the camera said is in {log}") from error
    return trace


def _last(text: str) -> str:
    lines = text.splitlines()
    return lines[-1][:60] if lines else ""


__all__ = ["recorded"]
