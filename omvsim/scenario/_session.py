"""Runs a scenario's steps on a simulated camera and records what each did."""

from __future__ import annotations

from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING

from omvsim.errors import DeviceCrash, DeviceError, ScenarioError
from omvsim.firmware import (
    Camera,
    DeviceNoFileError,
    InputKind,
    LoadMode,
    MomentKind,
    Player,
    check_stored,
    path_on_camera,
    recording,
)
from omvsim.scenario._ledger import Ledger
from omvsim.scenario._outcome import area_states, failure_of, loop_state, notes_of, provenance_of, verdict_of
from omvsim.scenario._pools import pool_states
from omvsim.scenario._result import (
    Failure,
    LoopState,
    RunResult,
    Snapshot,
    StepRecord,
)
from omvsim.scenario._runner import runner_for
from omvsim.scenario._steps import (
    Boot,
    Collect,
    Deep,
    Describe,
    Import,
    Load,
    Main,
    MakeInput,
    Options,
    Predict,
    Release,
    Scenario,
)
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from omvsim.boards import Board
    from omvsim.firmware import ModelFile, Watcher
    from omvsim.heap import Chunk
    from omvsim.scenario._steps import PlainStep
    from omvsim.scenario._story import Story
    from omvsim.scenario._story_steps import Step

LOADING = ""
"""What a model is known by until the script has bound it to a name."""


class Session:
    """One run: a board, the model (and any other the scenario names), the scenario and its options."""

    def __init__(
        self,
        board: Board,
        model: ModelFile,
        scenario: Scenario,
        *,
        others: Mapping[str, ModelFile] | None = None,
        options: Options | None = None,
        watcher: Watcher | None = None,
    ) -> None:
        self.board = board
        self.model = model
        self.others = dict(others or {})
        self.scenario = scenario
        self.options = options or scenario.options
        self.ledger = Ledger(watcher=watcher)
        self.camera = Camera(board, observer=self.ledger)
        self.heap = self.camera.heap
        self.ledger.heap = self.heap
        if watcher is not None:
            watcher.started(self.camera, lambda: len(self.ledger.allocations))
        self.py = self.camera.py
        start = recording(model.path, board.release, to_fb=model.mode is LoadMode.FB)
        self.player = Player(self.py, start, model.path)
        self.runner = runner_for(self.camera, self.options.postprocess)
        self.records: list[StepRecord] = []
        self.failure: Failure | None = None
        self.unstored = False
        """Whether the script loaded a file that the camera cannot have there: whatever it did then is no promise."""
        self.loop: LoopState | None = None
        self.snapshots: list[Snapshot] = []
        self.trying = 0
        """How many ``try`` the script is inside of."""
        self._inputs: dict[str, InputKind] = {}

    def run(self) -> RunResult:
        """Run every step until the first exception that the script does not catch."""
        self.run_steps(self.scenario.steps)
        return RunResult(
            board=self.board,
            scenario=self.scenario.name,
            model=self.model,
            verdict=self._verdict(),
            failure=self.failure,
            steps=tuple(self.records),
            allocations=tuple(self.ledger.allocations),
            collections=tuple(self.ledger.collections),
            areas=area_states(self.board, self.heap),
            models=tuple(self.runner.history),
            loop=self.loop,
            snapshots=tuple(self.snapshots),
            provenance=provenance_of(self.camera, self.model),
            notes=notes_of(self.camera),
            story=self.scenario,
            options=self.options,
            others=self.others,
            pools=pool_states(self.camera),
        )

    def verdict(self) -> Verdict:
        """Run every step and say only how it ended: what searches ask for, without the cost of a full result."""
        self.ledger.limit = 0
        self.run_steps(self.scenario.steps)
        return self._verdict()

    def _verdict(self) -> Verdict:
        return Verdict.NO_SPACE if self.unstored else verdict_of(self.model, self.failure)

    # -- steps --------------------------------------------------------------------------------------------------

    def run_steps(self, steps: tuple[Step, ...]) -> bool:
        """Run ``steps``; False when the script ended in an exception."""
        return all(self._run_step(step) for step in steps)

    def _run_step(self, step: Step) -> bool:
        match step:
            case Predict():
                return self._predictions(step)
            case Deep(slots):
                self.py.reuse_stack(slots)
                return True
            case Boot() | Main() | Import() | Collect() | Load() | Describe() | MakeInput() | Release():
                return self.record(*self._plan(step))
        return self._story.run_step(step)

    @cached_property
    def _story(self) -> Story:
        from omvsim.scenario._story import Story  # noqa: PLC0415 - a plain run has no such step

        return Story(self)

    def leave(self, model: str, slot: int) -> None:
        left = {slot + 1: self.runner.root(model), slot + 2: self.py.argument}
        self.py.leave_in_stack({number: chunk for number, chunk in left.items() if chunk is not None})

    def needs(self, name: str) -> ModelFile:
        """The file of the model called ``name``.

        Raises:
            ScenarioError: the steps so far loaded none of that name.
        """
        file = self.runner.file(name)
        if file is None:
            raise ScenarioError(self.scenario.name, f"no model is called {name!r} at this point: load it first")
        return file

    def bind(self, name: str, value: Chunk | None) -> None:
        """``name = value`` at the script's top level, or in a function of it (``function.name``)."""
        self.runner.forget(name)
        if "." not in name:
            self.py.set_global(name, value)
        elif value is not None:
            self.heap.globals[name] = value

    def _plan(self, step: PlainStep) -> tuple[str, str, Callable[[], None], bool]:
        """(name, detail, what to do, whether the script catches its exception) of a simple step."""
        match step:
            case Boot():
                return "boot", "power-up and _boot.py", lambda: self.player.play("boot"), False
            case Main():
                return "main", "compile main.py", lambda: self.player.play("main"), False
            case Import(module):
                return f"import {module}", "", lambda: self._import(module), False
            case Collect():
                return "collect", "gc.collect()", self.heap.collect, False
            case Load():
                file = self._loaded_as(step.mode, self._file(step.model))
                self.model = file if step.model is None else self.model
                call = "tf.load" if self.board.release.module == "tf" else "ml.Model"
                return "load", f"{call}({file.path!r})", lambda: self._load(step, file), step.may_fail
            case Describe(name):
                self.needs(name)
                return "describe", f"print({name}.input_shape, …)", lambda: self.runner.describe(name), False
            case MakeInput():
                self.needs(step.model)
                kind = self._input_kind(step.kind, step.model)
                return "input", kind, lambda: self._make_input(step, kind), False
            case Release(name):
                return "release", f"{name} = None", lambda: self.bind(name, None), False
        raise AssertionError(step)

    def record(self, name: str, detail: str, action: Callable[[], None], caught: bool) -> bool:
        """Do one step and record it; False when its exception ends the script."""
        self.ledger.step = len(self.records)
        count, total, collections = self.ledger.count, self.ledger.bytes, len(self.ledger.collections)
        refusals, used = len(self.ledger.refusals), self.heap.gc.used
        error: DeviceError | None = None
        try:
            with self.heap.call():
                action()
        except DeviceError as raised:
            error = raised
            refusal = self.ledger.refusals[refusals] if len(self.ledger.refusals) > refusals else None
            caught = caught and not isinstance(raised, DeviceCrash)
            tried = self.trying and not isinstance(raised, DeviceCrash)
            if self.failure is None and not caught and not tried:
                self.failure = failure_of(self.model, name, error, refusal)
        gc = self.heap.gc
        collected = len(self.ledger.collections) - collections
        self.records.append(
            StepRecord(
                index=len(self.records),
                name=name,
                detail=detail,
                used_bytes=gc.used,
                free_bytes=gc.free_bytes,
                max_free_blocks=gc.max_free(),
                allocations=self.ledger.count - count,
                allocated_bytes=self.ledger.bytes - total,
                garbage_bytes=0 if collected else max(0, gc.used - used),
                collections=collected,
                exception=None if error is None else str(error),
            )
        )
        if self.ledger.watcher is not None:
            self.ledger.watcher.saw(MomentKind.STEP, name, 0)
        return error is None or caught

    def _file(self, name: str | None) -> ModelFile:
        return self.model if name is None else self.others[name]

    def _loaded_as(self, mode: LoadMode | None, file: ModelFile) -> ModelFile:
        """The file as a step loads it that says where from."""
        if mode is None or mode is file.mode:
            return file
        path = path_on_camera(self.board, mode, PurePath(file.graph.source).name, file.graph.size)
        return file._replace(mode=mode, path=path)

    def _load(self, step: Load, file: ModelFile) -> None:
        try:
            check_stored(self.board, file)
        except DeviceNoFileError:
            self.unstored = True
            raise
        root = self.runner.load(LOADING, file, step.keywords)  # the name's old value lives until the new one exists
        self.bind(step.into, root)
        self.runner.move(LOADING, step.into)

    def _import(self, module: str) -> None:
        if self.board.release.module == "ml":  # ``tf`` and its companions are built in: nothing is allocated
            self.player.play(f"import {module}")

    def _input_kind(self, kind: InputKind | None, model: str) -> InputKind:
        return kind or self.options.input or self.runner.input_kind(model)

    def _make_input(self, step: MakeInput, kind: InputKind) -> None:
        self.py.set_global(step.into, None)
        self.py.set_global(step.into, self.runner.make_input(step.model, kind))

    # -- the loop -----------------------------------------------------------------------------------------------

    def _predictions(self, step: Predict) -> bool:
        """The loop of predictions, a record each, and what it says about garbage and collections."""
        options = self.options
        self.needs(step.model)
        kind = self._input_kind(step.kind, step.model)
        keep = options.keep_output if step.keep is None else step.keep
        callback = options.callback if step.callback is None else step.callback
        times = options.loops if step.times is None else step.times
        first = len(self.records)
        fine = True
        for _ in range(times):
            fine = self.record("predict", kind, lambda: self._predict(step, kind, keep, callback), step.may_fail)
            if not fine:
                break
        self.loop = loop_state(self.records[first:])
        return fine

    def _predict(self, step: Predict, kind: InputKind, keep: bool, callback: bool) -> None:
        if step.collect:
            self.heap.collect()
        try:
            result = self.runner.call(step, kind, callback=callback)
        finally:
            if step.slot is not None:
                self.leave(step.model, step.slot)
        if keep:
            self.bind(step.into, result)
