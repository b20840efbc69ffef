"""``omvsim run MODEL``: does it load and run, where does everything land, how much room is left?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from omvsim.cli._board_options import add_board_options, board_from
from omvsim.cli._capture_options import add_capture_options, keep, recorder_for
from omvsim.cli.exit_codes import OF_VERDICT

if TYPE_CHECKING:
    import argparse

    from rich.console import RenderableType

    from omvsim.advice import Advice
    from omvsim.boards import Board
    from omvsim.frame_time import FrameTime
    from omvsim.graph import Model
    from omvsim.inference import Inference
    from omvsim.releases import ReleaseSummary
    from omvsim.runs.scenario import Postprocess, RunResult
    from omvsim.runtime import Timeline

EXAMPLES = (
    "run model.tflite",
    "run model.tflite --firmware 4.5.5 --load file",
    "run model.tflite --gc 64K,272K,4M --loops 50 --json",
    "run model.tflite --show-script > main.py",
)

MOST_TENSORS = 5000
"""Of a model for whose failure ways out are looked for: each is a run, and a plan of each library's."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim run``."""
    parser.add_argument("model", metavar="MODEL", help="a .tflite file")
    add_board_options(parser)
    group = parser.add_argument_group("script")
    group.add_argument(
        "--load",
        choices=("rom", "file", "fb"),
        help="where the model is loaded from or to (default: rom where it fits, else file)",
    )
    group.add_argument("--loops", type=_count, metavar="N", help="predictions (default: 5)")
    group.add_argument(
        "--input",
        metavar="WHAT",
        help="what predict() is given: camera (default where the model takes pictures), image, ndarray or callable; "
        "or a picture, a .npy file, zero or random to run the model for real as well (needs a TFLite runtime)",
    )
    group.add_argument("--postprocess", metavar="NAME", help="post-processing object, e.g. yolov8, fomo, blazeface")
    group.add_argument("--detections", type=_detections, metavar="N", help="boxes it finds in every frame")
    group.add_argument(
        "--keep-output", action="store_true", default=None, help="the script keeps each output until the next is made"
    )
    group.add_argument(
        "--callback", action="store_true", default=None, help="a post-processing callback takes the outputs"
    )
    group.add_argument(
        "--scenario", metavar="FILE", help="name or path of a script to run the model with (default: load-and-predict)"
    )
    group.add_argument("--labels", metavar="FILE", help="labels beside the model on the camera")
    output = parser.add_argument_group("output")
    output.add_argument("--show-script", action="store_true", help="print the script that is run, and do not run it")
    output.add_argument("--json", action="store_true", help="one JSON object on standard output")
    output.add_argument("--allocations", action="store_true", help="with --json: every allocation in order")
    output.add_argument("--time", action="store_true", help="how long an inference, a frame and loading take")
    output.add_argument("--timeline", action="store_true", help="operator by operator: what is alive in the arena")
    output.add_argument("--no-advice", action="store_true", help="do not look for ways out of a failure")
    output.add_argument("--trace", metavar="FILE", help="write every allocation as JSON Lines; - is standard output")
    add_capture_options(parser)
    output.add_argument("--no-releases", action="store_true", help="with -o or --html: leave the other releases out")


def _count(text: str) -> int:
    import argparse

    value = int(text)
    if not 1 <= value <= 1_000_000:
        raise argparse.ArgumentTypeError("must be between 1 and 1000000")
    return value


def _detections(text: str) -> int:
    import argparse

    value = int(text)
    if not 0 <= value <= 100_000:
        raise argparse.ArgumentTypeError("must be between 0 and 100000")
    return value


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    from omvsim import api
    from omvsim.boards import DEFAULT_BOARD
    from omvsim.graph import read_model
    from omvsim.runs.scenario import DEFAULT_SCENARIO, load_scenario

    recorder = recorder_for(args)
    scenario = load_scenario(args.scenario or DEFAULT_SCENARIO)
    board = board_from(args, scenario.board or DEFAULT_BOARD, scenario.firmware)
    graph = read_model(args.model)
    kind, source = _input(args.input)
    inference = None if source is None or args.show_script else _infer(board, graph, source)
    given: dict[str, Any] = {
        "board": board,
        "scenario": scenario,
        "load": args.load,
        "input": kind,
        "loops": args.loops,
        "keep_output": args.keep_output,
        "callback": args.callback,
        "postprocess": _postprocess(args, inference),
        "labels": args.labels,
    }
    if args.show_script:
        sys.stdout.write(api.script(graph, **given))
        return 0
    result = api.run(graph, **given, watcher=recorder)
    if args.trace:
        _write_trace(result, args.trace)
    timeline = _timeline(args, result)
    if not args.json and args.trace == "-" and recorder is None:
        return OF_VERDICT[result.verdict]
    from omvsim.frame_time import time_of_run
    from omvsim.report import working

    with working("looking for ways out"):
        ways, time = _ways_out(args, result), time_of_run(result)
    if recorder is not None:
        from omvsim.capture import capture_run

        with working("trying every release"):
            releases = _releases(args, result)
        keep(args, capture_run(result, recorder, ways, time, releases))
    if args.json:
        import json

        from omvsim.report import run_json

        report = run_json(result, ways, time=time, allocations=args.allocations)
        print(json.dumps(report | _asked_for(args, result, inference, timeline)))
    elif args.trace != "-":
        from omvsim.report import print_run

        print_run(result, ways, _more(args, result, inference, timeline), time)
    return OF_VERDICT[result.verdict]


def _asked_for(
    args: argparse.Namespace, result: RunResult, inference: Inference | None, timeline: Timeline | None
) -> dict[str, Any]:
    """What the JSON object has beyond the run."""
    more: dict[str, Any] = {}
    if inference is not None:
        from omvsim.report import inference_json

        more["inference"] = inference_json(inference, result)
    if timeline is not None:
        from omvsim.report import timeline_to_dict

        more["timeline"] = timeline_to_dict(timeline)
    if args.time:
        from omvsim.report import frame_time_json

        more["time"] = frame_time_json(_frame_time(result, inference))
    return more


def _input(given: str | None) -> tuple[str | None, str | None]:
    """(kind of input, what to feed a real inference): a file or a generated input implies the kind that suits it."""
    from omvsim.firmware import InputKind

    if given is None or given in tuple(InputKind):
        return given, None
    return ("ndarray" if given.endswith(".npy") else None), given


def _infer(board: Board, graph: Model, source: str) -> Inference:
    from omvsim.inference import infer
    from omvsim.modelfile import arena_plan

    keep_aspect = board.release.package.keeps_aspect
    return infer(graph, arena_plan(graph, board), source, keep_aspect=keep_aspect)


def _postprocess(args: argparse.Namespace, inference: Inference | None) -> Postprocess | None:
    """The post-processing object of the run: what it finds is given, or follows from what the model computed, or is
    nothing."""
    from omvsim.errors import ScenarioError

    if args.postprocess is None:
        if args.detections is not None:
            raise ScenarioError("--detections", "nothing finds boxes without a post-processing: give --postprocess too")
        return None
    from omvsim.runs.scenario import DETECTORS, Postprocess

    if args.postprocess not in DETECTORS:
        known = ", ".join(DETECTORS)
        raise ScenarioError("--postprocess", f"{args.postprocess!r} is not known (there are: {known})")
    if args.detections is not None or inference is None:
        return Postprocess(args.postprocess, args.detections or 0)
    return Postprocess(args.postprocess, None, inference.values)


def _timeline(args: argparse.Namespace, result: RunResult) -> Timeline | None:
    if not args.timeline:
        return None
    from omvsim.errors import ModelError
    from omvsim.runtime import make_timeline

    if not result.model.plan.is_ok:
        raise ModelError(result.model.graph.source, f"no timeline: {result.model.plan.refusal}")
    return make_timeline(result.model.graph, result.model.plan, arena_bytes=result.model_ram)


def _frame_time(result: RunResult, inference: Inference | None) -> FrameTime | None:
    from omvsim.frame_time import frame_time

    return frame_time(result, live=None if inference is None else inference.live)


def _more(
    args: argparse.Namespace, result: RunResult, inference: Inference | None, timeline: Timeline | None
) -> list[RenderableType]:
    """What is shown below the report."""
    parts: list[RenderableType] = []
    if inference is not None:
        from omvsim.report import render_inference

        parts.append(render_inference(inference, result))
    if timeline is not None:
        from omvsim.report import timeline_to_rich

        parts.append(timeline_to_rich(timeline))
    if args.time:
        from omvsim.report import render_frame_time

        parts.append(render_frame_time(_frame_time(result, inference)))
    return parts


def _releases(args: argparse.Namespace, result: RunResult) -> tuple[ReleaseSummary, ...]:
    """The model on every release, for the report."""
    if args.no_releases or args.no_advice:
        return ()
    from omvsim.releases import ReleaseSummary, compare_releases

    rows = compare_releases(result.model.graph, load=None, board=args.board or result.board.name)
    return tuple(ReleaseSummary.of(row) for row in rows)


def _ways_out(args: argparse.Namespace, result: RunResult) -> tuple[Advice, ...] | None:
    """None when nobody looked."""
    if args.no_advice:
        return None
    if result.failure is None:
        return ()
    tensors = sum(len(subgraph.tensors) for subgraph in result.model.graph.subgraphs)
    if tensors > MOST_TENSORS:
        print(f"omvsim: a model of {tensors} tensors: no ways out are looked for", file=sys.stderr)
        return None
    from omvsim.advice import suggest

    return suggest(result)


def _write_trace(result: RunResult, target: str) -> None:
    import json

    from omvsim.report import allocation_json
    from omvsim.writing import write_text

    names = [step.name for step in result.steps]
    lines = (json.dumps(allocation_json(entry, names)) + "\n" for entry in result.allocations)
    if target == "-":
        sys.stdout.writelines(lines)
    else:
        write_text(target, "".join(lines))
