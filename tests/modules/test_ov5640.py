"""The sensor's own rules: rates by size, format and readout window, and what its driver refuses."""

from __future__ import annotations

import pytest

from omvsim.firmware import FRAME_SIZES
from omvsim.modules.ov5640 import ACTIVE, Readout, refuses, timing


@pytest.mark.parametrize(
    ("size", "kind", "line", "lines"),
    [
        # By hand from calculate_hts and calculate_vts: half of the 2592 + 16 columns and 1944 + 8 lines.
        ("QVGA", "RGB565", 1304 + 160 + 252, 976 + 24),
        ("VGA", "GRAYSCALE", 1304 + 160 + 252, 976 + 24),
        ("SVGA", "RGB565", 2 * 800 + 8 + 252, 976 + 24),
        ("SXGAM", "GRAYSCALE", 2 * 1280 + 8 + 252, 976 + 24),
        ("UXGA", "GRAYSCALE", 2608 + 252, 1952 + 24),
        ("WQXGA2", "RGB565", 2 * 2592 + 8 + 252, 1952 + 24),
        ("WQXGA2", "JPEG", 2608 + 252, 1952 + 24),
    ],
)
def test_lines_and_clocks_of_a_line(size: str, kind: str, line: int, lines: int) -> None:
    assert timing(*FRAME_SIZES[size], kind, Readout()) == (line, lines)


def test_frames_a_second() -> None:
    assert 1e6 / timing(320, 240, "RGB565", Readout()).frame_us == pytest.approx(80e6 / 1716 / 1000)
    assert 1e6 / timing(2592, 1944, "RGB565", Readout()).frame_us == pytest.approx(7.44, abs=0.01)


def test_a_smaller_readout_window_is_faster_down_to_what_the_sensor_stands() -> None:
    small = Readout(0, 0, 320, 240)
    assert timing(160, 120, "GRAYSCALE", small) == (1438, 248)
    assert timing(320, 240, "RGB565", small).frame_us < timing(320, 240, "RGB565", Readout()).frame_us


def test_a_long_exposure_makes_frames_longer() -> None:
    quick = timing(320, 240, "RGB565", Readout(), 1_000)
    slow = timing(320, 240, "RGB565", Readout(), 100_000)
    assert quick == timing(320, 240, "RGB565", Readout())
    assert slow.frame_us == pytest.approx(100_000, rel=0.001)


@pytest.mark.parametrize(
    ("name", "kind", "refused"),
    [
        ("QQQQVGA", None, True),
        ("QQCIF", None, False),
        ("QQCIF", "RGB565", False),
        ("QQCIF", "GRAYSCALE", True),
        ("HQQVGA", "JPEG", True),
        ("QVGA", "JPEG", False),
        ("HQQQQVGA", "JPEG", True),
        ("WQXGA2", "BAYER", False),
    ],
)
def test_what_the_driver_refuses(name: str, kind: str | None, refused: bool) -> None:
    assert refuses(name, *FRAME_SIZES[name], kind) is refused


def test_larger_than_the_sensor() -> None:
    assert not refuses("", *ACTIVE, "RGB565")
    assert refuses("", ACTIVE[0] + 1, 8, "RGB565")
    assert refuses("", 8, ACTIVE[1] + 1, "RGB565")


def test_a_readout_window_holds_the_picture_and_stays_inside() -> None:
    assert Readout(0, 0, 100, 100).at_least(320, 240) == (0, 0, 320, 240)
    assert Readout(5000, -5000, 1000, 1000).at_least(320, 240) == (796, -472, 1000, 1000)
    assert Readout(0, 0, 9999, 9999).at_least(1, 1) == (0, 0, *ACTIVE)
