"""Displays of shields: what they ask for, hold and refuse; thermal sensors that are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.boards import load_board
from omvsim.runs import Outcome, ScriptOptions
from omvsim.runs.session import ScriptSession
from omvsim.world.surroundings import Surroundings
from tests.running import asked, run

if TYPE_CHECKING:
    from pathlib import Path

RELEASES = ("4.8.1", "5.0.0")
IMPORT = "import display, image\nimg = image.Image(64, 32, image.RGB565); d = e = None\n"


@pytest.mark.parametrize(("release", "size"), [("4.8.1", 488), ("5.0.0", 500)])
def test_a_display_is_one_object(tmp_path: Path, release: str, size: int) -> None:
    text = IMPORT + "d = display.SPIDisplay()\nd.write(img)\nprint(d.width(), d.height(), d.refresh(), d.backlight())\n"
    result = run(tmp_path, text, release=release)
    assert result.output == "128 160 60 0\n"
    assert asked(result, 3) == [size]
    assert asked(result, 4) == []


@pytest.mark.parametrize(
    ("release", "text"), [("4.8.1", "Out of fast frame buffer stack memory"), ("5.0.0", "Out of memory")]
)
def test_three_buffers_are_beside_the_heap(tmp_path: Path, release: str, text: str) -> None:
    """Each display keeps 6 MB until it is closed; five do not fit, one after the other does."""
    make = "display.SPIDisplay(1024, 1024, triple_buffer=True)"
    kept = run(tmp_path, f"import display\nk = []\nfor n in range(5):\n    k.append({make})\n", release=release)
    assert kept.failure is not None
    assert kept.failure.text == f"MemoryError: {text}"
    closed = run(tmp_path, f"import display\nfor n in range(5):\n    {make}.deinit()\n", release=release)
    assert closed.failure is None


@pytest.mark.parametrize("release", RELEASES)
def test_a_picture_takes_a_turn_of_the_display(tmp_path: Path, release: str) -> None:
    text = IMPORT + (
        "import time\nd = display.SPIDisplay(refresh=20)\nt = time.ticks_ms()\nd.write(img)\nd.clear()\n"
        "print(time.ticks_ms() - t)\nd.clear(True)\nd.deinit()\n"
    )
    assert run(tmp_path, text, release=release).output == "100\n"


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("display.SPIDisplay(0)", "ValueError: Invalid Width!"),
        ("display.SPIDisplay(8, 40000)", "ValueError: Invalid Height!"),
        ("display.SPIDisplay(refresh=121)", "ValueError: Invalid Refresh Rate!"),
        ("display.SPIDisplay().write(img, y_scale=-1.0)", "ValueError: Vertical flip requires triple buffering!"),
        ("display.SPIDisplay().write(img, rgb_channel=3)", "ValueError: RGB channel can be 0, 1, or 2"),
        ("display.SPIDisplay().write(img, alpha=256)", "ValueError: Alpha ranges between 0 and 255"),
        ("display.SPIDisplay().backlight(101)", "ValueError: Intensity ranges between 0 (off) and 100 (full on)"),
        ("display.SPIDisplay().bus_read(4, 8)", "ValueError: Expected a display controller"),
        ("display.SPIDisplay().write()", "TypeError: function missing 1 required positional arguments"),
    ],
)
def test_what_is_refused(tmp_path: Path, call: str, text: str) -> None:
    failure = run(tmp_path, IMPORT + call + "\n").failure
    assert failure is not None
    assert failure.text == text


def test_a_controller_and_a_lamp_of_the_scripts_own(tmp_path: Path) -> None:
    text = IMPORT + (
        "class C:\n    def init(self, d):\n        print('init', d.width())\n        d.bus_write(1, 2)\n"
        "    def ram_write(self, d):\n        print('write')\n"
        "class L:\n    def backlight(self, v):\n        print('lamp', v)\n    def deinit(self):\n        print('off')\n"
        "d = display.SPIDisplay(controller=C(), backlight=L())\nd.write(img)\nd.backlight(40)\n"
        "print(d.backlight())\nd.deinit()\n"
    )
    assert run(tmp_path, text).output.splitlines() == ["init 128", "write", "lamp 40", "40", "off"]


def test_the_television_of_4_8_1_is_a_module(tmp_path: Path) -> None:
    text = (
        "import tv, image\nimg = image.Image(64, 32, image.RGB565)\n"
        "try:\n    tv.width()\nexcept ValueError as e:\n    print(e)\n"
        "tv.init()\ntv.channel(3)\ntv.display(img, x_scale=2.0)\ntv.clear()\n"
        "print(tv.width(), tv.height(), tv.type(), tv.channel(), tv.refresh(), tv.triple_buffer())\ntv.deinit()\n"
        "tv.init(triple_buffer=True)\ntv.display(img)\ntv.deinit()\ntv.init(2)\n"
    )
    result = run(tmp_path, text)
    assert result.output.splitlines()[:2] == ["TV controller is not initialized", "352 240 1 3 60 0"]
    assert result.failure is not None
    assert result.failure.text == "ValueError: Failed to detect a supported TV controller."
    assert run(tmp_path, "import tv\n", release="5.0.0").output.endswith("ImportError: no module named 'tv'\n")


def test_the_television_of_5_0_0_is_a_display(tmp_path: Path) -> None:
    text = IMPORT + (
        "d = display.TVDisplay()\nd.ioctl(display.IOCTL_CHANNEL, 8)\nd.write(img)\nd.write(img, rgb_channel=0)\n"
        "print(d.width(), d.ioctl(0))\n"
        "for f in (lambda: d.backlight(3), lambda: d.bus_write(1), lambda: d.ioctl(0, 9)):\n"
        "    try:\n        f()\n    except ValueError as e:\n        print(e)\n"
    )
    assert run(tmp_path, text, release="5.0.0").output.splitlines() == [
        "352 8",
        "Display does not support backlight control.",
        "Expected a display controller",
        "Channel ranges between 1 and 8",
    ]
    assert "AttributeError" in run(tmp_path, "import display\ndisplay.TVDisplay()\n").output


@pytest.mark.parametrize("release", RELEASES)
def test_no_thermal_sensor_is_there(tmp_path: Path, release: str) -> None:
    """What a named one's calibration needs is asked for before nobody answers (paramsMLX90640: 4 732 bytes)."""
    text = (
        "import fir\ndef t(f):\n    try:\n        f()\n    except ValueError as e:\n        print(e)\n"
        "t(fir.init)\nt(fir.width)\nt(lambda: fir.init(fir.FIR_AMG8833))\n"
        "t(lambda: fir.init(fir.FIR_MLX90640))\nt(fir.snapshot)\nt(lambda: fir.read_ir(hmirror=True))\n"
    )
    result = run(tmp_path, text, release=release)
    assert result.output.splitlines() == [
        "Failed to detect a supported FIR sensor.",
        "FIR sensor is not initialized",
        "Failed to init the AMG8833!",
        "Failed to init the MLX90640!",
        "FIR sensor is not initialized",
        "FIR sensor is not initialized",
    ]
    assert 4732 in asked(result, 10)


def test_a_thermal_sensor_of_the_world_is_not_known(tmp_path: Path) -> None:
    script = tmp_path / "main.py"
    script.write_text("import fir\nfir.init()\n")
    around = Surroundings(i2c={1: {0x33: bytearray(4)}})
    session = ScriptSession(load_board("openmv-rt1062", firmware="4.8.1"), script, ScriptOptions(surroundings=around))
    assert session.run().outcome is Outcome.NOT_MODELLED


def test_fir_before_4_8_0_is_not_known(tmp_path: Path) -> None:
    assert run(tmp_path, "import fir\nfir.init()\n", release="4.7.0").outcome is Outcome.NOT_MODELLED
