"""``omvsim models``: list the families of generated models, make one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.cli.exit_codes import ExitCode
from omvsim.errors import InputError
from omvsim.units import format_bytes
from omvsim.writing import write_bytes

if TYPE_CHECKING:
    import argparse

    from omvsim.models import Family

_OPTIONS = {
    "size": "side of the square input picture (autoencoder: number of inputs)",
    "classes": "number of classes",
    "alpha": "width multiplier",
    "dtype": "int8, float32, or uint8-io (int8 behind uint8 inputs and outputs)",
    "seed": "seed of the pseudo-random weights",
}

EXAMPLES = (
    "models list",
    "models make yolov8n-like --size 320 -o yolo.tflite",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add ``list`` and ``make``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="the families and their options", description="List the families.")
    make = actions.add_parser("make", help="write a model file", description="Write a model file.")
    make.add_argument("name", metavar="NAME", help="family, see 'omvsim models list'")
    make.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: NAME.tflite")
    make.add_argument("--force", action="store_true", help="replace FILE if it exists")
    for option, text in _OPTIONS.items():
        # Values stay text here: the family knows what it takes and says so in one line.
        make.add_argument(f"--{option}", metavar=option.upper(), help=text)


def run(args: argparse.Namespace) -> int:
    """Do what ``configure`` parsed."""
    if args.action == "list":
        _list()
    else:
        _make(args)
    return ExitCode.OK


def _list() -> None:
    from omvsim.models import families

    for family in families():
        print(f"{family.name:<18}{family.summary}")
        print(f"{'':<18}{_described(family)}")


def _described(family: Family) -> str:
    """Options with default and range; dtype and seed, which all have, in short."""
    special = [option for option in family.options if option.name not in {"dtype", "seed"}]
    return ", ".join(
        [f"--{option.name} {option.default} ({option.range})" for option in special] + ["--dtype", "--seed"]
    )


def _make(args: argparse.Namespace) -> None:
    from omvsim.models import make

    path: Path = args.output or Path(f"{args.name}.tflite")
    given = {name: getattr(args, name) for name in _OPTIONS if getattr(args, name) is not None}
    if path.exists() and not args.force:
        raise InputError(path, "exists already (--force replaces it)")
    data = make(args.name, **given)
    write_bytes(path, data)
    print(f"wrote {path}: {format_bytes(len(data))} bytes")
