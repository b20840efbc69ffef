"""Files of a firmware's build."""

from __future__ import annotations

from pathlib import Path

from omvsim.errors import BoardError
from omvsim.reading import read_text


def text_of(path: str | Path) -> str:
    """A file's text.

    Raises:
        BoardError: it cannot be read, or is no UTF-8.
    """
    try:
        return read_text(Path(path))
    except OSError as error:
        raise BoardError(path, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BoardError(path, "is not UTF-8 text") from error
