"""Processes that share out work, the one way all commands start them: none outlives the process that started it.

However that one ends (SIGTERM, SIGKILL, SIGHUP, a crash), the system closes its end of a pipe, and a worker that sees
the pipe's end leaves at once. A worker that lived on would hold the standard output of its command, and whatever reads
that would wait for ever.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from concurrent.futures import BrokenExecutor, CancelledError, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import Pipe
from typing import TYPE_CHECKING, Any, Self

from omvsim.errors import InputError, MissingExtraError, WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor, Future
    from multiprocessing.connection import Connection
    from typing import ParamSpec, TypeVar

    P = ParamSpec("P")
    T = TypeVar("T")

MOST = 256
"""No machine that this is meant for has more processors, and each process takes some 60 MB."""
_PATIENCE = 10
"""Seconds for a scheduler to answer."""
_WINDOWS_MOST = 61
"""What ``ProcessPoolExecutor`` takes there."""


def processors() -> int:
    """Processors this process may use, at most :data:`MOST`."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(found, MOST)


class Workers(ProcessPoolExecutor):
    """A pool of processes; as a context manager, an exception stops what is being worked on.

    Args:
        count: processes, at least 1; more than :data:`MOST` are not started.
    """

    def __init__(self, count: int) -> None:
        most = _WINDOWS_MOST if os.name == "nt" else MOST
        watched, self._held = Pipe(duplex=False)
        super().__init__(min(count, most), initializer=_tie, initargs=(watched, self._held))

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As any executor's.

        Raises:
            WorkerError: a process has gone, which a pool says of what comes after as well.
        """
        try:
            return super().submit(fn, *args, **kwargs)
        except BrokenExecutor as error:
            raise WorkerError from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: Any) -> None:
        if kind is not None:
            self.abandon()
        self.shutdown(cancel_futures=True)

    def abandon(self) -> None:
        """End the processes now, whatever they do."""
        self._held.close()


class Thread(ThreadPoolExecutor):
    """One thread for what is too little for processes; leaving it drops what has not begun."""

    def __init__(self) -> None:
        super().__init__(1)

    def __exit__(self, *_: Any) -> None:
        self.shutdown(cancel_futures=True)


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The workers of a Dask scheduler; what has not begun is dropped at the end.

    Raises:
        MissingExtraError: Dask's ``distributed`` is not installed.
        InputError: no scheduler answers at the address.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise MissingExtraError("work on several machines needs Dask", "pip install 'omvsim[dask]'") from error
    try:
        client = distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise InputError(address, "no Dask scheduler answers there") from error
    with client:
        yield client.get_executor()


def done(future: Future[T]) -> T:
    """What a pool's future came to.

    Raises:
        WorkerError: its process has gone; whatever else the work raised.
    """
    distributed = sys.modules.get("distributed")  # its error belongs to no class of the standard library
    killed = () if distributed is None else (distributed.KilledWorker,)
    try:
        return future.result()
    except (BrokenExecutor, CancelledError, *killed) as error:
        raise WorkerError from error


def _tie(watched: Connection, held: Connection) -> None:
    """Bind this worker to the process that started it, in a thread: most work here is Python's own."""
    held.close()  # a copy of the parent's end: with it the pipe would never end
    # Ctrl-C reaches every process of a terminal; the parent decides, and ends the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with, args=(watched,), daemon=True).start()


def _leave_with(watched: Connection) -> None:
    try:
        watched.recv_bytes()
    except (EOFError, OSError):
        os._exit(1)


__all__ = ["MOST", "Thread", "Workers", "cluster", "done", "processors"]
