"""``gif.Gif``: pictures into an animated GIF, not compressed (modules/py_gif.c, lib/imlib/gif.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from omvsim.image import formats, streams
from omvsim.image.arguments import mutable, os_error, parsed
from omvsim.later import np
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeFunction, NativeType, method
from omvsim.micropython.values import Obj, PrintKind
from omvsim.world.camera_names import built

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.image.value import Image
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Out, Value
    from omvsim.standard.vfs.files import FileIO
    from omvsim.world.world import CameraMachine

FIELDS: Final = 14
"""``py_gif_obj_t`` in front of its file: type, width, height, two flags."""
BLOCK: Final = 126
"""Pixels of a block: behind a clear code, so few that no code ever grows beyond 8 bits."""
CLEAR: Final = 0x80
COLOURS: Final = 128
DELAY: Final = 10
"""Hundredths of a second."""
_LOOP: Final = b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
_END: Final = b"\x01\x81\x00"


class Gif(Obj):
    """``gif.Gif``: its file is open from the start."""

    __slots__ = ("colour", "file", "height", "loops", "width")
    type_name: ClassVar[str] = "Gif"

    def __init__(self, vm: CameraMachine, address: int, shape: tuple[int, int], *, colour: bool, loops: bool) -> None:
        super().__init__(vm.memory, address)
        self.width, self.height = shape
        self.colour, self.loops = colour, loops
        self.file: FileIO | None = None

    def print(self, vm: CameraMachine, out: Out, kind: PrintKind) -> None:  # type: ignore[override]  # a camera's
        out(f"<gif width:{self.width} height:{self.height} color:{int(self.colour)} loop:{int(self.loops)}>")

    @method("width", 1)
    def width_(self, vm: CameraMachine) -> Value:
        """Columns."""
        return self.width

    @method("height", 1)
    def height_(self, vm: CameraMachine) -> Value:
        """Rows."""
        return self.height

    @method("format", 1)
    def format(self, vm: CameraMachine) -> Value:
        """``RGB565`` or ``GRAYSCALE``."""
        return formats.RGB565 if self.colour else formats.GRAYSCALE

    @method("size", 1)
    def size(self, vm: CameraMachine) -> Value:
        """Bytes of the file so far."""
        assert self.file is not None
        return streams.size_of(vm, self.file)

    @method("loop", 1)
    def loop(self, vm: CameraMachine) -> Value:
        """1 or 0."""
        return int(self.loops)

    @method("add_frame", 2, None, keywords=True)
    def add_frame(self, vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Append a picture of the same size."""
        image = mutable(vm, args[0])
        delay = vm.int_of(parsed(vm, args[1:], kwargs, ("delay",)).get("delay", DELAY))
        if (self.width, self.height) != (image.width, image.height):
            os_error(vm, "Unexpected image geometry")
        if image.code == formats.BINARY:
            os_error(vm, "Image format is not supported")
        assert self.file is not None
        if self.file.files is not None:  # a closed one is written by nobody
            streams.buffered(vm)
            self.file.push(vm, _frame(image, delay & 0xFFFF))
        return None

    @method("close", 1)
    def close(self, vm: CameraMachine) -> Value:
        """End the file; a second time nothing is left to do."""
        if self.file is not None and self.file.files is not None:
            self.file.push(vm, b";")
            self.file.shut(vm)
        return None

    @method("__del__", 1)
    def delete(self, vm: CameraMachine) -> Value:
        """The same."""
        return self.close(vm)


def _short(*numbers: int) -> bytes:
    return b"".join((number & 0xFFFF).to_bytes(2, "little") for number in numbers)


def _head(gif: Gif) -> bytes:
    """``gif_open``: the header with a table of 128 colours."""
    numbers = np.arange(COLOURS)
    if gif.colour:
        parts = ((numbers & 0x60) >> 5, 3, 1.5), ((numbers & 0x1C) >> 2, 7, 3.5), (numbers & 3, 3, 1.5)
    else:
        parts = ((numbers, 127, 63.5),) * 3
    table = np.stack([((part * 255 + half) / most).astype(np.uint8) for part, most, half in parts], axis=1)
    head = b"GIF89a" + _short(gif.width, gif.height) + b"\xf6\x00\x00" + table.tobytes()
    return head + _LOOP if gif.loops else head


def _frame(image: Image, delay: int) -> bytes:
    """``gif_add_frame``."""
    head = b"!\xf9\x04\x04" + _short(delay, 0) if delay else b""
    head += b"\x2c" + bytes(4) + _short(image.width, image.height) + b"\x00\x07"
    codes = _codes(image).tobytes()
    blocks = [codes[at : at + BLOCK] for at in range(0, len(codes), BLOCK)]
    return head + b"".join(bytes((1 + len(block), CLEAR)) + block for block in blocks) + _END


def _codes(image: Image) -> Any:
    """A colour of the table for each pixel, 7 bits; none for pixels of four bytes."""
    if image.code == formats.GRAYSCALE:
        return image.rows() >> 1
    if image.code != formats.RGB565:
        return np.zeros(0, np.uint8)
    words = image.rows().astype(np.int32)
    red, green, blue = words >> 11 & 31, words >> 5 & 63, words & 31
    return (red >> 3 << 5 | green >> 3 << 2 | blue >> 3).astype(np.uint8)


def _open(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``Gif(path, width=…, height=…, color=…, loop=True)``: what is not given is the frame buffer's."""
    path = vm.str_of(args[0])
    given = parsed(vm, args[1:], kwargs, ("width", "height", "color", "loop"))
    width, height, colour = (vm.int_of(given.get(name, -1)) for name in ("width", "height", "color"))
    loops = bool(vm.int_of(given.get("loop", True)))
    held = vm.memory.block(streams.handle_size(vm, FIELDS), finaliser=True)
    shape = streams.shape_of(vm, width, height)
    is_colour = streams.depth_of(vm) >= 2 if colour == -1 else bool(colour)
    gif = Gif(vm, held.address, shape, colour=is_colour, loops=loops)
    held.address = 0
    gif.file = streams.create(vm, path)
    streams.buffered(vm)
    gif.file.push(vm, _head(gif))
    return gif


NativeType("Gif", Gif)


def module(vm: CameraMachine) -> NativeModule:
    """``gif``."""
    known: dict[str, Value] = {"Gif": NativeFunction(_open, "Gif", 1, None, keywords=True, is_method=False)}
    return NativeModule("gif", built(vm, "gif", known if vm.release.writes_video else {}))


__all__ = ["Gif", "module"]
