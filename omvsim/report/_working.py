"""Work that takes a while, on a terminal's standard error; silent everywhere else."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 1.0
"""Seconds after which a reader wants to know."""


@contextmanager
def working(what: str) -> Iterator[Callable[[str], None]]:
    """Say what goes on once it has taken a second; call what is given to say it in other words."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - rich is slow to import
    from rich.status import Status  # noqa: PLC0415

    status = Status(what, console=Console(stderr=True))
    timer = Timer(PATIENCE, status.start)
    timer.daemon = True
    timer.start()
    try:
        yield status.update
    finally:
        timer.cancel()
        timer.join()
        status.stop()


__all__ = ["working"]
