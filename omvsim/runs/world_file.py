"""``--world world.toml``: what buses, pins and networks around the camera answer. Unknown keys are errors."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from omvsim.errors import WorldError
from omvsim.reading import read_text
from omvsim.world.can_bus import MOST_BYTES, Message
from omvsim.world.surroundings import Arrival, CanBus, Peer, Surroundings, Visitor, Wireless

if TYPE_CHECKING:
    from pathlib import Path

_TIME = re.compile(r"(\d+(?:\.\d+)?)(us|ms|s)")
_FACTORS = {"us": 1, "ms": 1000, "s": 1_000_000}
MOST_ARRIVALS = 10_000
_WIRELESS = Wireless()
_VISITOR = Visitor()


def _microseconds(value: object) -> object:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('a time is a text such as "500ms", "2s" or "200us"')
    return round(float(found[1]) * _FACTORS[found[2]])


def _bytes_of_hex(value: object) -> object:
    try:
        return bytes.fromhex(value) if isinstance(value, str) else None
    except ValueError:
        raise ValueError('bytes are a text of hexadecimal digits such as "00 ff"') from None


_Time = Annotated[int, BeforeValidator(_microseconds)]
_Hex = Annotated[bytes, BeforeValidator(_bytes_of_hex)]
_Level = Annotated[int, Field(ge=0, le=1)]
_Reading = Annotated[int, Field(ge=0, le=65535)]
_Port = Annotated[int, Field(ge=0, le=65535)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Bytes(_Strict):
    """``text`` or ``hex``."""

    text: str = ""
    hex: _Hex = b""

    def data(self) -> bytes:
        return self.hex or self.text.encode()


class _Receives(_Bytes):
    at: _Time = 0
    every: _Time = 0
    times: Annotated[int, Field(ge=1, le=MOST_ARRIVALS)] = 1

    def arrivals(self) -> list[Arrival]:
        return [Arrival(self.at + self.every * number, self.data()) for number in range(self.times)]


class _Uart(_Strict):
    echo: bool = False
    receives: list[_Receives] = []


class _CanMessage(_Receives):
    id: Annotated[int, Field(ge=0, lt=1 << 29)]
    extended: bool = False
    remote: bool = False

    def messages(self) -> list[Message]:
        data = self.data()
        if len(data) > MOST_BYTES:
            raise ValueError(f"can: a message has at most {MOST_BYTES} bytes")
        made = Message.of(self.id, data, extended=self.extended, remote=self.remote)
        return [made._replace(at_us=arrival.at_us) for arrival in self.arrivals()]


class _Can(_Strict):
    acknowledged: bool = True
    receives: list[_CanMessage] = []


class _Found(_Strict):
    name: str
    channel: int = 1
    rssi: int = -60


class _Wlan(_Strict):
    connects: bool = True
    join: _Time = 1_500_000
    address: str = _WIRELESS.address
    netmask: str = _WIRELESS.netmask
    gateway: str = _WIRELESS.gateway
    dns: str = _WIRELESS.dns
    rssi: int = _WIRELESS.rssi
    found: list[_Found] = []


class _Lan(_Strict):
    cable: bool = True


class _Peer(_Strict):
    address: str
    greeting: _Bytes = _Bytes()
    answers: list[_Bytes] = []
    closes: bool = True


class _Visitor(_Bytes):
    address: str = _VISITOR.address
    port: _Port = _VISITOR.port
    closes: bool = False


class _World(_Strict):
    uart: dict[str, _Uart] = {}
    can: _Can = _Can()
    i2c: dict[str, dict[str, _Hex]] = {}
    spi: dict[str, _Hex] = {}
    pin: dict[str, list[_Level]] = {}
    adc: dict[str, list[_Reading]] = {}
    wlan: _Wlan = _Wlan()
    lan: _Lan = _Lan()
    hosts: dict[str, str] = {}
    peer: list[_Peer] = []
    visitor: list[_Visitor] = []


def read_world_file(path: Path) -> Surroundings:
    """The surroundings that a file describes.

    Raises:
        WorldError: it cannot be read, is no TOML, or says something that does not exist.
    """
    try:
        text = read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise WorldError(path, getattr(error, "strerror", None) or "is no UTF-8 text") from error
    try:
        world = _World.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise WorldError(path, str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise WorldError(path, f"{where}: {first['msg'].removeprefix('Value error, ')}") from error
    try:
        return _surroundings(world)
    except ValueError as error:
        raise WorldError(path, str(error)) from error


def _number(text: str) -> int:
    try:
        return int(text, 0)
    except ValueError:
        raise ValueError(f"{text!r} is no number of a bus or address") from None


def _surroundings(world: _World) -> Surroundings:
    around = Surroundings()
    for bus, uart in world.uart.items():
        arrivals = [arrival for each in uart.receives for arrival in each.arrivals()]
        around.uarts[_number(bus)] = sorted(arrivals, key=lambda arrival: arrival.at_us)
        if uart.echo:
            around.echoing.add(_number(bus))
    messages = [message for each in world.can.receives for message in each.messages()]
    around.can = CanBus(world.can.acknowledged, sorted(messages, key=lambda message: message.at_us))
    for bus, devices in world.i2c.items():
        around.i2c[_number(bus)] = {_number(where): bytearray(data) for where, data in devices.items()}
    around.spi = {_number(bus): data for bus, data in world.spi.items()}
    around.pins, around.adc, around.hosts = world.pin, world.adc, world.hosts
    wlan = world.wlan
    around.wireless = Wireless(
        connects=wlan.connects,
        join_us=wlan.join,
        address=wlan.address,
        netmask=wlan.netmask,
        gateway=wlan.gateway,
        dns=wlan.dns,
        rssi=wlan.rssi,
        found=[(each.name, each.channel, each.rssi) for each in wlan.found],
    )
    around.cable = world.lan.cable
    around.peers = {
        each.address: Peer(each.greeting.data(), [answer.data() for answer in each.answers], closes=each.closes)
        for each in world.peer
    }
    around.visitors = [Visitor(each.data(), each.address, each.port, closes=each.closes) for each in world.visitor]
    return around


__all__ = ["read_world_file"]
