"""``omvsim releases MODEL…``: one model on every firmware release."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.cli._capture_options import add_capture_options, keep, wants_capture
from omvsim.cli.exit_codes import ExitCode
from omvsim.errors import InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from omvsim.releases import ReleaseSummary

Job = tuple[str, str | None, str]
"""Path of the model, load mode (None: each release's default), board."""
PARALLEL_FROM = 4
"""Models from which processes are worth their start."""
PIPE_WIDTH = 140

EXAMPLES = (
    "releases model.tflite",
    "releases one.tflite two.tflite --json",
    "releases model.tflite --html releases.html",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim releases``."""
    parser.add_argument("models", metavar="MODEL", nargs="+", help="a .tflite file")
    parser.add_argument("--board", help="board profile by name or path (default: openmv-rt1062)")
    parser.add_argument(
        "--load",
        choices=("rom", "file", "fb"),
        help="where the model is loaded from (default: rom on releases whose ROM file system it fits, else file)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line per model")
    add_capture_options(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command; a model that cannot be read gets its line on stderr, and the others are still shown."""
    import json

    from omvsim.boards import DEFAULT_BOARD
    from omvsim.report import counted, releases_json, render_releases

    code, kept = ExitCode.OK, wants_capture(args)
    jobs = [(path, args.load, args.board or DEFAULT_BOARD) for path in args.models]
    found: list[tuple[str, tuple[ReleaseSummary, ...]]] = []
    compared = counted("models on every release", _compare_all(jobs), len(jobs))
    for path, rows in zip(args.models, compared, strict=True):
        if not isinstance(rows, str):
            found.append((Path(path).name, rows))
        if isinstance(rows, str):
            print(f"omvsim: {rows}", file=sys.stderr)
            code = ExitCode.BAD_INPUT
        elif args.json:
            print(json.dumps(releases_json(path, rows)))
        else:
            from rich.console import Console

            Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False).print(
                render_releases(path, rows)
            )
    if kept and found:
        from omvsim.boards import load_board
        from omvsim.capture import capture_releases

        keep(args, capture_releases(found, load_board(args.board or DEFAULT_BOARD).title))
    return code


def _compare_all(jobs: list[Job]) -> Iterator[tuple[ReleaseSummary, ...] | str]:
    """In the order given; several models are shared out among processes."""
    if len(jobs) < PARALLEL_FROM:
        yield from map(_compare, jobs)
        return
    from omvsim.workers import Workers, done, processors

    with Workers(min(processors(), len(jobs))) as pool:
        yield from map(done, [pool.submit(_compare, job) for job in jobs])


def _compare(job: Job) -> tuple[ReleaseSummary, ...] | str:
    """The rows of one model, or why it cannot be used."""
    from omvsim.firmware import LoadMode
    from omvsim.graph import read_model
    from omvsim.releases import ReleaseSummary, compare_releases

    path, load, board = job
    try:
        rows = compare_releases(read_model(path), load=None if load is None else LoadMode(load), board=board)
    except InputError as error:
        return str(error)
    return tuple(ReleaseSummary.of(row) for row in rows)
