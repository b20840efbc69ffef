"""Recommendations: proposals fit the board, every model runs with them, and none is beaten by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim import models
from omvsim.boards import load_board
from omvsim.errors import InputError
from omvsim.units import parse_size
from omvsim.whatif import Configuration, Evaluator, Outcome, compare, header_of, parse_goals
from omvsim.whatif._paste import board_config, board_toml
from omvsim.whatif._recommend import ROUND, Proposal, pareto, recommend

if TYPE_CHECKING:
    from pathlib import Path

GOOD = Outcome("ok", "", "")


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=12))
def test_pareto_keeps_what_nothing_beats(merits: list[tuple[int, int, int]]) -> None:
    proposals = [
        Proposal((("n", str(n)),), (("m", GOOD),) * f, room, taken) for n, (f, room, taken) in enumerate(merits)
    ]
    kept = pareto(proposals)
    assert kept
    for one in [proposal for proposal in proposals if proposal.fits] or proposals:
        assert any(k.fits >= one.fits and k.head_room >= one.head_room and k.taken <= one.taken for k in kept)
    for a in kept:
        for b in kept:
            if a is not b:
                assert a.fits > b.fits or a.head_room > b.head_room or a.taken < b.taken


@pytest.fixture(scope="module")
def small(folder: Path) -> Configuration:
    return Configuration(str(folder / "blazeface-like.tflite")).with_value("gc[2].size", "64K")


def test_block_sizes_that_make_all_models_run(folder: Path, small: Configuration, tmp_path: Path) -> None:
    models = [str(folder / "blazeface-like.tflite"), str(folder / "tiny-conv.tflite")]
    evaluator = Evaluator()
    result = recommend(evaluator, small, models)
    assert result.present.fits == 1
    best = result.proposals[0]
    assert best.fits == 2
    assert best.taken == 0  # 64K leaves most of the memory free: nobody has to give anything up
    assert best.head_room > 0

    board = evaluator.camera(small)
    assert board_config(board, best).startswith("#define OMV_GC_BLOCK2_SIZE")
    path = tmp_path / "proposal.toml"
    path.write_text(board_toml(board, best, small.board), encoding="utf-8")
    proposed = load_board(path)
    assert {key: proposed.values()[key] for key, _ in best.settings} == {
        key: evaluator.camera(small.with_value(key, value)).values()[key] for key, value in best.settings
    }


def test_cheaper_ways_come_with_it(folder: Path) -> None:
    base = Configuration(str(folder / "keyword-spotting.tflite"), load="file").with_value("gc[2].size", "0")
    base = base.with_value("gc[1].size", "8K").with_value("gc[0].size", "20K")
    result = recommend(Evaluator(), base, [base.model])
    ((_, ways),) = result.advice
    assert "rom" in {way.key for way in ways} or ways


def test_frame_buffers_keep_what_they_must(folder: Path, small: Configuration) -> None:
    board = load_board()
    assert board.frame_buffer is not None
    keep = board.frame_buffer.size
    result = recommend(Evaluator(), small, [str(folder / "blazeface-like.tflite")], keep=keep, advise=False)
    assert all("frame_buffer.size" not in dict(proposal.settings) for proposal in result.proposals)


def test_without_models() -> None:
    with pytest.raises(InputError, match="no model"):
        recommend(Evaluator(), Configuration("m"), [])


def test_what_moved_between_two_configurations(folder: Path) -> None:
    base = Configuration(str(folder / "fomo-like.tflite"))
    comparison = compare(Evaluator(), base.with_value("gc[1].size", "64K"), base)
    assert comparison.settings[0][0] == "gc[1].size"
    moved = {entry.owner: (entry.first, entry.second) for entry in comparison.differences if entry.moved}
    first, second = moved["tensor arena"]
    assert first is not None
    assert second is not None
    assert (first.area, second.area) == ("gc[2]", "gc[1]")
    assert compare(Evaluator(), base, base).differences == ()


def test_a_smaller_frame_is_never_taken_silently(folder: Path) -> None:
    """What the largest frame becomes is said, and a goal leaves out what would cut it."""
    model = str(folder / "blazeface-like.tflite")
    base = Configuration(model).with_value("load", "file")
    evaluator = Evaluator()
    free = recommend(evaluator, base, [model], advise=False)
    assert free.present.frame == "WQXGA2"
    for proposal in free.proposals:
        cut = [text for text in proposal.gives_up if text.startswith("largest frame")]
        assert bool(cut) == (proposal.frame != "WQXGA2"), proposal
        smaller = {key.partition(".")[0] for key, _ in proposal.settings if not key.startswith("gc[")}
        assert {text.partition(" ")[0] for text in proposal.gives_up} - {"largest"} == smaller
    assert any(proposal.frame != "WQXGA2" for proposal in free.proposals)
    held = recommend(evaluator, base, [model], advise=False, goals=parse_goals(["frame=WQXGA2"], base.board))
    assert {proposal.frame for proposal in held.proposals} == {"WQXGA2"}
    assert any(why.startswith("frame WQXGA2: ") for why in held.missed)


def test_another_release_must_run_too(folder: Path) -> None:
    """5.0.0 has neither frame buffer nor fb_alloc: sizes of these do not fit it."""
    model = str(folder / "tiny-conv.tflite")
    base = Configuration(model)
    goals = parse_goals(["release=4.8.0", "release=5.0.0"], base.board)
    result = recommend(Evaluator(), base, [model], advise=False, goals=goals)
    assert goals.releases == ("4.8.0", "5.0.0")
    assert result.proposals
    for proposal in result.proposals:
        assert not any(key.startswith(("frame_buffer", "fb_alloc")) for key, _ in proposal.settings)
    assert any(why.startswith("release 5.0.0: ") for why in result.missed)


@pytest.mark.parametrize(
    ("goal", "cause"),
    [
        ("frame", "neither frame=SIZE nor release=VERSION"),
        ("speed=3", "neither frame=SIZE nor release=VERSION"),
        ("relese=4.8.1", r"\(did you mean 'release'\?\)"),
        ("frame=HUGE", "no frame size 'HUGE'; known"),
        ("frame=UGA", r"no frame size 'UGA' \(did you mean 'UXGA'\?\)"),
        ("release=9.9", "no firmware '9.9'; known"),
        ("release=4.8", r"no firmware '4.8' \(did you mean '4.8.1'\?\)"),
    ],
)
def test_goals_that_cannot_be_used(goal: str, cause: str) -> None:
    with pytest.raises(InputError, match=cause):
        parse_goals([goal], "openmv-rt1062")


@pytest.mark.parametrize(
    ("board", "firmware", "header", "macro"),
    [
        ("openmv-rt1062", "4.5.5", "src/omv/boards/OPENMV_RT1060/omv_boardconfig.h", "OMV_HEAP_SIZE"),
        ("openmv-rt1062", "4.8.1", "boards/OPENMV_RT1060/omv_boardconfig.h", "OMV_GC_BLOCK0_SIZE"),
        ("openmv-rt1062", "5.0.0", "boards/OPENMV_RT1060/board_config.h", "OMV_GC_BLOCK0_SIZE"),
        ("openmv-h7", "5.0.0", "boards/OPENMV4/board_config.h", "OMV_GC_BLOCK0_SIZE"),
    ],
)
def test_the_header_has_its_right_name(board: str, firmware: str, header: str, macro: str) -> None:
    camera = load_board(board, firmware)
    assert header_of(camera) == header
    proposal = Proposal((("gc[0].size", "60K"),), (), 0, 0)
    assert f"#define {macro} " in board_config(camera, proposal)


def test_who_gives_the_memory_is_asked_last(folder: Path) -> None:
    """How much an area must grow by is searched once, as if there were room; then who may give it is tried.

    Half of the frame buffer gone is another course of the script, so the search itself must not take it away.
    """
    model = folder / "eighty.tflite"
    model.write_bytes(models.make("yolov8n-like", size=640, classes=80))
    base = Configuration(str(model), load="file")
    evaluator = Evaluator()
    result = recommend(evaluator, base, [str(model)], advise=False)
    donors = {key: size for key, size in result.proposals[0].settings if not key.startswith("gc[")}
    assert result.proposals[0].fits == 1
    assert set(donors) in ({"frame_buffer.size"}, {"fb_alloc.size"})

    grown, given = dict(result.proposals[0].settings)["gc[2].size"], result.proposals[0].taken
    assert parse_size(grown) == (8 << 20) + given
    less = base.with_value("gc[2].size", str(parse_size(grown) - ROUND))
    [(donor, size)] = donors.items()
    assert not evaluator.evaluate(less.with_value(donor, str(parse_size(size) + ROUND))).works
    assert sum(courses.runs for courses in evaluator._courses.values()) < 40  # 231 when each size took some away


def test_a_division_that_helps_none_is_no_proposal(folder: Path, small: Configuration) -> None:
    result = recommend(Evaluator(), small, [str(folder / "blazeface-like.tflite")], advise=False)
    assert result.present.fits == 0
    assert {proposal.fits for proposal in result.proposals} == {1}


def test_why_nothing_helps(folder: Path) -> None:
    """A Nicla's largest memory is 512K, and this model asks for more than any area there can have."""
    model = folder / "large.tflite"
    model.write_bytes(models.make("yolov8n-like", size=320, classes=2))
    base = Configuration(str(model), board="arduino-nicla-vision", firmware="4.8.1").with_value("load", "rom")
    result = recommend(Evaluator(), base, [str(model)], advise=False)
    assert not any(proposal.fits for proposal in result.proposals)
    [(named, cause)] = result.causes
    assert named == str(model)
    assert "Failed to allocate tensors" in cause or "memory allocation failed" in cause
    assert "no area can grow" in cause or "tried up to gc[" in cause
