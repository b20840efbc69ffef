"""``machine.SPI`` and ``machine.SoftSPI`` (extmod/machine_spi.c, ports/mimxrt/machine_spi.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory.vstr import VStr
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types import buffers, bytes_
from omvsim.micropython.values import Obj, Sentinel
from omvsim.standard.arguments import parse_ints
from omvsim.standard.machine.pin import Pin, find_pin
from omvsim.world.clock import Clock
from omvsim.world.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Block, Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out, PrintKind, Value

OBJECT: Final = 16
"""``machine_spi_obj_t``."""
SETTINGS: Final = 32
"""``lpspi_master_config_t``."""
SOFT_OBJECT: Final = 24
"""``mp_machine_soft_spi_obj_t``."""
BUSES: Final = (0, 1)
"""The board's: the sensor's (LPSPI4), P0 to P3 (LPSPI3)."""
SOFT: Final = -1
MSB, LSB = 0, 1
BITS: Final = 8


class SpiMethods(Obj):
    """What both do. What comes in is what the surroundings say, over and over, else zeros."""

    __slots__ = ("baudrate", "bus", "come", "firstbit", "phase", "polarity")

    def __init__(self, memory: Memory, address: int, bus: int) -> None:
        super().__init__(memory, address)
        self.bus = bus
        self.baudrate = 1_000_000
        self.polarity = self.phase = self.firstbit = self.come = 0

    def transfer(self, vm: Machine, count: int) -> bytes:
        """So many bytes both ways."""
        vm.part(Clock).wait(count * BITS * 1_000_000 // max(1, self.baudrate))
        pattern = vm.part(Surroundings).spi.get(self.bus, b"")
        if not pattern:
            return bytes(count)
        found = bytes(pattern[(self.come + at) % len(pattern)] for at in range(count))
        self.come += count
        return found

    def _note(self, vm: Machine) -> None:
        if not vm.part(Surroundings).spi.get(self.bus):
            vm.stand_in(f"machine.{self.type_name}.read()", "zeros: nothing is connected to the bus")

    @method("deinit", 1)
    def deinit(self, vm: Machine) -> Value:
        """Nothing happens."""
        return None

    @method("read", 2, 3)
    def read(self, vm: Machine, count: Value, *fill: Value) -> Value:
        """New bytes."""
        number = vm.int_of(count)
        vstr = VStr(vm.memory, number + 1)
        if fill:
            vm.int_of(fill[0])
        vstr.data += self.transfer(vm, number)
        self._note(vm)
        return bytes_.finish_bytes(vm, vstr)

    @method("readinto", 2, 3)
    def readinto(self, vm: Machine, buffer: Value, *fill: Value) -> Value:
        """Into a buffer."""
        target = buffers.buffer_of(vm, buffer, writable=True).cast("B")
        if fill:
            vm.int_of(fill[0])
        target[:] = self.transfer(vm, len(target))
        self._note(vm)
        return None

    @method("write", 2)
    def write(self, vm: Machine, buffer: Value) -> Value:
        """Bytes out."""
        self.transfer(vm, len(buffers.buffer_of(vm, buffer).cast("B")))
        return None

    @method("write_readinto", 3)
    def write_readinto(self, vm: Machine, source: Value, buffer: Value) -> Value:
        """Both at once."""
        given = buffers.buffer_of(vm, source).cast("B")
        target = buffers.buffer_of(vm, buffer, writable=True).cast("B")
        if len(given) != len(target):
            vm.raise_value("buffers must be the same length")
        target[:] = self.transfer(vm, len(target))
        self._note(vm)
        return None


class Spi(SpiMethods):
    """A bus in hardware."""

    __slots__ = ("bits", "gap", "settings")
    type_name: ClassVar[str] = "SPI"

    def __init__(self, memory: Memory, address: int, bus: int) -> None:
        super().__init__(memory, address, bus)
        self.bits = BITS
        self.gap = 0
        self.settings: Block | None = None

    @method("init", 1, None, keywords=True)
    def init(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Other settings; what is not given stays."""
        defaults = dict.fromkeys(("baudrate", "polarity", "phase", "bits", "firstbit", "gap_ns"), -1)
        self.change(parse_ints(vm, args, kwargs, defaults, keyword_only=0))
        return None

    def change(self, found: dict[str, int]) -> None:
        """Take over what is not -1."""
        if found["baudrate"] != -1:
            self.baudrate = found["baudrate"]
            self.gap = 1_000_000_000 // max(1, self.baudrate) * 2
        self.polarity = self.polarity if found["polarity"] == -1 else found["polarity"]
        self.phase = self.phase if found["phase"] == -1 else found["phase"]
        self.bits = self.bits if found["bits"] == -1 else found["bits"]
        self.firstbit = self.firstbit if found["firstbit"] == -1 else found["firstbit"]
        self.gap = self.gap if found["gap_ns"] == -1 else found["gap_ns"]

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """Its settings."""
        first = ("MSB", "LSB")[self.firstbit & 1]
        out(
            f"SPI({self.bus}, baudrate={self.baudrate}, polarity={self.polarity}, phase={self.phase}, "
            f"bits={self.bits}, firstbit={first}, gap_ns={self.gap})"
        )


def _new_spi(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    defaults = {"id": 0, "baudrate": 1_000_000, "polarity": 0, "phase": 0, "bits": BITS, "firstbit": MSB}
    found = parse_ints(vm, args, kwargs, {**defaults, "gap_ns": -1, "drive": 6, "cs": -1}, keyword_only=2)
    if found["id"] not in BUSES:
        vm.raise_value("SPI(%d) doesn't exist", found["id"])
    made = Spi(vm.memory, vm.memory.alloc(OBJECT), found["id"])
    made.settings = vm.memory.block(SETTINGS)
    made.change(found)
    return made


NO_PIN: Final = Pin("", "")
_SOFT_PINS: Final = ("sck", "mosi", "miso")


class SoftSpi(SpiMethods):
    """A bus made with pins."""

    __slots__ = ("pins",)
    type_name: ClassVar[str] = "SoftSPI"

    def __init__(self, memory: Memory, address: int) -> None:
        super().__init__(memory, address, SOFT)
        self.pins = [NO_PIN] * len(_SOFT_PINS)

    def configure(self, vm: Machine, numbers: dict[str, int], pins: Sequence[Value | Sentinel]) -> None:
        """Take over what is given."""
        if numbers["baudrate"] != -1:
            half = -(-500_000 // max(1, numbers["baudrate"]))
            self.baudrate = 500_000 // half
        self.polarity = self.polarity if numbers["polarity"] == -1 else numbers["polarity"]
        self.phase = self.phase if numbers["phase"] == -1 else numbers["phase"]
        self.firstbit = self.firstbit if numbers["firstbit"] == -1 else numbers["firstbit"]
        for at, pin in enumerate(pins):
            if not isinstance(pin, Sentinel):
                self.pins[at] = find_pin(vm, pin)

    @method("init", 1, None, keywords=True)
    def init(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Other settings; what is not given stays."""
        names = ("baudrate", "polarity", "phase", "firstbit")
        found = vm.parse_keywords(args, kwargs, names + _SOFT_PINS, 0, 3)
        numbers = {
            name: -1 if isinstance(value, Sentinel) else vm.int_of(value)
            for name, value in zip(names, found[:4], strict=True)
        }
        self.configure(vm, numbers, found[4:])
        return None

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """Its settings."""
        pins = ", ".join(f"{name}={pin.pad}" for name, pin in zip(_SOFT_PINS, self.pins, strict=True))
        out(
            f"SoftSPI(baudrate={self.baudrate}, polarity={self.polarity}, phase={self.phase}, "
            f"firstbit={self.firstbit}, {pins})"
        )


def _new_soft(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    defaults = {"baudrate": 500_000, "polarity": 0, "phase": 0, "bits": BITS, "firstbit": MSB}
    found = vm.parse_keywords(args, kwargs, (*defaults, *_SOFT_PINS), 0, 1)
    numbers = {
        name: defaults[name] if isinstance(value, Sentinel) else vm.int_of(value)
        for name, value in zip(defaults, found[:5], strict=True)
    }
    made = SoftSpi(vm.memory, vm.memory.alloc(SOFT_OBJECT))
    if numbers["bits"] != BITS:
        vm.raise_value("bits must be 8")
    if any(isinstance(pin, Sentinel) for pin in found[5:]):
        vm.raise_value("must specify all of sck/mosi/miso")
    made.configure(vm, numbers, found[5:])
    return made


_CONSTANTS: Final[dict[str, Value]] = {"MSB": MSB, "LSB": LSB}
SPI: Final = NativeType("SPI", Spi, _new_spi, constants=_CONSTANTS, protocol=True)
SOFT_SPI: Final = NativeType("SoftSPI", SoftSpi, _new_soft, constants=_CONSTANTS, protocol=True)

__all__ = ["SOFT_SPI", "SPI", "SoftSpi", "Spi"]
