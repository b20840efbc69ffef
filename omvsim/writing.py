"""Writing results, the one way all writers of omvsim go.

A regular file is replaced whole or not at all, so that nothing already written is lost. A link stays and the file it
points to is replaced. Anything else that can be written to (a device, a pipe, ``/dev/stdout``) is written to as it is:
to replace ``/dev/null`` by a file would break the machine.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from omvsim.errors import InputError

_MOST_LINKS = 40
"""As Linux: more links in a row are taken for a circle."""
_STREAMS = {"/dev/stdout": 1, "/dev/stderr": 2}
_NUMBERED = re.compile(r"(?:/dev/fd|/proc/(?:self|thread-self)/fd)/([0-9]+)")


def write_bytes(target: str | Path, data: bytes) -> None:
    """Write ``data`` to ``target``; see the module.

    Raises:
        InputError: the folder does not exist, or it, the file or the device cannot be written.
        BrokenPipeError: whoever read the pipe has gone.
    """
    with _reported(target):
        place = _place(Path(target))
        if isinstance(place, int):
            _flush(place)
            _write_all(os.dup(place), data)
        elif _is_replaced(place):
            _replace(place, data)
        else:
            _write_all(os.open(place, os.O_WRONLY), data)


def require_writable(target: str | Path) -> None:
    """Find out before long work whether its result can be written; nothing is changed.

    Raises:
        InputError: as :func:`write_bytes` would.
    """
    with _reported(target):
        place = _place(Path(target))
        if isinstance(place, int):
            return
        if place.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if place.exists() and not os.access(place, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        if _is_replaced(place):
            handle, temporary = tempfile.mkstemp(prefix=".omvsim.", dir=place.parent)
            os.close(handle)
            Path(temporary).unlink()


def write_text(target: str | Path, text: str) -> None:
    """Write ``text`` as UTF-8; see :func:`write_bytes`."""
    write_bytes(target, text.encode("utf-8"))


def append_text(target: str | Path, text: str) -> None:
    """Add ``text`` as UTF-8 at the end of ``target``, which need not exist; errors as :func:`write_bytes`."""
    with _reported(target):
        place = _place(Path(target))
        if isinstance(place, int):
            _flush(place)
            handle = os.dup(place)
        else:
            handle = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        _append_all(handle, text.encode("utf-8"))


class _reported:
    """Turns what the host says into the line a user sees."""

    def __init__(self, target: str | Path) -> None:
        self.target = target

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            raise InputError(self.target, f"cannot be written ({error.strerror})") from error


def _place(path: Path) -> Path | int:
    """Where the links of ``path`` lead: a path that is no link, or the number of an open descriptor.

    A descriptor is not opened again by its name: behind a shell's ``>`` is a regular file at a position, and a socket
    cannot be opened at all.
    """
    for _ in range(_MOST_LINKS):
        text = os.path.normpath(path)
        numbered = _NUMBERED.fullmatch(text)
        if text in _STREAMS or numbered is not None:
            return _STREAMS[text] if numbered is None else int(numbered[1])
        if not path.is_symlink():
            return path
        path = path.parent / path.readlink()
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def _is_replaced(path: Path) -> bool:
    """Whether the path is a regular file, or nothing yet."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return True


def _replace(path: Path, data: bytes) -> None:
    """Through a temporary file beside it, which takes over the old file's mode and, where that is allowed, owner."""
    before = path.stat() if path.exists() else None
    if before is not None and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    handle, temporary = tempfile.mkstemp(prefix=".omvsim.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        if before is not None and hasattr(os, "chown"):
            with suppress(OSError):
                os.chown(temporary, before.st_uid, before.st_gid)
        Path(temporary).chmod(0o666 & ~_umask() if before is None else stat.S_IMODE(before.st_mode))
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _write_all(handle: int, data: bytes) -> None:
    with os.fdopen(handle, "wb", buffering=0) as file:
        left = memoryview(data)
        while left:
            left = left[file.write(left) or 0 :]


def _append_all(handle: int, data: bytes) -> None:
    """All of it or nothing: what a full disk took of it is taken back."""
    before = os.fstat(handle)
    with os.fdopen(os.dup(handle), "ab", buffering=0) as kept:
        try:
            _write_all(handle, data)
        except BaseException:
            if stat.S_ISREG(before.st_mode):
                kept.truncate(before.st_size)
            raise


def _flush(descriptor: int) -> None:
    """What is printed already comes first."""
    stream = {1: sys.stdout, 2: sys.stderr}.get(descriptor)
    if stream is not None:
        stream.flush()


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
