"""Frame sizes or models from small to large, and which is the largest that works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.report._notes import paper, print_page
from omvsim.report._run_verdict import wrapped
from omvsim.whatif import best_rung

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.whatif import Rung


def largest_json(rungs: Sequence[Rung]) -> dict[str, object]:
    """One JSON object."""
    best = best_rung(rungs)
    return {
        "largest": None if best is None else best.value,
        "tried": [
            {
                "value": rung.value,
                "width": rung.width,
                "height": rung.height,
                "works": rung.outcome.works,
                "verdict": rung.outcome.verdict,
                "error": rung.outcome.error,
                "provenance": rung.outcome.provenance,
            }
            for rung in rungs
        ],
    }


def print_largest(rungs: Sequence[Rung]) -> None:
    """Print what was found."""
    best = best_rung(rungs)
    found = (
        "Nothing works." if best is None else f"{best.value} ({best.width}×{best.height}) is the largest that works."
    )
    lines = [found, ""]
    width = max(len(rung.value) for rung in rungs)
    for rung in rungs:
        size = f"{rung.width}×{rung.height}"
        result = "works" if rung.outcome.works else rung.outcome.error or rung.outcome.verdict
        lines.append(f"{rung.value.ljust(width)}  {size.rjust(9)}  {result}")
    width = paper().width
    print_page([part for line in lines for part in (wrapped(line, width).splitlines() or [""])], found)
