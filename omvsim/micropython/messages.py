"""Texts of exceptions: the pieces a C format is printed in, and how long the firmware's compressed text is.

The firmware keeps its error texts compressed (MICROPY_ROM_TEXT_COMPRESSION, py/makecompresseddata.py): words of a
table of 128 take one byte, with the spaces around them. A formatted message starts in a chunk of the compressed
format's length, so that length is a request.

The table (``data/error-words-*.txt``) is what that program makes of all error texts of MicroPython, ulab and OpenMV's
modules as configured; every length in the language traces agrees (``bytes``, ``but`` and ``requested`` are in 4.8.1's
by measurement only).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.boards import Dialect

LONGEST: Final = 73
"""Characters of the longest error text, in either version (measured: unpacking one asks for 74 bytes)."""
NOT_COLLECTED: Final = (
    "Unsupported model schema",
    "Failed to allocate tensors",
    "Unsupported input data type %d",
    "Unsupported output data type %d",
    "Invoke failed",
    "Invalid input tensor index",
    "Invalid output tensor index",
    "Out of memory",
)
"""Texts of files that are not searched for texts to compress, so they are kept as they are: C++ (openmv/openmv,
``lib/tflm/tflm_backend.cc``, alike from 4.5.6 to 5.0.0) and ``common/umalloc.c`` of 5.0.0 (measured)."""
_SPEC: Final = re.compile(r"%(?:0?\d*)(?:ll|l)?([a-zA-Z%])")


def pieces(text: str, values: Sequence[object]) -> list[str]:
    """What ``mp_vprintf`` writes, piece by piece: text between conversions, one piece a conversion."""
    out: list[str] = []
    at = 0
    rest = iter(values)
    for match in _SPEC.finditer(text):
        if match.start() > at:
            out.append(text[at : match.start()])
        at = match.end()
        kind = match.group(1)
        if kind == "%":
            out.append("%")
            continue
        value = next(rest)
        out.append(format(value, kind) if kind in "xX" else str(value))
    if at < len(text):
        out.append(text[at:])
    return out


def compressed_length(text: str, words: frozenset[str]) -> int | None:
    """Bytes of the compressed text with its marker; None where no word of it is in the table (kept as it is)."""
    length = 0
    need_space = False
    used = False
    for word in text.split(" "):
        if word in words:
            length += 1
            used = True
            need_space = False
        else:
            length += need_space + len(word.encode())
            need_space = True
    return 1 + length if used else None


class Messages:
    """Error texts of one firmware.

    Args:
        words: the table of words that take one byte.
        plain: texts that the build does not find, because they are put together of several literals.
        longest: characters of its longest text: the buffer for unpacking one has one byte more.
    """

    def __init__(self, words: frozenset[str], longest: int, plain: frozenset[str] = frozenset()) -> None:
        self.words = words
        self.longest = longest
        self.plain = plain

    def length(self, text: str) -> int:
        """Bytes that ``strlen`` finds in the firmware's copy."""
        packed = self._packed(text)
        return len(text.encode()) if packed is None else packed

    def is_packed(self, text: str) -> bool:
        """Whether the firmware's copy is compressed."""
        return self._packed(text) is not None

    def _packed(self, text: str) -> int | None:
        return None if text in self.plain else compressed_length(text, self.words)


@cache
def error_texts(dialect: Dialect) -> Messages:
    """What the firmware of a release has."""
    path = Path(__file__).with_name("data") / f"error-words-{dialect.names}.txt"
    plain = frozenset((*dialect.plain_errors, *NOT_COLLECTED))
    return Messages(frozenset(path.read_text(encoding="utf-8").splitlines()), LONGEST, plain)


__all__ = ["LONGEST", "Messages", "compressed_length", "error_texts", "pieces"]
