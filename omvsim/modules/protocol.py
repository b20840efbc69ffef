"""``protocol`` in ROM (5.0.0, modules/py_protocol.c, protocol/omv_protocol.c): channels of the host protocol.

No host is connected. A transport of the script's own is asked whether one is (``is_active``) whenever the firmware
asks, every ``poll_ms`` too; what follows when it says so is not modelled.

What a script imports by this name is the frozen package around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.image.arguments import parsed
from omvsim.micropython.errors import Error, Raised, Unknown
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeType, function, method
from omvsim.micropython.values import NULL, Obj, PrintKind, Sentinel
from omvsim.world.clock import Alarm, Clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Block
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Out, Value
    from omvsim.world.world import CameraMachine

CHANNEL: Final = 88
"""``omv_protocol_channel_t``."""
HANDLE: Final = 8
MOST_CHANNELS: Final = 32
OWN: Final = 4
"""The firmware's own channels after boot: the transport, three of data; the profiler's is not built in."""
NAME_BYTES: Final = 13
READ, WRITE, LOCK, PHYSICAL = 1, 2, 8, 64
TRANSPORT_ID: Final = 0
TRANSPORT: Final = ("read", "write", "size", "is_active")
PAYLOAD: Final = (50, 4082)
LEAST_LOCK_MS: Final = 10
POLL_MS: Final = 50
"""``OMV_PROTOCOL_DEF_POLL_MS``: how often the firmware's own timer looks after boot."""


class Channels:
    """Those of a machine, by number: the objects live as long as they are registered."""

    def __init__(self) -> None:
        self.made: dict[int, Channel] = {}
        self.transport: Value | Sentinel = NULL
        """What the script's own transport has behind it."""
        self.events = True
        self.timer: Alarm | None = None
        self.since, self.every_ms = 0, POLL_MS

    def poll_anew(self, vm: CameraMachine, every_ms: int) -> None:
        """``omv_protocol_init``: the timer starts again; without a time the one of before goes on."""
        self.made.clear()
        self.transport = NULL
        self._stop(vm)
        if every_ms > 0:
            self.since, self.every_ms = vm.part(Clock).now, every_ms

    def _stop(self, vm: CameraMachine) -> None:
        alarms = vm.part(Clock).alarms
        if self.timer in alarms:
            alarms.remove(self.timer)

    def carry(self, vm: CameraMachine) -> None:
        """A transport of the script's own is there: the timer's looks reach the script."""
        self._stop(vm)
        clock, period = vm.part(Clock), self.every_ms * 1000
        passed = clock.now - self.since
        self.timer = Alarm(clock.now + period - passed % period, lambda: self._poll(vm, period))
        clock.alarms.append(self.timer)

    def _poll(self, vm: CameraMachine, period: int) -> int:
        assert self.timer is not None
        self.active(vm)
        return self.timer.due + period

    def active(self, vm: CameraMachine) -> bool:
        """``omv_protocol_is_active``: a host on the script's own transport ends the run as not known."""
        if isinstance(self.transport, Sentinel):
            return False
        answer = _ask(vm, self.transport, "is_active")
        if not isinstance(answer, Sentinel) and vm.truth(answer):
            raise Unknown("protocol.register", "a host that talks over a transport of the script's own is not modelled")
        return False


class Channel(Obj):
    """``ProtocolChannel``."""

    __slots__ = ("backend", "name", "struct")
    type_name: ClassVar[str] = "ProtocolChannel"

    def __init__(self, vm: CameraMachine, struct: Block, backend: Value, name: str) -> None:
        held = vm.memory.block(HANDLE, finaliser=True)
        super().__init__(vm.memory, held.address)
        held.address = 0
        self.struct, self.backend, self.name = struct, backend, name

    def print(self, vm: CameraMachine, out: Out, kind: PrintKind) -> None:  # type: ignore[override]  # a camera's
        out(f"<ProtocolChannel: {self.name}>")

    @method("send_event", 2, None, keywords=True)
    def send_event(self, vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Refused: nobody listens."""
        given = parsed(vm, args, kwargs, ("event", "wait_ack"), 1, 2)
        vm.int_of(given["event"])
        channels = vm.part(Channels)
        if channels.events:
            channels.active(vm)
        vm.world.note("protocol: no host is connected, so events cannot be sent")
        vm.error(Error.RUNTIME, "Failed to send channel event")
        return None

    @method("__del__", 1)
    def delete(self, vm: CameraMachine) -> Value:
        """Nothing to do."""
        return None


CHANNEL_TYPE: Final = NativeType("ProtocolChannel", Channel)


@function("is_active", 0)
def _is_active(vm: CameraMachine) -> Value:
    return vm.part(Channels).active(vm)


_SETTINGS: Final = {
    **dict.fromkeys(("crc", "seq", "ack", "events"), True),
    "max_payload": PAYLOAD[1],
    "rtx_retries": 3,
    "rtx_timeout_ms": 500,
    "lock_interval_ms": LEAST_LOCK_MS,
    "poll_ms": 0,
}


@function("init", 0, None, keywords=True)
def _init(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Everything anew; channels of before are forgotten."""
    given = parsed(vm, args, kwargs, tuple(_SETTINGS), 0, len(_SETTINGS))
    found = {name: vm.int_of(given.get(name, default)) for name, default in _SETTINGS.items()}
    if not PAYLOAD[0] <= found["max_payload"] <= PAYLOAD[1] or found["lock_interval_ms"] < LEAST_LOCK_MS:
        vm.error(Error.RUNTIME, "Failed to initialize protocol")
    channels = vm.part(Channels)
    channels.events = found["events"] != 0
    channels.poll_anew(vm, found["poll_ms"])
    return None


@function("register", 0, None, keywords=True)
def _register(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """A channel with a backend of the script's: its ``init`` is called, whatever it raises is a failure."""
    given = parsed(vm, args, kwargs, ("name", "flags", "backend"), 0, 3)
    for name in ("name", "backend"):
        if name not in given:
            vm.error(Error.TYPE, "'%q' argument required", name)
    backend, name = given["backend"], vm.str_of(given["name"])
    flags = vm.int_of(given.get("flags", 0))
    struct = vm.memory.block(CHANNEL)
    channels = vm.part(Channels)
    free = (each for each in range(OWN, MOST_CHANNELS) if each not in channels.made)
    carries = flags & PHYSICAL and all(_has(vm, backend, each) for each in TRANSPORT)
    number = TRANSPORT_ID if carries else next(free, None)
    if number is None:
        raise Unknown("protocol.register", "more channels than there is room for")
    if _has(vm, backend, "init") and _ask(vm, backend, "init") is NULL:
        vm.error(Error.RUNTIME, "Failed to register protocol channel")
    if carries:
        channels.transport = backend
        channels.carry(vm)
    if channels.events:
        channels.active(vm)
    made = channels.made[number] = Channel(vm, struct, backend, name[:NAME_BYTES])
    return made


def _has(vm: CameraMachine, backend: Value, name: str) -> bool:
    return vm.method_maybe(backend, vm.strings.intern(name))[0] is not NULL


def _ask(vm: CameraMachine, backend: Value, name: str) -> Value | Sentinel:
    """``py_channel_call``: what a method without arguments gives, NULL where it raises; nothing is printed."""
    fun, bound = vm.method(backend, vm.strings.intern(name))
    try:
        return vm.call_method(fun, bound)
    except Raised:
        return NULL


def module(vm: CameraMachine) -> NativeModule:
    """``protocol`` (``uprotocol``)."""
    numbers: dict[str, Value] = {f"CHANNEL_FLAG_{name}": bit for name, bit in _FLAGS}
    numbers |= {f"CHANNEL_ID_{name}": number for number, name in enumerate(_IDS)}
    return NativeModule("protocol", numbers | {each.name: each for each in (_init, _is_active, _register)})


_FLAGS: Final = (("READ", READ), ("WRITE", WRITE), ("LOCK", LOCK), ("PHYSICAL", PHYSICAL))
_IDS: Final = ("TRANSPORT", "STDIN", "STDOUT", "STREAM", "PROFILE")

__all__ = ["Channel", "Channels", "module"]
