"""Runs the recorder on a camera over USB and keeps what it prints, by one of two ways.

:attr:`Way.REPL` is MicroPython's raw REPL, which every release has and which loses nothing. :attr:`Way.OPENMV` is the
official ``openmv`` package, for firmware with protocol version 2 (from 5.0.0); API as of openmv 1.0: ``Camera(port)``
has ``connect()``, ``disconnect()``, ``stop()``, ``exec(script)``, ``read_status()`` (a dict of channels with data),
``read_stdout()`` and ``channel_write(name, data)``. When the camera vanishes it raises ``OMVException`` or, on some
errors of the serial port, calls ``sys.exit``. Both are in the extra ``camera``.
"""

from __future__ import annotations

import importlib
import re
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from omvsim.errors import InputError, MissingExtraError
from omvsim.recorder._repl import ConnectionLost, RawRepl, ScriptEnded
from omvsim.recorder._script import CHANNEL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

END_MARK = '"ev":"end"}'
_NUMBER = re.compile(r'\{"n":(\d+),[^\n]*\n')
POLL_SECONDS = 0.05
START_SECONDS = 0.5
"""Between stopping one script and starting another, as the openmv package's own command line waits."""
WRITE_SECONDS = 5.0
BAUD = 115200
"""Not 921 600 or 12 000 000, which tell the firmware that the IDE talks to it (usbdbg.c, protocol/)."""


class Way(StrEnum):
    """How the recorder's script gets to the camera and its lines back."""

    REPL = "repl"
    OPENMV = "openmv"


class Transport(Protocol):
    """What recording needs of a camera."""

    def start(self, script: str) -> None:
        """Stop whatever runs and run ``script``.

        Raises:
            ConnectionLost: the camera is gone.
        """

    def read(self) -> str:
        """What was printed since the last call, perhaps nothing.

        Raises:
            ConnectionLost: the camera is gone.
        """

    def acknowledge(self, lines: int) -> None:
        """So many numbered lines have arrived; the script may go on.

        Raises:
            ConnectionLost: the camera is gone.
        """


@dataclass(frozen=True, slots=True)
class Recording:
    """A log: ``complete`` when the script came to its end, else ``reason`` says why not."""

    text: str
    complete: bool
    reason: str = ""
    interrupted: bool = False
    """Whether the user stopped it (Ctrl-C, SIGTERM)."""


def record(
    transport: Transport,
    script: str,
    *,
    timeout: float = 600.0,
    progress: Callable[[str], None] = lambda _: None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Recording:
    """Run the recorder; whatever happens, what was printed so far is returned.

    Args:
        transport: the camera.
        script: text of :func:`recorder_script`.
        timeout: seconds without any output after which the camera counts as hung.
        progress: called with the log each time it has grown.
        clock: monotonic seconds.
        sleep: waits between polls.
    """
    text = ""
    counted = 0
    try:
        transport.start(script)
        heard = clock()
        while END_MARK not in text:
            fresh = transport.read()
            if fresh:
                text += fresh.replace("\r\n", "\n")
                whole = text.rfind("\n") + 1
                for number in _NUMBER.findall(text, counted, whole)[-1:]:
                    transport.acknowledge(int(number))
                counted = max(counted, whole)
                heard = clock()
                progress(text)
            elif clock() - heard > timeout:
                return Recording(text, complete=False, reason=f"the camera printed nothing for {timeout:g} s")
            else:
                sleep(POLL_SECONDS)
    except ScriptEnded as error:
        return Recording(text, complete=False, reason=f"the script ended early ({error})")
    except ConnectionLost as error:
        return Recording(text, complete=False, reason=f"the camera is gone ({error})")
    except KeyboardInterrupt:
        return Recording(text, complete=False, reason="interrupted", interrupted=True)
    return Recording(text, complete=True)


@contextmanager
def open_camera(port: str, way: Way = Way.REPL) -> Iterator[Transport]:
    """A camera at a serial port.

    Raises:
        MissingExtraError: the package that is needed is not installed.
        InputError: no camera answers at that port.
    """
    with _open_repl(port) if way is Way.REPL else _open_protocol(port) as transport:
        yield transport


@contextmanager
def _open_repl(port: str) -> Iterator[Transport]:
    try:
        serial = importlib.import_module("serial")
    except ImportError as error:
        raise MissingExtraError("recording needs pyserial", "pip install pyserial") from error
    try:
        line = serial.Serial(port, BAUD, timeout=POLL_SECONDS, write_timeout=WRITE_SECONDS)
    except (OSError, ValueError) as error:  # SerialException is an OSError
        raise InputError(port, f"cannot be opened ({error})") from error
    with line:
        repl = RawRepl(line)
        yield repl
        repl.leave()


@contextmanager
def _open_protocol(port: str) -> Iterator[Transport]:
    try:
        openmv = importlib.import_module("openmv")
    except ImportError as error:
        raise MissingExtraError("recording needs the openmv package", "pip install openmv") from error
    lost = (openmv.OMVException, OSError, SystemExit)
    camera = openmv.Camera(port)
    try:
        camera.connect()
    except lost as error:
        raise InputError(port, f"no camera answers there ({error})") from error
    try:
        yield _UsbTransport(camera, lost)
    finally:
        with suppress(*lost):  # a camera that is gone cannot be told good-bye
            camera.disconnect()


class _UsbTransport:
    """The ``openmv`` package as a :class:`Transport`; ``lost`` are the ways in which it reports a lost camera."""

    def __init__(self, camera: Any, lost: tuple[type[BaseException], ...]) -> None:
        self._camera = camera
        self._lost = lost

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except self._lost as error:
            raise ConnectionLost(str(error) or type(error).__name__) from error

    def start(self, script: str) -> None:
        with self._guarded():
            self._camera.stop()
            time.sleep(START_SECONDS)
            self._camera.exec(script)

    def read(self) -> str:
        with self._guarded():
            status = self._camera.read_status()
            if not status or not status.get("stdout"):
                return ""
            return str(self._camera.read_stdout() or "")

    def acknowledge(self, lines: int) -> None:
        with self._guarded():
            self._camera.channel_write(CHANNEL, lines.to_bytes(2, "little"))


__all__ = ["Recording", "Transport", "Way", "open_camera", "record"]
