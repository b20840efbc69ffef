"""``-o FILE.omv``: keep a run for reports. Whoever does not ask for it pays nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from omvsim.capture import Capture, Recorder


def add_capture_options(parser: argparse.ArgumentParser, *, short: bool = True) -> None:
    """``-o --force``."""
    group = parser.add_argument_group("reports")
    group.add_argument(
        *(["-o"] if short else []),
        "--capture",
        metavar="FILE.omv",
        type=Path,
        help="keep everything the run showed; 'omvsim report' renders it",
    )
    group.add_argument("--force", action="store_true", help="replace a file that exists")


def wants_capture(args: argparse.Namespace) -> bool:
    """Whether a capture is asked for; a file in the way is said before the work.

    Raises:
        CaptureError: a file exists and ``--force`` is not given.
    """
    if args.capture is None:
        return False
    from omvsim.capture import refuse_to_replace

    refuse_to_replace(args.capture, force=args.force)
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


__all__ = ["add_capture_options", "keep", "recorder_for", "wants_capture"]
