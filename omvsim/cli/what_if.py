"""``omvsim what-if``: the configuration that fits."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from omvsim.cli._capture_options import add_capture_options, keep, wants_capture
from omvsim.cli._streams import nobody_reads
from omvsim.cli._whatif_options import add_configuration, add_edge, add_sweep
from omvsim.cli.exit_codes import ExitCode
from omvsim.errors import InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from omvsim.whatif import Configuration, Edge, Evaluator, Plan, Proposal, Recommendation

_FEW = 64
"""Cases below which starting processes costs more than it saves."""
ACTIONS = {
    "min": "the smallest value of a size that works, to the block, with islands and crash zones",
    "max": "the largest value that works: a size, a frame size, or the largest of several models",
    "sweep": "run every combination of some values into a table that can be resumed",
    "compare": "two configurations side by side: what moved to another area",
    "recommend": "block sizes for this board that make a set of models run",
}

EXAMPLES = (
    "what-if min model.tflite --param gc[2].size",
    "what-if max model.tflite --param framesize",
    "what-if sweep model.tflite --vary gc[2].size=4M..8M:1M --out sweep.jsonl",
    "what-if compare model.tflite --a firmware=4.7.0 --b firmware=4.8.1",
    "what-if recommend model.tflite --must frame=UXGA --pick 1",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim what-if``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    subs = {name: actions.add_parser(name, help=text, description=_sentence(text)) for name, text in ACTIONS.items()}
    subs["min"].add_argument("model", metavar="MODEL", help="a .tflite file")
    for name in ("max", "recommend"):
        subs[name].add_argument("models", metavar="MODEL", nargs="+", help="a .tflite file")
    subs["sweep"].add_argument("models", metavar="MODEL", nargs="*", help="a .tflite file (or as the matrix says)")
    subs["compare"].add_argument("model", metavar="MODEL", help="a .tflite file")
    for name, sub in subs.items():
        add_configuration(sub, until=name != "compare")
    for name in ("min", "max"):
        add_edge(subs[name], required=name == "min")
    add_sweep(subs["sweep"])
    for side in ("a", "b"):
        subs["compare"].add_argument(
            f"--{side}", action="append", default=[], metavar="KEY=VALUE", help=f"a value of configuration {side}"
        )
    recommend = subs["recommend"]
    recommend.add_argument(
        "--keep", metavar="SIZE", default="0", help="what frame buffer, fb_alloc and UMA pools each keep at least"
    )
    recommend.add_argument("--no-advice", action="store_true", help="do not look for cheaper ways out")
    recommend.add_argument(
        "--must",
        metavar="GOAL",
        action="append",
        default=[],
        help="what every proposal must do: frame=UXGA (pictures of that size), release=4.8.1 (run there too)",
    )
    recommend.add_argument("--pick", type=int, default=1, metavar="N", help="the proposal that is shown and written")
    recommend.add_argument("--write-header", metavar="FILE", help="write its lines of the board's header")
    recommend.add_argument("--write-board", metavar="FILE", help="write it as a board profile")
    for sub in subs.values():
        sub.add_argument("--json", action="store_true", help="JSON on standard output")
        add_capture_options(sub)


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    action = {"min": _edge, "max": _max, "sweep": _sweep, "compare": _compare, "recommend": _recommend}[args.action]
    code = action(args)
    if not args.json and args.action != "sweep":
        _print_notes(args)
    return code


def _print_notes(args: argparse.Namespace) -> None:
    """What a reader must know of a board or a release that was not measured."""
    from omvsim.boards import DEFAULT_BOARD, load_board
    from omvsim.report import print_notes
    from omvsim.runs.trust import notes_of

    board = load_board(args.board or DEFAULT_BOARD, args.firmware)
    print_notes((*board.notes, *notes_of(board)))


def _configuration(args: argparse.Namespace, model: str) -> Configuration:
    from omvsim.boards import DEFAULT_BOARD, parse_gc_areas, parse_settings
    from omvsim.whatif import Configuration

    configuration = Configuration(
        model=model,
        board=args.board or DEFAULT_BOARD,
        gc=parse_gc_areas(args.gc) if args.gc else None,
        scenario=args.scenario,
        until=getattr(args, "until", "predict"),
    )
    given = {"firmware": args.firmware, "load": args.load, "input": args.input, "loops": args.loops}
    for key, value in given.items():
        if value is not None:
            configuration = configuration.with_value(key, str(value))
    for key, value in parse_settings(args.settings).items():
        configuration = configuration.with_value(key, value)
    return configuration


# -- min, max -------------------------------------------------------------------------------------------------------


@contextmanager
def _evaluator() -> Iterator[Evaluator]:
    """One that counts on a terminal what it tries."""
    from omvsim.report import counting
    from omvsim.whatif import Evaluator

    with counting("configurations tried") as advance:
        yield Evaluator(lambda: advance(1))


def _search(args: argparse.Namespace, model: str) -> Edge:
    from omvsim.units import parse_size
    from omvsim.whatif import EdgeSearch

    low, high = 0, None
    try:
        step = parse_size(args.step)
        if args.range:
            low_text, dots, high_text = args.range.partition("..")
            if not dots:
                raise ValueError(f"{args.range!r} is not a range A..B")
            low, high = parse_size(low_text), parse_size(high_text)
    except ValueError as error:
        raise InputError("--range or --step", str(error)) from error
    with _evaluator() as evaluator:
        search = EdgeSearch(evaluator, _configuration(args, model), args.param, low=low, high=high, step=step)
        return search.run()


def _edge(args: argparse.Namespace) -> int:
    kept = wants_capture(args)
    edge = _search(args, args.model)
    if kept:
        from omvsim.capture import capture_edge

        keep(args, capture_edge(edge, args.model, until=args.until, largest=args.action == "max"))
    if args.json:
        _print_json("min", _edge_json(args, edge, args.model))
    else:
        from omvsim.report import print_edge

        print_edge(edge, args.model, until=args.until, largest=args.action == "max")
    return ExitCode.OK


def _edge_json(args: argparse.Namespace, edge: Edge, model: str) -> dict[str, Any]:
    from omvsim.report import edge_json

    return edge_json(edge, model, until=args.until)


def _max(args: argparse.Namespace) -> int:
    """A size; a frame size; or, with several models and no parameter, the largest model that works."""
    if args.param not in (None, "model", "framesize"):
        if len(args.models) != 1:
            raise InputError("what-if max", "one model at a time where a size is searched")
        args.model = args.models[0]
        return _edge(args)
    from omvsim.report import largest_json, print_largest
    from omvsim.whatif import largest_frame, largest_model

    kept = wants_capture(args)
    base = _configuration(args, args.models[0])
    by_frame = args.param == "framesize"
    with _evaluator() as evaluator:
        rungs = largest_frame(evaluator, base) if by_frame else largest_model(evaluator, base, args.models)
    if kept:
        from omvsim.capture import capture_largest

        keep(args, capture_largest(rungs))
    if args.json:
        _print_json("max", largest_json(rungs))
    else:
        print_largest(rungs)
    return ExitCode.OK


# -- sweep ----------------------------------------------------------------------------------------------------------


def _plan(args: argparse.Namespace) -> Plan:
    import dataclasses

    from omvsim.boards import DEFAULT_BOARD
    from omvsim.whatif import Axis, Plan, parse_axis

    axes = tuple(parse_axis(text, args.board or DEFAULT_BOARD) for text in args.vary)
    if args.sample is not None and args.sample < 1:
        raise InputError("--sample", "must be at least 1")
    if args.matrix:
        from omvsim.whatif import load_matrix

        plan = load_matrix(args.matrix, args.models)
        changes = {} if args.sample is None else {"sample": args.sample, "seed": args.seed}
        return dataclasses.replace(plan, axes=plan.axes + axes, **changes)
    if not args.models:
        raise InputError("what-if sweep", "no model is given")
    if len(args.models) > 1:
        axes = (Axis("model", tuple(args.models)), *axes)
    return Plan(_configuration(args, args.models[0]), axes, args.sample, args.seed)


def _sweep(args: argparse.Namespace) -> int:
    from omvsim.report import counting, sweep_summary
    from omvsim.whatif import Table, columns_of, run_rows

    rows_kept: list[dict[str, Any]] | None = [] if wants_capture(args) else None
    plan = _plan(args)
    plan.check_keys()
    table = Table(args.out, columns_of(plan)) if args.out else None
    done = frozenset() if table is None else table.done
    bar = counting("configurations", len(plan), len(done))
    with _workers(args, len(plan) - len(done)) as executor, bar as advance:
        rows = _keeping(run_rows(plan, done, executor), rows_kept)
        if table is not None:
            table.write(rows, advance)
            if not args.json:
                print("\n".join(sweep_summary(table)))
        else:
            import json

            for row in rows:
                advance(1)
                print(json.dumps({"schema": "omvsim.what-if.row", "schema_version": 1, **row}))
                if nobody_reads():
                    break
    if rows_kept is not None:
        from omvsim.capture import capture_sweep

        keep(args, capture_sweep(rows_kept, [axis.key for axis in plan.axes]))
    return ExitCode.OK


def _keeping(rows: Iterator[dict[str, Any]], kept: list[dict[str, Any]] | None) -> Iterator[dict[str, Any]]:
    for row in rows:
        if kept is not None:
            kept.append(row)
        yield row


def _workers(args: argparse.Namespace, cases: int) -> AbstractContextManager[Executor | None]:
    """A cluster, or a pool of processes; none for one job, or for too few cases to be worth it."""
    from contextlib import nullcontext

    from omvsim.workers import Workers, cluster, processors

    if args.scheduler is not None:
        return cluster(args.scheduler)
    count = min(args.jobs or processors(), cases)
    if count <= 1 or (args.jobs is None and cases < _FEW):
        return nullcontext()
    return Workers(count)


# -- compare, recommend ---------------------------------------------------------------------------------------------


def _compare(args: argparse.Namespace) -> int:
    from omvsim.boards import parse_settings
    from omvsim.report import compare_json, print_comparison
    from omvsim.whatif import Evaluator, compare

    kept = wants_capture(args)
    sides = []
    for texts in (args.a, args.b):
        configuration = _configuration(args, args.model)
        for key, value in parse_settings(texts).items():
            configuration = configuration.with_value(key, value)
        sides.append(configuration)
    comparison = compare(Evaluator(), sides[0], sides[1])
    if kept:
        from omvsim.capture import capture_comparison

        keep(args, capture_comparison(comparison))
    if args.json:
        _print_json("compare", compare_json(comparison))
    else:
        print_comparison(comparison)
    return ExitCode.OK


def _recommend(args: argparse.Namespace) -> int:
    from omvsim.report import print_recommendation, recommendation_json
    from omvsim.units import parse_size
    from omvsim.whatif import board_config, board_toml, parse_goals, recommend
    from omvsim.writing import write_text

    kept = wants_capture(args)
    try:
        room = parse_size(args.keep)
    except ValueError as error:
        raise InputError("--keep", str(error)) from error
    base = _configuration(args, args.models[0])
    goals = parse_goals(args.must, base.board)
    with _evaluator() as evaluator:
        result = recommend(evaluator, base, args.models, keep=room, advise=not args.no_advice, goals=goals)
    board = evaluator.camera(base)
    picked = _picked(result, args)
    if args.write_header and picked is not None:
        write_text(args.write_header, board_config(board, picked))
    if args.write_board and picked is not None:
        write_text(args.write_board, board_toml(board, picked, base.board))
    if kept:
        from omvsim.capture import capture_recommendation

        keep(args, capture_recommendation(result, board))
    if args.json:
        _print_json("recommend", recommendation_json(result, board))
    else:
        print_recommendation(result, board, args.pick)
    return ExitCode.OK


def _picked(result: Recommendation, args: argparse.Namespace) -> Proposal | None:
    """The proposal that is asked for; None where there is none and nothing is to be written.

    Raises:
        InputError: there is no such proposal, or a file is asked for and it changes nothing.
    """
    count = len(result.proposals)
    if args.pick < 1 or (count and args.pick > count):
        raise InputError("--pick", f"there is no proposal {args.pick}: there are {count}")
    picked = result.proposals[args.pick - 1] if count else None
    option = "--write-header" if args.write_header else "--write-board" if args.write_board else ""
    if option and picked is None:
        why = "; ".join((*result.missed, *(cause for _, cause in result.causes))) or "nothing that was tried helps"
        raise InputError(option, f"no proposal meets what is asked for: {why}")
    if option and picked is not None and not picked.settings:
        raise InputError(option, f"proposal {args.pick} changes nothing, so there is nothing to write (--pick another)")
    return picked


def _print_json(kind: str, value: dict[str, Any]) -> None:
    import json

    print(json.dumps({"schema": f"omvsim.what-if.{kind}", "schema_version": 1, **value}))
