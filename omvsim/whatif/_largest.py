"""``what-if max`` where values are not sizes: frame sizes, and a family of models in several resolutions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.firmware import FRAME_SIZES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from omvsim.whatif._configuration import Configuration
    from omvsim.whatif._evaluate import Evaluator, Outcome


@dataclass(frozen=True, slots=True)
class Rung:
    """One value, how large it is, and how it ended."""

    value: str
    width: int
    height: int
    outcome: Outcome

    @property
    def pixels(self) -> int:
        """What rungs are ordered by."""
        return self.width * self.height


def largest_frame(evaluator: Evaluator, base: Configuration) -> tuple[Rung, ...]:
    """Every frame size, smallest first.

    Raises:
        InputError: something in the configuration cannot be used.
    """
    return _rungs(
        Rung(name, width, height, evaluator.evaluate(base.with_value("framesize", name)))
        for name, (width, height) in FRAME_SIZES.items()
    )


def largest_model(evaluator: Evaluator, base: Configuration, models: Sequence[str]) -> tuple[Rung, ...]:
    """Models by the resolution of their first input (its last axes but the channels), smallest first.

    Raises:
        InputError: a model or something in the configuration cannot be used.
    """
    return _rungs(_model_rung(evaluator, base.with_value("model", model)) for model in models)


def _model_rung(evaluator: Evaluator, configuration: Configuration) -> Rung:
    shape = evaluator.model(configuration).main.input_tensors[0].shape
    height, width = (shape[1], shape[2]) if len(shape) == 4 else (1, max(shape, default=0))
    return Rung(Path(configuration.model).name, width, height, evaluator.evaluate(configuration))


def _rungs(rungs: Iterable[Rung]) -> tuple[Rung, ...]:
    return tuple(sorted(rungs, key=lambda rung: (rung.pixels, rung.value)))


def best_rung(rungs: Iterable[Rung]) -> Rung | None:
    """The largest that works."""
    return max((rung for rung in rungs if rung.outcome.works), key=lambda rung: rung.pixels, default=None)
