"""Searching edges: bisection that islands and crash zones do not mislead."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.errors import BoardError, InputError
from omvsim.whatif import Configuration, EdgeSearch, Evaluator, Outcome
from omvsim.whatif._search import GRID, Curve, refine

if TYPE_CHECKING:
    from pathlib import Path

K = 1024
GOOD, BAD = Outcome("ok", "", ""), Outcome("value_error", "load", "ValueError: Failed to allocate tensors")


@given(st.lists(st.integers(1, 4000), min_size=1, max_size=6, unique=True), st.booleans())
def test_every_edge_with_room_around_it_is_found(edges: list[int], starts_good: bool) -> None:
    edges = sorted(edges)
    wide = all(b - a > 4096 // GRID for a, b in zip([0, *edges], [*edges, 4096], strict=True))

    def probe(value: int) -> Outcome:
        passed = sum(value >= edge for edge in edges)
        return GOOD if (passed % 2 == 0) == starts_good else BAD

    curve = Curve(probe)
    curve.explore(0, 4096)
    found = [stretch.first for stretch in curve.stretches()[1:]]
    assert set(found) <= set(edges)
    if wide:
        assert found == edges


@given(st.integers(1, 10_000), st.integers(0, 500))
def test_refine_is_exact(edge: int, below: int) -> None:
    fails, fine = max(0, edge - 1 - below) // 16 * 16, -(-edge // 1024) * 1024
    assert refine(lambda size: size >= edge, fails, fine, 16) == -(-edge // 16) * 16


def test_landmarks_show_islands_the_grid_steps_over() -> None:
    curve = Curve(lambda value: GOOD if value in (1001, 1002) or value > 5000 else BAD)
    curve.explore(0, 8192, landmarks=[1001])
    assert [(s.first, s.last, s.outcome.works) for s in curve.stretches()][1] == (1001, 1002, True)


def edge_of(path: Path, key: str = "gc[2].size", **changes: object) -> EdgeSearch:
    base = dataclasses.replace(Configuration(str(path), until="load"), **changes)
    return EdgeSearch(Evaluator(), base, key)


def test_the_smallest_area_is_exact_to_the_block(folder: Path) -> None:
    search = edge_of(folder / "blazeface-like.tflite")
    edge = search.run()
    assert edge.smallest is not None
    assert edge.smallest_step is not None
    assert 0 <= edge.smallest_step - edge.smallest < K

    def works(size: int) -> bool:
        return search.evaluator.evaluate(search.base.with_value("gc[2].size", str(size))).works

    assert works(edge.smallest)
    assert not works(edge.smallest - 16)
    assert edge.may_crash
    assert edge.islands == ()
    assert edge.always_from == edge.smallest_step


def test_zero_means_it_works_without_the_area(folder: Path) -> None:
    edge = edge_of(folder / "tiny-conv.tflite").run()
    assert (edge.smallest, edge.smallest_step, edge.always_from) == (0, 0, 0)


def test_data_that_moves_from_uma_to_the_heap_makes_an_island(folder: Path) -> None:
    """The file fits a larger third area, and there it takes the room of the arena."""
    gc = ((32 * K, 0x20280000), (32 * K, 0x20300000), (4096 * K, 0x60000000))
    edge = edge_of(folder / "mobilenet-like.tflite", firmware="5.0.0", gc=gc, load="file").run()
    assert edge.islands
    first, *rest = edge.islands
    assert first.works
    assert "uma" in first.data_area
    assert any(not entry.works for entry in rest)
    assert edge.always_from is not None
    assert edge.smallest_step is not None
    assert edge.always_from > edge.smallest_step


def test_nothing_works_in_a_range_that_is_too_low(folder: Path) -> None:
    base = Configuration(str(folder / "blazeface-like.tflite"), until="load")
    edge = EdgeSearch(Evaluator(), base, "gc[2].size", low=0, high=64 * K).run()
    assert (edge.smallest, edge.largest, edge.always_from) == (None, None, None)


def test_an_area_given_without_an_address_keeps_the_board_s_own(folder: Path) -> None:
    gc = ((64 * K, None), (100 * K, None))
    edge = edge_of(folder / "blazeface-like.tflite", gc=gc).run()
    assert edge.smallest


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("gc[7].size", "no value"),
        ("gc[2].sise", "no value"),
        ("release.arena.sizing", "not a size"),
        ("gc[2].origin", "not a size"),
        ("loops", "not a size"),
        ("firmware", "not a size"),
    ],
)
def test_a_key_that_has_no_smallest_value(folder: Path, key: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        edge_of(folder / "tiny-conv.tflite", key).run()


def test_a_range_that_goes_down(folder: Path) -> None:
    with pytest.raises(InputError, match="must go up"):
        EdgeSearch(Evaluator(), Configuration("m"), "gc[2].size", low=5, high=4)


def test_an_area_that_leaves_a_gap_in_the_list(folder: Path) -> None:
    with pytest.raises(BoardError, match="no area 2"):
        edge_of(folder / "tiny-conv.tflite", "gc[3].size", gc=((64 * K, None),)).run()
