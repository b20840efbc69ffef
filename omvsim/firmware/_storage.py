"""Whether a model's file can be where a script opens it: file systems have a size, a content and a first release."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from omvsim.errors import DeviceOSError
from omvsim.firmware._model_file import LoadMode, ModelFile
from omvsim.units import format_bytes

if TYPE_CHECKING:
    from omvsim.boards import Board, FileSystem

ROM, FLASH, CARD = "rom", "flash", "sdcard"


class DeviceNoFileError(DeviceOSError):
    """The script opens a file that cannot be there; ``reason`` says why, in the user's terms."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(text)
        self.reason = reason


def built_in(board: Board, file_name: str, size: int) -> bool:
    """Whether the firmware itself has this model, to be opened by its name (up to 4.6.20)."""
    return any(f"{model.name}.tflite" == file_name and model.bytes == size for model in board.built_in)


def default_load(board: Board, file_name: str, size: int) -> LoadMode:
    """Where a script of this release loads a model from unless told otherwise.

    The ROM file system, in which it is used in place, where the release has one and the file fits beside what is
    there; else a file that is copied.
    """
    rom = board.filesystem(ROM)
    return LoadMode.ROM if rom is not None and rom.holds(file_name, size) else LoadMode.FILE


def path_on_camera(board: Board, mode: LoadMode, file_name: str, size: int) -> str:
    """The path a script opens: ``/rom/…``, a built-in model's name, ``/flash/…``, or ``/sdcard/…`` for what is larger.

    Up to 4.5.9 the root is the one file system, that of the card where one is in the slot: ``/…`` (openmv/openmv
    v4.5.8, ``src/omv/ports/mimxrt/main.c``). Where nothing holds the file it is the path of the file system that was
    meant; see :func:`check_stored`.
    """
    if mode is LoadMode.ROM:
        by_name = board.filesystem(ROM) is None and built_in(board, file_name, size)
        return PurePosixPath(file_name).stem if by_name else f"/{ROM}/{file_name}"
    if not board.release.mounts_flash:
        return f"/{file_name}"
    return f"/{CARD if _only_on_card(board, file_name, size) else FLASH}/{file_name}"


def _only_on_card(board: Board, file_name: str, size: int) -> bool:
    flash, card = board.filesystem(FLASH), board.filesystem(CARD)
    return card is not None and flash is not None and not flash.holds(file_name, size)


def store(board: Board, path: str, size: int) -> FileSystem | None:
    """The file system that a file of ``size`` bytes is opened from; None where the release has none of that kind."""
    parts = PurePosixPath(path).parts
    if board.release.mounts_flash and len(parts) > 2:
        return board.filesystem(parts[1])
    card = not board.release.mounts_flash and _only_on_card(board, parts[-1], size)
    return board.filesystem(CARD if card else FLASH)


def needs_card(board: Board, path: str, size: int) -> bool:
    """Whether a file of ``size`` bytes is on the card in the slot."""
    system = store(board, path, size)
    return system is not None and system.name == CARD


def storage_name(board: Board, file: ModelFile | None = None) -> str:
    """What people call the place of a file that is copied, or the internal flash, which has a path from 4.6.0 on."""
    if file is not None and needs_card(board, file.path, file.graph.size):
        return "an SD card"
    return f"/{FLASH}" if board.release.mounts_flash else "the internal flash"


def why_not_stored(board: Board, file: ModelFile) -> str:
    """Why the camera cannot have the file where it is opened; empty if it can, or if nothing is known of the place."""
    path, size = PurePosixPath(file.path), file.graph.size
    if file.mode is LoadMode.ROM and not path.is_absolute() and built_in(board, f"{path.name}.tflite", size):
        return ""
    system = board.filesystem(ROM) if file.mode is LoadMode.ROM else store(board, file.path, size)
    if system is not None:
        return "" if system.holds(path.name, size) else _too_large(system, size)
    return _no_rom(board, path.name.removesuffix(".tflite")) if file.mode is LoadMode.ROM else ""


def check_stored(board: Board, file: ModelFile) -> None:
    """What opening the file raises where it cannot be.

    Raises:
        DeviceNoFileError: with the release's own text (from 4.7.0 MicroPython's; before, ``file_strerror`` of
            openmv/openmv v4.6.20, ``src/omv/common/file_utils.c``).
    """
    reason = why_not_stored(board, file)
    if not reason:
        return
    if board.release.opens_through_vfs:
        raise DeviceNoFileError("[Errno 2] ENOENT", reason)
    mounted = file.mode is not LoadMode.ROM
    raise DeviceNoFileError("Could not find the file" if mounted else "Could not find the path", reason)


def _too_large(system: FileSystem, size: int) -> str:
    text = f"the file's {format_bytes(size)} bytes do not fit {system.mount}: it has {format_bytes(system.size or 0)}"
    if system.taken:
        text += f", of which {format_bytes(system.taken)} are taken by what the firmware puts there"
    return f"{text}; {format_bytes(system.free or 0)} are free"


def _no_rom(board: Board, name: str) -> str:
    since = board.filesystem_since.get(ROM)
    text = f"firmware {board.firmware} has no ROM file system"
    if since is not None:
        text += f" (there is one from {since} on)"
    names = [model.name for model in board.built_in]
    if name in names:
        return f"{text}, and the {name} that is built into it is another model than this file"
    return f"{text}; only {', '.join(names)} {'is' if len(names) == 1 else 'are'} built in" if names else text
