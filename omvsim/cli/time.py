"""``omvsim time``: how long an inference takes, operator by operator."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from omvsim.cli.exit_codes import ExitCode
from omvsim.errors import InputError

if TYPE_CHECKING:
    import argparse

    from omvsim.boards import Board
    from omvsim.graph import Model
    from omvsim.timing import Cost, TimingProfile

_PIPE_WIDTH = 120
_LIBRARY = "73eb1aa"
"""The library whose kernels were counted (4.8.1); other releases' kernels are assumed to be like it."""
_BOOT_BLOCKS = 1888
"""Live blocks after boot on a real camera: 30 208 bytes were in use (openmv/openmv#2899)."""

EXAMPLES = (
    "time model.tflite",
    "time model.tflite --arena dtcm --weights flash --every",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim time``."""
    parser.add_argument("models", metavar="MODEL", nargs="+", help="a .tflite file")
    parser.add_argument(
        "--arena", choices=("dtcm", "ocram", "sdram", "sram"), help="memory of the arena (default: sdram)"
    )
    parser.add_argument(
        "--weights", choices=("flash", "sdram", "dtcm", "ocram"), default="flash", help="memory of the model file"
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
        "--file-from", choices=("rom", "flash", "sd"), default="rom", help="where the model file is loaded from"
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
            code = max(code, _print(path, args, board, profile))
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


def _print(path: str, args: argparse.Namespace, board: Board | None, profile: TimingProfile) -> int:
    """One model's time, or why it has none: what does not load or run takes no time."""
    from omvsim.cli._runnable import hindrance
    from omvsim.graph import read_model
    from omvsim.modelfile import library_of
    from omvsim.provenance import Provenance
    from omvsim.tflm import LIBTFLM_73EB1AA, plan_arena
    from omvsim.timing import Placement, frames_per_second, improvements, predict, render_time, time_json, workload

    model = read_model(path)
    plan = plan_arena(model, LIBTFLM_73EB1AA if board is None else library_of(board))
    found = hindrance(model, plan, board, load=None if args.file_from == "rom" else "file")
    if found is not None:
        print(json.dumps(found.as_json(path)) if args.json else found.line(path))
        return found.code
    work = workload(model, plan)
    arena = args.arena or ("sdram" if "sdram" in profile.memories else "sram")
    time = predict(work, profile, Placement(arena, args.weights))
    if board is not None and _LIBRARY not in board.release.library:
        time = time._replace(provenance=time.provenance.weakest(Provenance.ASSUMED))
    advice = improvements(work, profile, time, plan.arena_used_bytes)
    extras = _extras(model, args, board, profile)
    if args.json:
        print(json.dumps({"verdict": "ok"} | time_json(path, time, profile, advice, extras)))
        return ExitCode.OK
    from rich.console import Console

    console = Console(highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)
    console.print(render_time(path, time, profile, advice, extras, every=args.every))
    frame = time.ms
    for cost in extras:
        if cost.name.endswith("conversion"):
            frame += cost.ms(profile)
    fps = frames_per_second(frame, args.camera_ms)
    most = "at most " if time.unknown else ""
    console.print(
        f"frames per second: {most}{fps.nominal:.1f} ({fps.low:.1f} to {fps.high:.1f}), Python and drawing not counted"
    )
    return ExitCode.OK


def _extras(model: Model, args: argparse.Namespace, board: Board | None, profile: TimingProfile) -> list[Cost]:
    """What a frame and a load take besides, where the board says which memories its heap is in."""
    from omvsim.frame_time import heap_areas
    from omvsim.timing import clear_arena, convert_input, convert_output, gc_collect, read_file

    if board is None:
        return []
    extras = [
        convert_input(sum(t.elements for t in model.main.input_tensors), image=_is_image(model), profile=profile),
        convert_output(sum(t.elements for t in model.main.output_tensors)),
    ]
    areas = heap_areas(board)
    extras.append(gc_collect(areas, _BOOT_BLOCKS, profile))
    largest = max(areas, key=lambda a: a.size)
    extras.append(clear_arena(largest.size, largest.memory))
    if args.file_from != "rom":
        extras.append(read_file(model.size, args.file_from, profile))
    return extras


def _is_image(model: Model) -> bool:
    shapes = [t.shape for t in model.main.input_tensors]
    return any(len(s) == 4 and s[-1] in {1, 3} for s in shapes)
