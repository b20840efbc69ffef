"""``omvsim validate``: predict what traces recorded and print the error table."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from omvsim.cli._capture_options import add_capture_options, keep, wants_capture
from omvsim.cli.exit_codes import ExitCode
from omvsim.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from omvsim.validate import TraceResult, Validation

PIPE_WIDTH = 100
_TOLERANCES = {"used": "USED", "free": "LONGEST_FREE", "chunks": "CHUNKS", "ram": "MODEL_RAM", "time": "TIME"}

EXAMPLES = (
    "validate --reference",
    "validate traces/ --tolerance time=10",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim validate``."""
    parser.add_argument("traces", metavar="TRACE", nargs="*", help="a trace file, or a folder of them")
    parser.add_argument(
        "--reference", action="store_true", help="use the reference traces that come with omvsim (no files needed)"
    )
    parser.add_argument(
        "--points", metavar="FILE", help="judge published device figures (points.jsonl) instead of traces"
    )
    parser.add_argument(
        "--time",
        metavar="FOLDER",
        nargs="?",
        const="",
        help="judge the time model instead: against published times and, with a folder of recorded instruction and "
        "cache-line counts, against those",
    )
    parser.add_argument(
        "--models",
        metavar="FOLDER",
        action="append",
        default=[],
        help="where the traces' models are (again for more; default: beside each trace)",
    )
    parser.add_argument(
        "--tolerance",
        metavar="WHAT=PERCENT",
        action="append",
        default=[],
        type=_tolerance,
        help=f"allow a relative error: {', '.join(_TOLERANCES)} (default: all must be exact)",
    )
    add_capture_options(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object")
    form.add_argument("--markdown", action="store_true", help="print the table as Markdown, with every difference")


def _tolerance(text: str) -> tuple[str, float]:
    name, separator, percent = text.partition("=")
    try:
        value = float(percent.rstrip("%")) / 100
    except ValueError:
        value = -1.0
    if not separator or name not in _TOLERANCES or not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not like used=5 (of {', '.join(_TOLERANCES)})")
    return name, value


def run(args: argparse.Namespace) -> int:
    """Validate; a trace that cannot be read gets a line on stderr, and the others are compared all the same."""
    from omvsim.report import counted
    from omvsim.validate import Quantity, reference_results, summarise, trace_files

    if args.points is not None:
        return _points(args)
    if args.time is not None:
        return _time(args)
    kept = wants_capture(args)
    if bool(args.traces) == args.reference:
        raise InputError("omvsim validate", "give trace files, or --reference")
    code = ExitCode.OK
    results: list[TraceResult] = []
    files = [] if args.reference else trace_files(args.traces)
    compared = reference_results() if args.reference else _results(files, args.models)
    for result in counted("traces compared", compared, len(files) or None):
        if isinstance(result, InputError):
            print(f"omvsim: {result}", file=sys.stderr)
            code = ExitCode.BAD_INPUT
        else:
            results.append(result)
    if not results:
        return code
    validation = summarise(results, {Quantity[_TOLERANCES[name]]: value for name, value in args.tolerance})
    _print(validation, args)
    if kept:
        from omvsim.capture import capture_validation

        keep(args, capture_validation(validation))
    if code is ExitCode.OK and not validation.passed:
        code = ExitCode.ERROR
    return code


def _results(files: list[Path], folders: list[str]) -> Iterator[TraceResult | InputError]:
    from omvsim.traces import open_trace
    from omvsim.validate import ModelLibrary, validate_trace

    shared = ModelLibrary(folders)
    for path in files:
        try:
            models = shared if folders else ModelLibrary([path.parent])
            yield validate_trace(open_trace(path), models)
        except InputError as error:
            yield error


def _points(args: argparse.Namespace) -> int:
    """Judge published figures; none of them may contradict the simulator."""
    import dataclasses

    from omvsim.validate import Judgement, ModelLibrary, judge_points, points_markdown

    judged = judge_points(args.points, ModelLibrary(args.models))
    if args.json:
        points = [dataclasses.asdict(point) for point in judged]
        print(json.dumps({"schema": "omvsim.validate.points", "schema_version": 1, "points": points}))
    else:
        print(points_markdown(judged), end="")
    failed = any(point.judgement is Judgement.CONTRADICTS for point in judged)
    return ExitCode.ERROR if failed else ExitCode.OK


def _time(args: argparse.Namespace) -> int:
    """Judge the time model; a published time outside its interval is a difference."""
    from pathlib import Path

    from omvsim.boards import load_board
    from omvsim.timing import profile_of, validate, validate_published, validation_json, validation_text

    found = validate(Path(args.time), profile_of(load_board())) if args.time else validate_published()
    if args.json:
        print(json.dumps({"schema": "omvsim.validate.time", "schema_version": 1, **validation_json(found)}))
    else:
        print(validation_text(found))
    return ExitCode.OK if all(comparison.inside for comparison in found.published) else ExitCode.ERROR


def _print(validation: Validation, args: argparse.Namespace) -> None:
    from omvsim.report import render_validation, validation_json, validation_markdown

    if args.json:
        print(json.dumps(validation_json(validation)))
    elif args.markdown:
        print(validation_markdown(validation), end="")
    else:
        from rich.console import Console

        width = None if sys.stdout.isatty() else PIPE_WIDTH
        Console(highlight=False, width=width).print(render_validation(validation))
