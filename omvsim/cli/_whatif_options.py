"""Options that actions of ``omvsim what-if`` share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.cli._processes import process_count

if TYPE_CHECKING:
    import argparse


def add_configuration(parser: argparse.ArgumentParser, *, until: bool) -> None:
    """What is simulated: the board, and the script's options."""
    from omvsim.cli._board_options import add_board_options

    add_board_options(parser)
    group = parser.add_argument_group("script")
    if until:
        group.add_argument(
            "--until", choices=("load", "predict"), default="predict", help="what must work (default: predict)"
        )
    group.add_argument(
        "--load", choices=("rom", "file", "fb"), help="where the model is loaded from (default: rom where it fits)"
    )
    group.add_argument("--input", choices=("camera", "image", "ndarray", "callable"), help="what predict() is given")
    group.add_argument("--loops", type=int, metavar="N", help="predictions (default: 1)")
    group.add_argument("--scenario", metavar="FILE", help="name or path of a scenario (default: the one that run runs)")


def add_edge(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """What a search looks at."""
    group = parser.add_argument_group("search")
    group.add_argument(
        "--param",
        metavar="KEY",
        required=required,
        help="a size, e.g. gc[2].size" + ("" if required else "; framesize"),
    )
    group.add_argument("--range", metavar="A..B", help="bounds, e.g. 0..8M (default: 0 to what the memory has)")
    group.add_argument("--step", metavar="SIZE", default="1K", help="distance of tried values (default: 1K)")


def add_sweep(parser: argparse.ArgumentParser) -> None:
    """Which points, and who simulates them."""
    group = parser.add_argument_group("sweep")
    group.add_argument(
        "--vary",
        action="append",
        default=[],
        metavar="KEY=VALUES",
        help="A..B:STEP, a,b,c or firmware=all; several make a grid",
    )
    group.add_argument("--matrix", metavar="FILE", help="a sweep in a TOML file")
    group.add_argument("--sample", type=int, metavar="N", help="only N points of the grid, picked at random")
    group.add_argument("--seed", type=int, default=1, metavar="N", help="which sample (default: 1)")
    group.add_argument("--out", metavar="FILE", help=".jsonl or .csv; a file that exists is continued")
    where = group.add_mutually_exclusive_group()
    where.add_argument("--jobs", type=process_count, metavar="N", help="processes (default: one a core)")
    where.add_argument("--scheduler", metavar="ADDRESS", help="workers of a Dask scheduler, e.g. tcp://host:8786")
