"""A model file on the PC as the camera would see it: its path there, its library's plan, the labels beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.errors import BoardError, InputError
from omvsim.firmware import LoadMode, ModelFile, default_load, path_on_camera
from omvsim.provenance import Provenance
from omvsim.records import replace
from omvsim.tflm import LIBRARIES, ArenaPlan, Library, Status, plan_arena

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omvsim.boards import Board
    from omvsim.graph import Model

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


def arena_plan(graph: Model, board: Board) -> ArenaPlan:
    """The plan of a model for the board's release, trusted as far as the board is.

    Raises:
        BoardError: as :func:`library_of`.
    """
    return _trusted(plan_arena(graph, library_of(board)), board)


def _trusted(plan: ArenaPlan, board: Board) -> ArenaPlan:
    provenance = plan.provenance.weakest(board.provenance)
    return plan if provenance is plan.provenance else replace(plan, provenance=provenance)


def model_file(
    graph: Model, arena: ArenaPlan, board: Board, mode: LoadMode | None = None, labels: str | Path | None = None
) -> ModelFile:
    """A model as the camera sees it, at its path there, with the labels beside it.

    ``mode`` None is what the release does by default. A file that fits nowhere is one all the same: loading it fails.

    Raises:
        InputError: the labels given cannot be read.
    """
    name = Path(graph.source).name
    mode = default_load(board, name, graph.size) if mode is None else mode
    path = path_on_camera(board, mode, name, graph.size)
    # A model built into the firmware brings its own labels.
    lines = _labels(graph, labels) if path.startswith("/") else ROM_LABELS.get(path)
    return ModelFile(path, graph, arena, mode, lines)


def moved_to(file: ModelFile, board: Board, mode: LoadMode | None) -> ModelFile:
    """The same file on a board of any release, loaded in another way (None: as that release does by default)."""
    name, size = Path(file.graph.source).name, file.graph.size
    mode = default_load(board, name, size) if mode is None else mode
    path = path_on_camera(board, mode, name, size)
    return file._replace(mode=mode, path=path, labels=file.labels if path.startswith("/") else ROM_LABELS.get(path))


class Plans:
    """Arena plans of models, each made once: builds of the library that differ only in name and source share one."""

    def __init__(self) -> None:
        self._plans: dict[object, ArenaPlan] = {}

    def plan(self, graph: Model, board: Board) -> ArenaPlan:
        """The plan of a model for the board's release.

        Raises:
            BoardError: as :func:`library_of`.
        """
        library = library_of(board)
        same = id(graph), library._replace(name="", source="", note="", provenance=Provenance.EXACT)
        plan = self._plans.get(same)
        if plan is None:
            plan = self._plans[same] = plan_arena(graph, library)
        if plan.library is library:
            return _trusted(plan, board)
        known = plan.status is not Status.UNKNOWN
        mine = replace(plan, library=library, provenance=library.provenance if known else plan.provenance)
        return _trusted(mine, board)


def _labels(graph: Model, given: str | Path | None) -> tuple[bytes, ...] | None:
    beside = Path(graph.source).with_name(Path(graph.source).name.partition(".")[0] + ".txt")
    if given is None and not beside.is_file():
        return ROM_LABELS.get(Path(graph.source).stem)
    path = beside if given is None else Path(given)
    try:
        return tuple(path.read_bytes().splitlines(keepends=True))
    except OSError as error:
        raise InputError(path, error.strerror or "cannot be read") from error
