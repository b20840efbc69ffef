"""Making an ``image.ImageIO``: opening its file or reserving its memory (``py_imageio_make_new``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim.heap import FbHint, UmaFlag
from omvsim.image import formats, streams
from omvsim.image.arguments import fixed, os_error
from omvsim.image.imageio import (
    FIELDS,
    FIXED,
    HEAD,
    LINE,
    MAGIC,
    NEW,
    ORIGINAL,
    VERSION,
    ImageIO,
    pulled,
    ticks,
)
from omvsim.image.scratch import Scratch
from omvsim.micropython.errors import Unknown
from omvsim.micropython.native import NativeType
from omvsim.micropython.types import str_
from omvsim.micropython.types.tuple_ import Tuple
from omvsim.units import align_up
from omvsim.world.fb_stack import out_of_stack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.standard.vfs.files import FileIO
    from omvsim.world.world import CameraMachine


def make_new(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``ImageIO(path, mode)`` or ``ImageIO((width, height, format), count)``."""
    vm.check_args(len(args), len(kwargs), 2, 2, keywords=False)
    size = align_up(streams.handle_size(vm, FIELDS) + VERSION, 4 if streams.are_objects(vm) else 8)
    held = vm.memory.block(size, finaliser=True)
    stream = ImageIO(vm, held.address)
    held.address = 0
    stream.closed = True  # until it has something to close
    if str_.is_str(args[0]):
        _open(vm, stream, vm.str_of(args[0]), vm.str_of(args[1])[:1])
    elif isinstance(args[0], Tuple):
        _reserve(vm, stream, fixed(vm, args[0], 3), args[1])
    else:
        vm.raise_value("Invalid stream type")
    stream.closed = False
    stream.ms = ticks(vm)
    return stream


def _open(vm: CameraMachine, stream: ImageIO, path: str, mode: str) -> None:
    """A file: before 4.8.0 a new one may have the rest of an old one behind it."""
    newer = streams.are_objects(vm)
    if mode == "w" or (mode == "W" and not newer):
        stream.version = NEW
        stream.file = streams.create(vm, path) if newer else streams.open_kept(vm, path)
        stream.file.push(vm, MAGIC + b"2.0")
    elif mode == "r" or (mode == "R" and not newer):
        stream.file = streams.open_read(vm, path)
        _read_head(vm, stream, stream.file)
    elif newer and mode == "W":
        raise Unknown("image.ImageIO", "with mode 'W' nothing is opened, and the file is what stood in memory before")
    else:
        known = "'r' or 'w'" if newer else "'R/r' or 'W/w'"
        vm.raise_value(f"Invalid stream mode, expected {known}")


def _read_head(vm: CameraMachine, stream: ImageIO, file: FileIO) -> None:
    for expected in (MAGIC[:12], MAGIC[12:]):
        if pulled(vm, file, len(expected)) != expected:
            file.shut(vm)
            os_error(vm, "Unexpected value read!")
    high = pulled(vm, file, 1)[0]
    if pulled(vm, file, 1) != b".":
        file.shut(vm)
        os_error(vm, "Unexpected value read!")
    stream.version = (high - ord("0")) * 10 + pulled(vm, file, 1)[0] - ord("0")
    if stream.version not in (ORIGINAL, FIXED, NEW):
        vm.raise_value("Expected version V1.0, V1.1, or V2.0")


def _reserve(vm: CameraMachine, stream: ImageIO, parts: Sequence[Value], count: Value) -> None:
    """Memory for so many pictures, which no exception frees; compressed ones are taken to need 2 bits a pixel."""
    width, height, code = (vm.int_of(part) for part in parts)
    if code not in formats.VALID:
        os_error(vm, "Invalid image stream pixformat")
    packed = code in formats.COMPRESSED
    stream.count = vm.int_of(count) & 0xFFFFFFFF
    size = formats.size(width, 2 * height, formats.BINARY) if packed else formats.size(width, height, code)
    stream.size = HEAD + align_up(size, LINE)
    wanted = stream.count * stream.size & 0xFFFFFFFF
    work = Scratch(vm)
    stack = work.fb
    if stack is None:
        stream.address_of_slots = work.alloc(wanted, 0, UmaFlag.PERSIST | UmaFlag.CACHE)
    else:
        with out_of_stack(vm):
            stack.mark()
            stack.alloc(wanted, FbHint.PREFER_SIZE | FbHint.CACHE_ALIGN)
            stack.mark_permanent()
    vm.memory.finalisers[stream.address] = stream.freeing(vm.world.camera)
    vm.world.ledger.placed(wanted, stream.address_of_slots or 0, "UMA" if stack is None else "fb_alloc", "ImageIO")


def image_io() -> NativeType:
    """The type."""
    maker: Any = make_new  # it is called with the camera's machine
    return NativeType("ImageIO", ImageIO, maker, constants={"FILE_STREAM": 0, "MEMORY_STREAM": 1})


__all__ = ["image_io"]
