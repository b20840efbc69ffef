"""MicroPython's raw REPL over a serial line: a script goes in, what it prints comes back.

The protocol is MicroPython's (``docs/reference/repl.rst``, ``shared/runtime/pyexec.c``): Ctrl-C stops what runs, Ctrl-A
enters, a script is ended by Ctrl-D and answered with ``OK``, its output, Ctrl-D, the traceback if there is one, Ctrl-D.
"""

from __future__ import annotations

import codecs
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

_STOP, _RAW, _RUN, _FRIENDLY = b"\r\x03\x03", b"\r\x01", b"\x04", b"\x02"
_END: Final = "\x04"
_PROMPT: Final = b"raw REPL; CTRL-B to exit\r\n>"
_PIECE: Final = 256
"""Bytes at once: a camera without flow control has an input buffer of that size."""
_PAUSE: Final = 0.01
_PATIENCE: Final = 10.0


class ConnectionLost(Exception):
    """The camera does not answer any more."""


class ScriptEnded(ConnectionLost):
    """The script has come to an end, perhaps by an exception, without its last line."""


class Line(Protocol):
    """What is needed of a serial port (``serial.Serial``), opened with a timeout."""

    def read(self, size: int) -> bytes:
        """Up to so many bytes; none when the time is over."""

    def write(self, data: bytes) -> int | None:
        """Send."""

    @property
    def in_waiting(self) -> int:
        """Bytes that can be read at once."""


class RawRepl:
    """A camera at its prompt, as a transport of the recorder."""

    def __init__(
        self,
        line: Line,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._line = line
        self._clock = clock
        self._sleep = sleep
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._ended = False
        self._last_words = "without its last line"

    def start(self, script: str) -> None:
        """Stop whatever runs and run ``script``.

        Raises:
            ConnectionLost: the camera is gone, or what answers is no raw REPL.
        """
        self._write(_STOP)
        self._sleep(0.1)
        self._write(_RAW)
        self._expect(_PROMPT)
        data = script.encode()
        for at in range(0, len(data), _PIECE):
            self._write(data[at : at + _PIECE])
            self._sleep(_PAUSE)
        self._write(_RUN)
        self._expect(b"OK")

    def read(self) -> str:
        """What was printed since the last call.

        Raises:
            ScriptEnded: there is nothing more to come.
            ConnectionLost: the camera is gone.
        """
        if self._ended:
            raise ScriptEnded(self._last_words)
        text = self._decoder.decode(self._read())
        printed, end, rest = text.partition(_END)
        if not end:
            return printed
        self._ended = True
        heard = self._clock()
        while _END not in rest and self._clock() - heard < _PATIENCE:
            rest += self._decoder.decode(self._read())
        traceback = rest.partition(_END)[0].strip()
        if traceback:
            self._last_words = traceback.splitlines()[-1]
        return printed

    def acknowledge(self, lines: int) -> None:
        """Nothing to do: USB holds the camera up until the PC has read."""

    def leave(self) -> None:
        """Back to the prompt for people; a camera that is gone cannot be told."""
        with suppress(ConnectionLost):
            self._write(_STOP)
            self._write(_FRIENDLY)

    def _expect(self, wanted: bytes) -> None:
        seen, since = b"", self._clock()
        while wanted not in seen:
            if self._clock() - since > _PATIENCE:
                raise ConnectionLost("no raw REPL answers")
            seen += self._read(1)  # and not a byte of what comes behind it

    def _read(self, size: int = 0) -> bytes:
        try:
            return self._line.read(size or max(1, self._line.in_waiting))
        except OSError as error:
            raise ConnectionLost(str(error)) from error

    def _write(self, data: bytes) -> None:
        try:
            self._line.write(data)
        except OSError as error:
            raise ConnectionLost(str(error)) from error


__all__ = ["ConnectionLost", "Line", "RawRepl", "ScriptEnded"]
