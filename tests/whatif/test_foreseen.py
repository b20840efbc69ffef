"""What what-if foresees of a configuration is what a full run of it says."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING

import pytest

from omvsim.whatif import Configuration, EdgeSearch, Evaluator, Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.runs.scenario import RunResult

K = 1024
MODELS = ("tiny-conv", "fomo-like", "keyword-spotting", "blazeface-like", "mobilenet-like")
RELEASES = ("4.5.5", "4.5.8", "4.6.20", "4.8.1", "5.0.0")
SIZES = 6
"""Boards that each script is tried on: all but the first courses are foreseen."""


def outcome_of(result: RunResult) -> Outcome:
    """A full run in what-if's terms, read from its own steps and areas."""
    failure, models = result.failure, result.models
    sizing = [each for each in result.allocations if each.owner == "sizing arena"]
    return Outcome(
        verdict=str(result.verdict),
        stage="" if failure is None else failure.step,
        error="" if failure is None else failure.text,
        model_ram=result.model_ram,
        arena_area=models[-1].arena_area if models else "",
        data_area=models[-1].data_area if models else "",
        sizing_bytes=sizing[-1].bytes if sizing else 0,
        sizing_area=sizing[-1].area if sizing else "",
        free_bytes=result.snapshot.free_collected,
        longest_free_bytes=result.snapshot.longest_collected,
        provenance=str(result.provenance),
    )


@cache
def evaluator() -> Evaluator:
    return Evaluator()


def scripted(pick: random.Random, folder: Path) -> Configuration:
    """A model, a release and what the script does."""
    return Configuration(
        str(folder / f"{pick.choice(MODELS)}.tflite"),
        firmware=pick.choice(RELEASES),
        load=pick.choice([None, "rom", "file"]),
        input=pick.choice([None, "ndarray", "callable"]),
        loops=pick.choice([1, 2, 5]),
        keep_output=pick.random() < 0.5,
        callback=pick.random() < 0.2,
        collect=pick.choice(["none", "load", "frame", "both"]),
        until=pick.choice(["load", "predict", "predict"]),
    )


def on_a_board(pick: random.Random, base: Configuration) -> Configuration:
    """Its own areas in other sizes, or others; some are hardly large enough for the start, some for no start at all."""
    board = evaluator().camera(base)
    if pick.random() < 0.5:
        key = f"gc[{pick.randrange(len(board.gc_areas))}].size"
        size = pick.choice([0, pick.randint(8, 64), pick.randint(64, 2000)])
        return base if (key, size) == ("gc[0].size", 0) else base.with_value(key, f"{size}K")
    sizes = [pick.choice([pick.randint(2, 60), pick.randint(60, 300)]) for _ in board.gc_areas]
    areas = tuple((size * K, area.origin) for size, area in zip(sizes, board.gc_areas, strict=True))
    return Configuration(**{**{name: getattr(base, name) for name in base.__slots__}, "gc": areas})


@pytest.mark.parametrize("seed", range(24))
def test_a_random_configuration(seed: int, folder: Path) -> None:
    pick = random.Random(seed)
    base = scripted(pick, folder)
    for _ in range(SIZES):
        tried = on_a_board(pick, base)
        foreseen = evaluator().evaluate(tried)
        if foreseen.verdict == "impossible":
            continue
        assert foreseen == outcome_of(evaluator().run(tried)), tried


@pytest.mark.parametrize("firmware", ["4.8.1", "5.0.0"])
def test_every_edge_that_a_search_finds(firmware: str, folder: Path) -> None:
    base = Configuration(str(folder / "mobilenet-like.tflite"), firmware=firmware, load="file", input="callable")
    base = base.with_value("gc[1].size", "16K")
    edge = EdgeSearch(evaluator(), base, "gc[2].size", high=1500 * K).run()
    assert len({entry.verdict for entry in edge.ranges}) > 1
    for entry in edge.ranges:
        for size in (entry.from_bytes, entry.to_bytes):
            tried = base.with_value("gc[2].size", str(size))
            assert evaluator().evaluate(tried) == outcome_of(evaluator().run(tried)), size


def test_a_script_is_run_once_a_course(folder: Path) -> None:
    base = Configuration(str(folder / "fomo-like.tflite"), input="callable", until="load")
    fresh = Evaluator()
    outcomes = {fresh.evaluate(base.with_value("gc[2].size", f"{size}K")).verdict for size in range(300, 400)}
    courses = fresh.courses(base, fresh.camera(base))
    assert outcomes == {"ok"}
    assert courses.runs == 1
    other = base.with_value("loops", "2")
    assert fresh.courses(other, fresh.camera(other)) is not courses
