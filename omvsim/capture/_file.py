"""A capture as a file: one line that names the format and its version, then everything in one compressed stream.

The stream is the length of the document, the document as JSON, then the columns one after the other as little-endian
numbers. Nothing in it is code. What is read has bounds: a file may be small and say that it is endless.
"""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import ValidationError

from omvsim.capture._columns import GROUPS, TYPES, Capture
from omvsim.capture._document import FORMAT, Document, Stored
from omvsim.errors import CaptureError
from omvsim.reading import read_bytes
from omvsim.writing import write_bytes

if TYPE_CHECKING:
    from os import PathLike

    from omvsim.capture._columns import Numbers


SUFFIX = ".omv"
_FIRST_LINE = re.compile(rb"omvsim capture ([0-9]{1,9})\n")
_LONGEST_FIRST_LINE = 32
MOST_FILE = 64 << 20
MOST_JSON = 24 << 20
MOST_STREAM = 256 << 20
_LENGTH = 8


def encode(capture: Capture) -> bytes:
    """The file's content; the same capture always gives the same bytes."""
    columns = {name: np.ascontiguousarray(values, f"<{TYPES[name]}") for name, values in capture.columns.items()}
    stored = tuple(Stored(name=name, type=TYPES[name], count=len(values)) for name, values in columns.items())  # type: ignore[arg-type]  # the table has these types only
    text = capture.document.model_copy(update={"stored": stored}).model_dump_json(exclude_defaults=True).encode()
    stream = b"".join([len(text).to_bytes(_LENGTH, "little"), text, *(each.tobytes() for each in columns.values())])
    return b"omvsim capture %d\n" % FORMAT + zlib.compress(stream, 6)


def decode(data: bytes, source: str) -> Capture:
    """The capture of a file's content; ``source`` is what an error calls it.

    Raises:
        CaptureError: it is no capture, of a newer version, damaged, or larger than a capture may be.
    """
    first = _FIRST_LINE.match(data[:_LONGEST_FIRST_LINE])
    if first is None:
        raise CaptureError(source, "is not a capture of omvsim")
    if int(first[1]) > FORMAT:
        raise CaptureError(source, f"was written by a newer omvsim (format {int(first[1])}; this one reads {FORMAT})")
    if int(first[1]) != FORMAT:
        raise CaptureError(source, f"is of format {int(first[1])}, which never was")
    stream = _inflate(data[first.end() :], source)
    length = int.from_bytes(stream[:_LENGTH], "little")
    if length > min(MOST_JSON, len(stream) - _LENGTH):
        raise CaptureError(source, "is damaged (its document is longer than it may be)")
    document = _document(bytes(stream[_LENGTH : _LENGTH + length]), source)
    return Capture(document, _columns(document, stream[_LENGTH + length :], source))


def _inflate(data: bytes, source: str) -> memoryview:
    unpacker = zlib.decompressobj()
    try:
        stream = unpacker.decompress(data, MOST_STREAM + 1)
    except zlib.error as error:
        raise CaptureError(source, "is damaged (its content does not unpack)") from error
    if len(stream) > MOST_STREAM:
        raise CaptureError(source, f"unpacks to more than {MOST_STREAM >> 20} MiB, which no capture does")
    if not unpacker.eof or unpacker.unused_data:
        raise CaptureError(source, "is damaged (it is cut off, or something follows it)")
    return memoryview(stream)


def _document(text: bytes, source: str) -> Document:
    try:
        return Document.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"][:6])
        raise CaptureError(source, f"is damaged ({place or 'document'}: {first['msg']})") from error


def _columns(document: Document, data: memoryview, source: str) -> dict[str, Numbers]:
    found: dict[str, Numbers] = {}
    at = 0
    for entry in document.stored:
        if TYPES.get(entry.name) != entry.type or entry.name in found:
            raise CaptureError(source, f"is damaged (a column {entry.name!r} of type {entry.type} there is not)")
        size = entry.count * np.dtype(entry.type).itemsize
        if size > len(data) - at:
            raise CaptureError(source, f"is damaged (column {entry.name!r} is cut off)")
        found[entry.name] = np.frombuffer(data[at : at + size], f"<{entry.type}")
        at += size
    if at != len(data):
        raise CaptureError(source, "is damaged (something follows the columns)")
    for group in GROUPS:
        if len({len(values) for name, values in found.items() if name.startswith(f"{group}_")}) > 1:
            raise CaptureError(source, f"is damaged (columns {group}_… differ in length)")
    _check(document, found, source)
    return found


def _check(document: Document, columns: dict[str, Numbers], source: str) -> None:
    """Numbers that point somewhere point at something."""
    limits = {"request_name": len(document.names), "came_moment": len(document.moments)}
    limits["went_moment"] = limits["came_moment"]
    for name, limit in limits.items():
        if name in columns and len(columns[name]) and int(columns[name].max()) >= limit:
            raise CaptureError(source, f"is damaged (column {name!r} points nowhere)")
    for moment in document.moments:
        if len(moment.levels) != len(document.areas):
            raise CaptureError(source, "is damaged (a moment does not name every area)")
    for table in document.tables:
        if any(len(row) != len(table.columns) for row in table.rows) or len(table.tones) not in (0, len(table.rows)):
            raise CaptureError(source, f"is damaged (table {table.title!r} has rows of other lengths)")


def read_capture(path: str | PathLike[str]) -> Capture:
    """Read a file.

    Raises:
        CaptureError: it cannot be read, or not as a capture.
    """
    try:
        data = read_bytes(path, MOST_FILE)
    except OSError as error:
        raise CaptureError(path, error.strerror or "cannot be read") from error
    return decode(data, str(path))


def write_capture(path: str | PathLike[str], capture: Capture, *, force: bool = False) -> None:
    """Write a file, whole or not at all.

    Raises:
        InputError: it exists and ``force`` is not given, or cannot be written.
    """
    refuse_to_replace(path, force=force)
    write_bytes(Path(path), encode(capture))


def refuse_to_replace(path: str | PathLike[str], *, force: bool) -> None:
    """A regular file that exists is not replaced unasked; said before the work that leads to it.

    Raises:
        CaptureError: it exists.
    """
    if not force and Path(path).is_file():
        raise CaptureError(path, "exists already (--force replaces it)")


__all__ = ["SUFFIX", "decode", "encode", "read_capture", "refuse_to_replace", "write_capture"]
