"""Pages as wide and as high as the terminal, and what a reader must know of a board or a release below them."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from omvsim.report._fitting import rows_of_terminal
from omvsim.report._plain import console_of
from omvsim.report._run_verdict import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

PIPE_WIDTH = 100
"""Columns when the output is not a terminal; rich would take 80, which breaks lines."""


def paper() -> Console:
    """A console as wide as the terminal, or as COLUMNS says; in a pipe of :data:`PIPE_WIDTH`."""
    return console_of(None if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPE_WIDTH)


def print_page(lines: Sequence[str], verdict: str) -> None:
    """Print lines; what they come to is said again below them where it is off the terminal by then."""
    for line in lines:
        print(line)
    rows = rows_of_terminal()
    if rows is not None and len(lines) >= rows:
        print(wrapped(verdict, paper().width))


def print_notes(notes: Iterable[str]) -> None:
    """Print them, wrapped at words."""
    from rich.text import Text  # noqa: PLC0415 - rich is slow to import

    console = paper()
    for note in notes:
        console.print(Text(wrapped(f"Note: {note}", console.width, " " * 6), style="yellow"))
