"""A run for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omvsim.scenario import RunResult


def print_run(result: RunResult) -> None:
    """Print the report."""
    print(result.verdict, result.exception, result.model_ram)
