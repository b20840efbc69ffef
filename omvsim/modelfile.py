"""A model file on the PC as the camera would see it: its path there, its library's plan, the labels beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.errors import BoardError, InputError
from omvsim.firmware import LoadMode, ModelFile
from omvsim.tflm import LIBRARIES, ArenaPlan, Library

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omvsim.boards import Board
    from omvsim.graph import Model

_FOLDERS = {LoadMode.ROM: "/rom", LoadMode.FILE: "/flash", LoadMode.FB: "/flash"}
ROM_LABELS: Mapping[str, tuple[bytes, ...]] = {
    "person_detect": (b"no_person\n", b"person\n"),
    "fomo_face_detection": (b"background\n", b"face"),
    "micro_speech": (b"Silence\n", b"Unknown\n", b"Yes\n", b"No\n"),
    "yolo_lc_192": (b"person\r\n",),
    "yolov8n_192": (b"person\r\n",),
}
"""Labels that the firmware's own models have in ROM (openmv/openmv v4.8.1, ``lib/models/*.txt``)."""


def library_of(board: Board) -> Library:
    """The TFLM build of the board's release.

    Raises:
        BoardError: the profile names a library omvsim does not know.
    """
    library = LIBRARIES.get(board.release.library)
    if library is None:
        known = ", ".join(LIBRARIES)
        raise BoardError(board.source, f"library {board.release.library!r} is not known (known: {known})")
    return library


def model_file(graph: Model, arena: ArenaPlan, mode: LoadMode, labels: str | Path | None = None) -> ModelFile:
    """A model as the camera sees it: ``/rom/name.tflite`` or ``/flash/name.tflite``, with the labels beside it.

    Raises:
        InputError: the labels given cannot be read.
    """
    path = f"{_FOLDERS[mode]}/{Path(graph.source).name}"
    return ModelFile(path, graph, arena, mode, _labels(graph, labels))


def _labels(graph: Model, given: str | Path | None) -> tuple[bytes, ...] | None:
    beside = Path(graph.source).with_name(Path(graph.source).name.partition(".")[0] + ".txt")
    if given is None and not beside.is_file():
        return ROM_LABELS.get(Path(graph.source).stem)
    path = beside if given is None else Path(given)
    try:
        return tuple(path.read_bytes().splitlines(keepends=True))
    except OSError as error:
        raise InputError(path, error.strerror or "cannot be read") from error
