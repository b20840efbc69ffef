"""The summary of a sweep."""

from __future__ import annotations

import csv
import json
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omvsim.whatif import Table


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
