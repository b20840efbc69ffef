"""Baselines: the figures a team has agreed to, as a file to commit. No times, no paths of one machine, sorted keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from omvsim.errors import PolicyError
from omvsim.gate._types import Change, Metric
from omvsim.reading import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from omvsim.gate._types import Figure, Job, JobResult

SCHEMA = "omvsim.gate.baseline"
SCHEMA_VERSION = 1
Key = tuple[str, str, str]
TOTAL = "headroom.total"
Baseline = dict[Key, dict[str, float]]
"""Figures by (entry, model, release)."""


def read_baseline(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        PolicyError: there is none, or it is not a baseline.
    """
    try:
        raw = json.loads(read_text(path))
    except OSError as error:
        cause = f"cannot be read ({error.strerror}); 'omvsim gate --update-baseline' writes it"
        raise PolicyError(path, cause) from error
    except ValueError as error:
        raise PolicyError(path, "is not a baseline: not JSON") from error
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA or raw.get("schema_version") != SCHEMA_VERSION:
        raise PolicyError(path, f"is not a baseline: its schema is not {SCHEMA} version {SCHEMA_VERSION}")
    try:
        return dict(_rows(raw["gates"]))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise PolicyError(path, f"is not a baseline: {error}") from error


def _rows(gates: Mapping[str, Any]) -> Iterator[tuple[Key, dict[str, float]]]:
    for entry, models in gates.items():
        for model, releases in models.items():
            for release, figures in releases.items():
                yield (entry, model, release), {name: _number(value) for name, value in figures.items()}


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is not a number")
    return value


def render_baseline(baseline: Baseline) -> str:
    """The file's text: the same figures always give the same bytes."""
    gates: dict[str, dict[str, dict[str, dict[str, float]]]] = {}
    for (entry, model, release), figures in baseline.items():
        gates.setdefault(entry, {}).setdefault(model, {})[release] = figures
    content = {"schema": SCHEMA, "schema_version": SCHEMA_VERSION, "gates": gates}
    return json.dumps(content, indent=2, sort_keys=True) + "\n"


def updated_baseline(old: Baseline, results: Iterable[JobResult], jobs: Iterable[Job]) -> Baseline:
    """``old`` with what was measured now; jobs the policy no longer has are dropped, those not run now are kept."""
    wanted = {job.key for job in jobs}
    kept = {key: figures for key, figures in old.items() if key in wanted}
    measured = {result.job.key: {f.key: f.value for f in result.figures} for result in results if result.figures}
    return kept | measured


def compare(figures: Iterable[Figure], before: Mapping[str, float] | None) -> tuple[Change, ...]:
    """Figures that are not what they were, by key; those the baseline does not have are no change."""
    if before is None:
        return ()
    found = list(figures)
    whole = next((figure.value - before[TOTAL] for figure in found if figure.key == TOTAL and TOTAL in before), None)
    changed = [
        Change(figure.key, Metric(figure.metric), before[figure.key], figure.value, _moved(figure, before, whole))
        for figure in found
        if figure.key in before and before[figure.key] != figure.value
    ]
    return tuple(sorted(changed, key=lambda change: change.key))


def _moved(figure: Figure, before: Mapping[str, float], whole: float | None) -> bool:
    """Whether an area gained or lost what the heap as a whole did not."""
    if figure.metric is not Metric.HEADROOM or figure.key == TOTAL or whole is None:
        return False
    gained = figure.value > before[figure.key]
    return whole <= 0 if gained else whole >= 0
