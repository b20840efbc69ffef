"""The command line: one module a subcommand, imported only when it is asked for.

A subcommand module ``omvsim/cli/NAME.py`` has two functions: ``configure(parser)`` adds its arguments and
``run(args) -> int`` returns the exit code. ``COMMANDS`` below is the only list of them.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import sys
from typing import TYPE_CHECKING

from omvsim.cli._parser import Parser, meant
from omvsim.cli._streams import output_failure, prepare_streams

if TYPE_CHECKING:
    from collections.abc import Sequence

_YOUNG = 200_000
"""Objects made before Python looks for cycles: at its own 700 it looks 80 times while a command starts, in vain."""

COMMANDS = {
    "run": "load and run a model on the simulated camera",
    "exec": "run a script unmodified on the simulated camera",
    "releases": "one model or script on every firmware release",
    "what-if": "search for the configuration that fits",
    "gate": "fail a build when models no longer fit",
    "arena": "plan a model's tensor arena, byte by byte",
    "replay": "feed a recorded heap trace to the simulated heap",
    "time": "time an inference, operator by operator",
    "calibrate": "fit the time model to times recorded on a camera",
    "validate": "predict what traces recorded and print the error table",
    "trace": "record what a camera does, and look at traces",
    "compare": "put two models, scripts, kept runs, releases or boards side by side",
    "serve": "a page on this computer on which models and scripts are dropped",
    "report": "render a run that was kept with -o",
    "boards": "list board profiles, draw a memory map",
    "models": "generate small models to try things with",
    "completion": "complete commands and options in your shell",
}
EXAMPLES = ("models make tiny-conv", "run tiny-conv.tflite", "exec main.py --model tiny-conv.tflite", "COMMAND --help")


def build_parser(*filled: str, only: str | None = None) -> Parser:
    """The parser; only the commands in ``filled`` have their own arguments, so that the others are not imported.

    ``only`` leaves the others out: a parser takes 1 ms to make, and behind a command nobody asks for another one.
    """
    parser = Parser(
        prog="omvsim",
        description="Simulates the memory of the OpenMV Cam RT1062: will this .tflite model load and run?",
    )
    parser.show_examples(EXAMPLES)
    parser.add_argument("--version", action=_Version)
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error (with any command)")
    subparsers = parser.add_subparsers(prog=parser.prog, dest="command", metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        if only not in (None, name):
            continue
        sub = subparsers.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        if name in filled:
            module = importlib.import_module(f"omvsim.cli.{name.replace('-', '_')}")
            module.configure(sub)
            sub.show_examples(module.EXAMPLES)
    return parser


class _Version(argparse.Action):
    """``--version``: ours, and that of everything an answer depends on."""

    def __init__(self, option_strings: Sequence[str], dest: str, **_: object) -> None:
        super().__init__(option_strings, dest, nargs=0, help="omvsim's version, and of what its answers depend on")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from omvsim.cli._versions import versions

        print(versions())
        parser.exit()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (see :class:`ExitCode`)."""
    arguments, debug = _without_debug(list(sys.argv[1:] if argv is None else argv))
    args = argparse.Namespace()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    try:
        prepare_streams()
        _parse(arguments, args)
        args.debug = debug
        code: int = importlib.import_module(f"omvsim.cli.{args.command.replace('-', '_')}").run(args)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:
        from omvsim.cli._failing import told

        return told(error, args, debug=debug)
    failure = output_failure()
    if failure is None:
        return code
    from omvsim.cli._failing import told

    failed = told(failure, args, debug=False)
    return code or failed


def _meant(word: str) -> str:
    """What somebody may have meant with a word that is no command: another, or the one for a file of that kind."""
    for suffix, command in ((".tflite", "run"), (".py", "exec"), (".omv", "report tree")):
        if word.endswith(suffix):
            return f"; did you mean 'omvsim {command} {word}'?"
    return meant(word, COMMANDS, cutoff=0.6)


def _parse(arguments: list[str], args: argparse.Namespace) -> None:
    """Fill ``args``; what cannot be understood ends the process with code 2 and says what may have been meant."""
    if "_ARGCOMPLETE" in os.environ:  # a shell asks what could come next
        import argcomplete

        argcomplete.autocomplete(build_parser(*COMMANDS))
    command = next((word for word in arguments if not word.startswith("-")), None)
    known = [command] if command in COMMANDS else []
    parser = build_parser(*known, only=command if arguments[:1] == known else None)
    if command is not None and command not in COMMANDS:
        parser.error(f"no command {command!r}{_meant(command)}; known are {', '.join(COMMANDS)}")
    _, rest = parser.parse_known_args(arguments, args)
    if rest:
        parser.below(args.command).unknown(rest)


def _without_debug(arguments: list[str]) -> tuple[list[str], bool]:
    """``--debug`` is taken before and after the command, but not behind ``--``."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    kept = [word for word in arguments[:end] if word != "--debug"]
    return kept + arguments[end:], len(kept) < end
