"""The options that pick and change a board, shared by the commands that simulate one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from omvsim.boards import Board


def add_board_options(parser: argparse.ArgumentParser) -> None:
    """``--board --firmware --gc --set``."""
    group = parser.add_argument_group("camera")
    group.add_argument("--board", help="board profile by name or path of a TOML file (default: openmv-rt1062)")
    group.add_argument(
        "--firmware", help="release, e.g. 4.8.1 or 5.0.0 (default: the board profile's); see 'omvsim boards'"
    )
    group.add_argument(
        "--gc",
        metavar="SIZES",
        help="sizes of the GC areas in order, e.g. 64K,272K,4M; SIZE@ADDRESS sets the start too",
    )
    group.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", dest="settings", help="change any board value"
    )


def board_from(args: argparse.Namespace, default_board: str, default_firmware: str | None) -> Board:
    """The board those options describe.

    Raises:
        BoardError: one of them is wrong.
    """
    from omvsim.boards import load_board, parse_gc_areas, parse_settings

    board = load_board(args.board or default_board, args.firmware or default_firmware)
    if args.settings:
        board = board.with_values(parse_settings(args.settings))
    if args.gc is not None:
        board = board.with_gc_areas(parse_gc_areas(args.gc))
    return board
