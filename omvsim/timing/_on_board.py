"""Times of what is where a board has it, by the names that the ledger gives its areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.provenance import Provenance
from omvsim.timing._frame import HeapArea
from omvsim.timing._places import tier_of
from omvsim.timing._predict import Placement, predict, workload
from omvsim.timing._profile import profile_of

if TYPE_CHECKING:
    from omvsim.boards import Board
    from omvsim.graph import Model
    from omvsim.tflm import ArenaPlan
    from omvsim.timing._types import InferenceTime

MEASURED_LIBRARY = "73eb1aa"
"""The library whose kernels were counted (4.6.0 to 4.8.1); those of other releases are taken to be like it."""


def by_library(inference: InferenceTime, board: Board) -> InferenceTime:
    """The same time, assumed where nobody measured the board or the release has another library than was counted."""
    known = board.provenance if MEASURED_LIBRARY in board.release.library else Provenance.ASSUMED
    return inference._replace(provenance=inference.provenance.weakest(known))


def inference_time(
    board: Board, model: Model, plan: ArenaPlan, arena_area: str, data_area: str
) -> InferenceTime | None:
    """Time of one inference with arena and weights in areas named as the ledger names them; None without an arena.

    Raises:
        BoardError: the profile does not know the speed of its memories.
    """
    if not plan.is_ok:
        return None
    places = Placement(tier_of(board, arena_area), tier_of(board, data_area))
    return by_library(predict(workload(model, plan), profile_of(board), places), board)


def heap_areas(board: Board) -> list[HeapArea]:
    """The areas of the board's heap as the time of a collection needs them."""
    return [HeapArea(area.length, tier_of(board, f"gc[{area.index}]")) for area in board.gc_areas]
