"""``omvsim arena``: plan a model's tensor arena, byte by byte."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from omvsim.cli.exit_codes import ExitCode
from omvsim.errors import InputError

if TYPE_CHECKING:
    import argparse

    from omvsim.boards import Board

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

    board = load_board(args.board or DEFAULT_BOARD, args.firmware)
    code = ExitCode.OK
    for path in args.models:
        try:
            _print(path, board, as_json=args.json)
        except InputError as error:
            print(f"omvsim: {error}", file=sys.stderr)
            code = ExitCode.BAD_INPUT
    return code


def _print(path: str, board: Board, *, as_json: bool) -> None:
    from omvsim.graph import read_model
    from omvsim.modelfile import arena_plan
    from omvsim.report import arena_json, render_arena

    notes = () if board.measured else _notes(board)
    plan, rule = arena_plan(read_model(path), board), board.release.arena
    if as_json:
        print(json.dumps(arena_json(path, plan, rule, notes)))
        return
    from omvsim.report import paper, print_notes

    paper().print(render_arena(path, plan, rule))
    print_notes(notes)


def _notes(board: Board) -> tuple[str, ...]:
    from omvsim.runs.trust import notes_of  # what runs scripts: nothing that a measured board's plan needs

    return (*board.notes, *notes_of(board)[:1])
