"""What finders take besides the heap: heaps of their own up to 4.8.1, the pools of 5.0.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from omvsim.boards import load_board
from omvsim.image.draw_image import Source
from omvsim.image.encoders import encode
from omvsim.image.formats import GRAYSCALE, JPEG
from omvsim.image.quirc import black_and_white, sees_a_finder
from omvsim.runs.options import ScriptOptions
from omvsim.runs.session import ScriptSession
from tests.running import asked, run

if TYPE_CHECKING:
    from pathlib import Path

IMAGE = "import image\nimg = image.Image(%d, %d, image.GRAYSCALE)\n"


def told(tmp_path: Path, call: str, release: str = "4.8.1", size: tuple[int, int] = (160, 120)) -> str:
    """What a call prints, or the exception's text."""
    text = IMAGE % size + f"try:\n    print({call})\nexcept Exception as e:\n    print(repr(e))\n"
    return run(tmp_path, text, release=release).output


@pytest.mark.parametrize(("size", "ends"), [((800, 600), "[]\n"), ((1024, 768), "MemoryError")])
def test_line_segments_fail_from_xga_on(size: tuple[int, int], ends: str, tmp_path: Path) -> None:
    """17 bytes a pixel in a heap of at most 32768 blocks of 260 bytes."""
    output = told(tmp_path, "img.find_line_segments()", size=size)
    assert output.startswith(ends)
    if ends != "[]\n":
        assert output == "MemoryError('Out of fast frame buffer stack memory',)\n"


def used(tmp_path: Path, call: str) -> tuple[int, int]:
    """Bytes of the pools that are in use behind a call of 5.0.0, and the most there were."""
    script = tmp_path / "main.py"
    script.write_text(IMAGE % (160, 120) + call + "\n", encoding="utf-8")
    session = ScriptSession(load_board("openmv-rt1062", firmware="5.0.0"), script, ScriptOptions())
    session.run()
    uma = session.world.camera.uma
    assert uma is not None
    return sum(pool.size - pool.free for pool in uma.pools), max(pool.peak for pool in uma.pools)


@pytest.mark.parametrize(
    ("call", "least"),
    [("img.find_line_segments()", 19200 + 38400), ("img.find_datamatrices()", 19200), ("img.find_barcodes()", 420)],
)
def test_pools_of_5_0_0_are_given_back(call: str, least: int, tmp_path: Path) -> None:
    before, _ = used(tmp_path, "")
    behind, peak = used(tmp_path, call)
    assert behind == before
    assert peak >= least


def test_results_of_5_0_0_are_tuples(tmp_path: Path) -> None:
    script = tmp_path / "main.py"
    script.write_text(IMAGE % (160, 120) + "def f():\n    return img.find_circles()\nr = f()\n", encoding="utf-8")
    options = ScriptOptions(requests=True, detections=2)
    result = ScriptSession(load_board("openmv-rt1062", firmware="5.0.0"), script, options).run()
    assert asked(result, 4)[-2:] == [28, 28]


def finder(scale: int = 4) -> np.ndarray:
    """A finder pattern of a QR code on white, a border around it."""
    cells = np.full((11, 11), 255, np.uint8)
    cells[2:9, 2:9] = 0
    cells[3:8, 3:8] = 255
    cells[4:7, 4:7] = 0
    return np.kron(cells, np.ones((scale, scale), np.uint8))


def test_a_finder_pattern_is_seen() -> None:
    assert sees_a_finder(finder())


def test_white_is_no_finder_pattern() -> None:
    assert not sees_a_finder(np.full((40, 40), 255, np.uint8))


def test_black_is_what_is_darker_than_around() -> None:
    picture = np.full((40, 40), 200, np.uint8)
    picture[18:22, 18:22] = 20
    black = black_and_white(picture)
    assert black[19:21, 19:21].all()
    assert not black[30:, :10].any()


def test_a_jpegs_tables_are_in_one_segment_each() -> None:
    data = encode(Source(16, 16, GRAYSCALE, np.arange(256, dtype=np.uint8).reshape(16, 16)), JPEG, 50)
    assert data.count(b"\xff\xdb") == 1
    assert data.count(b"\xff\xc4") == 1
    assert data.index(b"\xff\xda") == 314


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_a_saved_bmp_is_read_back(release: str, tmp_path: Path) -> None:
    text = IMAGE % (20, 12) + "img.set_pixel((3, 1), 77)\nimg.save('/flash/a.bmp', roi=(2, 0, 9, 9))\n"
    text += "b = image.Image('/flash/a.bmp')\nprint(b.width(), b.height(), b.get_pixel((1, 1)))\n"
    assert run(tmp_path, text, release=release).output == "9 9 77\n"
