"""Writes ``docs/accuracy.md`` from ``omvsim validate``: ``python -m tools.accuracy_page``; a test compares."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from omvsim.errors import InputError
from omvsim.report import validation_markdown
from omvsim.timing import validate_published
from omvsim.validate import reference_results, summarise

PAGE: Final = Path(__file__).parents[1] / "docs" / "accuracy.md"
HEAD: Final = """# Accuracy

What omvsim predicts against what was measured, with the recordings that travel with it: no files and no camera are
needed to see the same figures. Errors are predicted minus recorded; *too optimistic* is a prediction that promises more
room than there was.

This page is written by `python -m tools.accuracy_page` from `omvsim validate --reference` and `omvsim validate --time`;
a test holds it against the code. [Validation](validation.md) has what was measured beyond that.

## Memory

"""
TIME: Final = """
## Time

Published times of networks and layers on Cortex-M7 chips. **No inference of this library was ever timed on a real
RT1062 and published**, so none is here.

| what | published ms | predicted ms | range | error | | to know |
|---|--:|--:|---|--:|---|---|
"""


def page() -> str:
    """The whole text."""
    results = [result for result in reference_results() if not isinstance(result, InputError)]
    rows = []
    for one in validate_published().published:
        ms = one.predicted_ms
        rows.append(
            f"| {one.name} | {one.published_ms:g} | {ms.nominal:.1f} | {ms.low:.1f} to {ms.high:.1f} | "
            f"{one.error:+.1%} | {'inside' if one.inside else 'outside'} | {one.caveat} |"
        )
    return HEAD + validation_markdown(summarise(results, {})) + TIME + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
