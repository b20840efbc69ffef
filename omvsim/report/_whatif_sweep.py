"""A sweep while it runs, and its summary."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from omvsim.whatif import Table


@contextmanager
def progress_bar(total: int, done: int) -> Iterator[Callable[[int], None]]:
    """Count rows on a terminal's stderr; silent elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - rich is slow to import
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("configurations"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("sweep", total=total, completed=done)
        yield lambda count: progress.advance(task, count)


def sweep_summary(table: Table) -> list[str]:
    """How many configurations ended how, over the whole file."""
    counts: Counter[str] = Counter()
    with table.path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        if table.path.suffix == ".csv":
            counts.update(row["verdict"] for row in csv.DictReader(file))
        else:
            counts.update(json.loads(line)["verdict"] for line in file)
    total = sum(counts.values())
    lines = [f"{table.path}: {total} configurations"]
    lines += [f"{count:8d}  {verdict}" for verdict, count in counts.most_common()]
    return lines
