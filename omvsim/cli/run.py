"""``omvsim run MODEL``: does it load and run, where does everything land, how much room is left?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from omvsim.cli._board_options import add_board_options, board_from
from omvsim.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    import argparse

    from omvsim.advice import Advice
    from omvsim.scenario import RunResult

EXIT_CODES = {
    "ok": ExitCode.OK,
    "memory_error": ExitCode.MEMORY_ERROR,
    "value_error": ExitCode.VALUE_ERROR,
    "may_crash": ExitCode.MAY_CRASH,
    "refused": ExitCode.REFUSED,
    "other_error": ExitCode.OTHER_EXCEPTION,
    "unknown": ExitCode.UNKNOWN,
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim run``."""
    parser.add_argument("model", metavar="MODEL", help="a .tflite file")
    add_board_options(parser)
    group = parser.add_argument_group("script")
    group.add_argument("--load", choices=("rom", "file", "fb"), help="where the model is loaded from or to")
    group.add_argument("--loops", type=_count, metavar="N", help="predictions (default: 5)")
    group.add_argument(
        "--input",
        choices=("camera", "image", "ndarray", "callable"),
        help="what predict() is given (default: a frame of the camera where the model takes pictures, else an array)",
    )
    group.add_argument(
        "--keep-output", action="store_true", default=None, help="the script keeps each output until the next is made"
    )
    group.add_argument(
        "--callback", action="store_true", default=None, help="a post-processing callback takes the outputs"
    )
    group.add_argument("--scenario", metavar="FILE", help="name or path of a scenario (default: load-and-predict)")
    group.add_argument("--labels", metavar="FILE", help="labels beside the model on the camera")
    output = parser.add_argument_group("output")
    output.add_argument("--json", action="store_true", help="one JSON object on standard output")
    output.add_argument("--allocations", action="store_true", help="with --json: every allocation in order")
    output.add_argument("--no-advice", action="store_true", help="do not look for ways out of a failure")
    output.add_argument("--trace", metavar="FILE", help="write every allocation as JSON Lines; - is standard output")


def _count(text: str) -> int:
    import argparse

    value = int(text)
    if not 1 <= value <= 1_000_000:
        raise argparse.ArgumentTypeError("must be between 1 and 1000000")
    return value


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    from omvsim import api
    from omvsim.boards import DEFAULT_BOARD
    from omvsim.scenario import DEFAULT_SCENARIO, load_scenario

    story = load_scenario(args.scenario or DEFAULT_SCENARIO)
    board = board_from(args, story.board or DEFAULT_BOARD, story.firmware or api.DEFAULT_FIRMWARE)
    result = api.run(
        args.model,
        board=board,
        scenario=story,
        load=args.load,
        input=args.input,
        loops=args.loops,
        keep_output=args.keep_output,
        callback=args.callback,
        labels=args.labels,
    )
    if args.trace:
        _write_trace(result, args.trace)
    if args.json:
        import json

        from omvsim.report._run_json import run_json

        print(json.dumps(run_json(result, _ways_out(args, result), allocations=args.allocations)))
    elif args.trace != "-":
        from omvsim.report._run_text import print_run

        print_run(result, _ways_out(args, result))
    return EXIT_CODES[result.verdict]


def _ways_out(args: argparse.Namespace, result: RunResult) -> tuple[Advice, ...] | None:
    """None when nobody looked."""
    from omvsim.advice import suggest

    return None if args.no_advice else suggest(result)


def _write_trace(result: RunResult, target: str) -> None:
    import json

    from omvsim.cli._files import write_text
    from omvsim.report._run_json import allocation_json

    names = [step.name for step in result.steps]
    lines = (json.dumps(allocation_json(entry, names)) + "\n" for entry in result.allocations)
    if target == "-":
        sys.stdout.writelines(lines)
    else:
        write_text(target, "".join(lines))
