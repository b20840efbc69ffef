"""Runs a scenario's script with a model on the engine that runs any script, and reads off what became of the model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from omvsim.errors import ScenarioError
from omvsim.provenance import Provenance
from omvsim.records import replace
from omvsim.runs.growing import growth
from omvsim.runs.options import ScriptOptions
from omvsim.runs.result import Failure
from omvsim.runs.scenario.options import values_of
from omvsim.runs.scenario.result import LoopState, RunResult
from omvsim.runs.session import ScriptSession
from omvsim.runs.trust import provenance_of
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from omvsim.boards import Board
    from omvsim.firmware import Camera, ModelFile, Watcher
    from omvsim.runs.result import ScriptResult
    from omvsim.runs.scenario.edits import Edit
    from omvsim.runs.scenario.options import Options
    from omvsim.runs.scenario.scenario import Scenario
    from omvsim.runs.scenario.text import Prepared
    from omvsim.runs.steps import StepRecord

LOOP_STEP: Final = "predict"
"""What the steps of the loop are called in a scenario."""


def run_scenario(
    scenario: Scenario,
    board: Board,
    file: ModelFile,
    options: Options,
    others: Mapping[str, ModelFile] | None = None,
    *,
    watcher: Watcher | None = None,
    edits: Sequence[Edit] = (),
    settings: ScriptOptions | None = None,
) -> RunResult:
    """One run from power-up to the script's end.

    ``edits`` are changes of the script's text, ``settings`` what any script's run is given.

    Raises:
        ScenarioError: the script has no option for something that was asked for, or it never loads a model.
    """
    files = (file, *(others or {}).values())
    session = session_of(scenario, board, files, options, watcher=watcher, edits=edits, settings=settings)
    result = result_of(session, session.run(), scenario, file, options, others=others)
    return replace(result, edits=tuple(edits), settings=settings) if edits or settings else result


def result_of(
    session: ScriptSession,
    ended: ScriptResult,
    scenario: Scenario,
    file: ModelFile,
    options: Options,
    *,
    others: Mapping[str, ModelFile] | None = None,
) -> RunResult:
    """What a session that ran tells of its model.

    Raises:
        ScenarioError: the script never loads a model.
    """
    board = session.board
    if ended.verdict is Verdict.OK and not ended.models:
        raise ScenarioError(scenario.name, f"the script never loads a model: nothing can be said of {file.path}")
    books = session.steps
    assert books is not None
    return RunResult(
        board=board,
        model=file,
        scenario=scenario,
        options=options,
        script=session.source.decode(),
        verdict=verdict_of(ended),
        failure=failure_of(ended),
        steps=tuple(books.steps),
        allocations=tuple(books.made),
        collections=books.collections_by_step(),
        course=ended,
        snapshot=ended.snapshot,
        models=ended.loaded,
        loop=loop_state([step for step in books.steps if step.name == LOOP_STEP]),
        provenance=trusted(board, file, ended),
        notes=tuple(ended.notes),
        output=ended.output,
        others=dict(others or {}),
        boxes=ended.boxes,
    )


def session_of(
    scenario: Scenario,
    board: Board,
    files: Sequence[ModelFile],
    options: Options,
    *,
    watcher: Watcher | None = None,
    camera: Camera | None = None,
    edits: Sequence[Edit] = (),
    settings: ScriptOptions | None = None,
) -> ScriptSession:
    """The engine with a scenario's script on it, not started yet; the first of ``files`` is the run's model.

    Args:
        camera: the board's, as it was built; a new one by default.

    Raises:
        ScenarioError: the script has no option for something that was asked for, or a change does not apply.
    """
    prepared = prepared_of(scenario, board, files[0], options, edits)
    if settings is not None:
        return _own_session(scenario, board, files, prepared, edits, settings, watcher)
    there = {Path(file.graph.source).name: Path(file.graph.source) for file in files}
    return ScriptSession(
        board,
        scenario.folder / scenario.file,
        ScriptOptions(
            frames=None,
            detections=_finds(options),
            source=options.source,
            given={file.path: file for file in files},
            extra={name: path for name, path in there.items() if path.is_file()},
            only_memory=options.source is None,
            collect_at_end=options.collect_at_end,
            told_when_interrupted=False,  # what came out so far is no answer for a model
            computed=_computed(options, files[0]),
            labels=prepared.labels,
            watcher=watcher,
        ),
        source=prepared.text.encode(),
        camera=camera,
    )


def prepared_of(
    scenario: Scenario, board: Board, file: ModelFile, options: Options, edits: Sequence[Edit] = ()
) -> Prepared:
    """The script for the camera: with its options, and changed.

    Raises:
        ScenarioError: it has no option for something that was asked for, or a change does not apply.
    """
    prepared = scenario.prepare(values_of(scenario, board, file, options))
    if not edits:
        return prepared
    from omvsim.runs.scenario.edits import all_edited  # noqa: PLC0415 - a run that works changes nothing

    found = all_edited(prepared, edits)
    if found is None:
        raise ScenarioError(scenario.name, "its text has no place for a change")
    return found


def _own_session(  # noqa: PLR0917 - what makes a session
    scenario: Scenario,
    board: Board,
    files: Sequence[ModelFile],
    prepared: Prepared,
    edits: Sequence[Edit],
    settings: ScriptOptions,
    watcher: Watcher | None,
) -> ScriptSession:
    """A script of the user's with what its run is given; files are where it finds them, but for those moved."""
    from omvsim.runs.scenario.edits import Change  # noqa: PLC0415 - as above

    moved = {edit.value[0] for edit in edits if edit.change is Change.PATH and edit.value[0] != edit.path}
    return ScriptSession(
        board,
        scenario.folder / scenario.file,
        replace(
            settings,
            echo=False,
            told_when_interrupted=False,
            watcher=watcher,
            given={file.path: file for file in files if file.path in moved},
            labels=prepared.labels,
        ),
        source=prepared.text.encode(),
    )


def _computed(options: Options, file: ModelFile) -> dict[str, Sequence[NDArray[Any]]]:
    """Outputs that are known already, by the model's path."""
    outputs = None if options.postprocess is None else options.postprocess.outputs
    return {} if outputs is None else {file.path: outputs}


def _finds(options: Options) -> int | None:
    """How many boxes and blobs are found: none where nobody says, for there is nothing to see in outputs of zeros."""
    if options.postprocess is not None:
        return options.postprocess.detections
    return 0 if options.source is None else None


def verdict_of(ended: ScriptResult) -> Verdict:
    """What the run promises of its model. A file that is too large is no pass where the script caught that: whatever
    it did then is no promise for this model."""
    if ended.unstored:
        return Verdict.NO_SPACE
    return Verdict.UNKNOWN if _without_model(ended) else ended.verdict


def _without_model(ended: ScriptResult) -> bool:
    """Whether the script ended well and no model was ever loaded: it caught the error, or did not try."""
    return ended.verdict is Verdict.OK and not ended.loaded


def failure_of(ended: ScriptResult) -> Failure | None:
    """What ended the script, in a run's terms: with a reason, and also where something that is not modelled did."""
    failure = ended.failure
    if failure is not None:
        return replace(failure, reason=failure.reason or ("" if failure.kind else failure.text.partition(": ")[2]))
    if _without_model(ended) and not ended.unstored:
        what = "the script went on without its model, whose loading failed"
        return Failure(what, "", 0, (), None, what, step=ended.last_step)
    if ended.verdict is not Verdict.UNKNOWN:
        return None
    what, line = ended.unmodelled[0] if ended.unmodelled else (ended.outcome.value, 0)
    return Failure(what, "", line, (), None, what, step=ended.last_step)


def trusted(board: Board, file: ModelFile, ended: ScriptResult) -> Provenance:
    """Of the figures of memory; of a model that was never loaded that of its arena counts all the same."""
    if verdict_of(ended) is Verdict.UNKNOWN:
        return Provenance.UNKNOWN
    return provenance_of(board, (file, *ended.models), doubted=ended.doubted)


def loop_state(frames: Sequence[StepRecord]) -> LoopState | None:
    """A loop's steady state: garbage per quiet frame, which frames collect, how many until one does."""
    if not frames:
        return None
    quiet = [frame.garbage_bytes for frame in frames if not frame.collections and frame.exception is None]
    garbage = quiet[-1] if quiet else None
    collected = tuple(number for number, frame in enumerate(frames, 1) if frame.collections)
    until = None
    if len(collected) > 1:
        until = collected[1] - collected[0]
    held, last = growth([frame.live_bytes for frame in frames]), frames[-1]
    if len(collected) <= 1 and (garbage or held):
        until = last.free_bytes // ((garbage or 0) + held) + len(frames)
    room = last.used_bytes + last.free_bytes - last.live_bytes
    return LoopState(len(frames), garbage, collected, until, held, room // held + len(frames) if held else None)


__all__ = [
    "failure_of",
    "loop_state",
    "prepared_of",
    "result_of",
    "run_scenario",
    "session_of",
    "trusted",
    "verdict_of",
]
