"""What a piece of firmware asks of the heap, as a plain list that any heap can replay.

Nothing here knows addresses: a :class:`Charge` says how many bytes are asked for, whether the block is freed
explicitly, grown, or left to the collector, and whether something still points to it at the end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from omvsim.units import align_up

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCK = 16
"""Bytes of a GC block (``MICROPY_BYTES_PER_GC_BLOCK``)."""

POINTER = 4
OBJECT = 16
FLOAT = 8
"""A float on this ABI (object representation A) is an object of its own."""
INSTANCE_GROWTH = (2, 4, 6, 8, 10, 12, 17)
"""Entries of an instance's attribute table as it grows (``py/map.c`` of MicroPython 1.26); 8 bytes each."""

_FRAME_HEADER = 20
_SLOTS_ON_C_STACK = 11


@dataclass(frozen=True, slots=True)
class Charge:
    """One request, in order."""

    size: int
    """Bytes as asked for; the heap rounds up to whole blocks."""
    what: str
    kept: bool = False
    """Whether the block is still reachable when the code that asked for it has returned."""
    freed_before: int | None = None
    """Index of the charge before which the block is freed explicitly; ``len(charges)`` = at the end, ``None`` = never
    (a collection may free it)."""
    grows: int | None = None
    """Index of an earlier charge whose block is reallocated to ``size`` bytes, in place or moved."""


@dataclass(frozen=True, slots=True)
class ChargeTotals:
    """Sums over a list of charges, comparable with measured traces."""

    requests: int
    """Allocations and reallocations."""
    bytes: int
    block_bytes: int
    """Bytes in whole blocks, without reallocations."""
    kept_block_bytes: int
    """Bytes in whole blocks that stay reachable."""
    peak_block_bytes: int
    """Most bytes in use at once if no collection runs in between."""


class Tape:
    """Records charges; the methods are what MicroPython does for the common kinds of object."""

    def __init__(self) -> None:
        self._charges: list[Charge] = []

    @property
    def charges(self) -> tuple[Charge, ...]:
        """Everything recorded so far."""
        return tuple(self._charges)

    def take(self, size: int, what: str, *, kept: bool = False) -> int:
        """One request; returns its index. Requests of 0 bytes do not reach the heap."""
        if size:
            self._charges.append(Charge(size, what, kept))
        return len(self._charges) - 1

    def take_all(self, sizes: Sequence[int], what: str) -> int:
        """Several requests for garbage; returns the index of the last one."""
        for size in sizes:
            self.take(size, what)
        return len(self._charges) - 1

    def free(self, index: int) -> None:
        """The block of charge ``index`` is freed explicitly now."""
        self._charges[index] = replace(self._charges[index], freed_before=len(self._charges))

    def grow(self, index: int, size: int, what: str) -> None:
        """The block of charge ``index`` is reallocated."""
        self._charges.append(Charge(size, what, self._charges[index].kept, grows=index))

    def keep(self, index: int) -> None:
        """The block of charge ``index`` will stay reachable."""
        self._charges[index] = replace(self._charges[index], kept=True)

    def floats(self, count: int, what: str) -> None:
        """``count`` float results."""
        for _ in range(count):
            self.take(FLOAT, what)

    def tuple(self, count: int, what: str, *, kept: bool = False) -> int:
        """A tuple of ``count`` items."""
        return self.take(2 * POINTER + POINTER * count, what, kept=kept)

    def frame(self, slots: int, what: str) -> int | None:
        """A bytecode function's state: on the C stack up to 11 slots, else a block that is freed on return.

        ``slots`` is ``n_state`` of the compiled function (``py/objfunbc.c``: VM_MAX_STATE_ON_STACK is 44 bytes).
        """
        if slots <= _SLOTS_ON_C_STACK:
            return None
        return self.take(_FRAME_HEADER + POINTER * slots, f"{what}: frame")

    def leave(self, frame: int | None) -> None:
        """Return from a function."""
        if frame is not None:
            self.free(frame)

    def instance(self, arguments: int, what: str, *, kept: bool = False) -> int | None:
        """An instance of a Python class: the object, then the argument vector for ``__init__`` if it has arguments.

        ``arguments`` counts positional ones once and keyword ones twice. Returns the index of the vector, to be left
        like a frame when ``__init__`` returns.
        """
        self.take(OBJECT, what, kept=kept)
        return self.take(POINTER * (2 + arguments), f"{what}: arguments") if arguments else None


class ListCharge:
    """A list that is appended to: its table has four slots and doubles when full (``py/objlist.c``)."""

    def __init__(self, tape: Tape, what: str, *, count: int = 0, kept: bool = False) -> None:
        self._tape = tape
        self._what = what
        self._slots = max(count, 4)
        self._count = count
        tape.take(OBJECT, what, kept=kept)
        self._table = tape.take(POINTER * self._slots, f"{what}: slots", kept=kept)

    def append(self, count: int = 1) -> None:
        """Append ``count`` items one by one."""
        for _ in range(count):
            if self._count == self._slots:
                self._slots *= 2
                self._tape.grow(self._table, POINTER * self._slots, f"{self._what}: more slots")
            self._count += 1


class AttributeCharge:
    """An instance's attribute table, filled one name at a time; the outgrown table is freed."""

    def __init__(self, tape: Tape, what: str, *, kept: bool = False) -> None:
        self._tape = tape
        self._what = what
        self._kept = kept
        self._count = 0
        self._table: int | None = None

    def store(self, count: int = 1) -> None:
        """Store ``count`` new names."""
        for _ in range(count):
            if self._count in (0, *INSTANCE_GROWTH):
                entries = next(size for size in INSTANCE_GROWTH if size > self._count)
                old = self._table
                self._table = self._tape.take(2 * POINTER * entries, f"{self._what}: attributes", kept=self._kept)
                if old is not None:
                    self._tape.free(old)
            self._count += 1


def totals(charges: Sequence[Charge]) -> ChargeTotals:
    """Sums of ``charges``, a reallocation taken as moving the block."""
    in_use = peak = 0
    sizes = [align_up(charge.size, BLOCK) for charge in charges]
    current = dict(enumerate(sizes))
    freed_at: dict[int, list[int]] = {}
    for index, charge in enumerate(charges):
        if charge.freed_before is not None:
            freed_at.setdefault(charge.freed_before, []).append(index)
    for index, charge in enumerate(charges):
        in_use -= sum(current[freed] for freed in freed_at.get(index, ()))
        if charge.grows is not None:
            in_use -= current[charge.grows]
            current[charge.grows] = sizes[index]
        in_use += sizes[index]
        peak = max(peak, in_use)
    requests = [index for index, charge in enumerate(charges) if charge.grows is None]
    return ChargeTotals(
        requests=len(charges),
        bytes=sum(charge.size for charge in charges),
        block_bytes=sum(sizes[index] for index in requests),
        kept_block_bytes=sum(current[i] for i in requests if charges[i].kept and charges[i].freed_before is None),
        peak_block_bytes=peak,
    )
