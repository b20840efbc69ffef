"""The Python API: what ``omvsim run`` does, in three lines.

>>> import omvsim
>>> result = omvsim.run("model.tflite", firmware="4.8.1")
>>> result.verdict, result.model_ram, result.exception
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from omvsim.boards import DEFAULT_BOARD, Board, load_board
from omvsim.errors import InputError
from omvsim.firmware import InputKind, LoadMode, ModelFile
from omvsim.graph import Model, read_model
from omvsim.modelfile import arena_plan, library_of, model_file
from omvsim.runs.scenario import (
    DEFAULT_SCENARIO,
    Case,
    Options,
    Postprocess,
    RunResult,
    Scenario,
    default_mode,
    load_scenario,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from omvsim.firmware import Watcher
    from omvsim.tflm import ArenaPlan

Kind = TypeVar("Kind", LoadMode, InputKind)


def plan(model: str | Path | Model, *, firmware: str | None = None, board: str = DEFAULT_BOARD) -> ArenaPlan:
    """The tensor arena of a model, byte by byte, as that release's library plans it (default: the profile's release).

    Raises:
        InputError: the model or the release cannot be used.
    """
    graph = model if isinstance(model, Model) else read_model(model)
    return arena_plan(graph, load_board(board, firmware))


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
    scenario: str | Path | Scenario = DEFAULT_SCENARIO,
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
        loops: predictions; more than 1000 are foreseen from the first frames where the loop repeats
            (:func:`omvsim.tape.run_loop`).
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
    case = _case(
        model,
        board=board,
        firmware=firmware,
        load=load,
        input=input,
        loops=loops,
        keep_output=keep_output,
        callback=callback,
        postprocess=postprocess,
        scenario=scenario,
        gc=gc,
        settings=settings,
        labels=labels,
    )
    if loops is None:
        return case.run(watcher)
    from omvsim.tape import run_loop  # noqa: PLC0415 - few runs have long loops

    return run_loop(case, watcher)


def script(model: str | Path | Model, **given: Any) -> str:
    """What :func:`run`, with the same arguments, runs on the camera: the scenario's script with its options.

    Raises:
        InputError: something given cannot be used.
    """
    return _case(model, **given).prepared.text


def _case(
    model: str | Path | Model,
    *,
    board: str | Board | None = None,
    firmware: str | None = None,
    scenario: str | Path | Scenario = DEFAULT_SCENARIO,
    gc: Sequence[tuple[int, int | None]] | None = None,
    settings: Mapping[str, str] | None = None,
    labels: str | Path | None = None,
    **options: Any,
) -> Case:
    story = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    if not isinstance(board, Board):
        board = load_board(board or story.board or DEFAULT_BOARD, firmware or story.firmware)
    if settings:
        board = board.with_values(dict(settings))
    if gc is not None:
        board = board.with_gc_areas(list(gc))
    chosen = _options(options)
    graph = model if isinstance(model, Model) else read_model(model)
    mode = default_mode(story, chosen)
    file = model_file(graph, arena_plan(graph, board), board, mode, labels)
    return Case(board, file, story, chosen, dict(_other_models(story, board, mode)))


def _options(given: Mapping[str, Any]) -> Options:
    values = dict(given)
    if values.get("load") is not None:
        values["load"] = _choice("load", LoadMode, values["load"])
    if values.get("input") is not None:
        values["input"] = _choice("input", InputKind, values["input"])
    loops = values.get("loops")
    if loops is not None and loops < 1:
        raise InputError("loops", f"{loops} is not a number of predictions")
    return Options(**values)


def _choice(name: str, kind: type[Kind], value: str) -> Kind:
    try:
        return kind(value)
    except ValueError as error:
        raise InputError(name, f"{value!r} is none of {', '.join(kind)}") from error


def _other_models(story: Scenario, board: Board, mode: LoadMode | None) -> Iterable[tuple[str, ModelFile]]:
    for name in story.models:
        graph = read_model(name)
        yield name, model_file(graph, arena_plan(graph, board), board, mode)


__all__ = ["library_of", "model_file", "plan", "run", "script"]
