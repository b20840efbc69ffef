"""What stands where at a moment, and whom it is for: put together from the columns."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from omvsim.capture._columns import ALLOC, MOVE, PLACED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from omvsim.capture._columns import Capture
    from omvsim.capture._document import Area

UNNAMED = "not known"
SCRATCH = "working memory of a call"
"""What stands in fb_alloc or a UMA pool and is neither the frame buffers' nor placed there by name: calls of the image
library ask for it and give it back when they end."""
_MARK, _MARK_BYTES = "mark", 4
"""fb_alloc's stack: an entry of its word alone."""


class Block(NamedTuple):
    """A chunk or block in use."""

    address: int
    bytes: int
    owner: str
    line: int


class HeapMaps:
    """The mapped moments of a capture, one after the other."""

    def __init__(self, capture: Capture) -> None:
        self.capture = capture
        self.moments = [number for number, moment in enumerate(capture.document.moments) if moment.mapped]

    def blocks(self) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]:
        """(moment, addresses, bytes, requests behind them) of every mapped moment, by address.

        A request is the number of a row of the columns, or -1 where none is known.
        """
        came, went = self._split("came"), self._split("went")
        sizes: dict[int, int] = {}
        for number in self.moments:
            for at in went.get(number, ()):
                sizes.pop(at, None)
            sizes.update(zip(came.get(number, ()), self._sizes.get(number, ()), strict=True))
            addresses = np.fromiter(sizes, np.int64, len(sizes))
            order = np.argsort(addresses)
            addresses, lengths = addresses[order], np.fromiter(sizes.values(), np.int64, len(sizes))[order]
            yield number, addresses, lengths, self._requests_behind(number, addresses)

    def at(self, moment: int) -> list[Block]:
        """Every block in use at a mapped moment."""
        for number, addresses, lengths, requests in self.blocks():
            if number == moment:
                return [
                    Block(address, length, *self._whose(request, address, length, moment))
                    for address, length, request in zip(
                        addresses.tolist(), lengths.tolist(), requests.tolist(), strict=True
                    )
                ]
        return []

    def holes(self, moment: int, area: Area) -> list[tuple[int, int]]:
        """(address, bytes) of every free run of an area at a mapped moment, by address."""
        found, at = [], area.start
        for block in self.at(moment):
            if not area.start <= block.address < area.start + area.size:
                continue
            if block.address > at:
                found.append((at, block.address - at))
            at = block.address + block.bytes
        if at < area.start + area.size:
            found.append((at, area.start + area.size - at))
        return found

    def _split(self, group: str) -> dict[int, list[int]]:
        moments = self.capture.column(f"{group}_moment")
        return {number: part.tolist() for number, part in _grouped(moments, self.capture.column(f"{group}_address"))}

    @cached_property
    def _sizes(self) -> dict[int, list[int]]:
        column = self.capture.column
        return {number: part.tolist() for number, part in _grouped(column("came_moment"), column("came_bytes"))}

    @cached_property
    def _made(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """(address, row) of every request that took a place, by address and then by time, as one key; and the rows."""
        kinds = self.capture.column("request_kind")
        rows = np.flatnonzero(np.isin(kinds, (ALLOC, MOVE)))
        addresses = self.capture.column("request_address")[rows]
        order = np.lexsort((rows, addresses))
        return (addresses[order] << 30) | rows[order], rows[order], addresses[order]

    @cached_property
    def _standing(self) -> dict[tuple[int, int], str]:
        return {(each.address, each.bytes): each.owner for each in self.capture.document.standing}

    @cached_property
    def _placed(self) -> list[tuple[int, int]]:
        """(row, address) of what was placed beside the heap, latest first."""
        rows = np.flatnonzero(self.capture.column("request_kind") == PLACED)[::-1]
        return list(zip(rows.tolist(), self.capture.column("request_address")[rows].tolist(), strict=True))

    def _requests_behind(self, moment: int, addresses: NDArray[np.int64]) -> NDArray[np.int64]:
        keys, rows, owners = self._made
        if not len(keys):
            return np.full(len(addresses), -1, np.int64)
        until = self.capture.document.moments[moment].requests
        at = np.searchsorted(keys, (addresses << 30) | min(until, 2**30 - 1), side="left") - 1
        found = np.where((at >= 0) & (owners[at] == addresses), rows[at], -1)
        return found.astype(np.int64)

    def owner_of(self, address: int, length: int, moment: int) -> str:
        """Whom a block is for that no request of the heap is behind."""
        return self._whose(-1, address, length, moment)[0]

    def _whose(self, request: int, address: int, length: int, moment: int) -> tuple[str, int]:
        if request < 0:
            request = self._placed_in(address, length, moment)
        if request < 0 and (address, length) in self._standing:
            return self._standing[address, length], 0
        if request < 0:
            return self._nameless(address, length), 0
        document = self.capture.document
        name = int(self.capture.columns["request_name"][request])
        return document.names[name], int(self.capture.columns["request_line"][request])

    def _nameless(self, address: int, length: int) -> str:
        if length == _MARK_BYTES:
            return _MARK
        return SCRATCH if any(start <= address < end for start, end in self._pools) else UNNAMED

    @cached_property
    def _pools(self) -> list[tuple[int, int]]:
        return [(area.start, area.start + area.size) for area in self.capture.document.areas if area.kind == "pool"]

    def _placed_in(self, address: int, length: int, moment: int) -> int:
        until = self.capture.document.moments[moment].requests
        inside = (row for row, at in self._placed if row < until and address <= at < address + length)
        return next(inside, -1)


def _grouped(moments: NDArray[np.int64], values: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """``values`` by moment; moments stand in order."""
    numbers, starts = np.unique(moments, return_index=True)
    if len(numbers):
        yield from zip(numbers.tolist(), np.split(values, starts[1:]), strict=True)


__all__ = ["UNNAMED", "Block", "HeapMaps"]
