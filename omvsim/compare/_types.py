"""What a comparison says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.capture import Unit

What = Literal["same", "moved", "grew", "shrank", "new", "gone"]


class FigurePair(NamedTuple):
    """One figure of both; None where a side has none."""

    name: str
    unit: Unit
    a: float | None
    b: float | None
    more_is_worse: bool = True


class Held(NamedTuple):
    """What one owner holds: bytes in ``chunks`` chunks, and where (names of areas, largest share first)."""

    bytes: int
    chunks: int
    places: tuple[str, ...]


class Change(NamedTuple):
    """An owner of memory, or a region of the board, in both; None where a side does not have it."""

    name: str
    a: Held | None
    b: Held | None

    @property
    def what(self) -> tuple[What, ...]:
        """What happened to it from A to B."""
        if self.a is None:
            return ("new",)
        if self.b is None:
            return ("gone",)
        found: list[What] = []
        if self.a.bytes != self.b.bytes:
            found.append("grew" if self.b.bytes > self.a.bytes else "shrank")
        if self.a.places != self.b.places:
            found.append("moved")
        return tuple(found) or ("same",)

    @property
    def difference(self) -> int:
        """Bytes that B has more."""
        return (0 if self.b is None else self.b.bytes) - (0 if self.a is None else self.a.bytes)


@dataclass(frozen=True, slots=True)
class Parting:
    """The first request in which the two differ; None for a side that has no more of them.

    Printed as it is (``omvsim.outputs``), as :class:`Deciding` is.
    """

    number: int
    a: str | None
    b: str | None


@dataclass(frozen=True, slots=True)
class Deciding:
    """The request that found no room in one of them, and what became of it in the other."""

    side: Literal["a", "b"]
    owner: str
    bytes: int
    needed: int
    longest_free: int
    free: int
    other_place: str | None
    """Area and address it got in the other; None where the other did not ask for it, or found no room either."""
    other_bytes: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two captures; A and B as they were given."""

    titles: tuple[str, str]
    subjects: tuple[str, str]
    """What each ran, and where."""
    words: tuple[str, str]
    """How each ended."""
    sentences: tuple[str, str]
    tones: tuple[str, str]
    figures: Sequence[FigurePair]
    owners: Sequence[Change]
    """Of what is in use at the moment that decided, or at the end; largest difference first."""
    regions: Sequence[Change]
    parting: Parting | None
    """None where both ask for the same, one after the other."""
    deciding: Deciding | None
    """None where neither was refused anything."""

    @property
    def sentence(self) -> str:
        """In one sentence."""
        first, second = self.words
        ends = f"both: {first.lower()}" if first == second else f"A {first.lower()}, B {second.lower()}"
        return ends if self.deciding is None else f"{ends}; {self.decided}"

    @property
    def decided(self) -> str:
        """Which request decided, in words; empty where none did."""
        from omvsim.units import format_bytes  # noqa: PLC0415 - words only

        given = self.deciding
        if given is None:
            return ""
        failing, other = ("A", "B") if given.side == "a" else ("B", "A")
        what = f"{format_bytes(given.needed)} bytes for {given.owner} found no room in {failing}"
        there = f"longest free run {format_bytes(given.longest_free)}"
        if given.other_place is None:
            return f"{what} ({there}); {other} did not get to ask for it or was refused as well"
        return f"{what} ({there}), in {other} they lie in {given.other_place}"
