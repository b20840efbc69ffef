"""Times by a board and the names that the ledger gives its areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.boards import load_board
from omvsim.graph import parse_model
from omvsim.models import make
from omvsim.provenance import Provenance
from omvsim.tflm import LIBTFLM_73EB1AA, ArenaPlan, Status, plan_arena
from omvsim.timing import by_library, heap_areas, inference_time, tier_of

if TYPE_CHECKING:
    from omvsim.graph import Model


@pytest.fixture(scope="module")
def model() -> Model:
    return parse_model(make("tiny-conv"), "a test")


def test_where_arena_and_weights_are_decides(model: Model) -> None:
    board, plan = load_board(firmware="4.8.1"), plan_arena(model)
    fast = inference_time(board, model, plan, "overlay", "gc[0]")
    slow = inference_time(board, model, plan, f"gc[{len(board.gc_areas) - 1}]", "rom")
    assert fast is not None
    assert slow is not None
    assert (tier_of(board, "overlay"), tier_of(board, "rom")) == ("ocram", "flash")
    assert fast.ms.nominal < slow.ms.nominal


def test_a_model_that_got_no_arena_has_no_time(model: Model) -> None:
    board, refused = load_board(firmware="4.8.1"), ArenaPlan(LIBTFLM_73EB1AA, Status.UNKNOWN, Provenance.UNKNOWN)
    assert inference_time(board, model, refused, "overlay", "rom") is None


@pytest.mark.parametrize(("release", "is_counted"), [("4.5.5", False), ("4.8.1", True)])
def test_kernels_of_another_library_are_taken_to_be_like_it(model: Model, release: str, is_counted: bool) -> None:
    time = inference_time(load_board(firmware="4.8.1"), model, plan_arena(model), "gc[0]", "rom")
    assert time is not None
    known = time._replace(provenance=Provenance.MODELLED)
    found = by_library(known, load_board(firmware=release))
    assert found.provenance is (Provenance.MODELLED if is_counted else Provenance.ASSUMED)
    assert found.ms == time.ms


def test_the_heap_has_its_areas_in_order() -> None:
    board = load_board(firmware="4.8.1")
    assert [area.size for area in heap_areas(board)] == [area.length for area in board.gc_areas]
