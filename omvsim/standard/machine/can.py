"""``machine.CAN`` of 4.5.2 to 4.8.1 (openmv/micropython 6fbe498, ports/mimxrt/machine_can.c; the SDK's
fsl_flexcan.h and fsl_flexcan.c in openmv v4.8.1, lib/mimxrt/MIMXRT1062/drivers).

By default somebody on the bus acknowledges every message and sends none. What a filter lets in is what
``FLEXCAN_SetRxFifoConfig`` makes of the table: without one only messages with the number 0 come in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.compiler.running import print_exception
from omvsim.memory import sizes
from omvsim.micropython.errors import Raised, Unknown
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types.array_ import BYTEARRAY_CODE
from omvsim.micropython.types.list_ import List
from omvsim.micropython.types.memoryview_ import MemoryView
from omvsim.micropython.types.tuple_ import Tuple
from omvsim.micropython.values import Sentinel
from omvsim.standard.arguments import given
from omvsim.standard.streams import EINVAL, POLL_RD, POLL_WR, Stream, raise_os_error
from omvsim.world.can_bus import DUAL, Filters, Mailboxes, Message, data_of
from omvsim.world.clock import START, Alarm, Clock
from omvsim.world.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Block, Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out, PrintKind, Value

OBJECT, CONFIG, FIFO_CONFIG = 36, 32, 8
"""``machine_can_obj_t``, ``flexcan_config_t``, ``flexcan_rx_fifo_config_t``."""
ETIMEDOUT: Final = 116
LOOPBACK, SILENT = 1, 2
STOPPED, ERROR_ACTIVE = 0, 1
FIFO_DEPTH, FIFO_WARNING = 6, 5
INFO, RECEIVED = 8, 5
"""Items of what ``info()`` and ``recv()`` give."""
RECV_MS: Final = 5000
FOREVER: Final = 0xFFFFFFFF


class Can(Stream):
    """The bus on P2 and P3 (FLEXCAN2)."""

    __slots__ = (
        "arrivals",
        "baudrate",
        "callback",
        "enabled",
        "fifo",
        "filters",
        "held",
        "mode",
        "restarts",
        "sending",
    )
    type_name: ClassVar[str] = "CAN"
    reads: ClassVar[bool] = False
    writes: ClassVar[bool] = False

    def __init__(self, memory: Memory, address: int, held: tuple[Block, ...]) -> None:
        super().__init__(memory, address)
        self.held = held
        self.mode = self.baudrate = 0
        self.restarts = self.enabled = False
        self.callback: Value = None
        self.filters = Filters()
        self.sending = Mailboxes()
        self.fifo: list[Message] = []
        self.arrivals: list[Alarm] = []

    def pull(self, vm: Machine, count: int) -> bytes | None:
        """It is no stream of bytes."""
        return None

    def push(self, vm: Machine, data: bytes) -> int | None:
        """It is no stream of bytes."""
        return None

    def poll(self, vm: Machine, events: int) -> int:
        """A message in the queue; the driver takes one that is being sent for room to send."""
        if not self.enabled:
            raise_os_error(vm, EINVAL)
        sending = self.sending.waiting(vm.part(Clock).now)
        return (events & POLL_RD if self.fifo else 0) | (events & POLL_WR if sending else 0)

    def configure(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> None:
        """``machine_can_init_helper``."""
        mode, restarts, baudrate = vm.parse_keywords(args, kwargs, ("mode", "auto_restart", "baudrate"), 1, 1)
        self.mode = vm.int_of(given(mode, 0))
        self.restarts = vm.truth(given(restarts, False))
        self.baudrate = vm.int_of(given(baudrate, 0))
        if self.baudrate <= 0:
            raise Unknown("machine.CAN", "how fast the bus is without a baudrate is not known")
        self.stop(vm)
        self.filters, self.sending = Filters(), Mailboxes()
        self.callback, self.enabled = None, True
        now = vm.part(Clock).now
        due = [each for each in vm.part(Surroundings).can.messages if each.at_us + START >= now]
        self.arrivals = [self._arrival(vm, each) for each in due]
        vm.part(Clock).alarms.extend(self.arrivals)

    def _arrival(self, vm: Machine, message: Message) -> Alarm:
        return Alarm(message.at_us + START, lambda: self._arrive(vm, message))

    def _arrive(self, vm: Machine, message: Message) -> None:
        """``machine_can_handler``: the callback gets why it is called; the heap is locked."""
        hit = self.filters.hit(message)
        if hit is None:
            return
        full = len(self.fifo) >= FIFO_DEPTH
        if not full:
            self.fifo.append(message._replace(hit=hit))
        if self.callback is None:
            return
        reason = 2 if full else 1 if len(self.fifo) == FIFO_WARNING else 0
        heap = vm.memory.heap
        heap.lock_depth += 1
        try:
            vm.call(self.callback, (self, reason))
        except Raised as raised:
            self.callback = None
            vm.write("uncaught exception in CAN(0) rx interrupt handler\n")
            print_exception(vm, raised.value)
        finally:
            heap.lock_depth -= 1

    def stop(self, vm: Machine) -> None:
        """``machine_flexcan_deinit``."""
        alarms = vm.part(Clock).alarms
        alarms[:] = [each for each in alarms if each not in self.arrivals]
        self.arrivals = []
        self.fifo.clear()
        self.enabled = False

    def _need(self, vm: Machine) -> None:
        if not self.enabled:
            vm.raise_value("CAN bus not enabled")

    @method("init", 1, None, keywords=True)
    def init(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Start it anew."""
        self.configure(vm, args, kwargs)
        return self

    @method("deinit", 1)
    def deinit(self, vm: Machine) -> Value:
        """Stop it."""
        self.stop(vm)
        return None

    @method("restart", 1)
    def restart(self, vm: Machine) -> Value:
        """Leave the state "bus off", which it is never in."""
        self._need(vm)
        return None

    @method("state", 1)
    def state(self, vm: Machine) -> Value:
        """How it is with errors: without anybody who acknowledges they add up."""
        if not self.enabled:
            return STOPPED
        self._errors(vm)
        return ERROR_ACTIVE

    def _errors(self, vm: Machine) -> None:
        if self.sending.stuck:
            raise Unknown(
                "machine.CAN.state", "how far errors have got on a bus where nobody acknowledges is not known"
            )

    @method("info", 1, 2)
    def info(self, vm: Machine, *given_list: Value) -> Value:
        """Counts of errors and of what waits to be sent and read."""
        self._need(vm)
        made = vm.new_list((None,) * INFO) if not given_list else given_list[0]
        if not isinstance(made, List):
            vm.raise_type()
        if len(made.items) < INFO:
            vm.raise_value()
        self._errors(vm)
        now = vm.part(Clock).look()
        made.items[:INFO] = [0, 0, 0, 0, 0, self.sending.waiting(now), int(bool(self.fifo)), 0]
        return made

    @method("any", 2)
    def any(self, vm: Machine, fifo: Value) -> Value:
        """Whether a message waits."""
        self._need(vm)
        if vm.int_of(fifo) != 0:
            vm.raise_value("Fifo must be 0")
        vm.part(Clock).look()
        self._loops_back()
        return bool(self.fifo)

    def _loops_back(self) -> None:
        if self.mode & LOOPBACK and self.sending.used:
            raise Unknown("machine.CAN", "what comes back in loopback is not known")

    @method("send", 1, None, keywords=True)
    def send(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Put a message into a mailbox: the one its number had before, else a free one."""
        self._need(vm)
        names = ("data", "id", "timeout", "rtr", "extframe")
        data, number, timeout, remote, extended = vm.parse_keywords(args, kwargs, names, 2, 2)
        assert not isinstance(data, Sentinel)
        number = vm.int_of(given(number, 0))
        patience = vm.int_of(given(timeout, 0)) & FOREVER
        is_remote, is_extended = vm.truth(given(remote, False)), vm.truth(given(extended, False))
        message = Message.of(number, data_of(vm, data), extended=is_extended, remote=is_remote)
        around = vm.part(Surroundings).can
        if around.acknowledged:
            vm.stand_in("machine.CAN.send()", "somebody on the bus takes every message")
        clock = vm.part(Clock)
        now = clock.look()
        free_at = self.sending.put(message, now, self.baudrate, acknowledged=around.acknowledged)
        if free_at is None:
            return None
        if patience != FOREVER and free_at > now + patience * 1000:
            clock.wait(patience * 1000)
            raise_os_error(vm, ETIMEDOUT)
        clock.wait(min(free_at, now + 1_000_000_000) - now)
        self.sending.put(message, clock.now, self.baudrate, acknowledged=around.acknowledged)
        return None

    @method("recv", 1, None, keywords=True)
    def recv(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """The first message: number, extended, remote, filter, data."""
        self._need(vm)
        fifo, into, timeout = vm.parse_keywords(args, kwargs, ("fifo", "list", "timeout"), 1, 2)
        if vm.int_of(given(fifo, 0)) != 0:
            vm.raise_type("fifo must be 0")
        self._wait(vm, vm.int_of(given(timeout, RECV_MS)) & FOREVER)
        message = self.fifo.pop(0)
        parts: tuple[Value, ...] = (message.number, message.extended, message.remote, message.hit)
        target = given(into, None)
        if target is None:
            place = vm.memory.block(sizes.TUPLE + RECEIVED * sizes.WORD)
            data = vm.new_bytes(message.data)
            made = Tuple(vm.memory, place.address, (*parts, data))
            place.address = 0
            return made
        if not isinstance(target, List):
            vm.raise_type()
        if len(target.items) < RECEIVED:
            vm.raise_value()
        view = target.items[RECEIVED - 1]
        if not isinstance(view, MemoryView):
            vm.raise_type()
        if view.code not in (BYTEARRAY_CODE, "B", "b") or not view.writable:
            vm.raise_value()
        view.count = len(message.data)
        shown = view.buffer(writable=True)
        assert shown is not None
        shown.cast("B")[:] = message.data
        target.items[: RECEIVED - 1] = parts
        return target

    def _wait(self, vm: Machine, patience: int) -> None:
        """Until a message is there."""
        clock = vm.part(Clock)
        end = clock.look() + patience * 1000
        self._loops_back()
        while not self.fifo:
            due = min((each.due for each in clock.alarms), default=end)
            if clock.now >= end or (due > end and patience != FOREVER):
                clock.wait(end - clock.now)
                vm.stand_in("machine.CAN.recv()", "no message comes unless a world file says what")
                raise_os_error(vm, ETIMEDOUT)
            clock.wait(max(due - clock.now, 1))
            vm.look_at_clock()

    @method("setfilter", 1, None, keywords=True)
    def setfilter(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Let two numbers in."""
        self._need(vm)
        names = ("bank", "mode", "fifo", "params", "rtr", "extframe")
        bank, mode, fifo, params, remote, extended = vm.parse_keywords(args, kwargs, names, 4, 4)
        at = self._bank(vm, given(bank, 0))
        wanted_mode = vm.int_of(given(mode, 0))
        if vm.int_of(given(fifo, 0)) != 0:
            vm.raise_value("fifo must be 0")
        assert not isinstance(params, Sentinel)
        numbers = vm.sequence(params)
        flags = (False, False) if isinstance(remote, Sentinel) else vm.sequence(remote)
        if wanted_mode != DUAL or len(numbers) != len(flags) or len(flags) != 2:
            vm.raise_value("CAN filter parameter error")
        is_extended = vm.truth(given(extended, False))
        pair = [vm.int_of(each) for each in numbers]
        self.filters.set(at, pair, [vm.truth(each) for each in flags], extended=is_extended)
        return None

    def _bank(self, vm: Machine, value: Value) -> int:
        at = vm.int_of(value)
        if not 0 <= at < Filters.BANKS:
            vm.raise_value("%d maximum banks", Filters.BANKS)
        return at

    @method("clearfilter", 2, None, keywords=True)
    def clearfilter(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Let them in no more."""
        self._need(vm)
        at = vm.int_of(args[0])
        vm.parse_keywords(args[1:], kwargs, ("extframe",), 0, 1)
        self.filters.clear(self._bank(vm, at))
        return None

    @method("rxcallback", 3)
    def rxcallback(self, vm: Machine, fifo: Value, callback: Value) -> Value:
        """What is called when a message comes."""
        self._need(vm)
        if vm.int_of(fifo) != 0:
            vm.raise_value("fifo must be 0")
        self.callback = callback
        return None

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """Its settings, where it is on."""
        if not self.enabled:
            out("CAN(0)")
            return
        name = ("NORMAL", "LOOPBACK", "SILENT", "SILENT_LOOPBACK")[self.mode & (LOOPBACK | SILENT)]
        out(f"CAN(0, mode=CAN.{name}, auto_restart={self.restarts}, baudrate={self.baudrate})")


def _new_can(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 1, None, keywords=True)
    bus = vm.int_of(args[0])
    if bus != 0:
        vm.raise_value("CAN(%d) doesn't exist", bus)
    own, *held = [vm.memory.block(size) for size in (OBJECT, CONFIG, FIFO_CONFIG, sizes.WORD * Filters.ENTRIES)]
    made = Can(vm.memory, own.address, tuple(held))
    own.address = 0
    made.configure(vm, args[1:], kwargs)
    return made


CAN: Final = NativeType(
    "CAN",
    Can,
    _new_can,
    constants={
        **{"NORMAL": 0, "LOOPBACK": LOOPBACK, "SILENT": SILENT, "SILENT_LOOPBACK": LOOPBACK | SILENT},
        **{"DUAL": DUAL, "LIST32": DUAL},
        **{"STOPPED": 0, "ERROR_ACTIVE": 1, "ERROR_WARNING": 2, "ERROR_PASSIVE": 3, "BUS_OFF": 4},
    },
    protocol=True,
)

__all__ = ["CAN", "Can"]
