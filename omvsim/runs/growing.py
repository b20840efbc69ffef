"""Whether what a script holds grows from frame to frame: the leak that fills the heap in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST: Final = 4
"""Frames without which nothing can be told."""


def growth(live: Sequence[int]) -> int:
    """Bytes by which ``live``, what is held at the end of each frame, grows a frame; 0 where it does not go on growing.

    Growing on is: the last quarter of the frames holds more than the third ever did, and that more than all before. A
    buffer that fills up to its length and something made once do not.
    """
    if len(live) < LEAST:
        return 0
    quarter = len(live) // 4
    last, third, before = max(live[-quarter:]), max(live[-2 * quarter : -quarter]), max(live[: -2 * quarter])
    if not last > third > before:
        return 0
    half = live[-2 * quarter - 1 :]
    return max(0, half[-1] - half[0]) // (len(half) - 1)


__all__ = ["growth"]
