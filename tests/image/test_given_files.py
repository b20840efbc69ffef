"""Methods that take the path of a picture in place of an image (``ARG_IMAGE_ALLOC``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.running import asked, run

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = """import image
img = image.Image(16, 8, image.GRAYSCALE)
img.set_pixel((3, 2), 200)
img.save("bg.bmp")
img.set_pixel((3, 2), 150)
print(img.difference("bg.bmp").get_pixel((3, 2)), img.get_pixel((0, 0)))
mask = image.Image(16, 8, image.GRAYSCALE)
mask.set_pixel((1, 1), 255)
mask.save("mask.pgm")
print(img.add(7, mask="mask.pgm").get_pixel((1, 1)), img.get_pixel((2, 2)))
"""


@pytest.mark.parametrize(("release", "struct"), [("4.5.9", 20), ("4.8.1", 24), ("5.0.0", 24)])
def test_a_file_is_read_as_an_image(tmp_path: Path, release: str, struct: int) -> None:
    result = run(tmp_path, SCRIPT, release=release)
    assert result.output == "50 0\n7 0\n"

    assert asked(result, 6)[0] == struct


def test_its_pixels_are_asked_for_and_are_garbage_after_the_call(tmp_path: Path) -> None:
    text = (
        "import image, gc\nimg = image.Image(160, 120, image.GRAYSCALE)\nimg.save('bg.bmp')\ngc.collect()\n"
        "a = gc.mem_free()\nimg.difference('bg.bmp')\nb = gc.mem_free()\ngc.collect()\n"
        "print(a - b > 160 * 120, a - gc.mem_free() < 64)\n"
    )
    result = run(tmp_path, text)
    assert result.output == "True True\n"
    assert [size for size in asked(result, 6) if size >= 160 * 120] == [160 * 120 + 31]


def test_similarity_to_a_file(tmp_path: Path) -> None:
    text = (
        "import image\nimg = image.Image(16, 16, image.GRAYSCALE)\nimg.set_pixel((3, 3), 90)\nimg.save('a.bmp')\n"
        "print(img.get_similarity('a.bmp').mean())\n"
    )
    assert run(tmp_path, text).output == "1.0\n"


def test_a_missing_file_and_a_compressed_mask(tmp_path: Path) -> None:
    text = (
        "import image\nimg = image.Image(16, 16, image.GRAYSCALE)\n"
        "try:\n    img.difference('nowhere.bmp')\nexcept OSError as e:\n    print(e)\n"
        "img.save('m.jpg')\ntry:\n    img.add(1, mask='m.jpg')\nexcept ValueError as e:\n    print(e)\n"
    )
    assert run(tmp_path, text).output == "[Errno 2] ENOENT\nExpected a mutable image\n"
