"""Values of the time model: ranges, what was counted, and the time of an operator, an inference, a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.records import NamedTuple, dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omvsim.provenance import Provenance
    from omvsim.timing._uses import Misses


@dataclass(frozen=True, slots=True)
class Range:
    """A figure with its bounds; times and costs here are never a bare number."""

    low: float
    nominal: float
    high: float

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.nominal + other.nominal, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        """Difference bound by bound (for what one change saves: both sides share their uncertainty)."""
        return Range(*sorted((self.low - other.low, self.nominal - other.nominal, self.high - other.high)))

    def times(self, other: Range | float) -> Range:
        """Product bound by bound (figures that are not negative)."""
        if isinstance(other, Range):
            return Range(self.low * other.low, self.nominal * other.nominal, self.high * other.high)
        return Range(self.low * other, self.nominal * other, self.high * other)

    def as_list(self, digits: int = 3) -> list[float]:
        """``[low, nominal, high]``."""
        return [round(self.low, digits), round(self.nominal, digits), round(self.high, digits)]


ZERO = Range(0.0, 0.0, 0.0)


class Count(NamedTuple):
    """What one operator executes."""

    family: str
    instructions: Range
    issue: Range
    """Cycles of the dual-issue model, branches predicted."""
    mispredicts: Range
    trips: Mapping[str, float]
    """How often each loop of the kernel is run, by the name its coefficients have."""
    measured: str
    """The family whose coefficients are used: ``family``, or the one that stands in for it."""
    provenance: Provenance
    note: str = ""
    """Why the figure is not a measured kernel's, or what its range stands for."""


@dataclass(frozen=True, slots=True)
class OperatorTime:
    """Time of one operator; ``count`` is None where there are no facts, and nothing is added for it."""

    index: int
    name: str
    count: Count | None
    misses: Misses
    cycles: Range
    parts: Mapping[str, Range]
    """Cycles by cause: ``issue``, ``weights``, ``arena``, ``code``."""
    bound: str
    """What most of the time goes to: ``issue``, ``flash``, ``sdram``, ``ocram``, or ``unknown``."""


class InferenceTime(NamedTuple):
    """Time of one inference in steady state (the second with the same input)."""

    model: str
    operators: tuple[OperatorTime, ...]
    framework: Range
    clock_hz: int
    placement: Mapping[str, str]
    policy: str
    provenance: Provenance
    unknown: tuple[str, ...] = ()
    """Operators without facts: the time is a lower bound."""

    @property
    def instructions(self) -> float:
        """Nominal instructions, the interpreter's own included."""
        counted = sum(o.count.instructions.nominal for o in self.operators if o.count is not None)
        return counted + FRAMEWORK_FIXED + FRAMEWORK_PER_NODE * len(self.operators)

    @property
    def cycles(self) -> Range:
        """Core cycles of the whole inference."""
        total = self.framework
        for operator in self.operators:
            total += operator.cycles
        return total

    @property
    def ms(self) -> Range:
        """Milliseconds at the board's clock."""
        return self.cycles.times(1000.0 / self.clock_hz)


FRAMEWORK_FIXED = 100.0
FRAMEWORK_PER_NODE = 67.0
"""Instructions of the interpreter's loop: measured 167 with one operator, 67 more for each further one."""
