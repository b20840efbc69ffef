"""What the course of a run depends on, put so that another heap can be asked the same.

A script's course depends on the heap through little: whether a request found room, what ``gc.mem_free()`` says, where
a chunk is that a script prints or hashes. Whoever wants to foresee a run on another heap without running it again
(:class:`Recorder`) is told every request by the heap itself, and everything else in these words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from omvsim.heap import GcHeap


class Extent(NamedTuple):
    """Where a chunk starts, and its bytes as asked for."""

    address: int
    size: int


Answer_co = TypeVar("Answer_co", bound="Hashable", covariant=True)


class Question(Protocol[Answer_co]):
    """Something that the course of a run depends on, and that another heap may answer otherwise."""

    def __call__(self, heap: GcHeap, chunks: Sequence[Extent], /) -> Answer_co:
        """The answer; it depends on nothing else."""


def free_bytes(heap: GcHeap, _chunks: Sequence[Extent]) -> int:
    """How much is free (``gc.mem_free()``)."""
    return heap.free_bytes


def used_bytes(heap: GcHeap, _chunks: Sequence[Extent]) -> int:
    """How much is in use (``gc.mem_alloc()``)."""
    return heap.used


def address_of(_heap: GcHeap, chunks: Sequence[Extent]) -> int:
    """Where a chunk is."""
    return int(chunks[0].address)


def area_number(heap: GcHeap, chunks: Sequence[Extent]) -> int | None:
    """Which area of the heap a chunk is in."""
    area = heap.area_of(chunks[0].address)
    return None if area is None else area.index


class Recorder(Protocol):
    """Whoever wants to foresee this run on another heap."""

    def answered(self, question: Question[Hashable], chunks: Sequence[Extent], answer: Hashable) -> None:
        """The run goes on as ``answer`` says."""

    def points_behind(self, address: int) -> None:
        """The chunk there holds a pointer to its own end."""

    def largest_next(self) -> None:
        """The next request is for the longest free run, whatever its size is."""

    def point(self, label: str) -> None:
        """The run is at a point with a name."""

    def unrepeatable(self, why: str) -> None:
        """The course depends on something that no question puts in words."""


__all__ = ["Extent", "Question", "Recorder", "address_of", "area_number", "free_bytes", "used_bytes"]
