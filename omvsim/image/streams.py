"""Files that a C module keeps open to write pictures into (common/file_utils.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from omvsim.heap import FbHint
from omvsim.image import formats, picture_files
from omvsim.image.scratch import Scratch
from omvsim.memory.sizes import WORD
from omvsim.micropython.errors import Error, Fault
from omvsim.standard.streams import SEEK_SET
from omvsim.standard.vfs.files import FileIO
from omvsim.standard.vfs.filesystem import FileError
from omvsim.standard.vfs.mounted import Mounted
from omvsim.standard.vfs.mounts import Mount, Mounts
from omvsim.units import align_up

if TYPE_CHECKING:
    from omvsim.world.world import CameraMachine

HANDLE: Final = 8
"""``file_t``: the file object and its flags (from 4.8.0)."""
FIL: Final = 80
"""``FIL`` of FatFs with exFAT, without a sector's buffer: ``pyb_file_obj_t`` is 88 bytes with it, aligned to 8."""


def handle_size(vm: CameraMachine, fields: int) -> int:
    """Bytes of an object with ``fields`` bytes in front of its open file."""
    if are_objects(vm):
        return align_up(fields, WORD) + HANDLE
    return align_up(fields, 2 * WORD) + FIL


def are_objects(vm: CameraMachine) -> bool:
    """Whether a picture's file is an object of Python (from 4.8.0)."""
    return vm.release.picture_files_are_objects


def create(vm: CameraMachine, path: str) -> FileIO:
    """``file_open(…, FA_WRITE | FA_CREATE_ALWAYS)``: a Python object from 4.8.0, nothing on the heap before."""
    if are_objects(vm):
        return picture_files.open_file(vm, path, "wb")
    return _on_host(vm, path, "wb")


def open_kept(vm: CameraMachine, path: str) -> FileIO:
    """``file_open(…, FA_READ | FA_WRITE | FA_OPEN_ALWAYS)`` (before 4.8.0): what the file has stays."""
    file = _on_host(vm, path, "ab")
    file.readable, file.at = True, 0
    return file


def open_read(vm: CameraMachine, path: str) -> FileIO:
    """``file_open(…, FA_OPEN_EXISTING)``; before 4.8.0 it may be written as well."""
    return picture_files.open_file(vm, path, "rb") if are_objects(vm) else _on_host(vm, path, "r+b")


def _on_host(vm: CameraMachine, path: str, mode: str) -> FileIO:
    """``f_open``."""
    mount, inside = vm.part(Mounts).find(path)
    if not isinstance(mount, Mount) or not isinstance(mount.obj, Mounted):
        vm.error(Error.OS, "Could not find the path")
    file = FileIO(vm.memory, 0, mount.obj.files, mount.obj.absolute(inside), mode)
    try:
        file.open(mode)
    except FileError:
        vm.error(Error.OS, "Could not find the path" if "r" not in mode else "Could not find the file")
    return file


def buffered(vm: CameraMachine) -> None:
    """``file_buffer_on`` … ``file_buffer_off``: all of fb_alloc (up to 4.8.1)."""
    work = Scratch(vm)
    if work.fb is not None:
        work.free(work.all(FbHint.PREFER_SIZE)[0])


def size_of(vm: CameraMachine, file: FileIO) -> int:
    """``file_size``."""
    if file.files is None and are_objects(vm):
        _no_file()
    return len(file.data)


def _no_file() -> NoReturn:
    raise Fault("the size of a closed file is asked of an object at address 0")


def shape_of(vm: CameraMachine, width: int, height: int) -> tuple[int, int]:
    """Width and height; where they are -1, the frame buffer's."""
    window = None if vm.world.camera.frame_buffer is None else vm.world.camera.frame_buffer.window
    if window is not None:
        width, height = (window.width if width == -1 else width), (window.height if height == -1 else height)
    return width & 0xFFFFFFFF, height & 0xFFFFFFFF


def depth_of(vm: CameraMachine) -> int:
    """Bytes a pixel of the picture in the frame buffer; 0 for JPEG and where there is none."""
    buffer = vm.world.camera.frame_buffer
    shape = None if buffer is None else buffer.image
    return 0 if shape is None else formats.OF_CAMERA[shape.pixel_format] & 0xFF


def write_at(vm: CameraMachine, file: FileIO, at: int, data: bytes) -> None:
    """``file_seek`` and ``file_write``."""
    file.place(vm, at, SEEK_SET)
    file.push(vm, data)


__all__ = [
    "are_objects",
    "buffered",
    "create",
    "depth_of",
    "handle_size",
    "open_kept",
    "open_read",
    "shape_of",
    "size_of",
    "write_at",
]
