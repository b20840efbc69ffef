"""How many small changes of the core do the project's own fast tests notice, without the measured ground truth?

    pip install --group mutation
    python -m tools.mutate --room heap --count 60 --seed 1

Copies what git has of the checkout to a folder without ``../shared``, lets cosmic-ray make every mutant of the room's
files, runs the room's tests on a sample of them chosen by the seed, and names the survivors. Those that
``tools/equivalent.toml`` says can change no result count neither way. The exit code is 1 where fewer than ``GOAL`` of
the others were killed.
"""

from __future__ import annotations

import argparse
import ast
import io
import os
import random
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[1]
GOAL = 0.9
SECONDS = 120
"""For the tests of one mutant: it may have made an endless loop."""


@dataclass(frozen=True)
class Room:
    """Files that are changed, and the tests that have to notice."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


ROOMS = {
    "heap": Room(
        ("omvsim/heap/_gc.py", "omvsim/heap/_area.py", "omvsim/heap/_runs.py"),
        ("tests/heap/test_runs.py", "tests/heap/test_gc.py", "tests/tape/test_loop.py::test_a_twin_goes_on_alike"),
    ),
    "pools": Room(
        ("omvsim/heap/_fb_alloc.py", "omvsim/heap/_tlsf.py", "omvsim/heap/_uma.py"),
        (
            "tests/heap/test_fb_alloc.py",
            "tests/heap/test_tlsf.py",
            "tests/heap/test_uma.py",
            "tests/heap/test_uma_machine.py",
        ),
    ),
    "planner": Room(
        ("omvsim/tflm/_planner.py", "omvsim/tflm/_placed.py", "omvsim/tflm/_plan.py"),
        (
            "tests/tflm/test_planner.py",
            "tests/tflm/test_plan.py",
            "tests/tflm/test_placed.py",
            "tests/tflm/test_allocate.py",
            "tests/tflm/test_operators.py",
            "tests/tflm/test_libtf.py",
        ),
    ),
    "sizes": Room(
        ("omvsim/memory/sizes.py", "omvsim/tflm/_abi.py"),
        (
            "tests/tflm/test_abi.py",
            "tests/memory",
            "tests/compiler/test_reading_costs.py",
            "tests/micropython/test_requests.py",
            "tests/compiler/test_requests.py",
            "tests/micropython/test_maps.py",
            "tests/modules/test_statements.py",
        ),
    ),
    "costs": Room(
        (
            "omvsim/memory/requests.py",
            "omvsim/memory/strings.py",
            "omvsim/memory/vstr.py",
            "omvsim/micropython/frames.py",
            "omvsim/micropython/maps.py",
            "omvsim/micropython/types/hashset.py",
            "omvsim/micropython/types/list_.py",
        ),
        (
            "tests/micropython/test_costs.py",
            "tests/memory",
            "tests/micropython/test_maps.py",
            "tests/micropython/test_requests.py",
            "tests/micropython/test_probing.py",
            "tests/micropython/test_leaving.py",
            "tests/micropython/types/test_sequences.py",
            "tests/micropython/types/test_tables.py",
        ),
    ),
}


@dataclass(frozen=True)
class Equivalent:
    """A mutant that can change no result: its file, the line, and why.

    ``line`` is the changed one as it stands then; with ``every`` it is as it stands now, and all its mutants are meant.
    """

    file: str
    line: str
    reason: str
    every: bool = False


def equivalents() -> list[Equivalent]:
    """What ``tools/equivalent.toml`` names."""
    with (ROOT / "tools" / "equivalent.toml").open("rb") as file:
        return [Equivalent(**each) for each in tomllib.load(file).get("mutant", [])]


def is_equivalent(diff: str, known: Sequence[Equivalent]) -> bool:
    """Whether a mutant, given as a diff of one file, is one of the named."""
    lines = diff.splitlines()
    file = next(line for line in lines if line.startswith("+++")).removeprefix("+++ b/")
    now, then = ({line[1:].strip() for line in lines if line[0] == sign and line[1:3] != sign * 2} for sign in "-+")
    return any(each.file == file and each.line in (now if each.every else then) for each in known)


def sampled(count: int, of: int, seed: int) -> list[int]:
    """``count`` numbers below ``of``, in order."""
    return sorted(random.Random(seed).sample(range(of), min(count, of)))


def config_text(room: Room, python: str) -> str:
    """Cosmic-ray's configuration."""
    options = "-x -q -p no:cacheprovider --hypothesis-profile=mutants"
    command = f"{python} -m pytest {options} {' '.join(room.tests)}"
    paths = ", ".join(f'"{path}"' for path in room.files)
    return (
        f"[cosmic-ray]\nmodule-path = [{paths}]\ntimeout = {SECONDS}.0\nexcluded-modules = []\n"
        f'test-command = "{command}"\n[cosmic-ray.distributor]\nname = "local"\n'
    )


def _checkout(folder: Path) -> None:
    """What git has of the working tree."""
    given = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name in filter(None, given.decode().split("\0")):
            if (ROOT / name).exists():
                tar.add(ROOT / name, name)
    buffer.seek(0)
    with tarfile.open(fileobj=buffer) as tar:
        tar.extractall(folder, filter="data")


def idle(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where annotations and what only type checkers read begin and end, as (line from 1, column).

    Nothing runs there, so no mutant can be noticed.
    """
    found: list[ast.expr | ast.stmt | None] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.arg | ast.AnnAssign):
            found.append(node.annotation)
        elif isinstance(node, ast.FunctionDef):
            found.append(node.returns)
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            found.append(node)
    return [
        ((each.lineno, each.col_offset), (each.end_lineno or 0, each.end_col_offset or 0))
        for each in found
        if each is not None
    ]


def _thin_out(session: Path, count: int, seed: int) -> int:
    """Leave a sample in the session; how many mutants it is one of."""
    from cosmic_ray.work_db import use_db  # noqa: PLC0415 - not installed everywhere
    from cosmic_ray.work_item import WorkerOutcome, WorkResult  # noqa: PLC0415 - as above

    with use_db(str(session)) as database:
        items = sorted(database.work_items, key=lambda item: repr(item.mutations[0]))
        spans = {path: idle(path.read_text(encoding="utf-8")) for path in {_place(item)[0] for item in items}}
        running = [item for item in items if not any(b <= _place(item)[1] < e for b, e in spans[_place(item)[0]])]
        chosen = {running[number].job_id for number in sampled(count, len(running), seed)}
        for item in items:
            if item.job_id not in chosen:
                database.set_result(item.job_id, WorkResult(worker_outcome=WorkerOutcome.SKIPPED))
        return len(running)


def _place(item: Any) -> tuple[Path, tuple[int, int]]:
    """File and position of a work item."""
    return ROOT / item.mutations[0].module_path, tuple(item.mutations[0].start_pos)


def _report(session: Path, known: Sequence[Equivalent]) -> tuple[int, int, list[str]]:
    """Mutants that were tested, those of them that are known to change nothing, the other survivors."""
    from cosmic_ray.work_db import use_db  # noqa: PLC0415 - not installed everywhere
    from cosmic_ray.work_item import TestOutcome, WorkerOutcome  # noqa: PLC0415 - as above

    survivors, tested, same = [], 0, 0
    with use_db(str(session)) as database:
        for job, result in database.results:
            if result.worker_outcome is WorkerOutcome.SKIPPED:
                continue
            tested += 1
            if result.test_outcome is TestOutcome.SURVIVED:
                if is_equivalent(result.diff or "", known):
                    same += 1
                else:
                    survivors.append(result.diff or job)
    return tested, same, survivors


def main(argv: Sequence[str] | None = None) -> int:
    """Mutate one room."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--room", choices=ROOMS, required=True)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    room = ROOMS[args.room]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "checkout"
        _checkout(folder)
        config, session = folder / "mutation.toml", folder / "session.sqlite"
        config.write_text(config_text(room, sys.executable), encoding="utf-8")
        environment = os.environ | {"OMVSIM_SHARED": str(folder / "absent"), "PYTHONPATH": str(folder)}
        environment["PYTHONPATH"] += os.pathsep + os.environ.get("PYTHONPATH", "")

        def cosmic_ray(*words: str) -> None:
            subprocess.run([sys.executable, "-m", "cosmic_ray.cli", *words], cwd=folder, env=environment, check=True)

        # Compiled files that are told apart by content: mutants of one second and size would be taken for each other.
        compiling = ["-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "omvsim", "tests"]
        subprocess.run([sys.executable, *compiling], cwd=folder, env=environment, check=True)
        environment["PYTHONDONTWRITEBYTECODE"] = "1"

        cosmic_ray("baseline", str(config))  # tests that fail, or are not there, would kill every mutant
        cosmic_ray("init", str(config), str(session))
        total = _thin_out(session, args.count, args.seed)
        cosmic_ray("exec", str(config), str(session))
        tested, same, survivors = _report(session, equivalents())
    print("\n\n".join(survivors))
    counted = tested - same
    killed = counted - len(survivors)
    share = f"{killed / counted:.0%}; {same} more change nothing; sample of {total}, seed {args.seed}"
    print(f"{args.room}: {killed} of {counted} killed ({share})")
    return 0 if killed >= GOAL * counted else 1


if __name__ == "__main__":
    sys.exit(main())
