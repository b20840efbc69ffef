"""Boards with other GC areas and other values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.boards import Board, RegionKind, load_board, parse_gc_areas, parse_settings
from omvsim.errors import BoardError

K, M = 1024, 1024**2
BOARD = load_board("openmv-rt1062", "4.8.1")
OLD = load_board("openmv-rt1062", "4.5.5")
WITH_FREE_DRAM = load_board("openmv-rt1062", "4.8.1").with_values({"memory.DRAM.length": "64M"})


def _adds_up(board: Board) -> None:
    for memory in board.memories:
        assert sum(region.size for region in board.regions_in(memory.name)) == memory.length


def _areas(board: Board) -> list[tuple[int, int]]:
    return [(area.origin, area.length) for area in board.gc_areas]


def test_other_sizes_keep_every_address() -> None:
    board = BOARD.with_gc_areas(parse_gc_areas("32K,100K,4M"))
    assert _areas(board) == [(0x20280000, 32 * K), (0x20018000, 100 * K), (0x80000000, 4 * M)]
    assert board.frame_buffer == BOARD.frame_buffer
    assert board.line_buffer == BOARD.line_buffer
    assert not board.notes
    _adds_up(board)


def test_fewer_areas() -> None:
    board = BOARD.with_gc_areas([(64 * K, None), (272 * K, None)])
    assert [area.memory for area in board.gc_areas] == ["OCRM2", "DTCM"]
    assert board.regions_in("DRAM")[0].kind is RegionKind.FREE
    _adds_up(board)


def test_further_area_goes_behind_the_last() -> None:
    board = BOARD.with_gc_areas(parse_gc_areas("64K,272K,4M,1M"))
    assert _areas(board)[3] == (0x80400000, 1 * M)
    spacious = WITH_FREE_DRAM.with_gc_areas(parse_gc_areas("64K,272K,8M,1M,2M"))
    assert _areas(spacious)[3:] == [(0x82000000, 1 * M), (0x82100000, 2 * M)]
    _adds_up(spacious)


def test_measured_addresses_on_the_camera_profile() -> None:
    board = BOARD.with_gc_areas(parse_gc_areas("64K@0x20280000,272K@0x20300000,8M@0x60000000"))
    assert _areas(board) == [(0x20280000, 64 * K), (0x20300000, 272 * K), (0x60000000, 8 * M)]
    assert [note.split(" lies")[0] for note in board.notes] == [
        "GC area 1 (272K at 0x20300000)",
        "GC area 2 (8M at 0x60000000)",
    ]
    assert board.romfs == BOARD.romfs
    _adds_up(board)


def test_area_larger_than_a_memory_that_nothing_else_needs() -> None:
    board = BOARD.with_gc_areas([(284 * K, 0x20280000)])
    assert _areas(board) == [(0x20280000, 284 * K)]
    assert [memory.name for memory in board.memories if "OCRM2" in memory.name] == []
    _adds_up(board)


@pytest.mark.parametrize(
    ("areas", "cause"),
    [
        ("", "is not SIZE"),
        ("64K,272K,9M", "gc2 (9M at 0x80000000) and streaming (1M at 0x80800000) overlap"),
        ("65K", "does not fit in OCRM2 (0x20280000 to 0x20290000): 1 024 bytes too many"),
        ("64K,272K,8M,1M", "no free space for GC area 3 (1M)"),
        ("64K@0x20000000", "regions data (96K at 0x20000000) and gc0 (64K at 0x20000000) overlap"),
        ("400K@0x20020000", "does not fit in DTCM, where data needs room"),
        ("64K@0xFFFFFFF0", "does not fit in 32 bits"),
        ("64K,64K@0x20280000", "overlap"),
        ("0", "a heap needs at least one GC area"),
        ("1.3", "is not SIZE"),
        ("64K@here", "'64K@here' is not SIZE or SIZE@ADDRESS"),
    ],
)
def test_areas_that_cannot_be(areas: str, cause: str) -> None:
    with pytest.raises(BoardError) as raised:
        BOARD.with_gc_areas(parse_gc_areas(areas))
    assert cause in str(raised.value)


def test_no_area_at_all() -> None:
    with pytest.raises(BoardError, match="at least one GC area"):
        BOARD.with_gc_areas([])
    with pytest.raises(BoardError, match="fewer than 0 bytes"):
        BOARD.with_gc_areas([(-16, None)])


@pytest.mark.parametrize("without", [0, 1, 2])
def test_an_area_of_no_bytes_is_left_out_and_the_others_stay_where_they_are(without: int) -> None:
    there = _areas(BOARD)
    expected = [area for index, area in enumerate(there) if index != without]
    sizes = [(0 if index == without else size, None) for index, (_, size) in enumerate(there)]
    assert _areas(BOARD.with_gc_areas(sizes)) == expected
    assert _areas(BOARD.with_values({f"gc[{without}].size": "0"})) == expected


def test_of_pools_only_the_last_can_be_left_out() -> None:
    board = load_board(firmware="5.0.0")
    pools = [key for key in board.values() if key.startswith("uma[") and key.endswith(".size")]
    assert len(pools) > 2
    assert f"uma[{len(pools) - 1}].size" not in board.with_values({f"uma[{len(pools) - 1}].size": 0}).values()
    with pytest.raises(BoardError, match=r"uma\[0\].size cannot be 0: only the last uma region can be left out"):
        board.with_values({"uma[0].size": 0})


def test_no_second_area_without_the_split_heap() -> None:
    with pytest.raises(BoardError, match="has no split heap"):
        OLD.with_gc_areas([(100 * K, None), (100 * K, 0x80000000 + 40 * M)])


@given(st.lists(st.integers(1, 64 * M), min_size=1, max_size=5))
def test_any_sizes_add_up_or_are_refused(sizes: list[int]) -> None:
    try:
        board = WITH_FREE_DRAM.with_gc_areas([(size, None) for size in sizes])
    except BoardError:
        return
    assert [area.length for area in board.gc_areas] == sizes
    _adds_up(board)


def test_values_move_what_is_behind_as_the_linker_would() -> None:
    board = BOARD.with_values({"gc[2].size": "4M", "frame_buffer.size": 10 * M})
    assert [(r.kind, r.origin) for r in board.regions_in("DRAM")] == [
        (RegionKind.GC, 0x80000000),
        (RegionKind.STREAMING, 0x80400000),
        (RegionKind.FRAME_BUFFER, 0x80500000),
        (RegionKind.FB_ALLOC, 0x80F00000),
        (RegionKind.FREE, 0x81900000),
    ]
    _adds_up(board)


def test_data_does_not_grow_into_what_another_region_gives_up() -> None:
    board = BOARD.with_values({"gc[1].size": "200K"})
    assert board.region("data") == BOARD.region("data")
    assert board.size_of(RegionKind.FREE) - BOARD.size_of(RegionKind.FREE) == 72 * K


def test_values_of_every_type() -> None:
    board = BOARD.with_values(
        parse_settings(
            [
                "core.clock_hz=528000000",
                "release.arena.extra=1K",
                "release.split_heap=TRUE",
                "release.library=4da5984",
                "gc[1].origin=0x20018040",
                "memory.DRAM.timing.load_line=[1, 2, 3.5]",
                "gc[1].size=271K",
            ]
        )
    )
    assert board.core is not None
    assert board.core.clock_hz == 528_000_000
    assert board.release.arena.extra == 1024
    assert board.release.library == "4da5984"
    assert board.gc_areas[1].origin == 0x20018040
    timing = board.memory("DRAM").timing
    assert timing is not None
    assert (timing.load_line.low, timing.load_line.nominal, timing.load_line.high) == (1, 2, 3.5)


def test_every_listed_value_can_be_set_to_itself() -> None:
    assert BOARD.with_values({}) == BOARD
    for key, value in BOARD.values().items():
        assert isinstance(value, str | int | float | list)
        text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
        assert BOARD.with_values({key: text}) == BOARD, key


@pytest.mark.parametrize(
    ("key", "value", "cause"),
    [
        ("gc[2].sise", "4M", "no value 'gc[2].sise'; near are gc[2].size"),
        ("gc[3].size", "4M", "no value 'gc[3].size'"),
        ("gc2", "4M", "no value 'gc2'; near are gc["),
        ("qqqq", "4M", "no value 'qqqq'; sizes are gc[2].size, streaming.size, "),
        ("gc[2].size", "four", "gc[2].size cannot be 'four'; it is 8388608 now"),
        ("release.split_heap", "perhaps", "cannot be 'perhaps'; it is True now"),
        ("release.module", "torch", "release.module must be one of tf, ml"),
        ("memory.DRAM.timing.load_line", "3,2,1", "must be [low, nominal, high]"),
        ("gc[2].size", "12M", "fb_alloc (10M at 0x81a00000) does not fit in DRAM"),
        ("release.split_heap", "false", "no split heap"),
    ],
)
def test_values_that_cannot_be(key: str, value: str, cause: str) -> None:
    with pytest.raises(BoardError) as raised:
        BOARD.with_values({key: value})
    assert cause in str(raised.value)


def test_setting_without_a_value() -> None:
    with pytest.raises(BoardError, match="'gc' is not KEY=VALUE"):
        parse_settings(["gc"])


def test_unknown_memory() -> None:
    with pytest.raises(KeyError, match="NVRAM"):
        BOARD.memory("NVRAM")
