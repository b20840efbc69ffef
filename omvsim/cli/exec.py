"""``omvsim exec main.py``: run a script unmodified on the simulated camera."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.cli._board_options import add_board_options, board_from
from omvsim.cli._capture_options import add_capture_options, keep, recorder_for
from omvsim.cli.exit_codes import OF_VERDICT, ExitCode

if TYPE_CHECKING:
    from omvsim.boards import Board
    from omvsim.releases import ReleaseSummary, ScriptSummary
    from omvsim.runs import ScriptOptions, ScriptResult
    from omvsim.world.surroundings import Surroundings

DEFAULT_FRAMES = 20
DEFAULT_SECONDS = 60.0
DEFAULT_MEMORY = 2 << 30
COVERAGE_CODES = {"known": ExitCode.OK, "absent": ExitCode.OTHER_EXCEPTION, "unknown": ExitCode.UNKNOWN}

EXAMPLES = (
    "exec main.py --model model.tflite",
    "exec main.py --files sdcard --frames 100",
    "exec main.py --firmware 5.0.0 --json --allocations",
    "exec --coverage main.py",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim exec``."""
    parser.add_argument("script", metavar="SCRIPT", type=Path, help="a script for the camera (main.py)")
    add_board_options(parser)
    _add_run(parser.add_argument_group("run"))
    output = parser.add_argument_group("output")
    _add_output(output)
    add_capture_options(parser)
    output.add_argument(
        "--no-releases",
        action="store_true",
        help="with -o or --html: leave the script and its models on other releases out",
    )


def _add_run(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--frames",
        type=_count,
        default=DEFAULT_FRAMES,
        metavar="N",
        help="frames after which the run ends: pictures, or inferences where none is taken (default: 20; 0: never)",
    )
    group.add_argument(
        "--time-limit",
        type=_seconds,
        default=DEFAULT_SECONDS,
        metavar="SECONDS",
        help="by this computer's clock, after which the run ends wherever it is, with a report (default: 60; 0: never)",
    )
    group.add_argument(
        "--memory-limit",
        type=_size,
        default=DEFAULT_MEMORY,
        metavar="SIZE",
        help="of this computer's memory, after which the run ends likewise (default: 2G)",
    )
    group.add_argument(
        "--until",
        type=_camera_time,
        metavar="TIME",
        help="of the camera, e.g. 30s or 500ms, after which the script is stopped",
    )
    group.add_argument(
        "--source", metavar="WHAT", help="camera frames: a picture, a folder of pictures, a video, or noise (default)"
    )
    group.add_argument(
        "--model",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a .tflite file (or its labels) that the script finds under its name in /rom, /flash and /sdcard",
    )
    group.add_argument(
        "--files",
        type=Path,
        metavar="FOLDER",
        help="folder with rom/, flash/ and sdcard/ behind the camera's file systems (default: the script's)",
    )
    group.add_argument(
        "--world",
        type=Path,
        metavar="FILE",
        help="a TOML file that says what UARTs, buses, pins and networks answer (default: connected, nothing comes)",
    )
    group.add_argument(
        "--detections",
        "--finds",
        type=_count,
        metavar="N",
        help="boxes that every post-processing finds, and results of every find_… call that does not look itself",
    )
    group.add_argument(
        "--kernels",
        choices=("auto", "reference", "fast", "none"),
        default="auto",
        help="how models are computed: auto rounds as the camera for the first different inputs of a model",
    )
    group.add_argument("--seed", type=int, default=0, metavar="N", help="of noise and of the random module")


def _add_output(output: argparse._ArgumentGroup) -> None:
    output.add_argument(
        "--coverage", action="store_true", help="do not run it: list its calls and how well each is known"
    )
    output.add_argument("--json", action="store_true", help="one JSON object on standard output")
    output.add_argument("--allocations", action="store_true", help="with --json: every request of the run, in order")
    output.add_argument("--lines", type=_count, default=12, metavar="N", help="lines of the script in the table")
    output.add_argument("--no-advice", action="store_true", help="do not look for ways out of a failure")
    output.add_argument("--quiet", action="store_true", help="do not show what the script prints")


def _count(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = -1
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of at least 0")
    return value


def _size(text: str) -> int:
    from omvsim.units import parse_size

    try:
        return parse_size(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _camera_time(text: str) -> int:
    """Microseconds."""
    for unit, factor in (("us", 1), ("ms", 1000), ("s", 1_000_000)):
        number = text.removesuffix(unit)
        if number != text and number.replace(".", "", 1).isdigit():
            return round(float(number) * factor)
    raise argparse.ArgumentTypeError(f"{text!r} is no time such as 30s, 500ms or 200us")


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return value


def run(args: argparse.Namespace) -> int:
    """Run the script and print the report."""
    from dataclasses import replace

    from omvsim.boards import DEFAULT_BOARD
    from omvsim.cli._given_models import given_models
    from omvsim.runs import Kernels, ScriptOptions, run_script

    board = board_from(args, DEFAULT_BOARD, None)
    if args.coverage:
        return _coverage(args, board)
    recorder = recorder_for(args)
    options = ScriptOptions(
        frames=args.frames or None,
        time_limit=args.time_limit or None,
        source=args.source,
        files=args.files,
        models=given_models(args.model),
        surroundings=_surroundings(args.world),
        detections=args.detections,
        run_models=args.kernels != "none",
        kernels=Kernels.AUTO if args.kernels == "none" else Kernels(args.kernels),
        echo=not args.json and not args.quiet,
        seed=args.seed,
        memory_limit=args.memory_limit,
        until_us=args.until,
        requests=args.allocations,
    )
    from omvsim.advice import ways_out_of_script
    from omvsim.frame_time import frame_of_script
    from omvsim.report import live_run, working

    with live_run(recorder) as watcher:
        result = run_script(args.script, board, replace(options, watcher=watcher))
    with working("looking for ways out"):
        frame = frame_of_script(result)
        ways = None if args.no_advice else ways_out_of_script(args.script, options, result)
    if recorder is not None:
        from omvsim.capture import capture_exec

        itself, models = _script_releases(args, options, result), _releases(args, result)
        keep(args, capture_exec(result, recorder, ways, models, itself, frame=frame))
    if args.json:
        import json

        from omvsim.report import exec_json

        print(json.dumps(exec_json(result, ways, frame=frame, allocations=args.allocations)))
    else:
        from omvsim.report import print_exec

        print_exec(result, args.lines, ways, frame)
    return exit_code(result)


def _script_releases(
    args: argparse.Namespace, options: ScriptOptions, result: ScriptResult
) -> tuple[ScriptSummary, ...]:
    """The script's first frames on every release, for the report."""
    if args.no_releases or args.no_advice:
        return ()
    from dataclasses import replace

    from omvsim.releases import FRAMES, compare_script
    from omvsim.report import working

    first = replace(options, frames=FRAMES, told_when_interrupted=False)
    with working("the script on every release"):
        return tuple(compare_script(args.script, first, board=args.board or result.board.name))


def _releases(args: argparse.Namespace, result: ScriptResult) -> list[tuple[str, tuple[ReleaseSummary, ...]]]:
    """The script's models, each alone, on every release, for the report."""
    if args.no_releases or args.no_advice or not result.models:
        return []
    from pathlib import PurePath

    from omvsim.releases import ReleaseSummary, compare_releases
    from omvsim.report import working

    found = {}
    with working("the models on every release"):
        for file in result.models:
            name = PurePath(file.path).name
            if name not in found:
                rows = compare_releases(file.graph, board=args.board or result.board.name)
                found[name] = tuple(map(ReleaseSummary.of, rows))
    return list(found.items())


def _coverage(args: argparse.Namespace, board: Board) -> int:
    """What the script uses, without running it; unknown uses are exit code 15, those the camera lacks 14."""
    from omvsim.report import coverage_json, coverage_text
    from omvsim.runs.coverage import coverage

    found = coverage(board, args.script)
    if args.json:
        import json

        print(json.dumps(coverage_json(found)))
    else:
        print("\n".join(coverage_text(found)))
    return COVERAGE_CODES[found.verdict]


def _surroundings(path: Path | None) -> Surroundings | None:
    if path is None:
        return None
    from omvsim.runs.world_file import read_world_file

    return read_world_file(path)


def exit_code(result: ScriptResult) -> ExitCode:
    """The code for how the script ended, as of ``omvsim run``."""
    if result.outcome == "interrupted":
        return ExitCode.INTERRUPTED
    return OF_VERDICT[result.verdict]
