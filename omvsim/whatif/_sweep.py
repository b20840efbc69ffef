"""Runs many configurations, in processes or on any other executor, into a table that survives an interruption."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
from concurrent.futures import FIRST_COMPLETED, wait
from functools import lru_cache
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from omvsim.errors import InputError
from omvsim.whatif._evaluate import Evaluator, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
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
    """One row a configuration as it is done; ``skip`` holds the cases that need not be run again.

    Args:
        plan: what to run.
        skip: values of ``case`` in rows that exist already.
        executor: any :class:`concurrent.futures.Executor`; None runs in this process. Rows then come in order.
    """
    todo = ((number, configuration) for number, configuration in plan if case_of(configuration) not in skip)
    chunks = iter(lambda: list(islice(todo, CHUNK)), [])
    if executor is None:
        for chunk in chunks:
            yield from evaluate_chunk(chunk)
        return
    pending: set[Future[list[Row]]] = set()
    try:
        for chunk in chunks:
            pending.add(executor.submit(evaluate_chunk, chunk))
            if len(pending) >= MOST_PENDING:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                for future in done:
                    yield from future.result()
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                yield from future.result()
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


# -- tables ---------------------------------------------------------------------------------------------------------


class Table:
    """Rows in a JSON Lines or CSV file (by its suffix); what an interrupted run left there is kept.

    Raises:
        InputError: another suffix, a file that is not such a table, or a folder that cannot be written.
    """

    def __init__(self, path: str | Path, columns: Iterable[str]) -> None:
        self.path = Path(path)
        self.columns = tuple(columns)
        self._lines = {".jsonl": self._json_line, ".csv": self._csv_line}.get(self.path.suffix)
        if self._lines is None:
            raise InputError(self.path, "a table is a .jsonl or a .csv file")
        self.done = frozenset(self._recover())

    def write(self, rows: Iterable[Row], progress: Callable[[int], None] | None = None) -> int:
        """Append rows as they come; returns how many. Each line is complete before the next row is waited for."""
        count = 0
        with self._opened("ab") as file:
            for row in rows:
                file.write(self._line(row))
                file.flush()
                count += 1
                if progress is not None:
                    progress(1)
        return count

    def _line(self, row: Row) -> bytes:
        assert self._lines is not None
        return self._lines(row)

    def _json_line(self, row: Row) -> bytes:
        return json.dumps(row).encode() + b"\n"

    def _csv_line(self, row: Row) -> bytes:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow([_cell(row.get(column)) for column in self.columns])
        return text.getvalue().encode()

    def _opened(self, mode: str) -> Any:
        try:
            return self.path.open(mode)
        except OSError as error:
            raise InputError(self.path, f"cannot be written ({error.strerror})") from error

    def _recover(self) -> Iterator[str]:
        """The cases in the file; a last line that was cut off is taken out. A new CSV file gets its header."""
        if not self.path.exists() or self.path.stat().st_size == 0:
            with self._opened("wb") as file:
                if self.path.suffix == ".csv":
                    file.write(self._csv_line(dict(zip(self.columns, self.columns, strict=True))))
            return
        data = self.path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            with self._opened("r+b") as file:
                file.truncate(len(whole))
        try:
            text = whole.decode()
            yield from (self._json_cases(text) if self.path.suffix == ".jsonl" else self._csv_cases(text))
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(self.path, f"exists and is not a table of such a sweep ({error})") from error

    def _json_cases(self, text: str) -> Iterator[str]:
        for line in text.splitlines():
            yield str(json.loads(line)["case"])

    def _csv_cases(self, text: str) -> Iterator[str]:
        reader = csv.reader(io.StringIO(text))
        header = next(reader, [])
        if tuple(header) != self.columns:
            raise ValueError("its columns are others")
        for line in reader:
            yield line[0]


def columns_of(plan: Plan) -> tuple[str, ...]:
    """The columns of a plan's rows, in order."""
    first = plan.configuration(0).described()
    return ("case", "number", *first, *OUTCOME_COLUMNS)


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value
