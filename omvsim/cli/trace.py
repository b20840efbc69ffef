"""``omvsim trace``: the recorder for the camera, and tools that look at traces."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    import argparse

EXAMPLES = (
    "trace script model.tflite -o record.py",
    "trace record model.tflite --port /dev/ttyACM0",
    "trace convert serial.log run.jsonl",
    "trace diff before.txt after.txt",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim trace``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    script = actions.add_parser("script", help="write the MicroPython script that records a model's run on a camera")
    _recorder_options(script)
    script.add_argument("-o", "--output", metavar="FILE", help="write to a file instead of standard output")

    record = actions.add_parser("record", help="run that script on a camera at a USB port and keep its log")
    _recorder_options(record)
    record.add_argument("--port", required=True, help="serial port of the camera, e.g. /dev/ttyACM0 or COM3")
    record.add_argument(
        "--via",
        choices=("repl", "openmv"),
        default="repl",
        help="repl: MicroPython's raw REPL, every release (default); openmv: the official package, 5.0.0 and later",
    )
    record.add_argument("-o", "--output", metavar="FILE", help="trace to write (default: MODEL.trace.jsonl.gz)")
    record.add_argument("--force", action="store_true", help="replace a trace that exists")
    record.add_argument("--timeout", type=float, default=600.0, metavar="SECONDS",
                        help="give up after so long without output (default: %(default)g)")  # fmt: skip

    convert = actions.add_parser("convert", help="read a trace, a serial log or a heap map and write omvsim.trace")
    convert.add_argument("trace", metavar="TRACE")
    convert.add_argument("output", metavar="OUTPUT", help="file to write; .gz is packed")

    diff = actions.add_parser("diff", help="compare two heap maps (micropython.mem_info(1)) block by block")
    diff.add_argument("left", metavar="MAP")
    diff.add_argument("right", metavar="MAP")
    diff.add_argument("--json", action="store_true", help="print one JSON object")


def _recorder_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="the .tflite file; a copy of it must be on the camera")
    parser.add_argument("--firmware", help="the camera's release (default: the board profile's own)")
    parser.add_argument(
        "--load",
        choices=("rom", "file", "fb"),
        help="where it is (default: rom where the release has one, from 4.7.0, and it fits; else file)",
    )
    parser.add_argument("--path", help="its path on the camera (default: as the release has it, e.g. /rom/NAME)")
    parser.add_argument("--frames", type=int, default=5, metavar="N", help="predictions (default: %(default)s)")
    parser.add_argument("--map", action="store_true", help="print a map of every block with each snapshot (long)")
    parser.add_argument("--no-probe", action="store_true", help="do not search for the largest free buffers at the end")
    parser.add_argument("--call", choices=("classify", "segment", "detect"), default="classify",
                        help="what to call on releases with the tf module (default: classify)")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Do the action."""
    return {"script": _script, "record": _record, "convert": _convert, "diff": _diff}[args.action](args)


def _script_text(args: argparse.Namespace, *, paced: bool = False) -> str:
    from omvsim.firmware import LoadMode
    from omvsim.recorder import recorder_script

    return recorder_script(
        args.model,
        load=None if args.load is None else LoadMode(args.load),
        firmware=args.firmware,
        path=args.path,
        frames=args.frames,
        heap_map=args.map,
        probe=not args.no_probe,
        call=args.call,
        paced=paced,
    )


def _script(args: argparse.Namespace) -> int:
    text = _script_text(args)
    if args.output is None:
        print(text, end="")
    else:
        from omvsim.writing import write_text

        write_text(args.output, text)
    return ExitCode.OK


def _record(args: argparse.Namespace) -> int:
    from omvsim.cli._recording import recorded
    from omvsim.errors import InputError
    from omvsim.writing import require_writable

    paced = args.via == "openmv"
    if paced and args.map:
        raise InputError("--map", "the firmware prints a map at once, more than its ring holds; use --via repl")
    text = _script_text(args, paced=paced)
    output = args.output or f"{Path(args.model).stem}.trace.jsonl.gz"
    if Path(output).is_file() and not args.force:
        raise InputError(output, "exists already, and a recording is not made again in a second (--force replaces it)")
    require_writable(output)
    return recorded(args.port, text, output, timeout=args.timeout, via=args.via)


def _convert(args: argparse.Namespace) -> int:
    from omvsim.traces import FirmwareTrace, open_trace, write_trace

    trace = open_trace(args.trace)
    trace = trace.trace if isinstance(trace, FirmwareTrace) else trace
    write_trace(trace, args.output)
    for note in trace.notes:
        print(f"omvsim: {args.trace}: {note}", file=sys.stderr)
    return ExitCode.OK


def _diff(args: argparse.Namespace) -> int:
    from omvsim.traces import diff_maps, read_heap_map

    differences = diff_maps(read_heap_map(args.left), read_heap_map(args.right))
    if args.json:
        print(json.dumps({
            "schema": "omvsim.map-diff", "schema_version": 1, "blocks": sum(d.blocks for d in differences),
            "differences": [{"area": d.area, "address": d.address, "blocks": d.blocks, "left": d.left, "right": d.right}
                            for d in differences],
        }))  # fmt: skip
    else:
        for difference in differences:
            print(f"gc[{difference.area}] 0x{difference.address:08x}: {difference.left} | {difference.right}")
        print(f"{sum(d.blocks for d in differences)} blocks differ")
    return ExitCode.ERROR if differences else ExitCode.OK
