"""``/rom``: what the firmware's search in its records answers, held against an image laid out here byte by byte.

The image is as openmv/openmv ``tools/mkromfs.py`` (v4.8.1) writes it, the answers as MicroPython's ``extmod/vfs_rom.c``
(v1.26.0) reads it: both are written here from the format's description, apart from omvsim.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.boards import StoredFile, load_board, romfs_contents
from omvsim.standard.vfs.filesystem import MemoryFiles
from omvsim.standard.vfs.mounts import Mounts
from tests.bare_machine import Run

VERBATIM, FILE_RECORD = 2, 5
NAMES = st.text("abcdefghij._0", min_size=1, max_size=140).filter(lambda name: name not in (".", ".."))
IMAGE_FILES = st.dictionaries(NAMES, st.sampled_from([0, 1, 3, 127, 128, 1000, 16_383, 16_384]), max_size=5)


def number(value: int) -> bytes:
    """Seven bits a byte, the first ones first, each but the last with its top bit."""
    digits = [value & 0x7F]
    while value := value >> 7:
        digits.append(0x80 | value & 0x7F)
    return bytes(reversed(digits))


def image_of(files: list[tuple[str, int, int]]) -> bytes:
    """Records of files (name, bytes, alignment of the data in flash) behind a header of 16 bytes."""
    whole = bytearray(16)
    for name, size, align in files:
        head = number(len(name)) + name.encode()
        at = len(whole) + 8 + len(head) + 1 + len(number(size))
        body = head + bytes([VERBATIM]) + b"\x80" * (-at % align) + number(size) + bytes(size)
        length = number(len(body))
        whole += bytes([FILE_RECORD]) + b"\x80" * (7 - len(length)) + length + body
    return bytes(whole)


def read_number(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    while True:
        value = value << 7 | data[at] & 0x7F
        at += 1
        if not data[at - 1] & 0x80:
            return value, at


def records(image: bytes) -> list[tuple[str, int, int]]:
    """Name, bytes and place of the data of each file, as ``vfs_rom_ilistdir_it_iternext`` finds them."""
    at, found = 16, []
    while at < len(image):
        kind, at = read_number(image, at)
        length, at = read_number(image, at)
        end = at + length
        assert kind == FILE_RECORD
        name_length, at = read_number(image, at)
        name, at = image[at : at + name_length].decode(), at + name_length
        data_kind, at = read_number(image, at)
        data_length, at = read_number(image, at)
        assert data_kind == VERBATIM
        assert at + data_length == end
        found.append((name, data_length, at))
        at = end
    return found


@given(IMAGE_FILES)
def test_bytes_of_the_records_are_those_of_an_image(files: dict[str, int]) -> None:
    laid_out = [(name, size, 16 if name.endswith(".tflite") else 4) for name, size in files.items()]
    image = image_of(laid_out)
    assert [(name, size) for name, size, _ in records(image)] == list(files.items())
    assert all(at % align == 0 for (_, _, at), (_, _, align) in zip(records(image), laid_out, strict=True))
    assert romfs_contents(StoredFile.in_rom(name, size) for name, size in files.items()) == len(image) - 16


@pytest.mark.parametrize("firmware", ["4.7.0", "4.8.1", "5.0.0"])
def test_what_the_firmware_brings_takes_what_its_image_does(firmware: str) -> None:
    system = load_board("openmv-rt1062", firmware).filesystem("rom")
    assert system is not None
    image = image_of([(file.name, file.bytes, file.align) for file in system.stock])
    assert system.taken == len(image)
    assert [file for file in system.stock if StoredFile.in_rom(file.name, file.bytes) != file] == []


# -- a script's view ---------------------------------------------------------------------------------------------------

FILES = {"a.txt": b"labels\n", "net.tflite": bytes(1000), "lib/mod.py": b"x = 5\n", "lib/b.txt": b""}
LIB = len(image_of([("mod.py", 6, 4), ("b.txt", 0, 4)])) - 16
WHOLE = len(image_of([("a.txt", 7, 4), ("net.tflite", 1000, 16), ("lib", LIB, 4)])) - 16


def rom(text: str, release: str = "4.8.1") -> Run:
    return Run(f"import os\n{text}", release, lambda vm: vm.part(Mounts).mount("/rom", MemoryFiles(FILES)))


VALUES = [
    ("os.stat('/rom/a.txt')", (0x8000, 0, 0, 0, 0, 0, 7, 0, 0, 0)),
    ("os.stat('/rom/lib/mod.py')", (0x8000, 0, 0, 0, 0, 0, 6, 0, 0, 0)),
    ("os.stat('/rom/lib/')", (0x4000, 0, 0, 0, 0, 0, LIB, 0, 0, 0)),
    ("os.stat('/rom')", (0x4000, 0, 0, 0, 0, 0, WHOLE, 0, 0, 0)),
    ("os.statvfs('/rom')", (1, 0, WHOLE, 0, 0, 0, 0, 0, 0, 32767)),
    ("os.statvfs('/rom/none')", (1, 0, WHOLE, 0, 0, 0, 0, 0, 0, 32767)),  # the path is not looked at
    ("os.listdir('/rom')", ["a.txt", "net.tflite", "lib"]),
    ("os.listdir(b'/rom/lib')", [b"mod.py", b"b.txt"]),
    (
        "list(os.ilistdir('/rom'))",
        [("a.txt", 0x8000, 0, 7), ("net.tflite", 0x8000, 0, 1000), ("lib", 0x4000, 0, LIB)],
    ),
    ("[os.chdir('/rom'), os.getcwd(), os.listdir('lib'), os.stat('a.txt')[6]]", [None, "/rom", ["mod.py", "b.txt"], 7]),
    ("open('/rom/lib/mod.py').read()", "x = 5\n"),
    ("__import__('sys').path.append('/rom/lib') or __import__('mod').x", 5),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_what_it_answers(text: str, value: object) -> None:
    assert rom(f"print({text})").printed == f"{value}\n"


ENOENT, EPERM, EISDIR, EOPNOTSUPP = (
    f"OSError: [Errno {errno}] {name}"
    for errno, name in ((2, "ENOENT"), (1, "EPERM"), (21, "EISDIR"), (95, "EOPNOTSUPP"))
)
EROFS = "OSError: 30"  # MICROPY_PY_ERRNO_LIST has no name for it
ERRORS = [
    ("os.stat('/rom/none')", ENOENT),
    ("os.stat('/rom/a.txt/')", ENOENT),
    ("os.stat('/rom/./a.txt')", ENOENT),  # no folder has that name
    ("os.stat('/rom/lib/../a.txt')", ENOENT),
    ("os.stat('/rom//a.txt')", ENOENT),
    ("os.stat('/rom/lib//mod.py')", ENOENT),
    ("os.ilistdir('/rom/a.txt')", ENOENT),
    ("os.listdir('/rom/none')", ENOENT),
    ("open('/rom/none')", ENOENT),
    ("open('/rom/lib')", EISDIR),
    ("open('/rom/a.txt', 'w')", EROFS),
    ("open('/rom/new.txt', 'a')", EROFS),
    ("os.chdir('/rom/lib')", EOPNOTSUPP),
    ("os.chdir('/rom/none')", EOPNOTSUPP),
    ("import vfs\nvfs.mount()[-1][0].mount(False, True)", EPERM),
    *(
        (f"os.{call}", f"AttributeError: 'VfsRom' object has no attribute '{call.partition('(')[0]}'")
        for call in ("remove('/rom/a.txt')", "mkdir('/rom/new')", "rmdir('/rom/lib')", "rename('/rom/a.txt', '/rom/b')")
    ),
]


@pytest.mark.parametrize(("text", "error"), ERRORS)
def test_what_it_refuses(text: str, error: str) -> None:
    assert rom(text).printed.splitlines()[-1] == error


def test_umount_gives_nothing_and_the_object_stays_usable() -> None:
    text = "import vfs\nr = vfs.mount()[-1][0]\nprint(vfs.umount('/rom'), r.umount() is r, r.stat('/a.txt')[6], r)\n"
    assert rom(f"{text}os.stat('/rom/a.txt')").printed.splitlines()[0].startswith("None True 7 <VfsRom")


TEXT = 16  # mp_obj_str_t; its characters and a zero are a request of their own
TUPLE = 8  # mp_obj_tuple_t, then a word an item
REQUESTS = [
    ("os.stat('/rom/a.txt')", [TEXT, len("/a.txt") + 1, TUPLE + 10 * 4]),
    ("os.statvfs('/rom')", [TUPLE + 10 * 4]),  # "/" is a name that every firmware has
    ("os.ilistdir('/rom')", [24]),
    ("next(os.ilistdir('/rom'))", [24, TUPLE + 4 * 4, TEXT, len("a.txt") + 1]),
    ("next(os.ilistdir(b'/rom'))", [TEXT, 1 + 1, 24, TUPLE + 4 * 4, TEXT, len("a.txt") + 1]),
]


@pytest.mark.parametrize(("text", "sizes"), REQUESTS)
def test_what_it_asks_for(text: str, sizes: list[int]) -> None:
    """py/objstr.h, py/objtuple.h and the iterator's six words; nothing has a finaliser (a FAT's has 96 bytes)."""
    start = f"def f():\n    {text}\n"
    before, after = ([size for kind, size in rom(start + call).asked if kind == "alloc"] for call in ("", "f()\n"))
    assert after[len(before) :] == sizes
