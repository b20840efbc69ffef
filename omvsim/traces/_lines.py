"""Lines of a trace file, unpacked where it is gzip, whatever its name."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING, BinaryIO, cast

from omvsim.errors import TraceError
from omvsim.reading import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_GZIP_MAGIC = b"\x1f\x8b"
_LONGEST_LINE = 64 * 1024**2


def read_lines(path: str | Path) -> Iterator[bytes]:
    """The lines of a file, with their line ends.

    Raises:
        TraceError: the file cannot be read, or is a damaged gzip file.
    """
    try:
        with opened(path) as raw:
            packed = raw.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
            raw.seek(0)
            file = cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if packed else raw
            while line := file.readline(_LONGEST_LINE):
                yield line
    except EOFError as error:
        raise TraceError(path, "the gzip file is cut off") from error
    except (zlib.error, gzip.BadGzipFile) as error:
        raise TraceError(path, f"the gzip file is damaged ({error})") from error
    except OSError as error:
        raise TraceError(path, error.strerror or "cannot be read") from error
