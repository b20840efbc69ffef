"""``omvsim arena``: plan a model's tensor arena, byte by byte."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from omvsim.cli.exit_codes import ExitCode
from omvsim.errors import InputError

if TYPE_CHECKING:
    import argparse

    from omvsim.boards import ArenaRule
    from omvsim.tflm import Library

EXAMPLES = (
    "arena model.tflite",
    "arena model.tflite --firmware 4.5.5 --json",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim arena``."""
    parser.add_argument("models", metavar="MODEL", nargs="+", help="a .tflite file")
    parser.add_argument(
        "--firmware", metavar="VERSION", help="OpenMV release, e.g. 4.8.1 (default: the board profile's)"
    )
    parser.add_argument("--board", metavar="BOARD", help="board profile or .toml file (default: openmv-rt1062)")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line for every model, in order")


def run(args: argparse.Namespace) -> int:
    """Plan every model; one that cannot be read gets a line on stderr, and the others are printed all the same."""
    from omvsim.boards import DEFAULT_BOARD, load_board
    from omvsim.tflm import find_library

    release = load_board(args.board or DEFAULT_BOARD, args.firmware).release
    library = find_library(release.library)
    code = ExitCode.OK
    for path in args.models:
        try:
            _print(path, library, release.arena, as_json=args.json)
        except InputError as error:
            print(f"omvsim: {error}", file=sys.stderr)
            code = ExitCode.BAD_INPUT
    return code


def _print(path: str, library: Library, rule: ArenaRule, *, as_json: bool) -> None:
    from omvsim.graph import read_model
    from omvsim.report import arena_json, render_arena
    from omvsim.tflm import plan_arena

    plan = plan_arena(read_model(path), library)
    if as_json:
        print(json.dumps(arena_json(path, plan, rule)))
        return
    from omvsim.report import console_of

    console_of().print(render_arena(path, plan, rule))
