"""Reading what a user names, with a bound: a device such as ``/dev/zero`` has no size and no end."""

from __future__ import annotations

import errno
import os
from pathlib import Path

MOST_BYTES = 1 << 30
MOST_TEXT_BYTES = 16 << 20
"""Far above any profile, scenario, policy or script."""
_PIECE = 1 << 20


def read_bytes(path: str | os.PathLike[str], most: int = MOST_BYTES) -> bytes:
    """The content of a file, device or pipe.

    Raises:
        OSError: it cannot be read, or is longer than ``most`` bytes (``EFBIG``).
    """
    with Path(path).open("rb") as file:
        # As much as it says it has, for reading takes the memory that is asked for; a device or a pipe says 0.
        size = min(os.fstat(file.fileno()).st_size, most) + 1
        pieces = [file.read(size)]
        while len(pieces[-1]) == size and sum(map(len, pieces)) <= most:
            size = _PIECE
            pieces.append(file.read(size))
    data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
    if len(data) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data


def read_text(path: str | os.PathLike[str], most: int = MOST_TEXT_BYTES) -> str:
    """The content as UTF-8, line ends as line feeds.

    Raises:
        OSError: as of :func:`read_bytes`.
        UnicodeDecodeError: it is no UTF-8.
    """
    return read_bytes(path, most).decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
