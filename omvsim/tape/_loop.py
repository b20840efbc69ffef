"""A long loop of predictions, without running every turn of it: exact, or not at all.

1. Its first frames are run, until the script is in a state that it was in before (:mod:`omvsim.tape._loop_probe`). What
   it asks of the heap in between is a *round*: from here on the script does nothing else, as long as the heap answers
   alike (everything of the heap that a script can depend on is on the tape).
2. Rounds are played on the heap, where only addresses and collections change, until the heap is in a state that it was
   in before (:mod:`omvsim.tape._loop_player`). All further frames follow.

Where a step fails, the first :data:`MOST_RUN` frames are run and what comes after them is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.heap import BLOCK
from omvsim.records import replace
from omvsim.runs import Failure
from omvsim.runs.scenario import Foresight, result_of, session_of
from omvsim.runs.states import area_states
from omvsim.tape._capture import RecordedCamera, recorded
from omvsim.tape._loop_player import CollectingTurns, KeptError, NotForeseenError
from omvsim.tape._loop_probe import LoopProbe
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from omvsim.firmware import Camera, Watcher
    from omvsim.heap import GcHeap
    from omvsim.runs import ScriptSession
    from omvsim.runs.scenario import Case, RunResult
    from omvsim.runs.states import MemorySnapshot
    from omvsim.tape._loop_probe import Repeating

ALWAYS_RUN: Final = 1000
"""Loops up to this are run as they are."""
MOST_RUN: Final = 10_000
"""Frames that are run of a loop that cannot be foreseen: half a minute, and 120 MB of books."""
MOST_EVENTS: Final = 12_000_000
"""Events played on the heap within which its state has to come again: half a minute."""


def run_loop(case: Case, watcher: Watcher | None = None, *, always_run: int = ALWAYS_RUN) -> RunResult:
    """As :meth:`Case.run`; a loop of more than ``always_run`` predictions is foreseen from its first frames.

    Raises:
        ScenarioError: as :meth:`Case.run`.
    """
    loops = case.value("LOOPS")
    if not isinstance(loops, int) or loops <= always_run:
        return case.run(watcher)
    try:
        return _foreseen(case, watcher)
    except NotForeseenError as why:
        return case.run(watcher) if loops <= MOST_RUN else _cut_short(case, str(why), watcher)


def _session(case: Case, watcher: Watcher | None, camera: Camera | None = None) -> ScriptSession:
    files = (case.model, *case.others.values())
    return session_of(case.scenario, case.board, files, case.options, watcher=watcher, camera=camera)


def _foreseen(case: Case, watcher: Watcher | None) -> RunResult:
    """The whole loop.

    Raises:
        NotForeseenError: it cannot be.
    """
    begin = 1
    while begin <= MOST_RUN:
        found, result = _probed(case, watcher, begin)
        if found is None:
            return result
        try:
            return _played(found, result)
        except KeptError as kept:
            begin = kept.turn
    raise NotForeseenError("pointers go on keeping what died")


def _probed(case: Case, watcher: Watcher | None, begin: int) -> tuple[Repeating | None, RunResult]:
    """What repeats from about turn ``begin`` on, and the run's result until it did; None: it ended before."""
    camera = RecordedCamera(case.board)
    session = _session(case, watcher, camera)
    with recorded(camera, session, thorough=False) as recorder:
        probe = LoopProbe(session, recorder, begin)
        ended = session.run()
    return probe.found, result_of(session, ended, case.scenario, case.model, case.options, others=case.others)


def _played(found: Repeating, result: RunResult) -> RunResult:
    """The whole loop's result, from that of its first frames."""
    player, loop = found.player, result.loop
    assert loop is not None
    run = player.turn
    # Which of the frames that were run the last one is like.
    like = result.steps[found.step_of(found.last)]
    collecting = CollectingTurns(loop.collected_at)
    period = player.until(found.last - 1, MOST_EVENTS, collecting)
    before = player.garbage_bytes
    ran = player.step(collecting)
    heap, garbage = player.heap, player.garbage_bytes
    high_water = max(result.snapshot.high_water, player.high_water)
    step = replace(
        like,
        index=len(result.steps),
        used_bytes=heap.used,
        free_bytes=heap.free_bytes,
        max_free_blocks=heap.max_free(),
        garbage_bytes=0 if ran else max(0, garbage - before),
        live_bytes=heap.used - garbage,
        collections=int(ran),
    )
    foreseen = Foresight(run, player.played, period, collecting.count)
    first = collecting.first
    until = first[1] - first[0] if len(first) > 1 else None
    if until is None and loop.garbage_per_frame:
        until = heap.free_bytes // loop.garbage_per_frame + found.last
    notes = (*result.notes, _told(foreseen, found.last))
    return replace(
        result,
        steps=(*result.steps, step),
        snapshot=_snapshot(result, heap, high_water),
        notes=notes,
        loop=loop._replace(
            frames=found.last, collected_at=tuple(first), frames_until_collection=until, foreseen=foreseen
        ),
    )


def _snapshot(result: RunResult, heap: GcHeap, high_water: int) -> MemorySnapshot:
    """The memory at the very end, from that of the frames that were run; nothing beside the heap differs."""
    areas, used, free, longest = area_states(result.board, heap), heap.used, heap.free_bytes, heap.max_free()
    heap.collect()
    return result.snapshot._replace(
        high_water=high_water,
        used=used,
        free=free,
        longest_free=longest * BLOCK,
        live=heap.used,
        free_collected=heap.free_bytes,
        longest_collected=heap.max_free() * BLOCK,
        areas=areas,
        collected=area_states(result.board, heap, sizes_only=True),
    )


def _told(foreseen: Foresight, last: int) -> str:
    """What a reader must know of frames that were not run."""
    text = (
        f"frames {foreseen.run + 1} to {last} were not run: after frame {foreseen.run} the script is in a state that "
        f"it was in before, so it asks for the same again; up to frame {foreseen.played} that was played on the heap"
    )
    if foreseen.period is None:
        return f"{text}. Steps and allocations are those of the first {foreseen.run} frames, and the last step."
    return (
        f"{text}, whose state is then the same every {foreseen.period} frames. Steps and allocations are those of the "
        f"first {foreseen.run} frames, and the last step."
    )


def _cut_short(case: Case, why: str, watcher: Watcher | None) -> RunResult:
    session = _session(case, watcher)
    session.turns.limit = MOST_RUN
    result = result_of(session, session.run(), case.scenario, case.model, case.options, others=case.others)
    if result.failure is not None or session.turns.count < MOST_RUN:
        return result
    what = f"the frames after {MOST_RUN} are not known: {why}"
    return replace(
        result, verdict=Verdict.UNKNOWN, failure=Failure(what, "", 0, (), None, what, step=result.steps[-1].name)
    )


__all__ = ["run_loop"]
