"""Runs a scenario's steps on a simulated camera and records what each did."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from omvsim.errors import DeviceCrash, DeviceError, ScenarioError
from omvsim.firmware import (
    Camera,
    DeviceNoFileError,
    InputKind,
    LoadMode,
    Player,
    check_stored,
    path_on_camera,
    recording,
)
from omvsim.scenario._camera_actions import CameraActions
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
    Alloc,
    Attempt,
    Boot,
    Call,
    Collect,
    CopyToFb,
    Deep,
    Delete,
    Describe,
    ExtraFb,
    Fill,
    FormatText,
    Grab,
    Import,
    Leave,
    Load,
    Main,
    MakeInput,
    Mark,
    Options,
    PoolAlloc,
    Predict,
    Raise,
    Release,
    Repeat,
    Scenario,
    Sensor,
    Step,
    TakeShape,
    When,
)
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from omvsim.boards import Board
    from omvsim.firmware import ModelFile
    from omvsim.heap import Chunk

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
    ) -> None:
        self.board = board
        self.model = model
        self.others = dict(others or {})
        self.scenario = scenario
        self.options = options or scenario.options
        self.ledger = Ledger()
        self.camera = Camera(board, observer=self.ledger)
        self.heap = self.camera.heap
        self.ledger.heap = self.heap
        self.py = self.camera.py
        start = recording(model.path, board.firmware, to_fb=model.mode is LoadMode.FB)
        self.player = Player(self.py, start, model.path)
        self.runner = runner_for(self.camera, self.options.postprocess)
        self.actions = CameraActions(self.camera)
        self.records: list[StepRecord] = []
        self.failure: Failure | None = None
        self.unstored = False
        """Whether the script loaded a file that the camera cannot have there: whatever it did then is no promise."""
        self.loop: LoopState | None = None
        self.snapshots: list[Snapshot] = []
        self._trying = 0
        self._inputs: dict[str, InputKind] = {}

    def run(self) -> RunResult:
        """Run every step until the first exception that the script does not catch."""
        self._run_steps(self.scenario.steps)
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
        self._run_steps(self.scenario.steps)
        return self._verdict()

    def _verdict(self) -> Verdict:
        return Verdict.NO_SPACE if self.unstored else verdict_of(self.model, self.failure)

    # -- steps --------------------------------------------------------------------------------------------------

    def _run_steps(self, steps: tuple[Step, ...]) -> bool:
        """Run ``steps``; False when the script ended in an exception."""
        return all(self._run_step(step) for step in steps)

    def _run_step(self, step: Step) -> bool:
        match step:
            case Repeat():
                return all(self._run_steps(step.steps) for _ in range(step.times))
            case Predict():
                return self._predictions(step)
            case Attempt():
                return self._attempt(step)
            case When():
                return not self._holds(step) or self._run_steps(step.steps)
            case Call():
                return self._call(step)
            case Mark() | TakeShape() | Deep() | Leave() | Delete():
                self._note(step)
                return True
        return self._record(*self._plan(step))

    def _note(self, step: Mark | TakeShape | Deep | Leave | Delete) -> None:
        """Steps that ask nothing of the heap."""
        match step:
            case Mark(label):
                self.snapshots.append(Snapshot(label, len(self.records), self.heap.gc.info()))
            case TakeShape(into, model, index):
                count = len(self._needs(model).graph.main.input_tensors)
                if index >= count:
                    raise ScenarioError(self.scenario.name, f"{model!r} has no input number {index}, only {count}")
                self._bind(into, self.runner.input_shape(model, index))
            case Delete(name):
                self.runner.forget(name)
                self.py.del_global(name)
            case Deep(slots):
                self.py.reuse_stack(slots)
            case Leave(model, slot):
                self._leave(model, slot)

    def _leave(self, model: str, slot: int) -> None:
        left = {slot + 1: self.runner.root(model), slot + 2: self.py.argument}
        self.py.leave_in_stack({number: chunk for number, chunk in left.items() if chunk is not None})

    def _attempt(self, step: Attempt) -> bool:
        self._trying += 1
        try:
            fine = self._run_steps(step.steps)
        finally:
            self._trying -= 1
        return fine or (self.failure is None and self._run_steps(step.otherwise))

    def _raise(self, text: str) -> None:
        kind, _, message = text.partition(": ")
        error = type(kind, (DeviceError,), {"python_type": kind})(message)
        with self.py.python_frames(1):
            self.py.raise_constant(error)

    def _pool_alloc(self, step: PoolAlloc) -> None:
        pools = self.camera.uma
        if pools is None:
            raise ScenarioError("pool_alloc", f"{self.board.firmware} has no UMA pools")
        address = pools.malloc(step.bytes, step.flags)
        if address is not None:
            self.camera.placed(step.bytes, address, "uma", "the script's own")

    def _call(self, step: Call) -> bool:
        frame: list[Chunk] = []

        def enter() -> None:
            chunk = self.heap.alloc_maybe(step.frame, f"state of {step.function}()")  # else on the C stack
            frame.extend([chunk] if chunk is not None else [])
            self.heap.permanent.extend(frame)

        if step.frame and not self._record("call", f"{step.function}()", enter, False):
            return False
        fine = self._run_steps(step.steps)
        for chunk in frame:
            self.heap.permanent.remove(chunk)
            self.heap.free(chunk)
        self.py.forget_exception()
        value = None if step.returns is None else self.heap.globals.get(step.returns)
        for name in [name for name in self.heap.globals if name.startswith(f"{step.function}.")]:
            del self.heap.globals[name]
            if name != step.returns:
                self.runner.forget(name)
        if fine and step.into is not None:
            self._bind(step.into, value)
            if step.returns is not None:
                self.runner.move(step.returns, step.into)
        return fine

    def _needs(self, name: str) -> ModelFile:
        """The file of the model called ``name``.

        Raises:
            ScenarioError: the steps so far loaded none of that name.
        """
        file = self.runner.file(name)
        if file is None:
            raise ScenarioError(self.scenario.name, f"no model is called {name!r} at this point: load it first")
        return file

    def _bind(self, name: str, value: Chunk | None) -> None:
        """``name = value`` at the script's top level, or in a function of it (``function.name``)."""
        self.runner.forget(name)
        if "." not in name:
            self.py.set_global(name, value)
        elif value is not None:
            self.heap.globals[name] = value

    def _holds(self, step: When) -> bool:
        if step.name not in self.heap.globals:
            return False
        if not step.picture:
            return True
        return self.runner.input_kind(step.name) is InputKind.CAMERA

    def _plan(self, step: Step) -> tuple[str, str, Callable[[], None], bool]:
        """(name, detail, what to do, whether the script catches its exception) of a simple step."""
        match step:
            case Collect():
                return "collect", "gc.collect()", self.heap.collect, False
            case Load():
                file = self._loaded_as(step.mode, self._file(step.model))
                self.model = file if step.model is None else self.model
                call = "tf.load" if self.board.release.module == "tf" else "ml.Model"
                return "load", f"{call}({file.path!r})", lambda: self._load(step, file), step.may_fail
            case Describe(name):
                self._needs(name)
                return "describe", f"print({name}.input_shape, …)", lambda: self.runner.describe(name), False
            case MakeInput():
                self._needs(step.model)
                kind = self._input_kind(step.kind, step.model)
                return "input", kind, lambda: self._make_input(step, kind), False
            case Alloc():
                return "alloc", f"{step.count} × {step.bytes} bytes", lambda: self._alloc(step), step.may_fail
            case Fill() | Sensor() | Grab() | ExtraFb() | CopyToFb():
                name, detail = self.actions.title(step)
                return name, detail, lambda: self.actions.do(step), step.may_fail
            case Release(name):
                return "release", f"{name} = None", lambda: self._release(name), False
        return self._plan_small(step)

    def _plan_small(self, step: Step) -> tuple[str, str, Callable[[], None], bool]:
        """The same for the start of the script and its smallest statements."""
        match step:
            case Boot():
                return "boot", "power-up and _boot.py", lambda: self.player.play("boot"), False
            case Main():
                return "main", "compile main.py", lambda: self.player.play("main"), False
            case Import(module):
                return f"import {module}", "", lambda: self._import(module), False
            case FormatText(length):
                return "text", f"{length} characters", lambda: self.py.format_text(length), False
            case Raise(error):
                return "raise", error, lambda: self._raise(error), False
            case PoolAlloc():
                return "pool", f"{step.bytes} bytes", lambda: self._pool_alloc(step), False
        raise AssertionError(step)

    def _record(self, name: str, detail: str, action: Callable[[], None], caught: bool) -> bool:
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
            tried = self._trying and not isinstance(raised, DeviceCrash)
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
        self._bind(step.into, root)
        self.runner.move(LOADING, step.into)

    def _import(self, module: str) -> None:
        if self.board.release.module == "ml":  # ``tf`` and its companions are built in: nothing is allocated
            self.player.play(f"import {module}")

    def _input_kind(self, kind: InputKind | None, model: str) -> InputKind:
        return kind or self.options.input or self.runner.input_kind(model)

    def _make_input(self, step: MakeInput, kind: InputKind) -> None:
        self.py.set_global(step.into, None)
        self.py.set_global(step.into, self.runner.make_input(step.model, kind))

    def _alloc(self, step: Alloc) -> None:
        if step.into is None:
            for _ in range(step.count):
                self._object(step)
        elif step.count == 1:
            self._bind(step.into, self._object(step))
        else:
            made = self.py.list_of((), f"list of {step.what}")
            for number in range(step.count):
                self.py.append(made, number, self._object(step))
            self._bind(step.into, made)

    def _object(self, step: Alloc) -> Chunk:
        chunks = [self.py.malloc(size, step.what) for size in (*step.before, step.bytes, *step.after)]
        return chunks[0].holds(*chunks[1:])

    def _release(self, name: str) -> None:
        self._bind(name, None)

    # -- the loop -----------------------------------------------------------------------------------------------

    def _predictions(self, step: Predict) -> bool:
        """The loop of predictions, a record each, and what it says about garbage and collections."""
        options = self.options
        self._needs(step.model)
        kind = self._input_kind(step.kind, step.model)
        keep = options.keep_output if step.keep is None else step.keep
        callback = options.callback if step.callback is None else step.callback
        times = options.loops if step.times is None else step.times
        first = len(self.records)
        fine = True
        for _ in range(times):
            fine = self._record("predict", kind, lambda: self._predict(step, kind, keep, callback), step.may_fail)
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
                self._leave(step.model, step.slot)
        if keep:
            self._bind(step.into, result)
