"""Runs a trace's script on the simulated camera and writes down what a recording of it would hold."""

from __future__ import annotations

import dataclasses
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.heap import UmaFlag
from omvsim.memory.requests import Phase
from omvsim.modelfile import ROM_LABELS
from omvsim.runs import Outcome
from omvsim.runs.options import ScriptOptions
from omvsim.runs.session import ScriptSession
from omvsim.traces import BIG, Allocation, Crash, End, Loaded, Raised, Snapshot, Trace, printed_model
from omvsim.validate._reason import CannotFollow
from omvsim.world.measured import Caught, Info, PoolRequest, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from omvsim.boards import Board
    from omvsim.memory.requests import Request
    from omvsim.runs import ScriptResult
    from omvsim.traces import TraceEvent
    from omvsim.validate._models import ModelLibrary
    from omvsim.world.measured import Measured

_CRASHES = (Outcome.MAY_CRASH, Outcome.HANGS)
_WHOLE = (Outcome.FINISHED, Outcome.STOPPED, Outcome.EXCEPTION, *_CRASHES)
"""Ends that are the script's own."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the simulator says about a trace. ``first`` is the number of the first recorded event it covers."""

    trace: Trace
    start: str
    """Where the prediction starts, in words."""
    first: int = 0
    requests: Sequence[Request] = ()
    """Every request of the heap in order; empty where they are not predicted."""
    stopped: str | None = None
    """Why it says nothing about what came later."""


def run_trace(recorded: Trace, board: Board, models: ModelLibrary) -> Prediction:
    """Run the script in a trace's header from power-up, with the model files at hand.

    Raises:
        CannotFollow: the trace has no script, or one of its models is not here.
    """
    header = recorded.header
    if header.script is None:
        raise CannotFollow("the trace has no script")
    missing = [model.name for model in header.models if models.graph(model.name) is None]
    if missing:
        raise CannotFollow(f"no file for its model {missing[0]}")
    result = run_on_camera(header.script, board, models, labels=[model.name for model in header.models])
    events = _story(result)
    if result.outcome in _CRASHES and result.failure is not None:
        events.append(Crash(result.failure.text))
    elif result.failure is not None and result.failure.kind:
        events.append(Raised(result.failure.text))
    if not any(isinstance(event, Loaded) for event in events):
        events += [model for model in [printed_model(result.output)] if model is not None]
    if not (events and isinstance(events[-1], Crash)):
        events.append(End())
    ours = dataclasses.replace(header, origin="simulator", script=None, used_for_fit=None)
    return Prediction(
        Trace(recorded.source, ours, tuple(events)), "power-up", requests=result.requests, stopped=_stopped(result)
    )


def run_on_camera(
    script: str, board: Board, models: ModelLibrary, *, ballast: int = 0, labels: Iterable[str] = ()
) -> ScriptResult:
    """Run a script as ``main.py`` on a camera whose file systems hold the files of the folders at hand.

    Args:
        ballast: bytes that something else holds on the heap.
        labels: models of the firmware beside which their labels lie.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name in ROM_LABELS.keys() & labels:
            Path(folder, f"{name}.txt").write_bytes(b"".join(ROM_LABELS[name]))
        options = ScriptOptions(frames=None, extra=models.files, requests=True, files=Path(folder))
        return ScriptSession(board, Path(folder, "main.py"), options, source=script.encode(), ballast=ballast).run()


def _stopped(result: ScriptResult) -> str | None:
    if result.unmodelled:
        what, line = result.unmodelled[0]
        return f"line {line} of its script: {what} is not modelled"
    if result.outcome not in _WHOLE:
        return f"the run was ended: {result.outcome}"
    return None


def _story(result: ScriptResult) -> list[TraceEvent]:
    """Requests of the heap and what was written down beside them, in order."""
    events: list[TraceEvent] = []
    done = 0
    for measured in result.measured:
        events += _allocations(result.requests[done : measured.at])
        done = measured.at
        event = _event(measured)
        if event is not None:
            events.append(event)
    return [*events, *_allocations(result.requests[done:])]


def _allocations(requests: Sequence[Request]) -> Iterator[Allocation]:
    """The large ones as ``gc_alloc`` sees them: a chunk that moves is one, a chunk that may not move is none."""
    for request in requests:
        if request.size >= BIG and (request.kind == "alloc" or request.how in ("move", "fail")):
            where = request.function if request.phase is Phase.RUN else str(request.phase)
            yield Allocation(request.size, request.address or None, where)


def _event(measured: Measured) -> TraceEvent | None:
    match measured:
        case Info(_, label, heap):
            return Snapshot(
                label, heap.used, heap.free, heap.max_free, heap.max_block, heap.num_1block, heap.num_2block
            )
        case Caught(_, text):
            return Raised(text)
        case Told(_, "model.ram", int(ram)):
            return Loaded(ram)
        case PoolRequest(_, size, flags, address) if size >= BIG and (address is not None or not flags & UmaFlag.MAYBE):
            return Allocation(size, address, "pool")
    return None


__all__ = ["Prediction", "run_on_camera", "run_trace"]
