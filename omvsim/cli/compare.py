"""``omvsim compare A B``: models, scripts, kept runs, releases or boards side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.cli._board_options import add_board_options, board_from
from omvsim.cli._capture_options import add_capture_options, keep, wants_capture
from omvsim.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    import argparse

    from omvsim.boards import Board
    from omvsim.capture import Capture

EXAMPLES = (
    "compare old.tflite new.tflite",
    "compare model.tflite 5.0.0",
    "compare 4.5.5 4.8.1 --on model.tflite",
    "compare before.omv after.omv --html compare.html",
)
DEFAULT_FRAMES = 20


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim compare``."""
    what = "a model (.tflite), a script (.py), a kept run (.omv), a release such as 5.0.0, or a board profile"
    parser.add_argument("a", metavar="A", help=what)
    parser.add_argument("b", metavar="B", help="the same; a release or board beside a model or script runs that")
    add_board_options(parser)
    group = parser.add_argument_group("run")
    group.add_argument("--on", metavar="FILE", help="the model or script that releases and boards run")
    group.add_argument("--load", choices=("rom", "file", "fb"), help="where models are loaded from (default: as run)")
    group.add_argument(
        "--model", action="append", default=[], type=Path, metavar="FILE", help="for scripts, as of exec"
    )
    group.add_argument(
        "--frames", type=int, default=DEFAULT_FRAMES, metavar="N", help="frames of a script (default: 20)"
    )
    output = parser.add_argument_group("output")
    output.add_argument("--json", action="store_true", help="one JSON object on standard output")
    output.add_argument("--all", action="store_true", help="what is the same as well")
    add_capture_options(parser)


def run(args: argparse.Namespace) -> int:
    """Compare them."""
    from omvsim.compare import compare_captures

    wanted = wants_capture(args)
    subject = args.on or next((text for text in (args.a, args.b) if text.endswith((".tflite", ".py"))), None)
    given = compare_captures(_side(args, args.a, subject), _side(args, args.b, subject), _titles(args))
    if wanted:
        from omvsim.capture import capture_compare

        keep(args, capture_compare(given))
    if args.json:
        import json

        from omvsim.report import captures_json

        print(json.dumps(captures_json(given)))
    else:
        from omvsim.report import captures_text, captures_verdict, print_page

        print_page(captures_text(given, everything=args.all).splitlines(), captures_verdict(given))
    return ExitCode.OK


def _titles(args: argparse.Namespace) -> tuple[str, str]:
    """Names without folders; as given where those are the same."""
    names = Path(args.a).name or args.a, Path(args.b).name or args.b
    return names if names[0] != names[1] else (args.a, args.b)


def _side(args: argparse.Namespace, text: str, subject: str | None) -> Capture:
    """What one side is.

    Raises:
        InputError: it is none of those, or cannot be used.
    """
    from omvsim.boards import DEFAULT_BOARD, known_releases, load_board
    from omvsim.capture import SUFFIX, capture_board, read_capture

    if text.endswith(SUFFIX):
        return read_capture(Path(text))
    if text.endswith((".tflite", ".py")):
        return _ran(args, text, board_from(args, DEFAULT_BOARD, None))
    if text in known_releases():
        board = load_board(args.board or DEFAULT_BOARD, text)
    else:
        board = load_board(text, args.firmware)
    return capture_board(board) if subject is None else _ran(args, subject, board)


def _ran(args: argparse.Namespace, path: str, board: Board) -> Capture:
    from omvsim.capture import Recorder

    recorder = Recorder()
    if path.endswith(".py"):
        from omvsim.capture import capture_exec
        from omvsim.runs import ScriptOptions, run_script

        options = ScriptOptions(frames=args.frames or None, models=tuple(args.model), watcher=recorder)
        return capture_exec(run_script(Path(path), board, options), recorder)
    from omvsim import api
    from omvsim.capture import capture_run
    from omvsim.frame_time import time_of_run

    result = api.run(path, board=board, load=args.load, watcher=recorder)
    return capture_run(result, recorder, None, time_of_run(result))
