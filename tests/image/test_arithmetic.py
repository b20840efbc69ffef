"""Two pictures in one, filters, statistics, blobs: values and requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.running import asked, run

if TYPE_CHECKING:
    from pathlib import Path

GREY = """import image
a = image.Image(8, 8, image.GRAYSCALE)
b = image.Image(8, 8, image.GRAYSCALE)
a.set_pixel(1, 1, 200)
b.set_pixel(1, 1, 100)
"""


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("add(b)", 255),
        ("sub(b)", 100),
        ("rsub(b)", 0),
        ("min(b)", 100),
        ("max(b)", 200),
        ("difference(b)", 100),
        ("b_and(b)", 64),
        ("b_or(b)", 236),
        ("b_xor(b)", 172),
        ("b_nand(b)", 191),
        ("add(10)", 210),
        ("invert()", 55),
        ("binary([(150, 255)])", 255),
        ("binary([(150, 255)], invert=True)", 0),
        ("draw_image(b, 0, 0)", 100),
        ("blend(b, alpha=128)", 149),
        ("mean(1)", 22),
        ("median(1)", 0),
        ("erode(1)", 0),
        ("gaussian(1)", 50),
        ("clear()", 0),
        ("gamma(brightness=0.1)", 226),
    ],
)
def test_what_happens_to_a_pixel(call: str, value: int, tmp_path: Path) -> None:
    result = run(tmp_path, GREY + f"a.{call}\nprint(a.get_pixel(1, 1))\n")
    assert result.failure is None
    assert result.output == f"{value}\n"


def test_statistics_of_a_picture(tmp_path: Path) -> None:
    text = """import image
a = image.Image(4, 4, image.GRAYSCALE)
a.draw_rectangle(0, 0, 4, 2, color=100, fill=True)
s = a.get_statistics()
print(s.mean(), s.min(), s.max(), s.mode(), s.stdev())
h = a.get_histogram(bins=2)
print(h.bins(), h.get_percentile(0.9).value())
"""
    assert run(tmp_path, text).output == "50 0 100 0 50\n[1.0, 0.0] 0\n"


def test_a_histogram_is_lists_of_floats(tmp_path: Path) -> None:
    text = GREY + "def f():\n    return a.get_histogram(bins=16)\nf()\n"
    assert asked(run(tmp_path, text), 7) == [20, 16, 64, 16, 16, 16, 16, *[8] * 16]


def test_blobs_are_found_for_real(tmp_path: Path) -> None:
    text = """import image
a = image.Image(64, 48, image.GRAYSCALE)
a.draw_rectangle(10, 5, 8, 6, color=255, fill=True)
a.draw_rectangle(30, 20, 12, 4, color=255, fill=True)
for blob in a.find_blobs([(128, 255)]):
    print(blob.rect(), blob.pixels(), blob.cx(), blob.cy(), blob.code(), blob.area(), blob[4])
print(len(a.find_blobs([(128, 255)], pixels_threshold=49)), len(a.find_blobs([(128, 255)], merge=True, margin=20)))
"""
    assert run(tmp_path, text).output.splitlines() == [
        "(10, 5, 8, 6) 48 14 8 1 48 48",
        "(30, 20, 12, 4) 48 36 22 1 48 48",
        "0 1",
    ]


def test_a_blob_costs_a_node_and_an_object(tmp_path: Path) -> None:
    text = """import image
a = image.Image(64, 48, image.GRAYSCALE)
a.draw_rectangle(10, 5, 8, 6, color=255, fill=True)
def f():
    return a.find_blobs([(128, 255)])
f()
"""
    parts = [68, *[8] * 4, *[16] * 4, *[16] * 4, 24, *[16] * 4, 24]
    assert [size for size in asked(run(tmp_path, text), 5) if size][-len(parts) :] == parts
    tape = asked(run(tmp_path, text), 5)
    assert tape[tape.index(14) : tape.index(14) + 4] == [14, 160, 16, 16]


def test_from_5_0_0_on_a_blob_is_a_tuple(tmp_path: Path) -> None:
    text = """import image
a = image.Image(64, 48, image.GRAYSCALE)
a.draw_rectangle((10, 5, 8, 6), color=255, fill=True)
blob = a.find_blobs([(128, 255)])[0]
print(blob.rect, blob.pixels, blob.cx, blob[0], len(blob))
print(a.get_statistics().max)
"""
    assert run(tmp_path, text, release="5.0.0").output == "(10, 5, 8, 6) 48 14 10 23\n255\n"


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("a.get_histogram(bins=1)", "OSError: bins must be >= 2"),
        ("a.find_blobs([(1, 2)], x_stride=0)", "OSError: x_stride must not be zero."),
        ("a.mean(-1)", "OSError: KernelSize must be >= 0!"),
        ("a.morph(1, [1, 2])", "ValueError: Unexpected kernel dimensions!"),
        ("a.gaussian(16)", "ValueError: Kernel size too large!"),
        ("a.median(1, percentile=2)", "OSError: Error: 0 <= percentile <= 1!"),
        ("a.lens_corr(0)", "OSError: Strength must be > 0!"),
        ("a.ccm([1, 2])", "ValueError: Unexpected matrix dimensions!"),
        ("a.save('/flash/x.ppm')", "OSError: Image is not PPM!"),
        ("a.add()", "TypeError: 'image' argument required"),
        ("a.add(b, alpha=0.5)", "TypeError: can't convert float to int"),
        ("a.binary([(1, 2)], to_bitmap=True, zero=True)", "ValueError: Incompatible arguments!"),
    ],
)
def test_errors(call: str, text: str, tmp_path: Path) -> None:
    failure = run(tmp_path, GREY + call + "\n").failure
    assert failure is not None
    assert failure.text == text


@pytest.mark.parametrize(
    ("call", "colour"),
    [("rgb_to_grayscale((255, 0, 0))", 75), ("binary_to_rgb(1)", (255, 255, 255)), ("grayscale_to_binary(200)", 1)],
)
def test_colours(call: str, colour: object, tmp_path: Path) -> None:
    assert run(tmp_path, f"import image\nprint(image.{call})\n").output == f"{colour}\n"


def test_a_picture_is_saved_and_read_again(tmp_path: Path) -> None:
    text = """import image
a = image.Image(12, 6, image.RGB565)
a.set_pixel(3, 2, (255, 0, 0))
a.save("/flash/p.bmp")
b = image.Image("/flash/p.bmp")
print(b, b.get_pixel(3, 2), b.get_pixel(0, 0))
a.save("/flash/p.png")
print(image.Image("/flash/p.png").format() == image.PNG)
"""
    shape = '{"w":12, "h":6, "type":"rgb565", "size":144}'
    assert run(tmp_path, text).output == f"{shape} (255, 0, 0) (0, 0, 0)\nTrue\n"
