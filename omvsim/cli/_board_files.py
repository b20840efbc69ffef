"""``omvsim boards import`` and ``omvsim boards diff``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from omvsim.boards import Board


def configure_import(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``boards import``."""
    parser.add_argument("header", metavar="HEADER", help="the board's board_config.h or omv_boardconfig.h")
    parser.add_argument("map", metavar="MAP", nargs="?", help="the linker's map of a build, for what only a link knows")
    parser.add_argument("--release", metavar="VERSION", help="whose linker script places it (default: the newest)")
    parser.add_argument("--name", help="the profile's name (default: the header's folder)")
    parser.add_argument("-D", "--define", metavar="NAME[=VALUE]", action="append", default=[], help="as the build does")
    parser.add_argument("-o", "--output", metavar="FILE", help="write the profile there instead of printing it")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")


def configure_diff(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``boards diff``."""
    for name in ("before", "after"):
        parser.add_argument(name, metavar="BOARD[@VERSION]", help="a profile's name or the path of a .toml file")


def run_import(args: argparse.Namespace) -> None:
    """Print or write the profile; what could not be read goes to stderr too.

    Raises:
        BoardError: a file cannot be read, or the profile would not fit together.
    """
    from omvsim.boards import known_releases
    from omvsim.boards.importing import draft_profile, profile_text, read_header, read_map
    from omvsim.errors import BoardError
    from omvsim.writing import write_text

    header = Path(args.header)
    release = (args.release or known_releases()[-1]).removeprefix("v")
    name = args.name or header.resolve().parent.name.lower().replace("_", "-") or "imported"
    linked = read_map(args.map) if args.map else None
    imported = draft_profile(read_header(header, args.define), release, name=name, linked=linked)
    beside = f" and {Path(args.map).name}" if args.map else ""
    text = profile_text(imported, f"Made by omvsim boards import from {header.name}{beside}, release {release}.")
    for line in imported.unread:
        print(f"not read: {line}", file=sys.stderr)
    if args.output is None:
        print(text, end="")
        return
    if Path(args.output).exists() and not args.force:
        raise BoardError(args.output, "is there already; --force writes over it")
    write_text(args.output, text)
    print(f"{args.output}: {_summary(args.output)}")


def _summary(path: str) -> str:
    from omvsim.boards import load_board
    from omvsim.units import format_size

    board = load_board(path)
    areas = " + ".join(format_size(area.length) for area in board.gc_areas)
    return f"{len(board.memories)} memories, GC heap {areas}; omvsim boards show {path} draws it"


def run_diff(args: argparse.Namespace) -> None:
    """Print what differs.

    Raises:
        BoardError: no such board or release.
    """
    from omvsim.boards import differences

    before, after = _board(args.before), _board(args.after)
    found = differences(before, after)
    if args.json:
        rows = [{"key": each.key, "before": _plain(each.before), "after": _plain(each.after)} for each in found]
        sides = {"before": _named(before), "after": _named(after)}
        head = {"schema": "omvsim.boards.diff", "schema_version": 1}
        print(json.dumps({**head, **sides, "differences": rows}, indent=2))
        return
    print(f"{before.name} {before.firmware} → {after.name} {after.firmware}: {len(found)} values differ")
    width = max((len(each.key) for each in found), default=0)
    for each in found:
        print(f"  {each.key:<{width}}  {_shown(each.key, each.before)} → {_shown(each.key, each.after)}")


def _named(board: Board) -> dict[str, str]:
    return {"board": board.name, "firmware": board.firmware}


def _board(text: str) -> Board:
    from omvsim.boards import load_board

    name, _, version = text.rpartition("@") if "@" in text else (text, "", "")
    return load_board(name, version or None)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _shown(key: str, value: object) -> str:
    from omvsim.units import format_address, format_size

    if value is None:
        return "none"
    if isinstance(value, int) and not isinstance(value, bool):
        if key.endswith(".origin"):
            return format_address(value)
        if key.endswith((".size", ".length")):
            return format_size(value)
    return ", ".join(map(str, value)) or "none" if isinstance(value, tuple) else str(value)
