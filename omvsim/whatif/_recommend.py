"""Block sizes for this board that make a set of models run, within what each memory really has.

A GC area may take what is free in its memory and what may be given up there: frame buffer, fb_alloc stack and UMA
pools have sizes a firmware engineer chooses; .data, .bss, stack, DMA and line buffers do not. The map is laid out anew
for every proposal as the linker would, so nothing overlaps.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omvsim.advice import Advice, Effort, suggest
from omvsim.boards import RegionKind
from omvsim.errors import BoardError, InputError
from omvsim.units import align_up, format_size, parse_size
from omvsim.whatif._edge import EdgeSearch
from omvsim.whatif._goals import NO_GOALS, Goals, largest_frame_of, losses, unmet
from omvsim.whatif._paste import key_of
from omvsim.whatif._speed import total_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from omvsim.boards import Board, Region
    from omvsim.whatif._configuration import Configuration
    from omvsim.whatif._evaluate import Evaluator, Outcome

KIB = 1024
ROUND = 64 * KIB
"""Sizes in board_config.h are round figures."""
SHARES = (0.125, 0.25, 0.5)
"""How much of what a donor has is tried, beside what the models ask for."""
_DONORS = (RegionKind.FRAME_BUFFER, RegionKind.FB_ALLOC, RegionKind.UMA, RegionKind.OVERLAY)
_REFUSED = ("refused", "unknown")
"""Verdicts that no size of memory changes."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One way to divide the memories. Sizes are bytes."""

    settings: tuple[tuple[str, str], ...]
    """Board values that change, for ``--set``."""
    models: tuple[tuple[str, Outcome], ...]
    head_room: int
    """The longest free run left at the end, of the model with the least of it; 0 unless all run."""
    taken: int
    """What frame buffers, fb_alloc and UMA pools lose."""
    milliseconds: float | None = None
    """One inference of each model, arena and data where they land; None unless all run and the board is known."""
    frame: str = ""
    """The largest frame size that works with every model; empty if none does, or not all models run."""
    gives_up: tuple[str, ...] = ()
    """What gets smaller than it is now, in words."""

    @property
    def fits(self) -> int:
        """How many of the models run."""
        return sum(outcome.works for _, outcome in self.models)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What to do for a set of models."""

    base: Configuration
    present: Proposal
    """The board as it is."""
    advice: tuple[tuple[str, tuple[Advice, ...]], ...]
    """Ways out without building firmware, by model that fails now; each was tried."""
    proposals: tuple[Proposal, ...]
    """Those that meet the goals and that no other beats in models that run, head-room and what is given up; best
    first."""
    goals: Goals = NO_GOALS
    missed: tuple[str, ...] = ()
    """Why proposals were left out: the goals they miss, each once."""
    causes: tuple[tuple[str, str], ...] = ()
    """Why a model runs with no proposal, by model."""


def recommend(
    evaluator: Evaluator,
    base: Configuration,
    models: Sequence[str],
    *,
    keep: int = 0,
    advise: bool = True,
    goals: Goals = NO_GOALS,
) -> Recommendation:
    """Find block sizes.

    Args:
        evaluator: runs configurations.
        base: board and script; each of ``models`` is run on its own.
        models: ``.tflite`` files.
        keep: bytes that must stay to each region that gives up memory (frames of the camera).
        advise: whether to look for cheaper ways out first.
        goals: what every proposal must do beside.

    Raises:
        InputError: something given cannot be used.
    """
    if not models:
        raise InputError("recommend", "no model is given")
    board = evaluator.camera(base)
    present = _propose(evaluator, base, models, {})
    advice = tuple(_advice(evaluator, base, present)) if advise else ()
    failing = [model for model, outcome in present.models if not outcome.works]
    found = {
        proposal.settings: proposal
        for settings in _divisions(evaluator, base, failing, board, keep)
        for proposal in (_propose(evaluator, base, models, settings),)
    }
    missed: dict[str, None] = {}
    kept = []
    for proposal in (present, *found.values()):
        why = unmet(evaluator, _with_texts(base, proposal.settings), models, goals)
        if why:
            missed[why] = None
        else:
            kept.append(proposal)
    proposals = pareto(kept)
    frame_now = _frame(evaluator, base, models, present)
    best = tuple(_with_losses(evaluator, base, models, proposal, frame_now) for proposal in proposals)
    causes = tuple(_causes(evaluator, base, present, found.values()))
    shown = dataclasses.replace(present, frame=frame_now)
    return Recommendation(base, shown, advice, best, goals, tuple(missed), causes)


def _with_losses(
    evaluator: Evaluator, base: Configuration, models: Sequence[str], proposal: Proposal, frame_now: str
) -> Proposal:
    configuration = _with_texts(base, proposal.settings)
    frame = _frame(evaluator, configuration, models, proposal)
    now = frame_now or _frame_of_those_that_run(evaluator, base, models)
    given_up = losses(evaluator.camera(base), evaluator.camera(configuration), (now, frame or now))
    return dataclasses.replace(proposal, frame=frame, gives_up=given_up)


def _frame(evaluator: Evaluator, configuration: Configuration, models: Sequence[str], proposal: Proposal) -> str:
    return largest_frame_of(evaluator, configuration, models) if proposal.fits == len(models) else ""


def _frame_of_those_that_run(evaluator: Evaluator, base: Configuration, models: Sequence[str]) -> str:
    """Models that do not run now say nothing of the frames that the board takes now."""
    running = [model for model in models if evaluator.evaluate(base.with_value("model", model)).works]
    return largest_frame_of(evaluator, base, running) if running else ""


def _causes(
    evaluator: Evaluator, base: Configuration, present: Proposal, tried: Iterable[Proposal]
) -> Iterator[tuple[str, str]]:
    """Why nothing helps a model: a refusal, or a request that is larger than any area could be made."""
    proposals = list(tried)
    for number, (model, outcome) in enumerate(present.models):
        if outcome.works or any(proposal.models[number][1].works for proposal in proposals):
            continue
        failure = evaluator.run(base.with_value("model", model)).failure
        why = failure.reason or failure.text if failure is not None else outcome.error or outcome.verdict
        if outcome.verdict in _REFUSED:
            yield model, f"{why}: no size of memory changes that"
        else:
            largest = _largest_sizes(proposals)
            yield model, f"{outcome.error or why}" + (f"; tried up to {largest}" if largest else "; no area can grow")


def _largest_sizes(proposals: Iterable[Proposal]) -> str:
    most: dict[str, int] = {}
    for proposal in proposals:
        for key, value in proposal.settings:
            if key.startswith("gc["):
                most[key] = max(most.get(key, 0), parse_size(value))
    return ", ".join(f"{key} = {format_size(size)}" for key, size in sorted(most.items()))


def pareto(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Those that no other is at least as good as in everything and better in something; best first.

    One with which no model runs is none while another helps any. Best is what runs most models, then what takes least
    from others, then what leaves most room.
    """
    everything = list(proposals)

    def beats(one: Proposal, other: Proposal) -> bool:
        left, right = _merits(one), _merits(other)
        return left != right and all(a >= b for a, b in zip(left, right, strict=True))

    everything = [proposal for proposal in everything if proposal.fits] or everything
    kept = [proposal for proposal in everything if not any(beats(other, proposal) for other in everything)]
    unique = {_merits(proposal): proposal for proposal in reversed(kept)}
    return sorted(unique.values(), key=_merits, reverse=True)


def _merits(proposal: Proposal) -> tuple[float, ...]:
    speed = float("-inf") if proposal.milliseconds is None else -round(proposal.milliseconds, 1)
    return (proposal.fits, -proposal.taken, proposal.head_room, speed)


def _advice(evaluator: Evaluator, base: Configuration, present: Proposal) -> Iterator[tuple[str, tuple[Advice, ...]]]:
    for model, outcome in present.models:
        if not outcome.works and outcome.verdict not in _REFUSED:
            found = suggest(evaluator.run(base.with_value("model", model)))
            yield model, tuple(entry for entry in found if entry.effort <= Effort.FIRMWARE)


def _propose(evaluator: Evaluator, base: Configuration, models: Sequence[str], settings: dict[str, int]) -> Proposal:
    configuration = _with_sizes(base, settings)
    results = tuple((model, evaluator.evaluate(configuration.with_value("model", model))) for model in models)
    room = min(outcome.longest_free_bytes for _, outcome in results)
    before = evaluator.camera(base).values()
    taken = sum(int(str(before[key])) - size for key, size in settings.items() if not key.startswith("gc["))
    texts = tuple((key, format_size(size)) for key, size in settings.items())
    return Proposal(
        texts,
        results,
        room if all(outcome.works for _, outcome in results) else 0,
        taken,
        total_time(evaluator, configuration, results),
    )


def _divisions(
    evaluator: Evaluator, base: Configuration, failing: Sequence[str], board: Board, keep: int
) -> Iterator[dict[str, int]]:
    """Sizes worth trying: an area larger by what the failing models ask for, or by a share of what there is."""
    for area in board.gc_areas:
        key = f"gc[{area.index}].size"
        needs: dict[str, int] = {}
        for donor in _donors(board, area.memory):
            free = _free(evaluator, base, key, area.length) if donor is None else donor.size - keep
            gift = _Gift(key, area.length, donor, free // ROUND * ROUND)
            for gain in sorted(_gains(evaluator, base, failing, gift, needs)):
                settings = gift.settings(gain)
                if _fits(evaluator, base, settings):
                    yield settings


@dataclass(frozen=True, slots=True)
class _Gift:
    """An area that grows and who gives it the memory."""

    key: str
    present: int
    donor: Region | None
    limit: int

    def settings(self, gain: int) -> dict[str, int]:
        sizes = {self.key: self.present + gain}
        if self.donor is not None:
            sizes[key_of(self.donor)] = self.donor.size - gain
        return sizes


def _donors(board: Board, memory: str) -> list[Region | None]:
    """Who may give memory to an area there; None is what nobody uses."""
    regions = board.regions_in(memory)
    givers: list[Region | None] = [region for region in regions if region.kind in _DONORS and region.name]
    return [None, *givers]


def _gains(
    evaluator: Evaluator, base: Configuration, failing: Sequence[str], gift: _Gift, needs: dict[str, int]
) -> set[int]:
    """What the area may grow by.

    Args:
        evaluator: runs configurations.
        base: the board as it is.
        failing: models that do not run on it.
        gift: area and donor.
        needs: by model, what was enough when another gave it; what is found is added.
    """
    if gift.limit <= 0:
        return set()
    shares = SHARES if gift.donor is not None else (*SHARES, 1.0)
    gains = {int(gift.limit * share) // ROUND * ROUND for share in shares}
    for model in failing:
        configuration = base.with_value("model", model)
        if model not in needs:
            found = _need(evaluator, configuration, gift, roomy=True)
            if found is None:
                continue
            needs[model] = found
        if not _is_enough(evaluator, configuration, gift, needs[model]):
            found = _need(evaluator, configuration, gift, roomy=False)
            if found is None:
                continue
            needs[model] = found
        gains.add(needs[model])
    return {gain for gain in gains if 0 < gain <= gift.limit}


def _is_enough(evaluator: Evaluator, base: Configuration, gift: _Gift, gain: int) -> bool:
    return gain <= gift.limit and evaluator.evaluate(_with_sizes(base, gift.settings(gain))).works


def _need(evaluator: Evaluator, base: Configuration, gift: _Gift, *, roomy: bool) -> int | None:
    """By how much the area must grow for its model to run, in round figures; None: not by what may be given.

    ``roomy``: as if the memory were larger by what may be given, so that nobody gives anything. What is outside the
    heap stays as it is then, and so does the script's course, of which few runs foresee all sizes.
    """
    board = evaluator.camera(base)
    if roomy and gift.donor is not None:
        length = board.memory(gift.donor.memory).length
        base = base.with_value(f"memory.{gift.donor.memory}.length", str(length + gift.limit))
    search = EdgeSearch(
        evaluator,
        base,
        gift.key,
        low=gift.present,
        high=gift.present + gift.limit,
        step=ROUND,
        place=None if roomy else lambda start, size: _with_sizes(start, gift.settings(size - gift.present)),
    )
    edge = search.run().always_from
    return None if edge is None else align_up(edge - gift.present, ROUND)


def _with_sizes(configuration: Configuration, sizes: dict[str, int]) -> Configuration:
    for key, size in sizes.items():
        configuration = configuration.with_value(key, format_size(size))
    return configuration


def _with_texts(configuration: Configuration, settings: Iterable[tuple[str, str]]) -> Configuration:
    for key, value in settings:
        configuration = configuration.with_value(key, value)
    return configuration


def _free(evaluator: Evaluator, base: Configuration, key: str, present: int) -> int:
    """What the area can grow by when nobody gives anything."""
    low, high = 0, 1
    while _fits(evaluator, base, {key: present + high * ROUND}) and high < 1 << 12:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if _fits(evaluator, base, {key: present + middle * ROUND}):
            low = middle
        else:
            high = middle
    return low * ROUND


def _fits(evaluator: Evaluator, base: Configuration, settings: dict[str, int]) -> bool:
    try:
        evaluator.camera(_with_sizes(base, settings))
    except BoardError:
        return False
    return True
