"""A JPEG that does not fit the encoder's room (lib/imlib/jpege.c; 1 MB on 5.0.0, what is left of fb_alloc before)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.running import run

if TYPE_CHECKING:
    from pathlib import Path

PICTURE = (
    "import sensor\nsensor.reset()\nsensor.set_pixformat(sensor.RGB565)\nsensor.set_framesize(sensor.%s)\n"
    "img = sensor.snapshot()\ntry:\n    %s\nexcept OSError as e:\n    print(e)\n"
)


@pytest.mark.parametrize("call", ["img.to_jpeg(quality=90, copy=True)", "img.save('a.jpg', quality=90)"])
def test_noise_of_uxga_is_too_long_on_5_0_0(tmp_path: Path, call: str) -> None:
    assert run(tmp_path, PICTURE % ("UXGA", call), release="5.0.0", frames=1).output == "Compression Failed!\n"


def test_noise_of_vga_fits(tmp_path: Path) -> None:
    text = PICTURE % ("VGA", "print(img.to_jpeg(quality=90, copy=True).size() > 100000)")
    assert run(tmp_path, text, release="5.0.0", frames=1).output == "True\n"


def test_a_displacement_is_a_tuple_with_fields_on_5_0_0(tmp_path: Path) -> None:
    text = (
        "import image\na = image.Image(32, 32, image.GRAYSCALE)\na.draw_rectangle((4, 4, 9, 9), color=200, fill=True)\n"
        "d = a.find_displacement(a)\nprint(len(d), abs(d.x_translation) < 1, d.response == d[4])\n"
    )
    assert run(tmp_path, text, release="5.0.0").output == "5 True True\n"
