"""The answer of a capture: how it ended, in figures, and what helps."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, FailFast, Field

Tone = Literal["good", "warn", "bad", "plain"]
Unit = Literal["bytes", "ms", "count", "percent", "address", "text"]
Item = TypeVar("Item")
Many = Annotated[tuple[Item, ...], FailFast()]
"""The first wrong item is enough to refuse a document: a hostile one may have millions."""
Number = Annotated[int, Field(ge=0, lt=2**63)]


class Part(BaseModel):
    """A frozen part of the document; a key that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Figure(Part):
    """One figure with where it comes from; ``text`` stands for it where it is no number."""

    unit: Unit
    value: float | None = None
    low: float | None = None
    high: float | None = None
    text: str = ""
    provenance: str
    """A value of :class:`omvsim.provenance.Provenance`."""


class Tile(Part):
    """One of the answers that are seen first."""

    title: str
    figure: Figure
    says: str = ""
    tone: Tone = "plain"


class Request(Part):
    """The request that found no room."""

    bytes: Number
    needed: Number
    """In whole blocks."""
    owner: str
    longest_free: Number
    free: Number
    place: str = ""
    """The area it would have had to fit."""
    line: Number = 0
    moment: Number | None = None
    """The moment it was refused at, where that was watched."""


class Overlap(Part):
    """New bytes where the firmware still reads what it has freed: the camera may die of it."""

    owner: str
    """Of the new bytes."""
    address: Number
    bytes: Number
    freed: tuple[Number, Number]
    """Address and bytes of what was freed."""
    read: Many[tuple[Number, Number]]
    """Address and bytes of what is still read of it."""


class Holder(Part):
    """What one owner holds of the heap at the moment that decided: ``count`` chunks of ``bytes`` in all."""

    owner: str
    count: Number
    bytes: Number
    line: Number = 0
    grown: Number = 0
    """Bytes of it that came since the step or frame before."""


class Headline(Part):
    """How it ended."""

    key: str
    """A value of :class:`omvsim.verdict.Verdict`, or the outcome of a gate."""
    tone: Tone
    word: str
    sentence: str
    message: str = ""
    """What the camera itself prints."""
    where: str = ""
    reasons: Many[tuple[str, str]] = ()
    """(label, text), in the user's terms."""
    request: Request | None = None
    overlap: Overlap | None = None
    explains: Many[str] = ()
    """Sentences for those who ask why: what the figures come from."""
    held_at: Number | None = None
    """The moment of :attr:`holders`."""
    holders: Many[Holder] = ()
    """What fills the heap at the moment that decided, most first."""


class Fix(Part):
    """A way out that was simulated and works."""

    title: str
    code: str = ""
    effort: str = ""
    free: Number = 0
    longest_free: Number = 0
