"""Reading what a user names, with a bound: a device such as ``/dev/zero`` has no size and no end."""

from __future__ import annotations

import errno
import io
import os
import stat
import time
from pathlib import Path
from typing import BinaryIO

MOST_BYTES = 1 << 30
MOST_TEXT_BYTES = 16 << 20
"""Far above any profile, scenario, policy or script."""
PATIENCE = 5.0
"""Seconds in which somebody must open a named pipe to write into it."""
_PIECE = 1 << 20
_LOOK_EVERY = 0.02


def read_bytes(path: str | os.PathLike[str], most: int = MOST_BYTES) -> bytes:
    """The content of a file, device or pipe.

    Raises:
        OSError: it cannot be read, is longer than ``most`` bytes (``EFBIG``), or is a pipe that nobody writes to.
    """
    with opened(path, most) as file:
        # As much as it says it has, for reading takes the memory that is asked for; a device or a pipe says 0.
        size = min(_size(file), most) + 1
        pieces = [file.read(size)]
        while len(pieces[-1]) == size and sum(map(len, pieces)) <= most:
            size = _PIECE
            pieces.append(file.read(size))
    data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
    if len(data) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data


def opened(path: str | os.PathLike[str], most: int = MOST_BYTES) -> BinaryIO:
    """A file for reading; of a pipe all that comes, up to one byte more than ``most``, so that it can be gone back in.

    Raises:
        OSError: it cannot be opened, or is a pipe that nobody writes to: opening that would wait for ever.
    """
    if stat.S_ISFIFO(Path(path).stat().st_mode):
        return io.BytesIO(_from_pipe(path, most))
    return Path(path).open("rb")


def _size(file: BinaryIO) -> int:
    return len(file.getbuffer()) if isinstance(file, io.BytesIO) else os.fstat(file.fileno()).st_size


def _from_pipe(path: str | os.PathLike[str], most: int) -> bytes:
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        pieces = [_first_of_pipe(handle, path)]
        if hasattr(os, "set_blocking"):
            os.set_blocking(handle, True)
        while sum(map(len, pieces)) <= most and (piece := os.read(handle, _PIECE)):
            pieces.append(piece)
    finally:
        os.close(handle)
    return b"".join(pieces)


def _first_of_pipe(handle: int, path: str | os.PathLike[str]) -> bytes:
    """What is there already; nothing where a writer has yet to write, which tells it from a pipe without one."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            piece = os.read(handle, _PIECE)
        except BlockingIOError:
            return b""
        if piece:
            return piece
        if time.monotonic() > until:
            raise OSError(errno.EPIPE, f"nobody writes to this pipe (waited {PATIENCE:g} s)", str(path))
        time.sleep(_LOOK_EVERY)


def read_text(path: str | os.PathLike[str], most: int = MOST_TEXT_BYTES) -> str:
    """The content as UTF-8, line ends as line feeds.

    Raises:
        OSError: as of :func:`read_bytes`.
        UnicodeDecodeError: it is no UTF-8.
    """
    return read_bytes(path, most).decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
