"""Images: what they cost, show and hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.running import asked, run

if TYPE_CHECKING:
    from pathlib import Path

LAST = -1


def test_an_image_is_its_pixels_on_a_cache_line_and_an_object(tmp_path: Path) -> None:
    result = run(tmp_path, "import image\nimg = image.Image(160, 120, image.RGB565)\nprint(img)\n")
    assert asked(result, 2)[:2] == [38_431, 28]
    assert result.output == '{"w":160, "h":120, "type":"rgb565", "size":38400}\n'


@pytest.mark.parametrize(
    ("call", "sizes"),
    [
        ("img.copy()", [38_431, 28]),
        ("img.to_grayscale(copy=True)", [19_231, 28]),
        ("img.to_bitmap(copy=True)", [2_431, 28]),
        ("img.crop(roi=(0, 0, 20, 10), copy=True)", [447, 28]),
        ("img.scale(x_scale=0.5)", [8, 28]),
        ("img.draw_rectangle(1, 2, 3, 4)", []),
        ("img.bytearray()", [16]),
        ("img.get_pixel(1, 1)", [20]),
    ],
)
def test_what_a_method_asks_of_the_heap(call: str, sizes: list[int], tmp_path: Path) -> None:
    result = run(tmp_path, f"import image\nimg = image.Image(160, 120, image.RGB565)\ndef f():\n    {call}\nf()\n")
    assert asked(result, 4) == [size for size in sizes if size != 8]


def test_pixels_are_written_and_read(tmp_path: Path) -> None:
    text = """import image
img = image.Image(8, 4, image.RGB565)
img.set_pixel(1, 2, (255, 0, 8))
print(img.get_pixel(1, 2), img[17], img.get_pixel(9, 9))
grey = img.to_grayscale(copy=True)
print(grey.get_pixel(1, 2), len(grey), grey.format() == image.GRAYSCALE)
bits = image.Image(40, 2, image.BINARY)
bits.set_pixel(33, 1, 1)
print(bits.get_pixel(33, 1), bits.get_pixel(32, 1), bits.size(), list(bits.bytearray())[12:14])
"""
    lines = run(tmp_path, text).output.splitlines()
    assert lines == ["(255, 0, 8) (255, 0, 8) None", "76 4 True", "1 0 16 [2, 0]"]


def test_a_bytearray_is_the_image_itself(tmp_path: Path) -> None:
    text = """import image
img = image.Image(4, 2, image.GRAYSCALE)
img.bytearray()[5] = 77
data = bytearray(8)
other = image.Image(4, 2, image.GRAYSCALE, buffer=data)
other.set_pixel(3, 1, 9)
print(img.get_pixel(1, 1), data[7], bytes(img)[5])
"""
    assert run(tmp_path, text).output == "77 9 77\n"


def test_in_place_methods_change_the_image_and_give_another_object(tmp_path: Path) -> None:
    text = """import image
img = image.Image(16, 8, image.RGB565)
half = img.crop(roi=(4, 2, 8, 4))
print(img, half, half is img)
"""
    shape = '{"w":8, "h":4, "type":"rgb565", "size":64}'
    assert run(tmp_path, text).output == f"{shape} {shape} False\n"


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("image.Image(0, 4, image.GRAYSCALE)", "OSError: Image width must be > 0"),
        ("image.Image(4, 0, image.GRAYSCALE)", "OSError: Image height must be > 0"),
        ("image.Image(4, 4, 99)", "OSError: Pixel format is not set or unsupported"),
        ("image.Image(4, 4, image.JPEG)", "ValueError: Expected an image buffer"),
        ("image.Image(4, 4, image.GRAYSCALE, buffer=bytearray(15))", "ValueError: Buffer is too small"),
        ("img.copy(roi=(0, 0, 0, 1))", "OSError: Invalid ROI dimensions!"),
        ("img.copy(roi=(9, 9, 1, 1))", "OSError: ROI does not overlap on the image!"),
        ("img.copy(roi=(1, 1))", "ValueError: requested length 4 but object has length 2"),
        ("img.copy(rgb_channel=3)", "ValueError: RGB channel can be 0, 1, or 2"),
        ("img.copy(alpha=256)", "ValueError: Alpha ranges between 0 and 255"),
        ("img.copy(nothing=1)", "TypeError: extra keyword arguments given"),
        ("img.to_rgb565()", "OSError: The image doesn't fit in the frame buffer!"),
        ("img.to_jpeg(quality=0)", "ValueError: Quality ranges between 0 and 100"),
        ("img.draw_line(1, 2)", "OSError: Not enough positional arguments!"),
        ("img.draw_line((1, 2))", "ValueError: requested length 4 but object has length 2"),
        ("img.find_hog()", "OSError: This function is unavailable on your OpenMV Cam."),
        ("img.to_depth()", "AttributeError: 'Image' object has no attribute 'to_depth'"),
    ],
)
def test_errors_have_the_cameras_text(call: str, text: str, tmp_path: Path) -> None:
    result = run(tmp_path, f"import image\nimg = image.Image(8, 8, image.GRAYSCALE)\n{call}\n")
    assert result.failure is not None
    assert result.failure.text == text


def test_from_5_0_0_on_coordinates_are_a_tuple(tmp_path: Path) -> None:
    text = "import image\nimg = image.Image(8, 8, image.GRAYSCALE)\nimg.draw_line(1, 2, 3, 4)\n"
    assert run(tmp_path, text).failure is None
    failure = run(tmp_path, text, release="5.0.0").failure
    assert failure is not None
    assert failure.text == "TypeError: object 'int' isn't a tuple or list"


def test_scratch_memory_that_is_not_there_is_the_cameras_memory_error(tmp_path: Path) -> None:
    text = """import image, sensor
sensor.reset()
while True:
    try:
        sensor.alloc_extra_fb(1600, 1200, image.RGB565)
    except MemoryError as error:
        print(error)
        break
"""
    assert run(tmp_path, text).output == "Out of fast frame buffer stack memory\n"


@pytest.mark.parametrize("method", ["linpolar", "logpolar"])
def test_a_polar_picture_has_a_centre_from_5_0_0(tmp_path: Path, method: str) -> None:
    """Before, an option of another name was not looked at (modules/py_image.c)."""
    text = (
        "import image\nimg = image.Image(16, 8, image.GRAYSCALE)\n"
        f"print(img.{method}(reverse=True, x=3, y=None) is img)\nimg.{method}(x='3')\n"
    )
    newer, older = (run(tmp_path, text, release=release) for release in ("5.0.0", "4.8.1"))
    assert newer.output.startswith("True\n")
    assert newer.failure is not None
    assert newer.failure.kind == "TypeError"
    assert older.failure is None


@pytest.mark.parametrize(
    ("release", "camera"), [("4.8.1", "import sensor as c"), ("5.0.0", "import csi\nc = csi.CSI()")]
)
def test_a_loop_that_only_shows_pictures_has_frames(tmp_path: Path, release: str, camera: str) -> None:
    text = f"import image\n{camera}\nimage.Image(8, 8, image.GRAYSCALE, copy_to_fb=True)\nwhile True:\n    c.flush()\n"
    result = run(tmp_path, text, release=release, frames=3)
    assert result.loop is not None
    assert len(result.loop.frames) == 3


def test_keypoints_that_were_found_are_drawn(tmp_path: Path) -> None:
    text = (
        "import sensor\nsensor.reset()\nsensor.set_pixformat(sensor.GRAYSCALE)\nsensor.set_framesize(sensor.QVGA)\n"
        "img = sensor.snapshot()\nk = img.find_keypoints(max_keypoints=20)\n"
        "b = img.copy()\nb.draw_keypoints(k, color=127)\nprint(b.get_statistics() != img.get_statistics())\n"
        "try:\n    b.draw_keypoints(5)\nexcept TypeError as e:\n    print(e)\n"
    )
    assert run(tmp_path, text).output.splitlines() == ["True", "Can't convert int to type"]


def test_a_grey_picture_has_the_weights_of_the_sensor(tmp_path: Path) -> None:
    """Of bytes of every brightness: an intermediate of eight bits would wrap."""
    text = (
        "import sensor\nsensor.reset()\nsensor.set_pixformat(sensor.GRAYSCALE)\nsensor.set_framesize(sensor.QVGA)\n"
        "s = sensor.snapshot().get_statistics()\nprint(120 < s.mean() < 135, s.min() < 30, s.max() > 225)\n"
    )
    assert run(tmp_path, text).output == "True True True\n"
