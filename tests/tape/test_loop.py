"""A loop that is foreseen from its first frames ends as one that is run to its end."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from omvsim import api, models
from omvsim.firmware import LoadMode
from omvsim.heap import GcHeap
from omvsim.report import run_json
from omvsim.runs.scenario import Postprocess
from omvsim.tape import _loop, run_loop
from omvsim.tape._loop_player import CollectingTurns
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.runs.scenario import Case, RunResult

K = 1024
SMALL = [(64 * K, None), (40 * K, None)]
TINY = [(32 * K, None), (36 * K, None)]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("loop") / "tiny-conv.tflite"
    path.write_bytes(models.make("tiny-conv"))
    return path


def case_of(model: Path, **given: Any) -> Case:
    return api._case(model, **given)


def same_end(foreseen: RunResult, run: RunResult) -> None:
    assert foreseen.loop is not None
    assert run.loop is not None
    assert foreseen.loop._replace(foreseen=None) == run.loop
    assert (foreseen.verdict, foreseen.areas, foreseen.pools) == (run.verdict, run.areas, run.pools)
    ours, theirs = foreseen.steps[-1], run.steps[-1]
    for name in ("name", "used_bytes", "free_bytes", "max_free_blocks", "allocations", "garbage_bytes", "collections"):
        assert getattr(ours, name) == getattr(theirs, name), name


@pytest.mark.parametrize(
    "given",
    [
        {"gc": SMALL},
        {"gc": SMALL, "firmware": "5.0.0"},
        {"gc": [(64 * K, None)], "input": "callable", "callback": True},
        {"gc": [(64 * K, None), (48 * K, None)], "input": "ndarray", "keep_output": True},
    ],
)
def test_every_figure_is_that_of_the_run(model: Path, given: dict[str, Any]) -> None:
    loops = 120
    foreseen = run_loop(case_of(model, loops=loops, **given), always_run=5)
    assert foreseen.loop is not None
    assert foreseen.loop.foreseen is not None
    assert foreseen.loop.foreseen.run < 100
    same_end(foreseen, case_of(model, loops=loops, **given).run())
    assert any(f"to {loops} were not run" in note for note in foreseen.notes)


@pytest.mark.parametrize("loops", [6, 12, 13, 300])
def test_the_tf_module_s_loops(model: Path, loops: int) -> None:
    """4.5.5: of a heap that a collection frees every few frames, before, in and after its first period."""
    given: dict[str, Any] = {"firmware": "4.5.5", "gc": [(16 * K, None)], "loops": loops}
    foreseen = run_loop(case_of(model, **given), always_run=5)
    assert foreseen.loop is not None
    assert foreseen.loop.foreseen is not None
    run = case_of(model, **given).run()
    assert run.loop is not None
    assert run.loop.collected_at[:2] == (6, 12)[: len(run.loop.collected_at)]
    same_end(foreseen, run)


@pytest.mark.slow
@pytest.mark.parametrize("firmware", ["4.8.1", "5.0.0"])
@pytest.mark.parametrize("loops", [12, 28, 45])
def test_loops_with_post_processing(tmp_path: Path, firmware: str, loops: int) -> None:
    """The library's own class works on the outputs of each frame; the heap is collected on the way."""
    path = tmp_path / "fomo.tflite"
    path.write_bytes(models.make("fomo-like", size=16))
    given: dict[str, Any] = {
        "firmware": firmware,
        "gc": [(64 * K, None), (100 * K, None)],
        "postprocess": Postprocess("fomo", 2),
        "loops": loops,
    }
    foreseen = run_loop(case_of(path, **given), always_run=5)
    assert foreseen.loop is not None
    assert foreseen.loop.foreseen is not None
    assert foreseen.loop.foreseen.run < loops
    run = case_of(path, **given).run()
    assert run.loop is not None
    assert loops < 45 or run.loop.collected_at
    same_end(foreseen, run)


@pytest.mark.slow
def test_no_frame_near_a_period_is_off_by_one(model: Path) -> None:
    run = case_of(model, loops=420, gc=TINY).run()
    frames = [step for step in run.steps if step.name == "predict"]
    periods = set()
    for loops in (*range(366, 371), 411, 412, 420):
        foreseen = run_loop(case_of(model, loops=loops, gc=TINY), always_run=5)
        assert foreseen.loop is not None
        assert foreseen.loop.foreseen is not None
        assert foreseen.loop.foreseen.played < loops
        periods.add(foreseen.loop.foreseen.period)
        ours, theirs = foreseen.steps[-1], frames[loops - 1]
        assert (ours.used_bytes, ours.max_free_blocks) == (theirs.used_bytes, theirs.max_free_blocks)
        assert (ours.garbage_bytes, ours.collections) == (theirs.garbage_bytes, theirs.collections)
        collected = tuple(number for number, step in enumerate(frames[:loops], 1) if step.collections)
        assert foreseen.loop.collected_at == collected
        assert foreseen.loop.foreseen.collections == len(collected)
    assert len(periods) == 1
    assert None not in periods


def test_a_million(model: Path) -> None:
    result = api.run(model, loops=1_000_000, gc=TINY)
    assert result.loop is not None
    assert result.loop.foreseen is not None
    run, played, period, collections = result.loop.foreseen
    assert run < played < 10_000
    assert period is not None
    first = result.loop.collected_at
    assert len(first) == 1000
    # Every period has as many collections, at the same distances.
    per = sum(played - period < each <= played for each in first)
    assert all(later - sooner == period for sooner, later in zip(first[per:], first[2 * per :], strict=False))
    assert abs(collections - 1_000_000 * per / period) <= per + 1
    report = run_json(result)
    assert report["loop"]["foreseen"] == {
        "frames_run": run,
        "frames_played": played,
        "period_frames": period,
        "collections": collections,
    }
    assert len(report["steps"]) < 250


# -- what cannot be foreseen -------------------------------------------------------------------------------------------

LOAD = 'import ml\nmodel = ml.Model("/rom/model.tflite")\ndef fill(buffer, shape, dtype):\n    pass\n'
UNFORESEEN = {
    "it counts by itself": ("n = 0\n", "    n += 1\n", "no state again"),
    "it reads the number of the turn": ("", "    if frame == 25:\n        kept = bytearray(5000)\n", "frame is read"),
    "it may read any name": ("", "    globals()\n", "may look up any name"),
    "it goes by the clock": ("import time\n", "    time.ticks_ms()\n", "clock"),
    "it keeps something": ("kept = []\n", "    kept.append(None)\n", "no state again"),
    "it asks what is free": (
        "import gc\n",
        "    if gc.mem_free() < 80000:\n        pass\n",
        "another state of the heap",
    ),
}


def scripted(folder: Path, before: str, inside: str, loops: str = "LOOPS = 30") -> Path:
    path = folder / "own.py"
    options = f"# options\nMODEL = '/rom/model.tflite'\n{loops}\n# end of options\n"
    text = options + LOAD.replace('"/rom/model.tflite"', "MODEL") + before
    text += "for frame in range(LOOPS):\n    model.predict([fill])  # step: predict\n" + inside
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("kind", UNFORESEEN)
def test_what_cannot_be_foreseen_is_run(model: Path, tmp_path: Path, kind: str) -> None:
    before, inside, why = UNFORESEEN[kind]
    case = case_of(model, scenario=str(scripted(tmp_path, before, inside)), loops=30, load=LoadMode.ROM)
    with pytest.raises(_loop.NotForeseenError, match=why):
        _loop._foreseen(case, None)
    result = run_loop(case, always_run=5)
    assert result.loop is not None
    assert (result.loop.frames, result.loop.foreseen) == (30, None)


@pytest.mark.parametrize(
    ("before", "inside", "behind", "why"),
    [
        ("", "", "print(1)\n", "is no counted loop that ends the script"),
        ("", "    for n in range(9):\n        pass\n", "", "line 7 is no counted loop that ends the script"),
        ("class K:\n    pass\n", "    eval('1')\n", "", "eval in line .* may look up any name"),
    ],
)
def test_why_a_loop_cannot_be_foreseen(
    model: Path, tmp_path: Path, before: str, inside: str, behind: str, why: str
) -> None:
    path = scripted(tmp_path, before, inside)
    path.write_text(path.read_text(encoding="utf-8") + behind, encoding="utf-8")
    with pytest.raises(_loop.NotForeseenError, match=why):
        _loop._foreseen(case_of(model, scenario=str(path), loops=30, load=LoadMode.ROM), None)


@pytest.mark.parametrize(
    ("before", "inside"),
    [
        ("", "    last = [1, 2, 3, 4]\n    last.append(5)\n    last.clear()\n"),
        ("import gc\n", "    gc.collect()\n"),
        ("kept = bytearray(10)\n", "    kept.extend(b'0123456789012345')\n    kept[:] = b'123'\n"),
    ],
    ids=["resizes", "collects", "grows and shrinks"],
)
def test_turns_that_do_the_same_to_the_heap_are_foreseen(model: Path, tmp_path: Path, before: str, inside: str) -> None:
    path = scripted(tmp_path, before, inside)
    case = case_of(model, scenario=str(path), loops=120, gc=SMALL, load=LoadMode.ROM)
    foreseen = run_loop(case, always_run=5)
    assert foreseen.loop is not None
    assert foreseen.loop.foreseen is not None
    same_end(foreseen, case.run())


def test_an_own_script_whose_turns_are_alike_is_foreseen(model: Path, tmp_path: Path) -> None:
    path = scripted(tmp_path, "last = None\n", "    last = [bytearray(100), last and last[0]]\n")
    case = case_of(model, scenario=str(path), loops=150, gc=SMALL, load=LoadMode.ROM)
    foreseen = run_loop(case, always_run=5)
    assert foreseen.loop is not None
    assert foreseen.loop.foreseen is not None
    same_end(foreseen, case.run())


def test_a_longer_loop_that_cannot_be_foreseen_is_unknown(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_loop, "MOST_RUN", 40)
    path = scripted(tmp_path, "kept = []\n", "    kept.append(None)\n")
    result = run_loop(case_of(model, scenario=str(path), loops=60, load=LoadMode.ROM), always_run=5)
    assert result.verdict is Verdict.UNKNOWN
    assert result.failure is not None
    assert result.failure.text.startswith("the frames after 40 are not known: the script is in no state again")


def test_a_loop_that_fails_in_a_late_frame_fails_there(model: Path, tmp_path: Path) -> None:
    path = scripted(tmp_path, "kept = []\n", "    kept.append(bytearray(900))\n")
    given: dict[str, Any] = {"scenario": str(path), "loops": 100_000, "load": LoadMode.ROM}
    result = run_loop(case_of(model, gc=[(64 * K, None), (256 * K, None)], **given))
    assert result.verdict is Verdict.MEMORY_ERROR
    assert result.loop is not None
    assert 100 < result.loop.frames < 400


def test_up_to_a_thousand_nothing_changes(model: Path) -> None:
    case = case_of(model, loops=12)
    assert run_loop(case, always_run=12).steps == case.run().steps
    assert _loop.ALWAYS_RUN == 1000


# -- parts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_a_twin_goes_on_alike(seed: int) -> None:
    chance = random.Random(seed)
    heap = GcHeap([(0x20000000, 3000), (0x30000000, 5000)])
    heap.threshold = chance.choice((None, 40))
    held: list[int] = []
    for _ in range(60):
        if held and chance.random() < 0.4:
            heap.free(held.pop(chance.randrange(len(held))))
        elif (address := heap.alloc(chance.randrange(1, 400), finaliser=chance.random() < 0.2)) is not None:
            held.append(address)
    twin = heap.twin()
    assert twin.layout() == heap.layout()
    assert twin.info() == heap.info()
    for _ in range(60):
        if held and chance.random() < 0.5:
            address = held.pop(chance.randrange(len(held)))
            assert twin.free(address) == heap.free(address)
        else:
            size = chance.randrange(1, 400)
            given = heap.alloc(size)
            assert twin.alloc(size) == given
            held += [] if given is None else [given]
        assert twin.layout() == heap.layout()


def test_layouts_differ_with_whatever_decides() -> None:
    def heap() -> GcHeap:
        made = GcHeap([(0x20000000, 3000)])
        made.alloc(40)
        return made

    plain = heap()
    assert plain.layout() == heap().layout()
    for change in (
        lambda other: other.alloc(16),
        lambda other: setattr(other, "threshold", 5),
        lambda other: setattr(other, "lock_depth", 1),
        lambda other: setattr(other, "auto_collect", False),
        lambda other: other.finalisers.add(other.areas[0].pool_start),
    ):
        other = heap()
        change(other)
        assert other.layout() != plain.layout()


def test_collections_of_repeated_turns() -> None:
    turns = CollectingTurns([2])
    for turn in (5, 7):
        turns.add(turn)
    turns.repeat(4, 2, 3)  # of turns 5 to 8, two collect: so do 9 and 11, 13 and 15, 17 and 19
    turns.add(21)
    assert turns.first == [2, 5, 7, 9, 11, 13, 15, 17, 19, 21]
    assert turns.count == 10


def test_no_more_than_a_thousand_turns_are_listed() -> None:
    turns = CollectingTurns([])
    turns.add(1)
    turns.repeat(1, 1, 5000)
    turns.add(6000)
    assert (turns.count, turns.first) == (5002, list(range(1, 1001)))
    turns.repeat(2, 3, 10)
    assert (turns.count, turns.first) == (5032, list(range(1, 1001)))
