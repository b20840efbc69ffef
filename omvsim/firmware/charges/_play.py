"""Plays charges on a simulated heap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.heap import OutOfHeap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.firmware._micropython import MicroPython
    from omvsim.firmware.charges._tape import Charge
    from omvsim.heap import Chunk


def play(python: MicroPython, charges: Sequence[Charge]) -> Chunk | None:
    """Make every request of ``charges`` in order; returns the first kept block, which holds the other kept ones.

    Garbage can be collected as soon as nothing frees or grows it any more. On the camera the locals of the running
    function hold theirs a little longer, so a collection in the middle of a call frees up to those arrays more here.

    Raises:
        DeviceMemoryError: no room, as the camera would say it.
    """
    heap = python.heap
    last_use = {charge.grows: index for index, charge in enumerate(charges) if charge.grows is not None}
    freed_at: dict[int, list[int]] = {}
    for index, charge in enumerate(charges):
        if charge.freed_before is not None:
            freed_at.setdefault(charge.freed_before, []).append(index)
    blocks: dict[int, Chunk] = {}
    first: Chunk | None = None
    with heap.call() as frame:
        for index, charge in enumerate(charges):
            _free(python, frame, [blocks[i] for i in freed_at.get(index, ())])
            if charge.grows is not None:
                grown = blocks[charge.grows]
                if not heap.realloc(grown, charge.size):
                    python.memory_error(OutOfHeap(charge.size))
                if last_use[charge.grows] == index and not _is_held(charges[charge.grows]):
                    frame.remove(grown)
                continue
            block = blocks[index] = python.malloc(charge.size, charge.what)
            if index not in last_use and not _is_held(charge):
                frame.pop()
            elif charge.kept and charge.freed_before is None:
                first = block if first is None else first.holds(block)
        _free(python, frame, [blocks[i] for i in freed_at.get(len(charges), ())])
        if first is not None:
            heap.hand_back(first)
    return first


def _is_held(charge: Charge) -> bool:
    """Whether something holds the block until it is freed or for good."""
    return charge.kept or charge.freed_before is not None


def _free(python: MicroPython, frame: list[Chunk], blocks: list[Chunk]) -> None:
    for block in blocks:
        frame.remove(block)
        python.heap.free(block)
