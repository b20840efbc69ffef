"""Where something lies and how fast that is: the board profile says it, whatever its memories are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.boards import RegionKind, load_board, releases
from omvsim.errors import BoardError
from omvsim.timing import heap_areas, profile_of, tier_of

if TYPE_CHECKING:
    from pathlib import Path

RENAMED = """
name = "renamed"
title = "A camera whose on-chip RAM has another name"
extends = "openmv-rt1062"
drop = ["memory.OCRM1"]
[memory.SRAM0]
kind = "ram"
origin = 0x2020_0000
length = "512K"
[memory.SRAM0.timing]
tier = "sram"
load_line = [10, 20, 30]
store_line = [10, 20, 30]
write_back = [0, 10, 20]
provenance = "assumed"
source = "a test"
[release."4.8.1".region]
overlay = { memory = "SRAM0", size = "300K" }
"""


@pytest.mark.parametrize("release", releases())
def test_every_area_has_its_memory_s_tier(release: str) -> None:
    board = load_board(firmware=release)
    names = {"DRAM": "sdram", "DTCM": "dtcm", "OCRM1": "ocram", "OCRM2": "ocram"}
    assert [tier_of(board, f"gc[{area.index}]") for area in board.gc_areas] == [
        names[area.memory] for area in board.gc_areas
    ]
    assert [tier_of(board, f"uma[{pool.index}]") for pool in board.uma_pools] == [
        names[pool.memory] for pool in board.uma_pools
    ]
    if board.romfs is not None:
        assert tier_of(board, "rom") == "flash"
    if board.overlay is not None:
        assert (tier_of(board, "overlay"), tier_of(board, "fb_alloc")) == ("ocram", "sdram")


@pytest.mark.parametrize("area", ["gc[9]", "uma[0]", "", "stack", "nowhere"])
def test_what_the_board_does_not_have(area: str) -> None:
    with pytest.raises(BoardError, match="has no"):
        tier_of(load_board(firmware="4.8.1"), area)


def test_a_memory_whose_speed_nobody_gave() -> None:
    board = load_board(firmware="4.8.1").with_gc_areas([(65536, None), (65536, None), (1 << 20, 0x9000_0000)])
    with pytest.raises(BoardError, match="does not say how fast"):
        heap_areas(board)


def test_rooms_are_the_board_s() -> None:
    assert profile_of(load_board(firmware="4.8.1")).rooms == {"dtcm": 272 << 10, "ocram": 512 << 10, "sdram": 8 << 20}
    assert profile_of(load_board(firmware="4.7.0")).rooms["dtcm"] == 288 << 10
    small = load_board(firmware="4.8.1").with_values({"gc[1].size": "100K"})
    assert profile_of(small).rooms["dtcm"] == 100 << 10


def test_a_memory_may_have_any_name(tmp_path: Path) -> None:
    path = tmp_path / "renamed.toml"
    path.write_text(RENAMED)
    board = load_board(path, "4.8.1")
    profile = profile_of(board)
    assert tier_of(board, "overlay") == "sram"
    assert profile.memory("sram").load.nominal == 20
    assert profile.rooms["sram"] == 300 << 10
    assert profile.rooms["ocram"] == 64 << 10
    assert board.region("overlay") is not None
    assert {region.kind for region in board.regions_in("SRAM0")} == {RegionKind.OVERLAY, RegionKind.FREE}


def test_a_timing_without_its_tier_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "renamed.toml"
    path.write_text(RENAMED.replace('tier = "sram"\n', ""))
    with pytest.raises(BoardError, match="tier"):
        load_board(path, "4.8.1")
