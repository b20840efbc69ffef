"""A user's own profile: what works, and one clear line for everything that does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from omvsim.boards import describe_board, load_board
from omvsim.errors import BoardError

MINIMAL = """
title = "Bench"
[memory.RAM]
origin = "0x1000"
length = "64K"
[region.heap]
memory = "RAM"
kind = "gc"
index = 0
size = "32K"
[release."1"]
extends = "4.8.1"
"""


def _write(folder: Path, text: str, name: str = "bench.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_profile_of_its_own(tmp_path: Path) -> None:
    board = load_board(_write(tmp_path, 'name = "bench"\n' + MINIMAL))
    assert (board.name, board.title, board.firmware) == ("bench", "Bench", "1")
    assert [(area.origin, area.length) for area in board.gc_areas] == [(0x1000, 32768)]
    assert board.core is board.cache is board.stack is board.memory("RAM").timing is None


def test_extending_a_shipped_one(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        """
extends = "openmv-rt1062"
drop = ["release.5.0.0"]
[memory.DRAM]
length = "64M"
[release."4.8.1".region.gc2]
size = "40M"
""",
    )
    board = load_board(path)
    assert board.name == "bench"
    assert board.gc_areas[2].length == 40 * 1024**2
    assert "5.0.0" not in describe_board(path).releases


def test_extending_a_neighbour_and_all_releases(tmp_path: Path) -> None:
    _write(tmp_path, 'extends = "openmv-rt1062"\n', "base.toml")
    path = _write(
        tmp_path, 'extends = "base.toml"\nname = "lean"\n[all_releases]\ndrop = ["region.overlay", "region.romfs"]\n'
    )
    board = load_board(path, "4.8.1")
    assert board.name == "lean"
    assert board.overlay is board.romfs is None
    assert board.frame_buffer is not None


def test_the_example_of_the_documentation(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "boards.md").read_text(encoding="utf-8")
    board = load_board(_write(tmp_path, text.split("```toml\n")[1].split("```")[0]))
    assert board.name == "my-rt1062"
    assert board.gc_areas[2].length == 32 * 1024**2


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("[memory.DRAM]\nlenght = 1", "memory.DRAM.lenght: unknown key"),
        ('[release."4.8.1".region.gc1]\nsizes = 1', 'release."4.8.1".region.gc1.sizes: unknown key'),
        ("[memory.DRAM]\nlength = true", "memory.DRAM.length: must be a size"),
        ('[memory.DRAM]\nlength = "lots"', "memory.DRAM.length: 'lots' is not a size"),
        ('[memory.DRAM]\norigin = "lots"', "memory.DRAM.origin: "),
        ("[memory.DRAM]\norigin = 1.5", "memory.DRAM.origin: must be an address"),
        ('[memory.DRAM]\nkind = "wood"', "memory.DRAM.kind: must be one of ram, flash, not 'wood'"),
        ("[core]\nclock_hz = 0", "core.clock_hz: input should be greater than 0"),
        ('drop = ["everything"]', "drop.0: 'everything' is no name"),
        ('[region."a b"]\nsize = 1', "'a b' is no name"),
        ("title = 1\nnames = 2", "(and 1 more)"),
        ('[region.text]\nsize = "9M"', "regions text (9M at 0x60043000) and filesystem (4M at 0x60400000) overlap"),
        ("[region.new]\nmemory='NVRAM'\nkind='dma'\nsize=1", "region.new.memory is 'NVRAM'; this board has DRAM"),
        ("[region.new]\nmemory='DRAM'\nkind='dma'", "region.new.size is missing"),
        ("[region.new]\nmemory='DRAM'\nsize=4", "region.new.kind is missing"),
        ("[region.new]\nmemory='DTCM'\nkind='dma'\nsize='rest'", '"rest" of DTCM'),
        ("[region.new]\nmemory='DTCM'\nkind='gc'\nsize=4\nindex=5", "must have index 0, 1, 2"),
        ("[region.stack]\nsize='40K'", "does not fit in ITCM1 (0x00000000 to 0x00008000): 8 192 bytes too many"),
        ("[region.stack]\norigin=0x9000", "does not fit in ITCM1"),
        ("[memory.NEW]\norigin=0x80000000\nlength=1", "memories DRAM and NEW overlap"),
        ("[memory.NEW]\nlength=1", "memory.NEW.origin is missing"),
        ('[release."4.8.1"]\nextends = "4.8.9"', "release.4.8.1.extends names '4.8.9'"),
        ('[release."4.5.0"]\nextends = "4.8.1"\n[release."4.5.6-dev"]\nextends="4.8.1"', "leads back to itself"),
        ('[release."9"]\nmodule = "ml"\ndefault_firmware = 1', "unknown key"),
        ('default_firmware = "9"\n[release."9"]\nmodule = "ml"', "release '9' is not known; known are 4.5.0, "),
        (
            'default_firmware = "4.81"\n[release."4.81"]',
            "release '4.81' is not known (did you mean '4.8.1'?); known are",
        ),
        (
            '[release."9"]\nextends = "4.8.1"\nmodel_objects = 1',
            "model_objects is an unknown key (did you mean 'model_object'?)",
        ),
        ('[release."9"]\nextends = "4.8.1"\nby_reference = 1', 'release."9".by_reference must be true or false, not 1'),
        ('[release."9"]\npackage.has_mod = "no"', 'release."9".package.has_mod must be true or false'),
        ('[release."9"]\nframe_buffer = "uam"', 'release."9".frame_buffer must be one of halving, '),
        ('[release."9"]\nmodel_object = "many"', 'release."9".model_object is no size'),
        ('extends = "base.toml"', "cannot be read: No such file or directory"),
        ('extends = "openmv-rt1026"', "no board called 'openmv-rt1026' (did you mean 'openmv-rt1062'?)"),
        ("title = ", "is not TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, cause: str) -> None:
    path = _write(tmp_path, text if text.startswith("extends") else f'extends = "openmv-rt1062"\n{text}\n')
    with pytest.raises(BoardError) as raised:
        load_board(path)
    assert cause in str(raised.value)
    assert "bench.toml" in str(raised.value) or "base.toml" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_profiles_that_extend_each_other(tmp_path: Path) -> None:
    _write(tmp_path, 'extends = "a.toml"', "b.toml")
    with pytest.raises(BoardError, match=r"a\.toml: extends leads back to itself"):
        load_board(_write(tmp_path, 'extends = "b.toml"', "a.toml"))


def test_no_release(tmp_path: Path) -> None:
    with pytest.raises(BoardError, match="release is missing"):
        load_board(_write(tmp_path, 'name = "empty"'))


def test_not_text(tmp_path: Path) -> None:
    path = tmp_path / "bench.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(BoardError, match="is not UTF-8 text"):
        load_board(path)


@pytest.mark.parametrize(
    ("board", "firmware", "cause"),
    [
        ("openmv-rt1062", "4.8.2", "no firmware '4.8.2' (did you mean '4.8.1'?); known are 4.5.0, "),
        ("openmv-rt1062", "", "no firmware ''; known are"),
        ("openmv-rt106", None, "no board called 'openmv-rt106' (did you mean 'openmv-rt1062'?); known are"),
        ("h7", None, "or give the path of a .toml file"),
        ("nowhere/x.toml", None, "cannot be read: No such file or directory"),
    ],
)
def test_unknown_names(board: str, firmware: str | None, cause: str) -> None:
    with pytest.raises(BoardError) as raised:
        load_board(board, firmware)
    assert cause in str(raised.value)


def test_shipped_profiles_need_no_pydantic_and_no_rich() -> None:
    code = "import sys; from omvsim.boards import *; load_board().with_gc_areas([(65536, None)]); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert not {"pydantic", "rich", "numpy"} & set(loaded)


def test_a_board_without_a_heap_is_refused(tmp_path: Path) -> None:
    """Found by damaged profiles: it was an internal error of whatever ran on it."""
    path = tmp_path / "board.toml"
    path.write_text('name = "r"\ntitle = "R"\n[release."4.9.0"]\nextends = "4.8.1"\ndate = 2026-02-01\n')
    with pytest.raises(BoardError, match="it has no GC area"):
        load_board(path)


def test_a_file_is_read_again_and_a_shipped_board_is_not(tmp_path: Path) -> None:
    bench = 'name = "bench"\n' + MINIMAL
    path = _write(tmp_path, bench)
    assert load_board(path).gc_areas[0].length == 32 * 1024
    _write(tmp_path, bench.replace('"32K"', '"16K"'))
    assert load_board(path).gc_areas[0].length == 16 * 1024
    assert load_board("openmv-rt1062", "4.8.1") is load_board("openmv-rt1062", "v4.8.1")
    assert load_board("openmv-rt1062", "4.8.1") != load_board("openmv-rt1062", "4.7.0")
