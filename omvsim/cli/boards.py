"""``omvsim boards``: list board profiles, draw a memory map, make a profile of a board's own files, compare two."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from omvsim.cli._board_files import configure_diff, configure_import, run_diff, run_import
from omvsim.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    import argparse

    from omvsim.boards import Board, BoardInfo


EXAMPLES = (
    "boards list",
    "boards show openmv-rt1062",
    "boards import board_config.h firmware.map --release 5.0.0 -o mine.toml",
    "boards diff openmv-h7@4.8.1 openmv-h7@5.0.0",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim boards``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    listing = actions.add_parser("list", help="list the profiles that ship with omvsim (the default)")
    show = actions.add_parser("show", help="draw a board's memory map")
    show.add_argument("board", metavar="BOARD", help="a profile's name or the path of a .toml file")
    show.add_argument("--firmware", metavar="VERSION", help="release, e.g. 4.8.1 (default: the profile's own)")
    show.add_argument(
        "--gc",
        metavar="SIZES",
        help="other GC areas in order, e.g. 64K,272K,4M; SIZE@ADDRESS sets the start too; other regions stay",
    )
    show.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="another value, e.g. gc[2].size=12M; regions behind it move as the linker would",
    )
    configure_import(actions.add_parser("import", help="make a profile from a board's header and linker map"))
    diff = actions.add_parser("diff", help="show every value in which two boards or releases differ")
    configure_diff(diff)
    for sub in (parser, listing, show, diff):
        sub.add_argument("--json", action="store_true", default=False, help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Run ``omvsim boards``; returns the exit code."""
    if args.action == "show":
        _show(_board(args), as_json=args.json)
    elif args.action == "import":
        run_import(args)
    elif args.action == "diff":
        run_diff(args)
    else:
        _list(as_json=args.json)
    return ExitCode.OK


def _board(args: argparse.Namespace) -> Board:
    from omvsim.boards import load_board
    from omvsim.cli._board_options import changed

    return changed(load_board(args.board, args.firmware), args.set, args.gc)


def _show(board: Board, *, as_json: bool) -> None:
    from omvsim.report import memory_map_json, render_memory_map

    if as_json:
        print(json.dumps(memory_map_json(board), indent=2))
        return
    from omvsim.report import paper

    paper().print(render_memory_map(board))


def _list(*, as_json: bool) -> None:
    from omvsim.boards import list_boards

    boards = list_boards()
    if as_json:
        known = [_info_json(info) for info in boards]
        print(json.dumps({"schema": "omvsim.boards", "schema_version": 1, "boards": known}, indent=2))
        return
    from omvsim.report import paper

    width = paper().width
    for info in boards:
        print(f"{info.name}\n  {info.title}")
        for line in _wrapped(info, width - 4):
            print(f"  {line}")
    print("\nomvsim boards show NAME --firmware VERSION draws the memory map.")


def _info_json(info: BoardInfo) -> dict[str, object]:
    return {
        "name": info.name,
        "title": info.title,
        "default_firmware": info.default_firmware,
        "releases": list(info.releases),
    }


def _wrapped(info: BoardInfo, width: int) -> list[str]:
    import textwrap

    releases = ", ".join(f"{v} (default)" if v == info.default_firmware else v for v in info.releases)
    return textwrap.wrap(f"firmware {releases}", width=width, subsequent_indent="  ", break_on_hyphens=False)
