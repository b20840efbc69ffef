"""``omvsim report KIND FILE.omv``: render a run that was kept with ``-o``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from omvsim.capture import Capture

OWN_FILE = ("html", "parquet", "svg", "png")
"""Kinds that go to a file beside the capture unless told otherwise."""
KINDS = {
    "html": "one self-contained page",
    "tree": "what is in use, by area and owner",
    "map": "the heap as MicroPython's micropython.mem_info(1) draws it, a letter for several blocks; "
    "by owner in colour on a terminal",
    "timeline": "used, free and longest run over the moments",
    "csv": "every request, or what --table says",
    "parquet": "the same as a Parquet file",
    "svg": "one chart of the page (--chart)",
    "png": "the same as a picture",
    "perfetto": "a trace for ui.perfetto.dev or chrome://tracing (JSON)",
    "markdown": "a post for a forum or an issue",
}

EXAMPLES = (
    "report html run.omv",
    "report markdown run.omv",
    "report csv run.omv -o requests.csv",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim report``."""
    kinds = "; ".join(f"{name}: {text}" for name, text in KINDS.items())
    parser.add_argument("kind", choices=tuple(KINDS), metavar="KIND", help=kinds)
    parser.add_argument(
        "file", metavar="FILE.omv", type=Path, help="kept by -o of run, exec, releases, what-if, gate, validate"
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=Path,
        help="default: standard output; html, parquet, svg and png: beside the capture",
    )
    parser.add_argument(
        "--table", choices=("requests", "buffers", "operators"), default="requests", help="of csv and parquet"
    )
    parser.add_argument(
        "--chart", metavar="NAME", help="of svg and png: board, request, map-gc[0], time, arena … (default: the first)"
    )
    parser.add_argument("--dark", action="store_true", help="svg and png for a dark page")
    parser.add_argument("--force", action="store_true", help="replace a file that exists")


def run(args: argparse.Namespace) -> int:
    """Render it."""
    from omvsim.capture import read_capture, refuse_to_replace

    target: Path | None = args.output
    if args.kind in OWN_FILE and target is None:
        target = args.file.with_suffix(f".{args.kind}")
    if target is not None:
        refuse_to_replace(target, force=args.force)
    if args.kind == "map" and target is None and sys.stdout.isatty():
        from omvsim.report import print_map

        print_map(read_capture(args.file))
        return ExitCode.OK
    made = _renderer(args)(read_capture(args.file))
    if target is None:
        sys.stdout.write(str(made))
        return ExitCode.OK
    from omvsim.writing import write_bytes, write_text

    if isinstance(made, bytes):
        write_bytes(target, made)
    else:
        write_text(target, made)
    if args.output is None:
        print(f"wrote {target}")
    return ExitCode.OK


def _renderer(args: argparse.Namespace) -> Callable[[Capture], str | bytes]:
    from omvsim import report

    table, chart, dark = args.table, args.chart, args.dark
    found: dict[str, Callable[[Capture], str | bytes]] = {
        "html": report.html_report,
        "tree": report.tree_text,
        "map": report.map_text,
        "timeline": report.timeline_text,
        "csv": lambda capture: report.table_csv(capture, table),
        "parquet": lambda capture: report.table_parquet(capture, table),
        "svg": lambda capture: report.chart_svg(capture, chart, dark=dark),
        "png": lambda capture: report.chart_png(capture, chart, dark=dark),
        "perfetto": report.trace_json,
        "markdown": report.post_markdown,
    }
    return found[args.kind]
