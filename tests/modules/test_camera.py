"""The camera: sensor and csi, their clock, their constants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.modules.camera_names import rom_int, table
from tests.modules.running import asked, run

if TYPE_CHECKING:
    from pathlib import Path

START = "import sensor, time\nsensor.reset()\nsensor.set_pixformat(sensor.RGB565)\nsensor.set_framesize(sensor.QVGA)\n"


def test_a_picture_is_one_object_and_a_frames_time(tmp_path: Path) -> None:
    text = START + "start = time.ticks_ms()\nfor n in range(30):\n    img = sensor.snapshot()\n"
    result = run(tmp_path, text + "print(time.ticks_diff(time.ticks_ms(), start), img.width(), img.height())\n")
    assert asked(result, 7) == [28] * 30
    assert result.output == "999 320 240\n"


@pytest.mark.parametrize(("call", "pictures"), [("time=2000", 61), ("5", 5), ("100, time=300", 10)])
def test_skip_frames_takes_pictures(call: str, pictures: int, tmp_path: Path) -> None:
    result = run(tmp_path, START + f"sensor.skip_frames({call})\n")
    assert len(asked(result, 5)) == pytest.approx(pictures, abs=1)
    assert set(asked(result, 5)) == {28}


def test_a_frame_rate_that_is_set_is_the_clocks(tmp_path: Path) -> None:
    text = (
        START + "sensor.set_framerate(10)\nclock = time.clock()\nclock.tick()\nsensor.snapshot()\nprint(clock.fps())\n"
    )
    assert run(tmp_path, text).output.startswith("10.0")


def test_alloc_extra_fb_is_an_object_and_fb_alloc(tmp_path: Path) -> None:
    text = START + "extra = sensor.alloc_extra_fb(320, 240, sensor.RGB565)\nprint(extra)\n"
    result = run(tmp_path, text)
    assert asked(result, 5)[:1] == [28]
    assert [each.bytes for each in result.placed] == [153_600]
    failure = run(tmp_path, text, release="5.0.0").failure
    assert failure is not None
    assert failure.text == "OSError: alloc_extra_fb is deprecated"


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("sensor.set_windowing((1, 2, 3))", "The tuple/list must either be (x, y, w, h) or (w, h)"),
        ("sensor.set_windowing((0, 1))", "Invalid ROI dimensions!"),
        ("sensor.set_framesize(9999)", "Frame size is not supported or is not set."),
        ("sensor.set_gainceiling(3)", "An invalid argument is used."),
        (
            "sensor.ioctl(sensor.IOCTL_LEPTON_GET_WIDTH)",
            "The requested operation is not supported by the image sensor.",
        ),
        ("sensor.get_framerate()", "Frame rate is not supported or is not set."),
    ],
)
def test_errors_of_the_sensor(call: str, text: str, tmp_path: Path) -> None:
    failure = run(tmp_path, START + call + "\n").failure
    assert failure is not None
    assert failure.text.endswith(text)


def test_csi_is_the_same_camera(tmp_path: Path) -> None:
    text = """import csi
cam = csi.CSI()
cam.reset()
cam.pixformat(csi.GRAYSCALE)
cam.framesize((100, 80))
cam.snapshot(time=200)
img = cam.snapshot()
print(img, cam.cid() == csi.OV5640, cam.window(), csi.devices() == [csi.OV5640])
csi.CSI(cid=csi.LEPTON)
"""
    result = run(tmp_path, text)
    assert result.output.startswith('{"w":100, "h":80, "type":"grayscale", "size":8000} True (0, 0, 100, 80) True\n')
    assert result.failure is not None
    assert result.failure.text.endswith("Failed to detect the image sensor or image sensor is detached.")


def test_releases_have_their_own_names() -> None:
    assert table("csi", "4.7.0") == {}
    assert table("csi", "4.8.0")["GENX320"] == table("sensor", "4.8.0")["GENX320"]
    assert "draw_detection" not in table("image.Image", "4.8.1")
    assert table("image.Image", "5.0.0")["draw_detection"] == ""
    assert table("image.Image", "4.8.1")["find_hog"] == "-"
    assert "mul" in table("image.Image", "4.5.2")
    assert "mul" not in table("image.Image", "4.5.3")
    assert (table("sensor", "4.7.0")["B64X32"], table("sensor", "4.8.0")["B64X32"]) == (17, 18)
    assert rom_int(1 << 31) == 0
    assert rom_int(0xB0602003) == 0x30602003


def test_every_name_of_a_module_is_there(tmp_path: Path) -> None:
    names = [name for name in table("sensor", "4.8.1") if not name.startswith("__")]
    text = "import sensor\n" + "".join(f"sensor.{name}\n" for name in names)
    assert run(tmp_path, text).failure is None


def test_omv_tells_its_version(tmp_path: Path) -> None:
    text = "import omv\nprint(omv.version_string(), omv.version_major, omv.board_type(), omv.arch())\n"
    assert run(tmp_path, text, release="5.0.0").output == "5.0.0 5 IMXRT1060 OMVRT1060 32768 SDRAM\n"
