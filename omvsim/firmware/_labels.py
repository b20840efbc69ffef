"""The labels that ``ml.Model`` looks for beside the model.

``model.py`` (openmv/openmv v4.8.1, ``scripts/libraries/ml/ml-core/ml/model.py``) opens the path up to its first dot
with ``.txt``, keeps its lines stripped, or ``None`` after any exception.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.errors import DeviceError, DeviceOSError
from omvsim.firmware._micropython import OBJECT, MicroPython
from omvsim.firmware._model_file import FAT_FILE, ROM_FILE, LoadMode, ModelFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.heap import Chunk

INTERNED = frozenset({b"Yes", b"No"})
"""Label texts the 4.8.1 firmware has as constants (frozen ``ml.apps``): a stripped line equal to one costs nothing."""
READ_BUFFER = 16


def read_labels(py: MicroPython, file: ModelFile) -> Chunk | None:
    """Look for the labels as ``Model.__init__`` does; returns the list, or None when there are none.

    Any exception in here is caught by the wrapper, MemoryError included.
    """
    with py.heap.call():
        try:
            stem = _label_path(py, file.path)
            py.malloc(OBJECT, "list comprehension")
            py.string(len("/" + stem.removeprefix("/").partition("/")[2]), "path in the file system")
            opened = (
                py.malloc(ROM_FILE, "open ROM file")
                if file.mode is LoadMode.ROM
                else py.malloc(FAT_FILE, "open file", has_finaliser=True)
            )
            if file.labels is None:
                if file.mode is not LoadMode.ROM:
                    py.heap.free(opened)
                py.os_error(DeviceOSError("[Errno 2] ENOENT"))
            return py.heap.hand_back(_read_lines(py, file.labels))
        except DeviceError:
            py.unwind()
            py.forget_exception()
            return None


def _label_path(py: MicroPython, path: str) -> str:
    """``args[0].split(".")[0] + ".txt"``."""
    header = py.list_of((), "parts of the path")
    for count, part in enumerate(path.split(".")):
        py.append(header, count, py.string(len(part), "part of the path"))
    labels = path.partition(".")[0] + ".txt"
    text = py.malloc(len(labels) + 1, "path of the labels: text")
    py.malloc(OBJECT, "path of the labels").holds(text)
    return labels


def _read_lines(py: MicroPython, lines: Sequence[bytes]) -> Chunk:
    """``[line.rstrip("\\n") for line in file]``: the labels' strings in a list."""
    header = py.list_of((), "labels")
    for count, line in enumerate(lines):
        buffer = py.malloc(READ_BUFFER, "line of the labels: text")
        capacity = READ_BUFFER
        for length in range(READ_BUFFER + 1, len(line) + 1):
            if length > capacity:
                capacity = (length & ~7) + 8 + 16
                py.heap.realloc(buffer, capacity)
        py.heap.realloc(buffer, len(line) + 1)
        text: Chunk | None = py.malloc(OBJECT, "line of the labels").holds(buffer)
        stripped = line.rstrip(b"\n")
        if stripped != line:
            text = None if stripped in INTERNED else py.string(len(stripped), "label")
        py.append(header, count, text)
    py.heap.free(py.malloc(READ_BUFFER, "line of the labels: text"))
    return header
