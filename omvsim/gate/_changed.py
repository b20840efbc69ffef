"""Which files were touched since a revision, by git."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.gate._types import Job, Policy


def changed_files(folder: Path, revision: str) -> frozenset[Path]:
    """Files that differ from ``revision`` in the work tree around ``folder``, and those git does not know yet.

    Raises:
        InputError: git is not there, this is no repository, or there is no such revision.
    """
    if revision.startswith("-"):
        raise InputError("--changed-since", f"{revision!r} is no revision")
    top = Path(_git(folder, "rev-parse", "--show-toplevel").rstrip("\n"))
    named = _git(top, "diff", "--name-only", "-z", revision, "--")
    unknown = _git(top, "ls-files", "--others", "--exclude-standard", "-z")
    return frozenset((top / name).resolve() for name in (named + unknown).split("\0") if name)


def touched(jobs: Iterable[Job], policy: Policy, files: frozenset[Path]) -> list[Job]:
    """Jobs whose model or script, labels, scenario or board is one of ``files``; all of them if the policy is.

    A script's folder is what it finds beside it: any file there counts.
    """
    if policy.path.resolve() in files:
        return list(jobs)
    root = policy.root
    return [job for job in jobs if not files.isdisjoint(_sources(job, root)) or _beside(job, root, files)]


def _beside(job: Job, root: Path, files: frozenset[Path]) -> bool:
    folder = (root / job.model).resolve().parent
    return bool(job.entry.scripts) and any(path.is_relative_to(folder) for path in files)


def _sources(job: Job, root: Path) -> list[Path]:
    models = [(root / name).resolve() for name in (job.model, *job.handed)]
    labels = [model.with_name(model.name.partition(".")[0] + ".txt") for model in models]
    return [*models, *labels, Path(job.entry.scenario).resolve(), Path(job.entry.board).resolve()]


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise InputError("--changed-since", "git is not installed") from error
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise InputError("--changed-since", said[0] if said else f"git {arguments[0]} failed")
    return done.stdout
