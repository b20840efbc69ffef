"""From a policy to jobs: every model of every entry on every release it names."""

from __future__ import annotations

import dataclasses
import glob
import os
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim._data_files import shipped_files
from omvsim.boards import describe_board, releases
from omvsim.errors import InputError, PolicyError
from omvsim.gate._types import Job
from omvsim.runs.scenario import shipped_scenarios

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.gate._types import Entry, Policy


class EntryError(PolicyError):
    """An entry of a policy is wrong; ``line`` is where it stands."""

    def __init__(self, policy: Policy, entry: Entry, cause: str) -> None:
        super().__init__(policy.path, f"gate {entry.name!r}: {cause}")
        self.line = entry.line


def jobs_of(policy: Policy) -> tuple[Job, ...]:
    """Every job, entry by entry, models by name, releases as the policy lists them.

    Raises:
        EntryError: no model matches, or there is no such board, release or scenario.
    """
    return tuple(job for entry in policy.entries for job in _jobs(policy, entry))


def _jobs(policy: Policy, entry: Entry) -> list[Job]:
    entry = dataclasses.replace(
        entry,
        board=_board(policy.root, entry.board),
        scenario=_scenario(policy.root, entry.scenario),
    )
    if entry.scenario not in shipped_scenarios() and not Path(entry.scenario).is_file():
        raise EntryError(policy, entry, f"no scenario {entry.scenario!r}")
    try:
        known = releases(entry.board)
    except InputError as error:
        raise EntryError(policy, entry, str(error)) from error
    if entry.firmware is None:
        entry = dataclasses.replace(entry, firmware=(describe_board(entry.board).default_firmware,))
    for release in entry.firmware or ():
        if release not in known:
            raise EntryError(policy, entry, f"no firmware {release!r}; known are {', '.join(known)}")
    left_out = _matching(policy.root, entry.exclude)
    models = sorted(_matching(policy.root, entry.models) - left_out)
    if not models and entry.models:
        raise EntryError(policy, entry, f"no model matches {', '.join(entry.models)}")
    wanted = dict.fromkeys(entry.firmware or known)
    if not entry.scripts:
        return [Job(entry, model, release) for model in models for release in wanted]
    scripts = sorted(_matching(policy.root, entry.scripts) - left_out)
    if not scripts:
        raise EntryError(policy, entry, f"no script matches {', '.join(entry.scripts)}")
    return [Job(entry, script, release, tuple(models)) for script in scripts for release in wanted]


def unmatched(policy: Policy) -> tuple[str, ...]:
    """Models below the policy's folder that no entry's globs name, neither to take nor to leave out.

    Hidden folders, environments of Python and packages of node are not looked into.
    """
    named: set[str] = set()
    for entry in policy.entries:
        named |= _matching(policy.root, entry.models) | _matching(policy.root, entry.exclude)
    found = []
    for folder, folders, files in os.walk(policy.root):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and name != "node_modules" and not (Path(folder) / name / "pyvenv.cfg").exists()
        )
        names = (Path(folder).relative_to(policy.root) / name for name in files if name.endswith(".tflite"))
        found += [path.as_posix() for path in names if path.as_posix() not in named]
    return tuple(sorted(found))


def _board(root: Path, name: str) -> str:
    """A shipped name as it is, a path seen from the policy file."""
    return name if name in shipped_files("boards") else str(root / name)


def _scenario(root: Path, name: str) -> str:
    """Likewise."""
    return name if name in shipped_scenarios() else str(root / name)


def _matching(root: Path, patterns: Iterable[str]) -> set[str]:
    # Not Path.glob: "**" would go into .git and .venv.
    found = {name for pattern in patterns for name in glob.glob(pattern, root_dir=root, recursive=True)}  # noqa: PTH207
    return {Path(name).as_posix() for name in found if (root / name).is_file()}
