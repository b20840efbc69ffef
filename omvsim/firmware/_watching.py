"""Who looks at a camera's memory while a script runs; nobody does unless a run is captured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from omvsim.records import StrEnum

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.firmware._camera import Camera


class MomentKind(StrEnum):
    """What just happened when a watcher is asked to look."""

    STEP = "step"
    """A step of a scenario is done."""
    FRAME = "frame"
    """A frame of the script's loop is done."""
    COLLECTION = "collection"
    """A collection ran."""
    REFUSAL = "refusal"
    """A request found no room; nothing has been undone yet."""
    END = "end"
    """The run is over."""


class Watcher(Protocol):
    """Told of a run at its turning points, between two of which requests are known from the run's own books."""

    @property
    def needs_requests(self) -> bool:
        """Whether the run has to keep every request for it: a long run has millions."""

    def started(self, camera: Camera, requests: Callable[[], int]) -> None:
        """The camera is there; ``requests()`` is how many are in the books by now."""

    def saw(self, kind: MomentKind, label: str, line: int) -> None:
        """Something happened at a line of the script (0 where there is none)."""

    def placed(self, size: int, address: int, area: str, owner: str) -> None:
        """Whom an allocation is for, where the request itself does not say it."""


__all__ = ["MomentKind", "Watcher"]
