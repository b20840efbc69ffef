"""``omvsim releases MODEL…``: one model on every firmware release."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from omvsim.cli.exit_codes import ExitCode
from omvsim.errors import InputError

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim releases``."""
    parser.add_argument("models", metavar="MODEL", nargs="+", help="a .tflite file")
    parser.add_argument("--board", help="board profile by name or path (default: openmv-rt1062)")
    parser.add_argument(
        "--load", choices=("rom", "file", "fb"), default="file", help="where the model is loaded from (default: file)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line per model")


def run(args: argparse.Namespace) -> int:
    """Run the command; a model that cannot be read gets its line on stderr, the others are still shown."""
    import json

    from omvsim.boards import DEFAULT_BOARD
    from omvsim.firmware import LoadMode
    from omvsim.graph import read_model
    from omvsim.releases import compare_releases
    from omvsim.report._releases import releases_json, render_releases

    code = ExitCode.OK
    for path in args.models:
        try:
            rows = compare_releases(read_model(path), load=LoadMode(args.load), board=args.board or DEFAULT_BOARD)
        except InputError as error:
            print(f"omvsim: {error}", file=sys.stderr)
            code = ExitCode.BAD_INPUT
            continue
        if args.json:
            print(json.dumps(releases_json(path, rows)))
        else:
            from rich.console import Console

            Console(width=None if sys.stdout.isatty() else 140, highlight=False).print(render_releases(path, rows))
    return code
