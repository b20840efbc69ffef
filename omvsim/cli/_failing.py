"""What the command line says when a command could not do its work: one line, and the exit code for it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from omvsim.cli.exit_codes import ExitCode
from omvsim.errors import InputError, OmvsimError

if TYPE_CHECKING:
    import argparse


def told(error: BaseException, args: argparse.Namespace, *, debug: bool) -> ExitCode:
    """Print the line for ``error`` on standard error, with ``--debug`` the traceback before it."""
    if isinstance(error, BrokenPipeError):
        # The reader (head, less) went away: not our error.
        _no_more_output()
        return ExitCode.OK
    if isinstance(error, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    if debug:
        import traceback

        with suppress(OSError):
            traceback.print_exception(error)
    if isinstance(error, InputError):
        _say(str(error))
        return ExitCode.BAD_INPUT
    if isinstance(error, OmvsimError):
        _say(str(error))
        return ExitCode.ERROR
    if isinstance(error, OSError) and error.strerror:
        # A full disk, a closed terminal, a folder that is gone: the host's doing, and its text says which.
        _say(f"{'standard output or a file' if error.filename is None else error.filename}: {error.strerror}")
        _no_more_output()
        return ExitCode.ERROR
    return _internal(error, args)


def _internal(error: BaseException, args: argparse.Namespace) -> ExitCode:
    from omvsim.internal_error import InternalError

    found = InternalError.of(error)
    with suppress(OSError, InputError):  # the line below is still to be said
        _write_json(found.as_json(str(getattr(args, "command", "")), ExitCode.INTERNAL), getattr(args, "json", None))
    _say(found.line)
    return ExitCode.INTERNAL


def _write_json(values: dict[str, object], target: object) -> None:
    """Where the report would have gone: ``target`` is the value of the command's ``--json``."""
    import json

    if not target:
        return
    text = json.dumps(values) + "\n"
    if isinstance(target, str) and target != "-":
        from omvsim.writing import write_text

        write_text(target, text)
    else:
        print(text, end="", flush=True)


def _say(text: str) -> None:
    with suppress(OSError):
        print(f"omvsim: {text}", file=sys.stderr)


def _no_more_output() -> None:
    """Python would complain again while it flushes at its end."""
    with suppress(OSError, ValueError):  # ValueError: no descriptor behind it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
