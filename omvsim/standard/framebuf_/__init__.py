"""``framebuf`` (extmod/modframebuf.c): a frame buffer asks for its object; drawing asks for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory.strings import encode
from omvsim.micropython.classes import Instance
from omvsim.micropython.errors import Unknown
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeType, function, method
from omvsim.micropython.types import buffers
from omvsim.micropython.types.memoryview_ import source_of
from omvsim.micropython.types.sequences import sequence
from omvsim.micropython.values import Obj
from omvsim.standard.framebuf_ import shapes
from omvsim.standard.framebuf_.surface import Surface, surface, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Block, Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Value

OBJECT: Final = 20
"""``mp_obj_framebuf_t``: type, buffer object, its bytes, three lengths of 16 bits, the format."""
CONSTANTS: Final = {
    **{"MVLSB": 0, "MONO_VLSB": 0, "RGB565": 1, "GS2_HMSB": 5, "GS4_HMSB": 2, "GS8": 6},
    **{"MONO_HLSB": 3, "MONO_HMSB": 4},
}
GLYPH: Final = 8
"""A character's columns and rows."""


class FrameBuffer(Obj):
    """Pixels in the bytes of ``shape.source``, which it keeps."""

    __slots__ = ("shape",)
    type_name: ClassVar[str] = "FrameBuffer"

    def __init__(self, memory: Memory, address: int, shape: Surface) -> None:
        super().__init__(memory, address)
        self.shape = shape

    def buffer(self, *, writable: bool = False) -> memoryview | None:
        """The bytes it was made of."""
        return buffers.buffer_maybe(self.shape.source, writable=writable)

    def buffer_code(self) -> str:
        """Typecode of those."""
        return buffers.code_of(self.shape.source)

    def holder(self) -> tuple[bytes | bytearray | memoryview, Block | None, int]:
        """For views: whoever has its source's bytes."""
        return source_of(self.shape.source)

    @method("fill", 2)
    def fill(self, vm: Machine, color: Value) -> Value:
        """All of it."""
        value = vm.int_of(color)
        self.shape.canvas(vm).block(0, 0, self.shape.width, self.shape.height, value)
        return None

    @method("fill_rect", 6)
    def fill_rect(self, vm: Machine, *args: Value) -> Value:
        """x, y, w, h, c."""
        x, y, width, height, color = map(vm.int_of, args)
        self.shape.canvas(vm).block(x, y, width, height, color)
        return None

    @method("pixel", 3, 4)
    def pixel(self, vm: Machine, x: Value, y: Value, *color: Value) -> Value:
        """Read or write one; None outside."""
        column, row = vm.int_of(x), vm.int_of(y)
        if not (0 <= column < self.shape.width and 0 <= row < self.shape.height):
            return None
        if not color:
            return self.shape.canvas(vm).get(column, row)
        value = vm.int_of(color[0])
        self.shape.canvas(vm).set(column, row, value)
        return None

    @method("hline", 5)
    def hline(self, vm: Machine, *args: Value) -> Value:
        """x, y, w, c."""
        x, y, width, color = map(vm.int_of, args)
        self.shape.canvas(vm).block(x, y, width, 1, color)
        return None

    @method("vline", 5)
    def vline(self, vm: Machine, *args: Value) -> Value:
        """x, y, h, c."""
        x, y, height, color = map(vm.int_of, args)
        self.shape.canvas(vm).block(x, y, 1, height, color)
        return None

    @method("rect", 6, 7)
    def rect(self, vm: Machine, *args: Value) -> Value:
        """x, y, w, h, c[, f]: four lines, or filled."""
        x, y, width, height, color = map(vm.int_of, args[:5])
        fill = vm.truth(args[5]) if args[5:] else False
        canvas = self.shape.canvas(vm)
        if fill:
            canvas.block(x, y, width, height, color)
            return None
        right, bottom = word(x + width - 1), word(y + height - 1)
        canvas.block(x, y, width, 1, color)
        canvas.block(x, bottom, width, 1, color)
        canvas.block(x, y, 1, height, color)
        canvas.block(right, y, 1, height, color)
        return None

    @method("line", 6)
    def line(self, vm: Machine, *args: Value) -> Value:
        """x1, y1, x2, y2, c."""
        x1, y1, x2, y2, color = map(vm.int_of, args)
        shapes.line(self.shape.canvas(vm), (x1, y1), (x2, y2), color)
        return None

    @method("ellipse", 6, 8)
    def ellipse(self, vm: Machine, *args: Value) -> Value:
        """x, y, xr, yr, c[, f[, m]]."""
        x, y, x_radius, y_radius, color = map(vm.int_of, args[:5])
        fill = vm.truth(args[5]) if args[5:] else False
        mask = vm.int_of(args[6]) & shapes.ALL if args[6:] else shapes.ALL
        shapes.ellipse(self.shape.canvas(vm), (x, y), x_radius, y_radius, color, mask, fill=fill)
        return None

    @method("poly", 5, 6)
    def poly(self, vm: Machine, x: Value, y: Value, corners: Value, color: Value, *fill: Value) -> Value:
        """x, y, coords, c[, f]."""
        column, row = vm.int_of(x), vm.int_of(y)
        polygon = shapes.Polygon(vm, corners)
        if polygon.corners:
            value = vm.int_of(color)
            draw = polygon.fill if fill and vm.truth(fill[0]) else polygon.outline
            draw(self.shape.canvas(vm), column, row, value)
        return None

    @method("blit", 4, 6)
    def blit(self, vm: Machine, source: Value, x: Value, y: Value, *more: Value) -> Value:
        """fbuf, x, y[, key[, palette]]: pixel by pixel, from the top left, even onto itself."""
        shown = _readable(vm, source)
        left, top = vm.int_of(x), vm.int_of(y)
        key = vm.int_of(more[0]) & 0xFFFFFFFF if more else 0xFFFFFFFF
        palette = _readable(vm, more[1]).canvas(vm) if more[1:] and more[1] is not None else None
        origin, target = shown.canvas(vm), self.shape.canvas(vm)
        for row in range(max(top, 0), min(target.height, top + shown.height)):
            for column in range(max(left, 0), min(target.width, left + shown.width)):
                target.look()
                color = origin.get(column - left, row - top)
                if palette is not None:
                    color = palette.get(color, 0)
                if color != key:
                    target.set(column, row, color)
        return None

    @method("scroll", 3)
    def scroll(self, vm: Machine, x_step: Value, y_step: Value) -> Value:
        """What is not moved onto stays as it was."""
        right, down = vm.int_of(x_step), vm.int_of(y_step)
        canvas = self.shape.canvas(vm)
        columns = range(max(right, 0), canvas.width + min(right, 0))
        rows = range(max(down, 0), canvas.height + min(down, 0))
        for row in rows if down < 0 else reversed(rows):
            for column in columns if right < 0 else reversed(columns):
                canvas.look()
                canvas.set(column, row, canvas.get(column - right, row - down))
        return None

    @method("text", 4, 5)
    def text(self, vm: Machine, text: Value, x: Value, y: Value, *color: Value) -> Value:
        """The font's pixels are not modelled: known where nothing of it is inside."""
        shown = encode(vm.str_of(text)).partition(b"\0")[0]
        left, top = vm.int_of(x), vm.int_of(y)
        for value in color:
            vm.int_of(value)
        rows = -GLYPH < top < self.shape.height
        for at, character in enumerate(shown):
            if rows and character != ord(" ") and -GLYPH < left + GLYPH * at < self.shape.width:
                raise Unknown("framebuf.FrameBuffer.text", "the pixels of the font")
        return None


def _make_new(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 4, 5, keywords=False)
    shape = surface(vm, args, writable=True)
    return FrameBuffer(vm.memory, vm.memory.alloc(OBJECT), shape)


def _readable(vm: Machine, value: Value) -> Surface:
    """A frame buffer, or a tuple or list of what makes one."""
    own = value.native if isinstance(value, Instance) else value
    if isinstance(own, FrameBuffer):
        return own.shape
    items = sequence(vm, value)
    if not 4 <= len(items) <= 5:
        vm.raise_value(None)
    return surface(vm, items, writable=False)


FRAME_BUFFER: Final = NativeType("FrameBuffer", FrameBuffer, _make_new)


@function("FrameBuffer1", 3, 4)
def _frame_buffer_1(vm: Machine, source: Value, width: Value, height: Value, *stride: Value) -> Value:
    """The old class: vertical monochrome."""
    return _make_new(vm, (source, width, height, CONSTANTS["MVLSB"], stride[0] if stride else width), ())


def module(vm: Machine) -> NativeModule:
    """``framebuf``."""
    return NativeModule("framebuf", {"FrameBuffer": FRAME_BUFFER, "FrameBuffer1": _frame_buffer_1, **CONSTANTS})


__all__ = ["module"]
