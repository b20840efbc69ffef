"""Runs configurations: a model is parsed, and its arena planned, once a library and not once a configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omvsim.boards import Board, load_board
from omvsim.errors import BoardError
from omvsim.firmware import InputKind, LoadMode, recording
from omvsim.graph import Model, read_model
from omvsim.heap import BLOCK
from omvsim.modelfile import library_of, model_file
from omvsim.runs.scenario import DEFAULT_SCENARIO, Case, RunResult
from omvsim.runs.scenario import Options as Chosen
from omvsim.runs.scenario import load_scenario as load_script
from omvsim.scenario import Options, Session
from omvsim.tflm import ArenaPlan, plan_arena
from omvsim.verdict import Verdict
from omvsim.whatif._small_script import SmallScript
from omvsim.whatif._story import story_of

if TYPE_CHECKING:
    from omvsim.firmware import ModelFile
    from omvsim.scenario import Scenario
    from omvsim.whatif._configuration import Configuration

_MISTAKES = ("no value", "no firmware", "no such", "there is no area", "cannot be")
"""In an error about a board: what was asked for does not exist, so trying another size of it is no use."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a configuration ended, as plain values. Sizes are bytes."""

    verdict: str
    """A :class:`~omvsim.scenario.Verdict`, or ``impossible`` for a memory map that does not fit."""
    stage: str
    """Step that failed; empty if none did."""
    error: str
    """What the camera would print, or why the map does not fit; empty if it runs."""
    model_ram: int | None = None
    arena_area: str = ""
    data_area: str = ""
    sizing_bytes: int = 0
    """The arena of the sizing pass: the longest free run when the (last) model was loaded."""
    sizing_area: str = ""
    free_bytes: int = 0
    """Free GC heap at the end."""
    longest_free_bytes: int = 0

    @property
    def works(self) -> bool:
        """Whether the script ran to its end."""
        return self.verdict == Verdict.OK

    @property
    def may_crash(self) -> bool:
        """Whether the camera may die."""
        return self.verdict == Verdict.MAY_CRASH

    @property
    def kind(self) -> tuple[str, ...]:
        """What tells outcomes apart when an edge is searched: two neighbours that differ here have one between them."""
        return (self.verdict, self.stage, _shape(self.error), self.arena_area, self.data_area, self.sizing_area)


class Evaluator:
    """Keeps what configurations share."""

    def __init__(self) -> None:
        self._models: dict[str, Model] = {}
        self._plans: dict[tuple[str, str], ArenaPlan] = {}
        self._files: dict[tuple[object, ...], ModelFile] = {}
        self._profiles: dict[tuple[str, str], Board] = {}
        self._boards: dict[tuple[object, ...], Board | str] = {}
        self._stories: dict[tuple[object, ...], Scenario] = {}
        self.evaluations = 0

    def evaluate(self, configuration: Configuration) -> Outcome:
        """Run it.

        Raises:
            InputError: model, scenario or board cannot be used. A map that does not fit is an outcome, not an error.
        """
        board = self._board(configuration)
        if isinstance(board, str):
            return Outcome("impossible", "board", board)
        session = self._session(configuration, board)
        return _outcome(session, session.verdict())

    def run(self, configuration: Configuration) -> RunResult:
        """The full result of one configuration.

        Raises:
            InputError: something in it cannot be used.
        """
        return self.case(configuration, self.camera(configuration)).run()

    def case(self, configuration: Configuration, board: Board) -> Case:
        """What the engine runs: the scenario's script with the configuration's options.

        Raises:
            InputError: the scenario cannot be used, or has no option for a key of the configuration.
        """
        scenario = load_script(configuration.scenario or DEFAULT_SCENARIO)
        options = Chosen(
            load=None if configuration.load is None else LoadMode(configuration.load),
            input=None if configuration.input is None else InputKind(configuration.input),
            loops=0 if configuration.until == "load" else configuration.loops,
            keep_output=configuration.keep_output,
            callback=configuration.callback,
            collect=configuration.collect,
            framesize=configuration.framesize,
            pixformat=configuration.pixformat,
            framebuffers=configuration.framebuffers,
        )
        others = {name: self._model_file(name, board, configuration.load) for name in scenario.models}
        return Case(board, self._file(configuration, board), scenario, options, others)

    def plan(self, configuration: Configuration) -> ArenaPlan:
        """The arena plan of its model for its release's library."""
        return self._file(configuration, self.camera(configuration)).plan

    def model(self, configuration: Configuration) -> Model:
        """Its model."""
        return self._file(configuration, self.camera(configuration)).graph

    def mode(self, configuration: Configuration) -> LoadMode:
        """Where its model is loaded from or to."""
        return self._file(configuration, self.camera(configuration)).mode

    def camera(self, configuration: Configuration) -> Board:
        """Its board.

        Raises:
            BoardError: unknown board, release or key, or a map that does not fit.
        """
        return configuration.camera(self._profile)

    def _profile(self, board: str, firmware: str) -> Board:
        if (board, firmware) not in self._profiles:
            self._profiles[board, firmware] = load_board(board, firmware)
        return self._profiles[board, firmware]

    def _session(self, configuration: Configuration, board: Board) -> Session:
        self.evaluations += 1
        story = self._story(configuration)
        options = Options(
            load=None if configuration.load is None else LoadMode(configuration.load),
            input=None if configuration.input is None else InputKind(configuration.input),
            loops=configuration.loops,
            keep_output=configuration.keep_output,
            callback=configuration.callback,
        )
        others = {name: self._model_file(name, board, configuration.load) for name in story.models}
        session = Session(board, self._file(configuration, board), story, others=others, options=options)
        if configuration.scenario is None:
            path = session.model.path
            session.player = SmallScript(session.py, recording(path, board.release), path)
        return session

    def _story(self, configuration: Configuration) -> Scenario:
        parts = ("scenario", "until", "input", "collect", "framesize", "pixformat", "framebuffers")
        key = tuple(getattr(configuration, part) for part in parts)
        if key not in self._stories:
            self._stories[key] = story_of(configuration)
        return self._stories[key]

    def _board(self, configuration: Configuration) -> Board | str:
        """The board, or why there is none."""
        key = (configuration.board, configuration.firmware, configuration.gc, configuration.settings)
        if key not in self._boards:
            if len(self._boards) > 256:
                self._boards.clear()
            try:
                self._boards[key] = self.camera(configuration)
            except BoardError as error:
                if any(words in error.cause for words in _MISTAKES):
                    raise
                self._boards[key] = str(error)
        return self._boards[key]

    def _file(self, configuration: Configuration, board: Board) -> ModelFile:
        return self._model_file(configuration.model, board, configuration.load)

    def _model_file(self, name: str, board: Board, load: str | None) -> ModelFile:
        key = (name, board.release.library, load, board.filesystems, board.built_in)
        if key not in self._files:
            if name not in self._models:
                self._models[name] = read_model(name)
            plan_key = (name, board.release.library)
            if plan_key not in self._plans:
                self._plans[plan_key] = plan_arena(self._models[name], library_of(board))
            self._files[key] = model_file(
                self._models[name], self._plans[plan_key], board, None if load is None else LoadMode(load)
            )
        return self._files[key]


def _outcome(session: Session, verdict: Verdict) -> Outcome:
    failure, models, gc = session.failure, session.runner.history, session.heap.gc
    sizing = [entry for entry in session.ledger.allocations if entry.owner == "sizing arena"]
    return Outcome(
        verdict=str(verdict),
        stage="" if failure is None else failure.step,
        error="" if failure is None else failure.exception or failure.reason,
        model_ram=models[0].ram if models else None,
        arena_area=models[-1].arena_area if models else "",
        data_area=models[-1].data_area if models else "",
        sizing_bytes=sizing[-1].bytes if sizing else 0,
        sizing_area=sizing[-1].area if sizing else "",
        free_bytes=gc.free_bytes,
        longest_free_bytes=gc.max_free() * BLOCK,
    )


def _shape(error: str) -> str:
    """An error text without the size of the sizing arena, which differs from size to size."""
    return error.partition("AllocateTensors in the sizing arena")[0]
