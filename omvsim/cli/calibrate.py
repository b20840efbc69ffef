"""``omvsim calibrate``: fit the time model's constants to times recorded on a camera."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    import argparse

    from omvsim.timing import TimingProfile

EXAMPLES = (
    "calibrate times.jsonl -o mine.toml",
    "calibrate times.jsonl --against mine.toml",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim calibrate``."""
    parser.add_argument(
        "traces",
        metavar="TRACES",
        help='JSONL, a line {"model": "x.tflite", "ms": 41.2, "arena": "sdram", "weights": "flash"}',
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

    from omvsim.timing import calibrate, compare, load_profile, profile_toml, read_records
    from omvsim.writing import write_text

    records = read_records(args.traces)
    if args.against:
        statistics = compare(records, load_profile(args.against))
        if args.json:
            print(json.dumps({"against": args.against, **asdict(statistics)}))
        else:
            print(f"{args.against} on {statistics.records} records it was not fitted to: MAPE {statistics.mape:.1f} %, "
                  f"RMSPE {statistics.rmspe:.1f} %, worst {statistics.worst:+.1f} %")  # fmt: skip
        return ExitCode.OK
    name = Path(args.output).stem if args.output else "calibrated"
    found = calibrate(records, _start(args), name)
    if args.output:
        write_text(args.output, profile_toml(found.profile))
    if args.json:
        print(json.dumps({"factors": found.factors, "before": asdict(found.before), "after": asdict(found.after)}))
        return ExitCode.OK
    before, after = found.before, found.after
    print(
        f"{after.records} records: MAPE {before.mape:.1f} % before, {after.mape:.1f} % after the fit, "
        f"{after.held_out_mape:.1f} % on records left out of it"
    )
    for where, factor in found.factors.items():
        print(f"  {where}: x {factor:.3f}")
    if args.output:
        print(f"written to {args.output}; use it with: omvsim time MODEL --profile {args.output}")
    return ExitCode.OK


def _start(args: argparse.Namespace) -> TimingProfile:
    from omvsim.timing import load_profile, profile_of

    if args.profile:
        return load_profile(args.profile)
    from omvsim.boards import DEFAULT_BOARD, load_board

    return profile_of(load_board(args.board or DEFAULT_BOARD))
