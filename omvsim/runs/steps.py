"""A run told step by step: which line of the script asked for what, and the heap after each.

A *step* is what the script does at lines of one label (:class:`ScriptSession`'s option ``labels``), power-up and
compiling included; a loop that comes round begins a new one. Labels are those of a scenario's comments, or the lines
themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.firmware import MomentKind
from omvsim.memory.requests import Phase
from omvsim.records import NamedTuple, dataclass, replace
from omvsim.world.ledger import Ledger, LineCost, code_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from omvsim.firmware import Watcher
    from omvsim.memory.requests import Memory

MOST_SMALL: Final = 200_000
"""Requests of less than 1 KiB that are kept one by one."""
LARGE: Final = 1024
BOOT, MAIN = "boot", "main"
_DETAILS: Final = {BOOT: "power-up and _boot.py", MAIN: "open and compile main.py"}


class Allocation(NamedTuple):
    """One allocation: ``bytes`` as asked for; ``area`` is ``gc[0]`` …, ``fb_alloc`` or ``uma[1]``."""

    step: int
    bytes: int
    address: int
    area: str
    owner: str


class Collection(NamedTuple):
    """A collection; bytes used before and after it."""

    step: int
    before: int
    after: int
    automatic: bool


@dataclass(frozen=True, slots=True)
class StepRecord:
    """The heap after a step. ``max_free_blocks`` is the longest free run, in blocks of 16 bytes."""

    index: int
    name: str
    detail: str
    used_bytes: int
    free_bytes: int
    max_free_blocks: int
    allocations: int
    allocated_bytes: int
    """As asked for, summed over the step."""
    garbage_bytes: int
    """Growth of the heap's use that the next collection would undo (0 where a collection ran in the step)."""
    live_bytes: int
    """What a collection would leave now."""
    collections: int
    exception: str | None = None


class StepBooks(Ledger):
    """A ledger that also writes down steps and allocations."""

    def __init__(
        self, memory: Memory, labels: Mapping[int, str], source: Sequence[str], watcher: Watcher | None = None
    ) -> None:
        super().__init__(memory, watcher, [code_of(line) for line in source])
        self.labels = labels
        self.steps: list[StepRecord] = []
        self.made: list[Allocation] = []
        self.collected_in: list[int] = []
        """The step of each collection."""
        self.pinned = ""
        """What the running step is called whatever the line is: nothing of the script runs."""
        self._areas = [f"gc[{area.index}]" for area in memory.heap.areas]
        self._name = ""
        self._line = self._told_at = 0
        self._start = (0, 0, 0)
        """Allocations, bytes and collections when the running step began."""
        self._garbage = 0
        """When the step before ended: what dies between two steps is the later one's."""

    # -- steps --------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Whether a new step has begun."""
        place = self.memory.place
        if place.phase is Phase.RUN:
            line = place.line or self._line
            name = self.labels.get(line) or (self._name if self._is_told() else f"line {line}")
        else:
            line, name = 0, BOOT if place.phase is Phase.BOOT else MAIN
        name = self.pinned or name
        if name != self._name:
            self.close()
            self._name = name
            self._start = (self.allocations, self.asked_bytes, len(self.collections))
        if line in self.labels or not self.labels:
            self._told_at = line
        self._line = line

    def _is_told(self) -> bool:
        """Whether a line without a label goes with the one before: the script has labels, and one was seen."""
        return bool(self.labels) and self._name not in ("", BOOT, MAIN)

    def turn(self) -> None:
        """A loop comes round: the next step is another one, whatever it is called."""
        self.close()

    def close(self, exception: str | None = None) -> None:
        """The running step ends."""
        if not self._name:
            return
        allocations, asked, collections = self._start
        heap, live = self.memory.heap, self.memory.live_bytes()
        before, self._garbage = self._garbage, heap.used - live
        ran = len(self.collections) - collections
        at = self._told_at
        detail = _DETAILS.get(self._name) or (self.source[at - 1] if at <= len(self.source) else "")
        self.steps.append(
            StepRecord(
                index=len(self.steps),
                name=self._name,
                detail=detail,
                used_bytes=heap.used,
                free_bytes=heap.free_bytes,
                max_free_blocks=heap.max_free(),
                allocations=self.allocations - allocations,
                allocated_bytes=self.asked_bytes - asked,
                garbage_bytes=0 if ran else max(0, self._garbage - before),
                live_bytes=live,
                collections=ran,
                exception=exception,
            )
        )
        self.saw(MomentKind.STEP, self._name)
        self._name = ""

    def end(self, exception: str | None) -> None:
        """The script ended; in an exception, that is put down to the step that ran last."""
        if self._name or not self.steps:
            self.close(exception)
        elif exception is not None:
            self.steps[-1] = replace(self.steps[-1], exception=exception)

    # -- observer -----------------------------------------------------------------------------------------------

    def asked(self, size: int, address: int) -> None:
        """As the ledger; and the allocation is kept."""
        super().asked(size, address)
        if size >= LARGE or len(self.made) < MOST_SMALL:
            area = self.memory.heap.area_of(address)
            named = "?" if area is None else self._areas[area.index]
            self.made.append(Allocation(len(self.steps), size, address, named, self._purpose()))

    def collected(self, before: int) -> None:
        """As the ledger."""
        super().collected(before)
        self.collected_in.append(len(self.steps))

    def placed(self, size: int, address: int, area: str, owner: str) -> None:
        """As the ledger."""
        super().placed(size, address, area, owner)
        self.made.append(Allocation(len(self.steps), size, address, area, owner))

    def _cost(self) -> LineCost:
        cost = self.lines.get(self._line)
        if cost is None:
            cost = self.lines[self._line] = LineCost()
        return cost

    def _purpose(self) -> str:
        if self.memory.what or not self._line:
            return self.memory.what or self._name
        return self.source[self._line - 1] if self._line <= len(self.source) else f"line {self._line}"

    # -- what came out ------------------------------------------------------------------------------------------

    def collections_by_step(self) -> tuple[Collection, ...]:
        """Every collection with the step it ran in."""
        return tuple(
            Collection(step, event.before, event.after, event.automatic)
            for step, event in zip(self.collected_in, self.collections, strict=True)
        )


__all__ = ["Allocation", "Collection", "StepBooks", "StepRecord"]
