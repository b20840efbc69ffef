"""Instructions, issue cycles and accesses of an operator: trip counts of its loops times fitted coefficients.

The coefficients (``data/coefficients.json``, made by :mod:`omvsim.timing.refit`) belong to one library build; its
origin is in the file. Operators whose work depends on the data get a range.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omvsim.provenance import Provenance
from omvsim.timing._families import loops
from omvsim.timing._types import Count, Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.timing._node import Node

ACCESSES = (
    "weights_loads",
    "arena_loads",
    "arena_stores",
    "persistent_loads",
    "stack_loads",
    "stack_stores",
    "code_loads",
)
SPREAD = 0.03
"""Relative half-width of a count whose kernel does not depend on the data (p95 of leave-one-model-out)."""
DATA_SPREAD: dict[str, tuple[float, float]] = {
    "softmax_i8_i8": (0.5, 1.3),
    "softmax_i8_i16": (0.5, 1.3),
    "log_softmax_i8": (0.5, 1.3),
    "softmax_f32_f32": (0.8, 1.2),
    "tanh_f32": (0.5, 1.3),
    "logistic_f32": (0.7, 1.2),
}
"""Data-dependent kernels: lowest and highest count seen, relative to the nominal one."""
SATURABLE = {"logistic_i8", "tanh_i8"}
MISFIT = (IndexError, KeyError, ValueError, ZeroDivisionError)
"""What shapes or parameters that no kernel could run with (a damaged file) lead to: an operator without facts."""
EXTRAPOLATION = 4.0
"""Beyond so many times the largest measured count a family of few shapes is an assumption, not a model."""


class _Families(Mapping[str, Mapping[str, Any]]):
    """The coefficients by family, each read when it is asked for: a model has few of the 269."""

    def __init__(self, text: str) -> None:
        lines = (line.partition('":') for line in text.splitlines() if line.startswith('"'))
        self._lines = {name[1:]: rest.rstrip(",") for name, _, rest in lines}
        self._read: dict[str, Mapping[str, Any]] = {}

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        found = self._read.get(name)
        if found is None:
            found = self._read[name] = json.loads(self._lines[name])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


@lru_cache(maxsize=1)
def table() -> Mapping[str, Mapping[str, Any]]:
    """The coefficients by family."""
    path = Path(__file__).with_name("data") / "coefficients.json"
    return _Families(path.read_text(encoding="utf-8"))


def dot(coefficients: Mapping[str, float], counts: Mapping[str, float]) -> float:
    """Trip counts times coefficients, added in order: ``sum`` rounds differently since Python 3.12."""
    total = 0.0
    for name, coefficient in coefficients.items():
        if name in counts:
            total += coefficient * counts[name]
    return total


def accesses(counted: Count) -> dict[str, float]:
    """Loads and stores by class."""
    entry = table()[counted.measured]
    return {name: dot(entry.get(name, {}), counted.trips) for name in ACCESSES}


def count(node: Node) -> Count | None:
    """What ``node`` executes; None where no kernel of that operator and type was ever measured (never zero)."""
    try:
        found = loops(node) if node.is_sized else None
    except MISFIT:
        return None
    if found is None:
        return None
    family, counts = found
    measured, entry, note = family, table().get(family), ""
    if entry is None:
        sibling = _sibling(family, counts)
        if sibling is None:
            return None
        measured, entry, note = sibling, table()[sibling], f"not measured; taken from {sibling}"
    instructions = dot(entry["instructions"], counts)
    ratio = _issue_ratio(entry, counts, instructions)
    low, high = _spread(node, family, entry, counts, instructions, assumed=bool(note))
    if not note and entry["shapes"] < 3 and instructions > EXTRAPOLATION * entry["largest"]:
        note = f"extrapolated from {entry['shapes']} measured shape(s)"
    elif not note and (family in DATA_SPREAD or (family in SATURABLE and low < 0.9)):
        note = "depends on the data"
    issue = instructions * ratio
    wrong = dot(entry.get("mispredicts", {}), counts)
    return Count(
        family,
        Range(instructions * low, instructions, instructions * high),
        Range(issue * low, issue, issue * high),
        Range(wrong * low, wrong, wrong * high),
        counts,
        measured,
        Provenance.ASSUMED if note and note != "depends on the data" else Provenance.MODELLED,
        note,
    )


def _issue_ratio(entry: Mapping[str, Any], counts: Mapping[str, float], instructions: float) -> float:
    """Cycles per instruction when every branch is predicted; 0.8, the usual kernel's, where nothing was measured."""
    if instructions <= 0 or "issue" not in entry or entry.get("published"):
        return 0.8
    return min(3.0, max(0.5, dot(entry["issue"], counts) / instructions))


def _spread(
    node: Node,
    family: str,
    entry: Mapping[str, Any],
    counts: Mapping[str, float],
    instructions: float,
    *,
    assumed: bool,
) -> tuple[float, float]:
    """Bounds relative to the nominal count."""
    if assumed:
        return 0.4, 2.5
    if family in SATURABLE and "live" not in node.params and counts.get("saturated"):
        most = dot(entry["instructions"], {**counts, "live": counts["live"] + counts["saturated"], "saturated": 0.0})
        least = dot(entry["instructions"], {**counts, "live": 0.3 * counts["live"], "saturated": counts["saturated"]})
        return least / instructions, most * (1 + SPREAD) / instructions
    if family in DATA_SPREAD:
        return DATA_SPREAD[family]
    if entry["shapes"] < 3 and instructions > EXTRAPOLATION * entry["largest"]:
        return 0.5, 1.8
    return 1.0 - SPREAD, 1.0 + SPREAD


def _sibling(family: str, counts: Mapping[str, float]) -> str | None:
    """A measured family of the same operator whose loops are counted alike: other types, or the broadcasting form."""
    stem = family.split("_")
    for length in range(len(stem) - 1, 0, -1):
        prefix = "_".join(stem[:length]) + "_"
        near = [
            name
            for name in table()
            if name.startswith(prefix) and any(counts.get(f) for f in table()[name]["instructions"] if f != "one")
        ]
        if near:
            return max(near, key=lambda name: int(table()[name]["shapes"]))
    return None
