"""The whole speed table: ``python -m tests.bench [--slower 2.15] [PART…]``, from the root of a checkout.

Parts: cold, heap, arena, whatif, script, replay; all of them without an argument. All times are CPU seconds, the best
of some rounds, so that what else the machine does counts little. ``--slower`` says how many times slower this machine
is than the one of the targets: 1 if you do not know. Peers are measured where they are installed. The gate has a table
of its own, ``bench_gate.py``, as it is measured by the clock.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))
import parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from figures import Figure

PARTS: dict[str, Callable[[], Iterator[Figure]]] = {
    "cold": parts.cold,
    "heap": parts.heap,
    "arena": parts.arena,
    "whatif": parts.whatif,
    "script": parts.script,
    "replay": parts.replay,
}


def main(arguments: list[str]) -> None:
    """Print a line a figure."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="the speed table")
    parser.add_argument("part", nargs="*", help=f"of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--slower", type=float, default=1.0, help="how many times slower than the targets' machine")
    given = parser.parse_args(arguments)
    if unknown := set(given.part) - PARTS.keys():
        parser.error(f"no part {', '.join(sorted(unknown))}")
    aim = f"target (x{given.slower:g})"
    print(f"{'figure':<44}{'here':>10} {'unit':<8}{aim:>14}      peers")
    for name in given.part or PARTS:
        for figure in PARTS[name]():
            print(figure.line(given.slower), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
