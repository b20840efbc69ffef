"""Runs the recorder on a camera over USB and keeps what it prints.

The official ``openmv`` package (the extra ``camera``) speaks the protocol; API as of openmv 1.0:
``Camera(port)`` has ``connect()``, ``disconnect()``, ``stop()``, ``exec(script)``, ``read_status()`` (a dict of
channels with data) and ``read_stdout()``. When the camera vanishes it raises ``OMVException`` or, on some errors of the
serial port, calls ``sys.exit``.
"""

from __future__ import annotations

import importlib
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from omvsim.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

END_MARK = '{"ev":"end"}'
POLL_SECONDS = 0.05


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


class ConnectionLost(Exception):
    """The camera does not answer any more."""


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
    try:
        transport.start(script)
        heard = clock()
        while END_MARK not in text:
            fresh = transport.read()
            if fresh:
                text += fresh.replace("\r\n", "\n")
                heard = clock()
                progress(text)
            elif clock() - heard > timeout:
                return Recording(text, complete=False, reason=f"the camera printed nothing for {timeout:g} s")
            else:
                sleep(POLL_SECONDS)
    except ConnectionLost as error:
        return Recording(text, complete=False, reason=f"the camera is gone ({error})")
    except KeyboardInterrupt:
        return Recording(text, complete=False, reason="interrupted", interrupted=True)
    return Recording(text, complete=True)


@contextmanager
def open_camera(port: str) -> Iterator[Transport]:
    """A camera at a serial port.

    Raises:
        MissingExtraError: the ``openmv`` package is not installed.
        InputError: no camera answers at that port.
    """
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
            time.sleep(0.5)  # as the package's own command line does
            self._camera.exec(script)

    def read(self) -> str:
        with self._guarded():
            status = self._camera.read_status()
            if not status or not status.get("stdout"):
                return ""
            return str(self._camera.read_stdout() or "")


__all__ = ["ConnectionLost", "Recording", "Transport", "open_camera", "record"]
