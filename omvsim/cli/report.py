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

KINDS = {
    "html": "one self-contained page",
    "tree": "what is in use, by area and owner",
    "map": "the heap as MicroPython's micropython.mem_info(1) draws it, a letter for several blocks",
    "timeline": "used, free and longest run over the moments",
    "csv": "every request",
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
    parser.add_argument("file", metavar="FILE.omv", type=Path, help="kept by -o of run, exec, what-if, gate, validate")
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="default: standard output; html: FILE.html beside the capture"
    )
    parser.add_argument("--force", action="store_true", help="replace a file that exists")


def run(args: argparse.Namespace) -> int:
    """Render it."""
    from omvsim.capture import read_capture, refuse_to_replace

    target: Path | None = args.output
    if args.kind == "html" and target is None:
        target = args.file.with_suffix(".html")
    if target is not None:
        refuse_to_replace(target, force=args.force)
    text = _renderer(args.kind)(read_capture(args.file))
    if target is None:
        sys.stdout.write(text)
        return ExitCode.OK
    from omvsim.writing import write_text

    write_text(target, text)
    if args.kind == "html" and args.output is None:
        print(f"wrote {target}")
    return ExitCode.OK


def _renderer(kind: str) -> Callable[[Capture], str]:
    from omvsim import report

    return {
        "html": report.html_report,
        "tree": report.tree_text,
        "map": report.map_text,
        "timeline": report.timeline_text,
        "csv": report.requests_csv,
        "perfetto": report.trace_json,
        "markdown": report.post_markdown,
    }[kind]
