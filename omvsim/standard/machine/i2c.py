"""``machine.I2C`` and ``machine.SoftI2C`` (extmod/machine_i2c.c, ports/mimxrt/machine_i2c.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory.vstr import VStr
from omvsim.micropython.errors import Error
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types import buffers, bytes_
from omvsim.micropython.values import Obj, Sentinel
from omvsim.standard.arguments import parse_ints
from omvsim.standard.machine.pin import Pin, find_pin
from omvsim.standard.streams import raise_os_error
from omvsim.world.clock import Clock
from omvsim.world.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Block, Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out, PrintKind, Value

OBJECT: Final = 20
"""``machine_i2c_obj_t`` and ``mp_machine_soft_i2c_obj_t``."""
SETTINGS: Final = 28
"""``lpi2c_master_config_t``."""
BUSES: Final = (0, 1, 2)
"""The board's: the sensor's (LPI2C1), P4 and P5 (LPI2C4), the one inside (LPI2C2)."""
SOFT: Final = -1
"""The bus of all SoftI2C."""
FIRST, LAST = 0x08, 0x77
ENODEV: Final = 19
BITS_A_BYTE: Final = 9


class I2cMethods(Obj):
    """What both do. A device is its registers: the first byte written says where, the rest is stored there."""

    __slots__ = ("bus", "hertz", "places")

    def __init__(self, memory: Memory, address: int, bus: int) -> None:
        super().__init__(memory, address)
        self.bus = bus
        self.hertz = 400_000
        self.places: dict[int, int] = {}

    def _device(self, vm: Machine, where: int, count: int) -> bytearray | None:
        """The registers at an address; None: nobody acknowledges. The bytes take their time."""
        vm.part(Clock).wait((count + 1) * BITS_A_BYTE * 1_000_000 // max(1, self.hertz))
        return vm.part(Surroundings).i2c.get(self.bus, {}).get(where)

    def put(self, vm: Machine, where: int, data: bytes) -> int:
        """``mp_machine_i2c_writeto``: bytes that were acknowledged; OSError without a device."""
        device = self._device(vm, where, len(data))
        if device is None:
            raise_os_error(vm, ENODEV)
        if data:
            self.places[where] = data[0]
            self._store(device, data[0], data[1:])
        return len(data)

    @staticmethod
    def _store(device: bytearray, place: int, data: bytes) -> None:
        device.extend(bytes(max(0, place + len(data) - len(device))))
        device[place : place + len(data)] = data

    def take(self, vm: Machine, where: int, count: int, place: int | None = None) -> bytes:
        """``mp_machine_i2c_readfrom``: beyond its registers a device reads as ones."""
        device = self._device(vm, where, count)
        if device is None:
            raise_os_error(vm, ENODEV)
        start = self.places.get(where, 0) if place is None else place
        self.places[where] = start + count
        return bytes(device[start : start + count]).ljust(count, b"\xff")

    def combined(self, vm: Machine, count: int) -> Block | None:
        """The buffer that several are put together in, where the hardware needs one."""
        return None

    @method("scan", 1)
    def scan(self, vm: Machine) -> Value:
        """Addresses that acknowledge."""
        found = vm.new_list(())
        for where in range(FIRST, LAST + 1):
            if self._device(vm, where, 0) is not None:
                vm.list_append(found, where)
        return found

    @method("readfrom", 3, 4)
    def readfrom(self, vm: Machine, where: Value, count: Value, *stop: Value) -> Value:
        """Bytes of a device."""
        at = vm.int_of(where)
        return self._bytes(vm, at, vm.int_of(count), None)

    def _bytes(self, vm: Machine, where: int, count: int, place: int | None) -> Value:
        vstr = VStr(vm.memory, count + 1)
        vstr.data += self.take(vm, where, count, place)
        return bytes_.finish_bytes(vm, vstr)

    @method("readfrom_into", 3, 4)
    def readfrom_into(self, vm: Machine, where: Value, buffer: Value, *stop: Value) -> Value:
        """Into a buffer."""
        at = vm.int_of(where)
        target = buffers.buffer_of(vm, buffer, writable=True).cast("B")
        target[:] = self.take(vm, at, len(target))
        return None

    @method("writeto", 3, 4)
    def writeto(self, vm: Machine, where: Value, buffer: Value, *stop: Value) -> Value:
        """Bytes to a device; how many were acknowledged."""
        at = vm.int_of(where)
        return self.put(vm, at, bytes(buffers.buffer_of(vm, buffer)))

    @method("writevto", 3, 4)
    def writevto(self, vm: Machine, where: Value, parts: Value, *stop: Value) -> Value:
        """Several buffers at once."""
        at = vm.int_of(where)
        found = [bytes(buffers.buffer_of(vm, part)) for part in vm.sequence(parts)]
        data = [part for part in found if part]
        block = self.combined(vm, sum(map(len, data))) if len(data) > 1 else None
        count = self.put(vm, at, b"".join(data))
        if block is not None:
            vm.memory.free(block)
        return count

    def _memory(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> tuple[int, int, int, Value]:
        """Address, place, bytes of the place, and what the call is about."""
        where, place, what, size = vm.parse_keywords(args, kwargs, ("addr", "memaddr", "arg", "addrsize"), 3, 3)
        bits = 8 if isinstance(size, Sentinel) else vm.int_of(size)
        assert not isinstance(where, Sentinel)
        assert not isinstance(place, Sentinel)
        assert not isinstance(what, Sentinel)
        return vm.int_of(where), vm.int_of(place), bits, what

    @staticmethod
    def _check_bits(vm: Machine, bits: int) -> int:
        if bits & 7 or bits > 32:
            vm.raise_value("invalid addrsize")
        return bits // 8

    @method("readfrom_mem", 1, None, keywords=True)
    def readfrom_mem(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Bytes of a device from a register on."""
        where, place, bits, what = self._memory(vm, args, kwargs)
        count = vm.int_of(what)
        vstr = VStr(vm.memory, count + 1)
        self._check_bits(vm, bits)
        vstr.data += self.take(vm, where, count, place)
        return bytes_.finish_bytes(vm, vstr)

    @method("readfrom_mem_into", 1, None, keywords=True)
    def readfrom_mem_into(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Into a buffer."""
        where, place, bits, what = self._memory(vm, args, kwargs)
        target = buffers.buffer_of(vm, what, writable=True).cast("B")
        self._check_bits(vm, bits)
        target[:] = self.take(vm, where, len(target), place)
        return None

    @method("writeto_mem", 1, None, keywords=True)
    def writeto_mem(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """To a device from a register on; hardware gets both in one buffer."""
        where, place, bits, what = self._memory(vm, args, kwargs)
        data = bytes(buffers.buffer_of(vm, what))
        count = self._check_bits(vm, bits)
        block = self.combined(vm, count + len(data))
        device = self._device(vm, where, count + len(data))
        if block is not None:
            vm.memory.free(block)
        if device is None:
            raise_os_error(vm, ENODEV)
        self._store(device, place, data)
        return None


class I2c(I2cMethods):
    """A bus in hardware. It has no ``init`` of its own, nor steps to be taken singly."""

    __slots__ = ("settings", "timeout")
    type_name: ClassVar[str] = "I2C"

    def __init__(self, memory: Memory, address: int, bus: int) -> None:
        super().__init__(memory, address, bus)
        self.settings: Block | None = None
        self.timeout = 0

    def combined(self, vm: Machine, count: int) -> Block | None:
        return vm.memory.block(count)

    def _refuse(self, vm: Machine) -> Value:
        vm.error(Error.OS, "I2C operation not supported")

    @method("init", 1, None, keywords=True)
    def init(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Not supported."""
        return self._refuse(vm)

    @method("start", 1)
    def start(self, vm: Machine) -> Value:
        """Not supported."""
        return self._refuse(vm)

    @method("stop", 1)
    def stop(self, vm: Machine) -> Value:
        """Not supported."""
        return self._refuse(vm)

    @method("readinto", 2, 3)
    def readinto(self, vm: Machine, *args: Value) -> Value:
        """Not supported."""
        return self._refuse(vm)

    @method("write", 2)
    def write(self, vm: Machine, buffer: Value) -> Value:
        """Not supported."""
        return self._refuse(vm)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """Its settings."""
        out(f"I2C({self.bus}, freq={self.hertz}, timeout={self.timeout})")


def _new_i2c(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    defaults = {"id": 0, "freq": 400_000, "drive": 6, "timeout": 50_000}
    found = parse_ints(vm, args, kwargs, defaults, keyword_only=2)
    if found["id"] not in BUSES:
        vm.raise_value("I2C(%d) doesn't exist", found["id"])
    made = I2c(vm.memory, vm.memory.alloc(OBJECT), found["id"])
    made.settings = vm.memory.block(SETTINGS)
    made.hertz = found["freq"]
    made.timeout = max(0, found["timeout"])
    return made


class SoftI2c(I2cMethods):
    """A bus made with two pins."""

    __slots__ = ("data", "line")
    type_name: ClassVar[str] = "SoftI2C"

    def configure(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> None:
        """``mp_machine_soft_i2c_init``."""
        scl, sda, freq, timeout = vm.parse_keywords(args, kwargs, ("scl", "sda", "freq", "timeout"), 2, 2)
        assert not isinstance(scl, Sentinel)
        assert not isinstance(sda, Sentinel)
        hertz = 400_000 if isinstance(freq, Sentinel) else vm.int_of(freq)
        if not isinstance(timeout, Sentinel):
            vm.int_of(timeout)
        self.line, self.data = find_pin(vm, scl), find_pin(vm, sda)
        self.hertz = hertz

    @method("init", 1, None, keywords=True)
    def init(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Configure it."""
        self.configure(vm, args, kwargs)
        return None

    @method("start", 1)
    def start(self, vm: Machine) -> Value:
        """A start on the lines."""
        return None

    @method("stop", 1)
    def stop(self, vm: Machine) -> Value:
        """A stop on the lines."""
        return None

    @method("readinto", 2, 3)
    def readinto(self, vm: Machine, buffer: Value, *nack: Value) -> Value:
        """Nobody drives the lines after single steps: ones."""
        target = buffers.buffer_of(vm, buffer, writable=True).cast("B")
        target[:] = b"\xff" * len(target)
        return None

    @method("write", 2)
    def write(self, vm: Machine, buffer: Value) -> Value:
        """Nobody acknowledges single steps."""
        buffers.buffer_of(vm, buffer)
        return 0

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """Its pins and speed."""
        delay = max(1, 500_000 // max(1, self.hertz))
        names = [pin.pad if isinstance(pin, Pin) else "" for pin in (self.line, self.data)]
        out(f"SoftI2C(scl={names[0]}, sda={names[1]}, freq={500_000 // delay})")


def _new_soft(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    made = SoftI2c(vm.memory, vm.memory.alloc(OBJECT), SOFT)
    made.configure(vm, args, kwargs)
    return made


I2C: Final = NativeType("I2C", I2c, _new_i2c, protocol=True)
SOFT_I2C: Final = NativeType("SoftI2C", SoftI2c, _new_soft, protocol=True)

__all__ = ["I2C", "SOFT_I2C", "I2c", "SoftI2c"]
