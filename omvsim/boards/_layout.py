"""Placing regions in memories as the linker does, and checking that they add up.

A region without an origin goes behind the one listed before it in the same memory (the linker's location counter),
aligned; ``size = "rest"`` takes what the others leave.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from omvsim.boards._types import Region, RegionKind
from omvsim.errors import BoardError
from omvsim.provenance import Provenance
from omvsim.records import NamedTuple, replace
from omvsim.units import align_down, align_up, format_address, format_bytes, format_size

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.boards._types import Memory


class Request(NamedTuple):
    """A region as the profile asks for it."""

    region: Region
    """``origin`` is meaningless unless ``pinned``; ``size`` unless not ``rest``."""
    pinned: bool
    rest: bool
    align: int


def place(source: str, memories: Iterable[Memory], requests: Iterable[Request]) -> tuple[Region, ...]:
    """Every memory's regions by address, gaps filled with regions of the memory's ``gaps`` kind.

    Raises:
        BoardError: an unknown memory, two regions that overlap, one that leaves its memory.
    """
    wanted: dict[str, list[Request]] = {memory.name: [] for memory in memories}
    for request in requests:
        name = request.region.memory
        if name not in wanted:
            raise BoardError(
                source, f"region.{request.region.name}.memory is {name!r}; this board has {', '.join(wanted)}"
            )
        wanted[name].append(request)
    for requests_of in wanted.values():
        _check_sections(source, requests_of)
    return tuple(
        region
        for memory in memories
        for region in _fill_gaps(memory, _checked(source, memory, _place_in(source, memory, wanted[memory.name])))
    )


def _check_sections(source: str, requests: list[Request]) -> None:
    """A section that ends at a power of two begins with the region itself or with one before it, of known length."""
    for number, request in enumerate(requests):
        first = request.region.power_of_two
        if not first:
            continue
        names = [each.region.name for each in requests[: number + 1]]
        if first not in names:
            cause = f"is {first!r}, which is no region before it in {request.region.memory}, nor itself"
            raise BoardError(source, f"region.{request.region.name}.power_of_two {cause}")
        if any(each.rest for each in requests[names.index(first) : number + 1]):
            cause = f'cannot be told: a region from {first} on takes the "rest"'
            raise BoardError(source, f"region.{request.region.name}.power_of_two {cause}")


def _place_in(source: str, memory: Memory, requests: list[Request]) -> list[Region]:
    greedy = [r for r in requests if r.rest]
    if len(greedy) > 1:
        names = " and ".join(r.region.name for r in greedy)
        raise BoardError(source, f'regions {names} both take the "rest" of {memory.name}')
    placed = _walk(memory, requests, 0)
    if not greedy:
        return placed
    room = memory.end - max(region.end for region in placed)
    # A multiple of the largest alignment moves everything behind by whole steps: no new padding appears.
    return _walk(memory, requests, max(0, align_down(room, max(r.align for r in requests))))


def _walk(memory: Memory, requests: list[Request], rest: int) -> list[Region]:
    counter = memory.origin
    placed: list[Region] = []
    for request in requests:
        origin = request.region.origin if request.pinned else align_up(counter, request.align)
        region = replace(request.region, origin=origin, size=rest if request.rest else request.region.size)
        if region.power_of_two:
            region = _padded(region, placed)
        placed.append(region)
        counter = region.end
    return placed


def _padded(region: Region, before: list[Region]) -> Region:
    """``. = ALIGN(., 1 << LOG2CEIL(SIZEOF(section)))`` at the end of a section (openmv/openmv, common/common.ld.S).

    The location counter counts from the section's start there: Portenta's 64K behind 176K of heap fill its 240K.
    """
    start = next((each.origin for each in before if each.name == region.power_of_two), region.origin)
    length = region.end - start
    return replace(region, size=(1 << max(0, length - 1).bit_length()) - (region.origin - start) if length else 0)


def _checked(source: str, memory: Memory, regions: list[Region]) -> list[Region]:
    ordered = sorted(regions, key=lambda region: region.origin)
    for region in ordered:
        if region.origin < memory.origin or region.end > memory.end:
            raise BoardError(
                source,
                f"region {region.name} ({_span(region)}) does not fit in {memory.name}"
                f" ({format_address(memory.origin)} to {format_address(memory.end)})"
                + (f": {format_bytes(region.end - memory.end)} bytes too many" if region.end > memory.end else ""),
            )
    for before, after in pairwise(ordered):
        if after.origin < before.end:
            raise BoardError(
                source, f"regions {before.name} ({_span(before)}) and {after.name} ({_span(after)}) overlap"
            )
    return [region for region in ordered if region.size]


def _span(region: Region) -> str:
    return f"{format_size(region.size)} at {format_address(region.origin)}"


def _fill_gaps(memory: Memory, regions: list[Region]) -> list[Region]:
    filled: list[Region] = []
    counter = memory.origin
    for region in regions:
        if region.origin > counter:
            filled.append(_gap(memory, counter, region.origin))
        filled.append(region)
        counter = region.end
    if counter < memory.end:
        filled.append(_gap(memory, counter, memory.end))
    return filled


def _gap(memory: Memory, start: int, end: int) -> Region:
    free = memory.gaps is RegionKind.FREE
    return Region(
        name="",
        memory=memory.name,
        kind=memory.gaps,
        origin=start,
        size=end - start,
        title="not used by the firmware" if free else "unknown",
        provenance=Provenance.EXACT if free else Provenance.UNKNOWN,
    )
