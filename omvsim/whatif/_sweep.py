"""Runs many configurations, in processes or on any other executor."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections import deque
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, Any

from omvsim.errors import InputError
from omvsim.whatif._evaluate import Evaluator, Outcome
from omvsim.whatif._files import Depot, Lacking, contents_of, data_of, moved, named_files
from omvsim.workers import done

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from concurrent.futures import Executor, Future

    from omvsim.whatif._configuration import Configuration
    from omvsim.whatif._vary import Plan

CHUNK, MOST_CHUNK = 16, 256
"""Configurations of a task: few, so that all processes have some of a small sweep; many in a large one, in which a
scheduler's share of a task (20 ms with Dask) would keep three workers busy and no more."""
CHUNKS = 512
"""Tasks of a sweep between the two."""
MOST_PENDING = 64
"""Chunks handed to the executor ahead of the results, so that a sweep of any length needs little memory."""
OUTCOME_COLUMNS = tuple(field.name for field in dataclasses.fields(Outcome))
BAD_INPUT = "bad_input"
Row = dict[str, Any]
Chunk = list[tuple[int, "Configuration"]]
_lock = Lock()


class _Process:
    """What one process keeps from chunk to chunk: models, plans and boards, and the files it was sent."""

    def __init__(self) -> None:
        self.evaluator = Evaluator()
        self.depot = Depot()
        self._contents: dict[str, str] = {}

    def look_at(self, contents: Mapping[str, str]) -> None:
        """A file that is another one than before makes all that is kept worthless."""
        if any(self._contents.get(name, digest) != digest for name, digest in contents.items()):
            self.evaluator = Evaluator()
            self._contents.clear()
        self._contents |= contents


_processes: list[_Process] = []


def run_rows(plan: Plan, skip: frozenset[str] = frozenset(), executor: Executor | None = None) -> Iterator[Row]:
    """One row a configuration, in the plan's order; ``skip`` holds the cases that need not be run again.

    Args:
        plan: what to run.
        skip: values of ``case`` in rows that exist already.
        executor: any :class:`concurrent.futures.Executor`; None runs in this process. Its workers need not see the
            files.

    Raises:
        WorkerError: a process of the executor has gone; the rows so far were handed out.
    """
    todo = ((number, tried) for number, tried in plan if not skip or case_of(tried) not in skip)
    size = min(max(CHUNK, len(plan) // CHUNKS), MOST_CHUNK) if executor is not None else CHUNK
    chunks = iter(lambda: list(islice(todo, size)), [])
    if executor is None:
        for chunk in chunks:
            yield from _here(chunk)
        return
    pending: deque[tuple[Chunk, Future[list[Row] | Lacking]]] = deque()
    try:
        for chunk in chunks:
            pending.append((chunk, executor.submit(evaluate_chunk, chunk, _contents(chunk))))
            if len(pending) >= MOST_PENDING:
                yield from _rows(executor, *pending.popleft())
        while pending:
            yield from _rows(executor, *pending.popleft())
    finally:
        for _, future in pending:
            future.cancel()


def _rows(executor: Executor, chunk: Chunk, future: Future[list[Row] | Lacking]) -> Iterator[Row]:
    """The rows of a chunk; its worker is sent what it lacks."""
    found, sent = done(future), dict[str, bytes]()
    while isinstance(found, Lacking):
        contents = _contents(chunk)
        sent |= data_of(found.names)
        found = done(executor.submit(evaluate_chunk, chunk, contents, sent))
    for pair, row in zip(chunk, found, strict=True):
        # A file beside those that were sent (what a board extends, a scenario's other models) is here.
        yield from _here([pair]) if sent and row["verdict"] == BAD_INPUT else (row,)


def _here(chunk: Chunk) -> list[Row]:
    found = evaluate_chunk(chunk, _contents(chunk))
    if isinstance(found, Lacking):
        raise InputError(found.names[0], "was written while it was read")
    return found


def _contents(chunk: Chunk) -> dict[str, str]:
    return contents_of(configuration for _, configuration in chunk)


def evaluate_chunk(
    chunk: Chunk, contents: Mapping[str, str], data: Mapping[str, bytes] | None = None
) -> list[Row] | Lacking:
    """Rows of some configurations; each process keeps its models, plans and boards between chunks.

    Args:
        chunk: (number in the plan, configuration).
        contents: digest of every file by its name.
        data: files that this process lacks.
    """
    with _lock:  # a script that is run once for all watches the whole process's garbage
        if not _processes:
            _processes.append(_Process())
        process = _processes[0]
        process.depot.keep(contents, data or {})
        places = process.depot.places(contents)
        if isinstance(places, Lacking):
            return places
        process.look_at(contents)
        return [_row(process.evaluator, number, tried, contents, places) for number, tried in chunk]


def _row(
    evaluator: Evaluator,
    number: int,
    configuration: Configuration,
    contents: Mapping[str, str],
    places: Mapping[str, str],
) -> Row:
    try:
        outcome = evaluator.evaluate(moved(configuration, places))
    except InputError as error:
        outcome = Outcome(BAD_INPUT, "input", str(error))
    return {
        "case": _case(configuration, contents),
        "number": number,
        **configuration.described(),
        **dataclasses.asdict(outcome),
    }


def case_of(configuration: Configuration) -> str:
    """A short name of a configuration that stays the same from run to run, as long as its files' contents do.

    Without the contents, a sweep that is started again after the model was trained anew would keep the old rows.
    """
    return _case(configuration, contents_of([configuration]))


def _case(configuration: Configuration, contents: Mapping[str, str]) -> str:
    digests = [contents[name] for name in named_files(configuration)]
    text = json.dumps([configuration.described(), digests], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def columns_of(plan: Plan) -> tuple[str, ...]:
    """The columns of a plan's rows, in order."""
    first = plan.configuration(0).described()
    return ("case", "number", *first, *OUTCOME_COLUMNS)
