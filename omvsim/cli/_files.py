"""Writing results: a file is replaced whole or not at all, so that nothing already written is lost."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from omvsim.errors import InputError


def write_bytes(target: str | Path, data: bytes) -> None:
    """Write ``data`` to ``target`` through a temporary file beside it.

    Raises:
        InputError: the folder does not exist or cannot be written.
    """
    path = Path(target)
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).chmod(0o666 & ~_umask())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(path, f"cannot be written ({error.strerror})") from error


def write_text(target: str | Path, text: str) -> None:
    """Write ``text`` as UTF-8; see :func:`write_bytes`."""
    write_bytes(target, text.encode("utf-8"))


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
