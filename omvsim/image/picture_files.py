"""Pictures in files: how often the firmware opens one to read or write it, and what is in it (lib/imlib/{ppm,bmp}.c).

A file is opened as a Python object: its path is made a text, the path below the mount another, then the file.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from omvsim.heap import FbHint, UmaFlag
from omvsim.image import draw_image, encoders, formats, pixels
from omvsim.image.scratch import scratch
from omvsim.later import np
from omvsim.micropython.errors import Error
from omvsim.records import dataclass
from omvsim.standard.vfs.filesystem import FileError
from omvsim.standard.vfs.mounted import Mounted
from omvsim.standard.vfs.mounts import Mount, Mounts
from omvsim.standard.vfs.opening import open_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.image.scratch import Scratch
    from omvsim.standard.vfs.files import FileIO
    from omvsim.world.world import CameraMachine

NOT_SUPPORTED: Final = "Unsupported format!"
_MAGIC: Final = 4
_BYTE: Final = 8


def open_file(vm: CameraMachine, path: str, mode: str) -> FileIO:
    """``file_open`` (common/file_utils.c)."""
    file: FileIO = open_path(vm, vm.new_str(path), mode)  # type: ignore[assignment]  # what a file system gives
    return file


def close_file(vm: CameraMachine, file: FileIO) -> None:
    """``file_close``."""
    fun, bound = vm.method(file, "close")
    vm.call_method(fun, bound)


@dataclass
class Picture:
    """A picture read from a file: shape, format, and its bytes on the camera."""

    width: int
    height: int
    code: int
    data: bytes


def read(vm: CameraMachine, path: str, keep: Callable[[Picture], None]) -> Picture:
    """``imlib_read_geometry``, room for the picture, ``imlib_load_image``: four openings.

    Args:
        keep: called with the shape between the two: takes the memory.
    """
    open_once = _opened if vm.release.picture_files_are_objects else _on_c_stack
    with scratch(vm) as work:
        data = open_once(vm, path)
        if not _known(data):
            vm.error(Error.OS, NOT_SUPPORTED)
        open_once(vm, path)
        _buffered(work)
        picture = decode(vm, data)
        keep(picture)
        open_once(vm, path)
        open_once(vm, path)
        if picture.code not in formats.COMPRESSED:
            _buffered(work)
        if work.fb is None and data[:2] in (b"P6", b"BM"):
            row = 3 * picture.width if data[:2] == b"P6" else _row_of(data, picture.width)
            work.free(work.alloc(row, 0, UmaFlag.DTCM))
    return picture


def _row_of(data: bytes, width: int) -> int:
    """Bytes of a BMP file's row; 0 where its rows are the image's, read from above."""
    depth, height = int.from_bytes(data[28:30], "little"), int.from_bytes(data[22:26], "little", signed=True)
    row = (width * depth + 31) // 32 * 4
    return 0 if depth == _BYTE and height < 0 and row == width else row


def _opened(vm: CameraMachine, path: str) -> bytes:
    return bytes(open_file(vm, path, "rb").data)


def _on_c_stack(vm: CameraMachine, path: str) -> bytes:
    """Up to 4.7.0 the state of an open picture is on the C stack (openmv v4.7.0, common/file_utils.c)."""
    mount, inside = vm.part(Mounts).find(path)
    if not isinstance(mount, Mount) or not isinstance(mount.obj, Mounted):
        vm.error(Error.OS, "Could not find the path")
    try:
        return mount.obj.files.read(mount.obj.absolute(inside))
    except FileError:
        vm.error(Error.OS, "Could not find the file")


def _buffered(work: Scratch) -> None:
    """``file_buffer_on`` until the file is closed (up to 4.8.1)."""
    if work.fb is not None:
        work.free(work.all(FbHint.PREFER_SIZE)[0])


def _known(data: bytes) -> bool:
    return data[:2] in (b"P2", b"P3", b"P5", b"P6", b"BM", b"\xff\xd8") or data[:_MAGIC] == b"\x89PNG"


def decode(vm: CameraMachine, data: bytes) -> Picture:
    """A file's picture: JPEG and PNG stay as they are."""
    if data[:2] == b"\xff\xd8" or data[:_MAGIC] == b"\x89PNG":
        host = _host(vm, data)
        code = formats.JPEG if data[:2] == b"\xff\xd8" else formats.PNG
        return Picture(host.width, host.height, code, data)
    host = _host(vm, data)
    grey = host.mode in ("L", "1", "P") and data[:2] in (b"P2", b"P5", b"BM")
    if grey:
        values = np.asarray(host.convert("L"))
        return Picture(host.width, host.height, formats.GRAYSCALE, values.tobytes())
    colours = np.asarray(host.convert("RGB")).astype(np.int32)
    words = pixels.join(colours[..., 0], colours[..., 1], colours[..., 2])
    return Picture(host.width, host.height, formats.RGB565, words.tobytes())


def _host(vm: CameraMachine, data: bytes) -> Any:
    pillow: Any = encoders._pillow()  # one room
    try:
        picture = pillow.open(io.BytesIO(data))
        picture.load()
    except (pillow.UnidentifiedImageError, OSError, SyntaxError, ValueError):
        vm.error(Error.OS, NOT_SUPPORTED)
    return picture


def as_file(picture: draw_image.Source, kind: str) -> bytes:
    """A picture as BMP (16 bits a pixel for colour), PGM or PPM."""
    if kind == "bmp":
        return _bmp(picture)
    grey = picture.code != formats.RGB565
    head = f"P{5 if grey else 6}\n{picture.width} {picture.height}\n255\n".encode()
    body = picture.values if grey else pixels.rgb(picture.values, picture.code, picture.width)
    return head + np.ascontiguousarray(body.astype(np.uint8)).tobytes()


def bmp_row(width: int, pixel: int) -> int:
    """Bytes of a row: whole words."""
    return (width * pixel + 3) // 4 * 4


def _bmp(picture: draw_image.Source) -> bytes:
    """Rows from above (the height is negative), each in whole words."""
    colour = picture.code == formats.RGB565
    row = bmp_row(picture.width, 2 if colour else 1)
    table = b"" if colour else b"".join(bytes((n, n, n, 0)) for n in range(256))
    masks = (0xF800).to_bytes(4, "little") + (0x7E0).to_bytes(4, "little") + (0x1F).to_bytes(4, "little")
    extra = masks if colour else table
    start = 54 + len(extra)

    def word(number: int, size: int = 4) -> bytes:
        return number.to_bytes(size, "little")

    head = b"BM" + word(start + row * picture.height) + word(0) + word(start)
    head += (
        word(40) + word(picture.width) + word(-picture.height & 0xFFFFFFFF) + word(1, 2) + word(16 if colour else 8, 2)
    )
    head += word(3 if colour else 0) + word(row * picture.height) + word(0) * 4
    values = picture.values.astype(np.uint16 if colour else np.uint8)
    lines = [line.tobytes().ljust(row, b"\0") for line in values]
    return head + extra + b"".join(lines)


__all__ = ["NOT_SUPPORTED", "Picture", "as_file", "bmp_row", "decode", "open_file", "read"]
