"""The options that pick and change a board, shared by the commands that simulate one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from omvsim.errors import BoardError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

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
    from omvsim.boards import load_board

    return changed(load_board(args.board or default_board, args.firmware or default_firmware), args.settings, args.gc)


def changed(board: Board, settings: list[str], gc: str | None) -> Board:
    """The board with the values of ``--set`` and the areas of ``--gc``.

    Raises:
        BoardError: one of them is wrong; it names the option, since nothing is wrong with the profile.
    """
    from omvsim.boards import parse_gc_areas, parse_settings

    if settings:
        with _blamed("--set", " ".join(settings), board):
            board = board.with_values(parse_settings(settings))
    if gc is not None:
        with _blamed("--gc", gc, board):
            board = board.with_gc_areas(parse_gc_areas(gc))
    return board


@contextmanager
def _blamed(option: str, value: str, board: Board) -> Iterator[None]:
    try:
        yield
    except BoardError as error:
        if error.source != board.source:
            raise
        raise BoardError(f"{option} {value}", error.cause) from error
