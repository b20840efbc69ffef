"""A first policy: budgets from what models take today, plus a margin."""

from __future__ import annotations

import glob
import json
import math
from typing import TYPE_CHECKING

from omvsim.boards import DEFAULT_BOARD
from omvsim.errors import InputError, WorkerError
from omvsim.gate._jobs import jobs_of
from omvsim.gate._run import make_executor, run_jobs
from omvsim.gate._types import Entry, Outcome, Policy, Severity
from omvsim.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from omvsim.firmware import LoadMode
    from omvsim.gate._types import JobResult

_KIB = 1024
_BUDGETED = ("arena", "model_ram", "headroom.total", "longest_free", "garbage_per_frame", "file_size")
"""Figures a draft limits."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What to draft a policy for."""

    root: Path
    """Folder of the policy file; models are relative to it."""
    models: tuple[str, ...]
    """Globs."""
    firmware: tuple[str, ...]
    """Releases; empty is all."""
    board: str = DEFAULT_BOARD
    load: LoadMode | None = None
    margin: float = 10
    """Percent of today's figure."""
    exclude: tuple[str, ...] = ()


def draft_policy(draft: Draft, *, workers: int | None = None, in_project: bool = False) -> str:
    """Text of a policy that passes today, an entry a model; a model that does not run gets one without budgets.

    Args:
        draft: what for.
        workers: processes; None is one a processor.
        in_project: for ``pyproject.toml``, where it is the table ``[tool.omvsim]``.

    Raises:
        InputError: no model, or no such board or release.
    """
    jobs = jobs_of(_policy(draft))
    with make_executor(len(jobs), workers) as pool:
        results = run_jobs(draft.root, jobs, executor=pool, explain=False)
    for result in results:
        if result.outcome is Outcome.LOST:
            raise WorkerError
        if result.outcome.is_unmeasured:
            raise InputError(result.job.model, result.message.removeprefix(f"{draft.root / result.job.model}: "))
    prefix = "tool.omvsim." if in_project else ""
    lines = [f"# Written by 'omvsim gate init': today's figures and {draft.margin:g} % more. Bytes; K is 1024."]
    lines += [f"[{prefix}defaults]", *_defaults(draft)]
    for model in dict.fromkeys(job.model for job in jobs):
        lines += _entries(prefix, model, [r for r in results if r.job.model == model], draft.margin)
    return "\n".join(lines) + "\n"


def _policy(draft: Draft) -> Policy:
    entry = Entry(
        name="init",
        line=1,
        models=draft.models,
        exclude=draft.exclude,
        board=draft.board,
        firmware=draft.firmware,
        load=draft.load,
        input=None,
        scenario="load-and-predict",
        frames=5,
        keep_output=None,
        callback=None,
        severity=Severity.ERROR,
        exact=False,
        high_time=True,
        limits=(),
    )
    return Policy(draft.root / "omvsim.toml", draft.root, (entry,), None)


def _defaults(draft: Draft) -> list[str]:
    lines = [f"board = {_quoted(draft.board)}"] if draft.board != DEFAULT_BOARD else []
    releases = [_quoted(release) for release in draft.firmware or ("all",)]
    lines.append(f"firmware = [{', '.join(releases)}]")
    if draft.load is not None:
        lines.append(f"load = {_quoted(draft.load)}")
    return lines


def _entries(prefix: str, model: str, results: Sequence[JobResult], margin: float) -> list[str]:
    """An entry for the releases it runs on, and one that only warns for those it does not run on today."""
    failing = [result for result in results if result.outcome is Outcome.FAILS]
    running = [result for result in results if result.outcome is not Outcome.FAILS]
    lines: list[str] = []
    if running:
        lines += ["", f"[[{prefix}gate]]", f"models = {_quoted(glob.escape(model))}"]
        lines += [_releases(running)] if failing else []
        lines += ["", f"[{prefix}gate.budget]"]
        lines += [line for key in _BUDGETED for line in _budget(key, running, margin)]
    if failing:
        lines += ["", f"[[{prefix}gate]]", f"name = {_quoted(f'{model} (does not run today)')}"]
        lines += [f"models = {_quoted(glob.escape(model))}", _releases(failing), 'severity = "warning"']
        lines += [f"# {result.job.firmware}: {result.message}" for result in failing]
    return lines


def _releases(results: Sequence[JobResult]) -> str:
    return f"firmware = [{', '.join(_quoted(result.job.firmware) for result in results)}]"


def _budget(key: str, results: Iterable[JobResult], margin: float) -> list[str]:
    """The worst figure of all releases with the margin, rounded to whole KiB where that is less than the margin."""
    found = [figure for result in results for figure in result.figures if figure.key == key]
    if not found:
        return []
    more = found[0].metric.more_is_better
    worst = min(f.value for f in found) if more else max(f.value for f in found)
    limit = math.floor(worst * (1 - margin / 100)) if more else math.ceil(worst * (1 + margin / 100))
    room = abs(limit - worst)
    if room >= _KIB and limit >= _KIB:
        kib = math.ceil(limit / _KIB) if more else limit // _KIB
        value = _quoted(f"{kib}K")
    else:
        value = str(limit)
    return [f"{found[0].metric} = {value}"]


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are all TOML's too."""
    return json.dumps(text, ensure_ascii=False)
