"""Streams (py/stream.c): the methods that files, StringIO and the like share, and the buffers they ask for."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, Final, NoReturn

from omvsim.memory.vstr import VStr
from omvsim.micropython.classes import Instance
from omvsim.micropython.errors import Error
from omvsim.micropython.native import method
from omvsim.micropython.types import buffers, bytes_, str_
from omvsim.micropython.types.common import word
from omvsim.micropython.values import STOP, Obj, Sentinel

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

READ_ALL: Final = 256
"""``DEFAULT_BUFFER_SIZE``: ``read()`` grows by so many bytes."""
LINE: Final = 16
"""Bytes a line's buffer starts with."""
EINVAL: Final = 22
SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2
POLL_RD, POLL_WR, POLL_ERR, POLL_HUP, POLL_NVAL = 1, 4, 8, 16, 32
"""``MP_STREAM_POLL_…``."""


def raise_os_error(vm: Machine, number: int) -> NoReturn:
    """``mp_raise_OSError``."""
    vm.raise_arg(vm.exception_type(Error.OS), number)


class Stream(Obj):
    """What can be read or written. A subclass has :meth:`pull`, :meth:`push`, :meth:`place` and :meth:`shut`."""

    __slots__ = ()
    type_name: ClassVar[str] = "stream"
    is_text: ClassVar[bool] = False
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True

    @abstractmethod
    def pull(self, vm: Machine, count: int) -> bytes | None:
        """At most ``count`` bytes, none at the end; None where there is nothing yet (EAGAIN)."""

    @abstractmethod
    def push(self, vm: Machine, data: bytes) -> int | None:
        """Take bytes; how many were taken, None where none can be now."""

    def place(self, vm: Machine, offset: int, whence: int) -> int:
        """``MP_STREAM_SEEK``: the position from the start afterwards."""
        raise_os_error(vm, EINVAL)

    def sync(self, vm: Machine) -> None:
        """``MP_STREAM_FLUSH``."""

    def shut(self, vm: Machine) -> None:
        """``MP_STREAM_CLOSE``."""

    def poll(self, vm: Machine, events: int) -> int:
        """``MP_STREAM_POLL``: which of those there are; most streams do not say."""
        raise_os_error(vm, EINVAL)

    def comes_at(self, vm: Machine) -> int | None:
        """When something comes next, on the camera's clock; None where nothing is on its way."""
        return None

    # -- what others do with it ----------------------------------------------------------------------------------------

    def pull_all(self, vm: Machine, count: int) -> bytes | None:
        """``mp_stream_read_exactly``: as much as there is up to ``count`` bytes."""
        found = b""
        while len(found) < count:
            more = self.pull(vm, count - len(found))
            if more is None:
                return found or None
            if not more:
                break
            found += more
        return found

    def write_all(self, vm: Machine, data: bytes) -> int | None:
        """``mp_stream_write``: every byte, or what was taken before there was no room."""
        done = 0
        while done < len(data):
            taken = self.push(vm, data[done:])
            if taken is None:
                return done or None
            if not taken:
                break
            done += taken
        return done

    def result(self, vm: Machine, vstr: VStr) -> Value:
        """A str or bytes of a buffer."""
        return text_from(vm, vstr) if self.is_text else bytes_.finish_bytes(vm, vstr)

    def iterate(self, vm: Machine, *, on_stack: bool) -> Value | Sentinel:
        """Itself: MP_TYPE_FLAG_ITER_IS_STREAM."""
        return self

    def next(self, vm: Machine) -> Value | Sentinel:
        """A line, until there is none."""
        line = read_line(vm, self, -1)
        return line if vm.truth(line) else STOP


class StreamMethods(Stream):
    """The methods that a script calls, as far as nearly every stream has them."""

    __slots__ = ()

    @method("read", 1, 2)
    def read(self, vm: Machine, *size: Value) -> Value:
        """``count`` characters or bytes, or all."""
        count = vm.int_of(size[0]) if size else -1
        if count == -1:
            return read_all(vm, self)
        return read_text(vm, self, count) if self.is_text else read_bytes(vm, self, count)

    @method("readinto", 2, 3)
    def readinto(self, vm: Machine, buffer: Value, *most: Value) -> Value:
        """Into a buffer that exists."""
        target = buffers.buffer_of(vm, buffer, writable=True).cast("B")
        count = min(vm.int_of(most[0]), len(target)) if most else len(target)
        data = self.pull_all(vm, count)
        if data is None:
            return None
        target[: len(data)] = data
        return len(data)

    @method("readline", 1, 2)
    def readline(self, vm: Machine, *size: Value) -> Value:
        """Up to a line's end, byte by byte."""
        most = size[0] if size else -1
        return read_line(vm, self, most if type(most) is int else -1)

    @method("write", 2, 4)
    def write(self, vm: Machine, data: Value, *span: Value) -> Value:
        """All of a buffer, or the part from an offset."""
        source = bytes(buffers.buffer_of(vm, data))
        if len(span) == 1:
            source = source[: vm.small_of(span[0]) & 0xFFFFFFFF]
        elif span:
            source = source[vm.small_of(span[0]) & 0xFFFFFFFF :][: vm.small_of(span[1]) & 0xFFFFFFFF]
        return self.write_all(vm, source)

    @method("seek", 2, 3)
    def seek(self, vm: Machine, offset: Value, *whence: Value) -> Value:
        """Position from the start, from here, or from the end."""
        to, how = vm.int_of(offset), vm.int_of(whence[0]) if whence else SEEK_SET
        if how == SEEK_SET and to < 0:
            raise_os_error(vm, EINVAL)
        return vm.new_int(self.place(vm, to, how))

    @method("tell", 1)
    def tell(self, vm: Machine) -> Value:
        """Position from the start."""
        return vm.new_int(self.place(vm, 0, SEEK_CUR))

    @method("flush", 1)
    def flush(self, vm: Machine) -> Value:
        """Nothing is left in a buffer."""
        self.sync(vm)
        return None

    @method("close", 1)
    def close(self, vm: Machine) -> Value:
        """Give back what it holds."""
        self.shut(vm)
        return None

    @method("__enter__", 1)
    def enter(self, vm: Machine) -> Value:
        """Itself."""
        return self

    @method("__exit__", 4)
    def leave(self, vm: Machine, *error: Value) -> Value:
        """Close."""
        self.shut(vm)
        return None


def text_from(vm: Machine, vstr: VStr) -> Value:
    """``mp_obj_new_str_from_vstr``: what is no UTF-8 is UnicodeError."""
    str_.valid(vm, vstr.data)
    return str_.finish_str(vm, vstr)


def read_all(vm: Machine, stream: Stream) -> Value:
    """``stream_readall``: the buffer starts with 256 bytes and grows by as many when they are full."""
    vstr = VStr(vm.memory, READ_ALL)
    room = READ_ALL
    while True:
        data = stream.pull(vm, room)
        if data is None:
            if not vstr.data:
                return None
            break
        if not data:
            break
        vstr.data += data
        room -= len(data)
        if not room:
            vstr.extend(READ_ALL)
            room = READ_ALL
    return stream.result(vm, vstr)


def read_bytes(vm: Machine, stream: Stream, count: int) -> Value:
    """``stream_read_generic`` of a binary stream."""
    vstr = VStr(vm.memory, count + 1 if count >= 0 else (count + 1) & 0xFFFFFFFF)
    data = stream.pull_all(vm, count)
    if data is None:
        vstr.free()
        return None
    vstr.data += data
    return bytes_.finish_bytes(vm, vstr)


def read_text(vm: Machine, stream: Stream, count: int) -> Value:
    """``stream_read_generic`` of a text stream: so many characters, in as many reads as that takes."""
    vstr = VStr(vm.memory, count & 0xFFFFFFFF)
    more = count
    while more > 0:
        vstr.reserve(more)
        data = stream.pull_all(vm, more)
        if data is None:
            if not vstr.data:
                vstr.free()
                return None
            break
        vstr.data += data
        if not data:
            break
        more = _missing(vstr.data, count)
    return text_from(vm, vstr)


def _missing(data: bytearray, count: int) -> int:
    """Bytes to read so that there are ``count`` characters, if all that come are short."""
    at = 0
    while at < len(data):
        byte = data[at]
        size = 1 if byte < 0x80 else 2 if byte & 0xE0 == 0xC0 else 3 if byte & 0xF0 == 0xE0 else 4
        if (byte >= 0x80 and byte & 0xC0 == 0x80) or byte >= 0xF8:
            size = 5
        if at + size > len(data):
            return at + size - len(data) + count - 1
        at += size
        count -= 1
    return count


def read_line(vm: Machine, stream: Stream, most: int) -> Value:
    """``stream_unbuffered_readline``."""
    vstr = VStr(vm.memory, LINE if most == -1 else word(most) & 0xFFFFFFFF)
    while most == -1 or most != 0:
        most -= most != -1
        vstr.reserve(1)
        byte = stream.pull(vm, 1)
        if byte is None and not vstr.data:
            vstr.free()
            return None
        if not byte:
            break
        vstr.data += byte
        if byte == b"\n":
            break
    return stream.result(vm, vstr)


def stream_of(vm: Machine, value: Value, operation: str) -> Stream:
    """``mp_get_stream_raise``: ``operation`` is "read", "write" or "ioctl"."""
    inner = value.native if isinstance(value, Instance) else value
    if isinstance(value, Instance) and isinstance(inner, Stream):
        inner = inner.of_instance(vm, value) if hasattr(inner, "of_instance") else inner
    if not isinstance(inner, Stream) or not {"read": inner.reads, "write": inner.writes}.get(operation, True):
        vm.error(Error.OS, "stream operation not supported")
    return inner


__all__ = [
    "EINVAL",
    "POLL_ERR",
    "POLL_HUP",
    "POLL_NVAL",
    "POLL_RD",
    "POLL_WR",
    "SEEK_CUR",
    "SEEK_END",
    "SEEK_SET",
    "Stream",
    "StreamMethods",
    "raise_os_error",
    "read_all",
    "read_bytes",
    "read_line",
    "read_text",
    "stream_of",
    "text_from",
]
