"""File systems of the RT1062's profile: sizes, what the firmware puts there, what is left, since when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.boards import FileSystem, FileSystemKind, StoredFile, load_board, releases
from omvsim.errors import BoardError

if TYPE_CHECKING:
    from pathlib import Path

RT1062 = "openmv-rt1062"
MIB = 1 << 20


def varint(value: int) -> bytes:
    """A number as the ROM file system stores it: seven bits a byte, the highest first."""
    parts = [value & 0x7F]
    while value := value >> 7:
        parts.append(0x80 | value & 0x7F)
    return bytes(reversed(parts))


def image(files: list[tuple[str, int, int]]) -> int:
    """Bytes of a ROM file system image, built record by record (micropython/micropython, docs/reference/romfs)."""
    data = bytearray(16)
    for name, size, align in files:
        text = varint(len(name)) + name.encode()
        lead = b"\x02" + varint(size)
        start = len(data) + 8 + len(text) + len(lead)
        pad = -start % align
        payload = text + b"\x02" + b"\x80" * pad + varint(size) + bytes(size)
        head = b"\x05" + varint(len(payload))
        data += head[:1] + b"\x80" * (8 - len(head)) + head[1:] + payload
    return len(data)


@pytest.mark.parametrize(
    ("release", "taken"), [("4.7.0", 2_452_596), ("4.8.0", 1_006_388), ("4.8.1", 1_006_388), ("5.0.0", 1_006_388)]
)
def test_rom_is_8_mib_and_partly_taken(release: str, taken: int) -> None:
    rom = load_board(RT1062, release).filesystem("rom")
    assert rom is not None
    assert (rom.mount, rom.kind, rom.size) == ("/rom", FileSystemKind.ROMFS, 8 * MIB)
    assert rom.taken == taken == image([(file.name, file.bytes, file.align) for file in rom.stock])
    assert rom.free == 8 * MIB - taken


def test_before_4_7_there_is_no_rom_and_the_first_release_that_has_it_is_known() -> None:
    with_rom = [release for release in releases(RT1062) if load_board(RT1062, release).filesystem("rom")]
    assert with_rom == ["4.7.0", "4.8.0", "4.8.1", "5.0.0"]
    for release in releases(RT1062):
        assert load_board(RT1062, release).filesystem_since == {"flash": "4.5.0", "sdcard": "4.5.0", "rom": "4.7.0"}


@pytest.mark.parametrize(
    ("release", "names"),
    [
        ("4.5.0", ["fomo_face_detection"]),
        ("4.5.5", ["fomo_face_detection"]),
        ("4.5.6", ["fomo_face_detection", "force_int_quant", "person_detect"]),
        ("4.6.20", ["fomo_face_detection", "force_int_quant", "person_detect"]),
        ("4.7.0", []),
        ("5.0.0", []),
    ],
)
def test_models_built_into_the_firmware(release: str, names: list[str]) -> None:
    assert sorted(model.name for model in load_board(RT1062, release).built_in) == names


@pytest.mark.parametrize("release", ["4.5.0", "4.6.20", "4.8.1", "5.0.0"])
def test_flash_has_clusters_and_tables(release: str) -> None:
    """4 MiB in sectors of 4096: boot sector, FAT, four of the root directory, main.py, README.txt; 1016 are left."""
    flash = load_board(RT1062, release).filesystem("flash")
    assert flash is not None
    assert (flash.size, flash.free) == (4 * MIB, 1016 * 4096)
    assert flash.holds("m.tflite", 1016 * 4096)
    assert not flash.holds("m.tflite", 1016 * 4096 + 1)


def test_a_card_is_as_large_as_it_is() -> None:
    card = load_board(RT1062).filesystem("sdcard")
    assert card is not None
    assert (card.size, card.free) == (None, None)
    assert card.holds("m.tflite", 1 << 40)


def test_what_fits_the_rom_to_the_byte() -> None:
    """A record of 8 bytes, name and data with their lengths, data on a multiple of 16."""
    rom = load_board(RT1062, "4.8.1").filesystem("rom")
    assert rom is not None
    files = [(file.name, file.bytes, file.align) for file in rom.stock]
    last = 8 * MIB - image([*files, ("mine.tflite", 7_000_000, 16)]) + 7_000_000
    assert rom.holds("mine.tflite", last)
    assert not rom.holds("mine.tflite", last + 1)


def test_a_file_takes_the_place_of_one_with_its_name() -> None:
    rom = FileSystem("rom", FileSystemKind.ROMFS, 2048, stock=(StoredFile("a.tflite", 1900, 16),))
    assert rom.holds("a.tflite", 1950)
    assert not rom.holds("b.tflite", 100)


def test_an_emptied_rom_has_all_its_room() -> None:
    board = load_board(RT1062).with_values({"filesystem.rom.emptied": "true"})
    rom = board.filesystem("rom")
    assert rom is not None
    assert rom.stock == ()
    assert rom.holds("m.tflite", 8 * MIB - 64)
    assert not rom.holds("m.tflite", 8 * MIB)


def test_the_size_is_the_region_s() -> None:
    rom = load_board(RT1062).with_values({"romfs.size": "4M"}).filesystem("rom")
    assert rom is not None
    assert rom.size == 4 * MIB


def test_a_board_without_the_region_has_no_such_file_system(tmp_path: Path) -> None:
    profile = tmp_path / "small.toml"
    profile.write_text('extends = "openmv-rt1062"\n[all_releases]\ndrop = ["region.romfs"]\n')
    assert load_board(profile).filesystem("rom") is None


def test_a_profile_can_say_what_its_firmware_stores(tmp_path: Path) -> None:
    profile = tmp_path / "own.toml"
    profile.write_text(
        'extends = "openmv-rt1062"\n[release."4.8.1".filesystem.rom]\nstock = [{ name = "x.bin", bytes = "1M" }]\n'
        '[release."4.8.1".built_in]\nmine = 1234\n'
    )
    board = load_board(profile, "4.8.1")
    rom = board.filesystem("rom")
    assert rom is not None
    assert [file.name for file in rom.stock] == ["x.bin"]
    assert [(model.name, model.bytes) for model in board.built_in] == [("mine", 1234)]


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ('[filesystem.usb]\nkind = "fat"\n', "filesystem.usb"),
        ('[filesystem.flash]\nkind = "ext4"\n', "filesystem.flash.kind"),
        ('[filesystem.flash]\nstock = [{ name = "a" }]\n', "filesystem.flash.stock.0.bytes"),
        ('[filesystem.flash]\nsize = "some"\n', "filesystem.flash.size"),
    ],
)
def test_a_wrong_file_system_is_one_line(tmp_path: Path, text: str, cause: str) -> None:
    profile = tmp_path / "wrong.toml"
    profile.write_text('extends = "openmv-rt1062"\n' + text)
    with pytest.raises(BoardError, match=cause):
        load_board(profile)


def test_only_shipped_profiles_are_measured_unless_a_file_says_so(tmp_path: Path) -> None:
    plain, claimed = tmp_path / "plain.toml", tmp_path / "claimed.toml"
    plain.write_text('extends = "openmv-rt1062"\n')
    claimed.write_text('extends = "openmv-rt1062"\nmeasured = true\n')
    assert load_board(RT1062).measured
    assert load_board("openmv-rt1062-qemu").measured
    assert not load_board(plain).measured
    assert load_board(claimed).measured
