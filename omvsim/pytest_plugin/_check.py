"""Checking models in a test: one entry of a gate policy that stands in no file."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omvsim.errors import PolicyError
from omvsim.gate import LimitKind, Metric, jobs_of, run_jobs, single_policy
from omvsim.report import result_findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from omvsim.gate import JobResult

WHERE = Path("omv_fits")
"""What messages about wrong arguments name."""


def check(root: Path, model: str, settings: Mapping[str, Any]) -> tuple[JobResult, ...]:
    """Every model that ``model`` matches below ``root`` on every release asked for.

    Raises:
        PolicyError: an argument is wrong.
    """
    budget = {name: value for name, value in settings.items() if name in set(Metric)}
    others = {name: value for name, value in settings.items() if name not in budget}
    lists = {name: list(value) for name, value in others.items() if isinstance(value, tuple)}
    policy = single_policy(WHERE, root, {**others, **lists, "models": model, "budget": budget})
    for limit in policy.entries[0].limits:
        if limit.kind is LimitKind.NO_REGRESSION:
            raise PolicyError(WHERE, f"{limit.metric}: there is no baseline in a test; say a size")
    with ThreadPoolExecutor(1) as executor:
        return run_jobs(root, jobs_of(policy), executor=executor)


def explain(results: Iterable[JobResult]) -> str:
    """What is wrong, with what is at fault and what helps; empty if nothing is."""
    return "\n".join(line for result in results for finding in result_findings(result) for line in finding.lines())
