"""Time of an inference with arena and model file where a configuration puts them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from omvsim.errors import BoardError
from omvsim.provenance import Provenance
from omvsim.timing import Placement, Workload, predict, profile_of, tier_of, workload
from omvsim.whatif._configuration import Configuration

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.boards import Board
    from omvsim.whatif._evaluate import Evaluator, Outcome


def total_time(
    evaluator: Evaluator, configuration: Configuration, results: Iterable[tuple[str, Outcome]]
) -> float | None:
    """Milliseconds of one inference of each model, added; None unless all run and their time can be modelled."""
    board = evaluator.camera(configuration)
    total = 0.0
    for model, outcome in results:
        time = _time(evaluator, configuration.with_value("model", model), board, outcome) if outcome.works else None
        if time is None:
            return None
        total += time
    return total


def _time(evaluator: Evaluator, configuration: Configuration, board: Board, outcome: Outcome) -> float | None:
    try:
        place = Placement(tier_of(board, outcome.arena_area), tier_of(board, outcome.data_area))
        work = _counted(evaluator, configuration.model, configuration.board, configuration.firmware)
        time = predict(work, profile_of(board), place)
    except BoardError:
        return None
    return None if time.provenance is Provenance.UNKNOWN else time.ms.nominal


@lru_cache(maxsize=64)
def _counted(evaluator: Evaluator, model: str, board: str, firmware: str) -> Workload:
    """What a model executes: it depends on the model and the release's library only."""
    configuration = Configuration(model, board=board, firmware=firmware)
    return workload(evaluator.model(configuration), evaluator.plan(configuration))
