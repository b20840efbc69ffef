"""What stands around the camera as a script notices it: what buses, pins and networks answer.

By default networks are connected, every bus is empty and nothing is received. A world file says otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.records import dataclass, field

if TYPE_CHECKING:
    from omvsim.world.can_bus import Message


@dataclass(slots=True)
class Arrival:
    """Bytes that come in at a time: microseconds after the script starts."""

    at_us: int
    data: bytes


@dataclass(slots=True)
class Peer:
    """Who answers at an address: ``answers`` come one after each sending, ``greeting`` comes at once.

    ``closes``: the peer closes the connection when its last answer was given.
    """

    greeting: bytes = b""
    answers: list[bytes] = field(default_factory=list)
    closes: bool = True


@dataclass(slots=True)
class Visitor:
    """Who connects to a listening socket: what it sends, from where."""

    data: bytes = b""
    address: str = "192.168.1.100"
    port: int = 50000
    closes: bool = False


@dataclass(slots=True)
class Wireless:
    """The wireless network: whether joining it works, how long that takes, what it tells."""

    connects: bool = True
    join_us: int = 1_500_000
    address: str = "192.168.1.50"
    netmask: str = "255.255.255.0"
    gateway: str = "192.168.1.1"
    dns: str = "192.168.1.1"
    rssi: int = -50
    found: list[tuple[str, int, int]] = field(default_factory=list)
    """Networks that a scan finds: name, channel, strength."""


@dataclass(slots=True)
class CanBus:
    """The CAN bus: messages that come, and whether anybody acknowledges those of the camera."""

    acknowledged: bool = True
    messages: list[Message] = field(default_factory=list)


@dataclass(slots=True)
class Surroundings:
    """Everything around one camera. Keys are as a script writes them: bus numbers, pin names, ``host:port``."""

    uarts: dict[int, list[Arrival]] = field(default_factory=dict)
    echoing: set[int] = field(default_factory=set)
    """UARTs whose output is wired to their input."""
    can: CanBus = field(default_factory=CanBus)
    i2c: dict[int, dict[int, bytearray]] = field(default_factory=dict)
    """By bus and address: the registers of a device."""
    spi: dict[int, bytes] = field(default_factory=dict)
    """By bus: what comes in, over and over; nothing: zeros."""
    pins: dict[str, list[int]] = field(default_factory=dict)
    """By name: levels that an input shows, reading by reading; the last one stays."""
    adc: dict[str, list[int]] = field(default_factory=dict)
    """By name: readings of 16 bits; the last one stays."""
    wireless: Wireless = field(default_factory=Wireless)
    cable: bool = True
    peers: dict[str, Peer] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)
    """Addresses of names."""
    visitors: list[Visitor] = field(default_factory=list)


__all__ = ["Arrival", "CanBus", "Peer", "Surroundings", "Visitor", "Wireless"]
