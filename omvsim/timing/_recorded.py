"""Reads recorded counts (``ops.jsonl.gz``): one line per executed operator, see ``facts/rt1062-timing.md``."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from omvsim.errors import InputError, TraceError
from omvsim.graph import read_model
from omvsim.timing._families import loops
from omvsim.timing._node import Node, node_from_record, node_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from omvsim.graph import Model


@dataclass(frozen=True)
class Recorded:
    """One executed operator: what it was and what was counted."""

    model: str
    index: int
    node: Node
    counted: Mapping[str, Any]
    from_file: bool
    """Whether ``node`` was read from the model file, with its constants and scales, or only from the record."""

    @property
    def instructions(self) -> int:
        """Instructions of the kernel call."""
        return int(self.counted["instructions"])


def read_records(path: Path, models: Path | None = None) -> Iterator[Recorded]:
    """Every recorded operator; nodes come from the model files below ``models`` where they are there.

    Raises:
        TraceError: the file is missing, not gzip, cut off, or a line is not an operator.
    """
    known: dict[str, Model | None] = {}
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                number += 1
                record = json.loads(line)
                if record["node"] < 0:
                    continue
                node = _node(record, models, known)
                yield Recorded(record["model"], record["node"], node or node_from_record(record), record, bool(node))
    except (OSError, EOFError) as error:
        raise TraceError(path, f"cannot be read ({error})") from None
    except (ValueError, KeyError) as error:
        raise TraceError(path, f"line {number} is not a recorded operator ({error})") from None


def _node(record: Mapping[str, Any], models: Path | None, known: dict[str, Model | None]) -> Node | None:
    if models is None:
        return None
    name = record["model"]
    if name not in known:
        known[name] = _load(models / name)
    model = known[name]
    if model is None or record.get("sg", 0) >= len(model.subgraphs):
        return None
    subgraph = model.subgraphs[record.get("sg", 0)]
    if record["node"] >= len(subgraph.operators):
        return None
    node = node_of(model, subgraph, subgraph.operators[record["node"]])
    return node if node.op == record["op"] else None


def _load(path: Path) -> Model | None:
    if not path.is_file():
        return None
    try:
        return read_model(path)
    except InputError:
        return None


def family_counts(node: Node) -> tuple[str, Mapping[str, float]] | None:
    """(family, trip counts), None where the record alone cannot decide which code path ran."""
    found = loops(node)
    if found is None or found[0].endswith("scales_unknown"):
        return None
    return found
