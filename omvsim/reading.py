"""Reading what a user names, with a bound: a device such as ``/dev/zero`` has no size and no end."""

from __future__ import annotations

import errno
import os
from pathlib import Path

MOST_BYTES = 1 << 30
MOST_TEXT_BYTES = 16 << 20
"""Far above any profile, scenario, policy or script."""


def read_bytes(path: str | os.PathLike[str], most: int = MOST_BYTES) -> bytes:
    """The content of a file, device or pipe.

    Raises:
        OSError: it cannot be read, or is longer than ``most`` bytes (``EFBIG``).
    """
    with Path(path).open("rb") as file:
        data = file.read(most + 1)
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
