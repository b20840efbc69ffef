"""Runs many configurations, in processes or on any other executor."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections import deque
from functools import lru_cache
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from omvsim.errors import InputError
from omvsim.whatif._evaluate import Evaluator, Outcome
from omvsim.workers import done

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor, Future

    from omvsim.whatif._configuration import Configuration
    from omvsim.whatif._vary import Plan

CHUNK = 16
MOST_PENDING = 64
"""Chunks handed to the executor ahead of the results, so that a sweep of any length needs little memory."""
OUTCOME_COLUMNS = tuple(field.name for field in dataclasses.fields(Outcome))
BAD_INPUT = "bad_input"
Row = dict[str, Any]
_evaluators: list[Evaluator] = []
_lock = Lock()


def run_rows(plan: Plan, skip: frozenset[str] = frozenset(), executor: Executor | None = None) -> Iterator[Row]:
    """One row a configuration, in the plan's order; ``skip`` holds the cases that need not be run again.

    Args:
        plan: what to run.
        skip: values of ``case`` in rows that exist already.
        executor: any :class:`concurrent.futures.Executor`; None runs in this process.

    Raises:
        WorkerError: a process of the executor has gone; the rows so far were handed out.
    """
    todo = ((number, configuration) for number, configuration in plan if case_of(configuration) not in skip)
    chunks = iter(lambda: list(islice(todo, CHUNK)), [])
    if executor is None:
        for chunk in chunks:
            yield from evaluate_chunk(chunk)
        return
    pending: deque[Future[list[Row]]] = deque()
    try:
        for chunk in chunks:
            pending.append(executor.submit(evaluate_chunk, chunk))
            if len(pending) >= MOST_PENDING:
                yield from done(pending.popleft())
        while pending:
            yield from done(pending.popleft())
    finally:
        for future in pending:
            future.cancel()


def evaluate_chunk(chunk: list[tuple[int, Configuration]]) -> list[Row]:
    """Rows of some configurations; each process keeps its models, plans and boards between chunks."""
    with _lock:  # a script that is run once for all watches the whole process's garbage
        if not _evaluators:
            _evaluators.append(Evaluator())
        return [_row(_evaluators[0], number, configuration) for number, configuration in chunk]


def _row(evaluator: Evaluator, number: int, configuration: Configuration) -> Row:
    try:
        outcome = evaluator.evaluate(configuration)
    except InputError as error:
        outcome = Outcome(BAD_INPUT, "input", str(error))
    return {
        "case": case_of(configuration),
        "number": number,
        **configuration.described(),
        **dataclasses.asdict(outcome),
    }


def case_of(configuration: Configuration) -> str:
    """A short name of a configuration that stays the same from run to run, as long as its files' contents do.

    Without the contents, a sweep that is started again after the model was trained anew would keep the old rows.
    """
    named = (configuration.model, configuration.board, configuration.scenario)
    contents = [_content(name) for name in named if name is not None]
    text = json.dumps([configuration.described(), contents], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _content(name: str) -> str:
    """A digest of a file; empty for what is not one, as the names of the boards and scenarios that omvsim brings."""
    try:
        status = Path(name).stat()
        return _digest(name, status.st_mtime_ns, status.st_size)
    except (OSError, ValueError):  # ValueError: a null character in the name
        return ""


@lru_cache(maxsize=256)
def _digest(name: str, _changed_ns: int, _size: int) -> str:
    return hashlib.sha256(Path(name).read_bytes()).hexdigest()


def columns_of(plan: Plan) -> tuple[str, ...]:
    """The columns of a plan's rows, in order."""
    first = plan.configuration(0).described()
    return ("case", "number", *first, *OUTCOME_COLUMNS)
