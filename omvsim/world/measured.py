"""What the measuring firmware's own module, ``gctrace``, writes down beside the allocator's events.

``at`` is the number of heap requests before it, so that both can be read as one story.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from omvsim.heap import GcInfo


class Info(NamedTuple):
    """``gctrace.info(label)``: what ``gc_info()`` says."""

    at: int
    label: str
    heap: GcInfo


class Told(NamedTuple):
    """``gctrace.kv(key, value)``."""

    at: int
    key: str
    value: int | str


class Caught(NamedTuple):
    """``gctrace.exc(error)``: the exception as it is printed, without its traceback."""

    at: int
    text: str


class PoolRequest(NamedTuple):
    """A request of the UMA pools; ``address`` None: no room. One of 0 bytes is none."""

    at: int
    size: int
    flags: int
    address: int | None


Measured = Info | Told | Caught | PoolRequest

__all__ = ["Caught", "Info", "Measured", "PoolRequest", "Told"]
