"""The Python API: what ``omvsim run`` does, in three lines.

>>> import omvsim
>>> result = omvsim.run("model.tflite", firmware="4.8.1")
>>> result.verdict, result.model_ram, result.exception
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from omvsim.boards import DEFAULT_BOARD, Board, load_board
from omvsim.errors import InputError
from omvsim.firmware import InputKind, LoadMode, ModelFile
from omvsim.graph import Model, read_model
from omvsim.modelfile import library_of, model_file
from omvsim.scenario import DEFAULT_SCENARIO, Options, Postprocess, RunResult, Scenario, Session, load_scenario
from omvsim.tflm import ArenaPlan, plan_arena

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from omvsim.firmware import Watcher

Kind = TypeVar("Kind", LoadMode, InputKind)


def plan(model: str | Path | Model, *, firmware: str | None = None, board: str = DEFAULT_BOARD) -> ArenaPlan:
    """The tensor arena of a model, byte by byte, as that release's library plans it (default: the profile's release).

    Raises:
        InputError: the model or the release cannot be used.
    """
    graph = model if isinstance(model, Model) else read_model(model)
    return plan_arena(graph, library_of(load_board(board, firmware)))


def run(
    model: str | Path | Model,
    *,
    board: str | Board | None = None,
    firmware: str | None = None,
    load: LoadMode | str | None = None,
    input: InputKind | str | None = None,
    loops: int | None = None,
    keep_output: bool | None = None,
    callback: bool | None = None,
    postprocess: Postprocess | None = None,
    scenario: str | Scenario = DEFAULT_SCENARIO,
    gc: Sequence[tuple[int, int | None]] | None = None,
    settings: Mapping[str, str] | None = None,
    labels: str | Path | None = None,
    watcher: Watcher | None = None,
) -> RunResult:
    """Load a model on the simulated camera and run it.

    Args:
        model: path of the ``.tflite`` file, or a model that is read already.
        board: name or path of a board profile, or a board; default is the scenario's, else the RT1062.
        firmware: release; default is the scenario's, else the profile's own.
        load: ``rom``, ``file`` or ``fb``; default is the scenario's, else the release's: ROM where the file fits its
            ROM file system, else a file.
        input: ``camera``, ``image``, ``ndarray`` or ``callable``; default by the model's input.
        loops: predictions.
        keep_output: whether the script keeps each output until the next is made (``o = m.predict(…)``).
        callback: whether a post-processing callback takes the outputs by reference.
        postprocess: a post-processing object for the model, and what it finds in every frame.
        scenario: name or path of a scenario.
        gc: GC areas as (bytes, address or None) in order, instead of the board's.
        settings: any board value by name.
        labels: text file of labels; default is what the camera would find beside the model.
        watcher: looks at the camera's memory while it runs (:class:`omvsim.capture.Recorder`).

    Raises:
        InputError: something given cannot be used.
    """
    story = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    if not isinstance(board, Board):
        board = load_board(board or story.board or DEFAULT_BOARD, firmware or story.firmware)
    if settings:
        board = board.with_values(dict(settings))
    if gc is not None:
        board = board.with_gc_areas(list(gc))
    defaults = story.options
    options = Options(
        load=defaults.load if load is None else _choice("load", LoadMode, load),
        input=defaults.input if input is None else _choice("input", InputKind, input),
        loops=defaults.loops if loops is None else loops,
        keep_output=defaults.keep_output if keep_output is None else keep_output,
        callback=defaults.callback if callback is None else callback,
        postprocess=postprocess,
    )
    if options.loops < 1:
        raise InputError("loops", f"{options.loops} is not a number of predictions")
    library = library_of(board)
    graph = model if isinstance(model, Model) else read_model(model)
    file = model_file(graph, plan_arena(graph, library), board, options.load, labels)
    others = dict(_other_models(story, board, options.load))
    return Session(board, file, story, others=others, options=options, watcher=watcher).run()


def _choice(name: str, kind: type[Kind], value: str) -> Kind:
    try:
        return kind(value)
    except ValueError as error:
        raise InputError(name, f"{value!r} is none of {', '.join(kind)}") from error


def _other_models(story: Scenario, board: Board, mode: LoadMode | None) -> Iterable[tuple[str, ModelFile]]:
    for name in story.models:
        graph = read_model(name)
        yield name, model_file(graph, plan_arena(graph, library_of(board)), board, mode)


__all__ = ["library_of", "model_file", "plan", "run"]
