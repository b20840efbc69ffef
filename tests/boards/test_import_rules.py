"""Rules of the linker scripts one by one: which macro becomes which region, and what is listed instead.

Sources as ``omvsim/boards/importing/sections.py`` names them: ``stm32fxxx.ld.S`` up to 4.5.5, ``common.ld.S`` after.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from omvsim.boards import known_releases
from omvsim.boards.importing import draft_profile, layout_of
from omvsim.boards.importing.defines import Defines, preprocess, read_header
from omvsim.boards.importing.linker_map import parse_map
from omvsim.boards.importing.memories import memories_of
from omvsim.errors import BoardError, MissingExtraError

if TYPE_CHECKING:
    from pathlib import Path

K = 1024

H7 = """
#define OMV_MAIN_MEMORY SRAM1
#define OMV_STACK_MEMORY SRAM1
#define OMV_STACK_SIZE 16K
#define OMV_HEAP_SIZE 230K
#define OMV_FB_MEMORY AXI_SRAM
#define OMV_FB_SIZE 400K
#define OMV_FB_ALLOC_SIZE 100K
#define OMV_FFS_MEMORY DTCM
#define OMV_DMA_MEMORY SRAM2
#define OMV_LINE_BUF_SIZE 5K
#define OMV_JPEG_BUF_SIZE 32K
#define OMV_JPEG_MEMORY SRAM3
#define OMV_VOSPI_MEMORY SRAM4
#define OMV_SRAM3_ORIGIN 0x30040000
#define OMV_SRAM4_ORIGIN 0x38000000
"""
"""A board like the OpenMV Cam H7 of 4.5.0."""


def regions(text: str, release: str = "4.8.1") -> dict[str, dict[str, object]]:
    return layout_of(preprocess(text, "x.h"), release, known_releases()).regions


def unread(text: str, release: str = "4.8.1") -> tuple[str, ...]:
    return layout_of(preprocess(text, "x.h"), release, known_releases()).unread


def test_the_linker_reserves_nothing_for_the_old_jpeg_and_lepton_buffers() -> None:
    """``_jpeg_buf = ORIGIN(OMV_JPEG_MEMORY) + OMV_JPEG_MEMORY_OFFSET`` and no section behind it."""
    found = regions(H7, "4.5.0")
    assert (found["streaming"]["origin"], found["streaming"]["size"]) == (0x30040000, 32 * K)
    assert (found["vospi"]["origin"], found["vospi"]["size"]) == (0x38000000, 160 * 120 * 2)
    moved = regions(H7 + "#define OMV_VOSPI_MEMORY_OFFSET (4*1024)\n", "4.5.0")
    assert moved["vospi"]["origin"] == 0x38001000


def test_a_cache_of_the_file_system_has_its_memory_where_nothing_else_lies() -> None:
    assert regions(H7, "4.5.0")["flash_cache"]["memory"] == "DTCM"
    assert "flash_cache" not in regions(H7.replace("FFS_MEMORY DTCM", "FFS_MEMORY SRAM2"), "4.5.0")


def test_the_buffer_to_the_ide_is_among_the_dma_buffers_without_a_memory_of_its_own() -> None:
    """``#if defined(OMV_SB_SIZE) && !defined(OMV_SB_MEMORY)``, up to 4.5.5 ``!defined(OMV_JPEG_MEMORY)``."""
    text = "#define OMV_MAIN_MEMORY RAM\n#define OMV_DMA_MEMORY FAST\n#define OMV_SB_SIZE 20K\n"
    found = regions(text)
    assert (found["streaming"]["memory"], found["streaming"]["size"]) == ("FAST", 20 * K)
    assert found["dma"]["size"] == "rest"
    other = regions(text + "#define OMV_SB_MEMORY SLOW\n")
    assert other["streaming"]["memory"] == "SLOW"
    old = regions(H7.replace("#define OMV_JPEG_MEMORY SRAM3\n", ""), "4.5.0")
    assert old["streaming"]["memory"] == "SRAM2"


def test_dma_buffers_have_what_others_leave_of_their_memory() -> None:
    alone = "#define OMV_MAIN_MEMORY RAM\n#define OMV_DMA_MEMORY FAST\n#define OMV_MSC_BUF_SIZE 2K\n"
    assert regions(alone)["dma"]["size"] == "rest"
    shared = regions(alone + "#define OMV_GC_BLOCK1_MEMORY FAST\n#define OMV_GC_BLOCK1_SIZE 9K\n")["dma"]
    assert (shared["size"], shared["power_of_two"]) == (2 * K, "dma")
    old = regions(H7.replace("DMA_MEMORY SRAM2", "DMA_MEMORY AXI_SRAM"), "4.5.0")["dma"]
    assert (old["size"], "power_of_two" in old) == (0, False)  # no section was padded


def test_no_memory_no_dma_buffers() -> None:
    assert regions("#define OMV_LINE_BUF_SIZE 2K\n") == {}


@pytest.mark.parametrize(("release", "kept"), [("4.5.0", False), ("4.8.1", True)])
def test_dma_buffers_of_a_domain(release: str, kept: bool) -> None:
    """Up to 4.5.5 the Lepton's buffer lies over the domain's section, which has to be empty."""
    text = H7 + "#define OMV_DMA_MEMORY_D1 AXI_SRAM2\n#define OMV_DMA_MEMORY_D3 SRAM4\n"
    found = regions(text, release)
    assert found["dma_d1"]["memory"] == "AXI_SRAM2"
    assert ("dma_d3" in found) is kept
    assert "dma_d2" not in found


def test_only_the_first_that_takes_the_rest_of_a_memory_has_it() -> None:
    found = regions("#define OMV_MAIN_MEMORY RAM\n#define OMV_DMA_MEMORY_D1 RAM\n#define OMV_DMA_MEMORY_D2 FAST\n")
    assert [name for name, region in found.items() if region["size"] == "rest"] == ["data", "dma_d2"]


def test_functions_and_bss_have_regions_of_their_own_outside_the_main_memory() -> None:
    text = "#define OMV_MAIN_MEMORY RAM\n#define OMV_RAMFUNC_MEMORY RAM\n#define OMV_BSS_SRAM_MEMORY SRAM\n"
    assert {"data", "bss_sram"} == {name for name, each in regions(text).items() if each["size"] == "rest"}


def test_mimxrt_had_an_order_of_its_own_up_to_4_5_5() -> None:
    text = (
        "#define OMV_MAIN_MEMORY RAM\n#define OMV_HEAP_SIZE 64K\n#define OMV_FB_MEMORY RAM\n#define OMV_FB_SIZE 32K\n"
        "#define OMV_FB_ALLOC_SIZE 8K\n"
    )
    assert list(regions(text, "4.5.0"))[:2] == ["frame_buffer", "fb_alloc"]
    assert list(regions(text + "#define OMV_FLEXRAM_CONFIG 0\n", "4.5.0"))[:2] == ["data", "gc0"]


def test_a_pool_without_a_size_is_listed_and_the_last() -> None:
    text = "#define OMV_UMA_BLOCK0_MEMORY RAM\n#define OMV_UMA_BLOCK1_MEMORY RAM\n#define OMV_UMA_BLOCK1_SIZE 1K\n"
    assert "OMV_UMA_BLOCK0_MEMORY without OMV_UMA_BLOCK0_SIZE: no pool 0" in unread(text, "5.0.0")
    assert not any(name.startswith("uma") for name in regions(text, "5.0.0"))


def test_all_eight_pools_may_be_there() -> None:
    text = "".join(f"#define OMV_UMA_BLOCK{n}_MEMORY RAM\n#define OMV_UMA_BLOCK{n}_SIZE {n + 1}K\n" for n in range(8))
    found = regions(text, "5.0.0")
    assert [found[f"uma{n}"]["size"] for n in range(8)] == [(n + 1) * K for n in range(8)]
    assert found["uma0"]["flags"] == []


# -- memories ----------------------------------------------------------------------------------------------------------


def test_memory_of_the_second_core_is_a_region_of_the_one_it_lies_in() -> None:
    text = (
        "#define OMV_RAM_ORIGIN 0x20000000\n#define OMV_RAM_LENGTH 64K\n"
        "#define OMV_CM4_RAM_ORIGIN 0x20004000\n#define OMV_CM4_RAM_LENGTH 16K\n"
        "#define OMV_PART_ORIGIN 0x20008000\n#define OMV_PART_LENGTH 4K\n"
        "#define OMV_ODD_ORIGIN 0x90000000\n"
    )
    memories, parts, said = memories_of(preprocess(text, "x.h"))
    assert list(memories) == ["RAM"]
    assert (parts["cm4_ram"]["memory"], parts["cm4_ram"]["origin"], parts["cm4_ram"]["size"]) == (
        "RAM",
        0x20004000,
        16 * K,
    )
    assert said == ("memory PART lies in RAM: left out",)


def test_a_program_that_is_loaded_into_ram_is_no_region_of_the_flash() -> None:
    text = (
        "#define OMV_RAM_ORIGIN 0x20000000\n#define OMV_RAM_LENGTH 64K\n"
        "#define OMV_FLASH_TXT_ORIGIN 0x20000000\n#define OMV_FLASH_TXT_LENGTH 32K\n"
    )
    memories, parts, said = memories_of(preprocess(text, "x.h"))
    assert (list(memories), parts) == (["RAM"], {})
    assert said == ("OMV_FLASH_TXT lies in RAM, which is RAM at run time: left out",)


def test_a_flash_without_a_part_for_the_program_is_the_program_s() -> None:
    _, parts, _ = memories_of(preprocess("#define OMV_FLASH_ORIGIN 0x80000000\n#define OMV_FLASH_LENGTH 2M\n", "x.h"))
    assert (parts["text"]["memory"], parts["text"]["size"]) == ("FLASH", 2048 * K)


# -- macros ------------------------------------------------------------------------------------------------------------


def test_a_macro_that_stands_for_another_is_followed_to_its_end() -> None:
    made = preprocess('#define A B\n#define B C\n#define C "D"\n#define LOOP POOL\n#define POOL LOOP\n', "x.h")
    assert (made.word("A"), made.word("LOOP"), made.word("NONE")) == ("D", "POOL", None)


@pytest.mark.parametrize(
    ("text", "size"),
    [("(3 * 1024)", 3072), ("1M - 64K", 983040), ("0x10UL << 4", 256), ("(9 / 2)", 4), ("BASE + 1", 17), ("", None)],
)
def test_sums_of_sizes(text: str, size: int | None) -> None:
    assert preprocess(f"#define BASE 16\n#define SIZE {text}\n", "x.h").size("SIZE") == size


@pytest.mark.parametrize("text", ["SIZE", "1 << 65", "~1", "'a'", "1 % 2"])
def test_what_is_no_sum(text: str) -> None:
    with pytest.raises(BoardError, match="no sum of numbers"):
        Defines("x.h", {"SIZE": text}).size("SIZE")


def test_macros_that_lead_back_to_themselves_are_no_sum() -> None:
    with pytest.raises(BoardError, match="no sum of numbers"):
        Defines("x.h", {"A": "B + 1", "B": "A + 1"}).size("A")


def test_what_the_preprocessor_cannot_do_is_listed_with_its_line(capfd: pytest.CaptureFixture[str]) -> None:
    text = "#define GOOD 1\n#error not for this board\n#include <gone.h>\n#pragma once\n#warning old\n#if 1 +\n#endif\n"
    made = preprocess(text, "x.h")
    assert made.size("GOOD") == 1
    assert made.unread[:3] == ("line 2: #error not for this board", "#include gone.h", "line 5: #warning old")
    assert made.unread[3].startswith("line 6: ")
    assert capfd.readouterr() == ("", "")


def test_without_a_preprocessor_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pcpp", None)
    with pytest.raises(MissingExtraError, match="pcpp"):
        preprocess("", "x.h")


def test_a_header_that_is_no_text_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.h"
    path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(BoardError, match=r"x\.h: is not UTF-8 text"):
        read_header(path)


# -- a map -------------------------------------------------------------------------------------------------------------

LINKED = """
Memory Configuration

Name             Origin             Length             Attributes
RAM              0x20000000         0x00020000         xrw
*default*        0x00000000         0xffffffff

Linker script and memory map

.data           0x20000000      0x400 load address 0x08040000
.dma.memory1    0x20030000     0x800
.gc.block0      0x20003400    0x10000
                0x20020000                _fb_memory_start = .
"""


def test_sections_and_symbols_of_a_map_place_regions() -> None:
    text = (
        "#define OMV_MAIN_MEMORY RAM\n#define OMV_RAM_ORIGIN 0x20000000\n#define OMV_RAM_LENGTH 128K\n"
        "#define OMV_GC_BLOCK0_MEMORY RAM\n#define OMV_GC_BLOCK0_SIZE 64K\n#define OMV_DMA_MEMORY_D1 FAST\n"
        "#define OMV_FAST_ORIGIN 0x20030000\n#define OMV_FAST_LENGTH 8K\n"
    )
    made = draft_profile(preprocess(text, "x.h"), "4.8.1", name="x", linked=parse_map(LINKED, "x.map"))
    found = made.tree["release"]["4.8.1"]["region"]  # type: ignore[index]  # of the tree's own making
    assert (found["dma_d1"]["origin"], found["dma_d1"]["size"]) == (0x20030000, 0x800)
    assert (found["data"]["origin"], found["data"]["size"], "note" in found["data"]) == (0x20000000, 0x400, False)
