"""Runs configurations: what they share is made once, and a script is run once a course and not once a configuration."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from omvsim.boards import Board, load_board
from omvsim.errors import BoardError, ScenarioError
from omvsim.firmware import InputKind, LoadMode
from omvsim.graph import Model, read_model
from omvsim.modelfile import arena_plan, model_file
from omvsim.runs.scenario import (
    DEFAULT_SCENARIO,
    Case,
    Options,
    RunResult,
    failure_of,
    load_scenario,
    session_of,
    trusted,
    verdict_of,
)
from omvsim.tape import Courses
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.firmware import Camera, ModelFile
    from omvsim.runs import ScriptSession
    from omvsim.runs.scenario import Scenario
    from omvsim.tape import Foreseen
    from omvsim.tflm import ArenaPlan
    from omvsim.whatif._configuration import Configuration

SIZING_ARENA = "sizing arena"
MOST_SCRIPTS = 64
"""Scripts with their options whose courses are kept."""
_PLAYED = re.compile(r"(?:gc|uma)\[[0-9]+\]\.size|(?:frame_buffer|fb_alloc|overlay)\.size")
"""Sizes on which a script is foreseen: a tape says where its course would be another one. Any other value of a board
starts courses of its own."""
_Value = TypeVar("_Value")
_MISTAKES = ("no value", "no firmware", "no such", "there is no area", "cannot be")
"""In an error about a board: what was asked for does not exist, so trying another size of it is no use."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a configuration ended, as plain values. Sizes are bytes."""

    verdict: str
    """A :class:`~omvsim.verdict.Verdict`, or ``impossible`` for a memory map that does not fit."""
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
    """Free GC heap after a collection at the end."""
    longest_free_bytes: int = 0
    provenance: str | None = None
    """How far the figures can be trusted; None where there was nothing to run."""

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
    """Keeps what configurations share; ``tried`` is called after each that was simulated."""

    def __init__(self, tried: Callable[[], None] | None = None) -> None:
        self._tried = tried
        self._models: dict[str, Model] = {}
        self._plans: dict[tuple[str, str, bool], ArenaPlan] = {}
        self._files: dict[tuple[object, ...], ModelFile] = {}
        self._profiles: dict[tuple[str, str], Board] = {}
        self._boards: dict[tuple[object, ...], Board | str] = {}
        self._courses: dict[tuple[object, ...], Courses] = {}
        self.evaluations = 0

    def evaluate(self, configuration: Configuration) -> Outcome:
        """How it ends.

        Raises:
            InputError: model, scenario or board cannot be used. A map that does not fit is an outcome, not an error.
        """
        board = self._board(configuration)
        if isinstance(board, str):
            return Outcome("impossible", "board", board)
        self.evaluations += 1
        found = _outcome(self.courses(configuration, board).on(board), self._file(configuration, board))
        if self._tried is not None:
            self._tried()
        return found

    def courses(self, configuration: Configuration, board: Board) -> Courses:
        """What is known of its script and options on boards that differ in sizes of areas and pools only.

        Raises:
            InputError: as :meth:`case`.
        """
        others = tuple(value for value in configuration.settings if not _PLAYED.fullmatch(value[0]))
        key = (*_scripted(configuration), others, len(board.uma_pools))
        found = self._courses.get(key)
        if found is None:
            if len(self._courses) >= MOST_SCRIPTS:
                del self._courses[next(iter(self._courses))]
            case = self.case(configuration, board)
            found = self._courses[key] = Courses(lambda on, camera: _session(case, on, camera))
        return found

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
        scenario = load_scenario(configuration.scenario or DEFAULT_SCENARIO)
        if configuration.until == "load" and "LOOPS" not in scenario.options:
            raise ScenarioError(scenario.name, "its script has no option LOOPS, so it cannot be run until its load")
        options = Options(
            load=None if configuration.load is None else LoadMode(configuration.load),
            input=None if configuration.input is None else InputKind(configuration.input),
            loops=0 if configuration.until == "load" else _unless(configuration.loops, 1, scenario, "LOOPS"),
            keep_output=_unless(configuration.keep_output, False, scenario, "KEEP_OUTPUT"),
            callback=_unless(configuration.callback, False, scenario, "CALLBACK"),
            collect=_unless(configuration.collect, "none", scenario, "COLLECT"),
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
        key = (name, board.release.library, board.measured, load, board.filesystems, board.built_in)
        if key not in self._files:
            if name not in self._models:
                self._models[name] = read_model(name)
            plan_key = (name, board.release.library, board.measured)
            if plan_key not in self._plans:
                self._plans[plan_key] = arena_plan(self._models[name], board)
            self._files[key] = model_file(
                self._models[name], self._plans[plan_key], board, None if load is None else LoadMode(load)
            )
        return self._files[key]


def _scripted(configuration: Configuration) -> tuple[object, ...]:
    """What decides the script and the files, whatever the sizes are."""
    fields = dataclasses.fields(configuration)
    return tuple(getattr(configuration, field.name) for field in fields if field.name not in ("gc", "settings"))


def _unless(value: _Value, default: _Value, scenario: Scenario, option: str) -> _Value | None:
    """What a configuration says by default is not asked of a script that has no such option."""
    return None if value == default and option not in scenario.options else value


def _session(case: Case, board: Board, camera: Camera) -> ScriptSession:
    files = (case.model, *case.others.values())
    return session_of(case.scenario, board, files, case.options, camera=camera)


def _outcome(seen: Foreseen, file: ModelFile) -> Outcome:
    failure, loaded = failure_of(seen.course), seen.course.loaded
    sizing = seen.last_request(SIZING_ARENA)
    return Outcome(
        verdict=str(verdict_of(seen.course)),
        stage="" if failure is None else failure.step,
        error="" if failure is None else failure.text,
        model_ram=loaded[0].ram if loaded else None,
        arena_area=loaded[-1].arena_area if loaded else "",
        data_area=loaded[-1].data_area if loaded else "",
        sizing_bytes=0 if sizing is None else sizing[0],
        sizing_area="" if sizing is None else sizing[1],
        free_bytes=seen.free,
        longest_free_bytes=seen.longest_free,
        provenance=str(trusted(seen.board, file, seen.course)),
    )


def _shape(error: str) -> str:
    """An error text without the size of the sizing arena, which differs from size to size."""
    return error.partition("AllocateTensors in the sizing arena")[0]
