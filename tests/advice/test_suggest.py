"""Ways out: each one that is offered runs, the cheapest comes first, nothing is offered for a run that works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import omvsim
from omvsim import models, tflm
from omvsim.advice import Effort, diagnose, suggest
from omvsim.advice._growth import grown
from omvsim.boards import load_board
from omvsim.graph import TensorType
from omvsim.modelfile import Plans
from omvsim.models.builder import ModelBuilder
from omvsim.runs.scenario import Case, load_scenario

if TYPE_CHECKING:
    from pathlib import Path

FB = 0x60000000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    for name in ("tiny-conv", "fomo-like", "keyword-spotting"):
        (folder / f"{name}.tflite").write_bytes(models.make(name))
    (folder / "yolo.tflite").write_bytes(models.make("yolov8n-like", size=640, classes=2))
    return folder


def keys(result: Any) -> list[str]:
    return [way.key for way in suggest(result)]


def test_a_run_that_works_needs_none(folder: Path) -> None:
    result = omvsim.run(folder / "tiny-conv.tflite")
    assert suggest(result) == ()
    assert diagnose(result) is None


def test_kept_output_is_let_go_first(folder: Path) -> None:
    """The forum's model on 4.8.1: the second float output does not fit while the first is held."""
    result = omvsim.run(folder / "yolo.tflite", load="file", input="callable", keep_output=True)
    assert result.exception == "MemoryError: memory allocation failed, allocating 201600 bytes"
    ways = suggest(result)
    assert [way.key for way in ways] == ["drop-output", "callback", "load-to-fb", "load-from-rom"]
    assert [way.effort for way in ways] == sorted(way.effort for way in ways)
    diagnosis = diagnose(result)
    assert diagnosis is not None
    assert (diagnosis.step, diagnosis.occurrence, diagnosis.needed) == ("predict", 2, 201600)
    assert diagnosis.missing == 201600 - (diagnosis.longest_free or 0)


@pytest.mark.parametrize(
    ("options", "changed"),
    [({"keep_output": False}, "drop-output"), ({"callback": True}, "callback"), ({"load": "rom"}, "load-from-rom")],
)
def test_what_is_offered_is_what_the_user_then_gets(folder: Path, options: dict[str, Any], changed: str) -> None:
    given = {"load": "file", "input": "callable", "keep_output": True}
    way = next(way for way in suggest(omvsim.run(folder / "yolo.tflite", **given)) if way.key == changed)
    again = omvsim.run(folder / "yolo.tflite", **{**given, **options})
    assert again.verdict == "ok"
    assert again.snapshot.free_collected == way.free_bytes
    assert again.model_ram == way.model_ram


def test_a_collection_before_loading_helps_where_garbage_is_in_the_way(folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "garbage.py"
    script.write_text(
        """# garbage first
# options
MODEL = "/rom/model.tflite"
COLLECT = "none"
# end of options
import gc
import ml
gc.collect()
for _ in range(3):
    bytearray(60000)
if COLLECT == "load":
    gc.collect()
m = ml.Model(MODEL)  # step: load
"""
    )
    result = omvsim.run(folder / "fomo-like.tflite", scenario=str(script), gc=[(400 << 10, FB)])
    assert result.exception == "ValueError: Failed to allocate tensors"
    ways = suggest(result)
    assert ways[0].key == "collect-before-load"
    assert ways[0].effort is Effort.LINE
    assert "gc.collect()" in ways[0].code


def test_a_larger_area_is_found_to_the_kib(folder: Path) -> None:
    result = omvsim.run(folder / "fomo-like.tflite", gc=[(240 << 10, FB)])
    way = next(way for way in suggest(result) if way.key == "larger-area")
    extra = int(way.title.split()[3])
    assert omvsim.run(folder / "fomo-like.tflite", gc=[((240 + extra) << 10, FB)]).verdict == "ok"
    assert omvsim.run(folder / "fomo-like.tflite", gc=[((239 + extra) << 10, FB)]).verdict != "ok"


def _wants(rows: int) -> bytes:
    """A model of a few hundred bytes whose output is ``rows`` × 1024 floats: its arena is as large as it says."""
    model = ModelBuilder()
    graph = model.subgraph()
    x = graph.input((rows, 1024), TensorType.FLOAT32)
    y = graph.tensor((rows, 1024), TensorType.FLOAT32)
    graph.operator("LOGISTIC", [x], [y])
    graph.output(y)
    return model.build()


@pytest.mark.parametrize("release", ["4.5.9", "4.8.1", "5.0.0"])
def test_no_heap_is_tried_that_the_board_cannot_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, release: str
) -> None:
    """1 GiB of arena: the search would build heaps as large on the host."""

    path = tmp_path / "large.tflite"
    path.write_bytes(_wants(1 << 17))
    sizes = []
    real = Case.run

    def run(case: Case, watcher: object = None) -> Any:
        sizes.append(case.board.gc_areas[-1].length)
        return real(case)

    monkeypatch.setattr(Case, "run", run)
    result = omvsim.run(path, firmware=release)
    assert result.verdict != "ok"
    assert "larger-area" not in keys(result)
    assert max(sizes, default=0) <= 32 << 20


def test_a_larger_area_takes_what_its_memory_can_spare() -> None:
    """4.8.1: half of fb_alloc's 10 MB first, then half of the frame buffer's 13; 5.0.0: half of the pool of 23 MB."""
    board = load_board("openmv-rt1062", "4.8.1")
    growth = grown(board, 6 << 20)
    assert growth is not None
    assert growth.taken_from == "fb_alloc 10M → 5M, frame_buffer 13M → 12M"
    larger = growth.board
    assert [area.length >> 10 for area in larger.gc_areas] == [64, 272, 14 << 10]
    assert sum(region.size for region in larger.regions_in("DRAM")) == 32 << 20
    assert grown(board, 11 << 20) is not None
    assert grown(board, 12 << 20) is None
    board = load_board("openmv-rt1062", "5.0.0")
    assert grown(board, 11 << 20) is not None
    assert grown(board, 12 << 20) is None


def test_what_nobody_uses_is_taken_before_what_others_have() -> None:
    """An area made smaller leaves room at the memory's end: a firmware built anew moves the others there."""
    board = load_board("openmv-rt1062", "4.8.1").with_values({"gc[2].size": "2M"})
    growths = [grown(board, mega << 20) for mega in (1, 6, 7, 17, 18)]
    assert [growth and growth.taken_from for growth in growths] == [
        "",
        "",
        "fb_alloc 10M → 9M",
        "fb_alloc 10M → 5M, frame_buffer 13M → 7M",
        None,
    ]
    assert [growth.board.gc_areas[-1].length >> 20 for growth in growths if growth] == [3, 8, 9, 19]


def test_an_area_grows_into_what_nobody_uses() -> None:
    board = load_board("openmv-rt1062").with_gc_areas([(64 << 10, None), (272 << 10, None), (4 << 20, None)])
    growth = grown(board, 4 << 20)
    assert growth is not None
    assert growth.taken_from == ""
    assert growth.board.gc_areas[-1].length == 8 << 20


def test_input_filled_in_place_helps_where_the_array_does_not_fit(folder: Path) -> None:
    result = omvsim.run(folder / "keyword-spotting.tflite", input="ndarray", gc=[(25 << 10, FB)])
    assert result.failure is not None
    assert (result.failure.step, result.failure.refused is not None) == ("input", True)
    assert "input-callable" in keys(result)


def test_a_release_that_works_is_named(folder: Path) -> None:
    result = omvsim.run(folder / "fomo-like.tflite", firmware="4.5.5", load="file")
    ways = suggest(result)
    assert result.verdict == "ok" or ways


def test_the_number_of_sessions_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    runs = []
    real = Case.run
    monkeypatch.setattr(Case, "run", lambda case, *watchers: (runs.append(case), real(case, *watchers))[1])
    suggest(omvsim.run(folder / "fomo-like.tflite", gc=[(20 << 10, FB)]), sessions=5)
    assert len(runs) == 6  # the failing run itself, and five tries


@pytest.mark.parametrize(
    ("model", "options"),
    [
        ("yolo", {"load": "file", "input": "callable", "keep_output": True}),  # a line of the script
        ("yolo", {"firmware": "4.5.5", "load": "file"}),
        ("fomo-like", {"firmware": "4.5.5", "gc": [(20 << 10, FB)]}),
        ("fomo-like", {"gc": [(20 << 10, FB)]}),  # nothing but a larger area
    ],
)
def test_the_cheapest_alone_is_the_first_of_all(folder: Path, model: str, options: dict[str, Any]) -> None:
    result = omvsim.run(folder / f"{model}.tflite", **options)
    assert result.verdict != "ok"
    every = suggest(result, sessions=8)
    assert suggest(result, sessions=8, only_cheapest=True)[:1] == every[:1]


def test_nothing_dearer_is_tried_once_a_line_of_the_script_does(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = omvsim.run(folder / "yolo.tflite", load="file", input="callable", keep_output=True)
    runs = []
    real = Case.run
    monkeypatch.setattr(Case, "run", lambda case, *watchers: (runs.append(case), real(case, *watchers))[1])
    assert [way.key for way in suggest(result, only_cheapest=True)] == ["drop-output"]
    assert len(runs) == 1


def test_the_result_is_not_touched(folder: Path) -> None:
    result = omvsim.run(folder / "fomo-like.tflite", gc=[(255 << 10, FB)])
    before = (result.steps, result.scenario, result.options, result.board)
    suggest(result)
    assert before == (result.steps, result.scenario, result.options, result.board)
    assert result.scenario is load_scenario()


def test_an_output_behind_the_arena_outlives_the_script_s_interest(tmp_path: Path) -> None:
    """Measured on 4.8.1: the second prediction fails although the first output was discarded; a callback helps."""
    path = tmp_path / "nc80.tflite"
    path.write_bytes(models.make("yolov8n-like", size=640, classes=80))
    result = omvsim.run(path, input="callable")
    assert result.exception == "MemoryError: memory allocation failed, allocating 2822400 bytes"
    diagnosis = diagnose(result)
    assert diagnosis is not None
    assert "pointer to its own end" in diagnosis.reason
    assert keys(result)[0] == "callback"


# -- other releases, two changes at once, files that fit ------------------------------------------------------------


def chain(length: int) -> bytes:
    """TANH after TANH on one float: the planner's list outgrows the slack of the arena that is kept."""
    m = ModelBuilder()
    g = m.subgraph()
    x = g.input((1, 1), TensorType.FLOAT32)
    for _ in range(length):
        y = g.tensor((1, 1), TensorType.FLOAT32)
        g.operator("TANH", [x], [y])
        x = y
    g.output(x)
    return m.build()


@pytest.mark.parametrize(("length", "releases"), [(8, ["4.5.8", "4.5.6", "4.5.5"]), (16, ["4.5.5"])])
def test_an_older_release_is_a_way_out(length: int, releases: list[str], tmp_path: Path) -> None:
    """A slack of 1024 bytes up to 4.5.8, of 512 from 4.6.0: found in reports, wanted by users of TFLM for years."""
    path = tmp_path / "chain.tflite"
    path.write_bytes(chain(length))
    result = omvsim.run(path)
    assert result.exception == "ValueError: Failed to allocate tensors"
    ways = suggest(result)
    assert [way.key for way in ways][: len(releases)] == [f"firmware-{release}" for release in releases]
    for release in releases:
        assert omvsim.run(path, firmware=release).verdict == "ok"
    assert all("-dev" not in way.title for way in ways)


def test_releases_that_do_the_same_are_one_way(tmp_path: Path) -> None:
    path = tmp_path / "chain.tflite"
    path.write_bytes(chain(8))
    assert (
        suggest(omvsim.run(path))[0].title == "Use firmware 4.5.8 (or 4.5.7) and load the file from the internal flash"
    )


@pytest.mark.slow
def test_two_changes_and_a_release_at_once(tmp_path: Path) -> None:
    """80 classes on 4.6.0 from a file: no single change helps, another release with two of them does."""
    path = tmp_path / "y.tflite"
    path.write_bytes(models.make("yolov8n-like", classes=80))
    ways = {way.key: way for way in suggest(omvsim.run(path, firmware="4.6.0", load="file"))}
    assert "callback+load-to-fb+firmware-4.8.1" in ways
    again = omvsim.run(path, firmware="4.8.1", load="fb", callback=True)
    assert again.verdict == "ok"
    assert again.snapshot.free_collected == ways["callback+load-to-fb+firmware-4.8.1"].free_bytes


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "large.tflite"
    path.write_bytes(chain(1).ljust(10_880_640, b"\0"))
    return path


@pytest.mark.parametrize("load", ["rom", "file"])
@pytest.mark.parametrize("release", ["4.5.5", "4.6.20", "4.8.1", "5.0.0"])
def test_no_way_out_puts_a_file_where_it_does_not_fit(release: str, load: str, large: Path) -> None:
    result = omvsim.run(large, firmware=release, load=load)
    ways = suggest(result)
    assert not any("/rom/" in way.code or "ROM" in way.title for way in ways)
    assert result.verdict == "ok" or ways
    for way in ways:
        assert "SD card" in way.title or "/sdcard/" in way.code or way.key in ("firmware-5.0.0", "larger-area")


def test_the_stock_models_can_make_room(tmp_path: Path) -> None:
    path = tmp_path / "seven.tflite"
    path.write_bytes(chain(1).ljust(7_500_000, b"\0"))
    way = next(way for way in suggest(omvsim.run(path, load="rom")) if way.key == "load-from-emptied-rom")
    assert way.code == "ml.Model('/rom/seven.tflite')"
    emptied = {"filesystem.rom.emptied": "true"}
    assert omvsim.run(path, load="rom", settings=emptied).verdict == "ok"


def test_a_callback_is_no_way_out_where_it_gets_copies(folder: Path) -> None:
    """Before 4.8.0 a callback is handed float copies too, so nothing is gained by it."""
    result = omvsim.run(folder / "yolo.tflite", firmware="4.7.0", load="file", input="callable", keep_output=True)
    assert result.verdict == "memory_error"
    assert not any(way.key.startswith("callback") for way in suggest(result) if "firmware" not in way.key)


def test_plans_that_were_made_are_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def counted(graph: Any, library: Any, **options: Any) -> Any:
        made.append(library.name)
        return tflm.plan_arena(graph, library, **options)

    monkeypatch.setattr("omvsim.modelfile.plan_arena", counted)
    path = tmp_path / "chain.tflite"
    path.write_bytes(chain(8))
    result = omvsim.run(path)
    plans = Plans()
    without = suggest(result)
    alone = list(made)
    first = suggest(result, plans=plans)
    made.clear()
    assert suggest(result, plans=plans) == first == without
    assert alone
    assert made == []
