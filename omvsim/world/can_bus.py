"""The bus of ``machine.CAN``: messages, the filters before the queue, the mailboxes that send."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.micropython.types import buffers
from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

DUAL: Final = 0
MOST_BYTES: Final = 8
STANDARD_BITS, EXTENDED_BITS = 11, 29
FRAME_BITS: Final = (47, 67)
"""Bits of a frame without data and without stuffed ones, gap included: standard, extended."""


class Message(NamedTuple):
    """A frame; ``at_us`` microseconds after the script starts, ``hit`` the filter that let it in."""

    at_us: int
    number: int
    data: bytes
    extended: bool = False
    remote: bool = False
    hit: int = 0

    @classmethod
    def of(cls, number: int, data: bytes, *, extended: bool, remote: bool) -> Message:
        """One to be sent."""
        bits = EXTENDED_BITS if extended else STANDARD_BITS
        return cls(0, number & ((1 << bits) - 1), data, extended, remote)

    def microseconds(self, baudrate: int) -> int:
        """How long it is on the bus."""
        bits = FRAME_BITS[self.extended] + 8 * len(self.data) * (not self.remote)
        return -(-bits * 1_000_000 // baudrate)


def data_of(vm: Machine, value: Value) -> bytes:
    """What a message carries: one byte for a number."""
    if isinstance(value, int):
        return bytes((vm.int_of(value) & 0xFF,))
    data = bytes(buffers.buffer_of(vm, value).cast("B"))
    if len(data) > MOST_BYTES:
        vm.raise_value("CAN data field too long")
    return data


class Filters:
    """The table of the queue (format A): an entry a number. Whether a message is remote or extended is not compared
    (the mask is 0x3FFFFFFF).
    """

    BANKS: ClassVar[int] = 64
    ENTRIES: ClassVar[int] = 2 * BANKS

    def __init__(self) -> None:
        self.table = [0] * self.ENTRIES
        """Numbers as they stand in the register: 29 bits, standard ones in the upper eleven."""

    def set(self, bank: int, numbers: list[int], remote: list[bool], *, extended: bool) -> None:
        """Both entries of a bank."""
        for side, number in enumerate(numbers):
            self.table[2 * bank + side] = _register(number, extended=extended)

    def clear(self, bank: int) -> None:
        """Both are the number 0."""
        self.table[2 * bank : 2 * bank + 2] = (0, 0)

    def hit(self, message: Message) -> int | None:
        """The first entry that lets it in."""
        wanted = _register(message.number, extended=message.extended)
        shift = 0 if message.extended else EXTENDED_BITS - STANDARD_BITS
        return next((at for at, entry in enumerate(self.table) if entry >> shift == wanted >> shift), None)


def _register(number: int, *, extended: bool) -> int:
    if extended:
        return number & ((1 << EXTENDED_BITS) - 1)
    return (number & ((1 << STANDARD_BITS) - 1)) << (EXTENDED_BITS - STANDARD_BITS)


class Mailboxes:
    """Those that send: 64 without the queue's six, its filters' 32 and one more (errata 5829)."""

    COUNT: ClassVar[int] = 64 - 6 - 32 - 1

    def __init__(self) -> None:
        self.done_at: dict[tuple[int, bool, bool], int | None] = {}
        """When the message of a number is through; None: never."""
        self.bus_free = 0

    @property
    def used(self) -> bool:
        """Whether anything was sent."""
        return bool(self.done_at)

    @property
    def stuck(self) -> bool:
        """Whether a message waits that nobody acknowledges."""
        return None in self.done_at.values()

    def waiting(self, now: int) -> int:
        """Messages that are not through."""
        return sum(done is None or done > now for done in self.done_at.values())

    def put(self, message: Message, now: int, baudrate: int, *, acknowledged: bool) -> int | None:
        """Send a message; if it has to wait for a mailbox, nothing is sent and the answer is when one is free."""
        never = 1 << 62
        key = (message.number, message.extended, message.remote)
        taken = {each: never if done is None else done for each, done in self.done_at.items()}
        if key in taken:
            if taken[key] > now:
                return taken[key]
        elif len(taken) >= self.COUNT:
            free = min(taken, key=lambda each: taken[each])
            if taken[free] > now:
                return taken[free]
            del self.done_at[free]
        if acknowledged:
            self.bus_free = max(self.bus_free, now) + message.microseconds(baudrate)
        self.done_at[key] = self.bus_free if acknowledged else None
        return None


__all__ = ["DUAL", "MOST_BYTES", "Filters", "Mailboxes", "Message", "data_of"]
