"""``mjpeg.Mjpeg``: pictures into an AVI of JPEGs (modules/py_mjpeg.c, lib/imlib/mjpeg.c)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar, Final

from omvsim.heap import FbHint, UmaFlag
from omvsim.image import draw_image, encoders, formats, streams
from omvsim.image.arguments import image_of, os_error, parsed, roi
from omvsim.image.converting import channel_and_alpha, decoder, encoder_room, palette
from omvsim.image.scratch import scratch
from omvsim.later import np
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeFunction, NativeType, method
from omvsim.micropython.values import Obj, PrintKind
from omvsim.records import dataclass
from omvsim.world.camera_names import built

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.image.scratch import Scratch
    from omvsim.image.value import Image
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Out, Value
    from omvsim.standard.vfs.files import FileIO
    from omvsim.world.world import CameraMachine

FIELDS: Final = 29
"""``py_mjpeg_obj_t`` in front of its file: type, frames, bytes, last time, mean, width, height, a flag."""
FIELDS_SUMMING: Final = 40
"""With a sum of 64 bits on a boundary of 8 in place of the mean; what fills the object up to whole 8 bytes is here."""
QUALITY: Final = 90
SCALE: Final = 1000
CLOSED: Final = "MJPEG stream is closed"
_WORDS = ("roi", "rgb_channel", "alpha", "color_palette", "alpha_palette", "hint", "quality")
# Where numbers that are only known at the end stand in the file.
_SIZE, _MICROS, _FRAMES, _RATES, _LENGTHS, _MOVIE = 4, 32, 48, (76, 132), (84, 140), 216


@dataclass
class Timing:
    """When pictures came: ``mean`` is in whole microseconds."""

    last: int = 0
    mean: int = 0
    total: int = 0

    def came(self, now: int, frames: int, *, sums: bool) -> None:
        """Another picture was written, the ``frames``-th."""
        if frames > 1:
            passed = now - self.last
            self.total += passed
            if sums:
                self.mean = self.total // (frames - 1)
            else:
                self.mean = passed if frames <= 2 else (self.mean * (frames - 1) + passed) // frames
        self.last = now


class Mjpeg(Obj):
    """``mjpeg.Mjpeg``."""

    __slots__ = ("bytes", "closed", "file", "frames", "height", "timing", "width")
    type_name: ClassVar[str] = "Mjpeg"

    def __init__(self, vm: CameraMachine, address: int, shape: tuple[int, int]) -> None:
        super().__init__(vm.memory, address)
        self.width, self.height = shape
        self.frames = self.bytes = 0
        self.closed = False
        self.timing = Timing()
        self.file: FileIO | None = None

    def stream(self) -> FileIO:
        """Its file."""
        assert self.file is not None
        return self.file

    def print(self, vm: CameraMachine, out: Out, kind: PrintKind) -> None:  # type: ignore[override]  # a camera's
        out(f'{{"closed":{chr(34)}{str(self.closed).lower()}{chr(34)}, "width":{self.width}, "height":{self.height}')
        out(f', "count":{self.frames}, "size":{streams.size_of(vm, self.stream())}}}')

    @method("is_closed", 1)
    def is_closed(self, vm: CameraMachine) -> Value:
        """1 or 0."""
        return int(self.closed)

    @method("width", 1)
    def width_(self, vm: CameraMachine) -> Value:
        """Columns."""
        return self.width

    @method("height", 1)
    def height_(self, vm: CameraMachine) -> Value:
        """Rows."""
        return self.height

    @method("count", 1)
    def count(self, vm: CameraMachine) -> Value:
        """Pictures so far."""
        return self.frames

    @method("size", 1)
    def size(self, vm: CameraMachine) -> Value:
        """Bytes of the file so far."""
        return streams.size_of(vm, self.stream())

    @method("write", 2, None, keywords=True)
    def write(self, vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Append a picture, scaled to the video's size."""
        given = parsed(vm, args[1:], kwargs, _WORDS)
        if self.closed:
            os_error(vm, CLOSED)
        channel, alpha = channel_and_alpha(vm, given)
        quality = vm.int_of(given.get("quality", QUALITY))
        if not 0 <= quality <= 100:
            vm.raise_value("Quality ranges between 0 and 100")
        image = image_of(vm, args[0])
        area = roi(vm, image, given.get("roi"))
        how = draw_image.Drawing(
            roi=area,
            channel=channel,
            alpha=alpha,
            palette=palette(vm, given.get("color_palette"), formats.RGB565),
            alpha_palette=palette(vm, given.get("alpha_palette"), formats.GRAYSCALE),
            hint=vm.int_of(given.get("hint", 0)) & ~draw_image.CENTER | draw_image.BLACK,
            decode=decoder(image),
        )
        with scratch(vm) as work:
            data = self._compressed(work, image, how, quality)
            padded = data + bytes(-len(data) % 4)
            self.stream().push(vm, b"00dc" + len(padded).to_bytes(4, "little") + padded)
        self.frames += 1
        self.bytes += len(padded)
        sums = vm.world.camera.generation.mjpeg_sums_time
        vm.world.clock.told()
        self.timing.came(vm.world.now_us, self.frames, sums=sums)
        return None

    @method("add_frame", 2, None, keywords=True)
    def add_frame(self, vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """The same."""
        return self.write(vm, args, kwargs)

    def _compressed(self, work: Scratch, image: Image, how: draw_image.Drawing, quality: int) -> bytes:
        """The picture as a JPEG: as it is, encoded, or drawn to the video's size first."""
        whole = how.roi == (0, 0, image.width, image.height) == (0, 0, self.width, self.height)
        plain = how.channel == -1 and how.alpha == 255 and how.palette is None and how.alpha_palette is None
        simple = whole and plain
        if simple and image.code == formats.JPEG:
            return bytes(image.store[: image.compressed])
        picture, drawn = draw_image.source_of(image), None
        if image.is_compressed or not simple:
            drawn = work.alloc(2 * self.width * self.height, FbHint.NO_HINT, UmaFlag.CACHE)
            picture = self._drawn(work, picture, how)
        room, _ = encoder_room(work, formats.JPEG)
        data = encoders.encode(picture, formats.JPEG, quality)
        work.vm.world.note(encoders.NOTE, memory=True)
        if work.fb is None:
            work.free(room)
            work.free(drawn)
        return data

    def _drawn(self, work: Scratch, picture: draw_image.Source, how: draw_image.Drawing) -> draw_image.Source:
        """In the middle, as large as fits, on black."""
        assert how.roi is not None
        _, _, wide, high = how.roi
        scale = min(np.float32(self.width / wide), np.float32(self.height / high))
        how.x, how.y = (
            math.floor((room - np.float32(length) * scale) / 2)
            for room, length in ((self.width, wide), (self.height, high))
        )
        how.x_scale = how.y_scale = float(scale)
        values: Any = np.zeros((self.height, self.width), np.uint16)
        target = draw_image.Source(self.width, self.height, formats.RGB565, values)
        draw_image.draw(work, target, picture, how)
        return target

    @method("sync", 1)
    def sync(self, vm: CameraMachine) -> Value:
        """Write down how long the video is so far."""
        if self.closed:
            os_error(vm, CLOSED)
        self._note_length(vm)
        return None

    def _note_length(self, vm: CameraMachine) -> None:
        """``mjpeg_sync``."""
        file, mean = self.stream(), self.timing.mean
        end = file.at
        data = 8 * self.frames + self.bytes
        rate = 1_000_000 * SCALE // mean if mean else 0
        length = self.frames * SCALE // rate if rate else 0
        per_second = data * mean // self.frames if self.frames else 0
        numbers = {_SIZE: 216 + data, _MICROS: mean, _MICROS + 4: per_second, _FRAMES: self.frames, _MOVIE: 4 + data}
        numbers |= dict.fromkeys(_RATES, rate) | dict.fromkeys(_LENGTHS, length)
        for at, number in numbers.items():
            streams.write_at(vm, file, at, _long(number))
        file.sync(vm)
        file.at = end

    @method("close", 1)
    def close(self, vm: CameraMachine) -> Value:
        """End the file; a second time nothing is left to do."""
        if not self.closed:
            self._note_length(vm)
            self.stream().shut(vm)
        self.closed = True
        return None

    @method("__del__", 1)
    def delete(self, vm: CameraMachine) -> Value:
        """The same."""
        return self.close(vm)


def _long(*numbers: int) -> bytes:
    return b"".join((number & 0xFFFFFFFF).to_bytes(4, "little") for number in numbers)


def _head(width: int, height: int) -> bytes:
    """``mjpeg_open``: the lists of an AVI with one stream of video."""
    avih = _long(0, 0, 4, 0, 0, 0, 1, 0, width, height, SCALE, 0, 0, 0)
    strh = b"vidsMJPG" + _long(0, 0, 0, SCALE, 0, 0, 0, 0, 10000, 0, 0, 0)
    strf = _long(40, width, height, 24 << 16 | 1) + b"MJPG" + _long(0, 0, 0, 0, 0)
    stream = b"strlstrh" + _long(len(strh)) + strh + b"strf" + _long(len(strf)) + strf
    head = b"hdrlavih" + _long(len(avih)) + avih + b"LIST" + _long(len(stream)) + stream
    return b"RIFF" + _long(0) + b"AVI LIST" + _long(len(head)) + head + b"LIST" + _long(0) + b"movi"


def _open(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``Mjpeg(path, width, height)``: what is not given is the frame buffer's."""
    path = vm.str_of(args[0])
    given = parsed(vm, args[1:], kwargs, ("width", "height"), positional=2)
    width, height = (vm.int_of(given.get(name, -1)) for name in ("width", "height"))
    fields = FIELDS_SUMMING if vm.world.camera.generation.mjpeg_sums_time else FIELDS
    held = vm.memory.block(streams.handle_size(vm, fields), finaliser=True)
    made = Mjpeg(vm, held.address, streams.shape_of(vm, width, height))
    held.address = 0
    made.file = streams.create(vm, path)
    made.file.push(vm, _head(made.width, made.height))
    return made


NativeType("Mjpeg", Mjpeg)


def module(vm: CameraMachine) -> NativeModule:
    """``mjpeg``."""
    known: dict[str, Value] = {"Mjpeg": NativeFunction(_open, "Mjpeg", 1, None, keywords=True, is_method=False)}
    return NativeModule("mjpeg", built(vm, "mjpeg", known if vm.release.writes_video else {}))


__all__ = ["Mjpeg", "Timing", "module"]
