"""The command line: one module a subcommand, imported only when it is asked for.

A subcommand module ``omvsim/cli/NAME.py`` has two functions: ``configure(parser)`` adds its arguments and
``run(args) -> int`` returns the exit code. ``COMMANDS`` below is the only list of them.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import io
import os
import sys
from typing import TYPE_CHECKING

from omvsim._version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

_YOUNG = 50_000
"""Objects made before Python looks for cycles: at its own 700 it looks 80 times while a command starts, in vain."""

COMMANDS = {
    "run": "load and run a model on the simulated camera",
    "exec": "run a script unmodified on the simulated camera",
    "releases": "one model on every firmware release",
    "what-if": "search for the configuration that fits",
    "gate": "fail a build when models no longer fit",
    "arena": "plan a model's tensor arena, byte by byte",
    "replay": "feed a recorded heap trace to the simulated heap",
    "time": "time an inference, operator by operator",
    "calibrate": "fit the time model to times recorded on a camera",
    "validate": "predict what traces recorded and print the error table",
    "trace": "record what a camera does, and look at traces",
    "report": "render a run that was kept with -o",
    "boards": "list board profiles, draw a memory map",
    "models": "generate small models to try things with",
}


def _build_parser(command: str | None) -> argparse.ArgumentParser:
    """The parser; only ``command``'s own arguments are filled in, so that the others are not imported."""
    parser = argparse.ArgumentParser(
        prog="omvsim",
        description="Simulates the memory of the OpenMV Cam RT1062: will this .tflite model load and run?",
    )
    parser.add_argument("--version", action="version", version=f"omvsim {__version__}")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error (with any command)")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        sub = subparsers.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        if name == command:
            importlib.import_module(f"omvsim.cli.{name.replace('-', '_')}").configure(sub)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (see :class:`ExitCode`)."""
    arguments, debug = _without_debug(list(sys.argv[1:] if argv is None else argv))
    args = argparse.Namespace()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    try:
        _prepare_streams()
        command = next((word for word in arguments if not word.startswith("-")), None)
        _build_parser(command).parse_args(arguments, args)
        args.debug = debug
        code: int = importlib.import_module(f"omvsim.cli.{args.command.replace('-', '_')}").run(args)
        sys.stdout.flush()
        return code
    except (Exception, KeyboardInterrupt) as error:
        from omvsim.cli._failing import told

        return told(error, args, debug=debug)


def _without_debug(arguments: list[str]) -> tuple[list[str], bool]:
    """``--debug`` is taken before and after the command, but not behind ``--``."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    kept = [word for word in arguments[:end] if word != "--debug"]
    return kept + arguments[end:], len(kept) < end


def _prepare_streams() -> None:
    """A terminal that cannot show a character is no reason to stop, and neither is an output that is closed."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - to the end of the process
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
