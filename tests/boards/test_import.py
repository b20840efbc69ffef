"""``omvsim boards import``: a header and a linker map become a profile; what they do not say is listed.

The headers are ours: sizes and addresses of the OpenMV Cam RT1062 4.8.1 and boards made up to reach every rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.boards import RegionKind, known_releases, load_board
from omvsim.boards.importing import draft_profile, layout_of, profile_text
from omvsim.boards.importing.defines import preprocess
from omvsim.boards.importing.linker_map import parse_map
from omvsim.cli import main
from omvsim.errors import BoardError
from omvsim.units import format_size

if TYPE_CHECKING:
    from pathlib import Path

K = 1024

RT1062 = """
#ifndef GUARD
#define GUARD
#include "nowhere.h"
#define OMV_BOARD_ARCH "OMVRT1060 32768 SDRAM"
#define OMV_BOARD_TYPE "IMXRT1060"
#define OMV_FLEXRAM_CONFIG 0
#define OMV_MAIN_MEMORY DTCM // .data and .bss
#define OMV_STACK_MEMORY ITCM1
#define OMV_STACK_SIZE (32K)
#define OMV_RAMFUNC_MEMORY ITCM2
#define OMV_FB_MEMORY DRAM
#define OMV_FB_SIZE (13M)
#define OMV_FB_ALLOC_SIZE (10M)
#define OMV_FB_OVERLAY_MEMORY OCRM1
#define OMV_FB_OVERLAY_SIZE (512K)
#define OMV_SB_MEMORY DRAM
#define OMV_SB_SIZE (1M)
#define OMV_GC_BLOCK0_MEMORY OCRM2
#define OMV_GC_BLOCK0_SIZE (64K)
#define OMV_GC_BLOCK1_MEMORY DTCM
#define OMV_GC_BLOCK1_SIZE (17 * 16 * 1024)
#define OMV_GC_BLOCK2_MEMORY DRAM
#define OMV_GC_BLOCK2_SIZE (8M)
#define LINES 11
#define OMV_LINE_BUF_SIZE (LINES * 1024)
#define OMV_DTCM_ORIGIN 0x20000000
#define OMV_DTCM_LENGTH 384K
#define OMV_ITCM1_ORIGIN 0x00000000
#define OMV_ITCM1_LENGTH 32K
#define OMV_ITCM2_ORIGIN 0x00008000
#define OMV_ITCM2_LENGTH 32K
#define OMV_OCRM1_ORIGIN 0x20200000
#define OMV_OCRM1_LENGTH 512K
#define OMV_OCRM2_ORIGIN 0x20280000
#define OMV_OCRM2_LENGTH 64K
#define OMV_DRAM_ORIGIN 0x80000000
#define OMV_DRAM_LENGTH 32M
#define OMV_FLASH_ORIGIN 0x60000000
#define OMV_FLASH_LENGTH 16M
#define OMV_FLASH_TXT_ORIGIN 0x60043000
#define OMV_FLASH_TXT_LENGTH 3584K
#define OMV_FLASH_FFS_ORIGIN 0x60400000
#define OMV_FLASH_FFS_LENGTH 4M
#define OMV_ROMFS_PART0_ORIGIN 0x60800000
#define OMV_ROMFS_PART0_LENGTH 8M
#endif
"""

SMALL = """
#define OMV_MAIN_MEMORY RAM
#define OMV_RAM_ORIGIN 0x20000000
#define OMV_RAM_LENGTH 256K
#define OMV_GC_BLOCK0_MEMORY RAM
#define OMV_GC_BLOCK0_SIZE 64K
"""


@pytest.fixture
def header(tmp_path: Path) -> Path:
    folder = tmp_path / "MY_BOARD"
    folder.mkdir()
    path = folder / "omv_boardconfig.h"
    path.write_text(RT1062, encoding="utf-8")
    return path


def _board(text: str, release: str, tmp_path: Path, linked: str | None = None):  # type: ignore[no-untyped-def]  # a Board
    made = parse_map(linked, "x.map") if linked is not None else None
    imported = draft_profile(preprocess(text, "x.h"), release, name="x", linked=made)
    path = tmp_path / "x.toml"
    path.write_text(profile_text(imported, "a test"), encoding="utf-8")
    return load_board(path), imported.unread


def test_the_rt1062_comes_out_as_the_shipped_profile(tmp_path: Path) -> None:
    """Written by two ways from the same files: by hand, and by the rules of the linker script."""
    board, _ = _board(RT1062, "4.8.1", tmp_path)
    shipped = load_board("openmv-rt1062", "4.8.1")

    def ram(which):  # type: ignore[no-untyped-def]  # a Board
        kinds = (RegionKind.FREE, RegionKind.UNKNOWN)
        names = [memory.name for memory in which.memories if memory.kind == "ram"]
        return {
            (r.name, r.memory, r.origin, r.size) for r in which.regions if r.memory in names and r.kind not in kinds
        }

    assert ram(board) == ram(shipped)
    assert board.gc_areas == shipped.gc_areas


def test_the_command_writes_a_profile_that_runs(
    header: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "mine.toml"
    assert main(["boards", "import", str(header), "--release", "4.8.1", "-o", str(made)]) == 0
    told = capsys.readouterr()
    assert "GC heap 64K + 272K + 8M" in told.out
    assert "not read: #include nowhere.h" in told.err
    assert "no linker map" in told.err
    assert "[port], [sensor]" in told.err
    board = load_board(made)
    assert (board.name, board.port.kind) == ("my-board", "IMXRT1060")
    assert main(["boards", "import", str(header), "-o", str(made)]) == 3
    assert "is there already; --force" in capsys.readouterr().err


def test_without_a_file_it_is_printed(header: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["boards", "import", str(header), "--release", "4.8.1", "--name", "other"]) == 0
    assert 'name = "other"' in capsys.readouterr().out


def test_macros_of_the_build_choose(tmp_path: Path) -> None:
    text = SMALL + "#if CORE_BIG\n#define OMV_STACK_MEMORY RAM\n#define OMV_STACK_SIZE 32K\n#endif\n"
    known = known_releases()
    assert "stack" not in layout_of(preprocess(text, "x.h"), "5.0.0", known).regions
    assert "stack" in layout_of(preprocess(text, "x.h", ["CORE_BIG"]), "5.0.0", known).regions


def test_pools_come_behind_and_have_flags(tmp_path: Path) -> None:
    text = SMALL + (
        "#define OMV_UMA_BLOCK0_MEMORY RAM\n#define OMV_UMA_BLOCK0_SIZE 96K\n"
        "#define OMV_UMA_BLOCK0_FLAGS (UMA_FAST | UMA_DTCM)\n"
    )
    board, _ = _board(text, "5.0.0", tmp_path)
    assert [(pool.length, int(pool.flags)) for pool in board.uma_pools] == [(96 * K, 5)]
    assert board.uma_pools[0].origin + 96 * K == board.memory("RAM").end


@pytest.mark.parametrize(("content", "padded"), [("3 * 1024", 4), ("4K", 4), ("5K", 8)])
def test_a_dma_section_is_a_power_of_two_long(tmp_path: Path, content: str, padded: int) -> None:
    """LOG2CEIL of what is in it (common.ld.S)."""
    text = SMALL + f"#define OMV_LINE_BUF_SIZE (1K)\n#define OMV_MSC_BUF_SIZE (({content}) - 1K)\n"
    board, _ = _board(text, "4.8.1", tmp_path)
    line, dma = board.region("line_buffer"), board.region("dma")
    assert line is not None
    assert dma is not None
    assert dma.end - line.origin == padded * K


def test_memory_of_other_cores_and_two_rom_partitions(tmp_path: Path) -> None:
    text = SMALL + (
        "#define OMV_CORE1_MEMORY RAM\n#define OMV_CORE1_SIZE 33K\n"
        "#define OMV_OPENAMP_MEMORY RAM\n#define OMV_OPENAMP_SIZE 4K\n"
        "#define OMV_ROMFS_PART0_ORIGIN 0xA0000000\n#define OMV_ROMFS_PART0_LENGTH 1M\n"
        "#define OMV_ROMFS_PART1_ORIGIN 0x80000000\n#define OMV_ROMFS_PART1_LENGTH 64K\n"
    )
    board, _ = _board(text, "4.8.1", tmp_path)
    core = board.region("core1")
    assert core is not None
    assert (core.kind, core.size) == (RegionKind.SECOND_CORE, 64 * K)
    assert board.size_of(RegionKind.RESERVED) == 4 * K
    assert [format_size(r.size) for r in board.regions if r.kind is RegionKind.ROMFS] == ["1M", "64K"]
    rom = board.filesystem("rom")
    assert rom is not None
    assert rom.size == 1024 * K


MAP = """
Memory Configuration

Name             Origin             Length             Attributes
RAM              0x20000000         0x00040000         xrw
*default*        0x00000000         0xffffffff

Linker script and memory map

.data           0x20000000      0x400 load address 0x08040000
                0x20000000                _sdata = .
 .data          0x20000000       0x10 build/main.o
.bss            0x20000400     0x3000
 .bss           0x20000400       0x20 build/main.o
.gc.block0      0x20003400    0x10000
                0x20003400                _heap_start = .
                0x20013400                _heap_end = .
.a_section_with_a_long_name
                0x20013400       0x20
.dma.memory0    0x20013420     0x1000
                0x20013420                _line_buf = .
                0x20013820                _msc_buf = .
.empty          0x20014420        0x0
"""


def test_a_map_says_what_only_the_link_knows(tmp_path: Path) -> None:
    text = SMALL + "#define OMV_LINE_BUF_SIZE 1K\n#define OMV_MSC_BUF_SIZE 2K\n"
    board, unread = _board(text, "4.8.1", tmp_path, MAP)
    data, heap, dma = (board.region(name) for name in ("data", "gc0", "dma"))
    assert data is not None
    assert heap is not None
    assert dma is not None
    assert (data.origin, data.size, str(data.provenance)) == (0x20000000, 0x3400, "exact")
    assert (heap.origin, str(heap.provenance)) == (0x20003400, "exact")
    assert (dma.origin, dma.end) == (0x20013820, 0x20014420)
    assert not any("no linker map" in line for line in unread)


def test_sections_and_symbols_of_a_map() -> None:
    linked = parse_map(MAP, "x.map")
    assert linked.memories == {"RAM": (0x20000000, 0x40000)}
    assert linked.sections[".a_section_with_a_long_name"] == (0x20013400, 0x20)
    assert ".empty" not in linked.sections
    assert linked.symbols["_heap_start"] == 0x20003400


def test_a_region_that_the_map_lacks_is_listed(tmp_path: Path) -> None:
    text = SMALL + "#define OMV_RAMFUNC_MEMORY FAST\n#define OMV_FAST_ORIGIN 0\n#define OMV_FAST_LENGTH 16K\n"
    _, unread = _board(text, "4.8.1", tmp_path, MAP)
    assert "the map has nothing of region functions" in unread


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SMALL + "#define OMV_GC_BLOCK1_MEMORY RAM\n", "OMV_GC_BLOCK1_MEMORY without OMV_GC_BLOCK1_SIZE"),
        (SMALL + "#define OMV_STACK_MEMORY GONE\n#define OMV_STACK_SIZE 1K\n", "memory GONE has no OMV_GONE_ORIGIN"),
        ("#define OMV_RAM_ORIGIN 0\n#define OMV_RAM_LENGTH 1K\n", "the profile has no GC heap"),
    ],
)
def test_what_is_missing_is_listed(text: str, said: str) -> None:
    assert any(said in line for line in draft_profile(preprocess(text, "x.h"), "4.8.1", name="x").unread)


@pytest.mark.parametrize("size", ["sizeof(int)", "1 / 0", "OMV_GC_BLOCK0_SIZE", "1 << 999", "(2"])
def test_what_is_no_number_names_the_macro(size: str) -> None:
    text = SMALL.replace("SIZE 64K", f"SIZE {size}")
    with pytest.raises(BoardError, match="OMV_GC_BLOCK0_SIZE"):
        draft_profile(preprocess(text, "x.h"), "4.8.1", name="x")


def test_files_that_cannot_be_read(header: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["boards", "import", str(tmp_path / "none.h")]) == 3
    assert "none.h" in capsys.readouterr().err
    other = tmp_path / "x.map"
    other.write_text("nothing", encoding="utf-8")
    assert main(["boards", "import", str(header), str(other)]) == 3
    assert "is no linker map" in capsys.readouterr().err
    assert main(["boards", "import", str(header), "--release", "4.8.2"]) == 3
    assert "did you mean '4.8" in capsys.readouterr().err


PADDED = """
name = "x"
[memory.RAM]
origin = 0x1000
length = "64K"
[region.heap]
memory = "RAM"
kind = "gc"
index = 0
size = {size}
[region.dma]
memory = "RAM"
kind = "dma"
size = "5K"
power_of_two = "{first}"
[release."1"]
extends = "4.8.1"
"""


def test_power_of_two_in_a_profile_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(PADDED.format(size='"16K"', first="dma"), encoding="utf-8")
    dma = load_board(path).region("dma")
    assert dma is not None
    assert dma.size == 8 * K
    path.write_text(PADDED.format(size='"16K"', first="heap"), encoding="utf-8")
    dma = load_board(path).region("dma")
    assert dma is not None
    assert dma.size == 16 * K


@pytest.mark.parametrize(
    ("size", "first", "cause"),
    [('"16K"', "later", "is 'later', which is no region before it"), ('"rest"', "heap", 'takes the "rest"')],
)
def test_power_of_two_that_cannot_be_told(tmp_path: Path, size: str, first: str, cause: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(PADDED.format(size=size, first=first), encoding="utf-8")
    with pytest.raises(BoardError, match=cause):
        load_board(path)
