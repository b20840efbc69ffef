"""Files of the camera as Python objects: ``open()``, ``io.BytesIO``.

Facts: micropython/micropython v1.26.0 ``py/stream.c`` (a whole file is read into a buffer of 256 bytes that grows by
as much, lines into one of 16), ``extmod/vfs_fat_file.c``; requests measured on 4.8.1 and 5.0.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim.firmware import FAT_FILE, ROM_FILE
from omvsim.script._make import OBJECT
from omvsim.script._operators import as_bytes
from omvsim.script._text import Vstr
from omvsim.script._values import Buffer, Bytes, List, NativeObject

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from omvsim.script._runtime import Runtime
    from omvsim.script._world import World

READ_BUFFER = 256
LINE_BUFFER = 16


class Stream(NativeObject):
    """An open file, or a stream in memory."""

    __slots__ = ("binary", "data", "place", "rt", "target", "world")
    methods: dict[str, Any]

    def __init__(self, rt: Runtime, world: World, data: bytes, *, binary: bool, target: Path | None = None) -> None:
        super().__init__()
        self.rt = rt
        self.world = world
        self.data = bytearray(data)
        self.place = 0
        self.binary = binary
        self.target = target

    @property
    def type_name(self) -> str:
        """Name of its type."""
        return "FileIO" if self.binary else "TextIOWrapper"

    # -- reading ------------------------------------------------------------------------------------------------

    def _result(self, data: bytes, buffer: Any) -> Any:
        """A str or bytes from a buffer that is cut to it."""
        make = self.rt.make
        if not self.binary:
            return make.from_buffer(data.decode("utf-8", "replace"), buffer)
        make.memory.realloc(buffer, len(data) + 1)
        result = Bytes(data)
        result.blocks = (buffer, make.alloc(OBJECT, "bytes"))
        return result

    def read(self, count: Any = -1) -> Any:
        """The rest, or ``count`` bytes."""
        make = self.rt.make
        if count is not None and int(count) >= 0:
            data = bytes(self.data[self.place : self.place + int(count)])
            buffer = make.alloc(max(int(count), 1), "data read")
        else:
            data = bytes(self.data[self.place :])
            buffer, room = make.alloc(READ_BUFFER, "data read"), READ_BUFFER
            while room <= len(data):
                room += READ_BUFFER
                make.memory.realloc(buffer, room)
        self.place += len(data)
        return self._result(data, buffer)

    def readline(self, *_count: Any) -> Any:
        """A line with its end."""
        end = self.data.find(b"\n", self.place)
        stop = len(self.data) if end < 0 else end + 1
        data = bytes(self.data[self.place : stop])
        self.place = stop
        line = Vstr(self.rt.make, LINE_BUFFER)
        line.add(data.decode("latin-1"))
        return self._result(data, line.block)

    def iterate(self) -> Iterator[Any]:
        """Its lines."""
        while self.place < len(self.data):
            yield self.readline()
        self.rt.memory.free(self.rt.make.alloc(LINE_BUFFER, "line"))

    def readlines(self) -> List:
        """A list of its lines."""
        return self.rt.make.extended(self.iterate())

    def readinto(self, buffer: Buffer, *_count: Any) -> int:
        """Into a buffer."""
        view = buffer.data.cast("B")
        data = bytes(self.data[self.place : self.place + len(view)])
        view[: len(data)] = data
        self.place += len(data)
        return len(data)

    # -- writing ------------------------------------------------------------------------------------------------

    def write(self, data: Any) -> int:
        """Bytes or text."""
        raw = as_bytes(data)
        self.data[self.place : self.place + len(raw)] = raw
        self.place += len(raw)
        return len(raw)

    def close(self) -> None:
        """Write a file of the host."""
        if self.target is not None:
            try:
                self.target.write_bytes(self.data)
            except OSError as error:
                self.rt.make.throw("OSError", error.errno or 5)

    def seek(self, place: Any, whence: Any = 0) -> int:
        """Move."""
        base = {0: 0, 1: self.place, 2: len(self.data)}[int(whence)]
        self.place = max(0, base + int(place))
        return self.place

    def value(self) -> Any:
        """``getvalue()``."""
        raw = bytes(self.data)
        return self.rt.make.new_bytes(raw, copy=True) if self.binary else self.rt.make.text_copy(raw.decode())


Stream.methods = {
    "read": Stream.read,
    "readline": Stream.readline,
    "readlines": Stream.readlines,
    "readinto": Stream.readinto,
    "write": Stream.write,
    "close": Stream.close,
    "flush": lambda _stream: None,
    "seek": Stream.seek,
    "tell": lambda stream: stream.place,
    "getvalue": Stream.value,
    "__enter__": lambda stream: stream,
    "__exit__": lambda stream, *_error: stream.close(),
}


def memory_stream(rt: Runtime, world: World, data: bytes, binary: bool) -> Stream:
    """``io.BytesIO`` or ``io.StringIO``."""
    stream = Stream(rt, world, data, binary=binary)
    stream.blocks = (rt.make.alloc(OBJECT, "stream"), rt.make.alloc(max(LINE_BUFFER, len(data)), "stream: data"))
    return stream


def open_file(rt: Runtime, world: World, path: Any, mode: Any = "r", **_more: Any) -> Stream:
    """``open(path, mode)``.

    Raises:
        ScriptError: OSError, as the camera raises it.
    """
    make, name, how = rt.make, str(path), str(mode)
    mount, rest = world.files.mount(name)
    header = make.alloc(OBJECT, "path in the file system")
    text = make.alloc(len(rest) + 2, "path in the file system: text")
    del header, text
    found = world.files.find(name)
    rom = mount == "rom"
    block = make.alloc(ROM_FILE if rom else FAT_FILE, "open file", finaliser=not rom)
    target = world.files.target(name) if any(letter in how for letter in "wax+") else None
    missing = found is None or not found.is_file()
    if any(letter in how for letter in "wax+") and target is None:
        make.memory.free(block)
        raise make.traced(make.error("OSError", 13))
    if missing and target is None:
        make.memory.free(block)
        raise make.traced(make.error("OSError", 2))
    data = b"" if missing or "w" in how else found.read_bytes()  # type: ignore[union-attr]
    stream = Stream(rt, world, data, binary="b" in how, target=target)
    stream.blocks = (block,)
    if "a" in how:
        stream.place = len(data)
    return stream


__all__ = ["Stream", "memory_stream", "open_file"]
