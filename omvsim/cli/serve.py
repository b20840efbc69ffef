"""``omvsim serve``: a page on this computer on which models and scripts are dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    import argparse

EXAMPLES = ("serve", "serve --port 8765")
DEFAULT_PORT = 8062


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim serve``."""
    parser.add_argument(
        "--port", type=int, default=DEFAULT_PORT, metavar="N", help="on 127.0.0.1 (default: 8062; 0: any)"
    )


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from omvsim.report import require_html
    from omvsim.web import serve

    require_html()
    serve(args.port, lambda address: print(f"{address} (Ctrl-C ends it; only this computer can see it)", flush=True))
    return ExitCode.OK
