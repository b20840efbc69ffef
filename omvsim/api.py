"""The Python API: what ``omvsim run`` does, in three lines.

>>> import omvsim
>>> result = omvsim.run("model.tflite", firmware="4.8.1")
>>> result.verdict, result.model_ram, result.exception
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.boards import DEFAULT_BOARD, Board, load_board
from omvsim.errors import BoardError, InputError
from omvsim.firmware import InputKind, LoadMode, ModelFile
from omvsim.graph import Model, read_model
from omvsim.scenario import DEFAULT_SCENARIO, Options, RunResult, Scenario, Session, load_scenario
from omvsim.tflm import LIBRARIES, ArenaPlan, Library, plan_arena

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

DEFAULT_FIRMWARE = "4.8.1"
_FOLDERS = {LoadMode.ROM: "/rom", LoadMode.FILE: "/flash", LoadMode.FB: "/flash"}


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


def plan(model: str | Path | Model, *, firmware: str = DEFAULT_FIRMWARE, board: str = DEFAULT_BOARD) -> ArenaPlan:
    """The tensor arena of a model, byte by byte, as that release's library plans it.

    Raises:
        InputError: the model or the release cannot be used.
    """
    graph = model if isinstance(model, Model) else read_model(model)
    return plan_arena(graph, library_of(load_board(board, firmware)))


def run(
    model: str | Path,
    *,
    board: str | Board = DEFAULT_BOARD,
    firmware: str | None = None,
    load: LoadMode | str | None = None,
    input: InputKind | str | None = None,
    loops: int | None = None,
    keep_output: bool | None = None,
    callback: bool | None = None,
    scenario: str | Scenario = DEFAULT_SCENARIO,
    gc: Sequence[tuple[int, int | None]] | None = None,
    settings: Mapping[str, str] | None = None,
    labels: str | Path | None = None,
) -> RunResult:
    """Load a model on the simulated camera and run it.

    Args:
        model: path of the ``.tflite`` file.
        board: name or path of a board profile, or a board.
        firmware: release; default is the scenario's, else 4.8.1.
        load: ``rom``, ``file`` or ``fb``.
        input: ``image``, ``ndarray`` or ``callable``; default by the model's input.
        loops: predictions.
        keep_output: whether the script keeps each output until the next is made (``o = m.predict(…)``).
        callback: whether a post-processing callback takes the outputs by reference.
        scenario: name or path of a scenario.
        gc: GC areas as (bytes, address or None) in order, instead of the board's.
        settings: any board value by name.
        labels: text file of labels; default is what the camera would find beside the model.

    Raises:
        InputError: something given cannot be used.
    """
    story = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    if not isinstance(board, Board):
        board = load_board(story.board or board, firmware or story.firmware or DEFAULT_FIRMWARE)
    if settings:
        board = board.with_values(dict(settings))
    if gc is not None:
        board = board.with_gc_areas(list(gc))
    defaults = story.options
    options = Options(
        load=defaults.load if load is None else LoadMode(load),
        input=defaults.input if input is None else InputKind(input),
        loops=defaults.loops if loops is None else loops,
        keep_output=defaults.keep_output if keep_output is None else keep_output,
        callback=defaults.callback if callback is None else callback,
    )
    library = library_of(board)
    graph = read_model(model)
    file = model_file(graph, plan_arena(graph, library), options.load, labels)
    others = dict(_other_models(story, library, options.load))
    return Session(board, file, story, others=others, options=options).run()


def _other_models(story: Scenario, library: Library, mode: LoadMode) -> Iterable[tuple[str, ModelFile]]:
    for name in story.models:
        graph = read_model(name)
        yield name, model_file(graph, plan_arena(graph, library), mode)


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


ROM_LABELS: Mapping[str, tuple[bytes, ...]] = {
    "person_detect": (b"no_person\n", b"person\n"),
    "fomo_face_detection": (b"background\n", b"face"),
    "micro_speech": (b"Silence\n", b"Unknown\n", b"Yes\n", b"No\n"),
    "yolo_lc_192": (b"person\r\n",),
    "yolov8n_192": (b"person\r\n",),
}
"""Labels that the firmware's own models have in ROM (openmv/openmv v4.8.1, ``lib/models/*.txt``)."""

__all__ = ["DEFAULT_FIRMWARE", "library_of", "model_file", "plan", "run"]
