"""``omvsim serve``: a page on this computer on which models and scripts are dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    import argparse

EXAMPLES = ("serve", "serve --port 8765")
DEFAULT_PORT = 8062
LAST_PORT = 65_535


def _port(text: str) -> int:
    """A TCP port's number, 0 for any."""
    from argparse import ArgumentTypeError

    if not text.isascii() or not text.isdigit() or len(text) > len(str(LAST_PORT)) or int(text) > LAST_PORT:
        raise ArgumentTypeError(f"must be between 0 and {LAST_PORT}")
    return int(text)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim serve``."""
    parser.add_argument(
        "--port", type=_port, default=DEFAULT_PORT, metavar="N", help="on 127.0.0.1 (default: 8062; 0: any)"
    )


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from omvsim.report import require_html
    from omvsim.web import serve

    require_html()
    serve(args.port, lambda address: print(f"{address} (Ctrl-C ends it; only this computer can see it)", flush=True))
    return ExitCode.OK
