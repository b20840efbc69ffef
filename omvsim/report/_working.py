"""Work that takes a while, on a terminal's standard error; silent everywhere else."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.progress import Progress
    from rich.status import Status

T = TypeVar("T")

PATIENCE = 1.0
"""Seconds after which a reader wants to know."""


@contextmanager
def _patiently(shown: Status | Progress) -> Iterator[None]:
    from threading import Timer  # noqa: PLC0415 - only where a terminal looks on

    timer = Timer(PATIENCE, shown.start)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        shown.stop()


@contextmanager
def working(what: str) -> Iterator[Callable[[str], None]]:
    """Say what goes on once it has taken a second; call what is given to say it in other words."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - rich is slow to import
    from rich.status import Status  # noqa: PLC0415

    status = Status(what, console=Console(stderr=True))
    with _patiently(status):
        yield status.update


@contextmanager
def counting(what: str, total: int | None = None, done: int = 0) -> Iterator[Callable[[int], None]]:
    """A bar once it has taken a second; call what is given with how many more are done.

    Without ``total`` only how many are done is known.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - rich is slow to import
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(what, total=total, completed=done)
    with _patiently(bar):
        yield lambda count: bar.advance(task, count)


def counted(what: str, things: Iterable[T], total: int | None = None) -> Iterator[T]:
    """``things`` one by one, counted while they take more than a second."""
    with counting(what, total) as advance:
        for thing in things:
            yield thing
            advance(1)


__all__ = ["counted", "counting", "working"]
