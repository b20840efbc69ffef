"""``omvsim calibrate``: fit the time model's constants to times recorded on a camera."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    import argparse

    from omvsim.timing import Record, TimingProfile

_SCHEMA = {"schema": "omvsim.calibrate", "schema_version": 1}
EXAMPLES = (
    "calibrate one.trace.jsonl.gz two.trace.jsonl.gz --models . -o mine.toml",
    "calibrate times.jsonl -o mine.toml",
    "calibrate times.jsonl --against mine.toml",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim calibrate``."""
    parser.add_argument(
        "traces",
        metavar="TRACE",
        nargs="+",
        help='recordings of "omvsim trace record", or JSONL, '
        'a line {"model": "x.tflite", "ms": 41.2, "arena": "sdram", "weights": "flash"}',
    )
    parser.add_argument(
        "--models",
        metavar="FOLDER",
        action="append",
        default=[],
        help="where the models of recordings are (again for more; default: beside each recording)",
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="write the fitted timing profile (TOML) here")
    parser.add_argument(
        "--against", metavar="PROFILE", help="fit nothing: compare a profile with records it was not fitted to"
    )
    parser.add_argument("--board", metavar="BOARD", help="board profile to start from (default: openmv-rt1062)")
    parser.add_argument("--profile", metavar="NAME", help="timing profile to start from instead of a board")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Fit or compare; prints the statistics."""
    from dataclasses import asdict

    from omvsim.timing import calibrate, compare, load_profile, predict, profile_toml
    from omvsim.writing import write_text

    records = [record for path in args.traces for record in _records(path, args.models)]
    if args.against:
        statistics = compare(records, load_profile(args.against))
        if args.json:
            print(json.dumps({**_SCHEMA, "against": args.against, **asdict(statistics)}))
        else:
            print(f"{args.against} on {statistics.records} records it was not fitted to: MAPE {statistics.mape:.1f} %, "
                  f"RMSPE {statistics.rmspe:.1f} %, worst {statistics.worst:+.1f} %")  # fmt: skip
        return ExitCode.OK
    name = Path(args.output).stem if args.output else "calibrated"
    start = _start(args)
    found = calibrate(records, start, name)
    if args.output:
        write_text(args.output, profile_toml(found.profile))
    before, after = found.before, found.after
    rows = [
        {
            "model": record.model,
            "arena": record.placement.arena,
            "weights": record.placement.weights,
            "measured_ms": record.measured_ms,
            "before_ms": predict(record.work, start, record.placement).ms.nominal,
            "after_ms": predict(record.work, found.profile, record.placement).ms.nominal,
        }
        for record in records
    ]
    if args.json:
        found_json = {"factors": found.factors, "before": asdict(before), "after": asdict(after), "records": rows}
        print(json.dumps({**_SCHEMA, **found_json}))
        return ExitCode.OK
    print(
        f"{after.records} records: MAPE {before.mape:.1f} % before, {after.mape:.1f} % after the fit, "
        f"{after.held_out_mape:.1f} % on records left out of it"
    )
    for where, factor in found.factors.items():
        print(f"  {where}: x {factor:.3f}")
    print("\nmeasured ms    before     after  model, arena, weights")
    for row in rows:
        print(f"{row['measured_ms']:11.4g} {row['before_ms']:9.4g} {row['after_ms']:9.4g}  "
              f"{row['model']}, {row['arena']}, {row['weights']}")  # fmt: skip
    if args.output:
        print(f"written to {args.output}; use it with: omvsim time MODEL --profile {args.output}")
    return ExitCode.OK


def _records(path: str, folders: list[str]) -> list[Record]:
    """A file's records: one of a recorder's log, or a line each.

    Raises:
        InputError: the file is neither.
    """
    from omvsim.errors import TraceError
    from omvsim.timing import read_records
    from omvsim.traces import Trace, open_trace
    from omvsim.validate import ModelLibrary, timed_record

    try:
        trace = open_trace(path)
    except TraceError:
        return read_records(path)  # and its own error where it is no record either
    if not isinstance(trace, Trace):
        raise TraceError(path, "allocator events have no times")
    return [timed_record(trace, ModelLibrary(folders or [Path(path).parent]))]


def _start(args: argparse.Namespace) -> TimingProfile:
    from omvsim.timing import load_profile, profile_of

    if args.profile:
        return load_profile(args.profile)
    from omvsim.boards import DEFAULT_BOARD, load_board

    return profile_of(load_board(args.board or DEFAULT_BOARD))
