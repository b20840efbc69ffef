"""What a proposal must not give up, and what it does: the largest frame, other releases, memory of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.boards import describe_board, known_releases, near
from omvsim.errors import BoardError, InputError
from omvsim.firmware import FRAME_SIZES
from omvsim.records import NamedTuple
from omvsim.units import format_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from omvsim.boards import Board
    from omvsim.whatif._configuration import Configuration
    from omvsim.whatif._evaluate import Evaluator

_KEYS = ("frame", "release")
_BY_PIXELS = sorted(FRAME_SIZES, key=lambda name: (FRAME_SIZES[name][0] * FRAME_SIZES[name][1], name), reverse=True)


class Goals(NamedTuple):
    """What every proposal must do beside running the models."""

    frame: str | None = None
    """Pictures of this size work with every model."""
    releases: tuple[str, ...] = ()
    """The models run with the same sizes on these releases too."""


NO_GOALS = Goals()


def parse_goals(texts: Iterable[str], board: str) -> Goals:
    """``frame=UXGA``, ``release=4.8.1``; ``release`` may be given several times.

    Raises:
        InputError: another key, or no such frame size or release.
    """
    goals = NO_GOALS
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or key not in _KEYS:
            hint = near(key, _KEYS)
            raise InputError("--must", f"{text!r} is neither frame=SIZE nor release=VERSION{hint}")
        if key == "frame":
            if value not in FRAME_SIZES:
                hint = near(value, FRAME_SIZES)
                raise InputError("--must", f"no frame size {value!r}{hint}; known are {', '.join(FRAME_SIZES)}")
            goals = goals._replace(frame=value)
        else:
            version = value.removeprefix("v")
            own = describe_board(board).releases
            if version not in own:
                known = own or known_releases()
                hint = near(version, known)
                raise InputError("--must", f"no firmware {version!r}{hint}; known are {', '.join(known)}")
            goals = goals._replace(releases=(*goals.releases, version))
    return goals


def unmet(evaluator: Evaluator, configuration: Configuration, models: Sequence[str], goals: Goals) -> str:
    """The first goal that a configuration misses, with why; empty if it misses none."""
    if goals.frame is not None:
        why = _fails(evaluator, configuration.with_value("framesize", goals.frame), models)
        if why:
            return f"frame {goals.frame}: {why}"
    for release in goals.releases:
        why = _fails(evaluator, configuration.with_value("firmware", release), models)
        if why:
            return f"release {release}: {why}"
    return ""


def largest_frame_of(evaluator: Evaluator, configuration: Configuration, models: Sequence[str]) -> str:
    """The largest frame size that works with every model; empty if none does."""
    for name in _BY_PIXELS:
        if not _fails(evaluator, configuration.with_value("framesize", name), models):
            return name
    return ""


def _fails(evaluator: Evaluator, configuration: Configuration, models: Sequence[str]) -> str:
    for model in models:
        try:
            outcome = evaluator.evaluate(configuration.with_value("model", model))
        except BoardError as error:
            return error.cause
        if not outcome.works:
            return outcome.error or outcome.verdict
    return ""


def losses(before: Board, after: Board, frames: tuple[str, str]) -> tuple[str, ...]:
    """What gets smaller: regions that are no GC area, the largest frame; largest loss first."""
    sizes = {region.name: region.size for region in after.regions if region.name}
    lost = [
        (region.size - sizes.get(region.name, 0), f"{region.name} {format_size(region.size)} → "
         f"{format_size(sizes.get(region.name, 0))}")
        for region in before.regions
        if region.name and region.index is None and sizes.get(region.name, 0) < region.size
    ]  # fmt: skip
    lost += [
        (pool.length - other.length, f"UMA pool {pool.index} {format_size(pool.length)} → {format_size(other.length)}")
        for pool, other in zip(before.uma_pools, after.uma_pools, strict=False)
        if other.length < pool.length
    ]
    texts = [text for _, text in sorted(lost, key=lambda each: -each[0])]
    if _pixels(frames[1]) < _pixels(frames[0]):
        texts.insert(0, f"largest frame {frames[0]} → {frames[1] or 'none'}")
    return tuple(texts)


def _pixels(name: str) -> int:
    width, height = FRAME_SIZES.get(name, (0, 0))
    return width * height


__all__ = ["NO_GOALS", "Goals", "largest_frame_of", "losses", "parse_goals", "unmet"]
