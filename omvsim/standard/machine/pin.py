"""``machine.Pin`` and its interrupts (ports/mimxrt/machine_pin.c, pin.c): the pins themselves are in ROM."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.micropython.errors import ScriptOver, Unknown
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.values import Obj, PrintKind, Sentinel
from omvsim.records import dataclass
from omvsim.standard.arguments import given
from omvsim.standard.machine.irq import Irq
from omvsim.standard.machine.pads import BOARD, PADS
from omvsim.world.clock import Clock
from omvsim.world.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out, Value

IRQ_OBJECT: Final = 28
"""``machine_pin_irq_obj_t``: mp_irq_obj_t (20) with flags and trigger."""
IN, OUT, OPEN_DRAIN, ALT = range(4)
PULL_DISABLED: Final = 4
PULL_UPS: Final = frozenset((1, 2, 3))
"""47, 100 and 22 kilo-ohm to the supply (ports/mimxrt/machine_pin.c, PIN_PULL_UP_…); 0 is 100 kilo-ohm to ground."""
DRIVE_3: Final = 4
CONSTANTS: Final[dict[str, Value]] = {
    "IN": IN,
    "OUT": OUT,
    "OPEN_DRAIN": OPEN_DRAIN,
    "PULL_UP": 2,
    "PULL_UP_47K": 1,
    "PULL_UP_22K": 3,
    "PULL_DOWN": 0,
    "PULL_HOLD": 5,
    "DRIVE_OFF": 0,
    **{f"DRIVE_{at}": at + 1 for at in range(7)},
    "IRQ_RISING": 1,
    "IRQ_FALLING": 2,
}


@dataclass(slots=True)
class PinState:
    """Direction, level, handler, and how often it was read."""

    mode: int = IN
    level: int = 0
    pull: int = PULL_DISABLED
    irq: Irq | None = None
    readings: int = 0


class PinStates(dict[str, PinState]):
    """Those of one machine, by the pin's name."""


MOST_POLLS: Final = 100_000
"""Readings of a level that cannot change any more, with nothing asked for in between, until a script waits for ever."""


class Polls:
    """Counts readings of pins between which no time passed and the heap stayed as it was: nothing else can happen."""

    def __init__(self) -> None:
        self.count = 0
        self.last = (0, 0)

    def read(self, vm: Machine, *, settled: bool) -> None:
        """Another reading.

        Raises:
            ScriptOver: a loop reads what stays as it is.
        """
        clock = vm.part(Clock)
        clock.told()
        now = clock.now, vm.memory.heap.used
        self.count = self.count + 1 if settled and now == self.last and not clock.alarms else 0
        self.last = now
        if self.count >= MOST_POLLS:
            raise ScriptOver("a loop reads pins for ever that do not change (a world file says what they do)")


class Pin(Obj):
    """One pin, in ROM. ``name`` is the board's name where it was looked up by that, else the pad's."""

    __slots__ = ("name", "pad")
    type_name: ClassVar[str] = "Pin"

    def __init__(self, name: str, pad: str) -> None:
        self.address = 0
        self.name = name
        self.pad = pad

    def state(self, vm: Machine) -> PinState:
        """How it stands on a machine."""
        return vm.part(PinStates).setdefault(self.name, PinState())

    def read(self, vm: Machine) -> int:
        """What the pin shows: an output its level, an input what the surroundings say, else high if it is pulled up."""
        levels = vm.part(Surroundings).pins.get(self.name) or vm.part(Surroundings).pins.get(self.pad)
        state = self.state(vm)
        if state.mode == OUT or (state.mode == OPEN_DRAIN and not state.level):
            return state.level
        vm.part(Polls).read(vm, settled=not levels or state.readings >= len(levels))
        if not levels:
            level = 1 if state.pull in PULL_UPS else 0
            why = "high: it is pulled up and nothing is connected" if level else "low: nothing is connected to it"
            vm.stand_in(f"machine.Pin({self.name!r}) as an input", why)
            return level
        state.readings += 1
        return 1 if levels[min(state.readings, len(levels)) - 1] else 0

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value | Sentinel:
        """Its level, or set it."""
        vm.check_args(len(args), len(kwargs), 0, 1, keywords=False)
        if not args:
            return self.read(vm)
        self.state(vm).level = 1 if vm.truth(args[0]) else 0
        return None

    def init_pin(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> None:
        """``machine_pin_obj_init_helper``."""
        mode, pull, value, drive = vm.parse_keywords(args, kwargs, ("mode", "pull", "value", "drive"), 1, 2)
        assert not isinstance(mode, Sentinel)
        number = vm.int_of(mode)
        strength = vm.int_of(given(drive, DRIVE_3))
        if not IN <= number <= ALT:
            vm.raise_value("invalid pin mode: %d", number)
        if number == ALT:
            return
        level = 1 if not isinstance(value, Sentinel) and vm.truth(value) else 0
        pulled = PULL_DISABLED if given(pull, None) is None else vm.int_of(given(pull, None)) & 255
        if number != IN and not 0 <= strength <= DRIVE_3 + 3:
            vm.raise_value("invalid drive strength: %d", strength)
        state = self.state(vm)
        state.mode, state.level, state.pull = number, level, pulled

    @method("init", 1, None, keywords=True)
    def init(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Configure it."""
        self.init_pin(vm, args, kwargs)
        return None

    @method("value", 1, 2)
    def value(self, vm: Machine, *level: Value) -> Value:
        """As the call."""
        return self.call(vm, level, ())  # type: ignore[return-value]  # never UNSUPPORTED

    @method("on", 1)
    def on(self, vm: Machine) -> Value:
        """High."""
        self.state(vm).level = 1
        return None

    @method("off", 1)
    def off(self, vm: Machine) -> Value:
        """Low."""
        self.state(vm).level = 0
        return None

    @method("toggle", 1)
    def toggle(self, vm: Machine) -> Value:
        """The other level."""
        state = self.state(vm)
        state.level = 1 - state.level
        return None

    @method("irq", 1, None, keywords=True)
    def irq_(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Set or remove the handler; the object is made once."""
        handler, trigger, hard = vm.parse_keywords(args, kwargs, ("handler", "trigger", "hard"), 0, 3)
        edges = vm.int_of(given(trigger, 3))
        is_hard = vm.truth(given(hard, False))
        state = self.state(vm)
        if given(handler, None) is None:
            state.irq = None
            return None
        if state.irq is None:
            state.irq = Irq(vm.memory, vm.memory.alloc(IRQ_OBJECT), self, PinSource())
        state.irq.handler = given(handler, None)
        state.irq.hard = is_hard
        if not 0 <= edges <= 3:
            vm.raise_value("IRQ mode not supported")
        state.irq.source.set_trigger(vm, edges)
        vm.stand_in("machine.Pin.irq()", "no edge ever comes, so no handler is called")
        return state.irq

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """``Pin(pad)``."""
        if not self.pad:
            raise Unknown(f"print(Pin({self.name!r}))", "which pad that pin stands on is not known")
        for piece in ("Pin(", self.pad, ")"):
            out(piece)


class PinSource:
    """Edges of a pin: none ever comes."""

    def __init__(self) -> None:
        self.edges = 0

    def triggers(self, vm: Machine) -> int:
        """Which edges."""
        return self.edges

    def set_trigger(self, vm: Machine, trigger: int) -> None:
        """Other edges."""
        self.edges = trigger


_PADS: Final = {pad: Pin(pad, pad) for pad in PADS} | {pad: Pin(name, pad) for name, pad in BOARD.items() if pad}
_BOARD: Final = {name: _PADS[pad] if pad else Pin(name, "") for name, pad in BOARD.items()}


def find_pin(vm: Machine, which: Value) -> Pin:
    """``pin_find``: a pin, or the one of that name."""
    if isinstance(which, Pin):
        return which
    name = which if isinstance(which, str) else vm.str_of(which) if _is_text(which) else ""
    found = _BOARD.get(name) or _PADS.get(name)
    if found is None:
        vm.raise_value("Pin doesn't exist")
    return found


def _is_text(value: Value) -> bool:
    return isinstance(value, Obj) and value.type_name == "str"


def _new_pin(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 1, None, keywords=True)
    pin = find_pin(vm, args[0])
    if len(args) > 1 or kwargs:
        pin.init_pin(vm, args[1:], kwargs)
    return pin


class _BoardPins(Obj):
    """Nothing is of the type ``Pin.board``: its members are pins."""

    __slots__ = ()


class _CpuPins(Obj):
    """Nor of ``Pin.cpu``."""

    __slots__ = ()


PIN: Final = NativeType(
    "Pin",
    Pin,
    _new_pin,
    constants={
        **CONSTANTS,
        "board": NativeType("board", _BoardPins, constants=dict(_BOARD)),
        "cpu": NativeType("cpu", _CpuPins, constants=dict(_PADS)),
    },
    protocol=True,
)
PIN.locals |= {"low": PIN.locals["off"], "high": PIN.locals["on"]}

__all__ = ["IN", "OUT", "PIN", "Pin", "find_pin"]
