"""``machine.UART`` (extmod/machine_uart.c, ports/mimxrt/machine_uart.c; interrupts are configured out)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.micropython.native import NativeType, method
from omvsim.micropython.values import Sentinel
from omvsim.standard.streams import POLL_RD, POLL_WR, StreamMethods, raise_os_error
from omvsim.world.clock import START, Clock
from omvsim.world.surroundings import Arrival, Surroundings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Block, Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out, PrintKind, Value

OBJECT: Final = 108
"""``machine_uart_obj_t``: base, lpuart_handle_t (48), lpuart_config_t (20) and 36 of its own."""
BUSES: Final = (0, 1)
"""The board's: 0 is the Bluetooth chip's (LPUART3), 1 is on P4 and P5 (LPUART1)."""
LEAST, MOST, USUAL = 32, 32766, 256
"""``MIN_BUFFER_SIZE``, ``MAX_BUFFER_SIZE``, ``DEFAULT_BUFFER_SIZE``."""
EIO: Final = 5
BITS_A_CHARACTER: Final = 10
_NAMES: Final = ("baudrate", "bits", "parity", "stop", "flow", "timeout", "timeout_char", "invert", "rxbuf", "txbuf")
_KEYWORD_ONLY: Final = 4
_RTS, _CTS = 1, 2


class Uart(StreamMethods):
    """A serial port. What comes in is what the surroundings say, at its time; a full ring drops the oldest bytes."""

    __slots__ = (
        *("active", "arrivals", "bits", "block_in", "block_out", "bus", "fresh", "ring"),
        *("baudrate", "char_ms", "flow", "invert", "parity", "room_in", "room_out", "stop", "wait_ms"),
    )
    type_name: ClassVar[str] = "UART"

    def __init__(self, memory: Memory, address: int, bus: int) -> None:
        super().__init__(memory, address)
        self.bus = bus
        self.baudrate, self.bits, self.stop = 115200, 8, 1
        self.parity = self.flow = self.invert = 0
        self.wait_ms = self.char_ms = 1
        self.room_in = self.room_out = USUAL
        self.block_in: Block | None = None
        self.block_out: Block | None = None
        self.fresh = True
        self.active = False
        self.ring = bytearray()
        self.arrivals: list[Arrival] = []

    def configure(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> None:
        """``mp_machine_uart_init_helper``."""
        found = vm.parse_keywords(args, kwargs, _NAMES, 0, _KEYWORD_ONLY)
        parity = found.pop(2)
        values = [-1 if isinstance(value, Sentinel) else vm.int_of(value) for value in found]
        baudrate, bits, stop, flow, timeout, timeout_char, invert, rxbuf, txbuf = values
        self.baudrate = baudrate if baudrate > 0 else self.baudrate
        self.bits = bits if bits > 0 else self.bits
        if not isinstance(parity, Sentinel) and parity != -1:
            self.parity = 0 if parity is None else 2 + (vm.int_of(parity) & 1)
        self.stop = stop if stop > 0 else self.stop
        self._flow(vm, flow)
        self.wait_ms = timeout if timeout >= 0 else self.wait_ms
        self.char_ms = timeout_char if timeout_char >= 0 else self.char_ms
        if invert >= 0:
            if invert & ~3:
                vm.raise_value("bad inversion mask")
            self.invert = invert
        room = _room(vm, rxbuf, "rxbuf too large")
        if room not in (0, self.room_in):
            self.block_in, self.room_in = None, room
        room = _room(vm, txbuf, "txbuf too large")
        if room not in (0, self.room_out):
            self.block_out, self.room_out = None, room
        if args or kwargs or self.fresh:
            self._start(vm)

    def _flow(self, vm: Machine, flow: int) -> None:
        if flow < 0:
            return
        if flow & ~(_RTS | _CTS):
            vm.raise_value("bad flow mask")
        for bit, text in ((_RTS, "rts not available"), (_CTS, "cts not available")):
            if flow & bit and self.bus != 0:
                vm.raise_value(text)
        self.flow |= flow

    def _start(self, vm: Machine) -> None:
        """The port starts; buffers that are not there are made, the one for reading a byte larger."""
        self.fresh = False
        self.active = True
        self.char_ms = max(self.char_ms, 13000 // self.baudrate + 1)
        self.ring.clear()
        self.arrivals = list(vm.part(Surroundings).uarts.get(self.bus, ()))
        if self.block_in is None:
            self.block_in = vm.memory.block(self.room_in + 1)
        if self.block_out is None:
            self.block_out = vm.memory.block(self.room_out)

    def _need(self, vm: Machine) -> None:
        if not self.active:
            raise_os_error(vm, EIO)

    def _receive(self, now: int) -> None:
        """What came until now goes into the ring."""
        while self.arrivals and self.arrivals[0].at_us + START <= now:
            self.ring += self.arrivals.pop(0).data
        del self.ring[: max(0, len(self.ring) - (self.room_in - 1))]

    def pull(self, vm: Machine, count: int) -> bytes | None:
        """``mp_machine_uart_read``: wait for the first byte, and for each after it."""
        self._need(vm)
        clock = vm.part(Clock)
        found = bytearray()
        patience = self.wait_ms * 1000
        while len(found) < count:
            self._receive(clock.look())
            if not self.ring:
                due = self.arrivals[0].at_us + START - clock.now if self.arrivals else patience + 1
                if due > patience:
                    clock.wait(patience)
                    break
                clock.wait(due)
                continue
            taken = self.ring[: count - len(found)]
            del self.ring[: len(taken)]
            found += taken
            patience = self.char_ms * 1000
        if not found and not vm.part(Surroundings).uarts.get(self.bus):
            vm.stand_in(f"machine.UART({self.bus}).read()", "nothing is received")
        return bytes(found) or None

    def push(self, vm: Machine, data: bytes) -> int | None:
        """All of it: what the buffer does not hold is waited for."""
        self._need(vm)
        clock = vm.part(Clock)
        if len(data) > self.room_out:
            clock.wait((len(data) - self.room_out) * BITS_A_CHARACTER * 1_000_000 // self.baudrate)
        if self.bus in vm.part(Surroundings).echoing:
            clock.told()
            self.arrivals.append(Arrival(clock.now - START, data))
        return len(data)

    def poll(self, vm: Machine, events: int) -> int:
        """Bytes in the ring, room to send."""
        self._need(vm)
        self._receive(vm.part(Clock).now)
        if not self.ring and not vm.part(Surroundings).uarts.get(self.bus):
            vm.stand_in(f"machine.UART({self.bus}).read()", "nothing is received")
        return (events & POLL_RD if self.ring else 0) | events & POLL_WR

    def comes_at(self, vm: Machine) -> int | None:
        """The next bytes."""
        return self.arrivals[0].at_us + START if self.arrivals else None

    @method("init", 1, None, keywords=True)
    def init(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Configure and start it."""
        self.configure(vm, args, kwargs)
        return None

    @method("deinit", 1)
    def deinit(self, vm: Machine) -> Value:
        """Stop it."""
        self.active = False
        return None

    @method("any", 1)
    def any(self, vm: Machine) -> Value:
        """Bytes in the ring."""
        self._need(vm)
        self._receive(vm.part(Clock).look())
        return len(self.ring)

    @method("txdone", 1)
    def txdone(self, vm: Machine) -> Value:
        """Whether all was sent: it was."""
        return True

    @method("sendbreak", 1)
    def sendbreak(self, vm: Machine) -> Value:
        """Nobody notices."""
        self._need(vm)
        return None

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """All its settings."""
        flow = ("None", "RTS", "CTS", "RTS|CTS")[self.flow]
        invert = ("None", "INV_TX", "INV_RX", "INV_TX|INV_RX")[self.invert]
        parity = ("None", "", "0", "1")[self.parity]
        out(
            f"UART({self.bus}, baudrate={self.baudrate}, bits={self.bits}, parity={parity}, stop={self.stop}, "
            f"flow={flow}, rxbuf={self.room_in}, txbuf={self.room_out}, timeout={self.wait_ms}, "
            f"timeout_char={self.char_ms}, invert={invert}, irq=0)"
        )


def _room(vm: Machine, asked: int, text: str) -> int:
    """Bytes of a buffer; 0: as it was."""
    if asked <= 0:
        return 0
    if asked > MOST:
        vm.raise_value(text)
    return max(LEAST, asked)


def _new_uart(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    bus = vm.int_of(args[0]) if args else 1
    if bus not in BUSES:
        vm.raise_value("UART(%d) doesn't exist", bus)
    made = Uart(vm.memory, vm.memory.alloc(OBJECT), bus)
    made.configure(vm, args[1:], kwargs)
    return made


UART: Final = NativeType(
    "UART",
    Uart,
    _new_uart,
    constants={"INV_TX": 1, "INV_RX": 2, "CTS": _CTS, "RTS": _RTS, "IRQ_RXIDLE": 1, "IRQ_TXIDLE": 2},
    protocol=True,
)
for _name in ("seek", "tell", "close", "__enter__", "__exit__"):
    del UART.locals[_name]

__all__ = ["UART", "Uart"]
