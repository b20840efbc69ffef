"""``deflate`` (extmod/moddeflate.c): streams that are inflated while they are read, deflated while they are written."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.micropython.errors import Error, Unknown
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeType
from omvsim.standard.deflate_.deflating import Deflater
from omvsim.standard.deflate_.inflate import Bits, Damaged, header, inflated
from omvsim.standard.streams import EINVAL, Stream, StreamMethods, raise_os_error, stream_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.memory.requests import Block, Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Value

OBJECT, READER, WRITER = 20, 1296, 44
"""``mp_obj_deflateio_t``, ``mp_obj_deflateio_read_t`` (two trees of 608 bytes), ``mp_obj_deflateio_write_t``."""
AUTO, RAW, ZLIB, GZIP = 0, 1, 2, 3
USUAL_BITS: Final = 8
GZIP_HEAD: Final = b"\x1f\x8b\x08\0\0\0\0\0\x04\x03"


class DeflateIO(StreamMethods):
    """Around another stream."""

    __slots__ = ("bits", "checksum", "closes", "done", "format", "held", "inner", "size", "source", "value", "writer")
    type_name: ClassVar[str] = "DeflateIO"

    def __init__(self, memory: Memory, address: int, value: Value, settings: tuple[int, int, bool]) -> None:
        super().__init__(memory, address)
        self.value = value
        self.format, self.bits, self.closes = settings
        self.inner: Stream | None = None
        self.source: Iterator[int] | None = None
        self.writer: Deflater | None = None
        self.held: list[Block] = []
        self.done = False
        self.size = 0
        self.checksum = 0

    def _byte(self, vm: Machine) -> int:
        assert self.inner is not None
        found = self.inner.pull(vm, 1)
        if not found:
            vm.error(Error.EOF)
        return found[0]

    def _begin(self, vm: Machine) -> None:
        """``deflateio_init_read``: a header that is wrong is found once; the reader is there then."""
        self.inner = stream_of(vm, self.value, "read")
        self.held.append(vm.memory.block(READER))
        self.source = _spoilt()
        bits = self.bits or USUAL_BITS
        if self.format != RAW:
            try:
                is_gzip, said = header(lambda: self._byte(vm))
            except Damaged:
                raise_os_error(vm, EINVAL)
            if self.format == (ZLIB if is_gzip else GZIP):
                raise_os_error(vm, EINVAL)
            bits = said if not self.bits else min(said, self.bits)
        self.held.append(vm.memory.block(1 << bits))
        self.source = self._whole(vm, 1 << bits, None if self.format == RAW else is_gzip)

    def _whole(self, vm: Machine, window: int, is_gzip: bool | None) -> Iterator[int]:
        """All bytes; the checksum at the end."""
        bits = Bits(lambda: self._byte(vm))
        found = bytearray()
        for byte in inflated(bits, window):
            found.append(byte)
            yield byte
        if is_gzip is None:
            return
        bits.align()
        tail = bytes(bits.take(8) for _ in range(4))
        if is_gzip:
            right = int.from_bytes(tail, "little") == zlib.crc32(found)
            bits.take(32)
        else:
            right = int.from_bytes(tail, "big") == zlib.adler32(found)
        if not right:
            raise Damaged

    def pull(self, vm: Machine, count: int) -> bytes | None:
        """Inflated bytes."""
        if self.value is None:
            raise_os_error(vm, EINVAL)
        if self.source is None:
            self._begin(vm)
        found = bytearray()
        assert self.source is not None
        try:
            while len(found) < count and not self.done:
                byte = next(self.source, None)
                if byte is None:
                    self.done = True
                else:
                    found.append(byte)
        except Damaged:
            raise_os_error(vm, EINVAL)
        return bytes(found)

    def push(self, vm: Machine, data: bytes) -> int | None:
        """Deflated into the other stream, byte by byte."""
        if self.value is None:
            raise_os_error(vm, EINVAL)
        if self.writer is None:
            self._start(vm)
        assert self.writer is not None
        self.size += len(data)
        self.checksum = zlib.crc32(data, self.checksum) if self.format == GZIP else zlib.adler32(data, self.checksum)
        self.writer.compress(data)
        return len(data)

    def _start(self, vm: Machine) -> None:
        inner = self.inner = stream_of(vm, self.value, "write")
        bits = self.bits or USUAL_BITS
        self.held += [vm.memory.block(1 << bits), vm.memory.block(WRITER)]
        self.writer = Deflater(1 << bits, lambda byte: void(inner.push(vm, bytes((byte,)))))
        if self.format == ZLIB:
            first = 8 | max(bits - 8, 1) << 4
            inner.push(vm, bytes((first, 0x80 | 31 - (first * 256 + 0x80) % 31)))
        elif self.format == GZIP:
            inner.push(vm, GZIP_HEAD)
        self.checksum = 0 if self.format == GZIP else 1
        self.writer.begin()

    def shut(self, vm: Machine) -> None:
        """What ends the stream; the other one is closed where that was asked for."""
        if self.value is None:
            return
        if self.writer is not None and self.inner is not None:
            self.writer.end()
            if self.format == ZLIB:
                self.inner.push(vm, self.checksum.to_bytes(4, "big"))
            elif self.format == GZIP:
                self.inner.push(
                    vm, self.checksum.to_bytes(4, "little") + (self.size & 0xFFFFFFFF).to_bytes(4, "little")
                )
        if self.closes:
            stream_of(vm, self.value, "ioctl").shut(vm)
        self.value = None


def _spoilt() -> Iterator[int]:
    """What comes after a header that was refused."""
    raise Unknown("deflate.DeflateIO.read", "what is read after a wrong header is not modelled")
    yield 0


def void(value: object) -> None:
    """Nothing of it is needed."""


def _make_new(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 1, 4, keywords=False)
    form = vm.int_of(args[1]) if len(args) > 1 else AUTO
    bits = vm.int_of(args[2]) if len(args) > 2 else 0
    if not AUTO <= form <= GZIP:
        vm.raise_value("format")
    if bits and not 5 <= bits <= 15:
        vm.raise_value("wbits")
    closes = vm.truth(args[3]) if len(args) > 3 else False
    return DeflateIO(vm.memory, vm.memory.alloc(OBJECT), args[0], (form, bits, closes))


DEFLATE_IO: Final = NativeType("DeflateIO", DeflateIO, _make_new, protocol=True)
for _name in ("seek", "tell", "flush"):
    del DEFLATE_IO.locals[_name]


def module(vm: Machine) -> NativeModule:
    """``deflate``."""
    return NativeModule("deflate", {"DeflateIO": DEFLATE_IO, "AUTO": AUTO, "RAW": RAW, "ZLIB": ZLIB, "GZIP": GZIP})


__all__ = ["module"]
