"""Standard output for rich: a table's padding ends no line unless a terminal shows it."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


class Unpadded:
    """A text stream whose lines lose the blanks they end with; otherwise the stream behind it."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._begun = ""

    def write(self, text: str) -> int:
        """Whole lines go on at once, the last one when it is flushed or ends."""
        *whole, self._begun = (self._begun + text).split("\n")
        self._stream.write("".join(f"{line.rstrip(' ')}\n" for line in whole))
        return len(text)

    def flush(self) -> None:
        """What was begun goes on as it is, unless only blanks are left."""
        begun = self._begun.rstrip(" ")
        self._begun = self._begun[len(begun) :]
        self._stream.write(begun)
        self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def console_of(width: int | None = None, *, markup: bool = True) -> Console:
    """A console on standard output; ``width`` None: the terminal's."""
    from rich.console import Console  # noqa: PLC0415 - JSON output must not pay for rich

    stream: Any = sys.stdout if sys.stdout.isatty() else Unpadded(sys.stdout)
    return Console(file=stream, highlight=False, width=width, markup=markup)


__all__ = ["Unpadded", "console_of"]
