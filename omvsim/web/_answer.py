"""What the page asks and what it is told: one command of omvsim in a folder of its own."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from omvsim.boards import DEFAULT_BOARD, releases
from omvsim.errors import OmvsimError
from omvsim.firmware import LoadMode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Execute = Callable[[list[str], Path], tuple[int, str, str]]

MOST_BYTES = 64 << 20
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_. -]{0,120}")
_SUFFIXES = (".tflite", ".py", ".txt")
_REPORT = "report.html"
_FRAMES, _SECONDS = "40", "20"


def engine(kind: str, **more: str) -> dict[str, Any]:
    """What the page reads when it starts (``engine.json``): who answers it, and the releases that can be chosen."""
    return {"engine": kind, **more, "releases": releases(DEFAULT_BOARD)}


class MistakenError(OmvsimError):
    """The page asked for what there is not."""


class Asked(NamedTuple):
    """Files by name, which of them is run, the release and where the model is loaded from (empty: the default)."""

    files: Mapping[str, bytes]
    main: str
    firmware: str = ""
    load: str = ""

    @classmethod
    def of(cls, values: object) -> Asked:
        """From JSON: ``files`` are base64.

        Raises:
            MistakenError: it is no such question.
        """
        if not isinstance(values, dict) or not isinstance(values.get("files"), dict):
            raise MistakenError("no files were given")
        files = {str(name): _bytes(name, data) for name, data in values["files"].items()}
        asked = cls(files, str(values.get("main")), str(values.get("firmware") or ""), str(values.get("load") or ""))
        asked.check()
        return asked

    def check(self) -> None:
        """Refuse names that are no plain file names.

        Raises:
            MistakenError: one of them is not.
        """
        for name in self.files:
            if not _NAME.fullmatch(name) or not name.endswith(_SUFFIXES):
                raise MistakenError(f"{name}: neither a model (.tflite), a script (.py) nor labels (.txt)")
        if self.main not in self.files or self.main.endswith(".txt"):
            raise MistakenError(f"{self.main}: not among the files that were dropped")
        if sum(map(len, self.files.values())) > MOST_BYTES:
            raise MistakenError(f"more than {MOST_BYTES >> 20} MiB were dropped")
        if not re.fullmatch(r"[0-9A-Za-z.-]{0,20}", self.firmware) or self.load not in ("", *LoadMode):
            raise MistakenError("no such release or place")

    def command(self, *, page: bool) -> list[str]:
        """The command that answers: what somebody would type in the folder of the files."""
        words = ["run", self.main]
        if self.main.endswith(".py"):
            words = ["exec", self.main, "--frames", _FRAMES, "--time-limit", _SECONDS]
            words += [word for name in self.files if name != self.main for word in ("--model", name)]
        words += ["--firmware", self.firmware] * bool(self.firmware)
        if self.load and not self.main.endswith(".py"):
            words += ["--load", self.load]
        return [*words, *(("--html", _REPORT, "--no-releases") if page else ())]


def _bytes(name: object, data: object) -> bytes:
    try:
        return base64.b64decode(str(data), validate=True)
    except (binascii.Error, ValueError):
        raise MistakenError(f"{name}: not base64") from None


class Answer(NamedTuple):
    """What the command said, its exit code, and the page it wrote (empty where it wrote none)."""

    command: str
    code: int
    out: str
    err: str
    page: str

    def as_json(self) -> dict[str, Any]:
        """For the page."""
        return self._asdict()


def answer(asked: Asked, folder: Path, execute: Execute, *, page: bool = True) -> Answer:
    """Put the files into ``folder`` and run the command there."""
    for name, data in asked.files.items():
        (folder / name).write_bytes(data)
    words = asked.command(page=page)
    code, out, err = execute(words, folder)
    written = folder / _REPORT
    text = written.read_text(encoding="utf-8") if written.is_file() else ""
    return Answer(f"omvsim {' '.join(words)}", code, out, err, text)


__all__ = ["MOST_BYTES", "Answer", "Asked", "Execute", "MistakenError", "answer", "engine"]
