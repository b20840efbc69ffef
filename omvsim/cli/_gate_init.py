"""``omvsim gate init``: a first policy from what the models take today."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.cli.exit_codes import ExitCode
from omvsim.errors import InputError, PolicyError

if TYPE_CHECKING:
    import argparse

_MODELS = "**/*.tflite"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add its arguments."""
    parser.add_argument("models", metavar="GLOB", nargs="*", help=f"models, seen from FILE (default: {_MODELS})")
    parser.add_argument("--exclude", metavar="GLOB", action="append", default=[], help="models to leave out")
    parser.add_argument(
        "--firmware", metavar="LIST", help="releases, e.g. 4.8.1,5.0.0, or all (default: the board profile's own)"
    )
    parser.add_argument("--board", help="board profile by name or path (default: openmv-rt1062)")
    parser.add_argument("--load", choices=("rom", "file", "fb"), help="where the models are loaded from or to")
    parser.add_argument("--margin", type=_percent, default=10.0, metavar="PERCENT", help="room to grow (default: 10)")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path("omvsim.toml"),
        metavar="FILE",
        help="default: omvsim.toml; a pyproject.toml gets the tables appended",
    )
    parser.add_argument("--force", action="store_true", help="replace FILE if it exists")


def _percent(text: str) -> float:
    import argparse

    try:
        value = float(text.removesuffix("%"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a percentage") from None
    if not 0 <= value <= 100:
        raise argparse.ArgumentTypeError("must be between 0 and 100")
    return value


def run(args: argparse.Namespace) -> int:
    """Write the policy."""
    from omvsim.boards import DEFAULT_BOARD, describe_board
    from omvsim.firmware import LoadMode
    from omvsim.gate import PROJECT_FILE, Draft, draft_policy
    from omvsim.writing import write_text

    path: Path = args.output
    in_project = path.name == PROJECT_FILE
    before = _existing(path, in_project=in_project, force=args.force)
    board = args.board or DEFAULT_BOARD
    wanted = args.firmware or describe_board(board).default_firmware
    firmware = () if wanted == "all" else tuple(wanted.split(","))
    draft = Draft(
        root=path.resolve().parent,
        models=tuple(args.models) or (_MODELS,),
        firmware=firmware,
        board=board,
        load=None if args.load is None else LoadMode(args.load),
        margin=args.margin,
        exclude=tuple(args.exclude),
    )
    text = draft_policy(draft, in_project=in_project)
    write_text(path, before + text)
    entries = text.count("gate]]")
    print(f"wrote {path}: {entries} {'entry' if entries == 1 else 'entries'}; run 'omvsim gate' to check them")
    return ExitCode.OK


def _existing(path: Path, *, in_project: bool, force: bool) -> str:
    """What the file says already and keeps."""
    if not path.exists():
        if in_project:
            raise InputError(path, "no such file")
        return ""
    if not in_project:
        if not force:
            raise InputError(path, "exists already (--force replaces it)")
        return ""
    from omvsim.gate import load_policy

    try:
        load_policy(path)
    except PolicyError as error:
        if "has no table" not in error.cause:
            raise
    else:
        raise InputError(path, "has a policy already: [tool.omvsim]")
    return path.read_text(encoding="utf-8").rstrip("\n") + "\n\n"
