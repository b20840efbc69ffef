"""Carries out the steps that only stories have, for a session."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from omvsim.errors import DeviceError, ScenarioError
from omvsim.firmware import InputKind
from omvsim.scenario._camera_actions import CameraActions
from omvsim.scenario._result import Snapshot
from omvsim.scenario._story_steps import (
    Alloc,
    Attempt,
    Call,
    CopyToFb,
    Delete,
    ExtraFb,
    Fill,
    FormatText,
    Grab,
    Leave,
    Mark,
    PoolAlloc,
    Raise,
    Repeat,
    Sensor,
    TakeShape,
    When,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.heap import Chunk
    from omvsim.scenario._session import Session
    from omvsim.scenario._story_steps import StoryStep


class Story:
    """The steps of a session that are not the reference script's."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @cached_property
    def actions(self) -> CameraActions:
        """The camera's own steps."""
        return CameraActions(self.session.camera)

    def run_step(self, step: StoryStep) -> bool:
        """Run one step; False when the script ended in an exception."""
        match step:
            case Repeat():
                return all(self.session.run_steps(step.steps) for _ in range(step.times))
            case Attempt():
                return self._attempt(step)
            case When():
                return not self._holds(step) or self.session.run_steps(step.steps)
            case Call():
                return self._call(step)
            case Mark() | TakeShape() | Leave() | Delete():
                self._note(step)
                return True
        return self.session.record(*self._plan(step))

    def _note(self, step: Mark | TakeShape | Leave | Delete) -> None:
        """Steps that ask nothing of the heap."""
        session = self.session
        match step:
            case Mark(label):
                session.snapshots.append(Snapshot(label, len(session.records), session.heap.gc.info()))
            case TakeShape(into, model, index):
                count = len(session.needs(model).graph.main.input_tensors)
                if index >= count:
                    raise ScenarioError(session.scenario.name, f"{model!r} has no input number {index}, only {count}")
                session.bind(into, session.runner.input_shape(model, index))
            case Delete(name):
                session.runner.forget(name)
                session.py.del_global(name)
            case Leave(model, slot):
                session.leave(model, slot)

    def _attempt(self, step: Attempt) -> bool:
        self.session.trying += 1
        try:
            fine = self.session.run_steps(step.steps)
        finally:
            self.session.trying -= 1
        return fine or (self.session.failure is None and self.session.run_steps(step.otherwise))

    def _holds(self, step: When) -> bool:
        if step.name not in self.session.heap.globals:
            return False
        if not step.picture:
            return True
        return self.session.runner.input_kind(step.name) is InputKind.CAMERA

    def _call(self, step: Call) -> bool:
        session = self.session
        frame: list[Chunk] = []

        def enter() -> None:
            chunk = session.heap.alloc_maybe(step.frame, f"state of {step.function}()")  # else on the C stack
            frame.extend([chunk] if chunk is not None else [])
            session.heap.permanent.extend(frame)

        if step.frame and not session.record("call", f"{step.function}()", enter, False):
            return False
        fine = session.run_steps(step.steps)
        for chunk in frame:
            session.heap.permanent.remove(chunk)
            session.heap.free(chunk)
        session.py.forget_exception()
        value = None if step.returns is None else session.heap.globals.get(step.returns)
        for name in [name for name in session.heap.globals if name.startswith(f"{step.function}.")]:
            del session.heap.globals[name]
            if name != step.returns:
                session.runner.forget(name)
        if fine and step.into is not None:
            session.bind(step.into, value)
            if step.returns is not None:
                session.runner.move(step.returns, step.into)
        return fine

    def _plan(
        self, step: Alloc | Fill | Sensor | Grab | ExtraFb | CopyToFb | FormatText | Raise | PoolAlloc
    ) -> tuple[str, str, Callable[[], None], bool]:
        """(name, detail, what to do, whether the script catches its exception) of a simple step."""
        match step:
            case Alloc():
                return "alloc", f"{step.count} × {step.bytes} bytes", lambda: self._alloc(step), step.may_fail
            case Fill() | Sensor() | Grab() | ExtraFb() | CopyToFb():
                name, detail = self.actions.title(step)
                return name, detail, lambda: self.actions.do(step), step.may_fail
            case FormatText(length):
                return "text", f"{length} characters", lambda: self.session.py.format_text(length), False
            case Raise(error):
                return "raise", error, lambda: self._raise(error), False
            case PoolAlloc():
                return "pool", f"{step.bytes} bytes", lambda: self._pool_alloc(step), False

    def _raise(self, text: str) -> None:
        kind, _, message = text.partition(": ")
        error = type(kind, (DeviceError,), {"python_type": kind})(message)
        with self.session.py.python_frames(1):
            self.session.py.raise_constant(error)

    def _pool_alloc(self, step: PoolAlloc) -> None:
        pools = self.session.camera.uma
        if pools is None:
            raise ScenarioError("pool_alloc", f"{self.session.board.firmware} has no UMA pools")
        address = pools.malloc(step.bytes, step.flags)
        if address is not None:
            self.session.camera.placed(step.bytes, address, "uma", "the script's own")

    def _alloc(self, step: Alloc) -> None:
        if step.into is None:
            for _ in range(step.count):
                self._object(step)
        elif step.count == 1:
            self.session.bind(step.into, self._object(step))
        else:
            made = self.session.py.list_of((), f"list of {step.what}")
            for number in range(step.count):
                self.session.py.append(made, number, self._object(step))
            self.session.bind(step.into, made)

    def _object(self, step: Alloc) -> Chunk:
        chunks = [self.session.py.malloc(size, step.what) for size in (*step.before, step.bytes, *step.after)]
        return chunks[0].holds(*chunks[1:])
