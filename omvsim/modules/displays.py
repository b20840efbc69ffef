"""``display.SPIDisplay`` and, from 5.0.0, ``TVDisplay`` (modules/py_display.c, py_spi_display.c, py_tv.c).

Nothing tells the camera whether a display is there: what it sends goes out and takes its time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.image import formats
from omvsim.image.arguments import parsed
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types import array_, buffers
from omvsim.micropython.types.int_ import is_int
from omvsim.micropython.values import Obj, Sentinel
from omvsim.modules.shown import FLIPPED, OPTIONS, give_back, how_to_draw, reserve, send

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

OBJECT: Final = 488
"""``py_display_obj_t``: 72 bytes and ``omv_spi_t`` with NXP's handles, by their headers; not measured."""
MORE: Final = 12
"""What 5.0.0 put into the object: a state, an address and a count of the transfer."""
TV: Final = (352, 240)
REFRESH: Final = 60
RESET_US: Final = 200_000
WAKE_US: Final = 120_000
MOST_SIDE, MOST_REFRESH, MOST_CHANNEL = 32767, 120, 8
_NAMES: Final = ("width", "height", "refresh", "bgr", "byte_swap", "hmirror", "vflip", "triple_buffer")
_PARTS: Final = ("controller", "backlight")


class Display(Obj):
    """A display of the shield's bus."""

    __slots__ = ("bgr", "buffered", "buffers", "controller", "intensity", "lamp", "refresh_rate", "shape", "swaps")
    type_name: ClassVar[str] = "SPIDisplay"

    def __init__(self, vm: CameraMachine, shape: tuple[int, int], refresh: int, *, buffered: bool) -> None:
        size = OBJECT + (MORE if vm.release.television_is_display else 0)
        held = vm.memory.block(size, finaliser=True)
        super().__init__(vm.memory, held.address)
        held.address = 0
        self.shape = shape
        self.refresh_rate = refresh
        self.buffered = buffered
        self.buffers: list[int | None] = []
        self.bgr = self.swaps = False
        self.controller: Value = None
        self.lamp: Value = None
        self.intensity = 0

    def _asked(self, vm: CameraMachine, what: Value, name: str, *args: Value) -> bool:
        """Call a method of the display's controller or lamp, if it has it."""
        if what is None:
            return False
        fun, bound = vm.method_maybe(what, vm.strings.intern(name))
        if isinstance(fun, Sentinel):
            return False
        vm.call_method(fun, bound, args)
        return True

    def _takes(self, vm: CameraMachine) -> None:
        """A picture's lines at the bus's rate."""
        vm.world.pass_us(1_000_000 // self.refresh_rate)

    @method("width", 1)
    def width(self, vm: CameraMachine) -> Value:
        """Columns."""
        return self.shape[0]

    @method("height", 1)
    def height(self, vm: CameraMachine) -> Value:
        """Rows."""
        return self.shape[1]

    @method("triple_buffer", 1)
    def triple_buffer(self, vm: CameraMachine) -> Value:
        """1 or 0."""
        return int(self.buffered)

    @method("bgr", 1)
    def bgr_(self, vm: CameraMachine) -> Value:
        """1 or 0."""
        return int(self.bgr)

    @method("byte_swap", 1)
    def byte_swap(self, vm: CameraMachine) -> Value:
        """1 or 0."""
        return int(self.swaps)

    @method("framesize", 1)
    def framesize(self, vm: CameraMachine) -> Value:
        """Of displays with a standard one."""
        return 0

    @method("refresh", 1)
    def refresh(self, vm: CameraMachine) -> Value:
        """Pictures a second."""
        return self.refresh_rate

    @method("clear", 1, 2)
    def clear(self, vm: CameraMachine, off: Value = False) -> Value:
        """A black picture; nothing where the display goes off."""
        if vm.int_of(off):
            return None
        self._asked(vm, self.controller, "display_off", self)
        send(vm, self.shape, formats.RGB565, None, None, buffered=self.buffered)
        self._takes(vm)
        return None

    @method("backlight", 1, 2)
    def backlight(self, vm: CameraMachine, *intensity: Value) -> Value:
        """How bright the lamp is; a lamp of the script's own is asked first."""
        if not intensity:
            return self.intensity
        wanted = vm.int_of(intensity[0])
        if not 0 <= wanted <= 100:
            vm.raise_value("Intensity ranges between 0 (off) and 100 (full on)")
        if self.lamp is not None:
            fun, bound = vm.method(self.lamp, vm.strings.intern("backlight"))
            vm.call_method(fun, bound, intensity)
        else:
            self._lights(vm)
        self.intensity = wanted
        return None

    def _lights(self, vm: CameraMachine) -> None:
        """The shield's own pin."""

    @method("write", 2, None, keywords=True)
    def write(self, vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Show a picture."""
        given = parsed(vm, args, kwargs, ("image", *OPTIONS), 1, 1)
        source, how = how_to_draw(vm, given, given["image"])
        if how.y_scale < 0 and not self.buffered:
            vm.raise_value(FLIPPED)
        self._shows(vm, source, how)
        return None

    def _shows(self, vm: CameraMachine, source: Any, how: Any) -> None:
        self._asked(vm, self.controller, "ram_write", self)
        send(vm, self.shape, formats.RGB565, source, how, buffered=self.buffered)
        self._asked(vm, self.controller, "display_on", self)
        if not self.buffered:
            self._takes(vm)

    @method("bus_write", 1, None, keywords=True)
    def bus_write(self, vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """A command and its arguments."""
        given = parsed(vm, args, kwargs, ("cmd", "args", "dcs"), 1, 2)
        vm.int_of(given["cmd"])
        self._bytes(vm, given.get("args"))
        return None

    @staticmethod
    def _bytes(vm: CameraMachine, data: Value) -> None:
        if is_int(data):
            vm.int_of(data)
        elif data is not None:
            buffers.buffer_of(vm, data)

    @method("bus_read", 1, None, keywords=True)
    def bus_read(self, vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Refused, after the room for the answer was made: this bus only writes."""
        given = parsed(vm, args, kwargs, ("cmd", "len", "args", "dcs"), 2, 3)
        size = vm.int_of(given["len"])
        array_.bytearray_of(vm, bytes(size), vm.memory.block(size))
        vm.raise_value("Expected a display controller")
        return None

    @method("deinit", 1)
    def deinit(self, vm: CameraMachine) -> Value:
        """Give the buffers back, and let the lamp go."""
        held, self.buffers = self.buffers, []
        give_back(vm, held)
        self._asked(vm, self.lamp, "deinit")
        return None

    @method("__del__", 1)
    def delete(self, vm: CameraMachine) -> Value:
        """The same."""
        return self.deinit(vm)


class Television(Display):
    """The TV shield's (from 5.0.0)."""

    __slots__ = ("channel",)
    type_name: ClassVar[str] = "TVDisplay"

    def __init__(self, vm: CameraMachine, *, buffered: bool) -> None:
        super().__init__(vm, TV, REFRESH, buffered=buffered)
        self.channel = MOST_CHANNEL

    def _lights(self, vm: CameraMachine) -> None:
        vm.raise_value("Display does not support backlight control.")

    def _shows(self, vm: CameraMachine, source: Any, how: Any) -> None:
        send(vm, self.shape, tv_format(source, how), source, how, buffered=self.buffered)
        if not self.buffered:
            self._takes(vm)

    @method("bus_write", 1, None, keywords=True)
    def bus_write(self, vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Refused."""
        parsed(vm, args, kwargs, ("cmd", "args", "dcs"), 1, 2)
        vm.raise_value("Expected a display controller")
        return None

    @method("ioctl", 2, 3)
    def ioctl(self, vm: CameraMachine, request: Value, *value: Value) -> Value:
        """``IOCTL_CHANNEL``: sets and reads the sender's channel."""
        if vm.int_of(request) != 0:
            return None
        if not value:
            return self.channel
        self.channel = checked_channel(vm, value[0])
        return None


def checked_channel(vm: CameraMachine, value: Value) -> int:
    """A channel, 1 to 8."""
    channel = vm.int_of(value)
    if not 1 <= channel <= MOST_CHANNEL:
        vm.raise_value("Channel ranges between 1 and 8")
    return channel


def tv_format(source: Any, how: Any) -> int:
    """Colour is sent in colour."""
    colour = (how.channel == -1 and formats.is_colour(source.code)) or how.palette is not None
    return formats.RGB565 if colour else formats.GRAYSCALE


def new_spi(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``SPIDisplay(width=128, height=160, …)``."""
    given = parsed(vm, args, kwargs, (*_NAMES, *_PARTS), 0, len(_NAMES))
    width, height, refresh = (
        vm.int_of(given.get(name, default)) for name, default in (("width", 128), ("height", 160), ("refresh", 60))
    )
    for side, text in ((width, "Invalid Width!"), (height, "Invalid Height!")):
        if not 0 < side <= MOST_SIDE:
            vm.raise_value(text)
    if not 1 <= refresh <= MOST_REFRESH:
        vm.raise_value("Invalid Refresh Rate!")
    display = Display(vm, (width, height), refresh, buffered=vm.truth(given.get("triple_buffer", False)))
    display.bgr, display.swaps = (vm.truth(given.get(name, False)) for name in ("bgr", "byte_swap"))
    display.controller, display.lamp = (given.get(name) for name in _PARTS)
    vm.world.pass_us(RESET_US)
    if display.controller is None:
        vm.world.pass_us(WAKE_US)
    else:
        display._asked(vm, display.controller, "init", display)
    if display.buffered:
        display.buffers = reserve(vm, PIXELS * width * height)
    return display


PIXELS: Final = 2
SPI: Final = NativeType("SPIDisplay", Display, new_spi)  # type: ignore[arg-type]  # it is called with the camera's machine


def new_television(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``TVDisplay(triple_buffer=False)``."""
    given = parsed(vm, args, kwargs, ("triple_buffer",))
    made = Television(vm, buffered=vm.truth(given.get("triple_buffer", False)))
    if made.buffered:
        made.buffers = reserve(vm, PIXELS * TV[0] * TV[1])
    return made


TELEVISION: Final = NativeType("TVDisplay", Television, new_television)  # type: ignore[arg-type]  # likewise

__all__ = ["REFRESH", "SPI", "TELEVISION", "TV", "checked_channel", "tv_format"]
