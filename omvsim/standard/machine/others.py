"""``machine.Signal``, ``SDCard`` and the memory objects (extmod/machine_signal.c, machine_mem.c, machine_sdcard.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NoReturn

from omvsim.micropython.errors import Unknown
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.values import Obj, Sentinel
from omvsim.standard.arguments import parse_ints
from omvsim.standard.machine.pin import PIN, Pin
from omvsim.world.unknown import unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out, PrintKind, Value

SIGNAL_OBJECT: Final = 12
"""``machine_signal_t``."""


class Signal(Obj):
    """A pin, perhaps the other way round."""

    __slots__ = ("invert", "pin")
    type_name: ClassVar[str] = "Signal"

    def __init__(self, memory: Memory, address: int, pin: Pin | Signal, *, invert: bool) -> None:
        super().__init__(memory, address)
        self.pin = pin
        self.invert = invert

    def read(self, vm: Machine) -> int:
        """Its level."""
        return self.pin.read(vm) ^ self.invert

    def write(self, vm: Machine, level: int) -> None:
        """Set its level."""
        if isinstance(self.pin, Signal):
            self.pin.write(vm, level ^ self.invert)
        else:
            self.pin.state(vm).level = level ^ self.invert

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value | Sentinel:
        """Its level, or set it."""
        vm.check_args(len(args), len(kwargs), 0, 1, keywords=False)
        if not args:
            return self.read(vm)
        self.write(vm, int(vm.truth(args[0])))
        return None

    @method("value", 1, 2)
    def value(self, vm: Machine, *level: Value) -> Value:
        """As the call."""
        return self.call(vm, level, ())  # type: ignore[return-value]  # never UNSUPPORTED

    @method("on", 1)
    def on(self, vm: Machine) -> Value:
        """Active."""
        self.write(vm, 1)
        return None

    @method("off", 1)
    def off(self, vm: Machine) -> Value:
        """Not active."""
        self.write(vm, 0)
        return None


def _new_signal(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """A pin-like object and ``invert``, or what makes a pin and ``invert``."""
    invert = False
    first = args[0] if args else None
    if isinstance(first, Pin | Signal):
        given = dict(kwargs)
        if len(args) != 1 or set(given) - {"invert"} or len(kwargs) > 1:
            vm.raise_type()
        invert = vm.truth(given["invert"]) if given else False
        pin: Value = first
    else:
        rest: list[tuple[str, Value]] = []
        for name, value in kwargs:
            if name == "invert":
                invert = vm.truth(value)
            else:
                rest.append((name, value))
        if invert:
            rest = [(name, int(not vm.truth(value)) if name == "value" else value) for name, value in rest]
        pin = vm.call(PIN, args, rest)
    assert isinstance(pin, Pin | Signal)
    return Signal(vm.memory, vm.memory.alloc(SIGNAL_OBJECT), pin, invert=invert)


class MemoryView(Obj):
    """``machine.mem32`` and its like: what is at an address of the camera nobody knows here."""

    __slots__ = ("bits",)
    type_name: ClassVar[str] = "mem"

    def __init__(self, bits: int) -> None:
        self.address = 0
        self.bits = bits

    def subscr(self, vm: Machine, index: Value) -> Value | Sentinel:
        self._end()

    def set_subscr(self, vm: Machine, index: Value, value: Value | Sentinel) -> bool:
        self._end()

    def _end(self) -> NoReturn:
        raise Unknown(f"machine.mem{self.bits}[]", "registers and memory by address are not modelled")

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """Its width."""
        out(f"<{self.bits}-bit memory>")


MEM: Final = NativeType("mem", MemoryView)


class SdCard(Obj):
    """The slot, in ROM, with a card in it."""

    __slots__ = ()
    type_name: ClassVar[str] = "SDCard"

    def __init__(self) -> None:
        self.address = 0

    @method("init", 1, None, keywords=True)
    def init(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """It is."""
        return None

    @method("deinit", 1)
    def deinit(self, vm: Machine) -> Value:
        """Nobody notices."""
        return None

    @method("present", 1)
    def present(self, vm: Machine) -> Value:
        """There is one."""
        return True


THE_CARD: Final = SdCard()


def _new_card(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    found = parse_ints(vm, args, kwargs, {"id": 1})
    if found["id"] != 1:
        vm.raise_value("SDCard(%d) doesn't exist", found["id"])
    return THE_CARD


_BLOCKS: Final = ("info", "readblocks", "writeblocks", "ioctl")
SIGNAL: Final = NativeType("Signal", Signal, _new_signal, protocol=True)
SD_CARD: Final = NativeType(
    "SDCard", SdCard, _new_card, constants={name: unknown(f"machine.SDCard.{name}") for name in _BLOCKS}
)
MEMORIES: Final[dict[str, Value]] = {f"mem{bits}": MemoryView(bits) for bits in (8, 16, 32)}

__all__ = ["MEMORIES", "SD_CARD", "SIGNAL", "Signal"]
