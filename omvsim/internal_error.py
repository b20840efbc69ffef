"""A fault of omvsim itself, told in one line: what, where, and how to report it."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

from omvsim._version import __version__
from omvsim.records import dataclass

HOW_TO_REPORT = "a bug of omvsim: please report this line with the command and its files (README, 'Reporting a bug')"
_PACKAGE = Path(__file__).resolve().parent
_FRAME = re.compile(r'^ *File "([^"]+)", line ([0-9]+)', re.MULTILINE)
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class InternalError:
    """An exception that omvsim did not mean to raise."""

    kind: str
    """Name of the host's exception class."""
    message: str
    """Its text, on one line; empty where it has none."""
    place: str
    """The last line of omvsim it went through, e.g. ``omvsim/heap/_area.py, line 104``; empty if there is none."""
    notes: tuple[str, ...] = ()
    """What was being done, where that is known."""

    @classmethod
    def of(cls, error: BaseException) -> InternalError:
        """Describe ``error``; of an exception of another process too, which brings its traceback as text."""
        frames = _FRAME.findall(_traceback(error))
        ours = [(Path(path), line) for path, line in frames if Path(path).is_relative_to(_PACKAGE)]
        place = f"{ours[-1][0].relative_to(_PACKAGE.parent).as_posix()}, line {ours[-1][1]}" if ours else ""
        notes = tuple(_one_line(note) for note in getattr(error, "__notes__", ()))
        return cls(type(error).__name__, _one_line(str(error)), place, notes)

    def __str__(self) -> str:
        """Kind, message, place and notes on one line."""
        text = f"{self.kind}: {self.message}" if self.message else self.kind
        return "; ".join((f"{text} ({self.place})" if self.place else text, *self.notes))

    @property
    def line(self) -> str:
        """What a user is told."""
        return f"internal error: {self}; {HOW_TO_REPORT}"

    def as_json(self, command: str, exit_code: int) -> dict[str, object]:
        """JSON values; the schema is ``docs/schemas/error.json``."""
        return {
            "schema": "omvsim.error",
            "schema_version": 1,
            "omvsim": __version__,
            "command": command,
            "error": "internal_error",
            "exception": self.kind,
            "message": self.message,
            "place": self.place or None,
            "notes": list(self.notes),
            "report": HOW_TO_REPORT,
            "exit_code": exit_code,
        }


def _traceback(error: BaseException) -> str:
    """Of an exception from another process what happened there, not where this one waited for it."""
    cause = error.__cause__
    remote = type(cause).__module__.startswith(("concurrent.futures", "multiprocessing"))
    return str(cause) if remote else "".join(traceback.format_exception(error))


def _one_line(text: str) -> str:
    """Control characters too would break the line or the terminal."""
    joined = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return joined if len(joined) <= _LONGEST else joined[: _LONGEST - 1] + "…"
