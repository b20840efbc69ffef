"""Why a trace says nothing about the simulator."""

from __future__ import annotations

from omvsim.errors import OmvsimError


class CannotFollow(OmvsimError):
    """A trace cannot be predicted; the text says why."""


__all__ = ["CannotFollow"]
