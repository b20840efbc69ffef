"""A whole inference: ranges, placements, profiles, improvements, frame costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.boards import load_board
from omvsim.errors import BoardError
from omvsim.graph import Model, read_model
from omvsim.models import make
from omvsim.provenance import Provenance
from omvsim.tflm import plan_arena
from omvsim.timing import (
    HeapArea,
    Node,
    Placement,
    Range,
    TimingProfile,
    Value,
    Workload,
    clear_arena,
    collections_per_frame,
    comparisons,
    convert_input,
    convert_output,
    frames_per_second,
    gc_collect,
    improvements,
    live_share_of,
    load_profile,
    predict,
    profile_of,
    read_file,
    shipped_profiles,
    workload,
    workload_of_nodes,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def profile() -> TimingProfile:
    return profile_of(load_board())


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    path = tmp_path_factory.mktemp("m") / "mobilenet.tflite"
    path.write_bytes(make("mobilenet-like", size=96, alpha=0.25))
    return read_model(path)


@pytest.fixture(scope="module")
def work(model: Model) -> Workload:
    return workload(model, plan_arena(model))


def test_every_range_is_in_order_and_parts_add_up(work: Workload, profile: TimingProfile) -> None:
    found = predict(work, profile)
    assert 0 < found.ms.low <= found.ms.nominal <= found.ms.high
    for o in found.operators:
        assert 0 <= o.cycles.low <= o.cycles.nominal <= o.cycles.high
        assert sum(p.nominal for p in o.parts.values()) == pytest.approx(o.cycles.nominal)
    total = found.framework.nominal + sum(o.cycles.nominal for o in found.operators)
    assert found.cycles.nominal == pytest.approx(total)
    assert found.provenance in {Provenance.MODELLED, Provenance.ASSUMED}


def test_placement_orders_the_memories(work: Workload, profile: TimingProfile) -> None:
    ms = {place: predict(work, profile, Placement(place)).ms.nominal for place in ("dtcm", "ocram", "sdram")}
    assert ms["dtcm"] < ms["ocram"] < ms["sdram"]
    weights = {w: predict(work, profile, Placement("dtcm", w)).ms.nominal for w in ("dtcm", "ocram", "sdram", "flash")}
    assert weights["dtcm"] < weights["ocram"] < weights["sdram"] < weights["flash"]


def test_instructions_do_not_depend_on_the_placement(work: Workload, profile: TimingProfile) -> None:
    assert predict(work, profile).instructions == predict(work, profile, Placement("dtcm", "dtcm")).instructions


def test_a_memory_the_profile_lacks_is_an_error(work: Workload) -> None:
    with pytest.raises(BoardError, match="no timing for memory 'sdram'; known are flash, sram"):
        predict(work, load_profile("stm32h743"))


def test_an_unknown_operator_makes_the_time_a_lower_bound(profile: TimingProfile) -> None:
    strange = Node("CUSTOM:Nobody", (Value("i8", (1, 8)),), (Value("i8", (1, 8)),))
    found = predict(workload_of_nodes("x", [strange]), profile)
    assert found.unknown == ("CUSTOM:Nobody",)
    assert found.provenance is Provenance.UNKNOWN
    assert found.operators[0].bound == "unknown"


def test_known_values_replace_the_guess_about_saturation(profile: TimingProfile) -> None:
    assert live_share_of([], 0, 10) == 1.0
    assert live_share_of([-100, -5, 0, 5, 100], 0, 50) == pytest.approx(0.6)
    shape = (1, 12, 12, 64)
    node = Node("LOGISTIC", (Value("i8", shape),), (Value("i8", shape),), {"radius": 60, "zero_point": 0})
    known = Node("LOGISTIC", node.inputs, node.outputs, {**node.params, "live": 0.1})
    near = Placement("dtcm", "dtcm")
    few, many = (predict(workload_of_nodes("x", [n]), profile, near).ms.nominal for n in (known, node))
    assert few < 0.3 * many


def test_improvements_name_what_moves_and_what_it_saves(work: Workload, model: Model, profile: TimingProfile) -> None:
    found = predict(work, profile)
    advice = improvements(work, profile, found, plan_arena(model).arena_used_bytes)
    assert 1 <= len(advice) <= 3
    assert any("arena" in i.action and "DTCM" in i.action for i in advice)
    for change in advice:
        assert 0 <= change.saves_ms.low <= change.saves_ms.nominal <= change.saves_ms.high < found.ms.high
    nothing_left = predict(work, profile, Placement("dtcm", "dtcm"))
    assert all(i.bytes == 0 for i in improvements(work, profile, nothing_left, 1000))


def test_published_times_lie_in_the_predicted_ranges() -> None:
    found = comparisons()
    assert all(c.inside for c in found), [c.name for c in found if not c.inside]
    assert sum(abs(c.error) for c in found) / len(found) < 0.15


def test_a_collection_follows_heap_size_and_live_blocks(profile: TimingProfile) -> None:
    small = gc_collect([HeapArea(272 * 1024, "dtcm")], 500, profile)
    large = gc_collect([HeapArea(272 * 1024, "dtcm"), HeapArea(8 * 1024**2, "sdram")], 500, profile)
    busy = gc_collect([HeapArea(272 * 1024, "dtcm"), HeapArea(8 * 1024**2, "sdram")], 50_000, profile)
    assert small.cycles.nominal < large.cycles.nominal < busy.cycles.nominal
    assert 4 < large.ms(profile).nominal < 30
    assert large.provenance is Provenance.ASSUMED


def test_frame_costs_carry_ranges_and_reasons(profile: TimingProfile) -> None:
    costs = [
        clear_arena(8 * 1024**2, "sdram"),
        clear_arena(1024, "dtcm"),
        convert_input(96 * 96, image=True, profile=profile),
        convert_input(96 * 96, image=False, profile=profile),
        convert_output(1000),
        read_file(300_000, "flash", profile),
        read_file(300_000, "sd", profile),
    ]
    for cost in costs:
        assert 0 < cost.cycles.low < cost.cycles.nominal < cost.cycles.high
        assert cost.reason
    assert 20 < costs[0].ms(profile).nominal < 50
    assert costs[6].cycles.nominal > costs[5].cycles.nominal


def test_collections_and_frames_per_second() -> None:
    assert collections_per_frame(0, 100) == 0.0
    assert collections_per_frame(10, 100) == pytest.approx(0.1)
    assert collections_per_frame(200, 100) == 1.0
    fps = frames_per_second(Range(10, 20, 40))
    assert (fps.low, fps.nominal, fps.high) == (25.0, 50.0, 100.0)
    assert frames_per_second(Range(10, 20, 40), camera_ms=33.3).high == pytest.approx(30.03, abs=0.01)


def test_shipped_profiles_load() -> None:
    assert {"stm32h743", "stm32f746", "teensy-4.0"} <= set(shipped_profiles())
    for name in shipped_profiles():
        found = load_profile(name)
        assert found.clock_hz > 1e8
        assert all(cost.source for cost in found.memories.values())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not toml [", "cannot be read"),
        ('name = "x"\nstrange = 1\n', "unknown key 'strange'"),
        ('name = "x"\nclock_hz = 1\n', "'cache' is missing"),
        (
            'name="x"\nclock_hz=1\n[cache]\nline_bytes=32\ndata_bytes=1024\ndata_ways=2\n[memory.a]\nload_line=[3,2,1]\n'
            'store_line=[0,0,0]\nwrite_back=[0,0,0]\nprovenance="assumed"\nsource="s"\n',
            "is not [low, nominal, high]",
        ),
        (
            'name="x"\nclock_hz=1\n[cache]\nline_bytes=32\ndata_bytes=1024\ndata_ways=2\n[core]\npolicy="fifo"\n'
            "[memory]\n",
            "core.policy is 'fifo'",
        ),
    ],
)
def test_a_wrong_profile_is_one_clear_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(text)
    with pytest.raises(BoardError) as error:
        load_profile(str(path))
    assert message in str(error.value)
    assert str(path) in str(error.value)


def test_a_profile_that_does_not_exist() -> None:
    with pytest.raises(BoardError, match="no such timing profile"):
        load_profile("nobody")
