"""Two configurations side by side: what moved to another area, and what that did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omvsim.runs.scenario import RunResult
    from omvsim.runs.steps import Allocation
    from omvsim.whatif._configuration import Configuration
    from omvsim.whatif._evaluate import Evaluator

LARGE = 1024
"""Smaller allocations are not followed one by one, but counted by area."""


@dataclass(frozen=True, slots=True)
class Place:
    """One allocation in one of the two runs."""

    bytes: int
    area: str
    address: int


@dataclass(frozen=True, slots=True)
class Difference:
    """An allocation that is not the same in both runs; None where it was not made."""

    step: str
    owner: str
    first: Place | None
    second: Place | None

    @property
    def moved(self) -> bool:
        """Whether it is in another area."""
        return self.first is not None and self.second is not None and self.first.area != self.second.area


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs."""

    first: RunResult
    second: RunResult
    settings: tuple[tuple[str, object, object], ...]
    """(key, value in the first, value in the second) of what was set differently."""
    differences: tuple[Difference, ...]
    small: tuple[tuple[str, int, int], ...]
    """(area, small allocations in the first, in the second) where the numbers differ."""


def compare(evaluator: Evaluator, first: Configuration, second: Configuration) -> Comparison:
    """Run both and say what differs.

    Raises:
        InputError: one of them cannot be run.
    """
    one, two = evaluator.run(first), evaluator.run(second)
    left, right = first.described(), second.described()
    keys = [*left, *(key for key in right if key not in left)]
    present = {**_present(evaluator, first), **left}, {**_present(evaluator, second), **right}
    return Comparison(
        first=one,
        second=two,
        settings=tuple(
            (key, present[0].get(key), present[1].get(key)) for key in keys if left.get(key) != right.get(key)
        ),
        differences=tuple(_differences(one, two)),
        small=tuple(_small(one, two)),
    )


def _present(evaluator: Evaluator, configuration: Configuration) -> dict[str, object]:
    return evaluator.camera(configuration).values()


def _differences(one: RunResult, two: RunResult) -> list[Difference]:
    """Large allocations by step, owner and how many of that owner came before it in the step."""
    left, right = _large(one), _large(two)
    found = []
    for key in [*left, *(key for key in right if key not in left)]:
        first, second = left.get(key), right.get(key)
        same = first is not None and second is not None and (first.area, first.bytes) == (second.area, second.bytes)
        if not same:
            found.append(Difference(key[1], key[2], first, second))
    return found


def _large(result: RunResult) -> dict[tuple[int, str, str, int], Place]:
    seen: Counter[tuple[int, str]] = Counter()
    found = {}
    for entry in result.allocations:
        if entry.bytes < LARGE:
            continue
        seen[entry.step, entry.owner] += 1
        key = (entry.step, _step_name(result, entry), entry.owner, seen[entry.step, entry.owner])
        found[key] = Place(entry.bytes, entry.area, entry.address)
    return found


def _step_name(result: RunResult, entry: Allocation) -> str:
    return result.steps[entry.step].name if entry.step < len(result.steps) else "?"


def _small(one: RunResult, two: RunResult) -> list[tuple[str, int, int]]:
    left, right = (Counter(e.area for e in r.allocations if e.bytes < LARGE) for r in (one, two))
    return [(area, left[area], right[area]) for area in sorted({*left, *right}) if left[area] != right[area]]
