"""Two boards side by side: every value in which they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from omvsim.boards._types import Board


class Difference(NamedTuple):
    """One value; None where a board has no such thing."""

    key: str
    before: object
    after: object


def differences(before: Board, after: Board) -> tuple[Difference, ...]:
    """Values that are not the same on both, memory first, then what the firmware says and does."""
    left, right = _values(before), _values(after)
    keys = dict.fromkeys((*left, *right))
    return tuple(Difference(key, left.get(key), right.get(key)) for key in keys if left.get(key) != right.get(key))


def _values(board: Board) -> dict[str, object]:
    found: dict[str, object] = {"firmware": board.firmware}
    for memory in board.memories:
        found[f"memory.{memory.name}.origin"] = memory.origin
        found[f"memory.{memory.name}.length"] = memory.length
    for region in board.regions:
        if region.name:
            found[f"{region.name}.memory"] = region.memory
    found |= board.values()
    found |= {f"port.{name}": value for name, value in zip(board.port._fields, board.port, strict=True)}
    found["port.sensor"] = board.port.sensor.name
    for system in board.filesystems:
        found[f"filesystem.{system.name}.size"] = "card" if system.size is None else system.size
    return found


__all__ = ["Difference", "differences"]
