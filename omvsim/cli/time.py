"""``omvsim time``: how long an inference takes, operator by operator."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from omvsim.cli.exit_codes import ExitCode
from omvsim.errors import InputError

if TYPE_CHECKING:
    import argparse

    from omvsim.boards import Board
    from omvsim.cli._runnable import Hindrance
    from omvsim.frame_time import FrameTime
    from omvsim.timing import TimingProfile

_PIPE_WIDTH = 120
_SCHEMA = {"schema": "omvsim.time", "schema_version": 1}
_OK = {**_SCHEMA, "verdict": "ok"}

EXAMPLES = (
    "time model.tflite",
    "time model.tflite --arena dtcm --weights flash --every",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim time``."""
    parser.add_argument("models", metavar="MODEL", nargs="+", help="a .tflite file")
    parser.add_argument(
        "--arena", choices=("dtcm", "ocram", "sdram", "sram"), help="memory of the arena (default: where a run puts it)"
    )
    parser.add_argument(
        "--weights", choices=("flash", "sdram", "dtcm", "ocram"), help="memory of the model's data (likewise)"
    )
    parser.add_argument("--board", metavar="BOARD", help="board profile or .toml file (default: openmv-rt1062)")
    parser.add_argument("--firmware", metavar="VERSION", help="OpenMV release, e.g. 4.8.1")
    parser.add_argument(
        "--profile", metavar="NAME", help="timing profile instead of a board: stm32h743, or a .toml file"
    )
    parser.add_argument(
        "--policy", choices=("lru", "random"), help="replacement in the data cache (default: the profile's)"
    )
    parser.add_argument(
        "--file-from",
        choices=("rom", "flash", "sd"),
        help="where the model is loaded from (default: rom where it fits)",
    )
    parser.add_argument(
        "--camera-ms", metavar="MS", type=float, default=0.0, help="time of one camera frame, for frames per second"
    )
    parser.add_argument("--every", action="store_true", help="one line an operator instead of one a kind")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line for every model")


def run(args: argparse.Namespace) -> int:
    """Time every model; one that cannot be read gets a line on stderr, and the others are printed all the same."""
    board, profile = _profile(args)
    code: int = ExitCode.OK
    for path in args.models:
        try:
            code = max(code, _on_chip(path, args, profile) if board is None else _on_board(path, args, board, profile))
        except InputError as error:
            print(f"omvsim: {error}", file=sys.stderr)
            code = max(code, ExitCode.BAD_INPUT)
    return code


def _profile(args: argparse.Namespace) -> tuple[Board | None, TimingProfile]:
    from omvsim.timing import load_profile, profile_of

    board = None
    if args.profile:
        profile = load_profile(args.profile)
    else:
        from omvsim.boards import DEFAULT_BOARD, load_board

        board = load_board(args.board or DEFAULT_BOARD, args.firmware)
        profile = profile_of(board)
    if args.policy:
        profile = replace(profile, cache=profile.cache._replace(policy=args.policy))
    return board, profile


def _on_board(path: str, args: argparse.Namespace, board: Board, profile: TimingProfile) -> int:
    """One model where ``omvsim run`` puts it, or why it has no time: what does not load or run takes none."""
    from omvsim import api
    from omvsim.cli._runnable import hindrance_of_run
    from omvsim.frame_time import frame_time

    load = {None: None, "rom": "rom"}.get(args.file_from, "file")
    result = api.run(path, board=board, load=load)
    found = hindrance_of_run(result)
    if found is not None:
        return _say(found, path, as_json=args.json)
    time = frame_time(
        result,
        camera_ms=args.camera_ms,
        profile=profile,
        arena=args.arena,
        weights=args.weights,
        file_from="sd" if args.file_from == "sd" else "flash",
    )
    assert time is not None  # a run that works has an arena
    if args.json:
        _print_json(path, time)
    else:
        _print_table(path, time, every=args.every)
    return ExitCode.OK


def _print_json(path: str, time: FrameTime) -> None:
    from omvsim.report import frame_time_json
    from omvsim.timing import time_json

    of_frame = frame_time_json(time) or {}
    whole = {key: of_frame[key] for key in ("frame_ms", "load_ms", "frames_per_second")}
    costs = [*time.frame.costs, *time.load_costs]
    print(json.dumps(_OK | time_json(path, time.inference, time.profile, time.improvements, costs) | whole))


def _print_table(path: str, time: FrameTime, *, every: bool) -> None:
    from omvsim.report import console_of
    from omvsim.timing import render_time
    from omvsim.timing.report import span

    console = console_of(None if sys.stdout.isatty() or "COLUMNS" in os.environ else _PIPE_WIDTH)
    costs = [*time.frame.costs, *time.load_costs]
    width = console.width
    console.print(render_time(path, time.inference, time.profile, time.improvements, costs, every=every, width=width))
    most = "at most " if time.inference.unknown else ""
    fps, frame = time.fps, span(time.frame.ms)
    console.print(
        f"a frame: {frame} ms, {most}{fps.nominal:.1f} ({fps.low:.1f} to {fps.high:.1f}) frames per second, "
        f"Python and drawing not counted; loading: {span(time.load)} ms"
    )


def _on_chip(path: str, args: argparse.Namespace, profile: TimingProfile) -> int:
    """One model on a chip of which only the timing is known: the inference alone, placed as the options say."""
    from omvsim.cli._runnable import hindrance_of_library
    from omvsim.graph import read_model
    from omvsim.tflm import LIBTFLM_73EB1AA, plan_arena
    from omvsim.timing import Placement, improvements, predict, render_time, time_json, workload

    model = read_model(path)
    plan = plan_arena(model, LIBTFLM_73EB1AA)
    found = hindrance_of_library(plan)
    if found is not None:
        return _say(found, path, as_json=args.json)
    work = workload(model, plan)
    arena = args.arena or ("sdram" if "sdram" in profile.memories else "sram")
    time = predict(work, profile, Placement(arena, args.weights or "flash"))
    advice = improvements(work, profile, time, plan.arena_used_bytes)
    if args.json:
        print(json.dumps(_OK | time_json(path, time, profile, advice)))
        return ExitCode.OK
    from omvsim.report import console_of

    console = console_of(None if sys.stdout.isatty() or "COLUMNS" in os.environ else _PIPE_WIDTH)
    console.print(render_time(path, time, profile, advice, every=args.every, width=console.width))
    return ExitCode.OK


def _say(found: Hindrance, path: str, *, as_json: bool) -> int:
    print(json.dumps(_SCHEMA | found.as_json(path)) if as_json else found.line(path))
    return found.code
