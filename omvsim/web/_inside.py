"""Python in the browser: called by ``worker.js`` with a question in a file, leaves the answer in another."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
from pathlib import Path

from omvsim.errors import OmvsimError
from omvsim.web._answer import Asked, answer

for _name, _answer in (("umask", 0o022), ("chmod", None), ("fchmod", None)):
    if not hasattr(os, _name):  # WASI has no rights of files
        setattr(os, _name, lambda *_, answer=_answer, **__: answer)


def handle(question: str, reply: str) -> None:
    """Read the question, run the command in this very interpreter, write the reply."""
    folder = Path(question).parent / "work"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        values = answer(Asked.of(json.loads(Path(question).read_text(encoding="utf-8"))), folder, _execute).as_json()
    except OmvsimError as error:
        values = {"mistake": str(error)}
    Path(reply).write_text(json.dumps(values), encoding="utf-8")


def _execute(words: list[str], folder: Path) -> tuple[int, str, str]:
    from omvsim.cli import main  # noqa: PLC0415 - the first question pays for it

    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    before = Path.cwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(words)
    finally:
        os.chdir(before)
    return code, _text(out), _text(err)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


__all__ = ["handle"]
