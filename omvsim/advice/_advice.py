"""The cheapest ways out of a failing run; only what the simulation confirms is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.advice._diagnosis import diagnose
from omvsim.advice._growth import growth_title, smallest_growth
from omvsim.advice._places import other_releases
from omvsim.advice._variant import Effort, Variant
from omvsim.advice._variants import on_other_releases, pairs, variants
from omvsim.errors import InputError
from omvsim.records import dataclass, replace
from omvsim.runs.scenario import Case
from omvsim.runs.scenario.edits import Change
from omvsim.tflm import at_fault
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from omvsim.boards import Board
    from omvsim.modelfile import Plans
    from omvsim.runs.scenario import RunResult

MOST_SESSIONS = 48
_ENOUGH = 4


@dataclass(frozen=True, slots=True)
class Advice:
    """One way out, tried on the simulated camera: with it the whole scenario runs."""

    key: str
    effort: Effort
    title: str
    code: str
    """What the script then says; empty where it stays as it is."""
    free_bytes: int
    """Free heap after a collection at the end of that run: what the script can still have."""
    longest_free_bytes: int
    model_ram: int | None


TF_FRAMES = 2


class _Budget:
    """Sessions that may still be run."""

    def __init__(self, sessions: int) -> None:
        self.left = sessions

    def works(self, case: Case) -> RunResult | None:
        """The case's result if all of it runs; None if not, or if the scenario makes no sense on that variant."""
        self.left -= 1
        if case.board.release.module == "tf":
            # Every call builds its result anew and drops it: two frames show what five do, and each may make
            # tens of thousands of objects.
            case = case.edited(Change.TURNS, str(TF_FRAMES)) or case
        try:
            result = case.run()
        except InputError:  # e.g. a scenario that asks for more free memory than another release has
            return None
        return result if result.verdict is Verdict.OK else None


def suggest(
    result: RunResult,
    *,
    sessions: int = MOST_SESSIONS,
    only_cheapest: bool = False,
    plans: Plans | None = None,
) -> tuple[Advice, ...]:
    """Ways out of a failing run, cheapest first; empty for a run that works or where none was found.

    Changes of the script and other places for the file come first, one at a time and then two; where they do not do,
    other releases, newest first; where nothing does, releases together with other changes.

    Args:
        result: the failing run.
        sessions: how many variants may be simulated, about 15 ms each.
        only_cheapest: do not look for what costs more than a way that was found; the first is the same.
        plans: those of the arena that were made already.
    """
    diagnosis = diagnose(result)
    if diagnosis is None or result.verdict in (Verdict.OK, Verdict.UNKNOWN):
        return ()
    case, budget = Case.of(result), _Budget(sessions if result.board.release.module == "ml" else sessions // 2)
    hopeless = at_fault(result.model.plan)  # then only another release's library can help
    found: list[Advice] = []
    if not hopeless:
        enough = Effort.LINE if only_cheapest else None
        found += _that_run(budget, variants(case, diagnosis), enough=enough)
        if not found:
            found += _that_run(budget, pairs(case, diagnosis), most=2)
    if only_cheapest and found:  # what follows is another firmware
        return (min(found, key=lambda advice: advice.effort),)
    if not any(advice.effort <= Effort.SCRIPT for advice in found):
        found += _releases_that_run(budget, case, plans)
    if not hopeless and not found:
        found += _that_run(budget, on_other_releases(case, diagnosis, plans), most=_ENOUGH, distinct=True)
    if not hopeless and len(found) < _ENOUGH:
        found += _larger_area(budget, case, diagnosis.missing or 0)
    return tuple(sorted(found, key=lambda advice: advice.effort))


def _releases_that_run(budget: _Budget, case: Case, plans: Plans | None) -> Iterator[Advice]:
    """The newest release on which it runs; where only older ones do, each of them."""
    most, seen = _ENOUGH, set()
    for variant in other_releases(case, plans):
        if budget.left <= 0 or not most:
            return
        outcome = None if variant.key in seen else budget.works(variant.case)
        if outcome is not None:
            yield _advice(variant, outcome)
            seen.add(variant.key)
            most -= 1
            if variant.case.board.release.date > case.board.release.date:
                return


def _that_run(
    budget: _Budget,
    candidates: Iterable[Variant],
    most: int = _ENOUGH,
    *,
    distinct: bool = False,
    enough: Effort | None = None,
) -> Iterator[Advice]:
    """Those that run, at most so many; ``distinct``: one a release; ``enough``: an effort that nothing undercuts."""
    seen: set[str] = set()
    for variant in candidates:
        if budget.left <= 0 or not most:
            return
        release = variant.case.board.firmware
        if distinct and release in seen:
            continue
        outcome = budget.works(variant.case)
        if outcome is not None:
            yield _advice(variant, outcome)
            seen.add(release)
            most = 0 if variant.effort == enough else most - 1


def _advice(variant: Variant, outcome: RunResult) -> Advice:
    return Advice(
        variant.key,
        variant.effort,
        variant.title,
        variant.code,
        outcome.snapshot.free_collected,
        outcome.snapshot.longest_collected,
        outcome.model_ram,
    )


def _larger_area(budget: _Budget, case: Case, missing: int) -> Iterator[Advice]:
    """A larger last area, if one helps that the board's memory has room for."""

    def works(board: Board) -> RunResult | None:
        return budget.works(replace(case, board=board)) if budget.left > 0 else None

    found = smallest_growth(case.board, missing, works)
    if found is not None:
        growth, outcome = found
        title = growth_title(case.board, growth)
        yield _advice(Variant("larger-area", Effort.BUILD, title, "", case), outcome)
