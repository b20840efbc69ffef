"""``gif`` and ``mjpeg``: what objects and pictures ask for, what is in the files, what is refused."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest

from omvsim.modules.mjpeg import Timing
from omvsim.runs import Outcome
from tests.running import asked, run

if TYPE_CHECKING:
    from pathlib import Path

RELEASES = ("4.5.5", "4.6.20", "4.7.0", "4.8.1", "5.0.0")


def files(result_output: str) -> bytes:
    """What a script printed of a file, as hex."""
    return bytes.fromhex(result_output.splitlines()[-1])


SHOW = "\nimport binascii\nprint(binascii.hexlify(open('out', 'rb').read()).decode())\n"
GIF = """import gif, image; g = None
g = gif.Gif("out", width=20, height=10, color={colour}, loop={loop})
img = image.Image(20, 10, image.{kind})
img.draw_rectangle((0, 0, 10, 10), color=255, fill=True)
g.add_frame(img)
g.add_frame(img, delay=0)
print(g, g.size(), g.width(), g.height(), g.format() == image.RGB565, g.loop())
g.close()
"""


@pytest.mark.parametrize(
    ("release", "size"), [("4.5.5", 96), ("4.6.20", 96), ("4.7.0", 96), ("4.8.1", 24), ("5.0.0", 24)]
)
def test_what_a_gif_asks_for(tmp_path: Path, release: str, size: int) -> None:
    """Its object, and from 4.8.0 a path, one below the mount, the mode, and a file; a picture nothing."""
    result = run(tmp_path, GIF.format(colour=False, loop=True, kind="GRAYSCALE"), release=release)
    assert result.failure is None, result.failure
    sizes = asked(result, 2)
    assert sizes[0] == size
    assert sizes[1:].count(88) == (size == 24)
    assert asked(result, 5) == asked(result, 6) == []


@pytest.mark.parametrize("release", RELEASES)
def test_a_grey_gif_is_read_by_others(tmp_path: Path, release: str) -> None:
    pillow = pytest.importorskip("PIL.Image")
    text = GIF.format(colour=False, loop=True, kind="GRAYSCALE") + SHOW
    result = run(tmp_path, text, release=release)
    data = files(result.output)
    shown = f"<gif width:20 height:10 color:0 loop:1> {len(data) - 1} 20 10 False 1"
    assert result.output.splitlines()[0] == shown
    with pillow.open(io.BytesIO(data)) as picture:
        assert (picture.size, picture.n_frames, picture.info["duration"], picture.info["loop"]) == ((20, 10), 2, 100, 0)
        pixels = np.asarray(picture.convert("L"))
    assert (pixels[:, :10] == 255).all()
    assert (pixels[:, 10:] == 0).all()


def test_a_gif_in_colour(tmp_path: Path) -> None:
    pillow = pytest.importorskip("PIL.Image")
    text = GIF.format(colour=True, loop=False, kind="RGB565").replace("color=255", "color=(255, 0, 255)") + SHOW
    data = files(run(tmp_path, text).output)
    assert b"NETSCAPE2.0" not in data
    with pillow.open(io.BytesIO(data)) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    assert (pixels[:, :10] == (255, 0, 255)).all()
    assert (pixels[:, 10:] == 0).all()


@pytest.mark.parametrize("release", ["4.5.5", "4.8.1", "5.0.0"])
def test_pictures_that_a_gif_refuses(tmp_path: Path, release: str) -> None:
    text = """
import gif, image
g = gif.Gif("out", width=20, height=10)
def tried(img):
    try:
        g.add_frame(img)
    except Exception as e:
        print(type(e).__name__, e)
tried(image.Image(10, 20, image.GRAYSCALE))
tried(image.Image(20, 10, image.BINARY))
tried(image.Image(20, 10, image.GRAYSCALE).to_jpeg(copy=True))
g.close()
g.close()
"""
    assert run(tmp_path, text, release=release).output.splitlines() == [
        "OSError Unexpected image geometry",
        "OSError Image format is not supported",
        "ValueError Expected a mutable image",
    ]


CAMERA = """
import sensor, gif, mjpeg
sensor.reset()
sensor.set_pixformat(sensor.{kind})
sensor.set_framesize(sensor.QVGA)
sensor.set_windowing((40, 30))
sensor.snapshot()
print(gif.Gif("a"), mjpeg.Mjpeg("b"))
"""


@pytest.mark.parametrize(("kind", "colour"), [("GRAYSCALE", 0), ("RGB565", 1)])
@pytest.mark.parametrize("release", ["4.5.5", "4.8.1", "5.0.0"])
def test_sizes_that_are_not_given_are_the_frame_buffers(tmp_path: Path, release: str, kind: str, colour: int) -> None:
    assert run(tmp_path, CAMERA.format(kind=kind), release=release).output == (
        f"<gif width:40 height:30 color:{colour} loop:1> "
        '{"closed":"false", "width":40, "height":30, "count":0, "size":224}\n'
    )


MJPEG = """import mjpeg, image, time; m = None
m = mjpeg.Mjpeg("out", 32, 24)
img = image.Image(32, 24, image.GRAYSCALE)
m.write(img, quality=50)
time.sleep_ms(100)
m.add_frame(img)
time.sleep_ms(100)
m.write(img, roi=(0, 0, 16, 24))
print(m.count(), m.is_closed(), m.width(), m.height())
m.close()
print(m.is_closed())
for again in (lambda: m.write(img), m.sync, m.close):
    try:
        again()
    except OSError as e:
        print(e)
"""


@pytest.mark.parametrize(
    ("release", "size"), [("4.5.5", 112), ("4.6.20", 112), ("4.7.0", 112), ("4.8.1", 40), ("5.0.0", 48)]
)
def test_what_a_video_asks_for(tmp_path: Path, release: str, size: int) -> None:
    result = run(tmp_path, MJPEG, release=release)
    assert result.output.splitlines() == ["3 0 32 24", "1", "MJPEG stream is closed", "MJPEG stream is closed"]
    assert asked(result, 2)[0] == size
    assert asked(result, 4) == []


def test_the_file_is_a_video(tmp_path: Path) -> None:
    pillow = pytest.importorskip("PIL.Image")
    data = files(run(tmp_path, MJPEG + SHOW).output)
    assert data[:4] + data[8:16] == b"RIFFAVI LIST"
    (size,) = struct.unpack_from("<I", data, 4)
    assert size == len(data) - 8
    micros, per_second, _, _, frames = struct.unpack_from("<5I", data, 32)
    assert frames == 3
    assert 100_000 <= micros < 110_000
    assert struct.unpack_from("<2I", data, 64) == (32, 24)
    for rate, length in ((76, 84), (132, 140)):
        assert struct.unpack_from("<I", data, rate)[0] == 1_000_000_000 // micros
        assert struct.unpack_from("<I", data, length)[0] == 3_000 // (1_000_000_000 // micros)
    (movie,) = struct.unpack_from("<I", data, 216)
    assert data[212:216] + data[220:224] == b"LISTmovi"
    assert movie == len(data) - 220
    assert per_second == (movie - 4) * micros // 3
    at, sizes = 224, []
    while at < len(data):
        assert data[at : at + 4] == b"00dc"
        (length,) = struct.unpack_from("<I", data, at + 4)
        with pillow.open(io.BytesIO(data[at + 8 : at + 8 + length])) as picture:
            sizes.append(picture.size)
        at += 8 + length
    assert sizes == [(32, 24)] * 3


def test_a_jpeg_of_the_videos_size_is_written_as_it_is(tmp_path: Path) -> None:
    text = 'import mjpeg, image\nm = mjpeg.Mjpeg("out", 32, 24)\nj = image.Image(32, 24, image.GRAYSCALE).to_jpeg()\n'
    text += "m.write(j)\nprint(m.size() - 224 - 8 == (len(j) + 3) // 4 * 4)\n"
    assert run(tmp_path, text).output == "True\n"


@pytest.mark.parametrize("release", ["4.5.5", "4.8.1", "5.0.0"])
@pytest.mark.parametrize(
    ("options", "text"),
    [
        ("rgb_channel=3", "RGB channel can be 0, 1, or 2"),
        ("alpha=256", "Alpha ranges between 0 and 255"),
        ("quality=101", "Quality ranges between 0 and 100"),
    ],
)
def test_options_that_a_video_refuses(tmp_path: Path, release: str, options: str, text: str) -> None:
    script = 'import mjpeg, image\nm = mjpeg.Mjpeg("out", 32, 24)\nimg = image.Image(32, 24, image.GRAYSCALE)\n'
    script += f"try:\n    m.write(img, {options})\nexcept ValueError as e:\n    print(e)\n"
    assert run(tmp_path, script, release=release).output == f"{text}\n"


def test_a_picture_too_large_for_fb_alloc(tmp_path: Path) -> None:
    """Scaled into a video of another size it takes two bytes a pixel first; 5.0.0 has its own pools."""
    script = 'import mjpeg, image\nm = mjpeg.Mjpeg("out", 4000, 4000)\nimg = image.Image(32, 24, image.GRAYSCALE)\n'
    script += "try:\n    m.write(img)\nexcept MemoryError as e:\n    print(e)\n"
    assert run(tmp_path, script, release="4.8.1").output == "Out of fast frame buffer stack memory\n"
    assert run(tmp_path, script, release="5.0.0").output == "Out of memory\n"


def test_no_such_folder(tmp_path: Path) -> None:
    script = "import gif\ntry:\n    gif.Gif('/none/out.gif')\nexcept OSError as e:\n    print(e)\n"
    assert run(tmp_path, script, release="4.6.20").output == "Could not find the path\n"
    assert run(tmp_path, script, release="4.8.1").output in ("[Errno 2] ENOENT\n", "[Errno 19] ENODEV\n")


def test_the_size_of_a_closed_file_is_asked_of_nothing(tmp_path: Path) -> None:
    """From 4.8.0 ``file_size`` asks the object at address 0; before, ``FIL`` still knows."""
    script = 'import mjpeg\nm = mjpeg.Mjpeg("out", 32, 24)\nm.close()\nprint(m.size())\n'
    assert run(tmp_path, script, release="4.6.20").output == "224\n"
    assert run(tmp_path, script, release="4.8.1").outcome is Outcome.MAY_CRASH


def test_release_4_5_0_has_others(tmp_path: Path) -> None:
    result = run(tmp_path, 'import gif\ngif.Gif("out", 20, 10)\n', release="4.5.0")
    assert [what for what, _ in result.unmodelled] == ["gif.Gif"]


def test_the_mean_time_of_a_picture() -> None:
    """Up to 4.8.1 a running mean over one picture too many, from 5.0.0 a sum over the gaps."""
    moments = [1000, 1100, 1300, 1600]
    running, summed = Timing(), Timing()
    for number, now in enumerate(moments, 1):
        running.came(now, number, sums=False)
        summed.came(now, number, sums=True)
    assert summed.mean == 600 // 3
    assert running.mean == ((100 * 2 + 200) // 3 * 3 + 300) // 4
