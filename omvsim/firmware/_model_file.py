"""A model file as the camera sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.records import NamedTuple, StrEnum

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.graph import Model
    from omvsim.tflm import ArenaPlan


class LoadMode(StrEnum):
    """Where the model file is when ``ml.Model`` opens it."""

    ROM = "rom"
    """In the ROM file system, or built into the firmware (up to 4.6.20): used in place, no copy."""
    FILE = "file"
    """On flash or SD card: copied to the GC heap (5.0.0: to UMA when it does not fit)."""
    FB = "fb"
    """``load_to_fb=True``: copied to the fb_alloc stack."""


class ModelFile(NamedTuple):
    """A model as the camera sees it: its path there, its bytes, its arena plan and the labels beside it."""

    path: str
    graph: Model
    plan: ArenaPlan
    mode: LoadMode
    labels: Sequence[bytes] | None = None
    """Lines of ``<path up to the first dot>.txt`` with their line ends; None when there is no such file."""

    @property
    def name(self) -> str:
        """The path below its file system, ``/model.tflite``."""
        return "/" + self.path.removeprefix("/").partition("/")[2]
