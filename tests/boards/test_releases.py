"""Every shipped profile and release: validated, complete, adding up, with the sizes the firmware's sources state."""

from __future__ import annotations

import itertools
import json
import tomllib
from typing import TYPE_CHECKING

import pytest

from omvsim._data_files import shipped_files
from omvsim.boards import ArenaRule, RegionKind, UmaFlag, list_boards, load_board, releases
from omvsim.boards._schema import validate_profile

if TYPE_CHECKING:
    from pathlib import Path

K, M = 1024, 1024**2
EVERY = [(info.name, version) for info in list_boards() for version in info.releases]
RT1062 = "openmv-rt1062"

# openmv/openmv at each tag, boards/OPENMV_RT1060/*board*config.h: GC blocks in order with their memory.
_GENERATIONS: dict[tuple[str, ...], list[tuple[str, int]]] = {
    ("4.5.0", "4.5.1", "4.5.2"): [("DTCM", 280 * K)],
    ("4.5.3", "4.5.4", "4.5.5"): [("DTCM", 284 * K)],
    ("4.5.6-dev",): [("OCRM2", 26 * K), ("DTCM", 293 * K), ("DRAM", 8 * M)],
    ("4.5.6", "4.5.7", "4.5.8", "4.5.9", "4.6.0", "4.6.20"): [("OCRM2", 26 * K), ("DTCM", 290 * K), ("DRAM", 8 * M)],
    ("4.7.0",): [("OCRM2", 26 * K), ("DTCM", 288 * K), ("DRAM", 8 * M)],
    ("4.8.0", "4.8.1"): [("OCRM2", 64 * K), ("DTCM", 272 * K), ("DRAM", 8 * M)],
    ("5.0.0",): [("OCRM2", 64 * K), ("DTCM", 204 * K), ("DRAM", 8 * M)],
}
AREAS = {version: areas for versions, areas in _GENERATIONS.items() for version in versions}


@pytest.mark.parametrize(("name", "path"), shipped_files("boards").items())
def test_shipped_profiles_pass_the_schema(name: str, path: Path) -> None:
    tree = tomllib.loads(path.read_text(encoding="utf-8"))
    validate_profile(str(path), tree)
    assert tree["name"] == name


@pytest.mark.parametrize(("name", "version"), EVERY)
def test_every_memory_adds_up_without_overlap(name: str, version: str) -> None:
    board = load_board(name, version)
    assert len(board.regions) == sum(len(board.regions_in(memory.name)) for memory in board.memories)
    for memory in board.memories:
        parts = board.regions_in(memory.name)
        assert parts[0].origin == memory.origin
        assert parts[-1].end == memory.end
        assert sum(part.size for part in parts) == memory.length
        assert all(before.end == after.origin for before, after in itertools.pairwise(parts))


def test_releases_are_those_with_a_tag_and_the_forum_build() -> None:
    assert list(releases(RT1062)) == list(AREAS)


@pytest.mark.parametrize("version", AREAS)
def test_gc_areas(version: str) -> None:
    board = load_board(RT1062, version)
    assert [(area.memory, area.length) for area in board.gc_areas] == AREAS[version]
    assert [area.index for area in board.gc_areas] == list(range(len(AREAS[version])))
    assert board.release.split_heap is (len(AREAS[version]) > 1)
    assert [area.length for area in load_board("openmv-rt1062-qemu", version).gc_areas] == [
        s for _, s in AREAS[version]
    ]


def _places(version: str, memory: str) -> list[tuple[RegionKind, int, int]]:
    return [(r.kind, r.origin, r.size) for r in load_board(RT1062, version).regions_in(memory)]


def test_dram_of_450() -> None:
    assert _places("4.5.0", "DRAM") == [
        (RegionKind.FRAME_BUFFER, 0x80000000, 10 * M),
        (RegionKind.FB_ALLOC, 0x80A00000, 2 * M),
        (RegionKind.FREE, 0x80C00000, 19 * M),
        (RegionKind.STREAMING, 0x81F00000, 1 * M),
    ]


def test_dram_of_455() -> None:
    assert _places("4.5.5", "DRAM") == [
        (RegionKind.FRAME_BUFFER, 0x80000000, 20 * M),
        (RegionKind.FB_ALLOC, 0x81400000, 11 * M),
        (RegionKind.STREAMING, 0x81F00000, 1 * M),
    ]


@pytest.mark.parametrize("version", ["4.5.6-dev", "4.5.6", "4.5.9", "4.6.20", "4.7.0", "4.8.0", "4.8.1"])
def test_dram_with_the_split_heap(version: str) -> None:
    assert _places(version, "DRAM") == [
        (RegionKind.GC, 0x80000000, 8 * M),
        (RegionKind.STREAMING, 0x80800000, 1 * M),
        (RegionKind.FRAME_BUFFER, 0x80900000, 13 * M),
        (RegionKind.FB_ALLOC, 0x81600000, 10 * M),
    ]


def test_dram_and_pools_of_500() -> None:
    assert _places("5.0.0", "DRAM") == [
        (RegionKind.STREAMING, 0x80000000, 1 * M),
        (RegionKind.GC, 0x80100000, 8 * M),
        (RegionKind.UMA, 0x80900000, 23 * M),
    ]
    board = load_board(RT1062, "5.0.0")
    assert [(p.memory, p.length, p.flags) for p in board.uma_pools] == [
        ("DRAM", 23 * M, UmaFlag(0)),
        ("OCRM1", 512 * K, UmaFlag.FAST | UmaFlag.DTCM),
        ("DTCM", 64 * K, UmaFlag.DTCM),
    ]
    assert board.frame_buffer is board.fb_alloc is board.overlay is None


def test_lepton_frame_leaves_ocrm2_in_480() -> None:
    assert _places("4.7.0", "OCRM2") == [(RegionKind.GC, 0x20280000, 26 * K), (RegionKind.VOSPI, 0x20286800, 38 * K)]
    assert _places("4.8.0", "OCRM2") == [(RegionKind.GC, 0x20280000, 64 * K)]


def test_dtcm_in_linker_order() -> None:
    kinds = {v: [kind for kind, _, _ in _places(v, "DTCM")] for v in ("4.8.1", "5.0.0")}
    assert kinds["4.8.1"] == [RegionKind.DATA, RegionKind.GC, RegionKind.LINE_BUFFER, RegionKind.DMA]
    assert kinds["5.0.0"] == [RegionKind.DATA, RegionKind.LINE_BUFFER, RegionKind.DMA, RegionKind.GC, RegionKind.UMA]


def test_january_2026_build_fits_the_bound() -> None:
    """openmv/openmv#2966: 394 048 bytes in DTCM with a GC block of 271K, 832 too many (master, after 4.8.1)."""
    board = load_board(RT1062, "4.8.1").with_values({"gc[1].size": "271K"})
    data = board.region("data")
    dma = board.size_of(RegionKind.LINE_BUFFER) + board.size_of(RegionKind.DMA)
    linked = 394_048 - 271 * K - dma
    assert data is not None
    assert dma == 16 * K
    assert linked == 100_160
    assert linked == data.size + 1 * K + 832


def test_arena_rules() -> None:
    rules = {version: load_board(RT1062, version).release.arena for version in AREAS}
    assert rules["4.5.5"] == ArenaRule("fb_alloc", align=1, extra=1024, pad=0)
    assert {rules[v] for v in ("4.5.6-dev", "4.5.6", "4.5.7", "4.5.8")} == {ArenaRule("fb_alloc", 1, 1024, 15)}
    assert rules["4.5.9"] == ArenaRule("gc", align=16, extra=0, pad=0)
    assert {rules[v] for v in ("4.6.0", "4.6.20", "4.7.0", "4.8.0", "4.8.1", "5.0.0")} == {ArenaRule("gc", 16, 512, 0)}


def test_release_facts() -> None:
    facts = {version: load_board(RT1062, version).release for version in AREAS}
    assert {v: f.library for v, f in facts.items()} == {
        **dict.fromkeys(["4.5.0", "4.5.1", "4.5.2"], "libtf-4.5.0"),
        **dict.fromkeys(["4.5.3", "4.5.4", "4.5.5"], "libtf-4.5.5"),
        "4.5.6-dev": "7f0b69c",
        "4.5.6": "b42a9d8",
        **dict.fromkeys(["4.5.7", "4.5.8", "4.5.9"], "4da5984"),
        **dict.fromkeys(["4.6.0", "4.6.20", "4.7.0", "4.8.0", "4.8.1"], "73eb1aa"),
        "5.0.0": "5b8e786",
    }
    assert [v for v, f in facts.items() if f.module == "tf"] == ["4.5.0", "4.5.1", "4.5.2", "4.5.3", "4.5.4", "4.5.5"]
    assert [v for v, f in facts.items() if load_board(RT1062, v).romfs] == ["4.7.0", "4.8.0", "4.8.1", "5.0.0"]
    assert facts["4.5.6"].title == ""
    assert facts["4.8.1"].date == "2025-12-22"


def test_speed_tables() -> None:
    board = load_board(RT1062)
    assert board.core is not None
    assert board.core.clock_hz == 600_000_000
    assert board.cache is not None
    assert board.cache.line_bytes == 32
    assert all(memory.timing is not None for memory in board.memories)


@pytest.mark.parametrize("prefix", ["", "v"])
def test_default_and_prefixed_firmware(prefix: str) -> None:
    assert load_board().firmware == load_board(RT1062, prefix + "4.8.1").firmware == "4.8.1"


def test_measured_configurations(shared: Path) -> None:
    """The emulated board's areas are where the traces have them."""
    measured = json.loads((shared / "oracle/firmware/areas.json").read_text())
    for version, config in {
        "4.5.5": "single_284K_fw_without_split_heap",
        "4.5.6": "rt1062_v4.5.6_26K_290K_8M",
        "4.5.6-dev": "forum_26K_293K_8M",
        "4.7.0": "rt1062_v4.7.0_26K_288K_8M",
        "4.8.1": "rt1062_v4.8.1_64K_272K_8M",
        "5.0.0": "rt1062_v5.0.0_64K_204K_8M",
    }.items():
        expected = [(int(area["start"], 16), area["bytes"]) for area in measured[config]["areas_arg"]]
        assert [(a.origin, a.length) for a in load_board("openmv-rt1062-qemu", version).gc_areas] == expected


def test_measured_pools(shared: Path) -> None:
    pools = json.loads((shared / "oracle/uma/geometry.json").read_text())
    emulated = load_board("openmv-rt1062-qemu", "5.0.0")
    assert [(p.origin, p.length, int(p.flags)) for p in emulated.uma_pools] == [
        (pool["base"], pool["bytes"], pool["flags"]) for pool in pools["qemu"]["uma8M"]
    ]
    real = load_board(RT1062, "5.0.0").uma_pools
    expected = pools["host32"]["RT1062_v5.0.0"]["pools"]
    assert [(p.length, int(p.flags)) for p in real] == [(pool["bytes"], pool["flags"]) for pool in expected]
    # The third pool's base depends on the link; it was set by hand there.
    assert [p.origin for p in real[:2]] == [pool["base"] for pool in expected[:2]]
