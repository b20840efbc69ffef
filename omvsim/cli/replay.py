"""``omvsim replay``: feed a recorded heap trace to the simulated heap."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from omvsim.cli.exit_codes import ExitCode
from omvsim.errors import InputError

if TYPE_CHECKING:
    import argparse

    from omvsim.traces import TraceReplay

SCHEMA_VERSION = 1

EXAMPLES = ("replay trace.jsonl",)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim replay``."""
    parser.add_argument(
        "traces", metavar="TRACE", nargs="+", help="a recorded trace of allocator events (.jsonl, also as .gz)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a line for every trace, in order")


def run(args: argparse.Namespace) -> int:
    """Replay every trace; one that cannot be read gets a line on stderr, and the others are replayed all the same."""
    from omvsim.traces import replay_trace

    code = ExitCode.OK
    for path in args.traces:
        try:
            result = replay_trace(path)
        except InputError as error:
            print(f"omvsim: {error}", file=sys.stderr)
            code = ExitCode.BAD_INPUT
            continue
        print(json.dumps(replay_json(result)) if args.json else _line(result), flush=True)
        if not result.exact and code is ExitCode.OK:
            code = ExitCode.ERROR
    return code


def replay_json(result: TraceReplay) -> dict[str, Any]:
    """The counts as JSON values; ``allocations`` and the mismatches are those of the GC heap and the pools together."""
    gc, uma = result.gc, result.uma
    return {
        "schema": "omvsim.replay",
        "schema_version": SCHEMA_VERSION,
        "path": result.path,
        "allocations": result.allocations,
        "address_mismatches": result.address_mismatches,
        "info_mismatches": result.info_mismatches,
        "first_mismatch": result.first_mismatch,
        "gc": {
            "allocations": gc.allocations,
            "address_mismatches": gc.address_mismatches,
            "infos": gc.infos,
            "info_mismatches": gc.info_mismatches,
            "chunk_lists": gc.chunk_lists,
            "chunk_list_mismatches": gc.chunk_list_mismatches,
        },
        "uma": None
        if uma is None
        else {
            "allocations": uma.allocations,
            "failures": uma.failures,
            "frees": uma.frees,
            "reallocs": uma.reallocs,
            "collections": uma.collections,
            "walks": uma.walks,
            "address_mismatches": uma.address_mismatches,
            "other_mismatches": uma.mismatches - uma.address_mismatches,
        },
    }


def _line(result: TraceReplay) -> str:
    text = (
        f"{result.path}: {result.allocations} allocations, {result.address_mismatches} address mismatches, "
        f"{result.info_mismatches} info mismatches"
    )
    return text if result.first_mismatch is None else f"{text}\n  first: {result.first_mismatch}"
