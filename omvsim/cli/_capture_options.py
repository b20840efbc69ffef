"""``-o FILE.omv`` and ``--html FILE``: keep a run for reports. Whoever asks for neither pays nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from omvsim.capture import Capture, Recorder


def add_capture_options(parser: argparse.ArgumentParser, *, short: bool = True) -> None:
    """``-o --html --force``."""
    group = parser.add_argument_group("reports")
    group.add_argument(
        *(["-o"] if short else []),
        "--capture",
        metavar="FILE.omv",
        type=Path,
        help="keep everything the run showed; 'omvsim report' renders it",
    )
    group.add_argument("--html", metavar="FILE", type=Path, help="write the report as one self-contained page")
    group.add_argument("--force", action="store_true", help="replace files that exist")


def wants_capture(args: argparse.Namespace) -> bool:
    """Whether a capture is asked for; files in the way, or an extra that is missing, are said before the work.

    Raises:
        CaptureError: a file exists and ``--force`` is not given.
        MissingExtraError: the page needs a package that is not installed.
    """
    if args.capture is None and args.html is None:
        return False
    from omvsim.capture import refuse_to_replace

    for path in (args.capture, args.html):
        if path is not None:
            refuse_to_replace(path, force=args.force)
    if args.html is not None:
        from omvsim.report import require_html

        require_html()
    return True


def recorder_for(args: argparse.Namespace) -> Recorder | None:
    """A watcher for the run, if its capture is asked for; errors as of :func:`wants_capture`."""
    if not wants_capture(args):
        return None
    from omvsim.capture import Recorder

    return Recorder()


def keep(args: argparse.Namespace, capture: Capture) -> None:
    """Write what was asked for.

    Raises:
        InputError: a file cannot be written.
    """
    from omvsim.capture import write_capture

    if args.capture is not None:
        write_capture(args.capture, capture, force=args.force)
    if args.html is not None:
        from omvsim.report import html_report
        from omvsim.writing import write_text

        write_text(args.html, html_report(capture))


__all__ = ["add_capture_options", "keep", "recorder_for", "wants_capture"]
