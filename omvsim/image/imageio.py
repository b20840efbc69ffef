"""``image.ImageIO``: a stream of pictures in a file or in the camera's memory (modules/py_imageio.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from omvsim.image import formats, streams
from omvsim.image.arguments import image_of, os_error, parsed
from omvsim.image.converting import to_frame_buffer
from omvsim.image.value import Image, allocate, wrap
from omvsim.later import np
from omvsim.micropython.errors import Error, Raised, Unknown
from omvsim.micropython.native import method
from omvsim.micropython.values import Obj, PrintKind
from omvsim.records import NamedTuple
from omvsim.standard.streams import SEEK_SET
from omvsim.units import align_up

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.firmware import Camera
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Out, Value
    from omvsim.standard.vfs.files import FileIO
    from omvsim.world.world import CameraMachine

FIELDS: Final = 20
"""``py_imageio_obj_t`` in front of its union: type, two small fields, three numbers."""
VERSION: Final = 4
"""The number behind the file."""
LINE: Final = 32
HEAD: Final = 32
"""A picture's time and struct in memory, in whole cache lines (``IMAGE_T_SIZE_ALIGNED``)."""
MAGIC: Final = b"OMV IMG STR V"
START: Final = 16
"""Where the first picture of a file is; whole so many bytes are pictures as well."""
ORIGINAL, FIXED, NEW = 10, 11, 20
"""Versions: colours in the other order of bytes, in ours, formats as the firmware has them."""
_OLD: Final = (formats.BINARY, formats.GRAYSCALE, formats.RGB565, formats.BAYER_BGGR)
"""Formats of old files by their number; a larger one is the size of a JPEG."""
END: Final = "End of stream"


class Slot(NamedTuple):
    """A picture in memory: milliseconds since the one before, its struct, its bytes."""

    elapsed: int
    shape: tuple[int, int, int]
    compressed: int
    data: bytes


class ImageIO(Obj):
    """``image.ImageIO``: ``file`` or ``slots`` with their ``size``."""

    __slots__ = ("address_of_slots", "closed", "count", "file", "ms", "offset", "size", "slots", "version")
    type_name: ClassVar[str] = "ImageIO"

    def __init__(self, vm: CameraMachine, address: int) -> None:
        super().__init__(vm.memory, address)
        self.closed = False
        self.count = self.offset = self.size = self.version = 0
        self.ms = 0
        self.file: FileIO | None = None
        self.slots: dict[int, Slot] = {}
        self.address_of_slots: int | None = None

    def print(self, vm: CameraMachine, out: Out, kind: PrintKind) -> None:  # type: ignore[override]  # a camera's
        what = "memory" if self.file is None else "file"
        out(f'{{"type":"{what} stream", "closed":"{str(self.closed).lower()}", "count":{self.count}, ')
        out(f'"offset":{self.offset}, "version":{self.version}, "buffer_size":{self.size}, "size":{self._bytes(vm)}}}')

    def _bytes(self, vm: CameraMachine) -> int:
        return self.count * self.size if self.file is None else streams.size_of(vm, self.file)

    def opened(self, vm: CameraMachine) -> ImageIO:
        """``py_imageio_obj``."""
        if self.closed:
            os_error(vm, "Stream closed")
        return self

    @method("type", 1)
    def type_(self, vm: CameraMachine) -> Value:
        """``FILE_STREAM`` or ``MEMORY_STREAM``."""
        return int(self.file is None)

    @method("is_closed", 1)
    def is_closed(self, vm: CameraMachine) -> Value:
        """1 or 0."""
        return int(self.closed)

    @method("count", 1)
    def count_(self, vm: CameraMachine) -> Value:
        """Pictures: all there is room for in memory; as many as were seen in a file."""
        return self.count

    @method("offset", 1)
    def offset_(self, vm: CameraMachine) -> Value:
        """Number of the next picture."""
        return self.offset

    @method("version", 1)
    def version_(self, vm: CameraMachine) -> Value:
        """Of a file."""
        return None if self.file is None else self.version

    @method("buffer_size", 1)
    def buffer_size(self, vm: CameraMachine) -> Value:
        """Bytes for a picture in memory."""
        return self.size - HEAD if self.file is None else None

    @method("size", 1)
    def size_(self, vm: CameraMachine) -> Value:
        """Bytes in all."""
        return vm.new_int(self._bytes(vm))

    # -- writing --------------------------------------------------------------------------------------------------

    @method("write", 2)
    def write(self, vm: CameraMachine, picture: Value) -> Value:
        """Append a picture; in memory, put it where the stream is."""
        self.opened(vm)
        image = image_of(vm, picture)
        now = ticks(vm)
        elapsed, self.ms = now - self.ms, now
        if self.file is None:
            self._keep(vm, image, elapsed)
        else:
            self._append(vm, self.file, image, elapsed)
        self.offset += 1
        return self

    def _keep(self, vm: CameraMachine, image: Image, elapsed: int) -> None:
        if self.offset == self.count:
            vm.error(Error.EOF, END)
        if self.size < image.size:
            vm.raise_value("Invalid frame size")
        if self.size - HEAD < image.size:
            raise Unknown("image.ImageIO.write", "the picture ends in the next one's place")
        shape = image.width, image.height, image.code
        self.slots[self.offset] = Slot(elapsed, shape, image.compressed, bytes(image.store[: image.size]))

    def _append(self, vm: CameraMachine, file: FileIO, image: Image, elapsed: int) -> None:
        head = _longs(elapsed, image.width, image.height)
        if self.version == NEW:
            head += _longs(image.code, image.compressed) + bytes(12)
        elif image.code in _OLD:
            head += _longs(_OLD.index(image.code))
        elif image.code == formats.JPEG:
            head += _longs(image.compressed)
        else:
            vm.raise_value("Invalid image stream bpp")
        data = bytes(image.store[: image.size])
        _checked(vm, file, lambda: file.push(vm, head + data + bytes(-len(data) % START)), "Write failed")
        if file.at < len(file.data):
            self._truncate(vm, file)
        self.count = self.offset + 1

    @staticmethod
    def _truncate(vm: CameraMachine, file: FileIO) -> None:
        """``file_truncate``: asked of the file by name, where it is a Python object, and files have none."""
        if not streams.are_objects(vm):
            del file.data[file.at :]
            file.changed = True
            return
        fun, bound = vm.method(file, vm.strings.intern("truncate"))
        vm.call_method(fun, bound)

    # -- reading --------------------------------------------------------------------------------------------------

    @method("read", 1, None, keywords=True)
    def read(self, vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """The next picture, when its time has come; None at the end of a file that is not to begin anew."""
        vm.before_event(False)
        self.opened(vm)
        names = ("copy_to_fb", "loop", "pause")
        given = parsed(vm, args, kwargs, names, positional=1)
        to_fb, loop, pause = (bool(vm.int_of(given.get(name, True))) for name in names)
        if self.file is None:
            slot = self._slot(vm)
            self._pause(vm, slot.elapsed, pause=pause)
            shape, compressed = slot.shape, slot.compressed
        else:
            if self._ended(self.file) and not (loop and self._rewind(self.file)):
                return None
            shape, compressed = self._chunk(vm, self.file, pause=pause)
        size = formats.size(*shape, compressed)
        store = bytearray(size)
        keeper = to_frame_buffer(vm, shape, store, compressed).keeper if to_fb else allocate(vm, size)
        store[:] = slot.data if self.file is None else self._pixels(vm, self.file, shape[2], size)
        self.offset += 1
        vm.event(picture=False)
        return wrap(vm, shape, store, keeper, compressed)

    def _slot(self, vm: CameraMachine) -> Slot:
        if self.offset == self.count:
            vm.error(Error.EOF, END)
        if self.offset not in self.slots:
            raise Unknown("image.ImageIO.read", "of a picture in memory that was never written")
        return self.slots[self.offset]

    @staticmethod
    def _ended(file: FileIO) -> bool:
        return file.at >= len(file.data)

    def _rewind(self, file: FileIO) -> bool:
        """Back to the first picture: whether there is one."""
        file.at = min(START, len(file.data))
        self.offset = 0
        return not self._ended(file)

    def _pause(self, vm: CameraMachine, elapsed: int, *, pause: bool) -> None:
        """``int_py_imageio_pause``."""
        passed = ticks(vm) - self.ms
        if pause and passed < elapsed:
            vm.world.pass_us((elapsed - passed) * 1000)
        self.ms += elapsed

    def _chunk(self, vm: CameraMachine, file: FileIO, *, pause: bool) -> tuple[tuple[int, int, int], int]:
        """``int_py_imageio_read_chunk``: a picture's shape and, if it is compressed, its bytes."""
        if self._ended(file):
            vm.error(Error.EOF, END)
        self._pause(vm, *_numbers(vm, file, 1), pause=pause)
        width, height, code = _numbers(vm, file, 3)
        if self.version != NEW:
            return (width, height, _OLD[code] if code < len(_OLD) else formats.JPEG), 0
        if code not in formats.VALID:
            os_error(vm, "Invalid image stream pixformat")
        compressed, *_ = _numbers(vm, file, 4)
        return (width, height, code), compressed if code in formats.COMPRESSED else 0

    def _pixels(self, vm: CameraMachine, file: FileIO, code: int, size: int) -> bytes:
        data = pulled(vm, file, size)
        if code == formats.RGB565 and self.version == ORIGINAL:
            data = np.frombuffer(data, np.uint16).byteswap().tobytes()
        pulled(vm, file, -size % START)
        self.count = max(self.count, self.offset + 1)
        return data

    # -- the rest -------------------------------------------------------------------------------------------------

    @method("seek", 2)
    def seek(self, vm: CameraMachine, number: Value) -> Value:
        """To a picture: through all before it, in a file."""
        self.opened(vm)
        offset = vm.int_of(number)
        if offset < 0 or (self.file is None and self.count <= offset):
            vm.raise_value("Invalid stream offset")
        file = self.file
        if file is not None:
            file.place(vm, START, SEEK_SET)
            for _ in range(offset):
                shape, compressed = self._chunk(vm, file, pause=False)
                file.place(vm, file.at + align_up(formats.size(*shape, compressed), START), SEEK_SET)
            if self.offset >= self.count:
                self.count = offset + 1
        self.offset = offset
        return self

    @method("sync", 1)
    def sync(self, vm: CameraMachine) -> Value:
        """Write a file down."""
        self.opened(vm)
        if self.file is not None:
            self.file.sync(vm)
        return self

    @method("close", 1)
    def close(self, vm: CameraMachine) -> Value:
        """End it; only since 4.8.0 a second time does nothing."""
        again = vm.release.closes_streams_twice
        if not again:
            self.opened(vm)
        if not self.closed:
            freeing = vm.memory.finalisers.pop(self.address, None)
            if self.file is not None:
                self.file.shut(vm)
            elif freeing is not None:
                freeing()
        self.closed = True
        return None if again else self

    def freeing(self, camera: Camera) -> Callable[[], None]:
        """What gives the memory of a stream without a file back: when it is closed, or swept (``__del__``)."""
        address = self.address_of_slots

        def free() -> None:
            if camera.fb_alloc is not None:
                camera.fb_alloc.free_till_mark_past_permanent()
            elif camera.uma is not None and address is not None:
                camera.uma.free(address)

        return free

    @method("__del__", 1)
    def delete(self, vm: CameraMachine) -> Value:
        """The same."""
        return self.close(vm)


def ticks(vm: CameraMachine) -> int:
    """``mp_hal_ticks_ms``."""
    vm.world.clock.told()
    return vm.world.now_us // 1000


def _longs(*numbers: int) -> bytes:
    return b"".join((number & 0xFFFFFFFF).to_bytes(4, "little") for number in numbers)


def _checked(vm: CameraMachine, file: FileIO, call: Any, text: str) -> Any:
    """What a stream refuses closes the file."""
    result = None
    try:
        result = call()
    except Raised:
        file.shut(vm)
    if result is None:
        os_error(vm, text)
    return result


def pulled(vm: CameraMachine, file: FileIO, size: int) -> bytes:
    """``file_read``."""
    data: bytes = _checked(vm, file, lambda: file.pull(vm, size), "Read failed")
    if len(data) != size:
        file.shut(vm)
        os_error(vm, "Failed to read requested bytes!")
    return data


def _numbers(vm: CameraMachine, file: FileIO, count: int) -> list[int]:
    return [int(each) for each in np.frombuffer(pulled(vm, file, 4 * count), "<u4")]


__all__ = [
    "END",
    "FIELDS",
    "FIXED",
    "HEAD",
    "LINE",
    "MAGIC",
    "NEW",
    "ORIGINAL",
    "VERSION",
    "ImageIO",
    "pulled",
    "ticks",
]
