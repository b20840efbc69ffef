"""Calls whose memory is the camera's and whose values are stand-ins: noted, for the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine


class StandIns(dict[str, str]):
    """What was called, and what stands in for its values."""


def stand_in(vm: Machine, what: str, text: str) -> None:
    """Note a call whose values are stand-ins."""
    vm.part(StandIns).setdefault(what, text)


__all__ = ["StandIns", "stand_in"]
