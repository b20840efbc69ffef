"""``image.ImageIO``: what streams in memory and in files ask for, hold, give back and refuse (modules/py_imageio.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.runs import Outcome
from tests.running import asked, run

if TYPE_CHECKING:
    from pathlib import Path

RELEASES = ("4.5.9", "4.7.0", "4.8.1", "5.0.0")
MEMORY = """import image
a = image.Image(16, 8, image.GRAYSCALE); a.draw_rectangle((0, 0, 4, 4), color=200, fill=True); s = b = None
s = image.ImageIO((16, 8, image.GRAYSCALE), 3)
s.write(a)
print(s, s.type() == s.MEMORY_STREAM, s.buffer_size(), s.version())
s.write(a.invert())
s.seek(0)
b = s.read(copy_to_fb=False)
print(b[0], b[10], s.read(False)[0], s.offset())
s.close()
print(s.is_closed())
"""


@pytest.mark.parametrize("release", RELEASES)
def test_a_stream_in_memory_gives_back_what_was_written(tmp_path: Path, release: str) -> None:
    result = run(tmp_path, MEMORY, release=release)
    assert result.failure is None, result.failure
    assert result.output.splitlines() == [
        '{"type":"memory stream", "closed":"false", "count":3, "offset":1, "version":0, "buffer_size":160, "size":480} '
        "True 128 None",
        "200 0 55 2",
        "1",
    ]


@pytest.mark.parametrize(("release", "size"), [("4.5.9", 112), ("4.7.0", 112), ("4.8.1", 32), ("5.0.0", 32)])
def test_the_object_has_room_for_a_file(tmp_path: Path, release: str, size: int) -> None:
    """``FIL`` until 4.7.0, a Python object's address from 4.8.0; pictures of a stream are not on the heap."""
    result = run(tmp_path, MEMORY, release=release)
    assert size in asked(result, 3)
    assert max(asked(result, 3)) <= max(size, 40)
    assert asked(result, 4) == []
    assert result.placed[-1].bytes == 3 * (32 + 128)


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_what_is_read_without_the_frame_buffer_is_on_the_heap(tmp_path: Path, release: str) -> None:
    """``image_alloc`` of 128 bytes with room to align them, then the object."""
    assert asked(run(tmp_path, MEMORY, release=release), 8) == [128 + 31, 28]


@pytest.mark.parametrize(
    ("release", "text"),
    [("4.8.1", "Out of fast frame buffer stack memory"), ("5.0.0", "Out of memory")],
)
def test_more_pictures_than_there_is_room_for(tmp_path: Path, release: str, text: str) -> None:
    script = "import image\ns = image.ImageIO((1600, 1200, image.RGB565), 40)\n"
    failure = run(tmp_path, script, release=release).failure
    assert failure is not None
    assert failure.kind == "MemoryError"
    assert text in failure.text


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_closing_gives_the_memory_back(tmp_path: Path, release: str) -> None:
    script = "import image\nfor n in range(8):\n    s = image.ImageIO((640, 480, image.RGB565), 20)\n    s.close()\n"
    assert run(tmp_path, script, release=release).failure is None


FILE = """import image
a = image.Image(10, 5, image.RGB565); a.draw_rectangle((0, 0, 4, 4), color=(255, 0, 0), fill=True); b = c = None
s = image.ImageIO("/flash/stream.bin", "w")
s.write(a); s.write(a.to_jpeg(copy=True)); s.close()
s = image.ImageIO("/flash/stream.bin", "r")
b = s.read(copy_to_fb=False, pause=False)
c = s.read(copy_to_fb=False, pause=False)
print(b.width(), b.height(), b[0], c.format() == image.JPEG, s.count(), s.version(), s.type() == s.FILE_STREAM)
print(s.read(copy_to_fb=False, loop=False), s.read(copy_to_fb=False)[0] == b[0], s.offset())
s.seek(1)
print(s.read(copy_to_fb=False).size() == c.size(), s.buffer_size())
"""


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_a_stream_in_a_file_is_read_again(tmp_path: Path, release: str) -> None:
    result = run(tmp_path, FILE, release=release)
    assert result.failure is None, result.failure
    assert result.output.splitlines() == ["10 5 (255, 0, 0) True 2 20 True", "None True 1", "True None"]


def test_a_file_of_the_first_version_has_its_bytes_in_the_other_order(tmp_path: Path) -> None:
    """Version 1.0: no format but a number, colours with the high byte first."""
    numbers = b"".join(each.to_bytes(4, "little") for each in (0, 2, 1, 2))
    picture = numbers + (0xF800).to_bytes(2, "big") * 2 + bytes(12)
    (tmp_path / "old.bin").write_bytes(b"OMV IMG STR V1.0" + picture)
    script = "import image\ns = image.ImageIO('old.bin', 'r')\nprint(s.read(copy_to_fb=False)[0], s.version())\n"
    assert run(tmp_path, script).output == "(255, 0, 0) 10\n"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"OMV IMG STR V3.0", "ValueError: Expected version V1.0, V1.1, or V2.0"),
        (b"OMV IMG STX V2.0", "OSError: Unexpected value read!"),
        (b"OMV IM", "OSError: Failed to read requested bytes!"),
        (b"OMV IMG STR V2.0" + bytes(20), "OSError: Invalid image stream pixformat"),
        (b"OMV IMG STR V2.0" + bytes(6), "OSError: Failed to read requested bytes!"),
    ],
)
def test_files_that_are_no_streams(tmp_path: Path, data: bytes, text: str) -> None:
    (tmp_path / "bad.bin").write_bytes(data)
    failure = run(tmp_path, "import image\nimage.ImageIO('bad.bin', 'r').read()\n").failure
    assert failure is not None
    assert failure.text == text


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("image.ImageIO(3, 4)", "ValueError: Invalid stream type"),
        ("image.ImageIO('a', 'x')", "ValueError: Invalid stream mode, expected 'r' or 'w'"),
        ("image.ImageIO((8, 8, 77), 1)", "OSError: Invalid image stream pixformat"),
        ("s.seek(2)", "ValueError: Invalid stream offset"),
        ("s.write(image.Image(9, 9, image.RGB565))", "ValueError: Invalid frame size"),
        ("s.write(a); s.write(a); s.write(a)", "EOFError: End of stream"),
        ("s.close(); s.write(a)", "OSError: Stream closed"),
    ],
)
def test_what_is_refused(tmp_path: Path, line: str, text: str) -> None:
    script = (
        "import image\na = image.Image(8, 8, image.GRAYSCALE)\ns = image.ImageIO((8, 8, image.GRAYSCALE), 2)\n" + line
    )
    failure = run(tmp_path, script + "\n").failure
    assert failure is not None
    assert failure.text == text


def test_a_picture_that_was_never_written_is_not_known(tmp_path: Path) -> None:
    script = "import image\ns = image.ImageIO((8, 8, image.GRAYSCALE), 2)\ns.read()\n"
    assert run(tmp_path, script).outcome is Outcome.NOT_MODELLED


def test_pictures_come_at_the_times_they_were_written(tmp_path: Path) -> None:
    script = (
        "import image, time\na = image.Image(8, 8, image.GRAYSCALE)\ns = image.ImageIO((8, 8, image.GRAYSCALE), 2)\n"
        "s.write(a)\ntime.sleep_ms(300)\ns.write(a)\ns.seek(0)\nt = time.ticks_ms()\n"
        "s.read(False)\ns.read(False)\nprint(time.ticks_ms() - t)\n"
    )
    assert run(tmp_path, script).output == "300\n"


def test_an_old_stream_says_that_it_is_closed_twice(tmp_path: Path) -> None:
    script = "import image\ns = image.ImageIO((8, 8, image.GRAYSCALE), 2)\nprint(s.close() is {})\ns.close()\n"
    old = run(tmp_path, script.format("s"), release="4.7.0")
    assert old.output.startswith("True\n")
    assert old.failure is not None
    assert run(tmp_path, script.format("None")).output == "True\n"


def test_pictures_of_a_file_are_frames(tmp_path: Path) -> None:
    """A loop that reads in a circle ends after the frames asked for."""
    script = (
        "import image, sensor\nsensor.reset()\nsensor.set_pixformat(sensor.GRAYSCALE)\n"
        "sensor.set_framesize(sensor.QQVGA)\ns = image.ImageIO('a.bin', 'w')\ns.write(sensor.snapshot())\ns.close()\n"
        "s = image.ImageIO('a.bin', 'r')\nwhile True:\n    s.read()\n"
    )
    result = run(tmp_path, script, frames=4)
    assert result.outcome is Outcome.FRAMES_DONE
    assert result.loop is not None
    assert len(result.loop.frames) == 4


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_a_stream_in_memory_that_nobody_holds_gives_its_memory_back(tmp_path: Path, release: str) -> None:
    """``__del__`` is ``close``: a collection frees what is on fb_alloc or in the pools."""
    text = """import image, gc
def fill():
    image.ImageIO((160, 120, image.GRAYSCALE), 3)
fill()
gc.collect()
kept = image.ImageIO((160, 120, image.GRAYSCALE), 2)
gc.collect()
"""
    found = run(tmp_path, text, release=release).outside
    held = found.uma[0].used if found.fb_alloc is None else found.fb_alloc.used
    one = 32 + 160 * 120
    assert 2 * one <= held < 3 * one
    closed = run(tmp_path, text + "kept.close()\nkept = None\ngc.collect()\n", release=release).outside
    assert (closed.uma[0].used if closed.fb_alloc is None else closed.fb_alloc.used) == 0
