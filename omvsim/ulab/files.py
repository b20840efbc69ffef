"""``save`` and ``load`` of numpy's own files, ``savetxt`` and ``loadtxt`` (code/numpy/io/io.c)."""

from __future__ import annotations

import re
from math import prod
from typing import TYPE_CHECKING, Final, NoReturn

from omvsim.micropython.errors import Error, Unknown
from omvsim.micropython.native import function
from omvsim.micropython.types import str_
from omvsim.standard.streams import Stream
from omvsim.standard.vfs.opening import open_path
from omvsim.ulab import making, ndarray, textfiles
from omvsim.ulab.layout import BUFFER, DIMS

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value
    from omvsim.ulab.ndarray import NdArray

_MAGIC: Final = b"\x93NUMPY"
_START: Final = b"{'descr': '"
_ORDER: Final = b"', 'fortran_order': False, 'shape': ("
_HEADER: Final = 51
"""Characters of the header up to the shape."""
_TYPES: Final = {"B": b"u1", "b": b"i1", "H": b"u2", "h": b"i2", "f": b"f4"}
_CODES: Final = {name: code for code, name in _TYPES.items()}
_SHAPE: Final = re.compile(rb"[0-9 \t]*(?:,[0-9 \t]*)*\)")


def _open(vm: Machine, path: Value, mode: str) -> Stream:
    """A file of the camera's, opened."""
    stream = open_path(vm, path, mode)
    if not isinstance(stream, Stream):
        raise Unknown("numpy.load", "files of a file system that a script made")
    return stream


def _corrupted(vm: Machine, stream: Stream) -> NoReturn:
    stream.shut(vm)
    vm.error(Error.RUNTIME, "corrupted file")


def _read(vm: Machine, stream: Stream, count: int, expected: bytes | None = None) -> bytes:
    """``io_read_``."""
    data = stream.pull(vm, count) or b""
    if len(data) != count or (expected is not None and data != expected):
        _corrupted(vm, stream)
    return data


@function("load", 1)
def load(vm: Machine, file: Value) -> Value:
    """An array of a .npy file."""
    if not str_.is_str(file):
        vm.raise_type("wrong input type")
    block = vm.memory.block(BUFFER)
    stream = _open(vm, file, "rb")
    _read(vm, stream, len(_MAGIC), _MAGIC)
    _read(vm, stream, 2)
    length = int.from_bytes(_read(vm, stream, 2), "little")
    _read(vm, stream, len(_START), _START)
    order = _read(vm, stream, 1)
    code = _CODES.get(_read(vm, stream, 2))
    if code is None:
        stream.shut(vm)
        vm.raise_type("wrong dtype")
    _read(vm, stream, len(_ORDER), _ORDER)
    shape_block = vm.memory.block(DIMS)
    rest = min(BUFFER, (length - _HEADER) & 0xFFFF)
    shape = _shape_of(vm, stream, _read(vm, stream, rest))
    if rest + _HEADER < length:
        _read(vm, stream, length - rest - _HEADER)
    made = making.new_dense(vm, shape, code)
    size = made.itemsize * prod(shape)
    data = stream.pull(vm, size) or b""
    if len(data) != size:
        _corrupted(vm, stream)
    made.store[:size] = data
    stream.shut(vm)
    vm.memory.free(block)
    if order != b"<" and made.itemsize > 1:
        swapped = vm.memory.block(made.itemsize)
        made.values[...] = made.values.byteswap()
        vm.memory.free(swapped)
    vm.memory.free(shape_block)
    return made


def _shape_of(vm: Machine, stream: Stream, text: bytes) -> tuple[int, ...]:
    """The numbers up to the bracket."""
    found = _SHAPE.match(text)
    if found is None:
        _corrupted(vm, stream)
    numbers = [b"".join(part.split()) for part in found.group()[:-1].split(b",")]
    if len(numbers) < 2:
        raise Unknown("numpy.load", "a shape without a comma: the camera reads on behind it")
    return tuple(int(number or b"0") for number in (numbers if numbers[-1] else numbers[:-1]))


@function("save", 2)
def save(vm: Machine, file: Value, array: Value) -> Value:
    """A .npy file with a header of 128 bytes."""
    if not str_.is_str(file) or not isinstance(array, ndarray.NdArray):
        vm.raise_type("wrong input type")
    block = vm.memory.block(BUFFER)
    stream = _open(vm, file, "wb")
    order = b"|" if array.itemsize == 1 else b"<"
    header = _MAGIC + b"\x01\x00\x76\x00" + _START + order + _TYPES[array.code] + _ORDER + _shape_text(array) + b"), }"
    stream.push(vm, header.ljust(BUFFER - 1) + b"\n")
    data = array.values.tobytes() if array.size else bytes(array.itemsize)
    for at in range(0, len(data) + 1, BUFFER):
        stream.push(vm, data[at : at + BUFFER])
    stream.shut(vm)
    vm.memory.free(block)
    return None


def _shape_text(array: NdArray) -> bytes:
    """A length of zero leaves no digit."""
    numbers = [str(length) if length else "" for length in array.lengths[4 - array.ndim :] or (0,)]
    return (numbers[0] + "," if array.ndim == 1 else ", ".join(numbers)).encode()


FUNCTIONS: Final = (load, save, textfiles.loadtxt, textfiles.savetxt)

__all__ = ["FUNCTIONS"]
