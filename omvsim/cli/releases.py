"""``omvsim releases FILE…``: one model or script on every firmware release."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from omvsim.cli._capture_options import add_capture_options, keep, wants_capture
from omvsim.cli.exit_codes import ExitCode
from omvsim.errors import InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from omvsim.firmware import LoadMode
    from omvsim.releases import ReleaseSummary, ScriptSummary

    Rows = tuple[ReleaseSummary, ...] | tuple[ScriptSummary, ...]

SCRIPT = ".py"


class Job(NamedTuple):
    """One file, and what is asked of it."""

    path: str
    load: str | None
    """Load mode; None: each release's default."""
    board: str
    models: tuple[Path, ...]
    """That a script finds beside those of its folder."""
    files: Path | None
    """The camera's file systems, for a script."""


PARALLEL_FROM = 4
"""Files from which processes are worth their start."""

EXAMPLES = (
    "releases model.tflite",
    "releases one.tflite two.tflite --json",
    "releases main.py --model model.tflite",
    "releases model.tflite --html releases.html",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim releases``."""
    parser.add_argument("models", metavar="MODEL", nargs="+", help="a .tflite file, or a script for the camera (.py)")
    parser.add_argument("--board", help="board profile by name or path (default: openmv-rt1062)")
    parser.add_argument(
        "--load",
        choices=("rom", "file", "fb"),
        help="where the model is loaded from (default: rom on releases whose ROM file system it fits, else file)",
    )
    parser.add_argument(
        "--model",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="of a script: a .tflite file (or its labels) that it finds under its name in /rom, /flash and /sdcard",
    )
    parser.add_argument(
        "--files",
        type=Path,
        metavar="FOLDER",
        help="of a script: folder with rom/, flash/ and sdcard/ behind the camera's file systems (default: its own)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line per file")
    add_capture_options(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command; a file that cannot be used gets its line on stderr, and the others are still shown."""
    from omvsim.boards import DEFAULT_BOARD
    from omvsim.cli._given_models import given_models
    from omvsim.report import counted

    code, kept = ExitCode.OK, wants_capture(args)
    given, board = given_models(args.model), args.board or DEFAULT_BOARD
    jobs = [Job(path, args.load, board, given, args.files) for path in args.models]
    found: list[tuple[str, Rows]] = []
    compared = counted("files on every release", _compare_all(jobs), len(jobs))
    for path, rows in zip(args.models, compared, strict=True):
        if isinstance(rows, str):
            print(f"omvsim: {rows}", file=sys.stderr)
            code = ExitCode.BAD_INPUT
            continue
        found.append((Path(path).name, rows))
        _show(path, rows, as_json=args.json)
    if kept and found:
        from omvsim.boards import load_board
        from omvsim.capture import capture_releases

        keep(args, capture_releases(found, load_board(args.board or DEFAULT_BOARD).title))
    return code


def _show(path: str, rows: Rows, *, as_json: bool) -> None:
    from omvsim.releases import FRAMES, ReleaseSummary

    models = [row for row in rows if isinstance(row, ReleaseSummary)]
    scripts = [row for row in rows if not isinstance(row, ReleaseSummary)]
    if as_json:
        import json

        from omvsim.report import releases_json, script_releases_json

        told = script_releases_json(path, FRAMES, scripts) if scripts else releases_json(path, models)
        print(json.dumps(told))
        return
    from omvsim.report import paper, render_releases, render_script_releases

    console = paper()
    width = console.width
    table = render_script_releases(path, FRAMES, scripts, width) if scripts else render_releases(path, models, width)
    console.print(table)


def _compare_all(jobs: list[Job]) -> Iterator[Rows | str]:
    """In the order given; several files are shared out among processes."""
    if len(jobs) < PARALLEL_FROM:
        yield from map(_compare, jobs)
        return
    from omvsim.workers import Workers, done, processors

    with Workers(min(processors(), len(jobs))) as pool:
        yield from map(done, [pool.submit(_compare, job) for job in jobs])


def _compare(job: Job) -> Rows | str:
    """The rows of one file, or why it cannot be used."""
    from omvsim.firmware import LoadMode

    load = None if job.load is None else LoadMode(job.load)
    try:
        return _of_script(job, load) if job.path.endswith(SCRIPT) else _of_model(job, load)
    except InputError as error:
        return str(error)


def _of_model(job: Job, load: LoadMode | None) -> tuple[ReleaseSummary, ...]:
    from omvsim.graph import read_model
    from omvsim.releases import ReleaseSummary, compare_releases

    return tuple(map(ReleaseSummary.of, compare_releases(read_model(job.path), load=load, board=job.board)))


def _of_script(job: Job, load: LoadMode | None) -> tuple[ScriptSummary, ...]:
    from omvsim.releases import FRAMES, compare_script
    from omvsim.runs import ScriptOptions

    options = ScriptOptions(frames=FRAMES, models=job.models, files=job.files, load=load, told_when_interrupted=False)
    return tuple(compare_script(Path(job.path), options, board=job.board))
